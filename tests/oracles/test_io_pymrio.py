"""Beside pymrio, another implementation, on its own test system; skipped where it is not installed."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from netcluster.economy import Model, footprint, multipliers
from netcluster.tables.iotable import Account, IOTable


@pytest.fixture(scope="module")
def systems() -> tuple[Any, IOTable]:
    """pymrio's test system of 6 regions and 8 sectors, computed by it, and the same as our table."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pymrio = pytest.importorskip("pymrio", reason="pymrio is not installed: pip install netcluster[mrio]")
        theirs = pymrio.load_test().calc_all()
    index = theirs.Z.index.to_frame(index=False)
    demand = theirs.Y.columns.to_frame(index=False)
    stressor = theirs.emissions.F.index[0]
    account = Account(
        "emission", theirs.emissions.F.loc[stressor].to_numpy(), "kg", theirs.emissions.F_Y.loc[stressor].to_numpy()
    )
    ours = IOTable.from_arrays(
        theirs.Z.to_numpy(),
        x=theirs.x.to_numpy().ravel(),
        Y=theirs.Y.to_numpy(),
        V=theirs.x.to_numpy().ravel() - theirs.Z.to_numpy().sum(axis=0),
        sectors=index[["region", "sector"]],
        demand=demand[["region", "category"]],
        accounts={"emission": account},
    )
    return theirs, ours


def test_coefficients_and_inverses(systems: tuple[Any, IOTable]) -> None:
    theirs, ours = systems
    model = Model(ours)
    np.testing.assert_allclose(model.A, theirs.A.to_numpy(), rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(model.L, theirs.L.to_numpy(), rtol=1e-9, atol=1e-12)


def test_multipliers(systems: tuple[Any, IOTable]) -> None:
    theirs, ours = systems
    frame = multipliers(ours, of=("emission",)).frame
    np.testing.assert_allclose(frame["emission_multiplier"], theirs.emissions.M.iloc[0].to_numpy(), rtol=1e-8)


def test_footprints_by_region_and_product(systems: tuple[Any, IOTable]) -> None:
    theirs, ours = systems
    frame = footprint(ours).frame
    sectors = frame[frame["sector"] != "final_demand"]
    np.testing.assert_allclose(sectors["production"], theirs.emissions.D_pba.iloc[0].to_numpy(), rtol=1e-8)
    np.testing.assert_allclose(sectors["consumption"], theirs.emissions.D_cba.iloc[0].to_numpy(), rtol=1e-8)
    by_region = frame.groupby("region", sort=False)["consumption"].sum()
    np.testing.assert_allclose(by_region, theirs.emissions.D_cba_reg.iloc[0].to_numpy(), rtol=1e-8)


def test_ghosh(systems: tuple[Any, IOTable]) -> None:
    theirs, ours = systems
    pymrio = pytest.importorskip("pymrio")
    B = pymrio.calc_B(theirs.Z, theirs.x)
    np.testing.assert_allclose(Model(ours).B, B.to_numpy(), rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(Model(ours).G, pymrio.calc_G(B).to_numpy(), rtol=1e-8, atol=1e-12)
