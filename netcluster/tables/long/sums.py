"""One pass over the rows of a trade table: exact sums by key, and every cell counted that can't be added.

The fast pass reads the values as numbers and stops at the first that is missing, negative, no number or has more
decimals than the head of the file; the careful one then reads them as text and counts what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.duck import arrow
from netcluster.tables.long.numbers import is_missing_sql
from netcluster.tables.long.sample import are_whole, decimals

if TYPE_CHECKING:
    from netcluster.tables.long.source import Source

#: Whole numbers up to this are exact as DOUBLE, so their sums are, whatever the order.
EXACT = 2**53
#: Decimals of up to 15 digits are told apart by a DOUBLE, so a value that was read as one is still exact.
DIGITS = 10**15
#: Values of more decimals than this are summed by the careful pass.
MOST_DECIMALS = 9


@dataclass
class Pass:
    """What one pass over the files found: sums by key as Arrow, notes, and the SQL type of the values."""

    sums: Any
    kind: str
    rows: str
    notes: list[Note] = field(default_factory=list)


Rows = Callable[[Mapping[str, str]], str]


def sum_rows(
    source: Source, connection: Any, rows: Rows, keys: Sequence[str], cells: Mapping[str, Sequence[str]]
) -> Pass:
    """Return the exact sums by key: the fast pass where every value is a plain number, else the careful one.

    `cells` are some cells of each column, from which the decimals are guessed; a wrong guess costs a second pass.
    """
    import duckdb

    places = decimals(cells["value"], source.dialect.decimal)
    if places is not None and places <= MOST_DECIMALS and not source.dialect.thousands:
        types = _types(keys, cells)
        try:
            sums = connection.sql(_fast(rows(types), keys, places)).to_arrow_table()
        except (duckdb.ConversionException, duckdb.InvalidInputException):
            return careful(source, connection, rows({}), keys)
        if sums.num_rows and not any(_padded(sums[name]) for name in ("exporter", "importer") if name in keys):
            return Pass(sums, f"DECIMAL(18,{places})", _as_text(rows(types), types))
    return careful(source, connection, rows({}), keys)


def _types(keys: Sequence[str], cells: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return what the reader of the file may convert; codes that are whole numbers are faster as such."""
    types = {"value": "DOUBLE"}
    types |= {name: "INTEGER" for name in ("exporter", "importer") if name in keys and are_whole(cells[name])}
    if "year" in cells and all(len(cell) == 4 and cell.isdigit() for cell in set(cells["year"])):
        types["year"] = "INTEGER"
    return types


def _fast(rows: str, keys: Sequence[str], places: int) -> str:
    """Return the query of the fast pass, which stops at the first value that is missing, negative or has more decimals.

    The values are added in units of their last decimal, as whole DOUBLEs: exact, whatever the order, while a sum
    stays below `EXACT`, and as fast as adding them carelessly.
    """
    cells = ", ".join(keys)
    texts = ", ".join(key if key == "year" else f"CAST({key} AS VARCHAR) AS {key}" for key in keys)
    scale = 10**places
    unit = f"CAST('{1 / scale:.{places}f}' AS DECIMAL({places + 1},{places}))"
    good = f"units / {scale} = value AND value BETWEEN 0 AND {DIGITS // scale}"
    return (
        f"SELECT {texts}, CAST(CAST(units AS BIGINT) AS DECIMAL(18,0)) * {unit} AS value FROM ("
        f"SELECT {cells}, CASE WHEN sum(whole) <= {EXACT} THEN sum(whole) ELSE error('too large') END AS units FROM ("
        f"SELECT {cells}, CASE WHEN {good} THEN units ELSE error('no plain value') END AS whole FROM ("
        f"SELECT *, round(value * {scale}) AS units FROM ({rows}))) GROUP BY {cells}) ORDER BY {cells}"
    )


def _as_text(rows: str, types: Mapping[str, str]) -> str:
    casts = [f"CAST({name} AS VARCHAR) AS {name}" for name in types if name in ("exporter", "importer")]
    return f"SELECT * REPLACE ({', '.join(casts)}) FROM ({rows})" if casts else rows


