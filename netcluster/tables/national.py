"""Tables of industries by industries, or products by products, of one or many regions, from their wide form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.balance import balance_notes
from netcluster.tables.codes import category_of, origin_of, plain
from netcluster.tables.facts import find_source, find_unit, find_year, words_around
from netcluster.tables.grid import Array
from netcluster.tables.iotable import Account, ImportBlock, IOTable, Origin
from netcluster.tables.labels import Labels, find_labels
from netcluster.tables.layout import Match, Wide, match_labels
from netcluster.tables.options import ReadOptions
from netcluster.tables.roles import Roles, assign, choose, close, find_sectors, subtotals

#: Primary inputs found by their sum must close the columns this well (share of mean output).
FOUND = 1e-3


@dataclass
class Parts:
    """The arrays of a table under way to an IOTable, and what was decided."""

    Z: Array
    Y: Array
    demand: list[int]
    x: Array
    V: Array
    inputs: list[tuple[int, str]]
    origin: Origin = "domestic"
    names: list[dict[str, str]] = field(default_factory=list)
    extra_demand: list[dict[str, str]] = field(default_factory=list)
    extra_inputs: list[dict[str, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def years_of(table: Wide) -> list[int]:
    """Return the years stacked in a table, ascending; empty where it holds one."""
    level = table.head("year")
    if level is None:
        return []
    return sorted({int(float(row[level])) for row in table.rows if row[level].replace(".0", "").isdigit()})


def of_year(table: Wide, year: int | None) -> tuple[Wide, int | None, list[Note]]:
    """Return the rows of one year, the year, and a note where the latest of several was taken."""
    level = table.head("year")
    years = years_of(table)
    if level is None or not years:
        return table, None, []
    if year is not None and year not in years:
        raise NetclusterError(f"{table.name} holds no year {year}.", f"It holds {years[0]} to {years[-1]}.")
    chosen = years[-1] if year is None else year
    rows = [i for i, row in enumerate(table.rows) if row[level].replace(".0", "") == str(chosen)]
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
        origin = {"dom_": "domestic", "imp_": "imports", "ttl_": "total"}.get(prefix, "")
        found.setdefault(origin, []).append(i)
    split = len(found.get("domestic", [])) > 1 and len(found.get("imports", [])) > 1
    return found if split else {}


def read_wide(table: Wide, options: ReadOptions) -> IOTable:
    """Return the input–output table a wide table holds.

    Raises NetclusterError where no column names a row, where no final demand or output can be told, and
    where a word stands among the numbers.
    """
    table, year, notes = of_year(table, options.year)
    blocks = by_origin(table)
    main = _main_rows(table, blocks)
    match = match_labels(main)
    if match is None:
        raise no_square(table)
    main, match = _fold_repeats(main, match)
    roles = find_sectors(main, match)
    if not roles.sector_rows:
        raise no_square(table)
    labels = find_labels(main, match, roles.sector_rows, roles.sector_columns)
    assign(main, labels, roles, options)
    check_words(main, roles)
    parts = settle(main, roles, labels, options)
    parts.notes = [*notes, *roles.notes, *parts.notes]
    imports = _imports_block(table, blocks, main, match, parts, roles)
    io = _build(main, labels, roles, parts, imports, options, year)
    return io.replace(changes=(*io.changes, *balance_notes(io)))


def _fold_repeats(table: Wide, match: Match) -> tuple[Wide, Match]:
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


def no_square(table: Wide) -> NetclusterError:
    """Return the error for a table whose columns do not name its rows."""
    rows, columns = table.values.shape
    return NetclusterError(
        f"{table.name} holds {rows} rows and {columns} columns, but no column bears the name of a row:"
        " it can't be told which are sectors.",
        "Check it with netcluster inspect; name what it holds with --kind, or give labels with --labels.",
    )


def _main_rows(table: Wide, blocks: dict[str, list[int]]) -> Wide:
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
        return main
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


def check_words(table: Wide, roles: Roles) -> None:
    """Raise where a word stands in a cell of sectors, final demand or primary inputs."""
    if table.grid is None or not table.row_at:
        return
    columns = [*roles.sector_columns, *roles.demand]
    rows = [*roles.sector_rows, *(i for i, _ in roles.inputs)]
    words = table.grid.words[np.ix_([table.row_at[i] for i in rows], [table.column_at[j] for j in columns])]
    if words.any():
        k, m = np.argwhere(words)[0]
        i, j = table.row_at[rows[k]], table.column_at[columns[m]]
        raise NetclusterError(
            f"{table.name}, {table.grid.address(i, j)}: {table.grid.label(i, j)!r} stands where a number was expected.",
            "Mend the cell; if commas are decimal marks, say --decimal ,",
        )


def settle(table: Wide, roles: Roles, labels: Labels, options: ReadOptions) -> Parts:
    """Return the arrays, with demand and primary inputs chosen so that the accounts close where they can."""
    notes: list[Note] = []
    rows, columns = roles.sector_rows, roles.sector_columns
    Z = _filled(table, rows, columns, notes, "intermediate flows")
    known = _output(table, roles)
    demand = _leaves(table, labels, roles)
    Y = _filled(table, rows, demand, notes, "final demand")
    parts = Parts(Z, Y, demand, np.zeros(len(rows)), np.zeros((0, len(rows))), [], notes=notes)
    _place_imports(table, roles, labels, parts, known)
    _place_totals(table, roles, labels, parts, known)
    _place_unknown(table, roles, labels, parts, known, options)
    _final(parts, known, table, options)
    _inputs(table, roles, labels, parts, options)
    _refuse_use(parts, roles, table)
    return parts


def _filled(table: Wide, rows: Sequence[int], columns: Sequence[int], notes: list[Note], what: str) -> Array:
    block = table.values[np.ix_(list(rows), list(columns))]
    gone = np.isnan(block)
    count = int(gone.sum())
    if count:
        block = np.where(gone, 0.0, block)
        share = count / block.size
        notes.append(Note("missing_as_zero", f"{count} cells of {what} ({share:.1%}) are empty: taken as zero.", count))
    negative = int((block < 0).sum())
    if negative and what == "intermediate flows":
        notes.append(Note("negative_flows", f"{negative} intermediate flows are negative: kept as they are.", negative))
    return block


@dataclass
class _Known:
    """The totals a table gives: output by row and by column, and total use."""

    row: Array | None
    column: Array | None
    uses: list[Array]


def _output(table: Wide, roles: Roles) -> _Known:
    row = _first_full(table.values[i, roles.sector_columns] for i in roles.output_rows)
    column = _first_full(table.values[roles.sector_rows, j] for j in roles.output_columns)
    uses = [table.values[roles.sector_rows, j] for j in roles.total_columns]
    return _Known(row, column, [np.nan_to_num(use) for use in uses if np.isfinite(use).any()])


def _first_full(candidates) -> Array | None:  # type: ignore[no-untyped-def]
    for values in candidates:
        if np.isfinite(values).any() and np.nan_to_num(values).any():
            return np.asarray(np.nan_to_num(values), dtype=np.float64)
    return None


def _leaves(table: Wide, labels: Labels, roles: Roles) -> list[int]:
    """Return the demand columns that are no sums of others; each region's are looked at by themselves."""
    by_region: dict[str, list[int]] = {}
    for j in roles.demand:
        by_region.setdefault(labels.column_region(j), []).append(j)
    leaves = []
    for columns in by_region.values():
        vectors = [np.nan_to_num(table.values[roles.sector_rows, j]) for j in columns]
        names = [labels.column_code(j) for j in columns]
        sums = set(subtotals(vectors, names)) if len(columns) > 2 else set()
        leaves += [j for k, j in enumerate(columns) if k not in sums]
        roles.total_columns += [columns[k] for k in sorted(sums)]
    return sorted(leaves)


