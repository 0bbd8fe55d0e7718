"""The shipped tables: there, described, balanced, and equal to what was published."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

import netcluster_datasets as datasets

PRODUCTS = ["CPA_A", "CPA_B-E", "CPA_F", "CPA_G-I", "CPA_J-N", "CPA_O-T"]


def rows_of(file: Path) -> dict[str, dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        first = (reader.fieldnames or [""])[0]
        return {row[first]: row for row in reader}


@pytest.mark.parametrize("name", datasets.names())
def test_every_set_is_there_and_described(name: str) -> None:
    assert datasets.path(name).exists()
    assert 20 < len(datasets.describe(name)) < 140
    assert not datasets.describe(name).startswith("#")
    text = datasets.source(name)
    assert "Units" in text
    assert "Terms" in text


def test_names_are_sorted_and_hold_the_first_two() -> None:
    assert datasets.names() == sorted(datasets.names())
    assert {"germany-1995", "miller-blair"} <= set(datasets.names())


def test_unknown_name_gives_the_nearest() -> None:
    with pytest.raises(datasets.UnknownDatasetError, match=r"no dataset 'germany'.*germany-1995") as raised:
        datasets.path("germany")
    assert isinstance(raised.value, LookupError)
    assert raised.value.hint == "Did you mean germany-1995?"
    with pytest.raises(datasets.UnknownDatasetError, match="There are germany-1995, miller-blair"):
        datasets.describe("zzz")


def test_germany_1995_has_the_published_cells_and_totals() -> None:
    # Published: Eurostat Manual (2008), Table 15.4.
    table = rows_of(datasets.path("germany-1995"))
    flows = [[int(table[i][j]) for j in PRODUCTS] for i in PRODUCTS]
    assert flows == [
        [1131, 25480, 1, 607, 710, 762],
        [7930, 304584, 64167, 41082, 11981, 30360],
        [426, 7334, 3875, 5296, 23457, 9155],
        [3559, 72717, 14190, 74399, 10835, 21008],
        [3637, 96115, 31027, 65755, 193176, 34223],
        [1552, 14986, 1747, 11225, 15058, 22070],
    ]
    assert [int(table["P1"][j]) for j in PRODUCTS] == [43910, 1079446, 245606, 540063, 692487, 508918]
    assert [int(table["B1G"][j]) for j in PRODUCTS] == [21664, 395022, 115624, 311407, 415426, 365017]
    assert [int(table["EMP"][j]) for j in PRODUCTS] == [1096, 8381, 3236, 9251, 4258, 10206]


def test_germany_1995_balances_in_every_row_and_column() -> None:
    table = {
        code: {k: int(v) for k, v in row.items() if k not in ("code", "name", "unit") and v}
        for code, row in rows_of(datasets.path("germany-1995")).items()
    }
    final = ["P3_S14", "P3_S13", "P51G", "P52", "P6"]
    for code in [*PRODUCTS, "TOTAL", "P7", "D21X31", "P2"]:
        row = table[code]
        assert row["CPA_TOTAL"] == sum(row[j] for j in PRODUCTS)
        assert row["TFU"] == sum(row[j] for j in final)
        assert row["TU"] == row["CPA_TOTAL"] + row["TFU"]
    for column in [*PRODUCTS, "CPA_TOTAL", *final, "TFU", "TU"]:
        total = sum(table[i][column] for i in PRODUCTS)
        assert table["TOTAL"][column] == total
        assert table["P2"][column] == total + table["P7"][column] + table["D21X31"][column]
    for column in [*PRODUCTS, "CPA_TOTAL"]:
        value_added = sum(table[i][column] for i in ("D1", "D29X39", "K1", "B2A3N"))
        assert table["B1G"][column] == value_added
        assert table["P1"][column] == table["P2"][column] + value_added
        assert table["EMP"][column] == table["EMP-WS"][column] + table["EMP-SELF"][column]
    assert [table[i]["TU"] for i in PRODUCTS] == [table["P1"][i] for i in PRODUCTS]


def test_germany_1995_households_buy_goods_and_government_buys_services() -> None:
    table = rows_of(datasets.path("germany-1995"))
    assert table["TOTAL"]["P3_S14"] == "813673"
    assert table["TOTAL"]["P3_S13"] == "350150"
    assert int(table["CPA_O-T"]["P3_S13"]) > 0.9 * 350150


def test_miller_blair_balances() -> None:
    # Published: Miller and Blair (2009), ch. 2; value added by hand.
    table = rows_of(datasets.path("miller-blair"))
    assert [table["1"][c] for c in ("1", "2", "final_demand", "output")] == ["150", "500", "350", "1000"]
    assert [table["2"][c] for c in ("1", "2", "final_demand", "output")] == ["200", "100", "1700", "2000"]
    assert [table["value_added"][c] for c in ("1", "2")] == ["650", "1400"]


def test_it_needs_neither_netcluster_nor_pandas() -> None:
    code = "import sys, netcluster_datasets; print(sorted({'netcluster', 'pandas', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
