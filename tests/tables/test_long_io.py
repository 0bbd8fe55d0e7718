"""Tables by sector in long form, made up: Eurostat's columns, R's dates, duplicates."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.long_io_layout import recognise, recognise_make
from netcluster.tables.read import read_table
from tests.io_texts import FLOWS, written

CELLS = [
    ("CPA_A", "CPA_A", 150),
    ("CPA_A", "CPA_B", 500),
    ("CPA_A", "P3_S14", 350),
    ("CPA_A", "TU", 1000),
    ("CPA_B", "CPA_A", 200),
    ("CPA_B", "CPA_B", 100),
    ("CPA_B", "P3_S14", 1700),
    ("CPA_B", "TU", 2000),
    ("D1", "CPA_A", 650),
    ("D1", "CPA_B", 1400),
    ("P1", "CPA_A", 1000),
    ("P1", "CPA_B", 2000),
]


def long(unit: str = "MIO_EUR", times: tuple[str, ...] = ("2010-01-01",), scale: float = 1.0) -> str:
    rows = [f"{r},{c},{unit},DE,{t},{v * scale}" for t in times for r, c, v in CELLS]
    return "prod_na,induse,unit,geo,time,values\n" + "\n".join(rows) + "\n"


def test_eurostat_columns(tmp_path: Path) -> None:
    io = read_table(written(tmp_path, "naio.csv", long()))
    assert io.Z.tolist() == FLOWS
    assert io.year == 2010
    assert io.unit == "million EUR"
    assert list(io.inputs["id"]) == ["D1"]


def test_a_date_counted_from_1970_is_a_year(tmp_path: Path) -> None:
    # R writes 1995-01-01 as 9131 days.
    assert read_table(written(tmp_path, "naio.csv", long(times=("9131.0",)))).year == 1995


def test_the_latest_year_is_taken_unless_told(tmp_path: Path) -> None:
    path = written(tmp_path, "naio.csv", long(times=("2010", "2015")))
    assert read_table(path).year == 2015
    assert read_table(path, year=2010).year == 2010
    with pytest.raises(NetclusterError, match="no year 1999"):
        read_table(path, year=1999)


def test_a_cell_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match="stands 2 times"):
        read_table(written(tmp_path, "naio.csv", long() + "CPA_A,CPA_A,MIO_EUR,DE,2010-01-01,5\n"))


def test_a_word_among_the_values_is_an_error(tmp_path: Path) -> None:
    text = long().replace(",500", ",many")
    with pytest.raises(NetclusterError, match="many"):
        read_table(written(tmp_path, "naio.csv", text))


def test_links_between_firms_are_no_table_by_sector() -> None:
    header = ["source", "target", "weight"]
    rows = [[f"f{i}", f"f{i + 1}", str(i)] for i in range(20)]
    assert recognise(header, rows) is None
    assert recognise_make(header, rows) is None


def test_a_fixed_width_make_table_is_half_a_pair(tmp_path: Path) -> None:
    lines = [f"{'Industry':<10}{'IndustryDescription':<30}{'Commodity':<10}{'ProVal':<10}"]
    lines += [
        f"{code:<10}{'Some farming':<30}{other:<10}{value:<10}"
        for code, other, value in [
            ("1111A0", "1111A0", 14129.5),
            ("1111A0", "115000", 316.0),
            ("1111B0", "1111B0", 27854.9),
            ("1111B0", "115000", 635.2),
            ("115000", "115000", 500.0),
        ]
    ]
    with pytest.raises(NetclusterError, match="make table") as error:
        read_table(written(tmp_path, "IOMakeDetail.txt", "\n".join(lines) + "\n"))
    assert "use" in error.value.hint
