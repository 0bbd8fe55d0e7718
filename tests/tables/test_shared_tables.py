"""The publishers' own tables: sizes, sums and balances as their SOURCE.txt state them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.balance import largest_misses
from netcluster.tables.inspect import inspect
from netcluster.tables.iotable import IOTable
from netcluster.tables.read import read, read_table
from tests.shared import shared_data

#: folder, file, options, sectors, sum of output, largest miss of rows and of columns allowed by SOURCE.txt.
TABLES: list[tuple[str, str, dict[str, Any], int, float, float, float]] = [
    ("wiod16_niot_deu", "DEU_NIOT_nov16.xlsx", {"year": 2000}, 56, 3.46185e6, 1e-9, 0.003),
    ("wiod16_niot_deu", "DEU_NIOT_nov16.xlsx", {"year": 2014}, 56, 7.06674e6, 1e-9, 0.009),
    ("wiod16_niot_kor", "KOR_NIOT_nov16.xlsx", {}, 56, 3.40385e6, 1e-9, 0.011),
    ("iotables_germany_1995", "germany_1995_wide.csv", {}, 6, 3.11043e6, 0, 0),
    ("iotables_germany_1995", "germany_1995.csv", {}, 6, 3.11043e6, 0, 0),
    ("iotables_germany_1995", "Beutel_15_4_esa2010.csv", {}, 6, 3.11043e6, 0, 0),
    ("iotables_germany_2009", "germany_2009_raw.csv", {}, 6, 3.11043e6, 0, 0),
    ("iotables_hungary_2020", "hungary_2020.csv", {}, 65, 9.35878e7, 0, 0),
    ("oecd_belgium_2020", "BEL2020ttl.csv", {}, 50, 1.05418e6, 0.61, 595.5),
    ("oecd21_japan", "OECD21ed_JPN_2018.csv", {}, 45, 8.92927e6, 0.41, 0.41),
    ("china_2017_42", "china_2017_42.csv", {}, 42, 2.25773e10, 8e-7, 5e-7),
    ("chile_mip_2008", "mip_2008_bcch_12x12.xlsx", {}, 12, 1.83577846e8, 4e-4, 1e-6),
    ("iotables_croatia_2010", "Croatia_2010.xlsx", {}, 65, 5.57837e8, 22, 1e-6),
    ("iotables_croatia_2010", "croatia_2010_1700.csv", {}, 65, 5.57837e8, 1.3, 1e-6),
    ("finland_regional_2014", "io2014.csv", {}, 570, 387208, 0.005, 0.002),
    ("wiod13_regional_2011", "wiot_regional_2011.csv", {}, 245, 141767884, 4.8, 1e-6),
    ("wiod13_regional_2011", "wiot_regional_2011.parquet", {}, 245, 141767884, 4.8, 1e-6),
    ("wiod13_mrio_2011", "wiot_2011.parquet", {}, 1435, 141767904, 108, 1e-6),
    ("japan_regional_2015", "IOTable.csv", {}, 588, 2.07474e9, 1e-6, 1e-6),
    ("mario_test_tables", "test_IOT_standard.xlsx", {}, 6, 1.71277e8, 1e-6, 0.006),
    ("mario_test_tables", "test_IOT_special.xlsx", {}, 6, 1.71277e8, 1e-6, 0.006),
]


@pytest.mark.parametrize(("folder", "file", "options", "sectors", "output", "rows", "columns"), TABLES)
def test_accounts_close_as_the_source_says(
    folder: str, file: str, options: dict[str, Any], sectors: int, output: float, rows: float, columns: float
) -> None:
    io = read_table(shared_data(folder) / file, **options)
    assert io.n == sectors
    assert io.x.sum() == pytest.approx(output, rel=1e-5)
    misses = largest_misses(io)
    assert misses["rows_miss"] <= rows * 1.01 + 1e-12 * output
    assert misses["columns_miss"] <= columns * 1.01 + 1e-12 * output


def truth(name: str, io: IOTable) -> None:
    """Compare with the frame of the right answer: first column labels, then one column a label."""
    frame = pd.read_parquet(shared_data("derived_messy_a") / name)
    if isinstance(frame.index, pd.RangeIndex):
        frame = frame.set_index(frame.columns[0])
    right = frame.loc[list(io.ids), list(io.ids)].to_numpy(dtype=float)
    np.testing.assert_array_equal(io.Z, right)
    np.testing.assert_array_equal(io.Y, frame.loc[list(io.ids), list(io.demand["category"])].to_numpy(dtype=float))
    np.testing.assert_array_equal(io.V, frame.loc[list(io.inputs["id"]), list(io.ids)].to_numpy(dtype=float))


@pytest.mark.parametrize(
    ("file", "answer"),
    [
        ("hungary_2020_de_cp1252.csv", "truth_hungary_2020.parquet"),
        ("germany_1995_bom_two_headers_thousands.csv", "truth_germany_1995.parquet"),
    ],
)
def test_messy_files_are_exactly_their_truth(file: str, answer: str) -> None:
    truth(answer, read_table(shared_data("derived_messy_a") / file))


def test_bea_make_and_use() -> None:
    folder = shared_data("bea_summary_2022")
    bundle = read(sorted(folder.glob("*.csv")))
    assert bundle.supply_use is not None
    assert bundle.io is not None
    assert bundle.supply_use.supply.shape == (73, 71)
    # SOURCE.txt: 46,633,4xx million on both sides; rows and columns miss by 7 at most.
    assert bundle.io.x.sum() == pytest.approx(4.66334e7, rel=1e-5)
    misses = largest_misses(bundle.io)
    assert misses["rows_miss"] <= 7
    assert misses["columns_miss"] <= 7.01
    assert bundle.io.origin == "total"


@pytest.mark.parametrize(("level", "shape"), [("12", (12, 12)), ("68", (128, 68))])
def test_brazil_in_two_workbooks(level: str, shape: tuple[int, int]) -> None:
    folder = shared_data("brazil_ibge_2019")
    bundle = read([folder / f"{level}_tab1_2019.xls", folder / f"{level}_tab2_2019.xls"])
    assert bundle.supply_use is not None
    assert bundle.io is not None
    assert bundle.supply_use.supply.shape == shape
    # The sheets' own grand total of production, 12,741,791 million BRL.
    assert bundle.io.x.sum() == pytest.approx(12741791, rel=1e-7)
    assert largest_misses(bundle.io)["rows_miss"] < 1e-6
    assert largest_misses(bundle.io)["columns_miss"] < 1e-6


def test_halves_of_pairs_say_so() -> None:
    cases = [
        ("bea_use_xlsx_1997_2018", "IOUse_Before_Redefinitions_PRO_1997-2018_Summary.xlsx"),
        ("bea_make_2002_txt", "IOMakeDetail.txt"),
    ]
    for folder, file in cases:
        path = shared_data(folder) / file
        with pytest.raises(NetclusterError):
            read(path)
        seen = inspect(path)
        assert seen.kind == "unknown"
        assert any("make" in problem or "use" in problem for problem in seen.problems)


def test_croatia_as_supply_and_use() -> None:
    io = read_table(shared_data("iotables_croatia_2010") / "Croatia_2010.xlsx", kind="supply-use")
    assert io.n == 65
    assert io.x.sum() == pytest.approx(557837122.79, rel=1e-9)
    assert largest_misses(io)["rows_miss"] < 1


def test_pymrio_system_and_its_mock_formats_agree() -> None:
    folder, mocks = shared_data("pymrio_test_mrio"), shared_data("mock_mrio_formats_a")
    io = read_table(folder)
    assert (io.n, len(io.regions), len(io.demand)) == (48, 6, 42)
    assert io.x.sum() == pytest.approx(3.32401e9, rel=1e-5)
    assert {"emission_type1, air", "emission_type2, water"} <= set(io.accounts)
    assert io.accounts["emission_type1, air"].demand_values is not None
    eora = read_table([*mocks.glob("Eora26*"), *mocks.glob("labels_*")])
    np.testing.assert_allclose(eora.Z, io.Z, rtol=1e-7)
    exio = read_table([mocks / "exio3_A.txt", mocks / "exio3_Y.txt"])
    np.testing.assert_allclose(exio.x, io.x, rtol=1e-6)
    icio = read_table(mocks / "oecd_ICIO2018_2010.CSV")
    assert icio.regions == ("AUS", "BEL", "MEX", "BRA", "COL")
    assert icio.year == 2010


def test_uk_takes_labels(tmp_path: Path) -> None:
    path = shared_data("uk_iot_2018") / "IOT_2018.xlsx"
    seen = inspect(path)
    assert any("--labels" in problem for problem in seen.problems)
    labels = tmp_path / "labels.csv"
    labels.write_text("code,name\n" + "".join(f"S{k},Sector {k}\n" for k in range(105)), encoding="utf-8")
    io = read_table(path, labels=labels)
    assert io.n == 105
    assert io.Z.sum() == pytest.approx(1.44334e6, rel=1e-5)


def test_imports_apart_in_the_croatian_workbook_and_wiod() -> None:
    croatia = read_table(shared_data("iotables_croatia_2010") / "Croatia_2010.xlsx")
    assert croatia.imports is not None
    # The row "Use of imported products" of table 1800: 72,980,221.82 in intermediate use.
    assert croatia.imports.Z.sum() == pytest.approx(72980221.82, rel=1e-6)


def test_origin_changes_the_output_multiplier_as_design_says() -> None:
    # DESIGN.md: Germany 2014's mean output multiplier is 1.62 domestic, 2.05 total.
    path = shared_data("wiod16_niot_deu") / "DEU_NIOT_nov16.xlsx"
    for origin, wanted in (("domestic", 1.62), ("total", 2.05)):
        io = read_table(path, year=2014, origin=origin)
        inverse = np.linalg.inv(np.eye(io.n) - io.A)
        # Over all 56 sectors: the one without output (U) counts with a multiplier of 1.
        assert inverse.sum(axis=0).mean() == pytest.approx(wanted, abs=0.006)
