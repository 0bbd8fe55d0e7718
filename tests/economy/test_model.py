from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.core.solve import Leontief, series_sum
from netcluster.economy.linkages import linkages
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable
from tests.economy.textbook import beutel, inverse, miller_blair, random_table


def test_inverses_of_germany_1995_as_the_eurostat_manual_prints_them() -> None:
    model = Model(beutel())
    np.testing.assert_allclose(model.diagonal, [1.0339, 1.4292, 1.0289, 1.1784, 1.4126, 1.0515], atol=6e-5)
    np.testing.assert_allclose(model.G[:, 0], [1.0339, 0.0118, 0.0037, 0.0103, 0.0117, 0.0043], atol=6e-5)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(0, 2))
def test_one_factor_serves_leontief_and_ghosh(seed: int, empty: int) -> None:
    io = random_table(seed, 8, empty=empty)
    model = Model(io)
    np.testing.assert_allclose(model.L, inverse(io), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(model.G, np.linalg.inv(np.eye(8) - io.B), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(model.G.diagonal(), model.L.diagonal())
    np.testing.assert_allclose(Model(io).diagonal, inverse(io).diagonal(), rtol=1e-10)


def test_solves_from_both_sides_agree_with_the_inverse() -> None:
    io = random_table(1, 8)
    model, L = Model(io), inverse(io)
    weights, demand = np.random.default_rng(0).random((2, 3, 8))
    np.testing.assert_allclose(model.totals(weights), weights @ L)
    np.testing.assert_allclose(model.outputs(demand.T), L @ demand.T)
    assert as_model(model) is model


def test_the_table_is_not_changed_by_factoring_in_place() -> None:
    io = miller_blair()
    before = io.Z.copy()
    model = Model(io)
    assert model.factor.inverse.shape == (2, 2)
    np.testing.assert_array_equal(io.Z, before)


def test_sparse_and_dense_coefficients_give_the_same() -> None:
    A = random_table(2, 40).A * (np.random.default_rng(1).random((40, 40)) < 0.2)
    dense, sparse = Leontief(A), Leontief(sp.csr_array(A))
    np.testing.assert_allclose(dense.column_sums(), sparse.column_sums())
    np.testing.assert_allclose(dense.inverse_diagonal(width=9, whole=0), sparse.inverse_diagonal(width=9))
    np.testing.assert_allclose(dense.inverse, sparse.inverse, atol=1e-14)


def test_a_series_that_does_not_fade_gives_none() -> None:
    assert series_sum(lambda term: term, np.ones(2), most=50) is None
    assert series_sum(lambda term: 1e200 * term, np.ones(2)) is None


def test_in_a_total_table_sales_are_shares_of_all_supply() -> None:
    # 10 made at home, 30 imported, 24 sold to sectors: 0.6 of supply; by output alone it would be 2.4.
    io = IOTable.from_arrays(
        [[0, 24], [0, 0]],
        x=[10, 40],
        Y=[[16, -30], [40, 0]],
        demand=pd.DataFrame({"id": ["consumption", "imports"]}),
        origin="total",
    )
    model = Model(io)
    np.testing.assert_allclose(model.direct_sales, [0.6, 0])
    np.testing.assert_allclose(model.supply_multipliers, [1.6, 1])
    assert [note.code for note in linkages(io).notes] == ["origin_total"]


def test_tables_without_sectors_or_output_are_refused() -> None:
    with pytest.raises(NetclusterError, match="any output"):
        Model(IOTable.from_arrays([[0.0]], x=[0.0]))
    with pytest.raises(NetclusterError, match="own demand"):
        Model(IOTable.from_arrays([[5.0, 60.0], [60.0, 5.0]], x=[50.0, 50.0])).factor.solve(np.ones(2))


def test_one_sector_is_a_table_too() -> None:
    frame = linkages(IOTable.from_arrays([[25.0]], x=[100.0])).frame
    assert frame["output_multiplier"][0] == pytest.approx(1 / 0.75)
    assert frame["backward_linkage"][0] == 1
