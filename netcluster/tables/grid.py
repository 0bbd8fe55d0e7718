"""Any file as grids of cells: numbers in one array, words beside it."""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.tables.archive import members, read_bytes, reading, stamp
from netcluster.tables.cells import clean
from netcluster.tables.options import Dialect, ReadOptions

Array = npt.NDArray[np.float64]
#: The texts of a grid by column, and there by row: most stand under each other, in columns of labels.
Texts = dict[int, dict[int, str]]

#: The most cells of one grid; 12,000 sectors squared are 144 million.
MOST_CELLS = 250_000_000
#: No amount in a table is larger; sums of such amounts stay finite.
LARGEST = 1e60
#: What standard input may hold.
MOST_INPUT = 4 * 1024**3


@dataclass(eq=False)
class Grid:
    """The cells of one sheet or text file.

    `number` (R, C) has NaN where no number stands; `texts` holds, by column and then by row, the text of cells
    with a label and of cells whose number may be a code ("01"); `words` (R, C) is true where a cell holds a
    word, that is neither a number, nor a blank, nor a missing mark; `word_cells` (W, 2) says where those stand,
    `text_cells` (T, 2) where all texts do.
    """

    name: str
    number: Array
    texts: Texts
    dialect: Dialect | None = None
    missing: set[tuple[int, int]] = field(default_factory=set)
    words: npt.NDArray[np.bool_] = field(init=False)
    word_cells: npt.NDArray[np.intp] = field(init=False)
    text_cells: npt.NDArray[np.intp] = field(init=False)

    def __post_init__(self) -> None:
        self.words = np.zeros(self.number.shape, dtype=bool)
        rows = np.fromiter(chain.from_iterable(self.texts.values()), np.intp)
        columns = np.repeat(np.fromiter(self.texts, np.intp), [len(column) for column in self.texts.values()])
        self.text_cells = np.column_stack([rows, columns])
        wordy = np.isnan(self.number[rows, columns])
        if self.missing:
            wordy &= [cell not in self.missing for cell in zip(rows.tolist(), columns.tolist(), strict=True)]
        self.word_cells = self.text_cells[wordy]
        self.words[self.word_cells[:, 0], self.word_cells[:, 1]] = True

    @cached_property
    def finite(self) -> npt.NDArray[np.bool_]:
        """Where numbers stand, (R, C)."""
        return np.isfinite(self.number)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.number.shape
        return rows, columns

    def label(self, row: int, column: int) -> str:
        """Return a cell as a label: its text, or its number as short as it can be written, or nothing."""
        return self._label(row, column, float(self.number[row, column]))

    def labels(self, rows: Sequence[int], column: int) -> list[str]:
        """Return some cells of a column as labels."""
        numbers = self.number[list(rows), column].tolist()
        texts = self.texts.get(column)
        if texts is None:
            return ["" if math.isnan(value) else _short(value) for value in numbers]
        # Most are words; whatever is not takes the long way.
        return [
            clean(text) if (text := texts.get(row)) and not self.missing else self._label(row, column, value)
            for row, value in zip(rows, numbers, strict=True)
        ]

    def row_labels(self, row: int, columns: Sequence[int]) -> list[str]:
        """Return some cells of a row as labels."""
        numbers = self.number[row, list(columns)].tolist()
        texts = self.texts
        return [
            clean(text)
            if column in texts and (text := texts[column].get(row)) and not self.missing
            else self._label(row, column, value)
            for column, value in zip(columns, numbers, strict=True)
        ]

    def _label(self, row: int, column: int, value: float) -> str:
        text = self.texts[column].get(row) if column in self.texts else None
        if text is None:
            return "" if math.isnan(value) else _short(value)
        return _blank(text) if (row, column) in self.missing else clean(text)

    def all_texts(self) -> list[str]:
        """Return all texts, row by row."""
        cells = sorted(map(tuple, self.text_cells.tolist()))
        return [self.texts[column][row] for row, column in cells]

    def address(self, row: int, column: int) -> str:
        """Return where a cell stands, as a person finds it: a line and column, or a workbook's cell."""
        if self.dialect is not None:
            return f"line {row + 1}, column {column + 1}"
        letters = ""
        column += 1
        while column:
            column, rest = divmod(column - 1, 26)
            letters = chr(65 + rest) + letters
        return f"cell {letters}{row + 1}"


