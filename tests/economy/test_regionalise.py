from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.economy.regionalise import METHODS, Method, location_quotients, regional_coefficients, regionalise
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.read import read_table
from netcluster.tables.tidy import tidy
from tests.economy.textbook import beutel, random_table

REGION, NATION = [20, 50, 30], [300, 400, 300]
A = [[0.15, 0.25, 0.05], [0.20, 0.05, 0.40], [0.30, 0.25, 0.05]]


def test_quotients_of_three_industries_worked_out_by_hand() -> None:
    # SLQ = (.2/.3, .5/.4, .3/.3); λ* = log2(1.1)^.25 = .6089455.
    np.testing.assert_allclose(location_quotients(REGION, NATION, method="slq")[:, 0], [2 / 3, 1.25, 1])
    flegg = [[0.405964, 0.324771, 0.405964], [1.141773, 0.761182, 0.761182], [0.913418, 0.487156, 0.608946]]
    np.testing.assert_allclose(location_quotients(REGION, NATION, method="flq", delta=0.25), flegg, atol=5e-7)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("cilq", [[0.1, 0.133333, 0.033333], [0.2, 0.05, 0.4], [0.3, 0.2, 0.05]]),
        ("flq", [[0.060895, 0.081193, 0.020298], [0.2, 0.038059, 0.304473], [0.274025, 0.121789, 0.030447]]),
        ("aflq", [[0.060895, 0.094989, 0.020298], [0.2, 0.044526, 0.304473], [0.274025, 0.142484, 0.030447]]),
    ],
)
def test_regional_coefficients_by_the_formulas_of_flegg_and_webber(method: Method, expected: list[list[float]]) -> None:
    # Computed by hand from the formulas, δ = 0.25.
    np.testing.assert_allclose(regional_coefficients(A, REGION, NATION, method=method), expected, atol=5e-7)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_the_regional_table_balances_and_never_exceeds_the_nation(method: Method, seed: int) -> None:
    io = random_table(seed, 8, empty=1)
    rng = np.random.default_rng(seed)
    nation = rng.random(8) * 100 + 1
    local = nation * rng.random(8) * 0.5
    local[3] = 0.0
    table = regionalise(
        io,
        dict(zip(io.sectors["sector"], local, strict=True)),
        region="R",
        method=method,
        national=dict(zip(io.sectors["sector"], nation, strict=True)),
    )
    np.testing.assert_allclose(table.Z.sum(axis=1) + table.Y.sum(axis=1), table.x, atol=1e-9)
    np.testing.assert_allclose(table.Z.sum(axis=0) + table.V.sum(axis=0), table.x, atol=1e-9)
    np.testing.assert_allclose(table.x, io.x * local / nation)
    assert (table.Y[:, -1] >= -1e-9).all()
    if method != "aflq":
        assert (table.A <= io.A + 1e-12).all()
    assert table.regions == ("R",)


def test_jobs_of_all_regions_give_the_nation_and_what_does_not_fit_is_said() -> None:
    frame = pd.DataFrame(
        {
            "region": ["N", "N", "N", "S", "S", "S"],
            "industry": ["agriculture", "manufacturing", "mining", "agriculture", "manufacturing", "trade"],
            "employment": [10.0, 20.0, 5.0, 30.0, 60.0, 80.0],
            "establishments": np.nan,
        }
    )
    table = regionalise(beutel(), EmploymentTable(frame), region="N", method="slq")
    assert table.x[0] == pytest.approx(43910 * 10 / 40)
    assert [note.code for note in table.changes] == ["industries_left_out", "sectors_absent", "regionalised"]
    assert table.accounts["jobs"].values.sum() == 30


def test_bad_requests_say_what_to_do() -> None:
    io = beutel()
    jobs = {"agriculture": 5.0}
    with pytest.raises(NetclusterError, match="several"):
        regionalise(random_table(1, 4, regions=2), jobs, region="R")
    with pytest.raises(NetclusterError, match="δ"):
        regionalise(io, jobs, region="R", delta=1.0)
    with pytest.raises(NetclusterError, match="No industry"):
        regionalise(io, {"spice": 5.0}, region="R")
    with pytest.raises(NetclusterError, match="in the region"):
        regionalise(io, {"agriculture": 5000.0}, region="R")
    with pytest.raises(NetclusterError, match="no method"):
        location_quotients(REGION, NATION, method="lq")  # type: ignore[arg-type]


def test_a_regional_table_written_to_a_file_reads_back_as_it_is(tmp_path: Path) -> None:
    jobs = {"agriculture": 30.0, "manufacturing": 900.0, "construction": 200.0, "trade": 500.0}
    table = regionalise(beutel(), jobs, region="North")
    tidy(table).to_csv(tmp_path / "north.csv", index=False)
    again = read_table(tmp_path / "north.csv")
    assert again.ids == table.ids
    np.testing.assert_array_equal(again.Z, table.Z)
    np.testing.assert_array_equal(again.x, table.x)
    np.testing.assert_array_equal(again.Y.sum(axis=1), table.Y.sum(axis=1))
    assert again.regions == ("North",)
