"""From cells to tables: which rows are headers, which columns are labels, where one table ends and the next begins."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from netcluster.tables.codes import head_of, meaning, numbered, origin_of, plain, stripped
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
    for i in headers:
        labels = grid.row_labels(i, columns)
        if len(headers) > 2 and _is_running(labels, len(headers)):
            continue
        filled = sum(map(bool, labels))
        spans = filled == 1 or not all(labels[:filled])  # codes of the sectors alone leave no gaps between them
        if 1 <= filled < 0.5 * len(labels) and labels[0] and spans and len(headers) > 1:
            groups.add(len(levels))
            labels = _carried_on(labels)
        levels.append(labels)
    return list(zip(*levels, strict=True)) if levels else [() for _ in columns], frozenset(groups)


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


@dataclass(frozen=True)
class Match:
    """Which label columns and header rows name the same sectors, and the keys they give.

    `counts_lines` says that the keys go on below the sectors, where they name different things in rows and columns.
    """

    row_levels: tuple[int, ...]
    column_levels: tuple[int, ...]
    row_keys: tuple[str, ...]
    column_keys: tuple[str, ...]
    count: int
    counts_lines: bool = False


def match_labels(table: Wide) -> Match | None:
    """Return the label columns and header rows under which most columns name a row, or None where none does.

    Two levels (region and sector) are tried where one level names several columns alike.
    """
    row_levels = len(table.rows[0]) if table.rows else 0
    column_levels = len(table.columns[0]) if table.columns else 0
    best: Match | None = None
    normals = (plain, stripped, numbered)
    most = min(len(table.rows), len(table.columns))

    @cache
    def keys(side: str, level: int, f: Callable[[str], str]) -> list[str]:
        return [f(labels[level]) for labels in getattr(table, side)]

    for depth in (1, 2, 3):
        for rows in itertools.permutations(range(row_levels), depth):
            for columns in itertools.combinations(range(column_levels), depth):
                for f in normals:
                    mine = _joined([keys("rows", k, f) for k in rows])
                    theirs = _joined([keys("columns", k, f) for k in columns])
                    best = _match(table, (rows, columns), mine, theirs, best) or best
                    if best is not None and best.count == most and not best.counts_lines:
                        return best
        if best is not None and best.count > 0.5 * most and depth == 1:
            break
        if row_levels > 5 or column_levels > 5:
            break
    return best


def _joined(levels: Sequence[list[str]]) -> list[str]:
    return levels[0] if len(levels) == 1 else ["\x1f".join(parts) for parts in zip(*levels, strict=True)]


def _match(
    table: Wide,
    levels: tuple[tuple[int, ...], tuple[int, ...]],
    row_keys: list[str],
    column_keys: list[str],
    best: Match | None,
) -> Match | None:
    """Return the match of some levels where it names more sectors than the best before it, else None.

    Of two that name as many, one whose labels also number the lines below the sectors gives way.
    """
    known = {key: i for i, key in enumerate(row_keys)}
    named = [j for j, key in enumerate(column_keys) if key in known and key.strip("\x1f")]
    beaten = best.count if best is not None else 0
    if len(named) < max(beaten, 1) or len({column_keys[j] for j in named}) < len(named):
        return None
    if best is not None and len(named) == beaten and not best.counts_lines:
        return None
    pairs = [(known[column_keys[j]], j) for j in named]
    if all(column_keys[j].isdigit() for j in named) and _count_otherwise(table, levels, pairs):
        return None
    others = past_sectors(table, levels, pairs)
    sectors = sum(
        [not is_total(tuple([table.columns[j][k] for k in levels[1]])) for i, j in pairs if (i, j) not in others]
    )
    codes = best is not None and best.counts_lines and all(re.search(r"\d", column_keys[j]) for j in named)
    if sectors <= beaten and not (codes and sectors == beaten and not others):
        return None
    counts = bool(others) and "1" in known
    return Match(*levels, tuple(row_keys), tuple(column_keys), sectors, counts)


def _count_otherwise(
    table: Wide, levels: tuple[tuple[int, ...], tuple[int, ...]], pairs: Sequence[tuple[int, int]]
) -> bool:
    """Whether rows and columns are numbered from different starts: more rows bear another column's name than theirs."""
    names = [{label for k, label in enumerate(column) if label and k not in levels[1]} for column in table.columns]
    everywhere = set().union(*names)
    here = elsewhere = 0
    for i, j in pairs:
        mine = {label for k, label in enumerate(table.rows[i]) if label and k not in levels[0]} & everywhere
        here += bool(mine & names[j])
        elsewhere += bool(mine) and not mine & names[j]
    return elsewhere > here


def past_sectors(
    table: Wide, levels: tuple[tuple[int, ...], tuple[int, ...]], pairs: Sequence[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Return the pairs of a row and a column that share a mere number, as offices number the lines beyond the sectors.

    From the first pair on that bears two names, neither a sector's (line 52 is taxes, column 52 private
    consumption), all whose names differ are such.
    """
    found: set[tuple[int, int]] = set()
    if len(table.rows[0]) == len(levels[0]) or len(table.columns[0]) == len(levels[1]):
        return found  # no names beside the keys
    for i, j in pairs:
        row = [label for k, label in enumerate(table.rows[i]) if label and k not in levels[0]]
        column = [label for k, label in enumerate(table.columns[j]) if label and k not in levels[1]]
        if not row or not column or set(row) & set(column):
            continue
        if not found:
            below, beside = meaning("row", tuple(row)), meaning("column", tuple(column))
            if below is None or beside is None or below.role == "account":
                continue
        found.add((i, j))
    return found


def is_total(labels: tuple[str, ...]) -> bool:
    """Whether labels name a sum or output rather than a sector."""
    column, row = meaning("column", labels), meaning("row", labels)
    return (column is not None and column.is_total) or (row is not None and row.is_total)
