"""Sheets of .xlsx and .xls workbooks as grids, through calamine."""

from __future__ import annotations

import datetime
import math
import re
from pathlib import Path

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.tables.archive import check_declared, open_zip, reading
from netcluster.tables.cells import MISSING, number
from netcluster.tables.grid import Array, Grid, Source, check_size, refuse_infinite
from netcluster.tables.options import Dialect, ReadOptions

#: The most cells a sheet may span: calamine lays the whole rectangle out, 32 bytes a cell.
MOST_SPAN = 40_000_000
#: Sheets below this size are looked through for stray cells before calamine lays them out.
SMALL_SHEET = 4 * 1024**2
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+(?::([A-Z]+)(\d+))?"')
_CELL = re.compile(rb'<c [^>]{0,200}?r="([A-Z]{1,4})(\d{1,8})"')
_PLAIN = Dialect(missing=MISSING)


def sheets(path: Path, options: ReadOptions) -> list[Source]:
    """Return the sheets of a workbook, none loaded yet; with `options.sheet` that one only."""
    book = _open(path)
    names = list(book.sheet_names)
    if options.sheet:
        if options.sheet not in names:
            raise NetclusterError(
                f"{path} has no sheet {options.sheet!r}.", f"It has {', '.join(map(repr, names[:30]))}."
            )
        names = [options.sheet]
    return [Source(path, f"{path.name}, sheet {name}", _loader(book, path, name), sheet=name) for name in names]


def _open(path: Path):  # type: ignore[no-untyped-def]
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

    with reading(path) as stream:
        packed = stream.read(2) == b"PK"
    if packed:
        _check_parts(path)
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise NetclusterError(f"{path} is protected by a password.", "Save it without one.") from None
    except (CalamineError, XmlError, ZipError, OSError, ValueError) as error:
        raise NetclusterError(
            f"{path} can't be read as a workbook: {str(error) or 'it is damaged'}.", "Open and save it again."
        ) from None
    except BaseException as error:
        # The parser, written in Rust, panics on some files cut short; that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise NetclusterError(
            f"{path} can't be read as a workbook: it is damaged.", "Open and save it again."
        ) from None


def _check_parts(path: Path) -> None:
    """Refuse a workbook whose parts unfold without measure, or whose sheets span too much."""
    with open_zip(path) as archive:
        for info in archive.infolist():
            check_declared(path, info)
            if not info.filename.startswith("xl/worksheets/") or not info.filename.endswith(".xml"):
                continue
            with archive.open(info) as stream:
                head = stream.read(8192)
                small = info.file_size <= SMALL_SHEET
                _check_span(path, head, info.file_size, head + stream.read() if small else b"")


def _check_span(path: Path, head: bytes, size: int, whole: bytes) -> None:
    declared = _DIMENSION.search(head)
    rows, columns = 1, 1
    if declared and declared[2]:
        rows, columns = int(declared[2]), _column(declared[1])
    if whole:
        # The rectangle calamine lays out goes by the cells, whatever the sheet declares.
        cells = _CELL.findall(whole)
        rows = max(map(int, {row for _, row in cells}), default=1)
        columns = max(map(_column, {letters for letters, _ in cells}), default=1)
    if rows * columns > MOST_SPAN:
        raise NetclusterError(
            f"{path} has a sheet that spans {rows:,} rows and {columns:,} columns ({size:,} bytes).",
            "Delete the stray cell at the far end, or the empty rows and columns, and save it again.",
        )


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _loader(book, path: Path, name: str):  # type: ignore[no-untyped-def]
    def load() -> Grid:
        from python_calamine import CalamineError, XmlError

        try:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, XmlError, OSError, ValueError) as error:
            raise NetclusterError(f"{path}, sheet {name}: it can't be read ({error}).", "Save it again.") from None
        return grid_of(rows, f"{path.name}, sheet {name}")

    return load


def grid_of(rows: list[list[object]], name: str) -> Grid:
    """Return rows of Python values (numbers, texts, dates, blanks) as a grid."""
    width = max(map(len, rows), default=0)
    check_size(len(rows), width, name)
    values = np.full((len(rows), width), np.nan)
    texts: dict[tuple[int, int], str] = {}
    missing: set[tuple[int, int]] = set()
    # The same labels stand on many rows: each is looked at once.
    words: set[str] = set()
    labels = 0
    for i, row in enumerate(rows):
        # Most rows are a few labels and then numbers alone: those go in at once.
        tail = row[labels:]
        head = row
        if set(map(type, tail)) == {float}:
            values[i, labels : labels + len(tail)] = tail
            head = row[:labels]
        last = -1
        for j, v in enumerate(head):
            if v.__class__ is float:
                values[i, j] = v
            elif v.__class__ is str:
                last = j
                if v in words:
                    texts[i, j] = v
                elif v and _text(v, (i, j), values, texts, missing):
                    words.add(v)
            elif v is not None:
                _other(v, (i, j), values, texts)
        labels = last + 1 if last + 1 < len(row) // 2 else labels
    refuse_infinite(values, name)
    return Grid(name, values, texts, missing=missing)


def _text(
    text: str,
    at: tuple[int, int],
    values: Array,
    texts: dict[tuple[int, int], str],
    missing: set[tuple[int, int]],
) -> bool:
    """Put a text into a grid, as the number it stands for where it does; return whether it is a word."""
    found = _read_text(text)
    texts[at] = text
    if found is None:
        return True
    if math.isnan(found):
        missing.add(at)
    else:
        values[at] = found
    return False


def _other(value: object, at: tuple[int, int], values: Array, texts: dict[tuple[int, int], str]) -> None:
    if isinstance(value, bool):
        texts[at] = str(value)
    elif isinstance(value, int):
        values[at] = value
    elif isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        texts[at] = str(value)


def _read_text(text: str) -> float | None:
    first = text.lstrip()[:1]
    if first.isalpha() and len(text) > 4:
        return None
    return number(text, _PLAIN)
