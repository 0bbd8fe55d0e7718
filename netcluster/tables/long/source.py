"""Long files as one DuckDB relation, whatever their encoding, dialect and packing.

What DuckDB reads as it stands (plain UTF-8 text, Parquet) is read in place. Anything else is first decoded, stream
by stream, to a UTF-8 copy without titles, header and footnotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.tables.cells import clean
from netcluster.tables.duck import Store, identifier, literal, plainly
from netcluster.tables.grid import kind_of
from netcluster.tables.long.copy import copy, copy_sheet, header_of, single, stands
from netcluster.tables.long.numbers import number_sql
from netcluster.tables.long.own import direction

if TYPE_CHECKING:
    from netcluster.tables.options import Dialect


@dataclass(frozen=True)
class Part:
    """One file of a long table: where its text stands, its columns, and the lines under it taken as notes."""

    path: Path
    header: tuple[str, ...]
    skip: int = 0
    types: tuple[str, ...] = ()
    year: int | None = None
    name: str = ""
    footer: tuple[str, ...] = ()

    def column(self, theirs: str) -> int:
        """Return a column's position by its name, or, where no column is named so, by its number from 1."""
        for same in (str, clean, _folded):
            keys = [same(name) for name in self.header]
            if same(theirs) in keys:
                return keys.index(same(theirs))
        if theirs.isdigit() and 1 <= int(theirs) <= len(self.header):
            return int(theirs) - 1
        raise NetclusterError(
            f"{self.name or self.path.name} has no column {theirs!r}.", f"Its columns: {', '.join(self.header[:40])}."
        )


#: Types of Parquet columns whose numbers need no way over text.
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


