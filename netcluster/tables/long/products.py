"""Which products of a trade table are summed: one level of a nested classification, never a code and its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netcluster.core.result import Note
from netcluster.tables.duck import arrow, literal, literals
from netcluster.tables.trade_query import sum_sql

if TYPE_CHECKING:
    from netcluster.tables.long.source import Source

TOTALS = (
    "TOTAL",
    "Total",
    "total",
    "ALL",
    "All",
    "AG2",
    "AG4",
    "AG6",
    "_T",
    "Insgesamt",
    "All products",
    "All commodities",
)
#: Rows at the head of the files whose products tell whether codes are nested.
HEAD = 200_000


@dataclass
class Choice:
    """The conditions that keep one level of products, and what was decided."""

    conditions: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def choose_products(
    source: Source,
    connection: Any,
    rows: str,
    level: str,
    some: Sequence[str] | None = None,
    ends: Sequence[str] = ("exporter",),
) -> Choice:
    """Return the choice of products: all of them where the codes are on one level.

    `some` are products from all over the files; without them the head of the files is looked at. `ends` are the columns
    that tell who trades with whom, and when: those that give totals alone are counted.
    """
    from netcluster.tables.nested import choose_level, is_total

    if some is None:
        head = f"SELECT DISTINCT product FROM (SELECT product FROM ({rows}) LIMIT {HEAD})"
        some = [str(code or "") for code in arrow(connection, head, source.name)["product"].to_pylist()]
    first = set(some)
    lengths = {len(code) for code in first}
    if len(lengths) == 1 and not level and not any(is_total(code, TOTALS) for code in first):
        return Choice()
    table = arrow(
        connection, f"SELECT product, {sum_sql('value', 'DOUBLE')} AS value FROM ({rows}) GROUP BY product", source.name
    )
    values = {str(row["product"]): float(row["value"]) for row in table.to_pylist()}
    if values and all(is_total(code, TOTALS) for code in values):
        return _only_totals(values)
    chosen = choose_level(values, level=level, totals=TOTALS, what="products")
    if len(chosen.kept) == len(values):
        return Choice([], list(chosen.notes))
    condition = f"product IN {literals(sorted(chosen.kept))}"
    return Choice([condition], [*chosen.notes, *_coarse(source, connection, rows, ends, condition)])


def _coarse(source: Source, connection: Any, rows: str, ends: Sequence[str], condition: str) -> list[Note]:
    """Return a note on those who give no trade at the level that is kept, and what goes with them."""
    keys = ", ".join(ends)
    query = f"""SELECT count(*) AS pairs, count(DISTINCT exporter) AS exporters, {sum_sql("most", "DOUBLE")} AS value
        FROM (SELECT {keys}, max(CAST(value AS DOUBLE)) AS most, count(*) FILTER ({condition}) AS detailed
              FROM ({rows}) GROUP BY {keys}) WHERE detailed = 0 AND most > 0"""
    found = arrow(connection, query, source.name).to_pylist()[0]
    if not found["pairs"]:
        return []
    text = (
        f"Flows given as sums of products only, {found['pairs']:,} of {found['exporters']:,} exporters"
        f" ({found['value']:,.0f} or more): they have no products, and are left out."
    )
    return [Note("without_products", text, found["pairs"])]


def _only_totals(values: Mapping[str, float]) -> Choice:
    """Keep one total where a file gives trade in all products together only."""
    kept = max(sorted(values), key=lambda code: values[code])
    text = f"The only product is {kept}, all of them together; measures by product have nothing to tell."
    conditions = [f"product = {literal(kept)}"] if len(values) > 1 else []
    return Choice(conditions, [Note("totals_only", text, len(values))])
