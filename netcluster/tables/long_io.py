"""Input–output tables in long form: a row a cell, with the seller, the buyer and the amount."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.cells import MISSING, looks_numeric, number
from netcluster.tables.codes import head_of, meaning, origin_of, plain, stripped
from netcluster.tables.facts import find_unit
from netcluster.tables.iotable import IOTable
from netcluster.tables.layout import Wide
from netcluster.tables.national import read_wide
from netcluster.tables.options import Dialect, ReadOptions
from netcluster.tables.stack import stack_regions

if TYPE_CHECKING:
    import pandas as pd

#: Heads of the columns that hold the seller (a row of the table) and the buyer (a column).
ROW_HEADS = (
    *(
        "prod_na",
        "t_rows2",
        "t_rows",
        "com",
        "row",
        "prd_ava",
        "ind_ava",
        "row_code",
        "rowcode",
        "from",
        "product",
        "seller",
    ),
    *("commodity", "rowind", "row_item", "row_sector", "fila", "rowid", "cpa"),
)
COLUMN_HEADS = (
    *(
        "induse",
        "ind_use",
        "t_cols2",
        "t_cols",
        "ind",
        "col",
        "column",
        "prd_use",
        "col_code",
        "colcode",
        "to",
        "buyer",
    ),
    *("industry", "colind", "col_item", "col_sector", "columna", "colid", "use"),
)
VALUE_HEADS = (
    "value",
    "values",
    "obs_value",
    "obsvalue",
    "amount",
    "valor",
    "wert",
    "arvo",
    "data",
    "flow",
    "observation",
)


@dataclass(frozen=True)
class LongLayout:
    """Which columns of a long table hold what; `wide` marks cells named R1C1 across the header."""

    row: str = ""
    column: str = ""
    value: str = ""
    wide: bool = False
    others: tuple[str, ...] = field(default=())


def recognise(header: Sequence[str], rows: Sequence[Sequence[str]]) -> LongLayout | None:
    """Return the layout of a long input–output table, or None where the sample is of none.

    Two columns of labels share their names, and some of the rest are codes of final demand, primary inputs
    or totals; links between firms have no such codes.
    """
    if sum(bool(_CELL.fullmatch(name.strip())) for name in header) >= 4:
        return LongLayout(wide=True, row=header[0])
    if not 3 <= len(header) <= 40 or len(rows) < 4:
        return None
    if {"source", "target"} <= {plain(name) for name in header}:
        return None  # a list of links says so by its header
    columns = {name: [row[k].strip() for row in rows if len(row) > k] for k, name in enumerate(header)}
    value = _value_column(columns)
    if value is None:
        return None
    texts = {name: set(cells) - {""} for name, cells in columns.items() if _is_text(cells) and name != value}
    found = _sides(texts)
    if found is None:
        return None
    row, column = found
    rest = tuple(name for name in header if name not in (row, column, value))
    return LongLayout(row, column, value, others=rest)


_CELL = re.compile(r"R(\d+)C(\d+)", re.IGNORECASE)


def recognise_make(header: Sequence[str], rows: Sequence[Sequence[str]]) -> LongLayout | None:
    """Return the layout of a long make or use table (industry, commodity, amount), or None where it is none."""
    if not 3 <= len(header) <= 12 or len(rows) < 4:
        return None
    columns = {name: [row[k].strip() for row in rows if len(row) > k] for k, name in enumerate(header)}
    industry = next((name for name in header if plain(name) in ("industry", "industrycode", "industry code")), None)
    product = next((name for name in header if plain(name) in ("commodity", "commoditycode", "commodity code")), None)
    numeric = [name for name, cells in columns.items() if _is_numeric(cells) and not head_of(name)]
    values = [name for name in numeric if name not in (industry, product)]
    if industry is None or product is None or not values:
        return None
    sides = sorted((industry, product), key=list(header).index)
    rest = tuple(name for name in header if name not in (*sides, values[0]))
    return LongLayout(sides[0], sides[1], values[0], others=rest)


def read_long_wide(path: Path, layout: LongLayout, dialect: Dialect, options: ReadOptions) -> Wide:
    """Return a long make or use table of one year as a wide one."""
    frame = _chosen_year(_frame(path, dialect), layout, options)
    year = frame.attrs.pop("year")
    frame.attrs.clear()
    kind = "make" if plain(layout.row).startswith("industry") else "use"
    title = f"Long {kind} table" + (f" of {year}" if year else "")
    return replace(_pivot(frame, layout, dialect, path.name), titles=(title,))


def _value_column(columns: Mapping[str, Sequence[str]]) -> str | None:
    numeric = [name for name, cells in columns.items() if _is_numeric(cells)]
    for name, cells in columns.items():
        if plain(name) in VALUE_HEADS and _is_numeric(cells, 0.5):
            return name
    rest = [name for name in numeric if not head_of(name) and len(set(columns[name])) > 3]
    return rest[-1] if len(rest) == 1 else None


def _is_numeric(cells: Sequence[str], share: float = 0.95) -> bool:
    filled = [cell for cell in cells if cell not in MISSING]
    return bool(filled) and sum(map(looks_numeric, filled)) > share * len(filled)


def _is_text(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(not looks_numeric(cell) for cell in filled) > 0.2 * len(filled)


def _sides(texts: Mapping[str, set[str]]) -> tuple[str, str] | None:
    best: tuple[int, str, str] | None = None
    for row, sellers in texts.items():
        for column, buyers in texts.items():
            if row == column:
                continue
            score = _score(row, sellers, column, buyers)
            if score and (best is None or score > best[0]):
                best = (score, row, column)
    return (best[1], best[2]) if best else None


def _score(row: str, sellers: set[str], column: str, buyers: set[str]) -> int:
    """Return how sure it is that two columns are sellers and buyers of a table by sector; 0 where they are not."""
    rows, columns = {stripped(s) for s in sellers}, {stripped(b) for b in buyers}
    shared = len(rows & columns)
    inputs = sum(_has_role("row", s, ("input", "output", "account")) for s in sellers if stripped(s) not in columns)
    demand = sum(_has_role("column", b, ("demand", "output")) for b in buyers if stripped(b) not in rows)
    heads = 20 * (plain(row) in ROW_HEADS) + 20 * (plain(column) in COLUMN_HEADS)
    if shared < 1 or inputs + demand < 2:
        return 0
    codes = 5 * all(" " not in label for label in [*sellers, *buyers])
    return inputs + demand + heads + codes + min(shared, 10)


def _has_role(side: str, label: str, roles: tuple[str, ...]) -> bool:
    found = meaning(side, (label,))
    return found is not None and found.role in roles


def read_long_io(path: Path, layout: LongLayout, dialect: Dialect, options: ReadOptions) -> IOTable:
    """Return the table in a long file; regions without trade between them each stand as a block of their own."""
    frame = _frame(path, dialect)
    if layout.wide:
        return _by_region(frame, path.name, dialect)
    frame = _chosen_year(frame, layout, options)
    notes: list[Note] = frame.attrs.pop("notes")
    year = frame.attrs.pop("year")
    frame, unit = _one_unit(frame, layout, notes)
    regions = _column_for("region", frame, layout)
    groups = list(frame.groupby(regions, sort=False)) if regions else [("", frame)]
    tables = [
        (str(region), read_wide(_pivot(group, layout, dialect, path.name), replace(options, year=None)))
        for region, group in groups
    ]
    io = tables[0][1] if len(tables) == 1 else stack_regions(tables)
    region = {"region": str(groups[0][0])} if len(groups) == 1 and regions else {}
    if region and io.regions == ("",):
        notes.append(Note("one_region", f"The table is of {region['region']}."))
    return io.replace(unit=io.unit or unit, year=year or io.year, changes=(*notes, *io.changes))


def _frame(path: Path, dialect: Dialect) -> pd.DataFrame:
    import pandas as pd

    from netcluster.tables.archive import read_bytes
    from netcluster.tables.grid import kind_of
    from netcluster.tables.sniff import split

    if kind_of(path) == "parquet":
        cells = pd.read_parquet(path).astype(object)
        return cells.where(cells.notna(), "").astype(str)
    text = read_bytes(path).decode(dialect.encoding, errors="replace").lstrip("\ufeff")
    rows = split([line for line in text.splitlines() if line.strip()], dialect.delimiter)
    header, body = rows[dialect.skip + dialect.header_rows - 1], rows[dialect.skip + dialect.header_rows :]
    width = len(header)
    short = next((i for i, row in enumerate(body) if len(row) != width), None)
    if short is not None and short < len(body) - max(dialect.footer, 1):
        line = short + dialect.skip + dialect.header_rows + 1
        raise NetclusterError(
            f"{path.name}, line {line}: {len(body[short])} cells where {width} were expected.",
            "Mend the line, or name the separator with --delimiter.",
        )
    body = [row for row in body if len(row) == width]
    return pd.DataFrame(body, columns=[name.strip() for name in header], dtype=str)


def _column_for(head: str, frame: pd.DataFrame, layout: LongLayout) -> str | None:
    named = [name for name in layout.others if head_of(name) == head and name in frame]
    return named[0] if named else None


def _chosen_year(frame: pd.DataFrame, layout: LongLayout, options: ReadOptions) -> pd.DataFrame:
    """Return the rows of the year asked for, or the latest; the year and notes stand in `attrs`."""
    column = _column_for("year", frame, layout)
    notes: list[Note] = []
    year: int | None = None
    if column:
        years = frame[column].map(_year)
        there = sorted({int(y) for y in years.dropna().unique()})
        if there:
            year = options.year if options.year is not None else there[-1]
            if year not in there:
                raise NetclusterError(f"The table holds no year {year}.", f"It holds {there[0]} to {there[-1]}.")
            if options.year is None and len(there) > 1:
                text = f"The table holds {len(there)} years, {there[0]} to {there[-1]}; the latest, {year}, was taken."
                notes.append(Note("latest_year", text, len(there)))
            frame = frame[years == year]
    frame = frame.copy()
    frame.attrs.update(notes=notes, year=year)
    return frame


def _year(text: str) -> int | None:
    """Return the year of a cell: 2010, 2010.0, 2010-01-01, or R's count of days since 1970."""
    found = re.match(r"(19|20)\d\d(?!\d)", text.strip())
    if found:
        return int(found[0])
    if looks_numeric(text) and 3000 < float(text) < 40000:
        return (datetime.date(1970, 1, 1) + datetime.timedelta(days=float(text))).year
    return None


