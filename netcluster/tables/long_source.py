"""Long files as one DuckDB relation, whatever their encoding, dialect and packing.

What DuckDB reads as it stands (plain UTF-8 text, Parquet) is read in place. Anything else is first decoded, stream
by stream, to a UTF-8 copy without titles, header and footnotes.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.tables.archive import streaming
from netcluster.tables.cells import clean
from netcluster.tables.duck import Store, identifier, literal, plainly
from netcluster.tables.long import PARQUET
from netcluster.tables.long_numbers import number_sql

if TYPE_CHECKING:
    from netcluster.tables.options import Dialect

_PLAIN = ("utf-8", "utf8", "utf-8-sig", "ascii")
_LONGEST = 16 * 1024 * 1024


@dataclass(frozen=True)
class Part:
    """One file of a long table: where its text stands, and its columns."""

    path: Path
    header: tuple[str, ...]
    skip: int = 0
    types: tuple[str, ...] = ()
    year: int | None = None
    name: str = ""

    def column(self, theirs: str) -> int:
        """Return a column's position by its name, or by its number from 1."""
        for same in (str, clean, _folded):
            keys = [same(name) for name in self.header]
            if same(theirs) in keys:
                return keys.index(same(theirs))
        if theirs.isdigit() and 1 <= int(theirs) <= len(self.header):
            return int(theirs) - 1
        raise NetclusterError(
            f"{self.name or self.path.name} has no column {theirs!r}.", f"Its columns: {', '.join(self.header[:40])}."
        )


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
        that can't be. `raw` adds each number's text as `<name>_text`.
        """
        wanted = tuple(numbers)
        types = types or {}
        selects: list[str] = []
        for group in _alike(self.parts):
            cells = []
            for ours, theirs in columns.items():
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
        return (
            f"read_csv({files}, header=false, auto_detect=false, columns={{{kinds}}}, skip={group[0].skip},"
            f" delim={literal(self.dialect.delimiter)}, quote='\"', escape='\"', nullstr=''{decimal})"
        )


def _alike(parts: Sequence[Part]) -> list[list[Part]]:
    groups: dict[object, list[Part]] = {}
    for part in parts:
        groups.setdefault((part.header, part.skip, part.types, part.year), []).append(part)
    return list(groups.values())


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def open_source(paths: Sequence[Path], dialect: Dialect, sheet: str = "") -> Source:
    """Return the files as one source; text that DuckDB can't read as it stands is decoded to a copy.

    Raises NetclusterError where a file can't be read or decoded.
    """
    store = Store()
    parts, written = [], dialect
    for number, path in enumerate(paths):
        if path.suffix.lower() in PARQUET:
            parts.append(_parquet(path, store))
        elif path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"):
            parts.append(_sheet(path, dialect, sheet, store.folder / f"{number}.csv"))
            written = replace(dialect, delimiter=",", decimal=".", thousands="")
        elif _as_it_stands(path, dialect):
            header, skip = _header(path, dialect)
            parts.append(Part(path, header, skip, name=path.name))
        else:
            parts.append(_copy(path, dialect, store.folder / f"{number}.csv"))
            written = replace(dialect, delimiter=_single(dialect.delimiter))
    return Source(tuple(_with_years(parts)), written, store)


def _as_it_stands(path: Path, dialect: Dialect) -> bool:
    with path.open("rb") as stream:
        start = stream.read(65536)
    packed = start[:2] == b"\x1f\x8b" or start[:4] == b"PK\x03\x04"
    old_mac = b"\r" in start and b"\n" not in start
    plain = dialect.encoding.lower().replace("_", "-") in _PLAIN and dialect.quote == '"'
    return (
        plain and not (packed or old_mac or dialect.skip or dialect.footer) and len(dialect.delimiter.strip(" ")) == 1
    )


def _single(delimiter: str) -> str:
    return delimiter if delimiter.strip(" ") else ","


def _header(path: Path, dialect: Dialect) -> tuple[tuple[str, ...], int]:
    with _text(path, dialect) as lines:
        header, used = read_header(lines, dialect)
    return header, used


@contextmanager
def _text(path: Path, dialect: Dialect) -> Iterator[Iterator[str]]:
    encoding = "utf-8-sig" if dialect.encoding.lower() in ("utf-8", "utf8") else dialect.encoding
    with streaming(path) as stream, io.TextIOWrapper(stream, encoding=encoding, newline=None) as text:
        yield _decoded(text, path, encoding)


def _decoded(text: io.TextIOWrapper, path: Path, encoding: str) -> Iterator[str]:
    try:
        for line in text:
            if len(line) > _LONGEST:
                raise NetclusterError(f"{path}: a line is longer than 16 MB.", "Check that the line ends are there.")
            yield line
    except UnicodeError as error:
        raise NetclusterError(
            f"{path} is not {encoding}: {error}.", "Give --encoding with the one the file was saved in."
        ) from None


def header_rows(path: Path, dialect: Dialect) -> list[list[str]]:
    """Return the rows a dialect takes for the header of a file."""
    with _text(path, dialect) as lines:
        for _ in islice(lines, dialect.skip):
            pass
        return [[clean(cell) for cell in row] for row, _ in islice(_records(lines, dialect), dialect.header_rows)]


def read_header(lines: Iterator[str], dialect: Dialect) -> tuple[tuple[str, ...], int]:
    """Return the column names and how many lines they and the titles take; without a header the numbers from 1."""
    for _ in islice(lines, dialect.skip):
        pass
    rows: list[list[str]] = []
    used = dialect.skip
    reader = _records(lines, dialect)
    for row, count in islice(reader, max(dialect.header_rows, 1)):
        rows.append(row)
        used += count
    if not rows:
        raise NetclusterError("There are no rows in it.", "Check that this is the right file.")
    if dialect.header_rows == 0:
        return tuple(str(i + 1) for i in range(len(rows[0]))), dialect.skip
    return tuple(clean(cell) for cell in rows[-1]), used


def _records(lines: Iterator[str], dialect: Dialect) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of each record and how many lines it takes."""
    csv.field_size_limit(_LONGEST)
    if not dialect.delimiter.strip(" "):
        for line in lines:
            yield line.split(), 1
        return
    reader = csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote or None, skipinitialspace=True)
    before = 0
    try:
        for row in reader:
            yield row, reader.line_num - before
            before = reader.line_num
    except csv.Error as error:
        raise NetclusterError(f"Line {reader.line_num} can't be read: {error}.", "Check its quotes.") from None


