"""Sheets of workbooks (.xlsx, .xls, .xlsb, .ods, markup named .xls) as grids."""

from __future__ import annotations

import datetime
import marshal
import math
import re
import struct
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import compress
from pathlib import Path
from typing import IO, cast

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.tables.archive import check_declared, open_zip, reading, stamp
from netcluster.tables.cells import MISSING, find_marks, looks_numeric, number
from netcluster.tables.grid import Array, Grid, Source, check_size, refuse_infinite
from netcluster.tables.openbook import open_book, plain_errors, sheet_of
from netcluster.tables.options import Dialect, ReadOptions

#: The most cells a sheet may span: calamine lays the whole rectangle out, 32 bytes a cell.
MOST_SPAN = 40_000_000
#: Sheets below this size are looked through for stray cells before calamine lays them out.
SMALL_SHEET = 4 * 1024**2
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+(?::([A-Z]+)(\d+))?"')
_FAR = re.compile(rb' r="(?:[A-Z]{3,4}\d{1,8}|[A-Z]{1,2}\d{5,8})"')
_CELL = re.compile(rb'<c [^>]{0,200}?r="([A-Z]{1,4})(\d{1,8})"')
#: Records of an .xlsb sheet: 0 is a row, 1 to 11 are cells; one says how far the sheet reaches.
_LAST_CELL, _EXTENT = 11, 148
_PLAIN = Dialect(missing=MISSING)
#: Columns of labels stand among a sheet's first.
_LABELS = 6


def sheets(path: Path, options: ReadOptions) -> list[Source]:
    """Return the sheets of a workbook, none loaded yet; with `options.sheet` that one only."""
    names = list(_names(path, stamp(path)))
    if options.sheet:
        if options.sheet not in names:
            raise NetclusterError(
                f"{path} has no sheet {options.sheet!r}.", f"It has {', '.join(map(repr, names[:30]))}."
            )
        names = [options.sheet]
    return [
        Source(path, f"{path.name}, sheet {name}", _loader(path, name, options.decimal), sheet=name) for name in names
    ]


@lru_cache(maxsize=64)
def _names(path: Path, _state: tuple[int, int]) -> tuple[str, ...]:
    """Return the names of a workbook's sheets; while the file stays as it is, it is looked at once."""
    with reading(path) as stream:
        packed = stream.read(2) == b"PK"
    if packed:
        _check_parts(path)
    return tuple(open_book(path).sheet_names)


def _check_parts(path: Path) -> None:
    """Refuse a workbook whose parts unfold without measure, or whose sheets span too much."""
    with open_zip(path) as archive:
        for info in archive.infolist():
            check_declared(path, info)
            if not info.filename.startswith("xl/worksheets/") or not info.filename.endswith((".xml", ".bin")):
                continue
            with archive.open(info) as stream:
                span = _binary_span if info.filename.endswith(".bin") else cell_span
                rows, columns = span(stream, info.file_size)
            if rows * columns > MOST_SPAN:
                raise NetclusterError(
                    f"{path} has a sheet that spans {rows:,} rows and {columns:,} columns ({info.file_size:,} bytes).",
                    "Delete the stray cell at the far end, or the empty rows and columns, and save it again.",
                )


def _binary_span(stream: IO[bytes], size: int) -> tuple[int, int]:
    """Return how many rows and columns the cells of an .xlsb sheet span, or what a large one says they do.

    The sheet is a run of records: a number and a length of seven bits a byte, and the content ([MS-XLSB] 2.1.4).
    """
    data = stream.read(SMALL_SHEET if size > SMALL_SHEET else size)
    at, rows, columns = 0, 1, 1

    def packed(start: int) -> tuple[int, int]:
        value = shift = 0
        while start < len(data):
            byte = data[start]
            value, shift, start = value | (byte & 127) << shift, shift + 7, start + 1
            if byte < 128:
                break
        return value, start

    while at < len(data):
        low, at = data[at], at + 1
        kind, at = (low & 127 | data[at] << 7, at + 1) if low > 127 and at < len(data) else (low, at)
        length, at = packed(at)
        if kind == _EXTENT and size > SMALL_SHEET:
            _, last_row, _, last_column = struct.unpack_from("<4I", data.ljust(at + 16, b"\0"), at)
            return last_row + 1, last_column + 1
        if kind <= _LAST_CELL and at + 4 <= len(data):
            place = int.from_bytes(data[at : at + 4], "little") + 1
            rows, columns = (max(rows, place), columns) if kind == 0 else (rows, max(columns, place))
        at += length
    return rows, columns


