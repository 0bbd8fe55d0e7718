"""A table cut to some regions stays balanced; what crosses the cut is trade."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.bundle import Bundle
from netcluster.tables.cut import cut, cut_bundle
from netcluster.tables.iotable import Account, IOTable


def two_regions() -> IOTable:
    sectors = pd.DataFrame({"region": ["N", "N", "S"], "sector": ["a", "b", "a"]})
    demand = pd.DataFrame({"region": ["N", "S"], "category": ["households", "households"]})
    flows = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    return IOTable.from_arrays(
        flows,
        Y=[[10, 1], [20, 2], [30, 3]],
        sectors=sectors,
        demand=demand,
        accounts={"jobs": Account("jobs", np.array([1.0, 2.0, 3.0]), "persons", np.array([4.0, 5.0]))},
    )


def test_cut_by_hand() -> None:
    io = two_regions()
    north = cut(io, ["N"])
    assert north.ids == ("N:a", "N:b")
    # Exports: to sector S:a 3 and 6, to southern households 1 and 2. Imports: 7 and 8 from S:a.
    np.testing.assert_array_equal(north.Y, [[10, 4], [20, 8]])
    np.testing.assert_array_equal(north.V[-1], [7, 8])
    np.testing.assert_array_equal(north.accounts["jobs"].values, [1, 2])
    np.testing.assert_allclose(north.Z.sum(axis=1) + north.Y.sum(axis=1), north.x)
    np.testing.assert_allclose(
        north.Z.sum(axis=0) + north.V.sum(axis=0), io.Z.sum(axis=0)[:2] + io.V[:, :2].sum(axis=0)
    )
    assert north.changes[-1].count == 1


def test_an_unknown_region_names_those_there_are() -> None:
    with pytest.raises(NetclusterError) as caught:
        cut(two_regions(), ["W"])
    assert "N, S" in caught.value.hint


def test_a_bundle_without_a_table_can_not_be_cut() -> None:
    with pytest.raises(NetclusterError, match="input–output table"):
        cut_bundle(Bundle(), ["N"])
