"""Quality measures, against the oracles of the literature, another implementation, and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netcluster.clusters import quality
from netcluster.core.errors import NetclusterError
from netcluster.network.network import Layer

Array = npt.NDArray[Any]

TABLES = hnp.arrays(np.float64, (6, 6), elements=st.sampled_from([0.0, 1.0, 2.0, 7.5, 40.0]))
LABELS = hnp.arrays(np.int64, 6, elements=st.integers(0, 3))


def csr(rows: object) -> Any:
    return sp.csr_array(np.asarray(rows, dtype=float))


def two_rings() -> Any:
    ring = np.zeros((6, 6))
    for start in (0, 3):
        for i in range(3):
            ring[start + i, start + (i + 1) % 3] = 3
    ring[2, 3] = 1
    return csr(ring)


def test_two_directed_rings_with_one_link_between() -> None:
    # By hand: inside 18 of 19; sold 10 and 9, bought 9 and 10: 18/19 − 2·90/361 = 162/361.
    assert quality.modularity(two_rings(), [0, 0, 0, 1, 1, 1]) == pytest.approx(162 / 361)


def test_two_nodes_with_heavy_loops() -> None:
    # By hand: 20/22 − 2·(11/22)² = 9/22 apart, 0 together.
    loops = csr([[10, 1], [1, 10]])
    assert quality.modularity(loops, [0, 1]) == pytest.approx(9 / 22)
    assert quality.modularity(loops, [4, 4]) == pytest.approx(0)


def test_undirected_loops_count_at_both_ends() -> None:
    # By hand: each node 21 of 42 ends, 40 of 42 inside: 40/42 − 1/2.
    layer = Layer(csr([[10, 1], [1, 10]]), directed=False)
    assert quality.modularity(quality.as_flows(layer), [0, 1]) == pytest.approx(40 / 42 - 1 / 2)


def test_zachary_best_partition_of_four() -> None:
    # 0.4197896 is the known optimum (Brandes et al. 2008); the partition is the published one of four groups.
    from sknetwork.data import karate_club

    adjacency = sp.csr_array(karate_club().astype(float))
    groups = [{0, 1, 2, 3, 7, 11, 12, 13, 17, 19, 21}, {4, 5, 6, 10, 16}, {23, 24, 25, 27, 28, 31}]
    labels = [next((at for at, group in enumerate(groups) if node in group), 3) for node in range(34)]
    assert quality.modularity(adjacency, labels) == pytest.approx(0.4197896, abs=1e-7)


@given(TABLES, LABELS, st.sampled_from([0.5, 1.0, 2.0]))
def test_modularity_is_that_of_another_implementation(table: Array, labels: Array, gamma: float) -> None:
    from sknetwork.clustering import get_modularity

    if table.sum() == 0:
        return
    theirs = get_modularity(sp.csr_matrix(table), labels, weights="degree", resolution=gamma)
    assert quality.modularity(csr(table), labels, gamma) == pytest.approx(theirs, abs=1e-12)


@given(TABLES, LABELS)
def test_labels_and_units_do_not_matter_and_all_in_one_is_zero(table: Array, labels: Array) -> None:
    value = quality.modularity(csr(table), labels)
    assert quality.modularity(csr(table), 100 - 7 * labels) == pytest.approx(value, abs=1e-12)
    assert quality.modularity(csr(table * 1e6), labels) == pytest.approx(value, abs=1e-12)
    assert quality.modularity(csr(table), np.zeros(6)) == pytest.approx(0, abs=1e-12)


@given(TABLES, LABELS)
def test_shares_and_conductance_fit_together(table: Array, labels: Array) -> None:
    part = quality.blocks(csr(table), labels)
    kept, open_ = quality.internal_share(part), quality.conductance(part)
    minor = (part.sold + part.bought <= part.total) & ~np.isnan(kept) & ~np.isnan(open_)
    assert kept[minor] + open_[minor] == pytest.approx(1)
    known = kept[~np.isnan(kept)]
    assert ((known >= 0) & (known <= 1 + 1e-12)).all()
    excess = quality.relative_excess(part)
    assert (excess[~np.isnan(excess)] <= 1 + 1e-9).all()


def test_shares_by_hand() -> None:
    # {0, 1}: sold 1+4+2, bought 1+4+3, inside 5. {2}: sold 3, bought 2, inside 0.
    part = quality.blocks(csr([[1, 4, 0], [0, 0, 2], [3, 0, 0]]), [1, 1, 2])
    assert part.inside.tolist() == [5, 0]
    assert quality.internal_share(part) == pytest.approx([10 / 15, 0])
    assert quality.conductance(part) == pytest.approx([5 / 5, 5 / 5])
    # Expected inside of {0, 1}: 7·8/10; it could keep 7.
    assert quality.relative_excess(part) == pytest.approx([(5 - 5.6) / (7 - 5.6), (0 - 0.6) / (2 - 0.6)])


def test_attachment_by_hand() -> None:
    # Node 0: 4 to node 1, 3 from node 2, its own 1 left out; node 3 has no flows.
    flows = csr([[1, 4, 0, 0], [0, 0, 2, 0], [3, 0, 0, 0], [0, 0, 0, 0]])
    assert quality.attachment(flows, [1, 1, 2, 3]) == pytest.approx([4 / 7, 4 / 6, 0, np.nan], nan_ok=True)


def test_persistence_of_the_three_node_oracle() -> None:
    # clusters.md, computed there by hand for the undirected triangle of weights 3, 1, 1.
    share, jumps = quality.persistence(csr([[0, 3, 1], [3, 0, 1], [1, 1, 0]]), [0, 0, 1])
    assert share == pytest.approx([0.75, 0.0])
    assert not jumps


def test_persistence_against_the_eigenvector() -> None:
    rng = np.random.default_rng(4)
    table = rng.random((7, 7))
    labels = np.array([0, 0, 1, 1, 1, 2, 2])
    steps = table / table.sum(axis=1, keepdims=True)
    values, vectors = np.linalg.eig(steps.T)
    weight = np.real(vectors[:, np.argmax(np.real(values))])
    weight /= weight.sum()
    expected = [
        (weight[labels == c, None] * steps[np.ix_(labels == c, labels == c)]).sum() / weight[labels == c].sum()
        for c in range(3)
    ]
    assert quality.persistence(csr(table), labels)[0] == pytest.approx(expected)


def test_a_walk_that_would_get_stuck_jumps() -> None:
    share, jumps = quality.persistence(csr([[0, 1, 0], [0, 0, 1], [0, 0, 0]]), [0, 0, 1])
    assert jumps
    assert np.isfinite(share[0])


def test_two_sided_networks_settle() -> None:
    # A walk that swings between two sides for ever still has the stationary distribution ½, ½.
    share, jumps = quality.persistence(csr([[0, 1], [1, 0]]), [0, 1])
    assert (share == 0).all()
    assert not jumps


def test_a_wrong_number_of_labels_is_refused() -> None:
    with pytest.raises(NetclusterError, match="for 2 nodes"):
        quality.modularity(csr([[0, 1], [1, 0]]), [1, 2, 3])


def test_nothing_flows() -> None:
    empty = csr(np.zeros((3, 3)))
    assert quality.modularity(empty, [0, 1, 1]) == 0
    assert np.isnan(quality.internal_share(quality.blocks(empty, [0, 1, 1]))).all()