def _padded(column: Any) -> bool:
    import pyarrow.compute as pc

    return column.null_count > 0 or bool(pc.any(pc.not_equal(column, pc.utf8_trim_whitespace(column))).as_py())


def careful(source: Source, connection: Any, text: str, keys: Sequence[str]) -> Pass:
    """Count every cell that is missing, negative or no number, find the decimals, and sum what remains.

    `text` selects the rows with the value's text as `value_text`.
    """
    missing = is_missing_sql("value_text", source.dialect)
    nameless = " OR ".join(f"coalesce({key}, '') = ''" for key in keys if key != "year") or "false"
    if "year" in keys:
        nameless += " OR year IS NULL"
    scales = ", ".join(
        f"bool_and(CAST(TRY_CAST(value AS DECIMAL(18,{s})) AS DOUBLE) IS NOT DISTINCT FROM value) AS s{s}"
        for s in range(16)
    )
    counts = arrow(
        connection,
        f"SELECT count(*) AS n, count(*) FILTER (value IS NULL AND {missing}) AS missing,"
        f" count(*) FILTER (value IS NULL AND NOT {missing}) AS words,"
        f" min(value_text) FILTER (value IS NULL AND NOT {missing}) AS word,"
        f" count(*) FILTER (value < 0) AS negative, max(abs(value)) AS high,"
        f" count(*) FILTER (({nameless}) AND value >= 0) AS nameless FROM ({text})",
        source.name,
    ).to_pylist()[0]
    _refuse(source, counts)
    kept = f"SELECT * EXCLUDE (value_text) FROM ({text}) WHERE value >= 0 AND NOT ({nameless})"
    fits = arrow(connection, f"SELECT {scales} FROM ({kept})", source.name).to_pylist()[0]
    high = counts["high"] or 0.0
    scale = next((s for s in range(16) if fits[f"s{s}"] and high * 10**s <= DIGITS), None)
    kind = "DOUBLE" if scale is None else f"DECIMAL(18,{scale})"
    sums = None
    if scale is not None:
        listed = ", ".join(keys)
        query = (
            f"SELECT {listed}, sum(CAST(value AS {kind})) AS value FROM ({kept}) GROUP BY {listed} ORDER BY {listed}"
        )
        sums = arrow(connection, query, source.name)
    return Pass(sums, kind, kept, _notes(counts))


def _refuse(source: Source, counts: Mapping[str, Any]) -> None:
    if counts["n"] == 0:
        raise NetclusterError(f"{source.name} holds no rows under its header.", "Check that this is the right file.")
    numbers = counts["n"] - counts["missing"] - counts["words"]
    if counts["words"] > numbers:
        raise NetclusterError(
            f"{source.name}: the column of values holds {counts['words']} texts such as {counts['word']!r}"
            f" and {numbers} numbers.",
            "Name the column with --columns value=…, or the decimal mark with --decimal.",
        )
    if counts["words"] and _other_mark(counts["word"], source.dialect.decimal):
        raise NetclusterError(
            f"{source.name}: {counts['word']!r} is written with another decimal mark than the other values.",
            "Mend these cells, or say --decimal , or --decimal . where the mark was taken wrongly.",
        )
    if numbers == 0:
        raise NetclusterError(f"{source.name}: the column of values is empty.", "Name another with --columns value=….")


def _other_mark(text: str, decimal: str) -> bool:
    other = "." if decimal == "," else ","
    return other in text and text.replace(other, "").replace(decimal, "").lstrip("+-").isdigit()


def _notes(counts: Mapping[str, Any]) -> list[Note]:
    texts = {
        "missing": ("missing_values", "{} rows have no value; they are left out."),
        "words": ("not_numbers", f"{{}} values are no numbers (such as {counts['word']!r}); they are left out."),
        "negative": ("negative_values", "{} values are negative; they are set aside."),
        "nameless": ("nameless_rows", "{} rows name no country, product or year; they are left out."),
    }
    return [
        Note(code, text.format(f"{counts[key]:,}"), counts[key]) for key, (code, text) in texts.items() if counts[key]
    ]
