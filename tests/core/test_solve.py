"""One factorisation for all questions, and tables that can't meet their own demand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from netcluster.core.errors import NetclusterError
from netcluster.core.solve import Leontief

Array = npt.NDArray[np.float64]
cells = arrays(np.float64, (5, 5), elements=st.floats(0.0, 0.19, allow_subnormal=False))


@given(cells)
def test_the_inverse_is_the_power_series(coefficients: Array) -> None:
    # Brute force: L = I + A + A² + …; column sums are at most 0.95, so 600 terms leave 1e-13.
    series, term = np.eye(5), np.eye(5)
    for _ in range(600):
        term = term @ coefficients
        series += term
    model = Leontief(coefficients)
    np.testing.assert_allclose(model.inverse, series, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(model.column_sums(), series.sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(model.row_sums(), series.sum(axis=1), rtol=1e-9)


@given(cells)
def test_sparse_and_dense_agree_from_both_sides(coefficients: Array) -> None:
    dense, sparse = Leontief(coefficients), Leontief(sp.csr_array(coefficients))
    demand = np.arange(1.0, 6.0)
    np.testing.assert_allclose(sparse.solve(demand), dense.solve(demand), rtol=1e-9)
    np.testing.assert_allclose(sparse.solve(demand, transpose=True), dense.solve(demand, transpose=True), rtol=1e-9)


def test_a_table_that_eats_more_than_it_makes_is_refused() -> None:
    with pytest.raises(NetclusterError, match="Hawkins–Simon"):
        Leontief(np.array([[0.6, 0.7], [0.7, 0.6]]))


def test_a_coefficient_that_is_no_number_is_refused() -> None:
    with pytest.raises(NetclusterError, match="not a number"):
        Leontief(np.array([[0.1, np.nan], [0.1, 0.1]]))


def test_a_sector_without_inputs_or_output_is_no_obstacle() -> None:
    coefficients = np.array([[0.5, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(Leontief(coefficients).column_sums(), [2.0, 1.0])


def test_the_input_is_left_as_it_was() -> None:
    coefficients = np.array([[0.15, 0.25], [0.20, 0.05]])
    before = coefficients.copy()
    Leontief(coefficients).solve(np.ones(2))
    np.testing.assert_array_equal(coefficients, before)
