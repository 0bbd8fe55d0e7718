"""The accounts of a table: final demand, output and primary inputs chosen so that rows and columns add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.codes import category_of, plain
from netcluster.tables.grid import Array
from netcluster.tables.halves import NoTableError, refuse_coefficients, refuse_imports, refuse_make, refuse_use
from netcluster.tables.iotable import Origin
from netcluster.tables.labels import Labels
from netcluster.tables.layout import Wide, block_of
from netcluster.tables.options import ReadOptions
from netcluster.tables.roles import Roles, choose, close, subtotals

#: Columns and rows found by their sum must close the accounts this well (share of the mean).
FOUND = 1e-3
#: And sums left out because of it, this well.
CLOSES = 1e-6


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
    _sums: tuple[Array, Array, Array] | None = None

    @property
    def sold(self) -> Array:
        """What each sector sells to all sectors, (n,)."""
        return self._summed()[1]

    @property
    def bought(self) -> Array:
        """What each sector buys from all sectors, (n,)."""
        return self._summed()[2]

    def _summed(self) -> tuple[Array, Array, Array]:
        # Asked for again and again while the accounts are settled; added up once for each Z.
        if self._sums is None or self._sums[0] is not self.Z:
            self._sums = (self.Z, self.Z.sum(axis=1), self.Z.sum(axis=0))
        return self._sums


def settle(table: Wide, roles: Roles, labels: Labels, options: ReadOptions, imported: Array | None = None) -> Parts:
    """Return the arrays, with demand and primary inputs chosen so that the accounts close where they can.

    `imported` is what each sector buys from abroad, (n,), where rows of their own give it.
    """
    notes: list[Note] = []
    rows, columns = roles.sector_rows, roles.sector_columns
    Z = _filled(table, rows, columns, notes, "intermediate flows")
    known = _output(table, roles)
    demand = _leaves(table, labels, roles)
    Y = _filled(table, rows, demand, notes, "final demand")
    parts = Parts(Z, Y, demand, np.zeros(len(rows)), np.zeros((0, len(rows))), [], notes=notes)
    parts._sums = (Z, *roles.sums) if roles.sums is not None else None
    _place_imports(table, roles, labels, parts, known)
    _place_totals(table, roles, labels, parts, known)
    _drop_demand_sums(labels, parts, known, options)
    _place_unknown(table, roles, labels, parts, known, options)
    _final(parts, known, table, options)
    _inputs(table, roles, labels, parts, options, imported)
    refuse_coefficients(parts.Z, parts.x, table.name)
    if not parts.inputs and not roles.output_rows and not roles.output_columns and options.kind != "io":
        refuse_imports(parts.x - parts.bought, table.name)
    spare = np.nan_to_num(table.values[np.ix_(roles.unknown_rows, columns)]).any(axis=1)
    products = int(spare.sum()) or _products_by_industries(table, roles)
    refuse_use(parts.Z, parts.Y, parts.V, parts.x, products, table.name)
    return parts


def _products_by_industries(table: Wide, roles: Roles) -> int:
    """Return how many rows are products (CPA_A01) of columns that are industries (A01)."""
    if any(_of_products(table.columns[j]) for j in roles.sector_columns[:1]):
        return 0
    down = sum([_of_products(table.rows[i]) for i in roles.sector_rows])
    return 0 if not down or any(_of_products(table.columns[j]) for j in roles.sector_columns) else down


def _of_products(labels: Sequence[str]) -> bool:
    return any(plain(label).startswith("cpa_") for label in labels)


def _filled(table: Wide, rows: Sequence[int], columns: Sequence[int], notes: list[Note], what: str) -> Array:
    block = block_of(table.values, rows, columns)
    if block.size and block.min() >= 0:  # NaN would be the least of all
        return block
    gone = np.isnan(block)
    count = int(np.count_nonzero(gone))
    if count:
        block = np.where(gone, 0.0, block)
        share = count / block.size
        notes.append(Note("missing_as_zero", f"{count} cells of {what} ({share:.1%}) are empty: taken as zero.", count))
    negative = int(np.count_nonzero(block < 0)) if what == "intermediate flows" else 0
    if negative:
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


def _first_full(candidates: Iterable[Array]) -> Array | None:
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
    block = np.nan_to_num(np.ascontiguousarray(block_of(table.values, roles.sector_rows, roles.demand).T))
    vector = dict(zip(roles.demand, block, strict=True))
    for columns in by_region.values():
        vectors = [vector[j] for j in columns]
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
    rest = parts.sold + (np.delete(parts.Y, columns, axis=1) if columns else parts.Y).sum(axis=1)
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
    total = parts.sold + parts.Y.sum(axis=1)
    spare = [j for j in roles.total_columns if np.nan_to_num(table.values[roles.sector_rows, j]).any()]
    if output is None or not parts.Y.size or not spare or _closes(known, total):
        return
    vectors = [np.nan_to_num(table.values[roles.sector_rows, j]) for j in spare]
    found = choose(vectors, output - total, 10)
    if found is None or not found[0] or found[1] > FOUND:
        return
    taken = [spare[k] for k in found[0]]
    roles.total_columns = [j for j in roles.total_columns if j not in taken]
    _take(parts, taken, np.column_stack([vectors[k] for k in found[0]]))
    names = ", ".join(labels.column_code(j) for j in taken)
    parts.notes.append(
        Note("demand_by_sum", f"Taken as final demand, as rows add up only with it: {names}.", len(taken))
    )


def _drop_demand_sums(labels: Labels, parts: Parts, known: _Known, options: ReadOptions) -> None:
    """Leave out demand columns whose absence makes rows add up: sums that stand apart from their parts."""
    count = len(parts.demand)
    total = parts.sold + parts.Y.sum(axis=1)
    if options.final_demand or not 2 < count <= 14 or parts.extra_demand or _closes(known, total):
        return
    vectors = list(parts.Y.T)
    for target in (known.column, known.row, *known.uses):
        found = choose(vectors, target - parts.sold, 14) if target is not None else None
        if found is None or not found[0] or found[1] > CLOSES or len(found[0]) == count:
            continue
        left = ", ".join(labels.column_code(parts.demand[k]) for k in range(count) if k not in found[0])
        parts.Y = parts.Y[:, found[0]]
        parts.demand = [parts.demand[k] for k in found[0]]
        parts.notes.append(Note("ignored_columns", f"Left out, as rows add up without: {left}.", count - len(found[0])))
        return


def _place_unknown(
    table: Wide, roles: Roles, labels: Labels, parts: Parts, known: _Known, options: ReadOptions
) -> None:
    """Decide on columns with unknown names: final demand if rows add up with them, nothing if without, else ask."""
    unknown = [j for j in roles.unknown_columns if np.nan_to_num(table.values[roles.sector_rows, j]).any()]
    if not unknown:
        return
    total = parts.sold + parts.Y.sum(axis=1)
    names = [labels.column_code(j) or f"column {j + 1}" for j in unknown]
    shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
    block = np.nan_to_num(table.values[np.ix_(roles.sector_rows, unknown)])
    leaves = [k for k in range(len(unknown)) if k not in set(subtotals(list(block.T), names))]
    sign = _sign(total, block[:, leaves].sum(axis=1), known)
    if parts.Y.size and not options.final_demand and sign:
        _take(parts, [unknown[k] for k in leaves], sign * block[:, leaves])
        how = "minus what it holds" if sign < 0 else "what it holds"
        text = f"Taken as final demand, as only with {how} do rows add up to output: {shown}."
        parts.notes.append(Note("demand_by_sum", text, len(leaves)))
        return
    if (parts.Y.size and _closes(known, total)) or options.final_demand:
        parts.notes.append(Note("ignored_columns", f"Left out, as rows add up without: {shown}.", len(unknown)))
        return
    if _closes(known, total + block[:, leaves].sum(axis=1)):
        _take(parts, [unknown[k] for k in leaves], block[:, leaves])
        parts.notes.append(Note("demand_by_sum", f"Taken as final demand, as rows add up with it: {shown}."))
        return
    raise NetclusterError(
        f"{table.name}: {shown}: neither a sector nor a known category of final demand,"
        " and rows add up neither with nor without.",
        f"Name the columns of final demand: --final-demand {names[0]!r}; all others are then left out.",
    )


def _sign(total: Array, more: Array, known: _Known) -> int:
    """Return 1 or -1 where rows add up to output only with so many times `more`, else 0.

    Total use closes without imports where they are deducted behind it; output tells.
    """
    output = known.row if known.row is not None else known.column
    if output is None or close(total, output, 1e-4):
        return 0
    return next((sign for sign in (1, -1) if close(total + sign * more, output, 1e-4)), 0)


def _take(parts: Parts, columns: Sequence[int], values: Array) -> None:
    """Put more columns of the table into final demand, before those it does not have."""
    fixed = parts.Y.shape[1] - len(parts.extra_demand)
    parts.Y = np.column_stack([parts.Y[:, :fixed], values, parts.Y[:, fixed:]])
    parts.demand = [*parts.demand, *columns]


def _final(parts: Parts, known: _Known, table: Wide, options: ReadOptions) -> None:
    """Settle output, and final demand where the table gives none."""
    output = known.row if known.row is not None else known.column
    if parts.Y.shape[1] == 0:
        if output is None and (options.kind == "io" or options.labels is not None):
            output = _least(parts)
        if output is None:
            raise NoTableError(
                f"{table.name} gives flows between {len(parts.Z)} sectors, but neither final demand nor output.",
                "Name them with --final-demand; --kind adjacency reads links, --kind io the least output that fits.",
            )
        parts.Y = (output - parts.sold)[:, None]
        parts.extra_demand.append({"category": "final_demand", "name": "Final demand", "region": ""})
        parts.notes.append(Note("derived_demand", "Final demand is output less the row of intermediate flows."))
    total = parts.sold + parts.Y.sum(axis=1)
    parts.x = total if output is None else output
    given = known.row is not None or known.column is not None
    refuse_make(parts.Z, parts.Y, parts.x, known.row, given, table.name)


def _least(parts: Parts) -> Array:
    """Return the least output that holds what each sector sells and what it buys."""
    text = (
        "The table gives neither output nor final demand: output is taken as the larger of what a sector sells to"
        " and buys from others, so coefficients and multipliers are upper bounds."
    )
    parts.notes.append(Note("least_output", text))
    return np.asarray(np.maximum(parts.sold, parts.bought))


def _inputs(
    table: Wide, roles: Roles, labels: Labels, parts: Parts, options: ReadOptions, imported: Array | None
) -> None:
    """Choose the primary inputs that close the columns: the finest rows whose sum is output less Z."""
    columns = roles.sector_columns
    target = parts.x - parts.bought
    known = [(i, kind) for i, kind in roles.inputs if np.isfinite(table.values[i, columns]).any()]
    spare = [] if options.value_added else [*roles.total_rows, *roles.unknown_rows]
    spare = [i for i in spare if np.nan_to_num(table.values[i, columns]).any()]
    candidates = known + [(i, "value_added") for i in spare]
    if len(candidates) > 16:
        candidates = known
    vectors = [np.nan_to_num(table.values[i, columns]) for i, _ in candidates]
    found = None if options.value_added else choose(vectors, target)
    miss = _missed(found, target, parts.x)
    if imported is not None and miss > FOUND and not options.value_added:
        # Imported inputs stand in rows of their own, and what is left are the inputs at home.
        rest = choose(vectors, target - imported)
        if _missed(rest, target - imported, parts.x) < miss:
            found, miss = rest, _missed(rest, target - imported, parts.x)
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


def _missed(found: tuple[list[int], float] | None, target: Array, x: Array) -> float:
    """Return by what share of mean output chosen inputs miss their target."""
    return (
        found[1] * max(float(np.abs(target).mean()), 1e-300) / max(float(np.abs(x).mean()), 1e-300) if found else np.inf
    )


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
