"""Jobs in a cross table: regions by industries or industries by regions, with totals or without."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.bundle import Bundle
from netcluster.tables.codes import plain
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.employment_levels import settled
from netcluster.tables.facts import find_year, words_around
from netcluster.tables.layout import Wide
from netcluster.tables.long.headers import find
from netcluster.tables.nested import is_total
from netcluster.tables.options import ReadOptions

_CODE = re.compile(
    r"(?:CPA_)?[A-U](?:\d{2}|[-_][A-U]|[-_]?\d{2}[-_T][A-U]?\d{2})?|\d{2}(?:-\d{2})?|\d{2,6}|[A-Z]{2,3}_?[A-U]Z|.*\([A-U](?:-[A-U])?\)"
    r"|(?:\d{1,4}|[A-U]) ?[:.-] ?\D.*|[A-U](?:-[A-U])? [^\W\d]{3}.*|.*\[\d{2,3}(?:-\d{2,3})?\]"
)
_WORDS = re.compile(
    r"agric|landwirt|forst|mining|bergbau|manufact|industr|verarbeit|construct|baugewerbe|^bau|trade|handel|commerce|comercio"
    r"|transport|educa|erziehung|health|gesundheit|service|dienst|financ|kredit|insur|energy|energie|hospitality|gastgewerbe"
    r"|agricol|construc|information|public admin|verwaltung|real estate|immobil|water|wasser|hotel|maatalous|teollisuus"
)
_REGION = re.compile(r"[A-Z]{2}[0-9A-Z]{1,3}|\d{5}|E\d{8}")
_JOBS = re.compile(r"employ|erwerbstat|beschaftig|\bjobs?\b|occup|emploi|ocupad|empleo|addett|sysselsat|tyolli|workers")
_THOUSANDS = re.compile(r"thousand|1 ?000|tausend|\btsd\b|miles|milliers|migliaia")


def read_wide_jobs(tables: Sequence[Wide], path: Path, options: ReadOptions) -> Bundle | None:
    """Return the jobs in the largest cross table of regions and industries, or None where there is none.

    Without `--kind employment` the labels, the heads or the title must say that these are jobs by region and industry.
    """
    for table in sorted(tables, key=lambda t: -t.values.size):
        if min(table.values.shape) < 2 or not table.columns or not table.columns[0] or not table.rows[0]:
            continue
        sides = _sides(table, told=options.kind == "employment")
        if sides is not None:
            return Bundle(employment=_table(table, *sides, path, options), name=path.stem)
    return None


def _sides(table: Wide, *, told: bool) -> tuple[list[str], list[str], bool] | None:
    """Return the labels of rows and columns, and whether the industries stand in the rows."""
    rows, row_head = _level(table.rows, table.heads)
    columns, _ = _level(table.columns, ())
    if rows is None or columns is None:
        return None
    heads = re.split(r"[\\/]", row_head) if row_head else []
    down = find(heads[:1], "industry") is not None
    across = find(heads[:1], "region") is not None or find(heads[1:], "industry") is not None
    mine, theirs = _share(rows), _share(columns)
    if mine >= 0.5 <= theirs and len(table.rows[0]) > 1:
        # Numbers of regions look like codes of industries; the names beside them do not.
        mine = _share([label[-1] for label in table.rows])
    if not down and not across:
        down, across = mine >= 0.5 > theirs, theirs >= 0.5 > mine
    if down == across:
        if told:
            raise NetclusterError(
                f"{table.name}: it can't be told whether rows or columns are industries.",
                "Head the first column with region or industry.",
            )
        return None
    regions = columns if down else rows
    named = bool(_JOBS.search(plain(" ".join(table.titles)))) or any(_JOBS.search(plain(head)) for head in heads)
    placed = find(heads[1:] if down else heads[:1], "region") is not None or _codes(regions) >= 0.8
    if not told and not ((mine if down else theirs) >= 0.5 and (named or placed)):
        return None
    return rows, columns, down


def _level(labels: Sequence[tuple[str, ...]], heads: Sequence[str]) -> tuple[list[str] | None, str]:
    """Return the first level of labels that names every line and no two alike, and its head."""
    for k in range(len(labels[0])):
        names = [label[k] for label in labels]
        if len(set(names)) == len(names) and sum(map(bool, names)) >= len(names) - 1:
            return names, heads[k] if k < len(heads) else ""
    return None, ""


def _share(labels: Sequence[str]) -> float:
    """Return the share of labels that are codes or names of industries; totals count for neither side."""
    names = [label for label in labels if label and not is_total(label)]
    known = sum(bool(_CODE.fullmatch(label) or _WORDS.search(plain(label))) for label in names)
    return known / len(names) if names else 0.0


def _codes(labels: Sequence[str]) -> float:
    names = [label for label in labels if label and not is_total(label)]
    return sum(bool(_REGION.fullmatch(label)) for label in names) / len(names) if names else 0.0


def _table(
    table: Wide, rows: list[str], columns: list[str], down: bool, path: Path, options: ReadOptions
) -> EmploymentTable:
    values = table.values.T if down else table.values
    regions, industries = (columns, rows) if down else (rows, columns)
    _check_words(table)
    frame = pd.DataFrame(
        {
            "region": np.repeat(np.array(regions, dtype=object), len(industries)),
            "industry": np.tile(np.array(industries, dtype=object), len(regions)),
            "employment": values.reshape(-1),
            "establishments": np.nan,
        }
    )
    notes = [Note("cross_table", "A table of regions by industries; its numbers were taken as jobs.", len(frame))]
    empty = frame["employment"].isna()
    negative = frame["employment"] < 0
    if empty.any():
        notes.append(
            Note("missing_values", f"{int(empty.sum())} cells are empty; they are left out.", int(empty.sum()))
        )
    if negative.any():
        notes.append(Note("negative_values", f"{int(negative.sum())} numbers of jobs are negative; left out."))
    named = (frame["region"] != "") & (frame["industry"] != "")
    kept = frame[~empty & ~negative & named].copy()
    kept.attrs["others"] = {}
    texts = words_around(path, table.name, table.titles)
    thousands = any(_THOUSANDS.search(plain(text)) for text in table.titles)
    return EmploymentTable(
        settled(kept, options.level, path.name, notes),
        unit="thousand persons" if thousands else "persons",
        year=options.year if options.year is not None else find_year(texts),
        source=path.name,
        changes=tuple(notes),
    )


def _check_words(table: Wide) -> None:
    if table.grid is None or not table.row_at:
        return
    words = table.grid.words[np.ix_(table.row_at, table.column_at)]
    if words.any():
        i, j = np.argwhere(words)[0]
        raise NetclusterError(
            f"{table.name}, {table.address(int(i), int(j))}: a word stands where a number was expected.",
            "Mend the cell, or leave it empty.",
        )
