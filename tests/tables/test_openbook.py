"""Workbooks by what they are: OpenDocument, markup and workbooks under another's name; expected values by hand."""

from __future__ import annotations

import shutil
import struct
import zipfile
from html import escape
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.inspect import inspect
from netcluster.tables.read import read
from tests.shared import shared_data

Rows = list[list[object]]
#: Flows 10 + 20 + 30 + 40, demand 70 + 130, output 100 + 200, value added 60 + 140.
TABLE: Rows = [
    ["Table 5, domestic, million EUR"],
    [None, None, "A", "B", "Final demand", "Output"],
    ["A", "Farms", 10, 20, 70, 100],
    ["B", "Mills & more", 30, 40, 130, 200],
    [None, "Value added", 60, 140],
    [None, "Output", 100, 200],
]
TRADE: Rows = [["exporter", "importer", "product", "value"], ["DEU", "FRA", "0901", "1,234.5"]]
TRADE += [["FRA", "DEU", "0902", "1,000.0"]]


def excel(target: Path, rows: Rows) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    book.save(target)
    return target


def open_document(target: Path, rows: Rows) -> Path:
    """Write the smallest OpenDocument sheet there is; its last row says that empty rows follow to the end."""
    office, table = (
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    )
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"

    def cell(value: object) -> str:
        if value is None:
            return "<table:table-cell/>"
        kind = "string" if isinstance(value, str) else f'float" office:value="{value}'
        return f'<table:table-cell office:value-type="{kind}"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    body += '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}"><office:body>'
            f'<office:spreadsheet><table:table table:name="T">{body}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return target


