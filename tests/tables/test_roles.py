"""Sums that stand among the sectors, without a name that says so: beside brute force over all runs of neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.tables.grid import Array
from netcluster.tables.roles import _sums_of_runs


def with_sum(flows: Array, parts: list[int], place: int) -> Array:
    """Return flows with a sector more, the sum of some, put before the sector `place`."""
    wide = np.vstack([flows, flows[parts].sum(axis=0)])
    wide = np.column_stack([wide, wide[:, parts].sum(axis=1)])
    order = [*range(place), len(flows), *range(place, len(flows))]
    return np.asarray(wide[np.ix_(order, order)])


def by_brute_force(block: Array) -> set[int]:
    """Return the sectors whose flows with all others are those of two or more neighbours on one side, summed."""
    n, found = len(block), set()
    for k in range(n):
        others = [m for m in range(n) if m != k]
        for run in [range(k + 1, end) for end in range(k + 3, n + 1)] + [range(start, k) for start in range(k - 1)]:
            rows = np.allclose(block[k, others], block[list(run)].sum(axis=0)[others], rtol=0, atol=1e-6)
            columns = np.allclose(block[others, k], block[:, list(run)].sum(axis=1)[others], rtol=0, atol=1e-6)
            if rows and columns:
                found.add(k)
    return found


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.integers(0, 10_000), st.integers(5, 9), st.data())
def test_sums_of_neighbours_are_those_of_brute_force(seed: int, n: int, data: st.DataObject) -> None:
    flows = np.random.default_rng(seed).random((n, n)) * 1000
    start = data.draw(st.integers(0, n - 2))
    end = data.draw(st.integers(start + 2, n))
    block = with_sum(flows, list(range(start, end)), data.draw(st.sampled_from([start, end])))
    expected = by_brute_force(block)
    assert len(expected) == 1
    assert _sums_of_runs(block, block.sum(axis=1), block.sum(axis=0), set()) == expected


@pytest.mark.parametrize("place", [0, 3])
def test_sums_of_sums_are_found_one_after_the_other(place: int) -> None:
    # By hand: sectors 0 to 2 and their sum before or behind them; then all four, and that sum, pass for nothing else.
    flows = np.arange(1.0, 37.0).reshape(6, 6) ** 2
    block = with_sum(flows, [0, 1, 2], place)
    assert _sums_of_runs(block, block.sum(axis=1), block.sum(axis=0), set()) == {place}


def test_a_sum_of_a_few_units_tells_nothing() -> None:
    # Rounded to whole units, sums of 1 and 1 agree by chance: a unit is half of them.
    block = with_sum(np.ones((4, 4)), [0, 1], 0)
    assert by_brute_force(block) == {0}
    assert _sums_of_runs(block, block.sum(axis=1), block.sum(axis=0), set()) == set()
