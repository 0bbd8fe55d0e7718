"""Names for the codes of a trade table, from the lists of codes that stand beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.archive import read_bytes
from netcluster.tables.cells import looks_numeric
from netcluster.tables.long.headers import normal

_CODES = ("country_code", "code", "product_code", "hs_code", "id", "iso_3digit_alpha")
_NAMES = ("country_name_full", "country_name", "country_name_abbreviation", "name", "description", "label")
#: Lists of codes are short; anything larger is data.
_LARGEST = 4 * 1024 * 1024


def names_beside(paths: Sequence[Path]) -> tuple[Mapping[str, str], tuple[Note, ...]]:
    """Return code → name from files called …codes… in the tables' folders, and notes that say which were used."""
    names: dict[str, str] = {}
    notes = []
    for folder in sorted({path.parent for path in paths}):
        for file in sorted(folder.glob("*codes*.csv")):
            found = {} if file in paths else read_codes(file)
            if found:
                notes.append(
                    Note("codes_beside", f"Names of codes are from {file.name}, beside the table.", len(found))
                )
                names.update(found)
    return MappingProxyType(names), tuple(notes)


def read_codes(path: Path) -> dict[str, str]:
    """Return code → name of a list of codes, empty where the file is none."""
    try:
        if path.stat().st_size > _LARGEST:
            return {}
        data = read_bytes(path)
    except (OSError, NetclusterError):
        return {}
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows:
        return {}
    header = [normal(name) for name in rows[0]]
    code = next((header.index(name) for name in _CODES if name in header), None)
    name = next((header.index(key) for key in _NAMES if key in header), None)
    if code is None or name is None:
        return {}
    return {row[code].strip(): row[name].strip() for row in rows[1:] if len(row) > max(code, name)}


def is_list(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a file lists codes and names: words in each row, and no column of numbers but codes or positions.

    >>> is_list(["code", "name"], [["4", "Afghanistan"], ["8", "Albania"]])
    True
    >>> is_list(["industry", "jobs"], [["steel", "12.5"], ["food", "12.5"]])
    False
    """
    width = len(header)
    body = [row for row in rows if any(cell.strip() for cell in row)]
    if not body or not any(not looks_numeric(cell) for row in body for cell in row if cell.strip()):
        return False
    columns = [[row[at].strip() for row in body if len(row) > at and row[at].strip()] for at in range(width)]
    numbers = [cells for cells in columns if cells and sum(map(looks_numeric, cells)) > len(cells) / 2]
    if len(numbers) > sum(map(bool, columns)) - len(numbers):
        return False  # mostly numbers: a table
    return all(all(cell.isdigit() for cell in cells) and len(set(cells)) > 0.9 * len(cells) for cells in numbers)
