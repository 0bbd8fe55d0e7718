"""Long tables in workbooks: the sheet and the row that name our columns, and the sheet as plain text."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.tables.options import Dialect, ReadOptions

if TYPE_CHECKING:
    from netcluster.tables.long.io_layout import LongLayout
    from netcluster.tables.long.recognise import Layout

#: Kinds whose headers are telling enough to be looked for on the sheets of any workbook.
KINDS = ("trade", "exports", "employment", "links")
#: Rows at the head of a sheet among which the header is looked for, and rows under it that are looked at.
TITLES = 30
SAMPLE = 200


def recognise_sheet(path: Path, options: ReadOptions) -> tuple[Layout, Dialect] | None:
    """Return the layout of the first sheet that holds a long table, or None where none does.

    The dialect's `skip` counts the rows above the header. Raises NetclusterError where the workbook can't be read
    or has no sheet of the name given.
    """
    from netcluster.tables.long.own import NoCountryError
    from netcluster.tables.long.recognise import recognise

    unnamed: NoCountryError | None = None
    for sheet, rows in _sheets(path, options.sheet):
        for top in range(min(TITLES, len(rows) - 1)):
            header, below = rows[top], rows[top + 1 : top + 1 + SAMPLE]
            if sum(bool(cell) for cell in header) < 2 or not any(map(any, below)):
                continue
            try:
                layout = recognise(header, below, options)
            except NoCountryError as error:
                unnamed = unnamed or error
                continue
            except NetclusterError:
                continue
            if layout is not None and (options.kind or (layout.kind in KINDS and not layout.decisions)):
                return replace(layout, sheet=sheet), Dialect(skip=top)
    if unnamed is not None:
        raise unnamed
    return None


def recognise_long_io(path: Path, options: ReadOptions) -> tuple[LongLayout, Dialect] | None:
    """Return the layout of the first sheet with an input–output table in long form, or None where none has."""
    from netcluster.tables.long.io_layout import recognise

    for sheet, rows in _sheets(path, options.sheet, 3 * SAMPLE):
        for top in range(min(TITLES, len(rows) - 1)):
            found = recognise(rows[top], rows[top + 1 :]) if len(rows[top]) <= 40 else None
            if found is not None and not found.wide:
                return replace(found, sheet=sheet), Dialect(skip=top)
    return None


def _sheets(path: Path, wanted: str, most: int = SAMPLE) -> Iterator[tuple[str, list[list[str]]]]:
    from netcluster.tables.workbook import sheets

    names = [source.sheet for source in sheets(path, ReadOptions(sheet=wanted))]
    for name in names:
        yield name, rows_of(path, name, TITLES + most)


def rows_of(path: Path, sheet: str, most: int | None = None) -> list[list[str]]:
    """Return the cells of a sheet as text, numbers as short as they can be written."""
    return [as_text(row) for row in values_of(path, sheet, most)]


def values_of(path: Path, sheet: str, most: int | None = None) -> list[list[object]]:
    """Return the cells of a sheet as they are: numbers, texts, dates, blanks."""
    from netcluster.tables.openbook import plain_errors, sheet_of

    laid_out = sheet_of(path, sheet)
    with plain_errors(path, sheet):
        return list(laid_out.to_python(skip_empty_area=True, nrows=most))


def as_text(row: Sequence[object]) -> list[str]:
    """Return the cells of a row as text."""
    return [cell.strip() if cell.__class__ is str else _text(cell) for cell in row]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return cell.isoformat()
    return str(cell).strip()


def write_rows(rows: Sequence[Sequence[str]], target: Path) -> None:
    """Write rows as plain UTF-8 text with commas, blank rows left out."""
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows(row for row in rows if any(row))
