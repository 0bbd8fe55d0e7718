"""The labels of a table's sectors: region, code and name, and what is left of a label without its region."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from netcluster.tables.codes import head_of, numbered, plain, stripped
from netcluster.tables.layout import Wide
from netcluster.tables.match import Match

#: "01 Agriculture", "C10-12 Food": a code with a digit, then the name, in one cell.
_CODED = re.compile(r"((?:[A-Z]{0,4}_?\d[\w.\-/+&]*)|(?:[A-Z]+\d*[A-Z_/]+[\w/]*))\s+(\D.*)")
_CODE = re.compile(r"\S*\d\S*")
SEPARATORS = ("_", ":", "|", "-", ".", " ")


@dataclass
class Labels:
    """How the labels of a table fall into region, code and name.

    `region_row`, `region_column` are the levels that hold regions, `separator` what divides region from
    sector within one label ("AUS_01T03"); both are empty where there is one region.
    """

    table: Wide
    match: Match
    region_row: int | None = None
    region_column: int | None = None
    separator: str = ""
    regions: frozenset[str] = frozenset()
    aside: frozenset[int] = field(default_factory=frozenset)
    code_row: int = 0
    name_row: int | None = None
    name_column: int | None = None
    constant: frozenset[int] = frozenset()
    code_and_name: bool = False

    def row_names(self, i: int) -> tuple[str, ...]:
        """Return what names a row, apart from year, origin, unit and region."""
        row = self.table.rows[i]
        if not self.aside:
            return self._bare(row)
        names = tuple([label for k, label in enumerate(row) if k not in self.aside])
        return self._bare(names if any(names) else self._in_place_of_a_region(row, self.region_row))

    def column_names(self, j: int) -> tuple[str, ...]:
        """Return what names a column, apart from its region and its group."""
        column = self.table.columns[j]
        if self.constant or self.table.groups or self.region_column is not None:
            skip = {self.region_column} | self.table.groups | self.constant
            names = tuple([label for k, label in enumerate(column) if k not in skip])
            column = names if any(names) else self._in_place_of_a_region(column, self.region_column)
        return self._bare(column)

    def _in_place_of_a_region(self, labels: tuple[str, ...], level: int | None) -> tuple[str, ...]:
        """Return what stands where others have their region and has no other name: exports, a total."""
        return () if level is None or labels[level] in self.regions else (labels[level],)

    def _bare(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        if not self.separator:
            return labels
        parts = [part for label in labels for part in (label, label.partition(self.separator)[2]) if part]
        return tuple(parts)

    def column_region(self, j: int) -> str:
        """Return the region of a column, or nothing."""
        if self.region_column is not None:
            region = self.table.columns[j][self.region_column]
            return "" if self.column_names(j) == (region,) else region
        if self.separator:
            for label in self.table.columns[j]:
                region = label.partition(self.separator)[0]
                if region in self.regions:
                    return region
        return ""

    def row_code(self, i: int) -> str:
        """Return the short name of a row: its code where it has one."""
        code = self.table.rows[i][self.code_row] if self.table.rows[i] else ""
        if self.code_and_name:
            code = split_code(code)[0]
        return code or shortest(self.row_names(i))

    def column_code(self, j: int) -> str:
        """Return the short name of a column; names broken over several header rows are put together."""
        names = [name for name in self.column_names(j) if name]
        if self.separator and len(names) > 1:
            region, part, rest = names[0].partition(self.separator)
            return rest if part and region in self.regions else names[0]
        spaced = [name for name in names if " " in name]
        if self.code_and_name and len(names) == 1:
            return split_code(names[0])[0]
        return " ".join(dict.fromkeys(names)) if len(spaced) > 1 and len(spaced) == len(names) else shortest(names)

    def sectors(self, rows: Sequence[int], columns: Sequence[int]) -> dict[str, list[str]]:
        """Return region, sector and name of the sectors in these rows and columns."""
        table = self.table
        codes = self._codes(rows, columns)
        regions = [""] * len(codes)
        if self.region_row is not None:
            regions = _texts(table, rows, self.region_row)
        elif self.separator:
            regions, _, codes = map(list, zip(*(code.partition(self.separator) for code in codes), strict=True))
        names = [""] * len(codes)
        if self.name_row is not None:
            names = _texts(table, rows, self.name_row)
        if self.name_column is not None:
            names = [name or table.columns[j][self.name_column] for name, j in zip(names, columns, strict=True)]
        if self.code_and_name:
            codes, _, names = map(list, zip(*(code.partition(" ") for code in codes), strict=True))
        return {
            "region": regions,
            "sector": codes,
            "name": [name or code for name, code in zip(names, codes, strict=True)],
        }

    def _codes(self, rows: Sequence[int], columns: Sequence[int]) -> list[str]:
        down = _texts(self.table, rows, self.code_row)
        if self.code_row not in self.match.row_levels:
            return down
        level = self.match.column_levels[self.match.row_levels.index(self.code_row)]
        across = [self.table.columns[j][level] for j in columns]
        return [row if row == column else _common(row, column) for row, column in zip(down, across, strict=True)]


def _common(row: str, column: str) -> str:
    """Return the code of a sector from the labels of its row and its column."""
    if plain(row) == plain(column):
        return row
    # OECD's TTL_01T02 and D01T02 are both 01T02.
    return column if stripped(row) == stripped(column) else numbered(column).upper()


def find_labels(table: Wide, match: Match, rows: Sequence[int], columns: Sequence[int]) -> Labels:
    """Return how the labels of the sectors (their rows and columns) fall into region, code and name."""
    labels = Labels(table, match)
    aside = {k for wanted in ("year", "origin", "unit") if (k := table.head(wanted)) is not None}
    if len(match.row_levels) > 1:
        _by_level(labels, rows, columns)
    elif rows:
        _by_separator(labels, rows)
    if labels.region_row is None:
        region = next((k for k, head in enumerate(table.heads) if head_of(head) == "region"), None)
        if region is not None and region not in match.row_levels:
            aside.add(region)
    else:
        aside.add(labels.region_row)
    if len(columns) > 1:
        # A header row that says the same over every sector ("Sector", "Industries") names none.
        labels.constant = frozenset(
            k for k, names in enumerate(_levels(table, columns)) if len(set(names)) == 1 and names[0]
        )
    labels.aside = frozenset(aside)
    _codes_and_names(labels, rows, columns)
    if labels.name_row is None and labels.name_column is None:
        texts = _texts(table, rows, labels.code_row)
        if any(" " in text for text in texts):
            codes = [split_code(text)[0] for text in texts]
            labels.code_and_name = all(map(_CODE.fullmatch, codes)) and len(set(codes)) == len(set(texts))
    return labels


def _by_level(labels: Labels, rows: Sequence[int], columns: Sequence[int]) -> None:
    """Take as regions the level whose names final demand bears too, and of such levels the one with fewest names."""
    table, match = labels.table, labels.match
    names = {k: {table.rows[i][k] for i in rows} for k in match.row_levels}
    wordy = [k for k in match.row_levels if len(names[k]) > 1]
    if len(wordy) < 2:
        return
    rest = set(range(len(table.columns))) - set(columns)
    beside = {k: {table.columns[j][match.column_levels[match.row_levels.index(k)]] for j in rest} for k in wordy}
    level = min(wordy, key=lambda k: (not names[k] <= beside[k], len(names[k]), k))
    labels.region_row = level
    labels.region_column = match.column_levels[match.row_levels.index(level)]
    labels.regions = frozenset(names[level])


def _by_separator(labels: Labels, rows: Sequence[int]) -> None:
    """Divide labels such as AUS_01T03 where every sector has such a label and regions share their sectors."""
    level = labels.match.row_levels[0]
    codes = [labels.table.rows[i][level] for i in rows]
    for separator in SEPARATORS:
        parts = [code.partition(separator) for code in codes]
        if not all(head and tail for head, _, tail in parts):
            continue
        regions: dict[str, set[str]] = {}
        for head, _, tail in parts:
            regions.setdefault(head, set()).add(tail)
        sizes = sorted(map(len, regions.values()))
        if len(regions) < 2 or sizes[len(sizes) // 2] < 2:
            continue
        shared = set.intersection(*regions.values())
        if len(shared) * 2 >= sizes[-1]:
            labels.separator, labels.regions = separator, frozenset(regions)
            return


def _codes_and_names(labels: Labels, rows: Sequence[int], columns: Sequence[int]) -> None:
    table, match = labels.table, labels.match
    levels = [k for k in range(len(table.rows[0])) if k not in labels.aside] if table.rows else []
    matched = next((k for k in match.row_levels if k in levels), levels[0] if levels else 0)
    labels.code_row = matched
    several = labels.region_row is not None
    for k in levels:
        texts = [table.rows[i][k] for i in rows]
        if k == matched or not all(texts) or all(text.isdigit() for text in texts):
            continue
        distinct = len(set(_texts(table, rows, matched)))
        unique = len(set(texts)) == (distinct if several else len(texts))
        if unique and not any(" " in text for text in texts) and _length(texts) < _length(_texts(table, rows, matched)):
            labels.code_row = k
    others = [k for k in levels if k != labels.code_row and any(table.rows[i][k] for i in rows)]
    longer = [k for k in others if _length(_texts(table, rows, k)) > _length(_texts(table, rows, labels.code_row))]
    labels.name_row = longer[0] if longer else None
    if labels.name_row is None and table.columns:
        used = {*match.column_levels, *table.groups, labels.region_column}
        heads = [k for k in range(len(table.columns[0])) if k not in used]
        wide = [k for k in heads if any(table.columns[j][k].strip("()1234567890") for j in columns)]
        labels.name_column = wide[0] if wide else None


def _levels(table: Wide, columns: Sequence[int]) -> list[tuple[str, ...]]:
    depth = len(table.columns[0]) if table.columns else 0
    return [tuple(table.columns[j][k] for j in columns) for k in range(depth)]


def _texts(table: Wide, rows: Sequence[int], level: int) -> list[str]:
    return [table.rows[i][level] for i in rows]


def _length(texts: Sequence[str]) -> float:
    return sum(map(len, texts)) / max(len(texts), 1)


def split_code(label: str) -> tuple[str, str]:
    """Return code and name of a label that holds both, or the label and nothing.

    >>> split_code("02_03 Forestry"), split_code("Consumo de hogares")
    (('02_03', 'Forestry'), ('Consumo de hogares', ''))
    """
    found = _CODED.fullmatch(label)
    return (found[1], found[2]) if found else (label, "")


def shortest(names: Sequence[str]) -> str:
    """Return the shortest name that is more than a number, or the shortest of all."""
    filled = [name for name in names if name]
    wordy = [name for name in filled if not name.isdigit()]
    return min(wordy or filled or [""], key=len)
