"""Rows from all over a long file, to tell how its columns are written without reading it whole."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from netcluster.tables.duck import arrow

if TYPE_CHECKING:
    from netcluster.tables.long.source import Part, Source

#: Places a file is looked at, evenly spread, and the bytes read at each.
PLACES = 8
BYTES = 16 * 1024
_NUMBER = re.compile(r"[0-9]+(?:\.([0-9]+))?\Z")
_WHOLE = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z")


def sample(source: Source, columns: Mapping[str, str]) -> dict[str, list[str]]:
    """Return some cells of our columns, as text, from the head, the middle and the end of each file."""
    cells: dict[str, list[str]] = {name: [] for name in columns}
    columns = {name: theirs for name, theirs in columns.items() if not theirs.startswith("=")}
    for part in source.parts:
        rows = _stored(source, part, columns) if part.types else _rows(source, part)
        at = {name: part.column(theirs) for name, theirs in columns.items()}
        for name, column in at.items():
            cells[name] += [row[column] for row in rows] if not part.types else rows[list(at).index(name)]
    return cells


def _rows(source: Source, part: Part) -> list[list[str]]:
    size = part.path.stat().st_size
    rows: list[list[str]] = []
    with part.path.open("rb") as stream:
        for place in range(PLACES):
            start = size * place // PLACES
            stream.seek(start)
            lines = stream.read(BYTES).decode("utf-8", errors="replace").split("\n")
            # A place in the middle starts within a line, and all but the end of the file end within one.
            lines = lines[part.skip if place == 0 else 1 : None if stream.tell() >= size else -1]
            rows += _split([line.rstrip("\r") for line in lines], source.dialect.delimiter, len(part.header))
            if size <= BYTES:
                break
    return rows


def _split(lines: Sequence[str], delimiter: str, width: int) -> list[list[str]]:
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if len(row) == width]
    except csv.Error:
        return []


def _stored(source: Source, part: Part, columns: Mapping[str, str]) -> list[list[str]]:
    """Return the first cells of columns of a Parquet file, column by column."""
    connection = source.store()
    try:
        query = f"SELECT * FROM ({source.only(part).scan(columns)}) LIMIT 20000"
        table = arrow(connection, query, part.name)
    finally:
        connection.close()
    return [[cell or "" for cell in table[name].to_pylist()] for name in columns]


def decimals(cells: Sequence[str], decimal: str) -> int | None:
    """Return the most decimals among plain numbers, None where a cell is something else.

    >>> decimals(["1.25", "3"], "."), decimals(["1,25"], "."), decimals(["-2"], ".")
    (2, None, None)
    """
    most = 0
    for cell in cells:
        found = _NUMBER.match(cell if decimal == "." else cell.replace(".", "x").replace(decimal, "."))
        if not found:
            return None
        most = max(most, len(found[1] or ""))
    return most


def are_whole(cells: Sequence[str]) -> bool:
    """Whether all cells are whole numbers without leading zeros.

    >>> are_whole(["4", "710"]), are_whole(["004"]), are_whole(["FRA"])
    (True, False, False)
    """
    return all(map(_WHOLE.match, set(cells)))
