"""Text in any encoding and dialect, and sheets, as plain UTF-8 that DuckDB reads: no titles, header or footnotes."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.tables.archive import streaming
from netcluster.tables.cells import clean
from netcluster.tables.sniff import find_footer, fixed_columns

if TYPE_CHECKING:
    from netcluster.tables.options import Dialect

_PLAIN = ("utf-8", "utf8", "utf-8-sig", "ascii")
#: Blank lines that may stand among the notes under a table.
_BLANKS = 20
_LONGEST = 16 * 1024 * 1024


@dataclass(frozen=True)
class Copied:
    """The column names of a file that was copied, and the lines under its table taken as notes."""

    header: tuple[str, ...]
    footer: tuple[str, ...] = ()


def stands(path: Path, dialect: Dialect) -> bool:
    """Whether DuckDB reads a text as it stands: plain UTF-8, neither packed nor with titles or notes."""
    with path.open("rb") as stream:
        start = stream.read(65536)
    packed = start[:2] == b"\x1f\x8b" or start[:4] == b"PK\x03\x04"
    old_mac = b"\r" in start and b"\n" not in start
    plain = dialect.encoding.lower().replace("_", "-") in _PLAIN and dialect.quote == '"'
    return (
        plain and not (packed or old_mac or dialect.skip or dialect.footer) and len(dialect.delimiter.strip(" ")) == 1
    )


def single(delimiter: str) -> str:
    """Return the separator of a copy: aligned columns are written with commas."""
    return delimiter if delimiter.strip(" ") else ","


def header_of(path: Path, dialect: Dialect) -> tuple[tuple[str, ...], int]:
    """Return a file's column names and how many lines stand above its rows."""
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
    return _names(rows, dialect), used if dialect.header_rows else dialect.skip


def _records(lines: Iterator[str], dialect: Dialect) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of each record and how many lines it takes."""
    csv.field_size_limit(_LONGEST)
    if not dialect.delimiter.strip(" "):
        yield from ((cells, 1) for cells in _aligned(lines, dialect))
        return
    reader = csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote or None, skipinitialspace=True)
    before = 0
    try:
        for row in reader:
            yield row, reader.line_num - before
            before = reader.line_num
    except csv.Error as error:
        raise NetclusterError(f"Line {reader.line_num} can't be read: {error}.", "Check its quotes.") from None


def _aligned(lines: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    """Yield the cells of lines split by runs of spaces, or by the columns of fixed width their head shows."""
    if dialect.delimiter:
        yield from (line.split() for line in lines)
        return
    head = [line.rstrip("\n") for line in islice(lines, 1000)]
    columns = fixed_columns(head) if head else []
    for line in chain(head, lines):
        yield [line[a:b].strip() for a, b in columns]


def copy(path: Path, dialect: Dialect, target: Path) -> Copied:
    """Write the rows of a file as plain UTF-8: decoded, without titles, header and footnotes."""
    with _text(path, dialect) as lines, target.open("w", encoding="utf-8", newline="") as out:
        for _ in islice(lines, dialect.skip):
            pass
        ahead = _records(lines, dialect)
        rows = [row for row, _ in islice(ahead, max(dialect.header_rows, 1))]
        if not rows:
            raise NetclusterError(f"{path} holds no rows.", "Check that this is the right file.")
        header, held = _names(rows, dialect), deque[str]()
        body = _all_but(lines, dialect.footer, len(header), dialect, held)
        # Columns of fixed width are found by reading ahead, so one reader must serve header and rows.
        records = (cells for cells, _ in (_records(body, dialect) if dialect.delimiter else ahead))
        writer = csv.writer(out, delimiter=single(dialect.delimiter), lineterminator="\n")
        if not dialect.header_rows:
            writer.writerow(rows[0])
        if dialect.delimiter.strip(" ") and dialect.quote == '"':
            out.writelines(line if line.endswith("\n") else line + "\n" for line in body if line.strip())
        else:
            writer.writerows(records)
    return Copied(header, _footer(held, len(header), dialect, path))


def _footer(held: Iterable[str], width: int, dialect: Dialect, path: Path) -> tuple[str, ...]:
    """Return the lines under the table; one with as many cells as a row cut short is no note but damaged data."""
    left = [line.strip() for line in held if line.strip(f"{dialect.delimiter} \n")]
    for line in left:
        cells = next(_records(iter([line]), dialect))[0] if dialect.delimiter.strip(" ") else []
        if len(cells) != width and sum(bool(cell.strip()) for cell in cells) >= max(3, width / 2):
            raise NetclusterError(
                f"{path.name}: its last lines hold {line[:60]!r}, {len(cells)} cells where {width} were expected.",
                "The file may be cut short: download it again, or remove the line.",
            )
    return tuple(left)


def _names(rows: Sequence[Sequence[str]], dialect: Dialect) -> tuple[str, ...]:
    if dialect.header_rows == 0:
        return tuple(str(i + 1) for i in range(len(rows[0])))
    return tuple(clean(cell) for cell in rows[-1])


def _all_but(lines: Iterator[str], last: int, width: int, dialect: Dialect, held: deque[str]) -> Iterator[str]:
    """Yield the lines but those under the table, which stay in `held`; `last` says how many there are about."""
    for line in lines:
        held.append(line)
        if len(held) > last + _BLANKS:
            yield held.popleft()
    rows = [next(_records(iter([line]), dialect), ([""], 1))[0] for line in held]
    for _ in range(len(held) - (find_footer(rows, width) if last else 0)):
        yield held.popleft()


def copy_sheet(path: Path, dialect: Dialect, sheet: str, target: Path) -> Copied:
    """Write the rows under the header of a workbook's sheet as plain UTF-8."""
    from netcluster.tables.long.sheet import rows_of, write_rows

    rows = rows_of(path, sheet)[dialect.skip :]
    if len(rows) < 2:
        raise NetclusterError(f"{path.name}, sheet {sheet}, holds no rows.", "Name another with --sheet.")
    write_rows(rows[1:], target)
    return Copied(tuple(clean(cell) for cell in rows[0]))
