"""The blocks of rows in one table: years under each other, domestic goods and imports, inputs by origin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.codes import origin_of, plain
from netcluster.tables.grid import Array
from netcluster.tables.layout import Wide
from netcluster.tables.match import Match, match_labels

#: What the OECD puts before the codes of rows.
_PREFIXES = {"dom_": "domestic", "imp_": "imports", "ttl_": "total"}

#: The heading of a block of imported goods.
_IMPORTED = re.compile(r"\b(import|einfuhr|invoer|tuonti|foreign|etrang)|進口|进口|輸入|수입|импорт")


#: Region and number of a sector in one name: AUS1, and vAUS1 in Stata.
_GLUED = re.compile(r"v?([A-Z]{2,4})(\d{1,3})")
#: The five categories of final demand that follow the sectors of each region where only numbers name them (WIOD).
_DEMAND = ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN")


def parted(table: Wide) -> Wide:
    """Return a table whose columns AUS1, AUS2 … bear the region and the code of the rows that have the same number.

    Regions and numbers of the rows stand in columns of their own, as in WIOD's world tables for R and Stata.
    """
    if table.columns and len(table.columns[0]) == len(table.rows[0]) == 1:
        return _regions_behind(table)
    if not table.columns or len(table.columns[0]) != 1 or len(table.rows[0]) < 3:
        return table
    glued = [_GLUED.fullmatch(column[0]) for column in table.columns]
    regions, numbers = ({match[k] for match in glued if match} for k in (1, 2))
    levels = [{row[k] for row in table.rows} for k in range(len(table.rows[0]))]
    region = next((k for k, names in enumerate(levels) if len(regions) > 1 and regions <= names), None)
    if region is None or 2 * sum(map(bool, glued)) < len(glued):
        return table
    inside = [row for row in table.rows if row[region] in regions]
    number = next((k for k in range(len(levels)) if {row[k] for row in inside} <= numbers), None)
    if number is None:
        return table
    code = next(k for k in range(len(levels)) if k not in (region, number))
    codes = {(row[region], row[number]): row[code] for row in table.rows}
    rest = sorted((n for n in numbers if all((r, n) not in codes for r in regions)), key=int)
    named = dict(zip(rest, _DEMAND if len(rest) == len(_DEMAND) else rest, strict=True))
    columns: list[tuple[str, ...]] = [
        (match[1], codes.get((match[1], match[2]), named.get(match[2], match[2]))) if match else ("", name.lstrip("v"))
        for match, (name,) in zip(glued, table.columns, strict=True)
    ]
    return replace(table, columns=columns)


def _regions_behind(table: Wide) -> Wide:
    """Return a table whose labels name the region behind the sector (111CA/US-GA) with both in levels of their own."""
    rows, columns = ([label[0].partition("/")[::2] for label in side] for side in (table.rows, table.columns))
    regions = {region for _, region in columns if region}
    several = [code for code, region in columns if region]
    if len(regions) < 2 or 2 * len(several) < len(columns) or not regions <= {region for _, region in rows}:
        return table
    if max(Counter(several).values()) < 2 or any("/" in region for region in regions):
        return table
    return replace(table, rows=[(b, a) for a, b in rows], columns=[(b, a) for a, b in columns], heads=("region", ""))


def years_of(table: Wide) -> list[int]:
    """Return the years stacked in a table, ascending; empty where it holds one."""
    level = table.head("year")
    if level is None:
        return []
    labels = {row[level] for row in table.rows}
    return sorted({int(float(label)) for label in labels if label.replace(".0", "").isdigit()})


def of_year(table: Wide, year: int | None) -> tuple[Wide, int | None, list[Note]]:
    """Return the rows of one year, the year, and a note where the latest of several was taken."""
    level = table.head("year")
    years = years_of(table)
    if level is None or not years:
        return table, None, []
    if year is not None and year not in years:
        raise NetclusterError(f"{table.name} holds no year {year}.", f"It holds {years[0]} to {years[-1]}.")
    chosen = years[-1] if year is None else year
    names = {label for label in {row[level] for row in table.rows} if label.replace(".0", "") == str(chosen)}
    rows = [i for i, row in enumerate(table.rows) if row[level] in names]
    notes = []
    if year is None and len(years) > 1:
        text = f"The table holds {len(years)} years, {years[0]} to {years[-1]}; the latest, {chosen}, was taken."
        notes.append(Note("latest_year", text, len(years)))
    return table.take(rows), chosen, notes


def by_origin(table: Wide) -> dict[str, list[int]]:
    """Return the rows of domestic, imported and total goods, and those that belong to all ("")."""
    level = table.head("origin")
    found: dict[str, list[int]] = {}
    if level is not None:
        for i, row in enumerate(table.rows):
            found.setdefault(origin_of(row[level]) or "", []).append(i)
        return found if "domestic" in found else {}
    for i, row in enumerate(table.rows):
        prefix = plain(row[0])[:4] if row else ""
        found.setdefault(_PREFIXES.get(prefix, ""), []).append(i)
    if len(found.get("imports", [])) > 1 and not found.keys() & {"domestic", "total"}:
        raise NetclusterError(
            f"{table.name} holds imported goods only (rows IMP_…): output can't be told from them.",
            "Give the table of domestic or of total flows (DOM_, TTL_), or both blocks in one file.",
        )
    split = len(found.get("domestic", [])) > 1 and len(found.get("imports", [])) > 1
    return found if split else _by_heading(table)


def _by_heading(table: Wide) -> dict[str, list[int]]:
    """Return the rows of two blocks that name the same sectors, one of them under the heading of imports.

    The heading stands in a column beside the block, in its first row or in all, or on a line of its own above it.
    """
    for level in range(len(table.rows[0]) if table.rows else 0):
        blocks = _repeated(["" if not row[level] else plain(row[level]) for row in table.rows])
        if blocks is None:
            continue
        imported = [any(_IMPORTED.search(word) for word in _headings(table, block, level)) for block in blocks]
        if imported in ([False, True], [True, False]):
            second, first = blocks if imported[0] else blocks[::-1]
            taken = {*first, *second}
            rest = [i for i in range(len(table.rows)) if i not in taken]
            return {"domestic": list(first), "imports": list(second), "": rest}
    return {}


def _repeated(labels: Sequence[str]) -> tuple[range, range] | None:
    """Return two runs of the same labels in the same order, where labels come again in one run only.

    >>> _repeated(["a", "b", "total", "a", "b", "wages"])
    (range(0, 2), range(3, 5))
    """
    first: dict[str, int] = {}
    again = [i for i, label in enumerate(labels) if label and first.setdefault(label, i) != i]
    if len(again) < 2 or again[-1] - again[0] != len(again) - 1:
        return None
    start = first[labels[again[0]]]
    run = range(start, start + len(again))
    same = all(labels[i] == labels[j] for i, j in zip(run, again, strict=True))
    return (run, range(again[0], again[-1] + 1)) if same and run.stop <= again[0] else None


def _headings(table: Wide, block: range, level: int) -> list[str]:
    """Return what stands beside a block of rows, apart from the level of its sectors, or on the lines above it."""
    others = [k for k in range(len(table.rows[0])) if k != level]
    words: list[str] = []
    for k in others:
        filled = {plain(table.rows[i][k]) for i in block if table.rows[i][k]}
        words += filled if len(filled) == 1 else []
    if table.grid is not None and table.row_at:
        above = table.row_at[block.start - 1] + 1 if block.start else max(table.row_at[block.start] - 1, 0)
        for line in range(above, table.row_at[block.start]):
            words += [
                plain(label) for label in table.grid.row_labels(line, range(min(table.grid.shape[1], 8))) if label
            ]
    return words


def main_rows(table: Wide, blocks: dict[str, list[int]]) -> Wide:
    """Return the rows of domestic goods and those that belong to no origin."""
    if not blocks:
        return table
    level = table.head("origin")
    rest = list(blocks.get("", []))
    if level is not None:
        rest += blocks.get("total", [])
    taken = set(blocks["domestic"]) | set(rest)
    main = table.take(sorted(taken))
    if level is None:
        return _without_headings(main, len(blocks["domestic"]))
    # A block of totals beside the domestic one names the same sectors again: it goes.
    keys = [tuple(label for k, label in enumerate(row) if k != level) for row in main.rows]
    first: dict[tuple[str, ...], int] = {}
    keep = []
    for i, key in enumerate(keys):
        if key in first and origin_of(main.rows[i][level]) == "total":
            continue
        first.setdefault(key, i)
        keep.append(i)
    return main.take(keep)


def _without_headings(table: Wide, count: int) -> Wide:
    """Return the table without what stands beside all of its first `count` rows: a heading names no sector."""
    gone = {k for k in range(len(table.rows[0])) if len({row[k] for row in table.rows[:count]}) == 1}
    return replace(table, rows=[tuple("" if k in gone else w for k, w in enumerate(row)) for row in table.rows])


def fold_repeats(table: Wide, match: Match) -> tuple[Wide, Match]:
    """Add up the rows of inputs that are given for each sector of origin: taxes from each region's industries.

    Such rows repeat the sectors' labels, and bear their own name in a column that is empty for sectors.
    """
    spare = [k for k in range(len(table.rows[0])) if k not in match.row_levels]
    wanted = set(match.column_keys)
    seen: set[str] = set()
    repeated = []
    for key in match.row_keys:
        repeated.append(key in seen)
        seen.add(key)
    level = next((k for k in spare if any(repeated) and _names_repeats(table, match, repeated, wanted, k)), None)
    if level is None:
        return table, match
    names = list(dict.fromkeys(row[level] for row in table.rows if row[level]))
    sectors = [i for i, row in enumerate(table.rows) if not row[level]]
    blank = tuple("" for _ in table.rows[0])
    rows = [tuple(name if k == level else label for k, label in enumerate(blank)) for name in names]
    sums = [np.nansum(table.values[[i for i, row in enumerate(table.rows) if row[level] == n]], axis=0) for n in names]
    folded = replace(
        table,
        values=np.vstack([table.values[sectors], *sums]),
        rows=[*(table.rows[i] for i in sectors), *rows],
        row_at=[*(table.row_at[i] for i in sectors), *(table.row_at[0] for _ in names)] if table.row_at else [],
    )
    again = match_labels(folded)
    return (folded, again) if again is not None else (table, match)


def _names_repeats(table: Wide, match: Match, repeated: Sequence[bool], wanted: set[str], level: int) -> bool:
    first = [i for i, key in enumerate(match.row_keys) if key in wanted and not repeated[i]]
    others = [i for i, again in enumerate(repeated) if again and match.row_keys[i] in wanted]
    return bool(others) and not any(table.rows[i][level] for i in first) and all(table.rows[i][level] for i in others)


def imported_rows(
    table: Wide, blocks: dict[str, list[int]], main: Wide, match: Match, sectors: Sequence[int], notes: list[Note]
) -> Array | None:
    """Return the imported goods of each sector by column of the table, (n, C), where the table splits origin.

    `sectors` are their rows in `main`; what is missing is zero and goes to `notes`.
    """
    if not blocks.get("imports"):
        return None
    rows = table.take(blocks["imports"])
    keys = ["\x1f".join(_key(row[k]) for k in match.row_levels) for row in rows.rows]
    place = {key: i for i, key in enumerate(keys)}
    wanted = ["\x1f".join(_key(main.rows[i][k]) for k in match.row_levels) for i in sectors]
    at = [place.get(key, -1) for key in wanted]
    there = np.array([i >= 0 for i in at])
    values = np.nan_to_num(rows.values[at])
    values[~there] = 0.0
    if not there.all():
        notes.append(Note("no_imports_of", "Sectors without a row of imports: taken as zero.", int((~there).sum())))
    return np.asarray(values)


def _key(label: str) -> str:
    key = plain(label)
    return key[4:] if key[:4] in _PREFIXES else key
