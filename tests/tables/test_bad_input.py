"""What can't be a table is refused with two lines, never a traceback, never a flood of memory."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zipfile
from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.archive import RATIO, SMALL
from netcluster.tables.read import read, read_table
from tests.io_texts import FLOWS, PLAIN, written

SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_REL = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BOOK = (
    f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{_DOC}">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def workbook(path: Path, inside: str) -> Path:
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _REL.format(f'<Relationship Id="rId1" Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/>'),
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _REL.format(
            f'<Relationship Id="rId1" Type="{_DOC}/worksheet" Target="worksheets/sheet1.xml"/>'
        ),
        "xl/worksheets/sheet1.xml": inside,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    "data", [b"", b"\n\n \n", b"\x00" * 100, os.urandom(3000), b"just words\n", b"a,b,c\n", b"a\n1\n2\n"]
)
def test_no_table(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    with pytest.raises(NetclusterError) as error:
        read(path)
    assert error.value.hint


def test_a_missing_file_names_its_like(tmp_path: Path) -> None:
    written(tmp_path, "germany.csv", PLAIN)
    with pytest.raises(NetclusterError, match="is not there") as error:
        read(tmp_path / "germani.csv")
    assert "germany.csv" in error.value.hint


def test_a_missing_sheet_names_those_there_are(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", SHEET.format("<sheetData/>"))
    with pytest.raises(NetclusterError, match="no sheet 'X'") as error:
        read_table(path, sheet="X")
    assert "'S'" in error.value.hint


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs rights")
def test_no_permission(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", PLAIN)
    path.chmod(0)
    with pytest.raises(NetclusterError, match="permission"):
        read(path)


def test_a_line_without_end_is_refused_from_a_bounded_read(tmp_path: Path) -> None:
    # A sparse file of 2 GB: were it read whole, this test would not fit.
    path = tmp_path / "t.csv"
    with path.open("wb") as stream:
        stream.write(b"a,b,c," * 100)
        stream.seek(17 * 1024 * 1024)
        stream.write(b"1")
        stream.truncate(2 * 1024**3)
    text = tmp_path / "line.csv"
    text.write_bytes(b"1," * (9 * 1024 * 1024))
    for place in (path, text):
        with pytest.raises(NetclusterError):
            read(place)


def test_compressed_tables_are_read(tmp_path: Path) -> None:
    packed = tmp_path / "t.csv.gz"
    packed.write_bytes(gzip.compress(PLAIN.encode()))
    archive = tmp_path / "t.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("folder/t.csv", PLAIN)
    assert read_table(packed).Z.tolist() == FLOWS
    assert read_table(archive).Z.tolist() == FLOWS


@pytest.mark.parametrize("name", ["t.csv.gz", "t.zip", "t.xlsx"])
def test_cut_short(tmp_path: Path, name: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t.csv" if name == "t.zip" else "xl/workbook.xml", PLAIN * 50)
    whole = gzip.compress(PLAIN.encode() * 50) if name.endswith("gz") else stream.getvalue()
    path = tmp_path / name
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NetclusterError, match="damaged"):
        read(path)


def test_zip_bombs_by_what_they_declare_and_by_what_they_do(tmp_path: Path) -> None:
    declared = tmp_path / "t.zip"
    with zipfile.ZipFile(declared, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t.csv", b"0" * (SMALL + 1024))
    packed = tmp_path / "t.csv.gz"
    packed.write_bytes(gzip.compress(b"1,2\n" * (SMALL // 4 + 1024)))
    assert RATIO * declared.stat().st_size < SMALL + 1024
    for path in (declared, packed):
        with pytest.raises(NetclusterError, match="zip bomb"):
            read(path)


def test_names_that_lead_out_of_an_archive_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../t.csv", PLAIN)
    with pytest.raises(NetclusterError, match="leads out"):
        read(path)


@pytest.mark.parametrize(
    "inside",
    [
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>',
        "<a>" * 50_000 + "</a>" * 50_000 + "<sheetData/>",
        "<sheetData><row>",
        "<sheetData/>",
    ],
)
def test_workbooks_that_are_traps(tmp_path: Path, inside: str) -> None:
    with pytest.raises(NetclusterError):
        read(workbook(tmp_path / "t.xlsx", SHEET.format(inside)))


def test_entities_within_entities_are_not_unfolded(tmp_path: Path) -> None:
    lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 10))]
    text = f'<?xml version="1.0"?><!DOCTYPE x [{"".join(lines)}]>' + SHEET.format(
        '<sheetData><row r="1"><c r="A1" t="str"><v>&a9;</v></c></row></sheetData>'
    ).removeprefix('<?xml version="1.0"?>')
    with pytest.raises(NetclusterError):
        read(workbook(tmp_path / "t.xlsx", text))


@pytest.mark.parametrize(
    ("name", "head"), [("t.parquet", b"PAR1"), ("t.xls", b"\xd0\xcf\x11\xe0"), ("t.xlsx", b"PK\x03\x04")]
)
def test_files_that_only_begin_well(tmp_path: Path, name: str, head: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(head + b"nonsense" * 40)
    with pytest.raises(NetclusterError):
        read(path)


def test_a_kind_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match="no kind"):
        read_table(written(tmp_path, "t.csv", PLAIN), kind="poem")