def _one_unit(frame: pd.DataFrame, layout: LongLayout, notes: list[Note]) -> tuple[pd.DataFrame, str]:
    """Return the rows in one unit: of several the first money unit of the file."""
    column = _column_for("unit", frame, layout)
    if column is None:
        return frame, ""
    units = list(dict.fromkeys(frame[column]))
    names = {unit: find_unit([unit]) for unit in units}
    beside = next((name for name in layout.others if plain(name) in ("unit_lab", "unit_label")), None)
    if len(units) == 1:
        texts = [units[0], *(frame[beside].unique()[:1] if beside else [])]
        return frame, find_unit(list(map(str, texts))) or units[0]
    full = frame[column].value_counts()
    money = [unit for unit in units if names[unit]]
    chosen = max(money or units, key=lambda unit: (full[unit], -units.index(unit)))
    notes.append(Note("one_unit", f"The table is given in {', '.join(units)}; {chosen} was taken.", len(units)))
    return frame[frame[column] == chosen], names[chosen] or chosen


def _pivot(frame: pd.DataFrame, layout: LongLayout, dialect: Dialect, name: str) -> Wide:
    """Return a long table's rows as a wide one, rows and columns in the order they first appear."""
    origin = _column_for("origin", frame, layout) or _origin_column(frame, layout)
    rows = list(zip(frame[layout.row], frame[origin] if origin else [""] * len(frame), strict=True))
    row_at = {key: i for i, key in enumerate(dict.fromkeys(rows))}
    column_at = {key: j for j, key in enumerate(dict.fromkeys(frame[layout.column]))}
    values = np.full((len(row_at), len(column_at)), np.nan)
    i = np.array([row_at[key] for key in rows])
    j = frame[layout.column].map(column_at).to_numpy()
    cells = [_cell(text, dialect, layout, name) for text in frame[layout.value]]
    _refuse_twice(frame, layout, i * len(column_at) + j, name)
    values[i, j] = cells
    row_names = _names(frame, layout.row, layout)
    column_names = _names(frame, layout.column, layout)
    labels: list[tuple[str, ...]] = [(key, row_names.get(key, ""), where) for key, where in row_at]
    return Wide(
        name=name,
        values=values,
        rows=labels if origin else [label[:2] for label in labels],
        columns=[(key, column_names.get(key, "")) for key in column_at],
        heads=("code", "name", "origin") if origin else ("code", "name"),
    )