@dataclass(frozen=True)
class Source:
    """The files of one long table, and how their numbers are written."""

    parts: tuple[Part, ...]
    dialect: Dialect
    store: Store

    @property
    def name(self) -> str:
        """What to call the input in messages."""
        first = self.parts[0].name
        return first if len(self.parts) == 1 else f"{first} and {len(self.parts) - 1} more"

    def only(self, part: Part) -> Source:
        """Return the source of one of its files."""
        return replace(self, parts=(part,))

    def scan(
        self,
        columns: Mapping[str, str],
        numbers: Iterable[str] = (),
        *,
        types: Mapping[str, str] | None = None,
        raw: bool = False,
    ) -> str:
        """Return a SELECT that yields our columns: text, and DOUBLE for `numbers` (NULL where it is none).

        `types` lets the reader of the file convert some columns, which is fast and fails at the first cell
        that can't be. `raw` adds each number's text as `<name>_text`. A column "=Brazil" is that text in all rows,
        "=" the flow that the name of each file tells.
        """
        wanted = tuple(numbers)
        types = types or {}
        selects: list[str] = []
        for group in _alike(self.parts):
            cells = []
            for ours, theirs in columns.items():
                if theirs.startswith("="):
                    cells.append(f"{literal(theirs[1:] or direction(group[0].name))} AS {ours}")
                    continue
                at = group[0].column(theirs)
                cells.extend(self._cell(group[0], ours, at, ours in wanted, types.get(ours, ""), raw))
            if group[0].year is not None and "year" not in columns:
                cells.append(f"{group[0].year} AS year")
            kinds = {group[0].column(columns[name]): kind for name, kind in types.items() if name in columns}
            selects.append(f"SELECT {', '.join(cells)} FROM {self._reader(group, kinds)}")
        return " UNION ALL ".join(selects)

    def _cell(self, part: Part, ours: str, at: int, number: bool, kind: str, raw: bool) -> list[str]:
        column = f"c{at}"
        if part.types:
            stored, column = part.types[at], identifier(part.header[at])
            if number and stored not in ("VARCHAR", "BLOB"):
                return [f"CAST({column} AS DOUBLE) AS {ours}"] + (
                    [f"CAST({column} AS VARCHAR) AS {ours}_text"] if raw else []
                )
            if stored in ("DOUBLE", "FLOAT") and not number:
                whole = f"CASE WHEN {column} = floor({column}) THEN CAST(CAST({column} AS BIGINT) AS VARCHAR)"
                return [f"{whole} ELSE CAST({column} AS VARCHAR) END AS {ours}"]
            if kind and stored in _WHOLE:
                return [f"CAST({column} AS {kind}) AS {ours}"]
            column = f"CAST({column} AS VARCHAR)"
        if kind:
            return [f"CAST({column} AS {kind}) AS {ours}" if part.types else f"{column} AS {ours}"]
        if not number:
            return [f"trim({column}, {literal(' ' + chr(9) + chr(160))}) AS {ours}"]
        return [f"{number_sql(column, self.dialect)} AS {ours}"] + ([f"{column} AS {ours}_text"] if raw else [])

    def _reader(self, group: Sequence[Part], types: Mapping[int, str]) -> str:
        files = "[" + ", ".join(literal(str(part.path)) for part in group) + "]"
        if group[0].types:
            return f"read_parquet({files})"
        kinds = ", ".join(f"'c{i}': '{types.get(i, 'VARCHAR')}'" for i in range(len(group[0].header)))
        decimal = f", decimal_separator={literal(self.dialect.decimal)}" if self.dialect.decimal != "." else ""
        # By its bytes: DuckDB goes by the ending, which may be wrong.
        packed = "gzip" if all(_is_gzip(part.path) for part in group) else "none"
        return (
            f"read_csv({files}, header=false, auto_detect=false, columns={{{kinds}}}, skip={group[0].skip},"
            f" delim={literal(self.dialect.delimiter)}, quote='\"', escape='\"', nullstr=''{decimal},"
            f" compression='{packed}')"
        )


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _alike(parts: Sequence[Part]) -> list[list[Part]]:
    groups: dict[object, list[Part]] = {}
    for part in parts:
        groups.setdefault((part.header, part.skip, part.types, part.year, direction(part.name)), []).append(part)
    return list(groups.values())


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def open_source(paths: Sequence[Path], dialect: Dialect, sheet: str = "", *, copied: bool = False) -> Source:
    """Return the files as one source; text DuckDB can't read as it stands is decoded to a copy, with `copied` all text.

    Raises NetclusterError where a file can't be read or decoded.
    """
    store = Store()
    parts, written = [], dialect
    for number, path in enumerate(paths):
        target = store.folder / f"{number}.csv"
        kind = kind_of(path)
        if kind == "parquet":
            parts.append(_parquet(path, store))
        elif kind == "workbook":
            parts.append(Part(target, copy_sheet(path, dialect, sheet, target).header, name=path.name))
            written = replace(dialect, delimiter=",", decimal=".", thousands="")
        elif stands(path, dialect) and not copied:
            header, skip = header_of(path, dialect)
            parts.append(Part(path, header, skip, name=path.name))
        else:
            plain = copy(path, dialect, target)
            parts.append(Part(target, plain.header, name=path.name, footer=plain.footer))
            written = replace(dialect, delimiter=single(dialect.delimiter))
    return Source(tuple(_with_years(parts)), written, store)


def _parquet(path: Path, store: Store) -> Part:
    connection = store()
    with plainly(path.name):
        rows = connection.execute(f"DESCRIBE SELECT * FROM read_parquet([{literal(str(path))}])").fetchall()
    connection.close()
    return Part(path, tuple(row[0] for row in rows), types=tuple(row[1] for row in rows), name=path.name)


def _with_years(parts: Sequence[Part]) -> list[Part]:
    """Give each of several files the year its name tells, for tables that have no column of years."""
    years = [re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", part.name) for part in parts]
    if all(len(set(found)) == 1 for found in years):
        return [replace(part, year=int(found[0])) for part, found in zip(parts, years, strict=True)]
    return list(parts)
