"""Tables of one country in the publishers' layouts, made up, with answers that can be added up by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.balance import largest_misses
from netcluster.tables.iotable import IOTable
from netcluster.tables.read import read, read_table
from netcluster.tables.years import read_years
from tests.io_texts import EUROSTAT, FLOWS, OECD, OUTPUT, PLAIN, WIOD, written


def codes(io: IOTable) -> set[str]:
    return {note.code for note in io.changes}


def test_plain_square_table(tmp_path: Path) -> None:
    io = read_table(written(tmp_path, "mb.csv", PLAIN))
    assert io.Z.tolist() == FLOWS
    assert io.x.tolist() == OUTPUT
    assert io.V.tolist() == [[650, 1400]]
    assert largest_misses(io)["columns_miss"] == 0


def test_totals_never_become_sectors_and_sums_never_demand(tmp_path: Path) -> None:
    io = read_table(written(tmp_path, "eurostat.csv", EUROSTAT))
    assert io.ids == ("CPA_A", "CPA_B")
    assert list(io.sectors["name"]) == ["Farm products", "Other goods"]
    # P3 is P3_S14 + P3_S13; D11 is part of D1; B1G is a sum: none may be counted beside its parts.
    assert list(io.demand["category"]) == ["P3_S14", "P3_S13", "P51G", "P6"]
    assert list(io.inputs["id"]) == ["P7", "D21X31", "D1", "D29X39", "B2A3G"]
    assert list(io.inputs["kind"]) == ["imports", "taxes", "value_added", "value_added", "value_added"]
    assert largest_misses(io) == {"rows_miss": 0, "rows_miss_share": 0, "columns_miss": 0, "columns_miss_share": 0}
    assert io.accounts["EMP"].values.tolist() == [12, 34]
    assert io.accounts["EMP"].unit == "1000 persons"
    assert io.origin == "domestic"


def test_the_same_table_in_any_order_of_rows(tmp_path: Path) -> None:
    head, *rows = EUROSTAT.strip().split("\n")
    shuffled = "\n".join([head, *sorted(rows)]) + "\n"
    one = read_table(written(tmp_path, "one.csv", EUROSTAT))
    other = read_table(written(tmp_path, "other.csv", shuffled))
    np.testing.assert_array_equal(one.Z, other.Z)
    np.testing.assert_array_equal(one.value_added, other.value_added)


def test_total_flows_have_minus_imports_in_final_demand(tmp_path: Path) -> None:
    io = read_table(written(tmp_path, "BEL2020ttl.csv", OECD))
    assert io.origin == "total"
    assert io.ids == ("01T03", "05T09")
    assert io.Y[:, list(io.demand["category"]).index("IMPO")].tolist() == [-10, -20]
    assert list(io.inputs["id"]) == ["TXS_INT_FNL", "VALU"]
    # By hand: 10 + 20 + 50 + 5 + 25 - 10 = 100; 10 + 30 + 1 + 59 = 100.
    assert largest_misses(io)["rows_miss"] == 0
    assert largest_misses(io)["columns_miss"] == 0
    assert io.year == 2020


def test_years_stacked_and_origin_split(tmp_path: Path) -> None:
    path = written(tmp_path, "niot.csv", WIOD)
    latest = read_table(path)
    assert latest.year == 2001
    assert "latest_year" in codes(latest)
    io = read_table(path, year=2000)
    assert io.Z.tolist() == [[10, 20], [15, 25]]
    assert io.imports is not None
    assert io.imports.Z.tolist() == [[1, 2], [5, 6]]
    # By hand: imported inputs 6 and 8 are one row, so that columns add up to output: 25+2+65+2+6 = 100.
    assert io.V[list(io.inputs["id"]).index("imports")].tolist() == [6, 8]
    assert "II_fob" not in list(io.inputs["id"])
    assert largest_misses(io)["columns_miss"] == 0
    assert "latest_year" not in codes(io)


def test_total_and_imported_flows_of_a_split_table(tmp_path: Path) -> None:
    path = written(tmp_path, "niot.csv", WIOD)
    total = read_table(path, year=2000, origin="total")
    assert total.Z.tolist() == [[11, 22], [20, 31]]
    # By hand: imports of A01 are 1 + 2 + 3 + 4, taken off so that the row adds up to domestic output.
    assert total.Y[:, list(total.demand["category"]).index("imports")].tolist() == [-10, -26]
    assert largest_misses(total)["rows_miss"] == 0
    imported = read_table(path, year=2000, origin="imports")
    assert imported.Z.tolist() == [[1, 2], [5, 6]]
    assert imported.origin == "imports"


def test_all_years_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, "niot.csv", WIOD)
    both = read_years(path, years="all")
    assert [bundle.io.year for bundle in both if bundle.io is not None] == [2000, 2001]
    with pytest.raises(NetclusterError, match="2010"):
        read_years(path, years="2010")


def test_a_column_nobody_knows_is_asked_for_and_the_answer_taken(tmp_path: Path) -> None:
    text = "sector,a,b,foo,bar\na,1,2,3,4\nb,1,2,3,4\n"
    path = written(tmp_path, "t.csv", text)
    with pytest.raises(NetclusterError) as error:
        read_table(path)
    assert "--final-demand" in error.value.hint
    io = read_table(path, final_demand=("foo",))
    assert io.Y.tolist() == [[3], [3]]
    assert io.x.tolist() == [6, 6]
    with pytest.raises(NetclusterError, match="no label"):
        read_table(path, final_demand=("baz",))


def test_unknown_columns_count_as_demand_only_where_rows_close(tmp_path: Path) -> None:
    text = "sector,a,b,c,foo,output\na,150,500,0,350,1000\nb,200,100,0,1700,2000\nc,1,1,1,7,10\n"
    io = read_table(written(tmp_path, "t.csv", text))
    assert io.Y.ravel().tolist() == [350, 1700, 7]
    assert "demand_by_sum" in codes(io)


def test_nested_classes_are_not_summed_twice(tmp_path: Path) -> None:
    # C is C10 + C20 in rows and in columns; by hand.
    text = "sector,A,C,C10,C20,fd\nA,1,5,2,3,10\nC,6,26,12,14,20\nC10,2,12,5,7,8\nC20,4,14,7,7,12\n"
    io = read_table(written(tmp_path, "t.csv", text), final_demand=("fd",))
    assert io.ids == ("A", "C10", "C20")
    assert "dropped_sums" in codes(io)


def test_zero_output_and_negatives_are_kept_and_counted(tmp_path: Path) -> None:
    text = "sector,a,b,final_demand,output\na,0,0,0,0\nb,0,-5,15,10\nvalue_added,0,15,,\n"
    io = read_table(written(tmp_path, "t.csv", text))
    assert io.x.tolist() == [0, 10]
    assert {"zero_output", "negative_flows"} <= codes(io)
    assert np.isfinite(io.A).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("500", "abc"), "'abc' stands where a number"),
        (("500", "inf"), "infinite"),
        (("500", "1e300"), "too large"),
        (("\nb,", "\na,"), "stands in two rows"),
        (("200,100,1700,2000", "200,100,1700"), "4 cells where 5 were expected"),
        (("200,100,1700,2000", "200,100,1700,2000,9"), "6 cells where 5 were expected"),
        (("a,b,final", "a,a,final"), "two columns are named 'a'"),
    ],
)
def test_bad_cells_are_named(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = written(tmp_path, "bad.csv", PLAIN.replace(*change))
    with pytest.raises(NetclusterError, match=message):
        read_table(path)


def test_a_missing_cell_is_zero_and_said(tmp_path: Path) -> None:
    io = read_table(written(tmp_path, "t.csv", PLAIN.replace("500", ":")))
    assert io.Z[0, 1] == 0
    assert "missing_as_zero" in codes(io)
    assert "unbalanced_rows" in codes(io)


def test_columns_in_another_place_are_found_by_name(tmp_path: Path) -> None:
    text = "sector,final_demand,a,b,output\na,350,150,500,1000\nb,1700,200,100,2000\n"
    assert read_table(written(tmp_path, "t.csv", text)).Z.tolist() == FLOWS


def test_one_sector(tmp_path: Path) -> None:
    io = read_table(written(tmp_path, "t.csv", "sector,A,final_demand,output\nA,5,5,10\n"))
    assert io.Z.tolist() == [[5]]
    assert io.x.tolist() == [10]


def test_labels_name_a_table_without_any(tmp_path: Path) -> None:
    square = written(tmp_path, "square.csv", "1.5,2.5,3\n4,5,6\n7,8,9\n")
    with pytest.raises(NetclusterError) as error:
        read_table(square)
    assert "--labels" in error.value.hint
    labels = written(tmp_path, "labels.csv", "code,name\nA,Farms\nB,Mines\nC,Plants\n")
    io = read_table(square, labels=labels)
    assert io.ids == ("A", "B", "C")
    # By hand: sector A sells 7 and buys 12.5, so its output is at least 12.5.
    assert io.x[0] == 12.5
    assert "least_output" in codes(io)


def test_of_a_file_a_year_the_latest_is_taken_and_said(tmp_path: Path) -> None:
    for year, scale in ((2001, 1), (2003, 2)):
        written(tmp_path, f"io_{year}.csv", PLAIN.replace("150", str(150 * scale)))
    bundle = read(tmp_path)
    assert bundle.io is not None
    assert (bundle.io.year, bundle.io.Z[0, 0]) == (2003, 300)
    assert any(note.code == "latest_year" for note in bundle.notes)
    assert read_table(tmp_path, year=2001).Z[0, 0] == 150
    with pytest.raises(NetclusterError, match="no file of 2002"):
        read_table(tmp_path, year=2002)
