"""Indices of agreement, against brute force, another implementation, and by hand."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netcluster.clusters.agreement import (
    adjusted_mutual_information,
    adjusted_rand,
    mutual_information,
    variation_of_information,
)
from netcluster.core.errors import NetclusterError
from netcluster.network.graph import compare

Array = npt.NDArray[Any]

LABELS = hnp.arrays(np.int64, 9, elements=st.integers(0, 3))


def rand_by_pairs(one: Array, two: Array) -> float:
    """The adjusted Rand index by counting all pairs."""
    pairs = list(combinations(range(one.size), 2))
    same_one = np.array([one[i] == one[j] for i, j in pairs])
    same_two = np.array([two[i] == two[j] for i, j in pairs])
    both = float((same_one & same_two).sum())
    expected = same_one.sum() * same_two.sum() / len(pairs)
    most = (same_one.sum() + same_two.sum()) / 2
    return 1.0 if most == expected else float((both - expected) / (most - expected))


@given(LABELS, LABELS)
def test_adjusted_rand_by_counting_pairs_and_by_igraph(one: Array, two: Array) -> None:
    assert adjusted_rand(one, two) == pytest.approx(rand_by_pairs(one, two))
    if len(set(one)) > 1 or len(set(two)) > 1:
        assert adjusted_rand(one, two) == pytest.approx(compare(one, two, "adjusted_rand"))


@given(LABELS, LABELS)
def test_variation_of_information_is_that_of_igraph(one: Array, two: Array) -> None:
    assert variation_of_information(one, two) == pytest.approx(compare(one, two, "vi"), abs=1e-12)


@given(LABELS, LABELS)
def test_indices_are_symmetric_and_do_not_mind_names(one: Array, two: Array) -> None:
    for index in (adjusted_rand, adjusted_mutual_information, variation_of_information):
        assert index(one, two) == pytest.approx(index(two, one), abs=1e-12)
        assert index(9 - one, two * 5) == pytest.approx(index(one, two), abs=1e-12)
    assert adjusted_rand(one, one) == pytest.approx(1)
    assert adjusted_mutual_information(one, one) == pytest.approx(1)
    assert variation_of_information(one, one) == pytest.approx(0, abs=1e-12)


def test_expected_mutual_information_by_all_permutations() -> None:
    # Brute force: the mean mutual information over all 6! orders of the second grouping.
    one, two = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 1, 2])
    chance = np.mean([mutual_information(one, np.array(order)) for order in permutations(two)])
    mean = (mutual_information(one, one) + mutual_information(two, two)) / 2
    expected = (mutual_information(one, two) - chance) / (mean - chance)
    assert adjusted_mutual_information(one, two) == pytest.approx(expected)


def test_variation_of_information_by_hand() -> None:
    # Two halves beside quarters: each half holds two quarters, so ln 2.
    assert variation_of_information([0, 0, 1, 1], [0, 1, 2, 3]) == pytest.approx(np.log(2))


def test_unlike_lengths_are_refused() -> None:
    with pytest.raises(NetclusterError, match="same nodes"):
        adjusted_rand([1, 2], [1, 2, 3])