def _closes(known: _Known, total: Array) -> bool:
    targets = [target for target in (known.column, known.row, *known.uses) if target is not None]
    return any(close(total, target, 1e-4) for target in targets)


def _place_imports(table: Wide, roles: Roles, labels: Labels, parts: Parts, known: _Known) -> None:
    """Find whose goods Z holds: minus imports as a demand column, or as a row that makes supply out of output."""
    columns = [k for k, j in enumerate(parts.demand) if category_of(labels.column_names(j)) == "imports"]
    output = known.row if known.row is not None else known.column
    rest = parts.Z.sum(axis=1) + np.delete(parts.Y, columns, axis=1).sum(axis=1)
    if columns:
        parts.origin = "total"
        imports = parts.Y[:, columns]
        if imports.sum() > 0 and not (output is not None and close(rest + imports.sum(axis=1), output, 1e-4)):
            parts.Y = parts.Y.copy()
            parts.Y[:, columns] = -imports
        return
    rows = [i for i, kind in roles.inputs if kind == "imports"]
    if output is None or close(rest, output, 1e-4):
        return
    vectors = [np.nan_to_num(table.values[i, roles.sector_columns]) for i in rows]
    found = choose(vectors, rest - output)
    if found is None or not found[0] or found[1] > FOUND:
        return
    imported = np.sum([vectors[k] for k in found[0]], axis=0)
    parts.origin = "total"
    parts.Y = np.column_stack([parts.Y, -imported])
    parts.extra_demand.append({"category": "imports", "name": "Imports (minus)", "region": ""})
    gone = set(rows)
    roles.inputs = [(i, kind) for i, kind in roles.inputs if i not in gone]


