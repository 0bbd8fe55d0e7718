from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.economy.footprint import embodied, footprint
from netcluster.tables.iotable import Account, IOTable
from tests.economy.textbook import beutel, inverse, random_table


def world(seed: int) -> IOTable:
    io = random_table(seed, 9, regions=3, categories=6)
    rng = np.random.default_rng(seed)
    return io.replace(accounts={"co2": Account("co2", rng.random(9) * 100, "kt", rng.random(6) * 10)})


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_consumption_agrees_with_the_whole_inverse_and_the_sides_add_up(seed: int) -> None:
    io = world(seed)
    frame = footprint(io).frame
    co2 = io.accounts["co2"]
    per_unit = co2.values / io.x @ inverse(io)
    for r in range(3):
        users = io.Y[:, [r, r + 3]].sum(axis=1)
        for product in range(3):
            row = frame[(frame["region"] == f"R{r + 1}") & (frame["sector"] == f"S{product + 1}")].iloc[0]
            places = [product, product + 3, product + 6]
            assert row["consumption"] == pytest.approx(per_unit[places] @ users[places])
            assert row["production"] == pytest.approx(co2.values[3 * r + product])
    direct = frame[frame["sector"] == "final_demand"]
    assert co2.demand_values is not None
    np.testing.assert_allclose(direct["consumption"], [co2.demand_values[[r, r + 3]].sum() for r in range(3)])
    assert frame["production"].sum() == pytest.approx(co2.values.sum() + co2.demand_values.sum())
    assert frame["production"].sum() == pytest.approx(frame["consumption"].sum())


def test_embodied_flows_have_both_sides_as_margins() -> None:
    io = world(1)
    table = embodied(io, "co2").frame.pivot_table(index="source", columns="target", values="embodied")
    frame = footprint(io).frame.query("sector != 'final_demand'").groupby("region")
    np.testing.assert_allclose(table.sum(axis=1), frame["production"].sum())
    np.testing.assert_allclose(table.sum(axis=0), frame["consumption"].sum())


def test_jobs_of_germany_1995_by_product_of_final_demand() -> None:
    io = beutel()
    frame = footprint(io).frame
    # The Eurostat manual's job multipliers (per million euro, four decimals) times final demand.
    expected = np.array([0.0326, 0.0162, 0.0207, 0.0237, 0.0112, 0.0242]) * io.Y[:, 0]
    np.testing.assert_allclose(frame["consumption"], expected, rtol=5e-3)
    assert frame["consumption"].sum() == pytest.approx(1096 + 8381 + 3236 + 9251 + 4258 + 10206)
    assert [note.code for note in footprint(io).notes] == ["one_region"]
