"""Text files as grids: small ones cell by cell, large ones through pandas' C parser."""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.tables.archive import read_bytes
from netcluster.tables.cells import MISSING, ZERO, number
from netcluster.tables.grid import MOST_CELLS, Array, Grid, check_size, refuse_infinite
from netcluster.tables.options import Dialect, ReadOptions
from netcluster.tables.sniff import CELLS_ON_A_LINE, LONGEST_LINE, find_encoding, sniff, split

#: Files up to this many bytes are read cell by cell, and so with every dialect and every check.
SMALL_FILE = 1024 * 1024
#: The first columns of a large file are kept as text too: they may hold codes such as 01.
LABEL_COLUMNS = 6
#: Rows under the header that are looked at for its width and its label columns.
ROWS_BELOW = 5
#: The most bytes parsed as one piece: cells are told apart by one thread a piece, then columns made by all.
LARGEST_PIECE = 32 << 20


_MISSING = frozenset(MISSING)
_FILLED = re.compile(rb"[^\x00 \t\r\n\xef\xbb\xbf\xff\xfe]")
#: A number that is written as Python writes it.
_AS_WRITTEN = r"^(?:-?[1-9]\d{0,8}(?:\.\d{0,4}[1-9])?|0)$"
#: A column of plain numbers, one a line.
_PLAIN_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?(?:\n-?\d+(?:\.\d+)?)*", re.ASCII)


def read_text(path: Path, options: ReadOptions, member: str = "") -> Grid:
    """Return a text file, plain or compressed, as a grid."""
    name = f"{path.name}/{member}" if member else path.name
    data = read_bytes(path, member)
    if not _FILLED.search(data):
        raise NetclusterError(f"{name} is empty.", "Download or export it again.")
    dialect = sniff(data, options, name) if member else _of_whole(path, data, options, name)
    return grid_of_bytes(data, dialect, name)


def _of_whole(path: Path, data: bytes, options: ReadOptions, name: str) -> Dialect:
    return sniff(data, options, name) if len(data) <= SMALL_FILE else sniff(path, options, name)


def grid_of_bytes(data: bytes, dialect: Dialect, name: str) -> Grid:
    """Return the grid of a text's bytes under a dialect."""
    plain = dialect.thousands == "" and dialect.delimiter not in ("", " ")
    if len(data) > SMALL_FILE and plain:
        return _fast(data, dialect, name)
    return _careful(_decoded(data, dialect, name), dialect, name)