def _origin_column(frame: pd.DataFrame, layout: LongLayout) -> str | None:
    for name in layout.others:
        if name in frame:
            found = {origin_of(text) for text in frame[name].unique()}
            if len(found) > 1 and "" not in found:
                return name
    return None


def _cell(text: str, dialect: Dialect, layout: LongLayout, name: str) -> float:
    value = number(text, dialect)
    if value is None:
        raise NetclusterError(
            f"{name}, column {layout.value}: {text!r} stands where a number was expected.", "Mend the cell."
        )
    return value


def _refuse_twice(frame: pd.DataFrame, layout: LongLayout, cells: np.ndarray, name: str) -> None:
    _, first, counts = np.unique(cells, return_index=True, return_counts=True)
    if (counts > 1).any():
        at = int(first[np.argmax(counts > 1)])
        row, column = frame[layout.row].iloc[at], frame[layout.column].iloc[at]
        several = [name for name in layout.others if frame[name].nunique() > 1 and not _names_side(frame, name, layout)]
        hint = f"Keep one value of {', '.join(several)}." if several else "Keep one row for each cell."
        raise NetclusterError(f"{name}: the cell {row!r}, {column!r} stands {int(counts.max())} times.", hint)


def _names_side(frame: pd.DataFrame, name: str, layout: LongLayout) -> bool:
    return any(frame.groupby(side)[name].nunique().max() == 1 for side in (layout.row, layout.column))


