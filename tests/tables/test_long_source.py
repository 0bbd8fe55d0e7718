"""Files as DuckDB reads them: decoded, unpacked, told apart by their headers, errors said plainly."""

from __future__ import annotations

import gzip
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.tables.duck import Store, arrow
from netcluster.tables.long.source import open_source
from netcluster.tables.options import Dialect
from netcluster.tables.read import read
from tests.long_files import open_long, write
from tests.shared import shared_data

TEXT = "t,i,j,k,v\n2020,A,B,010121,1.5\n2020,B,A,010121,2\n"
ROWS = [[2020, "A", "B", "010121", 1.5], [2020, "B", "A", "010121", 2.0]]
KEYS = ("year", "exporter", "importer", "product")


def rows(path: Path, **options: object) -> list[list[object]]:
    table = open_long(path, **options).trade
    assert table is not None
    return table.frame(by=KEYS).values.tolist()


@pytest.mark.parametrize("ending", [".csv", ".txt", ".tsv"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, ending: str, encoding: str) -> None:
    assert rows(write(tmp_path / f"t{ending}", TEXT, encoding)) == ROWS


def test_packed_by_gzip_or_zip(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(TEXT.encode()))
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("t.csv", TEXT)
    assert rows(tmp_path / "t.csv.gz") == ROWS
    assert rows(tmp_path / "t.zip") == ROWS


def test_sheet_under_title_lines(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Trade, thousand USD"])  # type: ignore[union-attr]
    sheet = book.create_sheet("data")
    for line in (["Trade of two countries"], [], *(row.split(",") for row in TEXT.split())):
        sheet.append(line)
    book.save(tmp_path / "t.xlsx")
    assert rows(tmp_path / "t.xlsx") == ROWS


def test_line_ends_of_old_macs_and_of_both_kinds(tmp_path: Path) -> None:
    assert rows(write(tmp_path / "mac.csv", TEXT.replace("\n", "\r"))) == ROWS
    assert rows(write(tmp_path / "dos.csv", TEXT.replace("\n", "\r\n"))) == ROWS


def test_aligned_columns(tmp_path: Path) -> None:
    text = "exporter importer value\nA        B          1.5\nB        A          2.0\nA        C         10.0\n"
    table = open_long(write(tmp_path / "t.txt", text)).trade
    assert table is not None
    assert table.frame(by=("exporter", "importer"))["value"].tolist() == [1.5, 10.0, 2.0]


def test_copies_and_spill_are_gone_with_the_table(tmp_path: Path) -> None:
    source = open_source([write(tmp_path / "t.csv", TEXT, "utf-16")], Dialect(encoding="utf-16"))
    folder = source.store.folder
    assert list(folder.iterdir())
    del source
    assert not folder.exists()


def test_store_bounds_memory() -> None:
    connection = Store()()
    limit = connection.execute("SELECT current_setting('memory_limit')").fetchone()[0]
    spill = connection.execute("SELECT current_setting('temp_directory')").fetchone()[0]
    assert "GiB" in limit or "MiB" in limit
    assert spill.endswith("spill")
    connection.close()


def test_copy_of_a_file_in_another_format_is_read_once() -> None:
    folder = shared_data("baci_hs17_2020_extract")
    files = [folder / f"baci_hs17_2020_exporters_4_710.{ending}" for ending in ("csv", "parquet")]
    bundle = read(files)
    assert bundle.trade is not None
    assert "copies" in [note.code for note in bundle.notes]
    assert round(bundle.trade.frame()["value"].iloc[0]) == 51_605_143


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("t,i,j,k,v\n", "no rows|is empty|no table"),
        ("t,i,j,k,v\n2020,A,B,1001,5\n2020,A,B\n", r"3 cells where 5 were expected"),
        ('t,i,j,k,v\n2020,A,B,1001,5\n2020,"A,B,1001,5\n2020,A,C,1001,5\n', "quote|cells where"),
        ("t,i,j,k,v\n2020,A,B,1001,5\n2020,A\n2020,A,C,1001,5\n", "line 3: 2 cells where 5 were expected"),
        ("t,i,j,k,v\n2020,A,B,1001,NA\n2020,A,B,1001,\n", "empty"),
        ("t,i,j,k,v\n2020,A,B,1001,many\n2020,A,C,1001,few\n", "values holds|no numbers|--columns"),
        ("t,i,j,k,v\n99999,A,B,1001,5\n2,A,C,1001,4\n", "is no year"),
    ],
)
def test_bad_files_are_said_plainly(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(NetclusterError) as error:
        open_long(write(tmp_path / "bad.csv", text), kind="trade")

    assert re.search(message, f"{error.value} {error.value.hint}")


def test_lines_under_the_table_are_counted(tmp_path: Path) -> None:
    bundle = open_long(write(tmp_path / "t.csv", TEXT + "Source: customs\n\n"))
    assert [(note.code, note.count) for note in bundle.notes] == [("footnotes", 1)]
    assert "Source: customs" in bundle.notes[0].text


def test_mixed_decimal_marks_further_down(tmp_path: Path) -> None:
    # The sniffer looks at the head; the comma stands beyond it.
    text = "t,i,j,k,v\n" + "2020,A,B,1001,1.5\n" * 30_000 + '2020,A,B,1001,"2,5"\n' + "2020,A,B,1001,1.5\n" * 30_000
    with pytest.raises(NetclusterError, match="'2,5' is written with another decimal mark"):
        open_long(write(tmp_path / "t.csv", text))


def test_not_utf_8_further_down(tmp_path: Path) -> None:
    body = (
        b"t,i,j,k,v\n"
        + b"2020,A,B,1001,1.5\n" * 30_000
        + "2020,Côte,B,1001,1\n".encode("latin-1")
        + b"2020,A,B,1001,1.5\n" * 30_000
    )
    (tmp_path / "t.csv").write_bytes(body)
    with pytest.raises(NetclusterError, match=r"is not (UTF|utf)-8") as error:
        open_long(tmp_path / "t.csv")
    assert "--encoding" in error.value.hint
    table = open_long(tmp_path / "t.csv", encoding="latin-1").trade
    assert table is not None
    assert set(table.frame(by=("exporter",))["exporter"]) == {"A", "Côte"}


def test_cut_gzip_and_unreadable_file(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(TEXT.encode() * 1000)[:200])
    with pytest.raises(NetclusterError, match="damaged"):
        open_long(tmp_path / "t.csv.gz")
    with pytest.raises(NetclusterError, match="is not there"):
        open_long(tmp_path / "absent.csv")


def test_errors_of_duckdb_name_the_input() -> None:
    with pytest.raises(NetclusterError, match="the table can't be read"):
        arrow(Store()(), "SELECT nothing FROM nowhere", "the table")


@settings(max_examples=40)
@given(data=st.binary(max_size=300))
def test_no_bytes_end_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "t.csv"
    path.write_bytes(b"t,i,j,k,v\n2020,A,B,1001,1\n" + data)
    try:
        bundle = open_long(path)
        if bundle.trade is not None:
            bundle.trade.frame(by=("exporter", "importer"))
    except NetclusterError:
        pass