@lru_cache(maxsize=1 << 12)
def _short(value: float) -> str:
    """Return a number as short as it can be written."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _blank(text: str) -> str:
    """Return a mark for a missing value as a label: nothing, unless it has letters (NA is Namibia too)."""
    return "" if text.strip(".:-…* ") == "" else clean(text)


@dataclass(frozen=True)
class Source:
    """One grid that a file offers: the file, the sheet or member of an archive, and how to load it."""

    path: Path
    name: str
    load: Callable[[], Grid]
    sheet: str = ""


def open_grids(path: str | Path, options: ReadOptions | None = None) -> list[Source]:
    """Return the grids a file offers (every sheet of a workbook, every table of an archive), none loaded yet.

    `-` is standard input. Raises NetclusterError for what is missing, locked, damaged or no table.
    """
    options = options or ReadOptions()
    path = from_standard_input() if str(path) == "-" else Path(path)
    kind = kind_of(path)
    if kind == "workbook":
        from netcluster.tables.workbook import sheets

        return sheets(path, options)
    if kind == "parquet":
        return [Source(path, path.name, lambda: read_parquet(path))]
    if kind == "zip":
        return _unpacked(path, options)
    from netcluster.tables.textgrid import read_text

    return [Source(path, path.name, lambda: read_text(path, options))]


def kind_of(path: Path) -> str:
    """Return what a file is by its first bytes: workbook, parquet, zip or text; an empty one is an error."""
    if path.is_dir():
        raise NetclusterError(f"{path} is a folder.", "Give the files that belong together, or its one table.")
    return _kind(path, stamp(path))


@lru_cache(maxsize=64)
def _kind(path: Path, _state: tuple[int, int]) -> str:
    """Return what a file is; while it stays as it is, it is looked at once."""
    from netcluster.tables.markup import HEAD, is_markup

    with reading(path) as stream:
        head = stream.read(HEAD)
    if not head:
        raise NetclusterError(f"{path} is empty.", "Download or export it again.")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "workbook"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "workbook" if _is_workbook(path) else "zip"
    if head.startswith(b"PK\x05\x06"):
        raise NetclusterError(f"{path} is an empty archive.", "Download or pack it again.")
    return "workbook" if is_markup(head) else "text"


def _is_workbook(path: Path) -> bool:
    names = members(path)
    open_document = "mimetype" in names and "content.xml" in names
    return open_document or any(name.startswith("xl/") for name in names)


def from_standard_input() -> Path:
    """Return a temporary file with what stands on standard input, kept until the program ends."""
    import atexit
    import shutil

    folder = Path(tempfile.mkdtemp(prefix="netcluster-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "standard input"  # the name that errors bear
    with path.open("wb") as copy:
        seen = 0
        while chunk := sys.stdin.buffer.read(1024 * 1024):
            seen += len(chunk)
            if seen > MOST_INPUT:
                raise NetclusterError("Standard input holds more than 4 GB.", "Give the file by its name.")
            copy.write(chunk)
    return path


def _unpacked(path: Path, options: ReadOptions) -> list[Source]:
    """Return the tables in a zip archive; each member is unfolded only when it is loaded."""
    from netcluster.tables.textgrid import read_text

    found: list[Source] = []
    for name in members(path):
        ending = Path(name).suffix.lower()
        if ending in (".csv", ".tsv", ".txt", ".dat", ".tab"):
            found.append(Source(path, name, lambda name=name: read_text(path, options, name), sheet=name))  # type: ignore[misc]
        elif ending in (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet"):
            found.extend(open_grids(_extracted(path, name), options))
    if not found:
        raise NetclusterError(
            f"{path} holds no table.", "It should hold .csv, .tsv, .txt, .xlsx, .xls, .ods or .parquet."
        )
    return found


def _extracted(path: Path, name: str) -> Path:
    import atexit

    with tempfile.NamedTemporaryFile(prefix="netcluster-", suffix=Path(name).suffix, delete=False) as copy:
        copy.write(read_bytes(path, name))
    target = Path(copy.name)
    atexit.register(lambda: target.unlink(missing_ok=True))
    return target


def check_size(rows: int, columns: int, name: str) -> None:
    """Raise where a grid would hold more cells than any table does."""
    if rows * columns > MOST_CELLS:
        raise NetclusterError(
            f"{name} claims {rows:,} rows and {columns:,} columns.",
            "No table is that large: delete the empty rows and columns, or the stray cell at the far end.",
        )


def read_parquet(path: Path) -> Grid:
    """Return a Parquet file as a grid: the column names as first row, columns of words before those of numbers."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        check_size(file.metadata.num_rows, file.metadata.num_columns, path.name)
        table = file.read()
    except (pa.ArrowInvalid, pa.ArrowTypeError, OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise NetclusterError(f"{path} can't be read as Parquet: {reason}.", "Write or download it again.") from None
    columns = list(zip(table.column_names, table.columns, strict=True))
    numeric = [c for c in columns if pa.types.is_floating(c[1].type) or pa.types.is_integer(c[1].type)]
    wordy = [c for c in columns if not any(c is other for other in numeric)]
    heads = _levels([str(name) for name, _ in numeric])
    depth = max(map(len, heads), default=1)
    number = np.full((table.num_rows + depth, len(columns)), np.nan)
    texts: Texts = {}
    for j, (name, column) in enumerate(wordy):
        texts[j] = {depth - 1: "" if str(name).startswith("__index_level") else str(name)}
        texts[j] |= {i: str(v) for i, v in enumerate(column.to_pylist(), start=depth) if v is not None}
    for j, (head, (_, column)) in enumerate(zip(heads, numeric, strict=True), start=len(wordy)):
        texts[j] = dict(enumerate(head))
        number[depth:, j] = column.to_numpy()
    refuse_infinite(number, path.name)
    return Grid(path.name, number, texts)


def _levels(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the names of columns by level: pandas writes those of several levels as one text, `('FRA', 'C10')`."""
    import ast

    if not names or not all(name.startswith("(") and name.endswith(")") for name in names):
        return [(name,) for name in names]
    try:
        found = [ast.literal_eval(name) for name in names]
    except (ValueError, SyntaxError):
        return [(name,) for name in names]
    if not all(isinstance(one, tuple) and len(one) == len(found[0]) for one in found):
        return [(name,) for name in names]
    return [tuple(map(str, one)) for one in found]


def refuse_infinite(number: Array, name: str, first_row: int = 0) -> None:
    """Raise where a value is infinite or beyond all money, naming the first such cell."""
    if not number.size or (
        np.fmax.reduce(number, axis=None) <= LARGEST and np.fmin.reduce(number, axis=None) >= -LARGEST
    ):
        return
    bad = np.abs(number) > LARGEST
    if bad.any():
        row, column = np.argwhere(bad)[0]
        kind = "infinite" if np.isinf(number[row, column]) else f"{number[row, column]:g}, too large to be right"
        raise NetclusterError(
            f"{name}, row {row + 1 + first_row}, column {column + 1}: the value is {kind}.",
            "Put the right number there, or leave the cell empty.",
        )


def rows_of(grid: Grid, rows: Sequence[int]) -> list[list[str]]:
    """Return some rows as labels, for showing and recognising."""
    return [grid.row_labels(r, range(grid.shape[1])) for r in rows]
