"""From cells to tables: which rows are headers, which columns are labels, where one table ends and the next begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from netcluster.tables.codes import head_of, origin_of, plain
from netcluster.tables.grid import Array, Grid
from netcluster.tables.rowkinds import blocks, is_number, row_kinds

_RUNNING = re.compile(r"[rc]\d+")
#: Label columns stand at the left; no table has more of them.
MOST_LABEL_COLUMNS = 8


@dataclass(eq=False)
class Wide:
    """A table with its labels, before anybody says which rows are sectors.

    `values` (R, C) has NaN where nothing stands. `rows` holds R tuples of labels, one for each label
    column, whose heads are `heads`; `columns` holds C tuples, one for each header row. `titles` are the
    lines above; `groups` the header rows whose names span several columns. `row_at` and `column_at` say
    where each stood in the file, for messages.
    """

    name: str
    values: Array
    rows: list[tuple[str, ...]]
    columns: list[tuple[str, ...]]
    heads: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    groups: frozenset[int] = frozenset()
    row_at: list[int] = field(default_factory=list)
    column_at: list[int] = field(default_factory=list)
    grid: Grid | None = None
    unlabelled: int = 0

    def address(self, i: int, j: int) -> str:
        """Return where a value stood in its file."""
        if self.grid is None or not self.row_at or not self.column_at:
            return f"row {i + 1}, column {j + 1}"
        return self.grid.address(self.row_at[i], self.column_at[j])

    def head(self, wanted: str) -> int | None:
        """Return the label column that holds years, origins, units or regions, by its head or by its content."""
        for k, head in enumerate(self.heads):
            if head_of(head) == wanted:
                return k
        for k in range(len(self.rows[0]) if self.rows else 0):
            if _holds(wanted, [row[k] for row in self.rows]):
                return k
        return None

    def take(self, rows: Sequence[int]) -> Wide:
        """Return the table with some of its rows."""
        keep = list(rows)
        return replace(
            self,
            values=self.values[keep],
            rows=[self.rows[i] for i in keep],
            row_at=[self.row_at[i] for i in keep] if self.row_at else [],
        )


def _holds(wanted: str, labels: Sequence[str]) -> bool:
    filled = [label for label in labels if label]
    if len(filled) < len(labels) or not filled:
        return False
    if wanted == "year":
        return all(re.fullmatch(r"(19|20)\d\d", label) for label in filled) and len(set(filled)) * 2 < len(filled)
    if wanted == "origin":
        found = set()
        for label in set(filled):
            if not (origin := origin_of(label)):
                return False
            found.add(origin)
        return len(found) > 1
    return False


def find_tables(grid: Grid) -> list[Wide]:
    """Return the tables a grid holds, in order: one, or several stacked with their own headers."""
    rows, columns = grid.shape
    if not rows or not columns:
        return []
    first = first_value_column(grid)
    kinds = row_kinds(grid, first)
    tables: list[Wide] = []
    for start, end in blocks(kinds):
        table = _table(grid, kinds, start, end, first)
        if table is not None:
            tables.append(table)
    return tables


def first_value_column(grid: Grid) -> int:
    """Return the first column that holds values rather than labels."""
    _, columns = grid.shape
    finite = grid.finite
    body: npt.NDArray[np.intp] = np.flatnonzero(finite.any(axis=1))
    if not len(body):
        return columns
    numbers = finite[:, :MOST_LABEL_COLUMNS].sum(axis=0)
    words = grid.words[body, :MOST_LABEL_COLUMNS].sum(axis=0)
    first = 0
    for j in range(min(columns, MOST_LABEL_COLUMNS)):
        # A column of words makes label columns of all that stand before it.
        if words[j] > 0.4 * numbers[j] and (words[j] > 1 or not numbers[j]):
            first = j + 1
    for j in range(first, min(columns, MOST_LABEL_COLUMNS)):
        if numbers[j] + words[j] and not _is_label_column(grid, j):
            return j
    return first


def _is_label_column(grid: Grid, j: int) -> bool:
    """Whether a column of numbers holds labels: years, codes with leading zeros, the codes of the header."""
    rows = min(grid.shape[0], 4000)
    head = next((grid.label(i, j) for i in range(rows) if grid.label(i, j)), "")
    if not is_number(head) and (head_of(head) in ("year", "region", "unit", "origin") or plain(head) in _CODE_HEADS):
        return True
    cells = grid.labels(range(rows), j)
    there = [i for i in range(rows) if cells[i]]
    finite = np.isfinite(grid.number[:rows, j])
    # A number over a word heads the column: a code of the header, whatever the column holds.
    over = int(len(there) > 1 and finite[there[0]] and not finite[there[1]])
    numbers = [cells[i] for i in there[over:] if finite[i]]
    if not numbers or not all(cell.isdigit() for cell in numbers):
        return False
    if sum(len(cell) > 1 and cell.startswith("0") for cell in numbers) * 10 > len(numbers):
        # Only text keeps a leading zero.
        return True
    return _names_the_columns(grid, j, cells, set(numbers))


_CODE_HEADS = frozenset(
    ["code", "codigo", "nr", "rnr", "no", "no.", "id", "iocode", "cod", "index", "sector", "industry", "actividad"]
)


def _names_the_columns(grid: Grid, j: int, cells: Sequence[str], codes: set[str]) -> bool:
    """Whether a header row further right repeats the numbers of this column."""
    for i in range(min(len(cells), 30)):
        if is_number(cells[i]):
            continue
        row = set(grid.row_labels(i, range(j + 1, min(grid.shape[1], j + 400)))) - {""}
        if len(row & codes) >= max(2, 0.6 * min(len(codes), 300)):
            return True
    return False


def _table(grid: Grid, kinds: Sequence[str], start: int, end: int, first: int) -> Wide | None:
    body = [i for i in range(start, end) if kinds[i] == "data"]
    if not body:
        return None
    headers = [i for i in range(start, body[0]) if kinds[i] == "header"]
    columns = _value_columns(grid, body, headers, first)
    if not columns:
        return None
    labels = [grid.labels(body, j) for j in range(first)]
    label_columns = [j for j in range(first) if any(labels[j])]
    if len(label_columns) > 2:
        label_columns = [j for j in label_columns if not _is_running(labels[j], len(label_columns))]
    rows = list(zip(*(labels[j] for j in label_columns), strict=True)) or [() for _ in body]
    named = [k for k, row in enumerate(rows) if any(row)] if label_columns else list(range(len(body)))
    above = [i for i in range(start, body[0]) if kinds[i] == "title"]
    titles = [label for i in above for label in grid.row_labels(i, range(grid.shape[1])) if label]
    corner = [label for i in headers for label in grid.row_labels(i, range(first))]
    names, groups = _column_labels(grid, headers, columns)
    rows = _merged_down(rows, {column[k] for k in groups for column in names})
    return Wide(
        name=grid.name,
        values=block_of(grid.number, [body[k] for k in named], columns),
        rows=[rows[k] for k in named],
        columns=names,
        groups=groups,
        heads=tuple(_head(grid, headers, j) for j in label_columns),
        titles=(*titles, *filter(None, corner)),
        row_at=[body[k] for k in named],
        column_at=columns,
        grid=grid,
        unlabelled=len(body) - len(named),
    )


def _merged_down(rows: list[tuple[str, ...]], groups: set[str]) -> list[tuple[str, ...]]:
    """Return labels of rows with those carried down that a merged cell gives once, as the header does for columns."""
    if len(groups) < 2 or not rows:
        return rows
    for k in range(len(rows[0])):
        level = [row[k] for row in rows]
        filled = {label for label in level if label}
        if level[0] in groups and len(filled & groups) > 1 and 2 * sum(map(bool, level)) <= len(level):
            carried = _carried_on(level)
            rows = [(*row[:k], label, *row[k + 1 :]) for row, label in zip(rows, carried, strict=True)]
    return rows


def block_of(values: Array, rows: Sequence[int], columns: Sequence[int]) -> Array:
    """Return the cells where some rows and columns meet, to be read only: of neighbours a view, else a copy."""
    down, across = _span(rows), _span(columns)
    if down is not None and across is not None:
        block = values[down, across]
        block.flags.writeable = False
        return block
    return np.asarray(values[np.ix_(list(rows), list(columns))])


def _span(places: Sequence[int]) -> slice | None:
    if not len(places) or places[0] < 0 or list(places) != list(range(places[0], places[0] + len(places))):
        return None
    return slice(places[0], places[0] + len(places))


def _value_columns(grid: Grid, body: Sequence[int], headers: Sequence[int], first: int) -> list[int]:
    rows = set(body)
    span = _span(body)
    block = np.atleast_1d(grid.finite[body if span is None else span, first:].any(axis=0)).tolist()
    gone = {j for i, j in grid.missing if i in rows}
    return [
        j
        for j in range(first, grid.shape[1])
        if block[j - first] or ((j in gone or len(headers) == 1) and any(grid.label(i, j) for i in headers))
    ]


def _head(grid: Grid, headers: Sequence[int], column: int) -> str:
    """Return the name of a label column: the lowest header cell above it."""
    return next((grid.label(i, column) for i in reversed(headers) if grid.label(i, column)), "")


def _column_labels(
    grid: Grid, headers: Sequence[int], columns: Sequence[int]
) -> tuple[list[tuple[str, ...]], frozenset[int]]:
    """Return the labels of each column, and the levels that name groups: those are carried on to the right."""
    levels: list[list[str]] = []
    groups: set[int] = set()
    shown = [grid.row_labels(i, columns) for i in headers]
    # A column of numbers of lines stands before the first that is named.
    lead = next((j for j in range(len(columns)) if any(labels[j] for labels in shown)), 0)
    for labels in shown:
        if len(headers) > 2 and _is_running(labels, len(headers)):
            continue
        named = labels[lead:]
        filled = sum(map(bool, named))
        spans = filled == 1 or not all(named[:filled])  # codes of the sectors alone leave no gaps between them
        few = 1 <= filled <= 0.5 * len(named)
        if len(headers) > 1 and named[0] and spans and (few or _tells_apart(named, shown[-1][lead:])):
            groups.add(len(levels))
            labels = _carried_on(labels)
        levels.append(labels)
    return list(zip(*levels, strict=True)) if levels else [() for _ in columns], frozenset(groups)


def _tells_apart(groups: Sequence[str], names: Sequence[str]) -> bool:
    """Whether names that come again are told apart by the merged cells above them, and by nothing else."""
    bare, carried = (
        [pair for pair in zip(over, names, strict=True) if pair[1]] for over in (groups, _carried_on(groups))
    )
    return len(set(bare)) < len(bare) == len(set(carried))


def _is_running(labels: Sequence[str], levels: int) -> bool:
    """Whether labels are mere numbers of lines, r1, r2 … or c1, c2 …, beside codes and names.

    Of four levels or more (code, name, country, number) the numbers may begin anew with each country.
    """
    filled = Counter(filter(None, labels))
    count = filled.total()
    running = sum(n for label, n in filled.items() if _RUNNING.fullmatch(label))
    return count > 1 and running > 0.9 * count and (levels > 3 or len(filled) == count)


def _carried_on(labels: Sequence[str]) -> list[str]:
    before = ""
    return [before := label or before for label in labels]
