"""Sparse tables give what the same table gives dense, and nothing dense is built of their flows."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array, random_array

from netcluster.core.errors import NetclusterError
from netcluster.economy import Model, exposure, extraction, impact, linkages, multipliers, sectors, sparse_table
from netcluster.tables.iotable import IOTable


def flows(n: int, density: float = 0.1) -> Any:
    rng = np.random.default_rng(0)
    return csr_array(random_array((n, n), density=density, rng=rng, format="csr"))


def both(n: int = 60) -> tuple[Any, IOTable]:
    Z = flows(n)
    x = 2 * np.maximum(Z.sum(axis=1), Z.sum(axis=0)) + 0.1
    x[3] = 0.0
    Z = Z.tolil()
    Z[3, :] = Z[:, 3] = 0
    Z = csr_array(Z)
    return sparse_table(Z, x), IOTable.from_arrays(Z.toarray(), x=x)


@pytest.mark.parametrize("measure", [linkages, sectors, multipliers, extraction, exposure])
def test_sparse_and_dense_tables_give_the_same(measure: Any) -> None:
    sparse, dense = both()
    one, two = measure(sparse).frame, measure(dense).frame
    pd.testing.assert_frame_equal(one, two, rtol=1e-9, atol=1e-12)


def test_a_change_in_demand_goes_through_a_sparse_table() -> None:
    sparse, dense = both()
    found = [impact(table, demand={"5": 1.0}).frame["output"].to_numpy() for table in (sparse, dense)]
    assert found[0] == pytest.approx(found[1])


def test_a_lost_supplier_and_new_techniques_in_a_sparse_table() -> None:
    sparse, dense = both()
    found = [impact(t, lost={"5": 0.5}, productivity={"7": 0.1}).frame["output"].to_numpy() for t in (sparse, dense)]
    assert found[0] == pytest.approx(found[1])


def test_ghosh_of_a_sparse_table() -> None:
    sparse, dense = both()
    ghosh = np.linalg.inv(np.eye(60) - Model(dense).B)
    assert Model(sparse).supply_multipliers == pytest.approx(ghosh.sum(axis=1))
    assert Model(sparse).diagonal == pytest.approx(np.linalg.inv(np.eye(60) - dense.A).diagonal())


def test_twenty_thousand_sectors_need_no_matrix_of_their_square() -> None:
    # Dense, the flows alone would take 3.2 GB.
    n = 20_000
    Z = flows(n, 3 / n)
    tracemalloc.start()
    found = linkages(sparse_table(Z, 2 * np.maximum(Z.sum(axis=1), Z.sum(axis=0)) + 0.1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6
    assert len(found.frame) == n


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(NetclusterError, match="Output is"):
        sparse_table(flows(5), [1.0, 2.0])
    broken = flows(5, 0.5)
    broken.data[0] = np.nan
    with pytest.raises(NetclusterError, match="not a finite number"):
        sparse_table(broken, np.ones(5))
