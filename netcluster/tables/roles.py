"""Which rows and columns of a table are sectors, final demand, primary inputs, totals or accounts."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.codes import Meaning, meaning, plain
from netcluster.tables.grid import Array
from netcluster.tables.labels import Labels
from netcluster.tables.layout import Wide, block_of
from netcluster.tables.match import Match, past_sectors
from netcluster.tables.options import ReadOptions

#: Sums agree when they miss by at most this share of the largest value; printed tables round their parts.
CLOSE = 2e-6


@dataclass
class Roles:
    """The parts of a table, as positions of rows and columns of a `Wide`.

    `sums` are the row and column sums of the sectors' flows, where they were added up on the way.
    """

    sector_rows: list[int]
    sector_columns: list[int]
    demand: list[int] = field(default_factory=list)
    inputs: list[tuple[int, str]] = field(default_factory=list)
    accounts: list[int] = field(default_factory=list)
    output_columns: list[int] = field(default_factory=list)
    output_rows: list[int] = field(default_factory=list)
    total_columns: list[int] = field(default_factory=list)
    total_rows: list[int] = field(default_factory=list)
    unknown_columns: list[int] = field(default_factory=list)
    unknown_rows: list[int] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sums: tuple[Array, Array] | None = None


def find_sectors(table: Wide, match: Match) -> Roles:
    """Return the sectors: the columns that name a row and are no sums, in the order of the columns."""
    wanted = set(match.column_keys)
    # Where several sectors bear single letters, a single letter is no code of a total (Q is health, not output).
    letters = sum(len(key.strip("\x1f")) == 1 for key in wanted) > 1
    row_of: dict[str, int] = {}
    for i, key in enumerate(match.row_keys):
        if not key.strip("\x1f") or key not in wanted:
            continue
        if key in row_of and not _names_total(table, match, i, None, letters):
            raise _twice(table, i, match)
        row_of.setdefault(key, i)
    pairs = [(row_of[key], j) for j, key in enumerate(match.column_keys) if key in row_of]
    totals = {pair for pair in pairs if _names_total(table, match, *pair, letters)}
    accounts = past_sectors(table, (match.row_levels, match.column_levels), pairs)
    kept = [pair for pair in pairs if pair not in totals and pair not in accounts]
    roles = Roles([i for i, _ in kept], [j for _, j in kept])
    roles.total_rows = sorted(i for i, _ in totals - accounts)
    roles.total_columns = sorted(j for _, j in totals - accounts)
    _drop_sums(table, match, roles)
    return roles


def _names_total(table: Wide, match: Match, i: int, j: int | None, letters: bool) -> bool:
    row = _meaning("row", tuple([table.rows[i][k] for k in match.row_levels]), letters)
    if row is not None and row.is_total:
        return True
    if j is None:
        return False
    column = _meaning("column", tuple([table.columns[j][k] for k in match.column_levels]), letters)
    return column is not None and column.is_total


def _twice(table: Wide, i: int, match: Match) -> NetclusterError:
    label = " ".join(table.rows[i][k] for k in match.row_levels)
    return NetclusterError(
        f"{table.name}: the sector {label!r} stands in two rows ({table.address(i, 0)}).",
        "Give each sector one row; of several tables in one file choose one with --sheet, --year or --origin.",
    )


def _drop_sums(table: Wide, match: Match, roles: Roles) -> None:
    """Take out sectors that sum up all others, their neighbours, or those whose codes begin with theirs."""
    block = block_of(table.values, roles.sector_rows, roles.sector_columns)
    sold = block.sum(axis=1)
    if not np.isfinite(sold).all():
        block = np.nan_to_num(block)
        sold = block.sum(axis=1)
    n = len(block)
    if n < 3 or not (sold.any() or block.any()):
        return
    level = match.column_levels[-1]
    codes = [plain(table.columns[j][level]) for j in roles.sector_columns]
    bought = block.sum(axis=0)
    drop = set(_grand_totals(block, sold, bought)) if n > 3 else set()
    drop |= {k for k, parts in _nested(codes).items() if _is_sum(block, sold, k, parts)}
    drop |= _sums_of_runs(block, sold, bought, drop) if n > 3 else set()
    if not drop:
        roles.sums = (sold, bought)
        return
    names = [table.columns[roles.sector_columns[k]][level] for k in sorted(drop)]
    roles.total_rows += [roles.sector_rows[k] for k in sorted(drop)]
    roles.total_columns += [roles.sector_columns[k] for k in sorted(drop)]
    roles.sector_rows = [i for k, i in enumerate(roles.sector_rows) if k not in drop]
    roles.sector_columns = [j for k, j in enumerate(roles.sector_columns) if k not in drop]
    text = f"Sectors that are sums of others were left out: {', '.join(names[:8])}."
    roles.notes.append(Note("dropped_sums", text, len(drop)))


def _grand_totals(block: Array, sold: Array, bought: Array) -> list[int]:
    """Return the sectors whose row and column are the sums of all others; `sold` and `bought` sum rows and columns."""
    n = len(block)
    diagonal = block.diagonal()
    suspects = np.ones(n, dtype=bool)
    for mine, across in ((sold, bought), (bought, sold)):
        # Such a row adds up to what all others do, its own column left out: hardly any other does.
        own, others = mine - diagonal, mine.sum() - mine - (across - diagonal)
        suspects &= np.abs(own - others) <= 1e-4 * (np.abs(others) + 1e-300)
    found = np.flatnonzero(suspects).tolist()
    return [k for k in found if _is_sum(block, sold, k, [m for m in range(n) if m != k])]


def _sums_of_runs(block: Array, sold: Array, bought: Array, known: set[int]) -> set[int]:
    """Return the sectors whose row and column are the sums of the run before or after them, known sums passed over."""
    found: set[int] = set()
    unit = cache(lambda: _grain(block))
    amounts, changed = sold + bought, True
    traded = amounts.tolist()
    while changed:
        rest = [k for k in range(len(block)) if k not in known and k not in found]
        sums = {
            order[at]
            for order in (rest, rest[::-1])
            for at in _above_two(block, amounts, np.array(order, dtype=np.intp))
            if _sums_run(block, traded, order[at], order[at + 1 :], unit)
        }
        found, changed = found | sums, bool(sums)
    return found


def _above_two(block: Array, amounts: Array, order: npt.NDArray[np.intp]) -> list[int]:
    """Return the places in an order of sectors that trade as much with others as the two behind them, or more."""
    mine, total = order[:-2], np.zeros(max(len(order) - 2, 0))
    possible = np.ones(len(mine), dtype=bool)
    whole = amounts[mine] - 2 * block[mine, mine]
    for step in (1, 2):
        theirs = order[step : len(mine) + step]
        total = total + amounts[theirs] - block[theirs, mine] - block[mine, theirs]
        possible &= total <= 1.01 * whole
    found: list[int] = np.flatnonzero(possible).tolist()
    return found


def _sums_run(
    block: Array, traded: Sequence[float], k: int, neighbours: Sequence[int], unit: Callable[[], float]
) -> bool:
    """Whether a sector's flows with others are the sums of its first neighbours', but for rounding to `unit()`."""
    whole = traded[k] - 2 * float(block[k, k])
    total, parts = 0.0, []
    for m in neighbours:
        total += traded[m] - float(block[m, k]) - float(block[k, m])
        if total > 1.01 * whole:
            return False
        parts += [m] if traded[m] else []
        if len(parts) < 2 or total < 0.99 * whole:
            continue
        others = np.arange(len(block)) != k
        mine = np.concatenate([block[k, others], block[others, k]])
        summed = np.concatenate([block[parts].sum(axis=0)[others], block[:, parts].sum(axis=1)[others]])
        largest, gap = float(np.abs(mine).max()), float(np.abs(mine - summed).max())
        if gap >= 0.01 * largest:
            continue
        # Parts that are rounded make up a sum that is rounded too; one of a few units tells nothing.
        miss = max(CLOSE * largest, 0.51 * unit() * (len(parts) + 1))
        if gap <= miss < 0.01 * largest:
            return True
    return False


def _nested(codes: Sequence[str]) -> dict[int, list[int]]:
    """Return for each code the longer codes that begin with it, where there are at least two."""
    order = sorted(range(len(codes)), key=codes.__getitem__)
    ordered = [codes[k] for k in order]
    nested = {}
    for k, code in enumerate(codes):
        if not code:
            continue
        low = bisect.bisect_right(ordered, code)
        high = bisect.bisect_left(ordered, code + "\uffff")
        if high - low > 1:
            nested[k] = order[low:high]
    return nested


def _is_sum(block: Array, sold: Array, k: int, parts: list[int]) -> bool:
    mine, theirs = sold[k] - block[k, k], sold[parts].sum() - block[parts, k].sum()
    if abs(mine - theirs) > 1e-3 * max(abs(mine), abs(theirs)):
        return False
    others = [m for m in range(len(block)) if m != k]
    rows, columns = block[np.ix_(list(parts), others)].sum(axis=0), block[np.ix_(others, list(parts))].sum(axis=1)
    return bool(rows.any() or columns.any()) and close(rows, block[k, others]) and close(columns, block[others, k])


def close(a: Array, b: Array, tolerance: float = CLOSE) -> bool:
    """Whether two sets of sums agree, but for rounding."""
    scale = max(float(np.abs(a).max(initial=0)), float(np.abs(b).max(initial=0)), 1e-300)
    return bool(np.abs(a - b).max(initial=0) <= tolerance * scale)


def assign(table: Wide, labels: Labels, roles: Roles, options: ReadOptions) -> None:
    """Say of every row and column that is no sector what it is."""
    sectors, columns = set(roles.sector_rows), set(roles.sector_columns)
    matched_rows, matched_columns = set(roles.total_rows), set(roles.total_columns)
    roles.total_rows, roles.total_columns = [], []
    letters = any(len(name) == 1 for i in roles.sector_rows for name in labels.row_names(i) if name)
    for j in sorted(set(range(len(table.columns))) - columns):
        names = labels.column_names(j)
        found = _meaning("column", names, letters)
        if j in matched_columns and (found is None or not found.is_total):
            roles.total_columns.append(j)
        else:
            _column(j, _asked(names, options.final_demand), found, roles)
    for i in sorted(set(range(len(table.rows))) - sectors):
        names = labels.row_names(i)
        found = _meaning("row", names, letters)
        if i in matched_rows and (found is None or not found.is_total):
            roles.total_rows.append(i)
        else:
            _row(i, _asked(names, options.value_added), found, roles)
    if options.final_demand:
        _check_asked(
            "--final-demand", options.final_demand, [labels.column_names(j) for j in range(len(table.columns))]
        )
        roles.unknown_columns.clear()
    if options.value_added:
        _check_asked("--value-added", options.value_added, [labels.row_names(i) for i in range(len(table.rows))])
        roles.unknown_rows.clear()


def _meaning(side: str, names: tuple[str, ...], letters: bool) -> Meaning | None:
    """Return what labels mean; where sectors bear single letters, a single letter means nothing by itself."""
    return meaning(side, tuple([name for name in names if len(name) != 1]) if letters else names)


def _asked(names: tuple[str, ...], wanted: tuple[str, ...]) -> bool | None:
    if not wanted:
        return None
    keys = set(map(plain, wanted))
    return any(plain(name) in keys for name in names)


def _check_asked(option: str, wanted: tuple[str, ...], there: Sequence[tuple[str, ...]]) -> None:
    known = {plain(name) for names in there for name in names}
    for label in wanted:
        if plain(label) not in known:
            first = [names[0] for names in there if names][-12:]
            raise NetclusterError(f"{option}: there is no label {label!r}.", f"The last ones are {', '.join(first)}.")


def _column(j: int, asked: bool | None, found: Meaning | None, roles: Roles) -> None:
    if asked:
        roles.demand.append(j)
    elif found is None:
        roles.unknown_columns.append(j)
    elif found.role == "output":
        roles.output_columns.append(j)
    elif found.role == "total" or asked is False:
        roles.total_columns.append(j)
    elif found.role == "demand":
        roles.demand.append(j)
    else:
        roles.unknown_columns.append(j)


def _row(i: int, asked: bool | None, found: Meaning | None, roles: Roles) -> None:
    if asked:
        kind = found.category if found is not None and found.role == "input" else "value_added"
        roles.inputs.append((i, kind))
    elif found is None:
        roles.unknown_rows.append(i)
    elif found.role == "output":
        roles.output_rows.append(i)
    elif found.role == "account":
        roles.accounts.append(i)
    elif found.role in ("total", "memo") or asked is False:
        roles.total_rows.append(i)
    else:
        roles.inputs.append((i, found.category))


def subtotals(vectors: Sequence[Array], labels: Sequence[str]) -> list[int]:
    """Return which vectors are sums: of the run right before or after, or of those whose codes begin with theirs.

    Vectors already found to be sums are passed over, so that P3, P5, P6 and their own total are all found.
    A vector that equals a single other one counts only where its label begins like it.
    """
    found: list[int] = []
    sizes = [(float(vector.sum()), float(np.abs(vector).max(initial=0))) for vector in vectors]
    changed = True
    while changed:
        changed = False
        rest = [k for k in range(len(vectors)) if k not in found]
        for place, k in enumerate(rest):
            if not sizes[k][1]:
                continue
            before, after = rest[:place][::-1], rest[place + 1 :]
            runs = _run(vectors, sizes, labels, k, before) or _run(vectors, sizes, labels, k, after)
            if runs or _prefixed(vectors, labels, k, before + after):
                found.append(k)
                changed = True
                break
    return sorted(found)


def _prefixed(vectors: Sequence[Array], labels: Sequence[str], k: int, others: Sequence[int]) -> bool:
    """Whether a vector is the sum of those whose codes begin with its code: P3 of P3_S13 and P3_S14."""
    code = plain(labels[k])
    parts = [vectors[m] for m in others if code and plain(labels[m]).startswith(code) and plain(labels[m]) != code]
    return bool(parts) and close(np.sum(parts, axis=0), vectors[k])


def _run(
    vectors: Sequence[Array],
    sizes: Sequence[tuple[float, float]],
    labels: Sequence[str],
    k: int,
    neighbours: Sequence[int],
) -> bool:
    """Whether a vector is the sum of its first neighbours; `sizes` are the sum and the largest value of each."""
    whole, largest = sizes[k]
    count = len(vectors[k])
    total = peak = 0.0
    filled = 0
    for place, m in enumerate(neighbours, start=1):
        total, peak = total + sizes[m][0], peak + sizes[m][1]
        filled += bool(sizes[m][1])
        # Vectors that agree have sums that do, within the tolerance times their length: most runs fall here.
        if not filled or abs(total - whole) > 1.01 * CLOSE * count * max(peak, largest):
            continue
        if close(np.sum([vectors[n] for n in neighbours[:place]], axis=0), vectors[k]):
            return filled > 1 or plain(labels[k]).startswith(plain(labels[m]))
    return False


def choose(candidates: Sequence[Array], target: Array, most: int = 16) -> tuple[list[int], float] | None:
    """Return which candidates add up to the target, as many as do, and by what share they miss; None if too many.

    All subsets are tried: with totals, parts and "of which" rows side by side, only the sum tells.
    """
    k = len(candidates)
    if k == 0 or k > most:
        return None
    stacked = np.vstack(candidates)
    scale = max(float(np.abs(target).mean()), 1e-300)
    bits = (np.arange(2**k)[:, None] >> np.arange(k)) & 1
    misses = np.concatenate(
        [
            np.abs(chunk @ stacked - target).max(axis=1)
            for chunk in np.array_split(bits.astype(float), max(1, 2**k // 4096))
        ]
    )
    best = float(misses.min())
    grain = min(_grain(stacked) * (k / 2 + 1), 1e-4 * scale)
    good = np.flatnonzero(misses <= best + grain + 1e-7 * scale + 0.01 * best)
    pick = good[np.argmax(bits[good].sum(axis=1))]
    return [int(m) for m in np.flatnonzero(bits[pick])], float(misses[pick]) / scale


def _grain(values: Array) -> float:
    """Return the unit to which values are rounded, 0 where they are not."""
    for digits in range(4):
        if np.array_equal(np.round(values, digits), values):
            return float(10.0**-digits)
    return 0.0
