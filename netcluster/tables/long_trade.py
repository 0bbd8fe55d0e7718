"""Trade tables from long files: one row an exporter, importer and product (BACI and its kind), or exporter and product.

The files are read once: that pass sums the value over products exactly and counts what is missing, negative or no
number. A second pass is made only where the first meets such cells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.duck import arrow, literal, literals, plainly
from netcluster.tables.long_numbers import is_missing_sql

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.long_source import Source
    from netcluster.tables.trade import TradeTable

#: Names and codes of "all countries": totals, never a country.
WORLD = (
    *("World", "WLD", "W00", "WORLD", "world", "wld", "WL", "W1", "Total", "TOTAL", "total", "All", "ALL", "Monde"),
    *("Welt", "Mundo", "Mondo", "Insgesamt", "Gesamt", "Ensemble", "All countries", "World total", "TOT"),
)
#: Groups of countries met as exporters and importers beside their members.
GROUPS = (
    *("EU", "EU15", "EU25", "EU27", "EU28", "EU27_2020", "EU28_2013", "EXT_EU27_2020", "INT_EU27_2020", "EA19"),
    *("EA20", "EXT_EU28", "INT_EU28", "OECD", "ASEAN", "EFTA", "NAFTA", "MERCOSUR", "G7", "G20", "EU27_EXTRA"),
    *("EUN", "European Union", "Extra-EU", "Intra-EU", "Euro area"),
)
#: Whole numbers a DOUBLE holds exactly; a value times ten to its decimals stays below.
EXACT = 2**53
#: Rows looked at for the number of decimals.
PROBE = 20_000


@dataclass
class Pass:
    """What one pass over the files found: sums by key as Arrow, notes, and the SQL type of the values."""

    sums: Any
    kind: str
    rows: str
    notes: list[Note] = field(default_factory=list)


Rows = Callable[[Mapping[str, str]], str]


def read_trade(
    files: Source, columns: Mapping[str, str], *, level: str = "", year: int | None = None, **about: Any
) -> TradeTable:
    """Return the trade table of files with the columns exporter, value and, where there, importer, product, year.

    `about` goes to the table: unit, quantity_unit, source, names, changes.
    """
    wanted = {ours: columns[ours] for ours in columns if ours in _OURS}
    dated = "year" in wanted or files.parts[0].year is not None

    def rows(types: Mapping[str, str]) -> str:
        scan = files.scan(wanted, ["value"], types=types, raw=not types)
        if "year" not in wanted or "year" in types:
            return scan
        return f"SELECT * REPLACE ({year_sql()} AS year) FROM ({scan})"

    labels = [c for c in ("year", "exporter", "importer", "product") if c in wanted or (c == "year" and dated)]
    keys = [name for name in labels if name != "product" or "importer" not in labels]
    connection = files.store()
    try:
        found = sum_rows(files, connection, rows, keys)
    finally:
        connection.close()
    return finish(files, found, labels, "quantity" in wanted, level=level, year=year, **about)


_OURS = ("year", "exporter", "importer", "product", "value", "quantity")


def year_sql() -> str:
    """Return the expression of a year: the first four digits of 2017, 2017.0, 201703 or 2017-03."""
    return "TRY_CAST(left(trim(CAST(year AS VARCHAR)), 4) AS INTEGER)"


def finish(
    files: Source, found: Pass, labels: Sequence[str], quantity: bool, *, level: str, year: int | None, **about: Any
) -> TradeTable:
    """Return the table of rows that were summed: one level of products, totals and own trade set aside."""
    from netcluster.tables.long_products import choose_products
    from netcluster.tables.trade import TradeTable

    connection = files.store()
    try:
        keys = [name for name in labels if name != "product" or "importer" not in labels]
        conditions, dropped = _set_aside(found.sums, keys)
        notes = [*about.pop("changes", ()), *found.notes, *dropped]
        if "product" in labels:
            chosen = choose_products(files, connection, found.rows, level)
            conditions += chosen.conditions
            notes += chosen.notes
            if chosen.conditions:
                found.sums = None
        years = _years(found.sums, connection, found.rows, labels, files.name)
        if year is not None and "year" in labels:
            conditions.append(f"year = {_one_of(year, years, files.name)}")
            years = (year,)
        query = _query(found, labels, quantity, conditions, files)
        sums = _kept(connection, found, keys, conditions) if found.sums is not None else None
    finally:
        connection.close()
    return TradeTable(
        query=query,
        columns=(*labels, "value", *(["quantity"] if quantity else [])),
        connect=files.store,
        years=years,
        changes=tuple(notes),
        sums=sums,
        **about,
    )


def sum_rows(source: Source, connection: Any, rows: Rows, keys: Sequence[str]) -> Pass:
    """Return the exact sums by key: the fast pass where every value is a plain number, else the careful one."""
    import duckdb

    decimals, types = _probe(source, connection, rows, keys)
    if types:
        try:
            sums = connection.sql(_fast(rows(types), keys, decimals)).to_arrow_table()
        except (duckdb.ConversionException, duckdb.InvalidInputException):
            return careful(source, connection, rows({}), keys)
        if sums.num_rows and not any(_padded(sums[name]) for name in ("exporter", "importer") if name in keys):
            return Pass(sums, f"DECIMAL(18,{decimals})", _as_text(rows(types), types))
    return careful(source, connection, rows({}), keys)


def _probe(source: Source, connection: Any, rows: Rows, keys: Sequence[str]) -> tuple[int, dict[str, str]]:
    """Return the decimals of the first values and the types their columns may be read as, none where one is no number.

    Codes that are plain whole numbers are read as such, which is faster.
    """
    mark = literal(source.dialect.decimal)
    after = f"CASE WHEN contains(value_text, {mark}) THEN length(value_text) - strpos(value_text, {mark}) ELSE 0 END"
    whole = [
        f"bool_and(coalesce(regexp_full_match({name}, '0|[1-9][0-9]{{0,8}}'), false)) AS {name}"
        for name in keys
        if name in ("exporter", "importer")
    ]
    asked = ", ".join([f"max({after}) AS decimals, count(value) = count(*) AS numbers", *whole])
    found = arrow(connection, f"SELECT {asked} FROM (SELECT * FROM ({rows({})}) LIMIT {PROBE})", source.name)
    first = found.to_pylist()[0]
    decimals = first["decimals"] or 0
    if not first["numbers"] or decimals > 9 or source.dialect.thousands:
        return 0, {}
    types = {"value": "DOUBLE", **{name: "BIGINT" for name in keys if first.get(name)}}
    return decimals, {**types, "year": "INTEGER"} if "year" in keys else types


def _fast(rows: str, keys: Sequence[str], decimals: int) -> str:
    """Return the query that sums as DECIMAL and stops at the first value that is missing, negative or rounded."""
    cells = ", ".join(keys)
    texts = ", ".join(key if key == "year" else f"CAST({key} AS VARCHAR) AS {key}" for key in keys)
    good = f"value BETWEEN 0 AND {EXACT // 10**decimals} AND CAST(d AS DOUBLE) = value"
    return (
        f"SELECT {texts}, value FROM (SELECT {cells}, sum(d) AS value FROM ("
        f"SELECT {cells}, CASE WHEN {good} THEN d ELSE error('no plain value') END AS d FROM ("
        f"SELECT *, TRY_CAST(value AS DECIMAL(18,{decimals})) AS d FROM ({rows}))) GROUP BY {cells})"
        f" ORDER BY {cells}"
    )


def _as_text(rows: str, types: Mapping[str, str]) -> str:
    casts = [f"CAST({name} AS VARCHAR) AS {name}" for name, kind in types.items() if kind == "BIGINT"]
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
    scale = next((s for s in range(16) if fits[f"s{s}"] and high * 10**s <= EXACT), None)
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


def _set_aside(sums: Any, keys: Sequence[str]) -> tuple[list[str], list[Note]]:
    """Return the conditions and notes for totals of countries and for countries that trade with themselves."""
    conditions: list[str] = []
    notes: list[Note] = []
    sides = [name for name in ("exporter", "importer") if name in keys]
    conditions += [f"{side} NOT IN {literals((*WORLD, *GROUPS))}" for side in sides]
    if len(sides) == 2:
        conditions.append("exporter <> importer")
    if sums is None:
        return conditions, notes
    frame: pd.DataFrame = sums.to_pandas()
    names: set[str] = set().union(*(set(frame[side].dropna().unique()) for side in sides))
    for code, group, text in (
        ("world_totals", WORLD, "{} stand for all countries together; their rows are totals and left out."),
        ("country_groups", GROUPS, "{} are groups of countries, left out beside their members."),
    ):
        found = sorted(names & set(group))
        if found:
            rows = int(frame[sides].isin(found).any(axis=1).sum())
            notes.append(Note(code, text.format(", ".join(found)), rows))
    if not any(note.code in ("world_totals", "country_groups") for note in notes):
        conditions = conditions[len(sides) :]
    if len(sides) == 2:
        own = frame[frame["exporter"] == frame["importer"]]
        if len(own):
            share = float(own["value"].sum()) / float(frame["value"].sum())
            text = f"{len(own)} flows run from a country to itself ({share:.2%} of value); they are set aside."
            notes.append(Note("own_trade", text, len(own)))
        else:
            conditions = conditions[:-1]
    return conditions, notes


def _years(sums: Any, connection: Any, rows: str, names: Sequence[str], what: str) -> tuple[int, ...]:
    if "year" not in names:
        return ()
    if sums is not None:
        found = sums["year"].unique().to_pylist()
    else:
        found = arrow(connection, f"SELECT DISTINCT year FROM ({rows})", what)["year"].to_pylist()
    years = tuple(sorted(int(year) for year in found if year is not None))
    if any(not 1500 <= year <= 2200 for year in years):
        bad = next(year for year in years if not 1500 <= year <= 2200)
        raise NetclusterError(f"{what}: {bad} is no year.", "Name the column of years with --columns year=….")
    return years


def _one_of(year: int, years: Sequence[int], what: str) -> int:
    if year not in years:
        raise NetclusterError(f"{what} has no year {year}.", f"Its years: {', '.join(map(str, years))}.")
    return year


def _query(found: Pass, names: Sequence[str], quantity: bool, conditions: Sequence[str], source: Source) -> str:
    cells = [*names, f"CAST(value AS {found.kind}) AS value"]
    if quantity:
        from netcluster.tables.long_numbers import number_sql

        cells.append(f"{number_sql('quantity', source.dialect)} AS quantity")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {', '.join(cells)} FROM ({found.rows}){where}"


def _kept(connection: Any, found: Pass, keys: Sequence[str], conditions: Sequence[str]) -> Any:
    if not conditions:
        return found.sums
    connection.register("sums_found", found.sums)
    with plainly("trade table"):
        query = f"SELECT * FROM sums_found WHERE {' AND '.join(conditions)} ORDER BY {', '.join(keys)}"
        return connection.sql(query).to_arrow_table()
