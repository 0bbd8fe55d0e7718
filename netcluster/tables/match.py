"""Which label columns and header rows of a table name the same sectors."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from netcluster.tables.codes import meaning, numbered, plain, spelled, stripped
from netcluster.tables.layout import Wide


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
    normals = (plain, stripped, numbered, spelled)
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
    if len({column_keys[j] for j in named}) < len(named):
        # Totals of several blocks may bear one name: "Sub-total" of sectors and of final demand.
        heads = Counter(column_keys[j] for j in named)
        named = [
            j
            for j in named
            if heads[column_keys[j]] == 1 or not is_total(tuple([table.columns[j][k] for k in levels[1]]))
        ]
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
