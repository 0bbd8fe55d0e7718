from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.economy.extraction import extraction_losses
from netcluster.economy.impact import impact
from tests.economy.textbook import beutel, inverse, miller_blair, random_table


def test_miller_and_blair_chapter_2() -> None:
    result = impact(miller_blair(), demand={"1": 250, "2": -200})
    # Their new output, 1247.5 and 1841.6, from final demand 600 and 1500.
    np.testing.assert_allclose(result.frame["output"], [247.5, -158.4], atol=0.05)
    assert result.frame.columns[:5].tolist() == ["region", "sector", "output", "value_added", "jobs"]
    assert result.frame["jobs"].isna().all()
    assert "no_jobs" in [note.code for note in result.notes]


def test_jobs_per_million_of_public_money_are_the_manuals_multiplier() -> None:
    result = impact(beutel(), demand={"construction": 10.0}, of=("GVA",))
    # Eurostat Manual (2008): 0.0207 thousand jobs and 0.8615 of value added per million euro of construction.
    per_unit = result.parameters["per_unit"]
    assert isinstance(per_unit, dict)
    assert per_unit["jobs"] == pytest.approx(0.0207, abs=6e-5)
    assert per_unit["value_added"] == pytest.approx(0.8615, abs=6e-5)
    assert per_unit["gva"] == pytest.approx(per_unit["value_added"])


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_all_changes_together_agree_with_a_table_solved_anew(seed: int) -> None:
    io = random_table(seed, 6)
    A = io.A
    A[:, 2] /= 1.25
    A[0, 4] += 0.01
    A[3] *= 0.6
    f = io.Y.sum(axis=1)
    f[1] += 3.0
    after = np.linalg.solve(np.eye(6) - A, f)
    frame = impact(
        io, demand={"S2": 3.0}, coefficients={("S1", "S5"): 0.01}, productivity={"S3": 0.25}, lost={"S4": 0.4}
    ).frame
    np.testing.assert_allclose(frame["output"], after - io.x, rtol=1e-8, atol=1e-10)
    jobs = io.accounts["jobs"].values / io.x
    scale = np.array([1, 1, 0.8, 1, 1, 1])
    np.testing.assert_allclose(frame["jobs"], jobs * scale * after - jobs * io.x, rtol=1e-8, atol=1e-9)


def test_productivity_is_the_backward_extraction_of_what_it_saves() -> None:
    io = random_table(9, 6)
    saved = extraction_losses(io, ["S2"], kind="backward", share=1 - 1 / 1.1).frame["extraction_output_loss"]
    np.testing.assert_allclose(impact(io, productivity={"S2": 0.1}).frame["output"], -saved, rtol=1e-8)


def test_an_amount_for_a_region_category_or_code_is_spread_as_demand_is() -> None:
    io = random_table(9, 6, regions=3, categories=3)
    L, f = inverse(io), io.Y.sum(axis=1)
    code = np.array([1, 0, 1, 0, 1, 0]) * f
    for node, weights in (("R1", np.where(np.arange(6) < 2, f, 0)), ("S1", code), (io.demand["id"][1], io.Y[:, 1])):
        result = impact(io, demand={node: 5.0})
        np.testing.assert_allclose(result.frame["output"], L @ (5 * weights / weights.sum()), rtol=1e-9)
        assert "demand_spread" in [note.code for note in result.notes]


def test_by_region_adds_the_sectors_up() -> None:
    io = random_table(9, 6, regions=3, categories=3)
    fine, coarse = impact(io, demand={"R1:S1": 1.0}), impact(io, demand={"R1:S1": 1.0}, by="region")
    np.testing.assert_allclose(coarse.frame["output"], fine.frame.groupby("region", sort=False)["output"].sum())
    assert coarse.parameters["totals"] == fine.parameters["totals"]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"demand": {"9": 1.0}},
        {"demand": {"1": float("nan")}},
        {"productivity": {"1": -1.0}},
        {"coefficients": {("1", "2"): -0.9}},
        {"coefficients": {("1", "2"): 90.0}},
        {"lost": {"1": 1.5}},
        {"demand": {"1": 1.0}, "by": "planet"},
    ],
)
def test_changes_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(NetclusterError):
        impact(miller_blair(), **options)  # type: ignore[arg-type]


def test_what_a_unit_of_public_money_brings_is_said() -> None:
    # Eurostat manual (2008): construction's multipliers are 1.8136 of output, 0.8615 of value added, 0.0207 of jobs.
    text = {note.code: note.text for note in impact(beutel(), demand={beutel().ids[2]: 1000.0}).notes}["per_unit"]
    assert text == "Per unit of demand: output 1.814, value_added 0.8615, jobs 0.02068."