def _place_totals(table: Wide, roles: Roles, labels: Labels, parts: Parts, known: _Known) -> None:
    """Take a sum for its parts where the parts are not given: only the total of consumption, say."""
    output = known.row if known.row is not None else known.column
    total = parts.Z.sum(axis=1) + parts.Y.sum(axis=1)
    spare = [j for j in roles.total_columns if np.nan_to_num(table.values[roles.sector_rows, j]).any()]
    if output is None or not parts.Y.size or not spare or _closes(known, total):
        return
    vectors = [np.nan_to_num(table.values[roles.sector_rows, j]) for j in spare]
    found = choose(vectors, output - total, 10)
    if found is None or not found[0] or found[1] > FOUND:
        return
    taken = [spare[k] for k in found[0]]
    roles.total_columns = [j for j in roles.total_columns if j not in taken]
    fixed = parts.Y.shape[1] - len(parts.extra_demand)
    columns = np.column_stack([vectors[k] for k in found[0]])
    parts.Y = np.column_stack([parts.Y[:, :fixed], columns, parts.Y[:, fixed:]])
    parts.demand = [*parts.demand, *taken]
    names = ", ".join(labels.column_code(j) for j in taken)
    parts.notes.append(
        Note("demand_by_sum", f"Taken as final demand, as rows add up only with it: {names}.", len(taken))
    )


def _place_unknown(
    table: Wide, roles: Roles, labels: Labels, parts: Parts, known: _Known, options: ReadOptions
) -> None:
    """Decide on columns with unknown names: final demand if rows add up with them, nothing if without, else ask."""
    unknown = [j for j in roles.unknown_columns if np.nan_to_num(table.values[roles.sector_rows, j]).any()]
    if not unknown:
        return
    total = parts.Z.sum(axis=1) + parts.Y.sum(axis=1)
    names = [labels.column_code(j) or f"column {j + 1}" for j in unknown]
    shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
    block = np.nan_to_num(table.values[np.ix_(roles.sector_rows, unknown)])
    if (parts.Y.size and _closes(known, total)) or options.final_demand:
        parts.notes.append(Note("ignored_columns", f"Left out, as rows add up without: {shown}.", len(unknown)))
        return
    leaves = [k for k in range(len(unknown)) if k not in set(subtotals(list(block.T), names))]
    if _closes(known, total + block[:, leaves].sum(axis=1)):
        parts.demand = [*parts.demand, *(unknown[k] for k in leaves)]
        fixed = parts.Y.shape[1] - len(parts.extra_demand)
        parts.Y = np.column_stack([parts.Y[:, :fixed], block[:, leaves], parts.Y[:, fixed:]])
        parts.notes.append(Note("demand_by_sum", f"Taken as final demand, as rows add up with it: {shown}."))
        return
    raise NetclusterError(
        f"{table.name}: {shown}: neither a sector nor a known category of final demand,"
        " and rows add up neither with nor without.",
        f"Name the columns of final demand: --final-demand {names[0]!r}; all others are then left out.",
    )


