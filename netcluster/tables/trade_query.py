"""Sums over trade tables by DuckDB: exact, the same on any number of threads, never loading the table whole.

Floating-point sums depend on the order of the rows, which threads change. Values with a fixed number of decimals
are therefore added as DECIMAL, which is exact. Others are added as two whole numbers, multiples of 2^-50 and of
2^-100, which is exact for all values between 2^-47 and 2^75.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.tables.duck import Store, arrow, identifier, literal, plainly

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.trade import TradeTable

_STEP = 2.0**50


def summed(
    trade: TradeTable, by: Sequence[str], where: Mapping[str, Sequence[str | int]], *, quantity: bool = False
) -> pd.DataFrame:
    """Return value (and quantity) summed by some columns, sorted by them.

    `where` keeps the rows whose column is one of the given values; by no column at all there is one row. A
    quantity is the sum of those that are known, NaN where none is.
    """
    _check(trade, (*by, *where))
    if quantity and "quantity" not in trade.columns:
        raise NetclusterError("This trade table has no quantities.", f"Its columns: {', '.join(trade.columns)}.")
    connection: Any = trade.connect()
    try:
        relation = _relation(trade, connection, {*by, *where}, quantity)
        measures = ["value", "quantity"] if quantity else ["value"]
        kinds = _kinds(connection, relation, trade.source or "trade table")
        sums = [f"{sum_sql(name, kinds[name])} AS {name}" for name in measures]
        keys = [identifier(name) for name in by]
        query = f"SELECT {', '.join([*keys, *sums])} FROM {relation}{_where(where)}"
        if keys:
            query += f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}"
        table = arrow(connection, query, trade.source or "trade table")
    finally:
        connection.close()
    frame: pd.DataFrame = table.to_pandas()
    return frame.fillna({"value": 0.0})


def _check(trade: TradeTable, columns: Sequence[str]) -> None:
    known = [name for name in trade.columns if name not in ("value", "quantity")]
    for name in columns:
        if name not in known:
            raise NetclusterError(f"This trade table has no column {name!r}.", f"It is by {', '.join(known)}.")


def _relation(trade: TradeTable, connection: Any, columns: set[str], quantity: bool) -> str:
    """Return what to select from: the sums made while reading where they suffice, else the files."""
    sums: Any = trade.sums
    if sums is None or quantity or not columns <= set(sums.column_names):
        return f"({trade.query})"
    connection.register("sums_of_trade", sums)
    return "sums_of_trade"


def _kinds(connection: Any, relation: str, what: str) -> dict[str, str]:
    with plainly(what):
        rows = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    return {row[0]: row[1] for row in rows}


def _where(where: Mapping[str, Sequence[str | int]]) -> str:
    parts = []
    for name, values in where.items():
        if not values:
            return " WHERE false"
        listed = ", ".join(str(int(v)) if name == "year" else literal(str(v)) for v in values)
        parts.append(f"{identifier(name)} IN ({listed})")
    return f" WHERE {' AND '.join(parts)}" if parts else ""


def sum_sql(column: str, kind: str) -> str:
    """Return the expression of an exact sum, as DOUBLE, of a column of some type."""
    if kind in ("DOUBLE", "FLOAT"):
        return _binary(column)
    total = f"sum({column})"
    scale = re.search(r"DECIMAL\(\d+,\s*(\d+)\)", kind)
    # Past 2^53 units DuckDB's own conversion is off in the last digit; the way over text rounds rightly.
    limit = 2**53 // 10 ** (int(scale[1]) if scale else 0)
    slow = f"CAST(CAST({total} AS VARCHAR) AS DOUBLE)"
    return f"CASE WHEN abs({total}) < {limit} THEN CAST({total} AS DOUBLE) ELSE {slow} END"


def _binary(column: str) -> str:
    high = f"round({column} * {_STEP!r})"
    low = f"round(({column} - {high} / {_STEP!r}) * {_STEP * _STEP!r})"
    sums = [f"CAST(sum(CAST({part} AS HUGEINT)) AS DOUBLE)" for part in (high, low)]
    return f"({sums[0]} / {_STEP!r} + {sums[1]} / {_STEP * _STEP!r})"


def open_trade(paths: Sequence[str | Path], **rest: Any) -> TradeTable:
    """Return the trade table in Parquet files that `write_trade` wrote; `rest` goes to `TradeTable`."""
    from netcluster.tables.trade import TRADE_COLUMNS, TradeTable

    store = Store()
    files = "[" + ", ".join(literal(str(path)) for path in paths) + "]"
    query = f"SELECT * FROM read_parquet({files})"
    connection = store()
    kinds = _kinds(connection, f"({query})", str(paths[0]))
    columns = tuple(name for name in TRADE_COLUMNS if name in kinds)
    years: tuple[int, ...] = ()
    if "year" in columns and "years" not in rest:
        with plainly(str(paths[0])):
            found = connection.execute(f"SELECT DISTINCT year FROM ({query}) ORDER BY year").fetchall()
        years = tuple(row[0] for row in found)
    connection.close()
    return TradeTable(query=query, columns=columns, connect=store, **{"years": years, **rest})


def write_trade(trade: TradeTable, path: str | Path) -> None:
    """Write the rows of a trade table to one Parquet file, in their order, without holding them in memory."""
    connection: Any = trade.connect()
    try:
        with plainly(trade.source or "trade table"):
            connection.execute(f"COPY ({trade.query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
    finally:
        connection.close()
