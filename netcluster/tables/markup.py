"""Tables written as markup under a workbook's name: HTML tables, and Excel's XML Spreadsheet of 2003."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from netcluster.core.errors import NetclusterError
from netcluster.tables.archive import read_bytes
from netcluster.tables.cells import number
from netcluster.tables.options import Dialect

#: Bytes at the head of a file among which its first tag stands.
HEAD = 4096
#: The most bytes of markup that are parsed.
LARGEST = 256 * 1024**2
#: A cell or a row may say that it stands further on, but not further than a workbook reaches.
_COLUMNS, _ROWS = 16_384, 1_048_576
_FIRST_TAG = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|meta|table|div|style|\?xml|!--)", re.IGNORECASE)
_SHEET_XML = "urn:schemas-microsoft-com:office:spreadsheet"


def is_markup(head: bytes) -> bool:
    r"""Whether a file's first bytes are those of a web page or of an XML spreadsheet.

    >>> is_markup(b"\n<html><table>"), is_markup(b"a,<b\n"), is_markup("<table>".encode("utf-16"))
    (True, False, True)
    """
    if b"<" not in head[:64]:
        return False
    text = _decoded(head, "replace")
    first = _FIRST_TAG.match(text)
    return first is not None and (
        not first[0].lower().endswith("?xml") or _SHEET_XML in text or "<html" in text.lower()
    )


class MarkupBook:
    """The tables of a page or the sheets of an XML spreadsheet, as calamine offers those of a workbook."""

    def __init__(self, path: Path) -> None:
        data = read_bytes(path)
        if len(data) > LARGEST:
            raise NetclusterError(f"{path} is a page of more than 256 MB.", "Save its table as .xlsx or .csv.")
        reader = _Tables()
        reader.feed(_decoded(data, "replace"))
        reader.close()
        self._tables = {name: rows for name, rows in reader.named() if any(map(any, rows))}
        if not self._tables:
            raise NetclusterError(
                f"{path} is a web page without a table ({reader.title or 'no title'}).",
                "The download may have failed or asked for a log-in: open it in a browser, and download it again.",
            )
        self.sheet_names = list(self._tables)

    def get_sheet_by_name(self, name: str) -> MarkupSheet:
        """Return one table."""
        return MarkupSheet(self._tables[name])


class MarkupSheet:
    """The rows of one table."""

    def __init__(self, rows: list[list[str]]) -> None:
        self._rows = rows

    def to_python(self, *, skip_empty_area: bool = True, nrows: int | None = None) -> list[list[object]]:
        """Return rows of equal length: numbers where they are written with marks or are told to be, else texts."""
        from netcluster.tables.cells import find_marks

        decimal, thousands = find_marks(self._rows)
        dialect = Dialect(decimal=decimal, thousands=thousands)
        width = max(map(len, self._rows), default=0)
        rows = [[_value(cell, dialect) for cell in row] + [""] * (width - len(row)) for row in self._rows[:nrows]]
        while skip_empty_area and rows and not any(cell != "" for cell in rows[0]):
            del rows[0]
        return rows


def _value(cell: str, dialect: Dialect) -> object:
    # Plain digits may be a code (01, 2710): they stay texts, and become numbers where numbers are expected.
    if cell.isdigit() or not any(c.isdigit() for c in cell) or cell[:1].isalpha():
        return cell
    found = number(cell, dialect)
    return cell if found is None or found != found else found


def _decoded(data: bytes, errors: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors)
    told = re.search(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]+)""", data[:HEAD], re.IGNORECASE)
    names = [told[1].decode("ascii", "replace")] if told else []
    for name in (*names, "utf-8-sig"):
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", errors)


class _Tables(HTMLParser):
    """Gather the cells of all tables; a table within a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self._done: list[tuple[str, list[list[str]]]] = []
        self._open: list[list[list[str]]] = []
        self._names: list[str] = []
        self._sheet = ""
        self._cell: list[str] | None = None
        self._span = 0
        self._spans: list[tuple[int, int, int]] = []
        self._silent = ""

    def named(self) -> list[tuple[str, list[list[str]]]]:
        """Return the tables under names that differ."""
        tables = [*self._done, *zip(self._names, self._open, strict=False)]
        seen: dict[str, list[list[str]]] = {}
        for k, (name, rows) in enumerate(tables, start=1):
            seen[name if name and name not in seen else f"table {k}"] = rows
        return list(seen.items())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name.rpartition(":")[2]: value or "" for name, value in attrs}
        if tag in ("script", "style", "title"):
            self._silent = tag
        elif tag.endswith("worksheet"):
            self._sheet = told.get("name", "")
        elif tag in ("table", "ss:table"):
            self._end_cell()
            self._open.append([])
            self._names.append(self._sheet)
            self._spans = []
        elif self._open and tag in ("tr", "row", "ss:row"):
            self._end_cell()
            place = _whole(told.get("index", ""), _ROWS)
            rows = self._open[-1]
            rows.extend([] for _ in range(len(rows), place - 1))
            rows.append([])
        elif self._open and tag in ("td", "th", "cell", "ss:cell"):
            self._start_cell(told)
        elif tag in ("br", "p", "div") and self._cell is not None:
            self._cell.append(" ")

    def _start_cell(self, told: dict[str, str]) -> None:
        self._end_cell()
        rows = self._open[-1]
        if not rows:
            rows.append([])
        row = rows[-1]
        at = len(rows) - 1
        while any(top < at < end and column == len(row) for top, end, column in self._spans):
            row.append("")  # the cell above reaches down to here
        place = _whole(told.get("index", ""), _COLUMNS)
        row.extend([""] * (place - 1 - len(row)))
        across = max(_whole(told.get("colspan", ""), _COLUMNS), 1 + _whole(told.get("mergeacross", ""), _COLUMNS))
        down = max(_whole(told.get("rowspan", ""), _ROWS), 1)
        if down > 1:
            self._spans += [(at, at + down, len(row) + k) for k in range(across)]
        self._cell, self._span = [], across

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        elif tag in ("td", "th", "cell", "ss:cell"):
            self._end_cell()
        elif tag in ("table", "ss:table") and self._open:
            self._end_cell()
            self._done.append((self._names.pop(), self._open.pop()))

    def handle_data(self, data: str) -> None:
        if self._silent == "title":
            self.title = " ".join(data.split())[:60]
        elif self._cell is not None and not self._silent:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None and self._open and self._open[-1]:
            self._open[-1][-1] += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
        self._cell = None


def _whole(text: str, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 9 else 0