def page(target: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    cells = ("".join(f"<td>{'' if v is None else escape(str(v))}</td>" for v in row) for row in rows)
    lines = "".join(f"<tr>{row}</tr>" for row in cells)
    target.write_bytes(f"<html><title>x</title><body><table>{lines}</table></body></html>".encode(encoding))
    return target


def xml_2003(target: Path, rows: Rows) -> Path:
    def cell(place: int, value: object) -> str:
        kind = "String" if isinstance(value, str) else "Number"
        return f'<Cell ss:Index="{place}"><Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>'

    lines = ("".join(cell(j, v) for j, v in enumerate(row, start=1) if v is not None) for row in rows)
    head = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    head += ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="IO"><Table>'
    body = "".join(f"<Row>{line}</Row>" for line in lines)
    target.write_text(f"{head}{body}</Table></Worksheet></Workbook>", encoding="utf-8")
    return target


def binary(target: Path, rows: Rows, last: tuple[int, int] = (0, 0)) -> Path:
    """Write the smallest .xlsb there is, by the record layout of [MS-XLSB] 2.1.4; `last` puts a cell far out."""

    def record(kind: int, content: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        low, high = len(content) & 127, len(content) >> 7
        return head + (bytes([low | 128, high]) if high else bytes([low])) + content

    def words(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def cell(column: int, value: object) -> bytes:
        at = struct.pack("<II", column, 0)
        return record(6, at + words(value)) if isinstance(value, str) else record(5, at + struct.pack("<d", value))

    lines = {i: {j: value for j, value in enumerate(row) if value is not None} for i, row in enumerate(rows)}
    if last != (0, 0):
        lines[last[0]] = {last[1]: 1.0}
    extent = struct.pack("<4I", 0, max(lines), 0, max(max(line, default=0) for line in lines.values()))
    body = b"".join(
        record(0, struct.pack("<IIHHBI", i, 0, 300, 0, 0, 0)) + b"".join(cell(j, value) for j, value in line.items())
        for i, line in lines.items()
    )
    kinds = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="rId1" Type="{office}/%s" Target="%s"/>'
    sheets = record(143) + record(156, struct.pack("<II", 0, 1) + words("rId1") + words("IO")) + record(144)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{kinds}/content-types"/>')
        archive.writestr("_rels/.rels", link % ("officeDocument", "xl/workbook.bin") + "</Relationships>")
        archive.writestr(
            "xl/_rels/workbook.bin.rels", link % ("worksheet", "worksheets/sheet1.bin") + "</Relationships>"
        )
        archive.writestr("xl/workbook.bin", record(131) + sheets + record(132))
        archive.writestr(
            "xl/worksheets/sheet1.bin",
            record(129) + record(148, extent) + record(145) + body + record(146) + record(130),
        )
    return target


WRITERS = {
    ".xlsb": (binary, "t.xlsb"),
    "OpenDocument": (open_document, "t.ods"),
    "OpenDocument without its ending": (open_document, "t"),
    "a page named .xls": (page, "t.xls"),
    "XML of 2003 named .xls": (xml_2003, "t.xls"),
    ".xlsx named .xls": (lambda target, rows: shutil.copy(excel(target.with_suffix(".xlsx"), rows), target), "t.xls"),
}


@pytest.mark.parametrize(("write", "name"), WRITERS.values(), ids=WRITERS)
def test_a_table_by_sector(write, name: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    io = read(write(tmp_path / name, TABLE)).table()
    assert (io.Z.sum(), io.Y.sum(), io.V.sum(), io.x.tolist()) == (100.0, 200.0, 200.0, [100.0, 200.0])


def test_a_cell_at_the_far_end_of_a_binary_sheet_is_refused_before_it_is_laid_out(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match="spans 1,048,576 rows and 16,384 columns"):
        read(binary(tmp_path / "t.xlsb", TABLE, last=(1_048_575, 16_383)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_page_with_a_long_table_keeps_its_codes(encoding: str, tmp_path: Path) -> None:
    trade = read(page(tmp_path / "t.xls", TRADE, encoding)).trade
    assert trade is not None
    frame = trade.frame(by=["product"])
    assert dict(zip(frame["product"], frame["value"], strict=True)) == {"0901": 1234.5, "0902": 1000.0}


def test_cells_that_span_several_rows_and_columns_leave_the_others_in_place(tmp_path: Path) -> None:
    target = tmp_path / "t.html"
    target.write_text(
        "<table><tr><th rowspan=2>exporter</th><th colspan=2>to</th></tr><tr><td>importer</td><td>value</td></tr>"
        "<tr><td>DEU</td><td>FRA</td><td>5</td></tr><tr><td>FRA</td><td>DEU</td><td>6</td></tr></table>",
        encoding="utf-8",
    )
    from netcluster.tables.markup import MarkupBook

    book = MarkupBook(target)
    rows = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    assert rows[:3] == [["exporter", "to", ""], ["", "importer", "value"], ["DEU", "FRA", "5"]]


def test_a_page_that_asks_to_log_in_is_refused_as_one(tmp_path: Path) -> None:
    target = tmp_path / "t.csv"
    target.write_text("<!DOCTYPE html><html><title>Log in</title><p>Please</p></html>", encoding="utf-8")
    with pytest.raises(NetclusterError, match="web page without a table \\(Log in\\)"):
        read(target)


def test_inspect_of_an_open_document_says_its_kind(tmp_path: Path) -> None:
    assert inspect(open_document(tmp_path / "t.ods", TABLE)).kind == "io"


def _declared(source: Path, target: Path, extra: bytes = b"") -> Path:
    """Copy a workbook whose sheet declares all the cells there can be."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename.endswith("sheet1.xml"):
                start = content.index(b'<dimension ref="') + 16
                content = content[:start] + b"A1:XFD1048576" + content[content.index(b'"', start) :]
                content = content.replace(b"</sheetData>", extra + b"</sheetData>")
            new.writestr(info.filename, content)
    return target


def test_a_sheet_that_declares_all_cells_is_read_for_those_it_has(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("netcluster.tables.workbook.SMALL_SHEET", 100)  # looked through in pieces
    book = _declared(excel(tmp_path / "a.xlsx", TABLE), tmp_path / "b.xlsx")
    assert read(book).table().x.tolist() == [100.0, 200.0]
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    far = _declared(tmp_path / "a.xlsx", tmp_path / "c.xlsx", stray)
    with pytest.raises(NetclusterError, match="1,048,576 rows and 16,384 columns"):
        read(far)


def test_a_panic_of_the_parser_is_not_shown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    book = sorted(shared_data("brazil_ibge_2019").rglob("*.xls"), key=lambda path: path.stat().st_size)[0].read_bytes()
    for part in range(1, 20):
        (tmp_path / "t.xls").write_bytes(book[: len(book) * part // 20])
        with pytest.raises(NetclusterError):
            read(tmp_path / "t.xls")
    assert capfd.readouterr().err == ""