def _final(parts: Parts, known: _Known, table: Wide, options: ReadOptions) -> None:
    """Settle output, and final demand where the table gives none."""
    output = known.row if known.row is not None else known.column
    if parts.Y.shape[1] == 0:
        if output is None and (options.kind == "io" or options.labels is not None):
            output = _least(parts)
        if output is None:
            raise NetclusterError(
                f"{table.name} gives flows between {len(parts.Z)} sectors, but neither final demand nor output.",
                "Name them with --final-demand; --kind adjacency reads links, --kind io the least output that fits.",
            )
        parts.Y = (output - parts.Z.sum(axis=1))[:, None]
        parts.extra_demand.append({"category": "final_demand", "name": "Final demand", "region": ""})
        parts.notes.append(Note("derived_demand", "Final demand is output less the row of intermediate flows."))
    total = parts.Z.sum(axis=1) + parts.Y.sum(axis=1)
    parts.x = total if output is None else output
    _refuse_make(parts, known, table)


def _refuse_make(parts: Parts, known: _Known, table: Wide) -> None:
    """Raise where nothing is left for final demand or for primary inputs: a make or supply table."""
    size = float(np.abs(parts.x).sum())
    if not size or len(parts.x) < 3:
        return
    columns = parts.Z.sum(axis=0)
    nothing_sold = (known.row is not None or known.column is not None) and np.abs(parts.Y).sum() < 1e-6 * size
    nothing_paid = known.row is not None and np.abs(columns - known.row).sum() < 1e-3 * size
    if nothing_sold or nothing_paid:
        raise NetclusterError(
            f"{table.name} looks like a make or supply table: nothing goes to final demand or primary inputs.",
            "Give the use table with it: netcluster analyze make.csv use.csv -o out.",
        )


def _refuse_use(parts: Parts, roles: Roles, table: Wide) -> None:
    """Raise where columns close and rows do not, and rows are left that name no input: a use table."""
    size = float(np.abs(parts.x).sum())
    rows = np.abs(parts.Z.sum(axis=1) + parts.Y.sum(axis=1) - parts.x).sum()
    columns = np.abs(parts.Z.sum(axis=0) + parts.V.sum(axis=0) - parts.x).sum()
    products = [i for i in roles.unknown_rows if np.nan_to_num(table.values[i, roles.sector_columns]).any()]
    if size and products and rows > 0.02 * size and columns < 0.01 * size:
        raise NetclusterError(
            f"{table.name} looks like a use table ({len(products)} products more than industries): its columns"
            " add up to output, its rows do not.",
            "Give the make or supply table with it: netcluster analyze make.csv use.csv -o out.",
        )


def _least(parts: Parts) -> Array:
    """Return the least output that holds what each sector sells and what it buys."""
    text = (
        "The table gives neither output nor final demand: output is taken as the larger of what a sector sells to"
        " and buys from others, so coefficients and multipliers are upper bounds."
    )
    parts.notes.append(Note("least_output", text))
    return np.asarray(np.maximum(parts.Z.sum(axis=1), parts.Z.sum(axis=0)))


def _inputs(table: Wide, roles: Roles, labels: Labels, parts: Parts, options: ReadOptions) -> None:
    """Choose the primary inputs that close the columns: the finest rows whose sum is output less Z."""
    columns = roles.sector_columns
    target = parts.x - parts.Z.sum(axis=0)
    known = [(i, kind) for i, kind in roles.inputs if np.isfinite(table.values[i, columns]).any()]
    spare = [] if options.value_added else [*roles.total_rows, *roles.unknown_rows]
    spare = [i for i in spare if np.nan_to_num(table.values[i, columns]).any()]
    candidates = known + [(i, "value_added") for i in spare]
    if len(candidates) > 16:
        candidates = known
    vectors = [np.nan_to_num(table.values[i, columns]) for i, _ in candidates]
    found = None if options.value_added else choose(vectors, target)
    scale = max(float(np.abs(parts.x).mean()), 1e-300)
    miss = found[1] * max(float(np.abs(target).mean()), 1e-300) / scale if found else np.inf
    if found is not None and found[0] and miss <= FOUND:
        chosen = [candidates[k] for k in found[0]]
    else:
        chosen = _by_name(table, labels, known, spare, columns)
    left = [i for i, _ in candidates if i not in {i for i, _ in chosen}]
    if left:
        names = ", ".join(labels.row_code(i) for i in left[:8])
        parts.notes.append(Note("dropped_rows", f"Sums and parts of other rows, left out: {names}.", len(left)))
    if chosen:
        parts.inputs = chosen
        parts.V = _filled(table, [i for i, _ in chosen], columns, parts.notes, "primary inputs")
    else:
        parts.V = target[None, :]
        parts.extra_inputs.append({"id": "value_added", "name": "Value added (derived)", "kind": "value_added"})
        parts.notes.append(Note("derived_value_added", "Value added is output less the column of intermediate flows."))


