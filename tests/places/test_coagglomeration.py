"""Co-agglomeration: the oracle of methods/clusters.md, the group index beside the pair's, and clusters of families."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.places import (
    coagglomeration,
    group_coagglomeration,
    location_correlation,
    pairwise_coagglomeration,
    similarities,
)
from netcluster.tables.employment import EmploymentTable

E = np.array([[60, 30, 10], [50, 40, 10], [10, 20, 70]], dtype=float)
X = np.array([0.4, 0.3, 0.3])


def test_pairs_of_the_oracle() -> None:
    expected = [[0.121212, 0.090909, -0.212121], [0.090909, 0.090909, -0.181818], [-0.212121, -0.181818, 0.393939]]
    assert pairwise_coagglomeration(E, X) == pytest.approx(np.array(expected), abs=5e-7)


JOBS = hnp.arrays(np.float64, (4, 5), elements=st.integers(1, 500).map(float))


@settings(deadline=None, derandomize=True, max_examples=50)
@given(JOBS)
def test_a_group_of_two_is_their_pair(jobs: np.ndarray) -> None:
    # Ellison, Glaeser and Kerr (2010) show that both are the same.
    total = jobs.sum(axis=0)
    if (total / total.sum()).max() > 0.99:
        return
    assert group_coagglomeration(jobs[:2], total) == pytest.approx(pairwise_coagglomeration(jobs)[0, 1], abs=1e-9)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(JOBS)
def test_one_product_is_all_pairs_by_brute_force(jobs: np.ndarray) -> None:
    s, x = jobs / jobs.sum(axis=1, keepdims=True), jobs.sum(axis=0) / jobs.sum()
    slow = [[sum((a - x) * (b - x)) / (1 - sum(x**2)) for b in s] for a in s]
    assert pairwise_coagglomeration(jobs) == pytest.approx(np.array(slow), abs=1e-12)


def test_correlations_are_those_of_numpy() -> None:
    assert location_correlation(E) == pytest.approx(np.corrcoef(E))


def test_pairs_are_listed_once_closest_first_and_similarities_are_theirs() -> None:
    frame = pd.DataFrame({"region": np.tile(list("NMS"), 3), "industry": np.repeat(list("abc"), 3)})
    table = EmploymentTable(frame.assign(employment=E.ravel(), establishments=1.0))
    result = coagglomeration(table)
    assert result.frame[["industry", "other"]].to_numpy().tolist() == [["a", "b"], ["b", "c"], ["a", "c"]]
    assert set(result.measures) <= set(all_measures())
    industries, found = similarities(table)
    assert industries == ["a", "b", "c"]
    assert list(found) == ["LC-Emp", "LC-Est", "COI"]
    assert found["COI"][0, 1] == pytest.approx(result.frame.loc[0, "coagglomeration"])


def test_one_region_says_nothing_of_pairs() -> None:
    with pytest.raises(NetclusterError, match="one region"):
        pairwise_coagglomeration([[1.0], [2.0]])