def _names(frame: pd.DataFrame, side: str, layout: LongLayout) -> dict[str, str]:
    """Return the longest label that goes with each code of one side."""
    best: dict[str, str] = {}
    length = 0.0
    for name in layout.others:
        pairs = frame[[side, name]].drop_duplicates()
        if len(pairs) != pairs[side].nunique() or pairs[name].nunique() < 0.5 * len(pairs):
            continue
        if pairs[name].map(looks_numeric).mean() > 0.5:
            continue
        mean = float(pairs[name].str.len().mean())
        if mean > length:
            length = mean
            best = dict(zip(pairs[side], pairs[name], strict=True))
    return best


def _by_region(frame: pd.DataFrame, name: str, dialect: Dialect) -> IOTable:
    """Return a table with one row a region and columns R1C1 … RnCn (input of i into j) and Y1 … Yn (output)."""
    cells = {c: (int(m[1]), int(m[2])) for c in frame.columns if (m := _CELL.fullmatch(c.strip()))}
    n = max(max(pair) for pair in cells.values())
    outputs = [c for k in range(1, n + 1) for c in frame.columns if plain(c) in (f"y{k}", f"x{k}")]
    if len(cells) != n * n or len(outputs) != n:
        raise NetclusterError(
            f"{name} has {len(cells)} columns R…C… and {len(outputs)} of output (Y1 …), where {n} sectors need"
            f" {n * n} and {n}.",
            "Check the header.",
        )
    order = [*(c for c, _ in sorted(cells.items(), key=lambda item: item[1])), *outputs]
    layout = LongLayout(value="R…C…", wide=True)
    numbers = np.array([[_cell(text, dialect, layout, name) for text in frame[c]] for c in order]).T
    empty = np.isnan(numbers).all(axis=1)
    sectors = [str(k + 1) for k in range(n)]
    tables = [
        (region, IOTable.from_arrays(row[: n * n].reshape(n, n), x=row[n * n :], sectors=sectors))
        for region, row, gone in zip(frame[frame.columns[0]], np.nan_to_num(numbers), empty, strict=True)
        if not gone
    ]
    text = "Final demand is output less the row of flows, value added output less the column: the file gives neither."
    notes = [Note("derived_accounts", text)]
    if empty.any():
        gone = ", ".join(frame.loc[empty, frame.columns[0]][:8])
        notes.append(Note("empty_regions", f"Regions without a number were left out: {gone}.", int(empty.sum())))
    io = stack_regions(tables)
    return io.replace(source=name, changes=(*notes, *io.changes))