def cell_span(stream: IO[bytes], size: int) -> tuple[int, int]:
    """Return how many rows and columns a sheet's cells span; large ones are looked through where they don't say."""
    head = stream.read(8192)
    declared = _DIMENSION.search(head)
    if size > SMALL_SHEET and declared and declared[2] and int(declared[2]) * _column(declared[1]) <= MOST_SPAN:
        return int(declared[2]), _column(declared[1])
    # The rectangle calamine lays out goes by the cells, whatever the sheet declares.
    rows, columns, left = 1, 1, b""
    near: list[bytes] = []
    # Few sheets have a cell beyond ZZ9999; where a small one has none, no cell is looked at by itself.
    far = size > SMALL_SHEET
    piece = head
    while piece:
        text = left + piece
        near.append(text)
        if far := far or bool(_FAR.search(text)):
            cells = [cell for part in near for cell in _CELL.findall(part)]
            rows = max(rows, max(map(int, {row for _, row in cells}), default=1))
            columns = max(columns, max(map(_column, {letters for letters, _ in cells}), default=1))
            near = []
        left, piece = text[-256:], stream.read(SMALL_SHEET)
    return rows, columns


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _loader(path: Path, name: str, decimal: str) -> Callable[[], Grid]:
    def load() -> Grid:
        sheet = sheet_of(path, name)
        with plain_errors(path, name):
            rows = sheet.to_python(skip_empty_area=False)
        return grid_of(rows, f"{path.name}, sheet {name}", decimal)

    return load


def grid_of(rows: list[list[object]], name: str, decimal: str = "") -> Grid:
    """Return rows of Python values (numbers, texts, dates, blanks) as a grid; `decimal` is the mark of text numbers."""
    width = max(map(len, rows), default=0)
    check_size(len(rows), width, name)
    cells = _Cells(np.full((len(rows), width), np.nan))
    # Most rows are a few labels and then numbers alone: those of one shape go in at once.
    labels = 0
    alike: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        shape = labels, len(row)
        if len(row) > labels and row[labels].__class__ is float and (shape in alike or _are_numbers(row[labels:])):
            alike[shape].append(i)
        else:
            last = cells.put(i, row)
            labels = last if last < len(row) // 2 else labels
    for (start, _), at in alike.items():
        cells.put_alike(at, [rows[i] for i in at], start)
    cells.read_marked(name, decimal)
    refuse_infinite(cells.values, name)
    return Grid(name, cells.values, dict(cells.texts), missing=cells.missing)


