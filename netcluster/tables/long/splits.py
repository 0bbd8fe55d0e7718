"""Columns that split the rows of a long table further than its labels do: by transport, by what is counted, by port.

Adding up what differs in such a column alone may count goods twice (a total beside its parts) or add tonnes to euros.
A total is taken where there is one; of several things counted the value in money; only what is left is added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.cells import looks_numeric
from netcluster.tables.duck import arrow, identifier, literal, literals
from netcluster.tables.facts import find_unit
from netcluster.tables.long.headers import normal
from netcluster.tables.long.sample import sample
from netcluster.tables.nested import is_total

if TYPE_CHECKING:
    from netcluster.tables.long.source import Source

#: Marks of the sum over a split, by the name of its column, where the mark is no word.
SUMS = {
    **{"customs_code": ("C00",), "mot_code": ("0",), "mos_code": ("0",), "size_code": ("0",)},
    **{"partner2_code": ("0",), "partner2_iso": ("W00",), "own_code": ("0",)},
    **{"freq_code": ("A",), "freq": ("A",), "frequency": ("A", "Annual")},
}
#: Columns that say what a row counts or in which unit: rows of several such are never added up.
COUNTED = frozenset(
    [
        *("indicators", "indicator", "unit", "units", "unit_measure", "unit_of_measure", "uom", "measure", "indic"),
        *("indic_bt", "indic_et", "variable", "series", "currency", "valuation", "price_base", "unit_code"),
        *("basis", "seasonal_adjustment"),
    ]
)
#: Columns looked at, and values one of them may have to be a split.
MOST_COLUMNS, MOST_VALUES = 30, 2000


@dataclass
class Splits:
    """Conditions on the split columns of a scan, those columns by our names for them, and what was decided."""

    columns: dict[str, str] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unit: str = ""


def leftover(header: Sequence[str], taken: Sequence[str]) -> dict[str, str]:
    """Return the columns of a file that no part of the table is read from, under names for a scan."""
    rest = [name for name in dict.fromkeys(header) if name and name not in taken and list(header).count(name) == 1]
    return {f"split_{k}": name for k, name in enumerate(rest[:MOST_COLUMNS])}


def find_splits(source: Source, connection: Any, rows: str, keys: Sequence[str], columns: dict[str, str]) -> Splits:
    """Return how rows alike in all their labels are told apart, and which of them to keep.

    `rows` selects `keys` and the split columns. Raises NetclusterError where rows count several things
    and none of them is money, and where totals stand beside parts for some labels only.
    """
    found = Splits()
    rest = dict(columns)
    while varying := _varying(source, connection, _kept(rows, found), keys, rest):
        ours = varying[0]
        theirs = rest.pop(ours)
        before = len(found.conditions)
        _settle(found, source, connection, _kept(rows, found), keys, (ours, theirs))
        if len(found.conditions) > before:
            found.columns[ours] = theirs
    return found


def _kept(rows: str, found: Splits) -> str:
    return f"SELECT * FROM ({rows}) WHERE {' AND '.join(found.conditions)}" if found.conditions else rows


def _settle(
    found: Splits, source: Source, connection: Any, rows: str, keys: Sequence[str], column: tuple[str, str]
) -> None:
    """Decide on one column: what is counted, a total and its parts, or nothing but more rows."""
    ours, theirs = column
    values = _values(source, connection, rows, ours)
    if len(values) > MOST_VALUES or len(values) < 2:
        return
    if normal(theirs) in COUNTED:
        _one_counted(found, ours, theirs, values, source.name)
        return
    totals = [v for v in values if is_total(v) or v in SUMS.get(normal(theirs), ())]
    if len(totals) == 1:
        _total(found, source, connection, rows, keys, column, totals[0])
    elif sum(map(looks_numeric, values)) < len(values) or len(values) < 20:
        text = f"Rows that differ in {theirs} only are added up ({len(values)} values, such as {values[0]!r})."
        found.notes.append(Note("rows_summed", text, len(values)))


def _varying(source: Source, connection: Any, rows: str, keys: Sequence[str], columns: dict[str, str]) -> list[str]:
    """Return the columns that differ among rows alike in all labels; none where no two rows are alike."""
    if not columns:
        return []
    listed = ", ".join(keys)
    double = f"SELECT count(*) AS n FROM (SELECT {listed} FROM ({rows}) GROUP BY {listed} HAVING count(*) > 1)"
    if not arrow(connection, double, source.name)["n"][0].as_py():
        return []
    counts = ", ".join(f"min({identifier(c)}) IS DISTINCT FROM max({identifier(c)}) AS {c}" for c in columns)
    either = ", ".join(f"bool_or({c}) AS {c}" for c in columns)
    query = f"SELECT {either} FROM (SELECT {counts} FROM ({rows}) GROUP BY {listed})"
    differs = arrow(connection, query, source.name).to_pylist()[0]
    return [name for name in columns if differs[name]]


def _values(source: Source, connection: Any, rows: str, column: str) -> list[str]:
    query = f"SELECT DISTINCT {column} AS v FROM ({rows}) ORDER BY v LIMIT {MOST_VALUES + 1}"
    return [str(v) for v in arrow(connection, query, source.name)["v"].to_pylist() if v is not None]


def _one_counted(found: Splits, ours: str, theirs: str, values: Sequence[str], what: str) -> None:
    """Keep the rows that count money, of all the things a table counts."""
    money = [v for v in values if find_unit([v]) or normal(v) in ("value", "values", "trade_value")]
    money = money if len(money) == 1 else [v for v in money if normal(v).startswith("value")]
    if len(money) != 1:
        shown = ", ".join(map(repr, values[:6]))
        raise NetclusterError(
            f"{what}: {theirs} holds {shown}, and rows of several must not be added up.",
            f"Keep the rows of one value of {theirs}.",
        )
    found.conditions.append(f"{ours} = {literal(money[0])}")
    found.unit = find_unit([money[0]])
    text = f"Of {theirs} the rows of {money[0]!r} were taken, those of {len(values) - 1} others left out."
    found.notes.append(Note("splits_left_out", text, len(values) - 1))


def _total(
    found: Splits,
    source: Source,
    connection: Any,
    rows: str,
    keys: Sequence[str],
    column: tuple[str, str],
    total: str,
) -> None:
    """Keep the total of a split where every flow has one, its parts where no flow has one without parts."""
    ours, theirs = column
    listed = ", ".join(keys)
    groups = f"SELECT bool_or({ours} = {literal(total)}) AS whole, bool_or({ours} <> {literal(total)}) AS parts"
    query = f"SELECT count(*) AS n, count_if(whole) AS whole, count_if(parts) AS parts FROM ({groups} FROM ({rows})"
    counts = arrow(connection, f"{query} GROUP BY {listed})", source.name).to_pylist()[0]
    if counts["whole"] == counts["n"]:
        found.conditions.append(f"{ours} = {literal(total)}")
        text = f"Flows are split by {theirs}; the total ({total}) was taken, its parts left out."
    elif counts["parts"] == counts["n"]:
        found.conditions.append(f"{ours} NOT IN {literals([total])}")
        text = f"Flows are split by {theirs}; the parts were added up, as the total ({total}) is not given for all."
    else:
        raise NetclusterError(
            f"{source.name}: {theirs} gives a total ({total}) for some rows and parts for others.",
            f"Keep the rows of one kind in {theirs}.",
        )
    found.notes.append(Note("splits_left_out", text, counts["n"]))


def unit_beside(source: Source, taken: Sequence[str], place: str = "") -> str:
    """Return the unit of money that columns of units and powers name, where they say the same all over.

    `place` is the country whose dollars or pesos they are, where one is known.
    """
    names = {normal(name): name for name in source.parts[0].header if name not in taken}
    units = [names[key] for key in ("unit", "unit_measure", "unit_of_measure", "uom", "unit_code") if key in names]
    powers = [names[key] for key in ("power_code", "unit_mult", "scalar_factor", "multiplier") if key in names]
    if not units:
        return ""
    cells = sample(source, {f"c{k}": name for k, name in enumerate([*powers, *units])})
    alike = [next(iter(set(values))) for values in cells.values() if len(set(values)) == 1]
    return find_unit([" ".join(alike), place])