def _by_name(
    table: Wide, labels: Labels, known: list[tuple[int, str]], spare: list[int], columns: Sequence[int]
) -> list[tuple[int, str]]:
    """Return the inputs by their names alone, where no choice of rows closes the columns."""
    vectors = [np.nan_to_num(table.values[i, columns]) for i, _ in known]
    sums = set(subtotals(vectors, [labels.row_code(i) for i, _ in known])) if len(known) > 2 else set()
    chosen = [row for k, row in enumerate(known) if k not in sums]
    if not any(kind == "value_added" for _, kind in chosen):
        for i in spare:
            names = " ".join(map(plain, labels.row_names(i)))
            if "value added" in names or "b1g" in names.split() or "valor agregado" in names:
                chosen.append((i, "value_added"))
                break
    return chosen


def _imports_block(
    table: Wide, blocks: dict[str, list[int]], main: Wide, match: Match, parts: Parts, roles: Roles
) -> ImportBlock | None:
    """Return the imported goods by sector and by demand, where the table splits origin."""
    if not blocks.get("imports"):
        return None
    rows = table.take(blocks["imports"])
    keys = ["\x1f".join(_key(row[k]) for k in match.row_levels) for row in rows.rows]
    place = {key: i for i, key in enumerate(keys)}
    wanted = ["\x1f".join(_key(main.rows[i][k]) for k in match.row_levels) for i in roles.sector_rows]
    at = [place.get(key, -1) for key in wanted]
    there = np.array([i >= 0 for i in at])
    values = np.nan_to_num(rows.values[at])
    values[~there] = 0.0
    if not there.all():
        parts.notes.append(
            Note("no_imports_of", "Sectors without a row of imports: taken as zero.", int((~there).sum()))
        )
    Y = values[:, parts.demand]
    if parts.extra_demand:
        Y = np.column_stack([Y, np.zeros((len(Y), len(parts.extra_demand)))])
    return ImportBlock(values[:, roles.sector_columns], Y)


def _key(label: str) -> str:
    key = plain(label)
    return key[4:] if key[:4] in ("dom_", "imp_", "ttl_") else key


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
        minus = -(imports.Z.sum(axis=1) + imports.Y.sum(axis=1))
        parts.Y = np.column_stack([parts.Y + imports.Y[:, :m], minus])
        parts.extra_demand.append({"category": "imports", "name": "Imports (minus)", "region": ""})
    else:
        parts.Z, parts.Y = imports.Z, imports.Y
        text = "Z and Y hold imported goods only: rows and columns do not add up to output."
        parts.notes.append(Note("imports_only", text))


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
    sectors = pd.DataFrame([labels.sector(i, j) for i, j in zip(roles.sector_rows, roles.sector_columns, strict=True)])
    demand = pd.DataFrame([*(_demand(labels, j) for j in parts.demand), *parts.extra_demand])
    inputs = pd.DataFrame([*(_input(labels, i, kind) for i, kind in parts.inputs), *parts.extra_inputs])
    _unique(demand, "category")
    _unique(inputs, "id")
    near = words_around(None, table.name, table.titles)
    unit = find_unit([*_units(table, roles), *near])
    made = IOTable.from_arrays(
        parts.Z,
        x=parts.x,
        Y=parts.Y,
        V=parts.V,
        sectors=sectors,
        demand=demand,
        inputs=inputs,
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
    return replace(made, changes=tuple(parts.notes))


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


def _unique(frame: pd.DataFrame, column: str) -> None:
    """Give a number to the second and later of equal labels within a region."""
    if frame.empty:
        return
    region = frame.get("region", "")
    place = (region + "\x1f" + frame[column]).groupby(region + "\x1f" + frame[column]).cumcount()
    frame[column] = [f"{label}_{k + 1}" if k else label for label, k in zip(frame[column], place, strict=True)]


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
