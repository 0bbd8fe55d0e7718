"""Tables of industries by industries, or products by products, of one or many regions, from their wide form."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.balance import balance_notes
from netcluster.tables.blocks import by_origin, fold_repeats, imported_rows, main_rows, of_year, parted
from netcluster.tables.facts import find_source, find_unit, find_year, words_around
from netcluster.tables.grid import Array
from netcluster.tables.halves import HalfPairError, NoTableError
from netcluster.tables.iotable import Account, ImportBlock, IOTable, Origin
from netcluster.tables.labels import Labels, find_labels
from netcluster.tables.layout import Wide
from netcluster.tables.match import match_labels
from netcluster.tables.options import ReadOptions
from netcluster.tables.roles import Roles, assign, find_sectors
from netcluster.tables.settle import Parts, settle


def read_wide(table: Wide, options: ReadOptions) -> IOTable:
    """Return the input–output table a wide table holds.

    Raises NetclusterError where no column names a row, where no final demand or output can be told, and
    where a word stands among the numbers.
    """
    table, year, notes = of_year(parted(table), options.year)
    blocks = by_origin(table)
    main = main_rows(table, blocks)
    match = match_labels(main)
    if match is None:
        raise no_square(table)
    main, match = fold_repeats(main, match)
    roles = find_sectors(main, match)
    if not roles.sector_rows:
        raise no_square(table)
    labels = find_labels(main, match, roles.sector_rows, roles.sector_columns)
    assign(main, labels, roles, options)
    check_words(main, roles)
    missing: list[Note] = []
    goods = imported_rows(table, blocks, main, match, roles.sector_rows, missing)
    used = None if goods is None else goods[:, roles.sector_columns]
    parts = settle(main, roles, labels, options, None if used is None else used.sum(axis=0))
    parts.notes = [*notes, *roles.notes, *parts.notes, *missing]
    imports = None
    if goods is not None and used is not None:
        more = np.zeros((len(goods), len(parts.extra_demand)))
        imports = ImportBlock(used, np.column_stack([goods[:, parts.demand], more]))
    io = _build(main, labels, roles, parts, imports, options, year)
    return io.replace(changes=(*io.changes, *balance_notes(io, (parts.sold, parts.bought))))


def no_square(table: Wide) -> NoTableError:
    """Return the error for a table whose columns do not name its rows."""
    rows, columns = table.values.shape
    for words, side in ((table.columns, "columns"), (table.rows, "rows")):
        names = [" ".join(filter(None, label)) for label in words]
        twice = next((name for k, name in enumerate(names) if name and name in names[:k]), None)
        if twice is not None and columns < 2000:
            return NoTableError(
                f"{table.name}: two {side} are named {twice!r}, and no column bears the name of a single row.",
                "Give each sector one name, or say what the file holds with --kind.",
            )
    if _by_product(table):
        return HalfPairError(
            f"{table.name} looks like a supply or use table of several regions: products in its rows, industries in its"
            " columns.",
            "Give the other half with it: netcluster analyze supply.csv use.csv -o out.",
        )
    return NoTableError(
        f"{table.name} holds {rows} rows and {columns} columns, but no column bears the name of a row:"
        " it can't be told which are sectors.",
        "Give the labels with --labels. A list of links or flows: --kind links --columns source=…,target=…,weight=….",
    )


def _by_product(table: Wide) -> bool:
    """Whether rows name the columns but for the mark of a product behind the region: AT_CPA_A01 and AT_A01."""
    columns = {label for column in table.columns for label in column}
    marked = [label for row in table.rows for label in row if "CPA_" in label]
    return len(marked) > 1 and all(label.replace("CPA_", "", 1) in columns for label in marked)


def check_words(table: Wide, roles: Roles) -> None:
    """Raise where a word stands in a cell of sectors, final demand or primary inputs."""
    if table.grid is None or not table.row_at:
        return
    columns = [*roles.sector_columns, *roles.demand]
    rows = [*roles.sector_rows, *(i for i, _ in roles.inputs)]
    at_rows, at_columns = (np.zeros(size, dtype=bool) for size in table.grid.shape)
    at_rows[[table.row_at[i] for i in rows]] = True
    at_columns[[table.column_at[j] for j in columns]] = True
    words = table.grid.word_cells
    wrong = words[at_rows[words[:, 0]] & at_columns[words[:, 1]]]
    if len(wrong):
        i, j = min(wrong.tolist())
        raise NetclusterError(
            f"{table.name}, {table.grid.address(i, j)}: {table.grid.label(i, j)!r} stands where a number was expected.",
            "Mend the cell; if commas are decimal marks, say --decimal ,",
        )


def _with_imports(parts: Parts, imports: ImportBlock | None, wanted: Origin) -> None:
    """Turn the domestic table and its imports into the one asked for."""
    if imports is None:
        if wanted == "imports":
            raise NetclusterError("The table does not split imports from domestic goods.", "Leave out --origin.")
        if wanted == "total" and parts.origin == "domestic":
            parts.notes.append(Note("no_split", "The table does not split origin; its flows are taken as they are."))
        if wanted == "domestic" and parts.origin == "total":
            text = "The table does not split origin: its flows hold domestic and imported goods."
            parts.notes.append(Note("origin_total", text))
        return
    parts.origin = wanted
    m = parts.Y.shape[1]
    columns = [{"id": "imports", "name": "Imported inputs", "kind": "imports"}]
    if wanted == "domestic":
        used = imports.Z.sum(axis=0)
        closed = _closed(parts, used)
        parts.extra_inputs += columns if closed else []
        if closed:
            parts.V = np.vstack([parts.V, used])
    elif wanted == "total":
        parts.Z = parts.Z + imports.Z
        _drop_imported_inputs(parts)
        minus = -(imports.Z.sum(axis=1) + imports.Y.sum(axis=1))
        parts.Y = np.column_stack([parts.Y + imports.Y[:, :m], minus])
        parts.extra_demand.append({"category": "imports", "name": "Imports (minus)", "region": ""})
    else:
        parts.Z, parts.Y = imports.Z, imports.Y
        text = "Z and Y hold imported goods only: rows and columns do not add up to output."
        parts.notes.append(Note("imports_only", text))


def _drop_imported_inputs(parts: Parts) -> None:
    """Leave out the rows of imported inputs: flows of domestic and imported goods hold them already."""
    keep = [k for k, (_, kind) in enumerate(parts.inputs) if kind != "imports"]
    rest = parts.x - parts.Z.sum(axis=0)
    if np.abs(rest - parts.V[keep].sum(axis=0)).sum() < np.abs(rest - parts.V.sum(axis=0)).sum():
        parts.inputs, parts.V = [parts.inputs[k] for k in keep], parts.V[keep]


def _closed(parts: Parts, used: Array) -> bool:
    """Whether imported inputs are wanted to close the columns, and do not stand among the inputs already."""
    without = np.abs(parts.x - parts.Z.sum(axis=0) - parts.V.sum(axis=0)).sum()
    return bool(np.abs(parts.x - parts.Z.sum(axis=0) - parts.V.sum(axis=0) - used).sum() <= without)


def _build(
    table: Wide,
    labels: Labels,
    roles: Roles,
    parts: Parts,
    imports: ImportBlock | None,
    options: ReadOptions,
    year: int | None,
) -> IOTable:
    _with_imports(parts, imports, options.origin)
    sectors = labels.sectors(roles.sector_rows, roles.sector_columns)
    demand = _unique([*(_demand(labels, j) for j in parts.demand), *parts.extra_demand], "category")
    inputs = _unique([*(_input(labels, i, kind) for i, kind in parts.inputs), *parts.extra_inputs], "id")
    near = words_around(None, table.name, table.titles)
    unit = find_unit([*_units(table, roles), *near])
    made = IOTable.from_arrays(
        parts.Z,
        x=parts.x,
        Y=parts.Y,
        V=parts.V,
        sectors=_frame(_with_ids(sectors, "sector")),
        demand=_frame(_with_ids(_columns(demand), "category")),
        inputs=_frame(_columns(inputs)),
        imports=imports if options.origin == "domestic" else None,
        origin=parts.origin,
        accounts=_accounts(table, labels, roles, parts),
        unit=unit,
        year=year if year is not None else find_year(near),
        source=find_source(table.name, table.titles),
    )
    zero = int((made.x == 0).sum())
    if zero:
        names = ", ".join([made.ids[k] for k in np.flatnonzero(made.x == 0)][:6])
        parts.notes.append(Note("zero_output", f"Sectors without output stay, without measures: {names}.", zero))
    if table.unlabelled:
        parts.notes.append(Note("unlabelled_rows", "Rows without a label were left out.", table.unlabelled))
    return made.replace(changes=tuple(parts.notes))


def _demand(labels: Labels, j: int) -> dict[str, str]:
    names = [name for name in labels.column_names(j) if name]
    code = labels.column_code(j) or f"demand_{j + 1}"
    return {"region": labels.column_region(j), "category": code, "name": max([*names, code], key=len)}


def _input(labels: Labels, i: int, kind: str) -> dict[str, str]:
    row = labels.table.rows[i]
    region = row[labels.region_row] if labels.region_row is not None else ""
    code = labels.row_code(i) or f"input_{i + 1}"
    names = [name for name in labels.row_names(i) if name]
    name = max([*names, code], key=len)
    return {"id": f"{region}:{code}" if region in labels.regions else code, "name": name, "kind": kind}


def _unique(rows: list[dict[str, str]], column: str) -> list[dict[str, str]]:
    """Return rows of labels with a number given to the second and later of equal ones within a region."""
    seen: Counter[tuple[str, str]] = Counter()
    numbered = []
    for row in rows:
        key = row.get("region", ""), row[column]
        seen[key] += 1
        numbered.append({**row, column: f"{row[column]}_{seen[key]}"} if seen[key] > 1 else row)
    return numbered


def _with_ids(columns: dict[str, list[str]], what: str) -> dict[str, list[str]]:
    """Return labels behind their ids: with the region where there are several."""
    if not columns:
        return columns
    regions, codes = columns["region"], columns[what]
    several = len(set(regions)) > 1
    ids = [f"{region}:{code}" for region, code in zip(regions, codes, strict=True)] if several else codes
    return {"id": ids, "region": regions, what: codes, "name": columns["name"]}


def _columns(rows: list[dict[str, str]]) -> dict[str, list[str]]:
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}


def _frame(columns: dict[str, list[str]]) -> pd.DataFrame:
    """Return labels as a frame; column by column pandas takes a fifth of the time."""
    return pd.DataFrame({name: pd.array(labels, dtype="str") for name, labels in columns.items()})


def _units(table: Wide, roles: Roles) -> list[str]:
    level = table.head("unit")
    return sorted({table.rows[i][level] for i in roles.sector_rows}) if level is not None else []


def _accounts(table: Wide, labels: Labels, roles: Roles, parts: Parts) -> dict[str, Account]:
    unit_level = table.head("unit")
    accounts: dict[str, Account] = {}
    for i in roles.accounts:
        values = np.nan_to_num(table.values[i, roles.sector_columns])
        if not values.any():
            continue
        names = [name for name in labels.row_names(i) if name]
        code = labels.row_code(i)
        unit = table.rows[i][unit_level] if unit_level is not None else _unit_in(max(names, key=len))
        final = np.nan_to_num(table.values[i, parts.demand])
        final = np.concatenate([final, np.zeros(parts.Y.shape[1] - len(final))])
        accounts[code] = Account(code, values, unit, final if final.any() else None)
    return accounts


def _unit_in(name: str) -> str:
    start, end = name.rfind("("), name.rfind(")")
    return name[start + 1 : end] if 0 <= start < end else ""
