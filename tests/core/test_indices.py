"""Indices against the worked values of the study of clusters (checked there) and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from netcluster.core import indices


def test_concentration_of_four_firms() -> None:
    # Shares .4 .3 .2 .1: Hannah–Kay 3.7776566, 3.3333333, 3.1622777 for orders .5, 2, 3.
    firms = [4.0, 3.0, 2.0, 1.0]
    assert float(indices.hill_number(firms, 0.5)) == pytest.approx(3.7776566, abs=1e-7)
    assert float(indices.hill_number(firms, 3)) == pytest.approx(3.1622777, abs=1e-7)
    assert float(indices.hill_number(firms)) == pytest.approx(3.5961155, abs=1e-7)
    assert float(indices.hill_number(firms, 0)) == 4.0


def test_zeros_neither_count_nor_break() -> None:
    assert float(indices.hhi([1.0, 0.0, 1.0])) == 0.5
    assert float(indices.hill_number([1.0, 0.0, 1.0], 0)) == 2.0
    assert np.isnan(indices.hhi([0.0, 0.0]))
    assert np.isnan(indices.gini([]))
    assert indices.theil([0.0, 2.0]) == pytest.approx(np.log(2))


def test_rows_at_once_are_rows_one_by_one() -> None:
    table = np.array([[1.0, 2.0, 3.0], [5.0, 0.0, 0.0]])
    np.testing.assert_allclose(indices.hhi(table), [indices.hhi(row) for row in table])
    np.testing.assert_allclose(indices.concentration_ratio(table, 1), [0.5, 1.0])


def test_a_single_one_has_no_normalised_index() -> None:
    assert np.isnan(indices.hhi_normalised([3.0]))
