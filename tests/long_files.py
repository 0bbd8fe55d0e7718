"""Reading long tables in tests, as read() does, and writing them in any dialect."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from netcluster.core.errors import NetclusterError
from netcluster.tables.bundle import Bundle
from netcluster.tables.long.recognise import Layout, read_long
from netcluster.tables.options import Dialect, ReadOptions
from netcluster.tables.read import recognise_long


def open_long(*paths: Path, **options: Any) -> Bundle:
    """Return the bundle of files of one kind; the first is sniffed and recognised for all."""
    layout, dialect = layout_of(paths[0], **options)
    return read_long(paths, layout, dialect, ReadOptions(**options))


def layout_of(path: Path, **options: Any) -> tuple[Layout, Dialect]:
    """Return what a file is taken for; one that is no long table is an error."""
    found = recognise_long(path, ReadOptions(**options))
    if found is None:
        raise NetclusterError(f"{path.name} was not recognised as a long table.")
    return found


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a text as it stands and return its path."""
    path.write_bytes(text.encode(encoding))
    return path


def write_dialect(
    path: Path,
    header: Sequence[str],
    rows: Sequence[Sequence[str | float | None]],
    *,
    delimiter: str = ",",
    decimal: str = ".",
    thousands: str = "",
    quote_all: bool = False,
    encoding: str = "utf-8",
    newline: str = "\n",
    title: str = "",
    footer: str = "",
) -> Path:
    """Write rows whose numbers are floats (None is missing) in a dialect."""
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    )
    writer.writerow(header)
    for row in rows:
        writer.writerow([cell if isinstance(cell, str) else number(cell, decimal, thousands) for cell in row])
    text = (title + newline if title else "") + out.getvalue() + (footer + newline if footer else "")
    path.write_bytes(text.encode(encoding))
    return path


def number(value: float | None, decimal: str, thousands: str) -> str:
    """Write a number with three decimals under some marks."""
    if value is None:
        return ""
    return f"{value:,.3f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
