"""Disparity: figures that the R package REAT and PySAL's inequality give for the same data, and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.risk import disparity, disparity_change, levels
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.iotable import Account, IOTable

FIVE = pd.DataFrame({"region": list("abcde"), "value": [10, 10, 10, 20, 50], "land": list("xxxyy")})


def totals(frame: pd.DataFrame) -> dict[str, float]:
    return dict(zip(frame["measure"], frame["total"], strict=True))


def test_unweighted_figures_of_reat() -> None:
    found = totals(disparity(FIVE).frame)
    assert found["gini"] == pytest.approx(0.36)
    assert found["theil_t"] == pytest.approx(0.2502012, abs=1e-7)
    assert found["theil_l"] == pytest.approx(0.2326302, abs=1e-7)
    assert found["hoover"] == pytest.approx(0.30)
    assert found["cv"] == pytest.approx(0.7745967, abs=1e-7)
    # The lowest level that 90 % don't exceed is 50, that 10 % don't exceed 10.
    assert found["p90_p10"] == 5.0


def test_within_and_between_published() -> None:
    frame = disparity(FIVE, by="land").frame
    parts = dict(zip(frame["measure"], zip(frame["within"], frame["between"], strict=True), strict=True))
    assert parts["theil_t"] == pytest.approx((0.0664143, 0.1837869), abs=1e-7)
    assert parts["theil_l"] == pytest.approx((0.0405882, 0.1920420), abs=1e-7)


def test_weighted_by_population_published() -> None:
    regions = pd.DataFrame({"region": list("abc"), "income": [30, 20, 50], "population": [20, 40, 40]})
    found = totals(disparity(regions).frame)
    assert found["theil_t"] == pytest.approx(0.0945819, abs=1e-7)
    assert found["theil_l"] == pytest.approx(0.1069084, abs=1e-7)
    assert found["williamson"] == pytest.approx(0.4183300, abs=1e-7)


@given(st.integers(0, 10_000))
def test_heads_count_as_copies_would(seed: int) -> None:
    rng = np.random.default_rng(seed)
    heads, level = rng.integers(1, 6, 8), rng.lognormal(size=8)
    land = rng.choice(["p", "q", "r"], 8)
    folded = pd.DataFrame({"value": heads * level, "weight": heads, "land": land})
    copied = pd.DataFrame({"value": np.repeat(level, heads), "land": np.repeat(land, heads)})
    one = disparity(folded, by="land").frame.set_index("measure").drop("cv")
    two = disparity(copied, by="land").frame.set_index("measure").drop("cv")
    pd.testing.assert_frame_equal(one, two)
    theil = one.loc[["theil_t", "theil_l"]]
    assert (theil["within"] + theil["between"]).tolist() == pytest.approx(theil["total"].tolist())


def test_region_left_behind() -> None:
    regions = pd.DataFrame({"region": ["rich", "poor"], "income": [90.0, 5.0], "population": [90.0, 10.0]})
    (finding,) = disparity(regions).findings
    # Mean 0.95 a head; poor has 0.5, so 53 %, and lacks 0.45 × 10 = 4.5.
    assert finding.subject == "poor"
    assert finding.value == pytest.approx(0.5 / 0.95)
    assert (finding.severity, finding.code) == ("high", "left_behind")
    assert finding.sentence == "poor has 53% of the mean income per population, with 10.0% of all population."


def test_table_of_regions_by_value_added_per_job() -> None:
    labels = pd.DataFrame({"region": ["N", "S"], "sector": ["farm", "farm"]})
    io = IOTable.from_arrays(
        [[0, 0], [0, 0]], x=[100, 20], sectors=labels, accounts={"jobs": Account("jobs", np.array([10.0, 10.0]))}
    )
    result = disparity(io)
    assert result.parameters["by"] == "region"
    assert [finding.subject for finding in result.findings] == ["S"]


def test_jobs_of_regions() -> None:
    frame = pd.DataFrame({"region": ["A", "A", "B"], "industry": ["x", "y", "x"], "employment": [20.0, 10.0, 10.0]})
    result = disparity(EmploymentTable(frame.assign(establishments=1.0)))
    # 30 and 10: half the mean difference (20/2)/2 over the mean 20.
    assert totals(result.frame)["gini"] == pytest.approx(0.25)


def test_sectors_without_output_are_no_rows_and_what_is_measured_is_said() -> None:
    # Value added 300 and 100, and a sector that makes nothing: T of two by hand, 0.75 ln 1.5 + 0.25 ln 0.5.
    io = IOTable.from_arrays(np.diag([100.0, 100.0, 0.0]), x=[400.0, 200.0, 0.0])
    result = disparity(io, by="region")
    assert totals(result.frame)["theil_t"] == pytest.approx(0.75 * np.log(1.5) + 0.25 * np.log(0.5))
    assert [note.text for note in result.notes] == [
        "Disparity is of value added over 2 sectors.",
        "All of them are of one group by region: nothing lies between groups.",
    ]


def test_bad_rows_are_left_out_and_said() -> None:
    frame = pd.DataFrame({"value": [1.0, 2.0, -1.0, np.nan], "weight": [1.0, 1.0, 1.0, 1.0]})
    assert disparity(frame).notes[0].count == 2
    assert np.isnan(totals(disparity(pd.DataFrame({"value": [0.0, 1.0]})).frame)["theil_l"])


@pytest.mark.parametrize(
    ("frame", "options", "message"),
    [
        (FIVE, {"by": "country"}, "no column 'country'"),
        (FIVE.iloc[:1], {}, "at least two rows"),
        (FIVE[["land"]], {}, "can't be told"),
    ],
)
def test_bad_requests(frame: pd.DataFrame, options: dict[str, str], message: str) -> None:
    with pytest.raises(NetclusterError, match=message):
        disparity(frame, **options)  # type: ignore[arg-type]


def test_every_measure_is_explained() -> None:
    frame = disparity(FIVE).frame
    assert frame.columns.tolist() == ["measure", "total", "within", "between"]
    assert {"total", "within", "between", *frame["measure"]} <= set(all_measures())


def test_change_over_years_adds_up() -> None:
    # Incomes 10, 10, 10, 20, 50 of two groups, then the groups' means alike: T is .2502012 = .0664143 + .1837869
    # (published), later all of it within.
    later = FIVE.assign(value=[10.0, 10.0, 10.0, 5.0, 15.0])
    result = disparity_change({2001: FIVE, 2005: later}, by="land")
    last = result.frame[(result.frame["year"] == 2005) & (result.frame["measure"] == "theil_t")].iloc[0]
    assert last["between_change"] == pytest.approx(-0.1837869, abs=1e-7)
    # Within: 5 and 15 of 50 in all, T of a pair at 1/4 and 3/4 is ln 2 + (ln(1/4) + 3 ln(3/4)·…)/4, by hand:
    inner = 0.4 * (0.25 * np.log(0.5) + 0.75 * np.log(1.5))
    assert last["total"] == pytest.approx(inner)
    assert last["within_change"] == pytest.approx(inner - 0.0664143, abs=1e-7)
    assert last["disparity_change"] == pytest.approx(inner / 0.2502012 - 1, abs=1e-6)
    assert not [finding for finding in result.findings if finding.code == "widening"]


def test_widening_is_told() -> None:
    first = pd.DataFrame({"region": list("ab"), "value": [2.0, 3.0], "land": ["x", "y"]})
    result = disparity_change({1: first, 2: first.assign(value=[1.0, 4.0])}, by="land")
    (finding,) = [one for one in result.findings if one.code == "widening"]
    assert finding.severity == "high"
    assert "between the groups by land" in finding.sentence
    with pytest.raises(NetclusterError, match="change needs two"):
        disparity_change({1: first})
    assert set(result.measures) <= set(all_measures())


def test_levels_are_means_of_groups_over_the_mean_of_all_heads() -> None:
    # By hand: a has 30 over 3 heads, b has 30 over 1; the mean of all is 60/4 = 15.
    frame = pd.DataFrame({"id": list("pqr"), "land": ["a", "a", "b"], "income": [10, 20, 30], "population": [2, 1, 1]})
    result = levels(frame, by="land")
    assert result.frame["region"].tolist() == ["a", "b"]
    assert result.frame["relative_level"].tolist() == pytest.approx([10 / 15, 2.0])
    assert result.frame["heads_share"].tolist() == [0.75, 0.25]
