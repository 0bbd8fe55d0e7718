from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.economy.walks import first_passage, walk_centrality
from netcluster.tables.iotable import IOTable


def test_the_complete_graph_and_the_ring_by_hand() -> None:
    # Each step hits one of n − 1 others: passage time n − 1, so n / (n − 1)²; K5 gives 5/16.
    complete = IOTable.from_arrays(np.ones((5, 5)) - np.eye(5), x=np.full(5, 10))
    assert walk_centrality(complete).frame["random_walk_centrality"].to_numpy() == pytest.approx(0.3125)
    # On a directed ring the passage times are 1 … n − 1: n / (n(n − 1)/2) = 2/(n − 1).
    ring = IOTable.from_arrays(np.roll(np.eye(6), 1, axis=1), x=np.full(6, 2))
    assert walk_centrality(ring).frame["random_walk_centrality"].to_numpy() == pytest.approx(2 / 5)


def test_counting_betweenness_of_a_path_of_three_by_hand() -> None:
    # a – h – b: visits counted by hand over the six ordered pairs: h 8, a and b 4 each; over n(n − 1) = 6.
    path = IOTable.from_arrays([[0, 1, 0], [1, 0, 1], [0, 1, 0]], x=[4, 4, 4])
    frame = walk_centrality(path).frame
    np.testing.assert_allclose(frame["counting_betweenness"], [4 / 6, 8 / 6, 4 / 6])


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_passage_times_and_visits_agree_with_one_inverse_a_target(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 6
    flows = rng.random((n, n)) + 0.01
    M = flows / flows.sum(axis=1, keepdims=True)
    visits, passage = np.zeros(n), np.zeros((n, n))
    for target in range(n):
        rest = [i for i in range(n) if i != target]
        N = np.linalg.inv(np.eye(n - 1) - M[np.ix_(rest, rest)])
        passage[rest, target] = N.sum(axis=1)
        visits[rest] += N.sum(axis=0) - 0.5
        visits[target] += 0.5 * (n - 1)
    np.testing.assert_allclose(first_passage(M)[0], passage, rtol=1e-9)
    frame = walk_centrality(IOTable.from_arrays(flows, x=np.full(n, 100))).frame
    np.testing.assert_allclose(frame["counting_betweenness"], visits / (n * (n - 1)), rtol=1e-9)
    # Kemeny's constant: the mean time to a target drawn by π is the same from everywhere.
    times, stationary = first_passage(M)
    assert np.ptp(times @ stationary) == pytest.approx(0, abs=1e-9)


def test_sectors_no_walk_returns_to_are_empty() -> None:
    flows = [[0, 1, 0], [1, 0, 1], [0, 0, 0]]
    result = walk_centrality(IOTable.from_arrays(flows, x=[3, 3, 3]))
    assert np.isnan(result.frame["random_walk_centrality"][2])
    assert [(note.code, note.count) for note in result.notes] == [("not_strongly_connected", 1)]
