"""Supply and use tables from one file or several: make or supply, use, final demand, primary inputs, imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.balance import balance_notes
from netcluster.tables.bundle import Bundle
from netcluster.tables.codes import plain
from netcluster.tables.facts import find_source, find_unit, find_year, words_around
from netcluster.tables.grid import Array
from netcluster.tables.iotable import Account, demand_labels, input_labels, sector_labels
from netcluster.tables.labels import shortest, split_code
from netcluster.tables.options import ReadOptions
from netcluster.tables.roles import choose
from netcluster.tables.stack import stack_regions
from netcluster.tables.supply_use.demand import close_rows, final_demand, name_of, supplies
from netcluster.tables.supply_use.layers import from_layers, layers
from netcluster.tables.supply_use.parts import (
    PAIR,
    Part,
    Side,
    aligned,
    best_levels,
    find_parts,
    missing_part,
    named_rest,
    regional_parts,
    sort_parts,
)
from netcluster.tables.supply_use.regions import with_regions
from netcluster.tables.supplyuse import SupplyUse


def read_parts(files: list[Path], options: ReadOptions) -> Bundle | None:
    """Return the supply and use table that files hold together, or None where they hold none."""
    if options.kind not in ("", "supply-use"):
        return None
    asked = options.kind == "supply-use"
    pair = [path for path in files if PAIR.search(plain(path.stem.replace("_", " ")))]
    named = len(pair) == len(files) or (len(pair) > 1 and all(path in pair or named_rest(path) for path in files))
    workbooks = all(path.suffix.lower() in (".xls", ".xlsx", ".xlsm") for path in files)
    if not asked and (len(files) < 2 or not (named or workbooks or (len(files) == 2 and _both_wide(files, options)))):
        return None
    if by_region := regional_parts(files, options):
        return _by_region(files, by_region, options)
    try:
        parts, year, notes, opened = find_parts(files, options)
    except NetclusterError:
        if asked or (named and len(files) > 1):
            raise
        return None
    layered = next((part for part in parts if layers(part.table) is not None), None)
    if layered is not None:
        table = from_layers(layered.table)
    else:
        found = sort_parts(with_regions(parts))
        if found is None:
            if asked:
                raise missing_part(parts)
            return None
        table = assemble(found)
    near = [text for part in parts for text in words_around(None, part.table.name, part.table.titles)]
    year = year or table.year or find_year([*near, *(path.stem for path in files)])
    unit = table.unit or find_unit(near) or opened.unit()
    source = find_source(" and ".join(path.name for path in files), near)
    table = replace(table, year=year, unit=unit, source=source, changes=(*notes, *table.changes))
    return Bundle(supply_use=table, io=table.symmetric(options.sut_model), name=files[0].stem)


def _by_region(files: list[Path], parts: dict[str, list[Part]], options: ReadOptions) -> Bundle:
    """Return the tables of several regions, each made symmetric by itself, as blocks of one."""
    tables = []
    for region, mine in parts.items():
        found = sort_parts(mine)
        if found is None:
            raise missing_part(mine)
        tables.append((region, assemble(found).symmetric(options.sut_model)))
    near = [text for mine in parts.values() for part in mine for text in part.table.titles]
    io = stack_regions(tables)
    io = io.replace(
        year=find_year([*near, *(path.stem for path in files)]),
        unit=find_unit(near),
        source=" and ".join(path.name for path in files),
    )
    return Bundle(io=io.replace(changes=(*io.changes, *balance_notes(io))), name=files[0].stem)


def _both_wide(files: list[Path], options: ReadOptions) -> bool:
    """Whether no file is a long table, a matrix of links or a list."""
    from netcluster.tables.grid import kind_of
    from netcluster.tables.read import recognise_long
    from netcluster.tables.samples import sample_of

    for path in files:
        kind = kind_of(path)
        if kind in ("text", "parquet") and len(sample_of(path, options, kind)[0]) < 4:
            return False
        if recognise_long(path, options) is not None:
            return False
    return True


def assemble(parts: dict[str, Part]) -> SupplyUse:
    """Return the supply and use table of its parts, with what carries product output to total supply as demand."""
    use, supply = parts["use"], parts["supply"]
    _, mine, theirs = best_levels(supply.columns, use.columns)
    if mine is None or theirs is None:
        raise NetclusterError(
            f"{supply.table.name} and {use.table.name} share no industries.", "Give tables of one classification."
        )
    industries = aligned(supply.columns, mine, use.columns, theirs)
    _, row_mine, row_theirs = best_levels(supply.rows, use.rows)
    if row_mine is None or row_theirs is None:
        raise NetclusterError(
            f"{supply.table.name} and {use.table.name} share no products.", "Give tables of one classification."
        )
    products = aligned(supply.rows, row_mine, use.rows, row_theirs)
    notes: list[Note] = []
    at = [b for _, b in products]
    extra = _use_only(use, at, [b for _, b in industries])
    S = _block(supply, [a for a, _ in products], [a for a, _ in industries])
    if extra:
        S = np.vstack([S, np.zeros((len(extra), S.shape[1]))])
        names = ", ".join(shortest([level[i] for level in use.rows.levels]) for i in extra[:6])
        notes.append(Note("no_supply_of", f"Products used but made by no industry: {names}.", len(extra)))
    rows = [*at, *extra]
    U = _block(use, rows, [b for _, b in industries])
    pool = supplies(parts, [a for a, _ in products], len(extra), {a for a, _ in industries})
    rest = U.sum(axis=1) - S.sum(axis=1)
    Y, demand = final_demand(parts, rows, {b for _, b in industries}, rest, pool, notes)
    V, inputs, accounts = _inputs(parts, [b for _, b in industries], S.sum(axis=0) - U.sum(axis=0), notes)
    Y, demand, origin = close_rows(pool, S, U, Y, demand, notes)
    return SupplyUse(
        products=_frame(use.rows, rows),
        industries=_frame(use.columns, [b for _, b in industries]),
        supply=S,
        use=U,
        Y=Y,
        demand=demand_labels(pd.DataFrame(demand)),
        V=V,
        inputs=input_labels(pd.DataFrame(inputs)),
        origin=origin,
        accounts=accounts,
        changes=tuple(notes),
    )


def _use_only(use: Part, known: Sequence[int], columns: Sequence[int]) -> list[int]:
    """Return the products of the use table that the supply table does not hold: labelled, used, and no sum."""
    taken = set(known)
    last = max(taken)
    first_other = next((i for i, m in enumerate(use.rows.meanings) if m is not None and i > 0), len(use.rows.meanings))
    values = np.nan_to_num(use.table.values)
    return [
        i
        for i in use.rows.lines()
        if use.rows.meanings[i] is None
        and i not in taken
        and (i <= last or i < first_other)
        and values[i, columns].any()
    ]


def _block(part: Part, rows: Sequence[int], columns: Sequence[int]) -> Array:
    return np.asarray(np.nan_to_num(part.table.values[np.ix_(list(rows), list(columns))]))


def _frame(side: Side, lines: Sequence[int]) -> pd.DataFrame:
    levels = [[level[k] for k in lines] for level in side.levels]
    regions = [side.regions[k] if side.regions else "" for k in lines]
    unique = [level for level in levels if len(set(zip(regions, level, strict=True))) == len(level) and all(level)]
    codes = (
        min(unique, key=lambda level: sum(map(len, level)))
        if unique
        else [shortest(x) for x in zip(*levels, strict=True)]
    )
    records = []
    for region, code, k in zip(regions, codes, lines, strict=True):
        names = [level[k] for level in side.levels if level[k]]
        name = max(names, key=len)
        if len(names) == 1:
            code, name = split_code(code)
        records.append({"region": region, "sector": code, "name": name or code})
    frame = pd.DataFrame(records)
    double = frame.groupby(["region", "sector"]).cumcount()
    frame["sector"] = [f"{c}_{n + 1}" if n else c for c, n in zip(frame["sector"], double, strict=True)]
    return sector_labels(frame)


def _inputs(
    parts: dict[str, Part], columns: Sequence[int], target: Array, notes: list[Note]
) -> tuple[Array, list[dict[str, str]], dict[str, Account]]:
    """Return the primary inputs by industry: the finest rows that make up output less what is used."""
    use, source = parts["use"], parts.get("inputs", parts["use"])
    at = list(columns)
    if source is not use:
        _, mine, theirs = best_levels(source.columns, use.columns)
        place = {b: a for a, b in aligned(source.columns, mine or 0, use.columns, theirs or 0)}
        at = [place[j] for j in columns if j in place]
    if len(at) != len(columns):
        raise NetclusterError(f"{source.table.name} lacks some industries.", "Give tables of one classification.")
    values = np.nan_to_num(source.table.values[:, at])
    found = source.rows.meanings
    wanted = [i for i, m in enumerate(found) if m is not None and m.role == "input" and values[i].any()]
    sums = [i for i, m in enumerate(found) if m is not None and m.role == "total" and values[i].any()]
    spare = [
        i
        for i in sums
        if "value" in plain(" ".join(name_of(source.rows, i))) or "b1g" in name_of(source.rows, i)[0].lower()
    ]
    pool = [*wanted, *spare] if len(wanted) + len(spare) <= 16 else wanted
    picked = choose([values[i] for i in pool], target)
    rows = sorted(pool[k] for k in picked[0]) if picked and picked[0] and picked[1] < 1e-3 else wanted
    accounts = {}
    for i, m in enumerate(found):
        if m is not None and m.role == "account" and values[i].any():
            code, name = name_of(source.rows, i)
            accounts[code] = Account(code, values[i], "")
    if not rows:
        notes.append(Note("derived_value_added", "Value added is output less the column of the use table."))
        return (
            target[None, :],
            [{"id": "value_added", "name": "Value added (derived)", "kind": "value_added"}],
            accounts,
        )
    labels = []
    for i in rows:
        code, name = name_of(source.rows, i)
        m = found[i]
        labels.append(
            {"id": code, "name": name, "kind": m.category if m is not None and m.role == "input" else "value_added"}
        )
    return values[rows], labels, accounts
