"""The tables of a supply and use pair: which is which, which way round they stand, and whose labels agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.choose import Opened, open_file
from netcluster.tables.codes import Meaning, meaning, plain, stripped
from netcluster.tables.facts import find_year
from netcluster.tables.layout import Wide
from netcluster.tables.options import ReadOptions

if TYPE_CHECKING:
    from netcluster.tables.long.io_layout import LongLayout
    from netcluster.tables.options import Dialect

#: Supply and use in other languages.
_SUPPLY = (
    r"aufkommen|\b(tabla|cuadro) de origen|\bressources\b|\brisorse\b|\brecursos\b|aanbodtabel|tarjonta|tilgang"
    r"|供给表|공급표"
)
_USE = (
    r"verwendung|\bdestino\b|(tabla|cuadro) de utilizacion|\bemplois\b|\bimpieghi\b|\bempregos\b|gebruikstabel|anvend"
    r"|kayttotaul|使用表|사용표"
)
#: What a table's titles, sheet or file name say it is; the first that fits.
_WORDS = (
    ("inputs", r"componentes do valor|value added components|\bva\b"),
    ("imports", r"importacao de bens|\bimportacao\b"),
    ("valuation", r"oferta de bens|\boferta\b"),
    ("demand", r"\bdemanda final\b|\bdemanda\b"),
    ("supply", rf"producao das atividades|\bproducao\b|\bsupply\b|oferta e demanda|{_SUPPLY}"),
    ("make", r"\bmake\b|iomake|cp15\b"),
    ("use", rf"consumo intermediario|\bci\b|\buse\b|iouse|\busos\b|cp16\b|{_USE}"),
)
#: Words of a table that is part of a supply and use pair.
PAIR = re.compile(
    rf"\bmake\b|\bsupp?(ly)?(?![a-z])|\buse(?![a-z])|iomake|iouse|cp1[56]\b|\boferta\b|\bproducao\b|\busos\b|{_SUPPLY}|{_USE}"
)

#: What the files of a set are called that hold the rest of its use table.
_REST = {"demand": ("final_demand", "finaldemand", "y"), "inputs": ("value_added", "valueadded", "v")}


@dataclass
class Side:
    """The labels of one side of a table (rows or columns): every level, and what each line means.

    `regions` are those of the lines where one pair of tables holds several; "" for lines of none.
    """

    levels: list[tuple[str, ...]]
    meanings: list[Meaning | None]
    regions: tuple[str, ...] = ()

    def lines(self) -> list[int]:
        """Return the lines that may be sectors: those that name no sum."""
        return [k for k, found in enumerate(self.meanings) if found is None or not found.is_total]

    def read_as(self, side: str) -> Side:
        """Return the same labels with what they mean as rows, or as columns."""
        labels = zip(*self.levels, strict=True)
        return replace(self, meanings=[meaning(side, tuple(label)) for label in labels])


@dataclass
class Part:
    """A table, what it is, and its two sides."""

    table: Wide
    kind: str
    rows: Side = field(init=False)
    columns: Side = field(init=False)

    def __post_init__(self) -> None:
        rows = self.row_labels()
        columns = [tuple(x for k, x in enumerate(c) if k not in self.table.groups) for c in self.table.columns]
        self.rows = Side(list(zip(*rows, strict=True)), [meaning("row", row) for row in rows])
        self.columns = Side(list(zip(*columns, strict=True)), [meaning("column", column) for column in columns])

    def row_labels(self) -> list[tuple[str, ...]]:
        """Return the labels of the rows without years, origins and units."""
        skip = {k for wanted in ("year", "origin", "unit") if (k := self.table.head(wanted)) is not None}
        return [tuple(x for k, x in enumerate(row) if k not in skip) for row in self.table.rows]


def find_parts(files: list[Path], options: ReadOptions) -> tuple[list[Part], int | None, list[Note], Opened]:
    """Return the tables of files, of the year asked for; the year, notes, and the last file opened."""
    parts: list[Part] = []
    notes: list[Note] = []
    year: int | None = None
    opened: Opened | None = None
    for path in files:
        opened = open_file(path, options)
        long = long_part(path, options)
        if long is not None:
            year = year or find_year(long.titles)
            parts.append(Part(long, _kind(long, path, len(files))))
            continue
        tables, found, said = opened.of_year(options)
        year = year or found
        notes += said
        for table in tables:
            if min(table.values.shape) >= 1 and table.columns and table.columns[0] and table.rows[0]:
                one = one_variant(table)
                parts.append(Part(one, _kind(one, path, len(files))))
    assert opened is not None
    return parts, year, notes[:1], opened


def long_part(path: Path, options: ReadOptions) -> Wide | None:
    """Return a long make or use table as a wide one, or None where the file is none."""
    from netcluster.tables.long.io import read_long_wide

    found = _long_layout(path, options)
    return read_long_wide(path, *found, options) if found is not None else None


def _long_layout(path: Path, options: ReadOptions) -> tuple[LongLayout, Dialect] | None:
    from netcluster.tables.grid import kind_of
    from netcluster.tables.long.io_layout import recognise_make
    from netcluster.tables.samples import sample_of

    kind = kind_of(path)
    if kind not in ("text", "parquet"):
        return None
    header, rows, dialect = sample_of(path, options, kind)
    layout = recognise_make(header, rows)
    return (layout, dialect) if layout is not None else None


def regional_parts(files: Sequence[Path], options: ReadOptions) -> dict[str, list[Part]]:
    """Return the parts of long files by region, where all are long and hold the same regions, two or more."""
    from netcluster.tables.long.io import read_long_regions

    layouts = [_long_layout(path, options) for path in files]
    if len(files) < 2 or None in layouts:
        return {}
    tables = [read_long_regions(path, *found, options) for path, found in zip(files, layouts, strict=True) if found]
    if not tables[0] or any(one.keys() != tables[0].keys() for one in tables):
        return {}
    return {
        region: [
            Part(one[region], _kind(one[region], path, len(files))) for path, one in zip(files, tables, strict=True)
        ]
        for region in tables[0]
    }


def one_variant(table: Wide) -> Wide:
    """Return the rows at current prices of a table that repeats itself at other prices."""
    for k in range(len(table.rows[0])):
        values = list(dict.fromkeys(row[k] for row in table.rows))
        if not 1 < len(values) <= 4:
            continue
        current = [value for value in values if re.search(r"current|corriente|corrente|jeweilig|kaypiin", plain(value))]
        if current:
            return table.take([i for i, row in enumerate(table.rows) if row[k] == current[0]])
    return table


def named_rest(path: Path) -> str:
    """Return which part of a use table a file of its own holds by its name: demand, inputs, or nothing."""
    key = plain(path.stem).replace(" ", "_")
    return next((kind for kind, names in _REST.items() if key in names), "")


def _kind(table: Wide, path: Path, files: int) -> str:
    if files > 2 and (rest := named_rest(path)):
        return rest
    sheet = table.name.partition(", sheet ")[2]
    groups = [column[k] for k in table.groups for column in table.columns[:1]]
    heads = [title for title in table.titles if len(title) < 200]
    stem = path.stem.replace("_", " ") if files > 1 else ""
    first = [name for column in table.columns[:1] for name in column]
    for text in [sheet, *groups, *first, *heads, stem]:
        key = plain(text)
        for kind, pattern in _WORDS:
            if re.search(pattern, key):
                return kind
    return ""


def missing_part(parts: Sequence[Part]) -> NetclusterError:
    """Return the error for a pair of which one table is missing."""
    kinds = {part.kind for part in parts}
    lacking = "make (or supply)" if "use" in kinds else "use"
    return NetclusterError(
        f"A supply and use table needs both: the {lacking} table was not found.", "Give both files together."
    )


def sort_parts(parts: Sequence[Part]) -> dict[str, Part] | None:
    """Return the parts by kind, supply with products in rows; None where supply or use is missing."""
    found: dict[str, Part] = {}
    for part in parts:
        if part.kind and part.kind not in found:
            found[part.kind] = part
    if "use" not in found:
        rest = [p for p in parts if not p.kind and any(m is not None and m.role == "input" for m in p.rows.meanings)]
        if len(rest) == 1:
            found["use"] = rest[0]
    if not {"supply", "make"} & set(found):
        rest = [p for p in parts if not p.kind and p is not found.get("use")]
        if len(rest) == 1:
            found["make"] = rest[0]
    if not {"supply", "make"} & set(found) and "valuation" in found:
        found["supply"] = found.pop("valuation")
    if "use" not in found or not {"supply", "make"} & set(found):
        return None
    supply = found.pop("make", None) or found["supply"]
    if best_levels(supply.rows, found["use"].rows)[0] + best_levels(supply.columns, found["use"].columns)[0] == 0:
        supply = _turned(supply) if best_levels(supply.columns, found["use"].rows)[0] else supply
    found["supply"] = _upright(supply, found["use"])
    return found


def _turned(part: Part) -> Part:
    table = part.table
    turned = replace(
        table,
        values=table.values.T,
        rows=[tuple(x for k, x in enumerate(c) if k not in table.groups) for c in table.columns],
        columns=list(table.rows),
        heads=(),
        groups=frozenset(),
        row_at=[],
        column_at=[],
        grid=None,
    )
    made = Part(turned, "supply")
    if part.rows.regions:
        made.rows, made.columns = part.columns.read_as("row"), part.rows.read_as("column")
    return made


def _upright(supply: Part, use: Part) -> Part:
    """Return the supply with products in rows: a make table has industries there."""
    turned = _turned(supply)
    scores = []
    for part in (supply, turned):
        rows, columns = best_levels(part.rows, use.rows)[0], best_levels(part.columns, use.columns)[0]
        scores.append((rows + columns, -_output_miss(part, use)))
    if scores[0][0] == scores[1][0]:
        return supply if scores[0] >= scores[1] else turned
    return supply if scores[0][0] > scores[1][0] else turned


def _output_miss(supply: Part, use: Part) -> float:
    """Return by how much the columns of supply miss the industry output of the use table."""
    rows = [i for i, m in enumerate(use.rows.meanings) if m is not None and m.role == "output"]
    _, mine, theirs = best_levels(supply.columns, use.columns)
    if not rows or mine is None or theirs is None:
        return 0.0
    pairs = aligned(supply.columns, mine, use.columns, theirs)
    lines = supply.rows.lines()
    made = np.nan_to_num(supply.table.values[np.ix_(lines, [a for a, _ in pairs])]).sum(axis=0)
    output = np.nan_to_num(use.table.values[rows[-1], [b for _, b in pairs]])
    return float(np.abs(made - output).sum() / max(float(np.abs(output).sum()), 1e-300))


def _keys(side: Side, level: int) -> list[str]:
    keys = [stripped(label) if label else "" for label in side.levels[level]]
    if not side.regions:
        return keys
    return [f"{region}\x1f{key}" if region and key else "" for region, key in zip(side.regions, keys, strict=True)]


def best_levels(a: Side, b: Side) -> tuple[int, int | None, int | None]:
    """Return how many sectors two sides share, and the levels under which they do."""
    best: tuple[int, int | None, int | None] = (0, None, None)
    mine, theirs = a.lines(), b.lines()
    others = [_keys(b, j) for j in range(len(b.levels))]
    for i in range(len(a.levels)):
        keys = _keys(a, i)
        first = {keys[k] for k in mine} - {""}
        for j, other in enumerate(others):
            count = len(first & {other[k] for k in theirs})
            if count > best[0]:
                best = (count, i, j)
    return best


def aligned(a: Side, level_a: int, b: Side, level_b: int) -> list[tuple[int, int]]:
    """Return the pairs of lines (of a, of b) with the same name, in the order of b."""
    mine, keys = _keys(a, level_a), _keys(b, level_b)
    place = {mine[k]: k for k in reversed(a.lines())}
    return [(place[keys[k]], k) for k in b.lines() if keys[k] and keys[k] in place]
