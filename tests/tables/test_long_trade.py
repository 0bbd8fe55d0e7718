"""Trade tables: BACI against its truth, and what is dropped, counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster import risk
from netcluster.core.errors import NetclusterError
from netcluster.core.result import Result
from netcluster.places import complexity
from netcluster.risk import dependence
from netcluster.tables.trade import TradeTable
from tests.long_files import open_long, write, write_dialect
from tests.shared import shared_data

KEYS = ("year", "exporter", "importer", "product")


def trade(*paths: Path, **options: object) -> TradeTable:
    table = open_long(*paths, **options).trade
    assert table is not None
    return table


def codes(table: TradeTable) -> dict[str, int]:
    return {note.code: note.count for note in table.changes}


def test_messy_baci_equals_its_truth() -> None:
    folder = shared_data("derived_messy_a")
    truth = pd.read_parquet(folder / "truth_baci_5000.parquet").set_axis([*KEYS, "value", "quantity"], axis=1)
    truth = truth.astype({"exporter": str, "importer": str}).sort_values(list(KEYS)).reset_index(drop=True)
    found = trade(folder / "baci_5000_utf16_tab.txt").frame(by=KEYS, quantity=True)
    pd.testing.assert_frame_equal(found, truth, check_dtype=False, check_exact=True)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_baci_extract_against_its_source(ending: str) -> None:
    # SOURCE.txt: v total 51605143 kUSD, 207 importers, 5073 HS6 products, rows for 4: 2412, 710: 69685.
    table = trade(shared_data("baci_hs17_2020_extract") / f"baci_hs17_2020_exporters_4_710.{ending}")
    rows = table.frame(by=KEYS, quantity=True)
    assert round(table.frame()["value"].iloc[0]) == 51_605_143
    assert (rows["importer"].nunique(), rows["product"].nunique()) == (207, 5073)
    assert rows["exporter"].value_counts().to_dict() == {"710": 69_685, "4": 2_412}
    assert int(rows["quantity"].isna().sum()) == 2_175
    assert (table.unit, table.quantity_unit, table.years) == ("thousand USD", "tonnes", (2020,))
    assert table.names["710"] == "South Africa"
    assert table.names["384"] == "Côte d'Ivoire"


def test_baci_extract_against_pandas() -> None:
    file = shared_data("baci_hs17_2020_extract") / "baci_hs17_2020_exporters_4_710.csv"
    raw = pd.read_csv(file, dtype={"k": str, "i": str, "j": str})
    brute = raw.groupby(["i", "j"])["v"].sum()
    found = trade(file).frame(by=("exporter", "importer")).set_index(["exporter", "importer"])["value"]
    assert len(found) == len(brute)
    assert (found - brute.rename_axis(["exporter", "importer"])).abs().max() < 1e-6


def test_exports_without_importers() -> None:
    # SOURCE.txt: 226 countries x 785 products, total 1.197e+11.
    table = trade(shared_data("world_trade_1998_2000") / "world_trade_avg_1998_to_2000.csv")
    assert not table.bilateral
    assert table.columns == ("exporter", "product", "value")
    rows = table.frame(by=("exporter", "product"))
    assert (len(rows), rows["exporter"].nunique(), rows["product"].nunique()) == (124_336, 226, 785)
    assert "0011" in set(rows["product"])
    assert table.frame()["value"].iloc[0] == pytest.approx(1.197e11, rel=5e-4)


def test_missing_negative_and_word_values_are_counted(tmp_path: Path) -> None:
    text = "exporter,importer,product,value\nA,B,1001,5\nA,C,1001,NA\nB,C,1001,-2\nB,A,1001,lots\nC,A,1001,1.25\n,A,1001,3\n"
    table = trade(write(tmp_path / "t.csv", text))
    assert codes(table) == {"missing_values": 1, "negative_values": 1, "not_numbers": 1, "nameless_rows": 1}
    assert table.frame()["value"].iloc[0] == 6.25


def test_world_groups_and_own_trade_are_set_aside(tmp_path: Path) -> None:
    text = "exporter,importer,value\nA,B,5\nA,World,7\nEU27,B,9\nB,B,4\nB,A,1\n"
    table = trade(write(tmp_path / "t.csv", text))
    assert codes(table) == {"world_totals": 1, "country_groups": 1, "own_trade": 1}
    assert table.frame(by=("exporter", "importer"))["value"].tolist() == [5.0, 1.0]
    from dataclasses import replace

    assert replace(table, sums=None).frame()["value"].iloc[0] == 6.0


def test_namibia_is_a_country(tmp_path: Path) -> None:
    table = trade(
        write(tmp_path / "t.csv", "exporter,importer,product,value\nNA,DE,2612,5\nDE,NA,8703,3\nZA,NA,1001,NA\n")
    )
    assert set(table.frame(by=("exporter",))["exporter"]) == {"NA", "DE"}
    assert codes(table) == {"missing_values": 1}


def test_nested_products_are_counted_once(tmp_path: Path) -> None:
    rows = ["A,B,TOTAL,10", "A,B,27,6", "A,B,2709,6", "A,B,270900,6", "A,B,10,4", "A,B,1001,4", "A,B,100119,4"]
    path = write(tmp_path / "t.csv", "exporter,importer,product,value\n" + "\n".join(rows) + "\n")
    table = trade(path)
    assert table.frame(by=("product",)).values.tolist() == [["100119", 4.0], ["270900", 6.0]]
    assert trade(path, level="2").frame(by=("product",))["product"].tolist() == ["10", "27"]
    assert table.frame(by=("exporter", "importer"))["value"].tolist() == [10.0]
    with pytest.raises(NetclusterError, match="level '3'"):
        trade(path, level="3")


def test_years_in_files_of_one_folder(tmp_path: Path) -> None:
    for year in (2019, 2020, 2021):
        write(tmp_path / f"flows_{year}.csv", f"exporter,importer,product,value\nA,B,1001,{year}\n")
    files = sorted(tmp_path.glob("*.csv"))
    table = trade(*files)
    assert table.years == (2019, 2020, 2021)
    assert table.frame(by=("year",)).values.tolist() == [[2019, 2019.0], [2020, 2020.0], [2021, 2021.0]]
    one = trade(*files, year=2020)
    assert (one.years, one.frame()["value"].tolist()) == ((2020,), [2020.0])
    with pytest.raises(NetclusterError, match="no year 1999") as error:
        trade(*files, year=1999)
    assert "2019, 2020, 2021" in error.value.hint


def test_files_whose_columns_stand_otherwise(tmp_path: Path) -> None:
    one = write(tmp_path / "a.csv", "t,i,j,k,v\n2020,A,B,1001,1\n")
    two = write(tmp_path / "b.csv", "k,v,t,j,i\n1001,2,2021,B,A\n")
    assert trade(one, two).frame(by=("year", "exporter"))["value"].tolist() == [1.0, 2.0]
    bad = write(tmp_path / "c.csv", "t,i,j,k\n2020,A,B,1001\n")
    with pytest.raises(NetclusterError, match=r"c\.csv has no column 'v'"):
        trade(one, bad)


def test_swapped_columns_are_asked_about(tmp_path: Path) -> None:
    text = "exporter,importer,product,value\n" + "".join(
        f"A,{c},{v},wheat\n" for c, v in zip("BCDE", (1.5, 2, 3, 4), strict=True)
    )
    with pytest.raises(NetclusterError) as error:
        trade(write(tmp_path / "t.csv", text), kind="trade")
    assert "--columns value=" in error.value.hint


def test_more_decimals_further_down(tmp_path: Path) -> None:
    # The first 20,000 rows have one decimal, the last six: by hand 20,000 · 0.5 + 0.000001.
    rows = "2020,A,B,1001,0.5\n" * 20_000 + "2020,A,B,1001,0.000001\n"
    table = trade(write(tmp_path / "t.csv", "t,i,j,k,v\n" + rows))
    assert table.frame()["value"].iloc[0] == 10_000.000001


def test_values_with_all_digits_of_a_double(tmp_path: Path) -> None:
    # Exact: 0.1 and 0.2 as doubles and a third that ends the decimals; math.fsum is the reference.
    import math

    values = [0.1, 0.2, 1 / 3, 1e15 / 7]
    rows = "".join(f"2020,A,B,1001,{v!r}\n" for v in values)
    table = trade(write(tmp_path / "t.csv", "t,i,j,k,v\n" + rows))
    assert table.sums is None
    assert table.frame()["value"].iloc[0] == math.fsum(values)


def test_packed_files(tmp_path: Path) -> None:
    import gzip
    import zipfile

    text = "t,i,j,k,v\n2020,A,B,010121,1.5\n"
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(text.encode()))
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("t.csv", text)
    assert trade(tmp_path / "t.csv.gz").frame(by=KEYS).values.tolist() == [[2020, "A", "B", "010121", 1.5]]


def test_texts_with_quotes_and_line_ends(tmp_path: Path) -> None:
    text = 'exporter,importer,product,value\n"A ""the"" first","B\nsecond line",1001,5\nC,"D, E",1001,6\n'
    rows = trade(write(tmp_path / "t.csv", text)).frame(by=("exporter", "importer"))
    assert rows["exporter"].tolist() == ['A "the" first', "C"]
    assert rows["importer"].tolist() == ["B\nsecond line", "D, E"]


MARKS = [(".", ""), (",", ""), (",", "."), (".", ","), (".", "'"), (",", " ")]
ROWS = [
    ("2020", "Côte d'Ivoire", "Österreich", "010121", 1234.5),
    ("2020", "Österreich", "Côte d'Ivoire", "010121", 0.125),
    ("2020", "Österreich", "Namibia", "270900", 7654321.25),
    ("2021", "Namibia", "Österreich", "270900", 12.5),
    ("2021", "Namibia", "Côte d'Ivoire", "999999", 100000.0),
] * 4


@settings(max_examples=20)
@given(
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    marks=st.sampled_from(MARKS),
    quote_all=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    title=st.sampled_from(["", "Außenhandel, Stand 31.12.2023"]),
    footer=st.sampled_from(["", "Quelle: Zoll"]),
)
def test_any_dialect_gives_the_same_table(
    tmp_path_factory: pytest.TempPathFactory,
    delimiter: str,
    marks: tuple[str, str],
    quote_all: bool,
    encoding: str,
    newline: str,
    title: str,
    footer: str,
) -> None:
    # The reference is the same rows added up in Python.
    decimal, thousands = marks
    path = tmp_path_factory.mktemp("dialect") / "trade.csv"
    write_dialect(
        path,
        ["year", "exporter", "importer", "product", "value"],
        ROWS,
        delimiter=delimiter,
        decimal=decimal,
        thousands=thousands,
        quote_all=quote_all,
        encoding=encoding,
        newline=newline,
        title=title,
        footer=footer,
    )
    found = trade(path).frame(by=KEYS)
    expected: dict[tuple[int, str, str, str], float] = {}
    for year, exporter, importer, product, value in ROWS:
        key = (int(year), exporter, importer, product)
        expected[key] = expected.get(key, 0.0) + value
    assert {tuple(row[:4]): row[4] for row in found.values.tolist()} == expected


def test_sums_past_what_a_double_holds(tmp_path: Path) -> None:
    # By hand: 30 times 900,719,925,474.099 is 27,021,597,764,222.97, 2.7e16 thousandths.
    rows = "2020,A,B,1001,900719925474.099\n" * 30
    table = trade(write(tmp_path / "t.csv", "t,i,j,k,v\n" + rows))
    assert table.frame(by=("exporter", "importer"))["value"].tolist() == [27_021_597_764_222.97]


def test_monthly_periods_are_added_up_to_years(tmp_path: Path) -> None:
    text = "period,exporter,importer,value\n201711,A,B,1\n201712,A,B,2\n201801,A,B,4\n"
    assert trade(write(tmp_path / "m.csv", text)).frame(by=("year",)).values.tolist() == [[2017, 3.0], [2018, 4.0]]


@pytest.mark.parametrize("read", [complexity, dependence, risk.trade])
def test_flows_that_name_no_product_go_to_none(read: Callable[[TradeTable], Result], tmp_path: Path) -> None:
    # By hand: B's 100 without a product are 100 of 115, and were added to the last product of A, the exporter before.
    path = tmp_path / "flows.csv"
    path.write_text("exporter,importer,product,value\nA,B,p,3\nA,C,q,3\nB,A,q,4\nB,C,,100\nC,A,p,4\nC,A,q,1\n")
    table = trade(path)
    frame, notes = table.named(("exporter", "product"))
    assert frame["value"].tolist() == [3, 3, 4, 4, 1]
    told = "Flows that name no product, 86.96% of value, are left out."
    assert [(note.text, note.count) for note in notes] == [(told, 1)]
    assert told in [note.text for note in read(table).notes]
    assert complexity(table).frame["value"].tolist() == [3, 3, 0, 4, 4, 1]