class _Cells:
    """The numbers and the texts of a sheet, while they are put in."""

    def __init__(self, values: Array) -> None:
        self.values = values
        self.texts: defaultdict[int, dict[int, str]] = defaultdict(dict)
        self.missing: set[tuple[int, int]] = set()

    def put(self, i: int, row: Sequence[object]) -> int:
        """Put in a row, and return the column behind its last text."""
        last = 0
        for j, value in enumerate(row):
            if value.__class__ is float:
                self.values[i, j] = value
            elif value.__class__ is str:
                last = j + 1
            if value.__class__ is not float:
                self._put_other(value, i, j)
        return last

    def put_alike(self, at: list[int], rows: list[list[object]], start: int) -> None:
        """Put in rows of one length that should hold numbers alone from column `start` on."""
        found = _numbers([row[start:] for row in rows])
        if found is None:
            alone = [_are_numbers(row[start:]) for row in rows]
            for i, row, numbers in zip(at, rows, alone, strict=True):
                if not numbers:
                    self.put(i, row)
            at, rows = list(compress(at, alone)), list(compress(rows, alone))
            found = np.array([row[start:] for row in rows], dtype=np.float64).reshape(len(rows), -1)
        self.values[at, start : start + found.shape[1]] = found
        for j in range(start):
            self._put_column(at, j, [row[j] for row in rows])

    def _put_column(self, at: list[int], j: int, column: list[object]) -> None:
        kinds = set(map(type, column))
        if kinds == {float}:
            self.values[at, j] = cast(list[float], column)
        elif kinds == {str} and all(text and _read_text(text) is None for text in set(cast(list[str], column))):
            self.texts[j].update(zip(at, cast(list[str], column), strict=True))
        else:
            for i, value in zip(at, column, strict=True):
                self._put_other(value, i, j)

    def _put_other(self, value: object, i: int, j: int) -> None:
        if isinstance(value, str):
            if value:
                self._put_text(value, i, j)
        elif isinstance(value, bool):
            self.texts[j][i] = str(value)
        elif isinstance(value, (float, int)):
            self.values[i, j] = value
        elif isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
            self.texts[j][i] = str(value)

    def _put_text(self, text: str, i: int, j: int) -> None:
        """Put in a text, as the number it stands for where it does."""
        found = _read_text(text)
        self.texts[j][i] = text
        if found is not None:
            if math.isnan(found):
                self.missing.add((i, j))
            else:
                self.values[i, j] = found

    def read_marked(self, name: str, decimal: str) -> None:
        """Read anew the numbers that are stored as text, by the marks they are written with: 1.234,5 or 1,234.5."""
        amounts = self._amounts()
        marked = [text for column in amounts.values() for text in column.values() if "," in text or "." in text]
        if not marked:
            return
        point, thousands = find_marks([[text] for text in marked], decimal, name)
        if (point, thousands) == (_PLAIN.decimal, _PLAIN.thousands):
            return
        dialect = Dialect(decimal=point, thousands=thousands, missing=MISSING)
        for j, column in amounts.items():
            for i, text in column.items():
                found = number(text, dialect)
                self.values[i, j] = math.nan if found is None else found

    def _amounts(self) -> dict[int, dict[int, str]]:
        """Return the texts that look like numbers in columns that hold little else, behind those of labels."""
        found: dict[int, dict[int, str]] = {}
        for j in sorted(self.texts):
            column = {i: text for i, text in self.texts[j].items() if looks_numeric(text)}
            words = len(self.texts[j]) - len(column)
            if len(column) > words and j > min(self.texts):
                found[j] = column
            elif j < _LABELS and words > np.count_nonzero(np.isfinite(self.values[:, j])):
                found.clear()
        return found


def _are_numbers(cells: list[object]) -> bool:
    return set(map(type, cells)) == {float}


def _numbers(rows: list[list[object]]) -> Array | None:
    """Return rows of one length as an array where each cell is a float, else None.

    One pass tells the kinds of all cells and takes their values: marshal's format 2 puts 5 bytes before a list, and
    writes a float, and nothing else, as "g" and 8 bytes. Were it otherwise, the answer would be None.
    """
    width = len(rows[0])
    record = np.dtype([("head", "V5"), ("cells", [("kind", "S1"), ("value", "<f8")], width)])
    try:
        written = marshal.dumps(rows, 2)
    except ValueError:
        return None  # a date
    if len(written) != 5 + len(rows) * record.itemsize:
        return None
    cells = np.frombuffer(written, record, offset=5)["cells"]
    return np.asarray(cells["value"]) if (cells["kind"] == b"g").all() else None


@lru_cache(maxsize=1 << 16)
def _read_text(text: str) -> float | None:
    """Return the number a text stands for, NaN for one that is missing, or None for a word."""
    first = text.lstrip()[:1]
    if first.isalpha() and len(text) > 4 and not text.rstrip(") ")[-1:].isdigit():
        return None
    return number(text, _PLAIN)
