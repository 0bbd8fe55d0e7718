"""The median partition, against all partitions of a few nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netcluster.clusters import consensus as module
from netcluster.clusters.consensus import coclassification, consensus

Array = npt.NDArray[Any]


def partitions(n: int) -> Iterator[list[int]]:
    """Yield every partition of n nodes, as labels that start at 0 and leave out no number."""

    def grow(labels: list[int]) -> Iterator[list[int]]:
        if len(labels) == n:
            yield labels
            return
        for label in range(max(labels, default=-1) + 2):
            yield from grow([*labels, label])

    yield from grow([])


def worth(labels: Array, shared: Array) -> float:
    together = np.triu(labels[:, None] == labels[None, :], 1)
    return float((shared - 0.5)[together].sum())


@settings(max_examples=25)
@given(hnp.arrays(np.int64, (5, 6), elements=st.integers(0, 2)))
def test_no_partition_of_six_nodes_is_nearer_to_the_members(members: Array) -> None:
    shared = coclassification(members)
    best = max(worth(np.array(labels), shared) for labels in partitions(6))
    found, how = consensus(members)
    assert how == "median"
    assert worth(found, shared) >= best - 1e-9


def test_one_member_is_its_own_consensus() -> None:
    assert consensus([[3, 3, 7, 1, 7]])[0].tolist() == [0, 0, 1, 2, 1]


def test_the_majority_decides() -> None:
    # By hand: 0 and 1 stand together in all, 2 joins them in one of three, 3 is with 2 in two of three.
    assert consensus([[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]])[0].tolist() == [0, 0, 1, 1]


def test_coclassification_by_hand_with_weights() -> None:
    shared = coclassification([[0, 0, 1], [0, 1, 1]], [3, 1])
    assert shared.tolist() == [[1, 0.75, 0], [0.75, 1, 0.25], [0, 0.25, 1]]


def test_many_atoms_take_the_member_that_agrees_best(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ATOMS", 2)
    members = [[0, 0, 1, 1, 2], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 1, 2, 3, 4]]
    found, how = consensus(members)
    assert how == "member"
    assert found.tolist() == [0, 0, 1, 1, 1]
