"""Trade tables from long files: one row an exporter, importer and product (BACI and its kind), or exporter and product.

The files are read once: that pass sums the value over products exactly and counts what is missing, negative or no
number. A second pass is made only where the first meets such cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.duck import arrow, literals, plainly
from netcluster.tables.long.sample import sample
from netcluster.tables.long.splits import Splits, find_splits, leftover, unit_beside
from netcluster.tables.long.sums import Pass, sum_rows
from netcluster.tables.long.years import refuse_parts_beside_years

if TYPE_CHECKING:
    from netcluster.tables.long.source import Source
    from netcluster.tables.trade import TradeTable

#: Names and codes of "all countries": totals, never a country.
WORLD = (
    *("World", "WLD", "W00", "WORLD", "world", "wld", "WL", "W1", "Total", "TOTAL", "total", "All", "ALL", "Monde"),
    *("Welt", "Mundo", "Mondo", "Insgesamt", "Gesamt", "Ensemble", "All countries", "World total", "TOT"),
    *("World Total", "TOTAL FOR ALL COUNTRIES", "All partners"),
)
#: Groups of countries met as exporters and importers beside their members.
GROUPS = (
    *("EU", "EU15", "EU25", "EU27", "EU28", "EU27_2020", "EU28_2013", "EXT_EU27_2020", "INT_EU27_2020", "EA19"),
    *("EA20", "EXT_EU28", "INT_EU28", "OECD", "ASEAN", "EFTA", "NAFTA", "MERCOSUR", "G7", "G20", "EU27_EXTRA"),
    *("EUN", "European Union", "Extra-EU", "Intra-EU", "Euro area"),
)


def read_trade(
    files: Source, columns: Mapping[str, str], *, level: str = "", year: int | None = None, **about: Any
) -> TradeTable:
    """Return the trade table of files with the columns exporter, value and, where there, importer, product, year.

    `about` goes to the table: unit, quantity_unit, source, names, changes.
    """
    wanted = {ours: columns[ours] for ours in columns if ours in _OURS}
    dated = "year" in wanted or files.parts[0].year is not None

    splits = Splits()

    def rows(types: Mapping[str, str]) -> str:
        scan = files.scan({**wanted, **splits.columns}, ["value"], types=types, raw=not types)
        if splits.conditions:
            kept = ", ".join(splits.columns)
            scan = f"SELECT * EXCLUDE ({kept}) FROM ({scan}) WHERE {' AND '.join(splits.conditions)}"
        if "year" not in wanted or "year" in types:
            return scan
        return f"SELECT * REPLACE ({year_sql()} AS year) FROM ({scan})"

    labels = [c for c in ("year", "exporter", "importer", "product") if c in wanted or (c == "year" and dated)]
    keys = [name for name in labels if name != "product" or "importer" not in labels]
    connection = files.store()
    try:
        others = leftover(files.parts[0].header, tuple(columns.values()))
        if others:
            scan = files.scan({**wanted, **others}, ["value"])
            splits = find_splits(files, connection, scan, labels, others)
            about["changes"] = (*about.get("changes", ()), *splits.notes)
            about["unit"] = about.get("unit") or splits.unit or unit_beside(files, tuple(columns.values()))
        cells = sample(files, wanted)
        if "year" in wanted:
            refuse_parts_beside_years(files, connection, wanted["year"], cells["year"])
        found = sum_rows(files, connection, rows, keys, cells)
    finally:
        connection.close()
    return finish(
        files, found, labels, "quantity" in wanted, products=cells.get("product"), level=level, year=year, **about
    )


_OURS = ("year", "exporter", "importer", "product", "value", "quantity")


def year_sql() -> str:
    """Return the expression of a year: the first four digits of 2017, 2017.0, 201703 or 2017-03."""
    return "TRY_CAST(left(trim(CAST(year AS VARCHAR)), 4) AS INTEGER)"


def finish(
    files: Source,
    found: Pass,
    labels: Sequence[str],
    quantity: bool,
    *,
    level: str,
    year: int | None,
    products: Sequence[str] | None = None,
    **about: Any,
) -> TradeTable:
    """Return the table of rows that were summed: one level of products, totals and own trade set aside."""
    from netcluster.tables.long.products import choose_products
    from netcluster.tables.trade import TradeTable

    connection = files.store()
    try:
        keys = [name for name in labels if name != "product" or "importer" not in labels]
        conditions, dropped = _set_aside(found.sums, keys)
        notes = [*about.pop("changes", ()), *found.notes, *dropped]
        if "product" in labels:
            chosen = choose_products(
                files, connection, found.rows, level, products, [x for x in labels if x != "product"]
            )
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


def _set_aside(sums: Any, keys: Sequence[str]) -> tuple[list[str], list[Note]]:
    """Return the conditions and notes for totals of countries and for countries that trade with themselves."""
    import pyarrow.compute as pc

    conditions: list[str] = []
    notes: list[Note] = []
    sides = [name for name in ("exporter", "importer") if name in keys]
    conditions += [f"{side} NOT IN {literals((*WORLD, *GROUPS))}" for side in sides]
    if len(sides) == 2:
        conditions.append("exporter <> importer")
    if sums is None:
        return conditions, notes
    names: set[str] = set().union(*(sums[side].unique().to_pylist() for side in sides))
    for code, group, text in (
        ("world_totals", WORLD, "Rows of all countries together ({}) are totals and left out."),
        ("country_groups", GROUPS, "Groups of countries ({}) are left out beside their members."),
    ):
        found = sorted(names & set(group))
        if found:
            notes.append(Note(code, text.format(", ".join(found)), _rows_of(sums, sides, found)))
    if not notes:
        conditions = conditions[len(sides) :]
    if len(sides) == 2:
        own = sums.filter(pc.equal(sums["exporter"], sums["importer"]))
        if own.num_rows:
            share = float(pc.sum(own["value"]).as_py()) / (float(pc.sum(sums["value"]).as_py()) or 1.0)
            text = f"Flows from a country to itself are set aside: {own.num_rows:,} ({share:.2%} of value)."
            notes.append(Note("own_trade", text, own.num_rows))
        else:
            conditions = conditions[:-1]
    return conditions, notes


def _rows_of(sums: Any, sides: Sequence[str], names: Sequence[str]) -> int:
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(names)
    either = pc.is_in(sums[sides[0]], value_set=wanted)
    for side in sides[1:]:
        either = pc.or_(either, pc.is_in(sums[side], value_set=wanted))
    return int(pc.sum(either).as_py())


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
        from netcluster.tables.long.numbers import number_sql

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