def _decoded(data: bytes, dialect: Dialect, name: str) -> str:
    try:
        return data.decode(dialect.encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        if dialect.encoding == "utf-8":
            # The head was plain ASCII; the encoding shows further down.
            return data.decode(find_encoding(data[error.start : error.start + 65536], name), errors="replace")
        raise NetclusterError(
            f"{name}: byte {error.start} is not {dialect.encoding}.", "Give the right one with --encoding."
        ) from None


@dataclass
class _Cells:
    """The cells of a text on the way into a grid."""

    dialect: Dialect
    values: Array
    texts: defaultdict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    missing: set[tuple[int, int]] = field(default_factory=set)

    def header(self, rows: Sequence[Sequence[str]]) -> None:
        """Put in the rows above the body."""
        for i, row in enumerate(rows):
            for j, cell in enumerate(row[: self.values.shape[1]]):
                if cell.strip():
                    self.texts[j][i] = cell.strip()
                    value = number(cell, self.dialect)
                    self.values[i, j] = math.nan if value is None else value

    def labels(self, column: Any, start: int, j: int) -> None:
        """Put in an Arrow column kept as text: all at once where it holds plain numbers alone, else cell by cell."""
        import pyarrow.compute as pc

        if len(column) and pc.all(pc.match_substring_regex(column, _AS_WRITTEN)).as_py():
            # The number says all there is to say: as a label it reads as it did.
            self.values[start:, j] = column.cast("float64").to_numpy()
            return
        cells = ["" if cell is None else cell for cell in column.to_pylist()]
        if self.dialect.decimal == "." and _PLAIN_NUMBERS.fullmatch("\n".join(cells)):
            self.values[start : start + len(cells), j] = np.array(cells, dtype=np.float64)
            self.texts[j].update(enumerate(cells, start=start))
        else:
            self.column(cells, start, j)

    def column(self, cells: Sequence[object], start: int, j: int) -> None:
        """Put in a column, each cell judged."""
        for i, cell in enumerate(cells, start=start):
            if isinstance(cell, float):
                self.values[i, j] = cell
                continue
            text = str(cell).strip()
            if not text:
                continue
            if text in _MISSING:
                self.missing.add((i, j))
            elif text in ZERO:
                self.values[i, j] = 0.0
            else:
                value = number(text, self.dialect)
                if value is not None:
                    self.values[i, j] = value
            self.texts[j][i] = text

    def grid(self, name: str) -> Grid:
        """Return the grid; an infinite value is an error."""
        refuse_infinite(self.values, name)
        return Grid(name, self.values, dict(self.texts), dialect=self.dialect, missing=self.missing)


def _careful(text: str, dialect: Dialect, name: str) -> Grid:
    lines = text.splitlines()
    if max(map(len, lines), default=0) > LONGEST_LINE:
        raise NetclusterError(f"{name} has a line of more than 16 MB.", "Its line ends were lost; check it.")
    rows = split(lines, dialect.delimiter)
    width = _check_width(rows, name)
    check_size(len(rows), width, name)
    cells = _Cells(dialect, np.full((len(rows), width), np.nan))
    values, texts, missing = cells.values, cells.texts, cells.missing
    marks = set(dialect.missing)
    for i, row in enumerate(rows):
        for j, cell in enumerate(row[:width]):
            stripped = cell.strip()
            if not stripped:
                continue
            found = number(stripped, dialect)
            coded = stripped[0] == "0" and len(stripped) > 1 and stripped.isdigit()
            if found is None or coded or j < LABEL_COLUMNS or i < dialect.skip + dialect.header_rows:
                texts[j][i] = stripped
            if stripped in marks:
                missing.add((i, j))
                texts[j][i] = stripped
            elif found is not None:
                values[i, j] = found
    return cells.grid(name)


def _check_width(rows: Sequence[Sequence[str]], name: str) -> int:
    """Return the width of the table; a body row of another width is an error, a title or a note is not."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 1
    width = max(widths.items(), key=lambda item: (item[1] * min(item[0] - 1, 50), item[0]))[0]
    body = [i for i, row in enumerate(rows) if len(row) == width]
    for i in range(body[0], body[-1] + 1):
        row = rows[i]
        if len(row) == width or _filled(row) <= 1:
            continue
        extra = row[width:]
        if len(row) > width and not any(cell.strip() for cell in extra):
            continue
        if len(row) == width - 1 and i == body[0] - 1:
            continue
        raise _ragged(name, i, len(row), width)
    # A header one cell short has no corner: R writes such files.
    first = body[0]
    above = rows[first - 1] if first else []
    if len(above) == width - 1 and all(cell.strip() for cell in above):
        rows[first - 1][:0] = [""]  # type: ignore[index]
    return width


def _ragged(name: str, line: int, found: int, width: int) -> NetclusterError:
    return NetclusterError(
        f"{name}, line {line + 1}: {found} cells where {width} were expected.",
        "Mend the line, or name the separator with --delimiter if the lines were split at the wrong mark.",
    )


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _fast(data: bytes, dialect: Dialect, name: str) -> Grid:
    top = _head_rows(data, dialect, name)
    width = max(len(row) for row in top)
    header = dialect.skip + dialect.header_rows
    if len(data) > MOST_CELLS:
        check_size(data.count(b"\n") + 1, width, name)
    if width > CELLS_ON_A_LINE and data.find(b"\n", data.find(b"\n") + 1) < 0:
        raise NetclusterError(
            f"{name} holds {width:,} cells on one line, and no others.", "Check that the line ends are there."
        )
    first = next((row for row in top[header:] if len(row) == width), top[-1])
    labels = _label_columns(first, dialect, width)
    plainly = _plainly(data, dialect, name, header, width, labels, top)
    if plainly is not None:
        return plainly
    frame = _pandas(data, dialect, name, header, width, labels)
    count = header + len(frame)
    cells = _Cells(dialect, np.full((count, width), np.nan))
    cells.header(top[:header])
    numeric = [j for j, dtype in enumerate(frame.dtypes) if dtype.kind in "fiu"]
    start = numeric[0] if numeric else width
    whole = len(numeric) == width - start
    chosen = frame.iloc[:, start:] if whole else frame.iloc[:, numeric]
    cells.values[header:, slice(start, width) if whole else numeric] = chosen.to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    for j in sorted(set(range(width)) - set(numeric)):
        cells.column(frame.iloc[:, j].tolist(), header, j)
    _check_ends(data, cells.values, dialect, name)
    return cells.grid(name)


def _plainly(
    data: bytes, dialect: Dialect, name: str, header: int, width: int, labels: list[int], top: Sequence[Sequence[str]]
) -> Grid | None:
    """Return the grid of a table whose body is labels and then plain numbers alone, or None where a cell needs judging.

    Arrow's parser takes a third of the time of pandas', most of which goes into a column each for 1,641 columns.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow

    if dialect.encoding.replace("-", "").lower() not in ("utf8", "utf8sig", "ascii"):
        return None
    names = [str(j) for j in range(width)]
    labelled = set(labels)
    kinds = dict.fromkeys(names, pa.float64()) | dict.fromkeys(map(str, labels), pa.string())
    # Each piece costs something a column, and there may be thousands of them.
    piece = min(len(data) + 1, LARGEST_PIECE)
    try:
        table = arrow.read_csv(
            pa.BufferReader(data),  # type: ignore[arg-type]
            arrow.ReadOptions(column_names=names, skip_rows=header, block_size=piece),
            arrow.ParseOptions(delimiter=dialect.delimiter, ignore_empty_lines=False),
            arrow.ConvertOptions(column_types=kinds, null_values=[""], decimal_point=dialect.decimal),
        )
    except (pa.ArrowException, OSError, UnicodeError):
        return None
    count = header + table.num_rows
    cells = _Cells(dialect, np.empty((count, width)))
    cells.values[:header] = np.nan
    cells.values[:, labels] = np.nan
    cells.header(top[:header])
    numeric = [j for j in range(width) if j not in labelled]
    _numbers(table, cells.values[header:], numeric)
    for j in labels:
        cells.labels(table.column(j), header, j)
    return cells.grid(name)


def _numbers(table, values: Array, columns: Sequence[int]) -> None:  # type: ignore[no-untyped-def]
    """Put columns of numbers into their places: pieces small enough to stay in the cache are turned round."""
    start = 0
    pieces = [list(columns[k : k + 64]) for k in range(0, len(columns), 64)]
    for batch in table.to_batches():
        for piece in pieces:
            near = piece[-1] - piece[0] < len(piece)
            turned = batch.select(piece).to_tensor(null_to_nan=True, row_major=False).to_numpy()
            values[start : start + len(batch), slice(piece[0], piece[-1] + 1) if near else piece] = turned
        start += len(batch)


def _head_rows(data: bytes, dialect: Dialect, name: str) -> list[list[str]]:
    if dialect.encoding.startswith("utf-16"):
        text = data[: 4 * SMALL_FILE].decode(dialect.encoding, errors="replace")
    else:
        stream = io.BytesIO(data)
        first = b"".join(itertools.islice(stream, dialect.skip + dialect.header_rows + ROWS_BELOW))
        text = first.decode(dialect.encoding, errors="replace")
    lines = text.lstrip("\ufeff").splitlines()[: dialect.skip + dialect.header_rows + ROWS_BELOW]
    rows = split(lines, dialect.delimiter)
    if not rows:
        raise NetclusterError(f"{name} holds no lines.", "Download or export it again.")
    width = max(map(len, rows))
    header = dialect.skip + dialect.header_rows
    if 0 < header < len(rows) and len(rows[header - 1]) == width - 1:
        rows[header - 1][:0] = [""]
    return rows


def _label_columns(first: Sequence[str], dialect: Dialect, width: int) -> list[int]:
    return [j for j in range(width) if j < LABEL_COLUMNS or (j < len(first) and number(first[j], dialect) is None)]


def _pandas(data: bytes, dialect: Dialect, name: str, header: int, width: int, labels: list[int]):  # type: ignore[no-untyped-def]
    import pandas as pd

    common = {
        "sep": dialect.delimiter,
        "header": None,
        "skiprows": header,
        "names": list(range(width)),
        "decimal": dialect.decimal,
        "encoding": dialect.encoding,
        "skip_blank_lines": False,
        "skipinitialspace": True,
        "keep_default_na": False,
        "engine": "c",
        "index_col": False,
    }
    texts = dict.fromkeys(labels, str)
    wanted: defaultdict[int, type] = defaultdict(lambda: np.float64, texts)
    missing = {j: list(dialect.missing) for j in range(width) if j not in texts}
    plain = [mark for mark in dialect.missing if not any(c.isalpha() for c in mark)]
    try:
        try:
            return pd.read_csv(io.BytesIO(data), dtype=wanted, na_values=plain, low_memory=False, **common)  # type: ignore[call-overload]
        except ValueError:
            # Some column holds a word or a zero mark: let pandas keep it as text, and read it cell by cell.
            return pd.read_csv(io.BytesIO(data), dtype=texts, na_values=missing, low_memory=False, **common)  # type: ignore[call-overload]
    except (pd.errors.ParserError, csv.Error) as error:
        raise NetclusterError(
            f"{name} can't be read: {str(error).strip()}.", "Mend the line, or give --delimiter."
        ) from None
    except UnicodeDecodeError:
        found = find_encoding(data)
        if found == dialect.encoding:
            raise NetclusterError(f"{name} is not {found}.", "Give the right one with --encoding.") from None
        common["encoding"] = "cp1252" if found == "utf-8" else found
        return pd.read_csv(io.BytesIO(data), dtype=texts, na_values=missing, low_memory=False, **common)  # type: ignore[call-overload]


def _check_ends(data: bytes, values: Array, dialect: Dialect, name: str) -> None:
    """Raise where a body row is short: pandas fills it with nothing, which would pass for missing values."""
    width = values.shape[1]
    suspects = np.flatnonzero(np.isnan(values[:, -1]) & (np.isfinite(values).sum(axis=1) > 1))
    if not len(suspects) or len(suspects) > len(values) // 2:
        return
    mark = dialect.delimiter.encode()
    lines = data.splitlines()
    if len(lines) < len(values):
        return
    for i in suspects[:2000]:
        line = lines[i]
        if b'"' not in line and line.count(mark) + 1 != width:
            raise _ragged(name, int(i), line.count(mark) + 1, width)
