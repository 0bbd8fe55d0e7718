"""The identities of the field on real tables, read as their publishers made them."""

from __future__ import annotations

import numpy as np
import pytest

from netcluster.economy import (
    Model,
    compare,
    decomposition,
    exposure,
    extraction,
    extraction_losses,
    linkages,
    passthrough,
    paths,
    value_added_trade,
)
from netcluster.tables.iotable import IOTable, Origin
from netcluster.tables.read import read_table
from tests.shared import shared_data


def wiod(country: str, year: int = 2014, origin: Origin = "domestic") -> IOTable:
    file = shared_data(f"wiod16_niot_{country.lower()}") / f"{country}_NIOT_nov16.xlsx"
    return read_table(file, year=year, origin=origin)


@pytest.fixture(scope="module")
def world() -> Model:
    """WIOD 2013: 7 regions by 35 industries, 2011."""
    return Model(read_table(shared_data("wiod13_regional_2011") / "wiot_regional_2011.csv"))


@pytest.mark.parametrize(("origin", "mean"), [("domestic", 1.62), ("total", 2.05)])
def test_mean_output_multiplier_of_germany_2014(origin: Origin, mean: float) -> None:
    # Worked out from the workbook in another study that counted the one sector without output as 1;
    # here it stays outside the mean.
    frame = linkages(wiod("DEU", origin=origin)).frame
    assert frame["output_multiplier"].isna().sum() == 1
    assert frame["output_multiplier"].fillna(1.0).mean() == pytest.approx(mean, abs=0.006)


@pytest.mark.parametrize("country", ["DEU", "KOR"])
def test_chains_account_for_all_output(country: str) -> None:
    io = wiod(country)
    model = Model(io)
    # Σ V_i U_i = Σ f_j D_j = Σ x: each side of the accounts carries all output over its chains.
    primary, final = io.V.sum(axis=0), io.Y.sum(axis=1)
    assert primary @ model.supply_multipliers == pytest.approx(io.x.sum(), rel=1e-5)
    assert final @ model.output_multipliers == pytest.approx(io.x.sum(), rel=1e-5)


def test_extraction_of_each_german_industry_by_brute_force() -> None:
    io = wiod("DEU")
    frame = extraction(io).frame
    final = io.Y.sum(axis=1)
    whole = np.linalg.solve(np.eye(io.n) - io.A, final)
    for j in (0, 19, 43):
        A, f = io.A, final.copy()
        A[j, :] = A[:, j] = f[j] = 0.0
        loss = whole - np.linalg.solve(np.eye(io.n) - A, f)
        assert frame["extraction_output_loss"][j] == pytest.approx(loss.sum(), rel=1e-5)
        where = extraction_losses(io, [io.ids[j]]).frame["extraction_output_loss"]
        np.testing.assert_allclose(where, loss, rtol=1e-4, atol=1e-3)


def test_paths_to_german_cars_add_up_to_their_output_multiplier() -> None:
    io = wiod("DEU")
    j = io.position("C29")
    result = paths(io, target="C29", cutoff=1e-4)
    expected = Model(io).output_multipliers[j] * io.Y[j].sum()
    assert result.parameters["total"] == pytest.approx(expected)
    assert 0.8 < result.frame["share"].sum() < 1


def test_german_growth_is_split_without_a_rest() -> None:
    old, new = wiod("DEU", 2000), wiod("DEU", 2014)
    frame = decomposition(old, new, of="value_added").frame
    effects = frame[["intensity_effect", "technology_effect", "mix_effect", "level_effect"]].to_numpy().sum()
    assert effects == pytest.approx(new.value_added.sum() - old.value_added.sum(), rel=1e-4)
    totals = compare(old, new).frame.set_index(["kind", "subject"])
    assert totals.loc[("total_output", ""), "after"] == pytest.approx(new.x.sum())


def test_value_added_in_world_trade_keeps_its_order_and_its_sum(world: Model) -> None:
    frame = value_added_trade(world).frame
    assert (frame["value_added_exports"] <= frame["domestic_value_added"] * (1 + 1e-9)).all()
    assert (frame["domestic_value_added"] <= frame["domestic_content"] * (1 + 1e-9)).all()
    np.testing.assert_allclose(frame["domestic_content"] + frame["foreign_content"], frame["exports"], rtol=1e-6)
    backward = (frame["backward_participation"] * frame["exports"]).sum()
    assert backward == pytest.approx((frame["forward_participation"] * frame["exports"]).sum())


def test_exposure_and_passes_of_the_world_regions_are_shares_and_counts(world: Model) -> None:
    frame = exposure(world).frame
    np.testing.assert_allclose(frame.groupby("node")[["face_value", "total"]].sum(), 1)
    frame = passthrough(world).frame
    starts = frame.groupby("node")["passes"].sum()
    assert (starts >= 1).all()  # every chain starts in some region
    assert (frame["stages"] >= frame["passes"] - 1e-12).all()
