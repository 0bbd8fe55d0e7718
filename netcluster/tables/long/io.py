"""Input–output tables in long form: a row a cell, with the seller, the buyer and the amount."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.balance import largest_misses
from netcluster.tables.codes import head_of, meaning, plain
from netcluster.tables.facts import find_unit
from netcluster.tables.halves import HalfPairError
from netcluster.tables.iotable import IOTable
from netcluster.tables.layout import Wide
from netcluster.tables.long.io_cells import column_for, frame_of, numbers, pivot, refuse_other_columns, region_pair
from netcluster.tables.long.io_layout import CELL, INDUSTRIES, PRODUCTS, LongLayout
from netcluster.tables.national import read_wide
from netcluster.tables.options import Dialect, ReadOptions
from netcluster.tables.stack import stack_regions

if TYPE_CHECKING:
    import pandas as pd


def read_long_wide(path: Path, layout: LongLayout, dialect: Dialect, options: ReadOptions) -> Wide:
    """Return a long make or use table of one year as a wide one."""
    return _long_wide(frame_of(path, dialect), path, layout, dialect, options)


def read_long_regions(path: Path, layout: LongLayout, dialect: Dialect, options: ReadOptions) -> dict[str, Wide]:
    """Return a long make or use table as a wide one for each region, in the order they appear; none without regions."""
    if not any(head_of(name) == "region" for name in layout.others):
        return {}
    frame = frame_of(path, dialect)
    column = column_for("region", frame, layout)
    if column is None or region_pair(frame, layout) is not None:
        return {}
    groups = frame.groupby(column, sort=False)
    if groups.ngroups < 2:
        return {}
    return {str(region): _long_wide(part, path, layout, dialect, options) for region, part in groups}


def _long_wide(frame: pd.DataFrame, path: Path, layout: LongLayout, dialect: Dialect, options: ReadOptions) -> Wide:
    refuse_other_columns(frame, layout, path.name)
    frame = _chosen_year(frame, layout, options)
    year = frame.attrs.pop("year")
    frame.attrs.clear()
    layout, kind = _turned(frame, layout)
    unit = column_for("unit", frame, layout)
    named = f" in {frame[unit].iloc[0]}" if unit and frame[unit].nunique() == 1 else ""
    title = f"Long {kind} table" + (f" of {year}" if year else "") + named
    pair = region_pair(frame, layout)
    own = column_for("region", frame, layout)
    if pair is None and own is not None and frame[own].nunique() > 1:
        pair = (own, own)  # what each region makes, beside a use table with the regions of both sides
    return replace(pivot(frame, layout, dialect, path.name, pair), titles=(title,))


def _turned(frame: pd.DataFrame, layout: LongLayout) -> tuple[LongLayout, str]:
    """Return the layout with products in rows where the buyers tell demand or supply apart, and which table it is.

    Beside industries a use table has final demand, a supply table imports and margins; without either the side that
    stands first makes, or is used.
    """
    by_industry = plain(layout.row).startswith("ind")
    side = layout.row if by_industry else layout.column
    meanings = [found for code in frame[side].unique() if (found := meaning("column", (str(code),))) is not None]
    supplied = any(found.role == "supply" or found.category == "imports" for found in meanings)
    # A single letter names a section of industries, not a category of demand.
    demand = any(
        found.role == "demand" and found.category != "imports"
        for code in frame[side].unique()
        if len(str(code)) > 1 and (found := meaning("column", (str(code),))) is not None
    )
    if by_industry and (demand or supplied):
        layout = replace(layout, row=layout.column, column=layout.row)
        return layout, "use" if demand else "supply"
    if not by_industry and supplied and not demand:
        return layout, "supply"
    used = demand or any(
        (found := meaning("row", (str(code),))) is not None and found.role == "input"
        for code in frame[layout.row].unique()
    )
    return layout, "make" if by_industry else "use" if used else "supply"


def read_long_io(path: Path, layout: LongLayout, dialect: Dialect, options: ReadOptions) -> IOTable:
    """Return the table in a long file.

    Regions of seller and buyer in columns of their own make one table of many regions; regions without trade
    between them each stand as a block of their own.
    """
    frame = frame_of(path, dialect, layout.sheet)
    if layout.wide:
        return _by_region(frame, path.name, dialect)
    refuse_other_columns(frame, layout, path.name)
    frame = _chosen_year(frame, layout, options)
    notes: list[Note] = frame.attrs.pop("notes")
    year = frame.attrs.pop("year")
    frame, unit = _one_unit(frame, layout, notes)
    inner = replace(options, year=None)
    pair = region_pair(frame, layout)
    regions = column_for("region", frame, layout) if pair is None else None
    groups = list(frame.groupby(regions, sort=False)) if regions else [("", frame)]
    tables = [
        (str(region), read_wide(pivot(group, layout, dialect, path.name, pair), inner)) for region, group in groups
    ]
    io = tables[0][1] if len(tables) == 1 else stack_regions(tables)
    _refuse_use(io, layout, path.name)
    region = {"region": str(groups[0][0])} if len(groups) == 1 and regions else {}
    if region and io.regions == ("",):
        notes.append(Note("one_region", f"The table is of {region['region']}."))
    return io.replace(unit=io.unit or unit, year=year or io.year, changes=(*notes, *io.changes))


def _chosen_year(frame: pd.DataFrame, layout: LongLayout, options: ReadOptions) -> pd.DataFrame:
    """Return the rows of the year asked for, or the latest; the year and notes stand in `attrs`."""
    column = column_for("year", frame, layout)
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
    if re.fullmatch(r"\d+(?:\.\d*)?", text.strip()) and 3000 < float(text) < 40000:
        return (datetime.date(1970, 1, 1) + datetime.timedelta(days=float(text))).year
    return None


def _one_unit(frame: pd.DataFrame, layout: LongLayout, notes: list[Note]) -> tuple[pd.DataFrame, str]:
    """Return the rows in one unit: of several the first money unit of the file."""
    columns = [name for name in layout.others if head_of(name) == "unit" and name in frame]
    if not columns:
        return frame, ""
    # A column named measure may tell flows from coefficients instead.
    column = next((name for name in columns if any(map(find_unit, ([u] for u in frame[name].unique())))), columns[0])
    units = list(dict.fromkeys(frame[column]))
    names = {unit: find_unit([unit]) for unit in units}
    beside = next((name for name in layout.others if plain(name) in ("unit_lab", "unit_label")), None)
    if len(units) == 1:
        place = column_for("region", frame, layout)
        texts = [
            units[0],
            *(frame[beside].unique()[:1] if beside else []),
            *(frame[place].unique()[:9] if place else []),
        ]
        found = find_unit(list(map(str, texts)))
        return frame, f"{_multiplier(frame, layout)} {found}".strip() if found else units[0]
    full = frame[column].value_counts()
    money = [unit for unit in units if names[unit]]
    chosen = max(money or units, key=lambda unit: (full[unit], -units.index(unit)))
    notes.append(Note("one_unit", f"The table is given in {', '.join(units)}; {chosen} was taken.", len(units)))
    return frame[frame[column] == chosen], names[chosen] or chosen


def _refuse_use(io: IOTable, layout: LongLayout, name: str) -> None:
    """Raise where commodities are used by industries of the same names, and columns close but rows do not."""
    misses = largest_misses(io)
    by_product = plain(layout.row) in PRODUCTS and plain(layout.column) in INDUSTRIES
    if plain(layout.row) == "rowpi":
        raise HalfPairError(
            f"{name} is a use table, products by industries ({layout.row}, {layout.column}); half a pair by itself.",
            "Give the supply table with it: netcluster analyze supply.csv use.csv -o out.",
        )
    if by_product and misses["rows_miss_share"] > 0.02 and misses["columns_miss_share"] < 0.01:
        raise HalfPairError(
            f"{name} looks like a use table ({layout.row} by {layout.column}): its columns add up to output, its rows"
            f" miss it by {misses['rows_miss_share']:.0%}.",
            "Give the supply table with it, both of one region: netcluster analyze supply.csv use.csv -o out.",
        )


#: How SDMX and Statistics Canada write by what the figures are multiplied.
_MULTIPLIERS = {"3": "thousand", "6": "million", "9": "billion", "thousands": "thousand", "millions": "million"}


def _multiplier(frame: pd.DataFrame, layout: LongLayout) -> str:
    """Return by what the figures are multiplied, where a column beside their unit says one thing for all."""
    for name in layout.others:
        if name in frame and plain(name) in ("unit_mult", "powercode code", "scalar_factor"):
            words = {_MULTIPLIERS.get(plain(text), "") for text in frame[name].unique()}
            return words.pop() if len(words) == 1 else ""
    return ""


def _by_region(frame: pd.DataFrame, name: str, dialect: Dialect) -> IOTable:
    """Return a table with one row a region and columns R1C1 … RnCn (input of i into j) and Y1 … Yn (output)."""
    cells = {c: (int(m[1]), int(m[2])) for c in frame.columns if (m := CELL.fullmatch(c.strip()))}
    n = max(max(pair) for pair in cells.values())
    outputs = [c for k in range(1, n + 1) for c in frame.columns if plain(c) in (f"y{k}", f"x{k}")]
    if len(cells) != n * n or len(outputs) != n:
        raise NetclusterError(
            f"{name} has {len(cells)} columns R…C… and {len(outputs)} of output (Y1 …), where {n} sectors need"
            f" {n * n} and {n}.",
            "Check the header.",
        )
    order = [*(c for c, _ in sorted(cells.items(), key=lambda item: item[1])), *outputs]
    cells_of = np.array([numbers(frame[c], c, dialect, name) for c in order]).T
    empty = np.isnan(cells_of).all(axis=1)
    sectors = [str(k + 1) for k in range(n)]
    tables = [
        (region, IOTable.from_arrays(row[: n * n].reshape(n, n), x=row[n * n :], sectors=sectors))
        for region, row, gone in zip(frame[frame.columns[0]], np.nan_to_num(cells_of), empty, strict=True)
        if not gone
    ]
    if not tables:
        raise NetclusterError(f"{name} holds no rows of numbers.", "Give the file with its rows, not its header alone.")
    text = "Final demand is output less the row of flows, value added output less the column: the file gives neither."
    notes = [Note("derived_accounts", text)]
    if empty.any():
        gone = ", ".join(frame.loc[empty, frame.columns[0]][:8])
        notes.append(Note("empty_regions", f"Regions without a number were left out: {gone}.", int(empty.sum())))
    io = stack_regions(tables)
    return io.replace(source=name, changes=(*notes, *io.changes))