def _copy(path: Path, dialect: Dialect, target: Path) -> Part:
    """Write the rows of a file as plain UTF-8: decoded, without titles, header and footnotes."""
    delimiter = _single(dialect.delimiter)
    with _text(path, dialect) as lines, target.open("w", encoding="utf-8", newline="") as out:
        header, _ = read_header(lines, dialect) if dialect.header_rows else ((), 0)
        if not dialect.header_rows:
            for _ in islice(lines, dialect.skip):
                pass
        simple = delimiter == dialect.delimiter and dialect.quote == '"'
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        held: deque[str] = deque()
        body: Iterable[str] = _all_but(lines, dialect.footer, held)
        for line in body:
            if simple:
                out.write(line if line.endswith("\n") else line + "\n")
            else:
                writer.writerow(next(_records(iter([line]), dialect))[0])
            if not header:
                cells = next(_records(iter([line]), dialect))[0]
                header = tuple(str(i + 1) for i in range(len(cells)))
    if not header:
        raise NetclusterError(f"{path} holds no rows.", "Check that this is the right file.")
    return Part(target, header, name=path.name)


def _all_but(lines: Iterator[str], last: int, held: deque[str]) -> Iterator[str]:
    for line in lines:
        held.append(line)
        if len(held) > last:
            yield held.popleft()


def _parquet(path: Path, store: Store) -> Part:
    connection = store()
    with plainly(path.name):
        rows = connection.execute(f"DESCRIBE SELECT * FROM read_parquet([{literal(str(path))}])").fetchall()
    connection.close()
    return Part(path, tuple(row[0] for row in rows), types=tuple(row[1] for row in rows), name=path.name)


def _sheet(path: Path, dialect: Dialect, sheet: str, target: Path) -> Part:
    raise NetclusterError(f"{path.name}: long tables in workbooks are not read.", "Save the sheet as CSV.")


def _with_years(parts: Sequence[Part]) -> list[Part]:
    """Give each of several files the year its name tells, for tables that have no column of years."""
    years = [re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", part.name) for part in parts]
    if all(len(set(found)) == 1 for found in years):
        return [replace(part, year=int(found[0])) for part, found in zip(parts, years, strict=True)]
    return list(parts)
