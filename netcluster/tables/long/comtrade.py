"""Comtrade and its kind: every flow reported twice, by importer and exporter, beside totals and re-exports.

What is chosen: the importer's report, and the exporter's where the importer reports no imports at all that year.
Customs watch imports more closely, and taking the exporter's report pair by pair where the importer names another
origin would count the same goods twice. Re-exports and re-imports are parts of exports and imports, and left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.duck import arrow, literals
from netcluster.tables.long import own
from netcluster.tables.long.headers import families, find, normal, unit_of
from netcluster.tables.long.sample import sample
from netcluster.tables.long.splits import find_splits, leftover, unit_beside
from netcluster.tables.long.sums import careful
from netcluster.tables.long.trade import WORLD, finish, year_sql
from netcluster.tables.long.years import refuse_parts_beside_years

if TYPE_CHECKING:
    from netcluster.tables.long.source import Source
    from netcluster.tables.trade import TradeTable

IMPORTS = (
    *("m", "1", "i", "import", "imports", "imp", "importe", "importation", "einfuhr"),
    *("eu imports", "non-eu imports", "general imports", "gross imports", "gross imp.", "gross import", "tmg_cif_usd"),
)
EXPORTS = (
    *("x", "2", "e", "export", "exports", "exp", "exporte", "exportation", "ausfuhr"),
    *("eu exports", "non-eu exports", "total exports", "gross exports", "gross exp.", "gross export", "txg_fob_usd"),
)
AGAIN = ("rx", "rm", "3", "4", "re-export", "re-import", "re-exports", "re-imports", "reexport", "reimport")
#: Comtrade's code of the world as a partner, beside its names.
_WORLD = (*WORLD, "0")
#: Partners that are no country: what exporters sell to them importers report under their own names.
NOWHERE = (
    *(
        "Areas, nes",
        "Bunkers",
        "Free Zones",
        "Special Categories",
        "Other Europe, nes",
        "Other Africa, nes",
        "LAIA, nes",
    ),
    *("Oceania, nes", "North America and Central America, nes", "Rest of America, nes", "CACM, nes", "Caribbean, nes"),
    *("Northern Africa, nes", "Western Asia, nes", "Eastern Europe, nes", "Europe EU, nes", "Neutral Zone"),
    *("Areas, not elsewhere specified", "_X", "899", "837", "838", "839", "568", "577", "473", "527", "637", "636"),
)


def read_comtrade(
    source: Source, columns: Mapping[str, str], *, level: str = "", year: int | None = None
) -> TradeTable:
    """Return the trade table of files with the columns reporter, partner, flow and value.

    Raises NetclusterError where nothing says which rows are imports and which exports.
    """
    if "flow" not in columns:
        raise NetclusterError(
            f"{source.name} has a reporter and a partner but no column that says import or export.",
            "Say which is which: --columns exporter=…,importer=….",
        )
    own.check(source, columns)
    connection = source.store()
    try:
        own.check_rows(source, connection, columns)
        columns = _telling_flow(source, connection, columns)
        if "year" in columns:
            some = sample(source, {"year": columns["year"]})["year"]
            refuse_parts_beside_years(source, connection, columns["year"], some)
        base, labels, splits = _base(source, columns)
        keys = ["reporter", "partner", "flow", *(name for name in labels if name in ("year", "product"))]
        flows = f"SELECT * FROM ({base}) WHERE flow IN {literals((*IMPORTS, *EXPORTS))}"
        found_splits = find_splits(source, connection, flows, keys, splits)
        base += "".join(f" AND {condition}" for condition in found_splits.conditions)
        notes = list(found_splits.notes)
        groups, said = own.groups(columns)
        base += groups
        notes += said
        counts = _counts(connection, base, source.name)
        notes += _left_out(counts)
        rows = _mirrored(connection, base, labels, source, notes, columns)
        keys = [name for name in labels if name != "product"]
        found = careful(source, connection, rows, keys)
        names = _names(connection, base, source, columns)
    finally:
        connection.close()
    return finish(
        source,
        found,
        labels,
        "quantity" in columns,
        level=level,
        year=year,
        unit=unit_of(columns["value"])
        or found_splits.unit
        or own.money(source.parts[0].header)
        or _unit(source, columns),
        quantity_unit=_quantity_unit(columns),
        source="UN Comtrade" if _is_comtrade(source) else source.name,
        names=names,
        changes=tuple(notes),
    )


def _telling_flow(source: Source, connection: Any, columns: Mapping[str, str]) -> Mapping[str, str]:
    """Return the columns with the flow from one whose cells are understood: WITS has codes 5 and 6 beside the names."""
    header = source.parts[0].header
    if normal(columns["flow"]) not in families()["flow"]:
        return columns
    known = families()["flow"]
    others = [name for name in header if normal(name) in known and name != columns["flow"]]
    for name in (columns["flow"], *others):
        scan = source.scan({"flow": name})
        query = f"SELECT count(*) AS n FROM ({scan}) WHERE lower(flow) IN {literals((*IMPORTS, *EXPORTS))}"
        if not others or arrow(connection, query, source.name)["n"][0].as_py():
            return {**columns, "flow": name}
    return columns


def _unit(source: Source, columns: Mapping[str, str]) -> str:
    return "USD" if _is_comtrade(source) else unit_beside(source, tuple(columns.values()), own.home_of(source, columns))


def _is_comtrade(source: Source) -> bool:
    header = {normal(name) for name in source.parts[0].header}
    if {"cmd_code", "primary_value"} <= header:
        return True
    return "classification" in header or {"ref_year", "type_code"} <= header or "classification_code" in header


def _quantity_unit(columns: Mapping[str, str]) -> str:
    name = normal(columns.get("quantity", ""))
    return "kg" if "kg" in name or "net_w" in name or "netw" in name else ""


def _base(source: Source, columns: Mapping[str, str]) -> tuple[str, list[str], dict[str, str]]:
    """Return the SELECT of rows as they are reported, the labels of a flow, and the columns that may split flows."""
    header = source.parts[0].header
    wanted = {name: columns[name] for name in _OURS if name in columns}
    for side in ("reporter", "partner"):
        name = None if columns[side].startswith("=") else find(header, f"{side}_name")
        wanted[f"{side}_name"] = name or columns[side]
    splits = leftover(header, tuple(wanted.values()))
    scan = source.scan({**wanted, **splits}, ["value"], raw=True)
    dated = "year" in wanted
    labels = [*(["year"] if dated or source.parts[0].year else []), "exporter", "importer"]
    labels += ["product"] if "product" in wanted else []
    filled = [f"coalesce(nullif({side}, ''), {side}_name) AS {side}" for side in ("reporter", "partner")]
    replaced = [*filled, f"{own.flow_sql(columns)} AS flow", *([f"{year_sql()} AS year"] if dated else [])]
    return f"SELECT * REPLACE ({', '.join(replaced)}) FROM ({scan}) WHERE true", labels, splits


_OURS = ("reporter", "partner", "flow", "product", "year", "value", "quantity")


def _counts(connection: Any, base: str, what: str) -> dict[str, Any]:
    world = f"(partner IN {literals(_WORLD)} OR reporter IN {literals(_WORLD)})"
    both = literals((*IMPORTS, *EXPORTS))
    table = arrow(
        connection,
        f"SELECT count(*) FILTER (flow IN {literals(AGAIN)}) AS again,"
        f" count(*) FILTER (flow NOT IN {literals((*IMPORTS, *EXPORTS, *AGAIN))} OR flow IS NULL) AS other,"
        f" min(flow) FILTER (flow NOT IN {literals((*IMPORTS, *EXPORTS, *AGAIN))}) AS word,"
        f" count(*) FILTER (flow IN {both}) AS flows, count(*) FILTER (flow IN {both} AND {world}) AS world"
        f" FROM ({base})",
        what,
    )
    counts: dict[str, Any] = table.to_pylist()[0]
    if not counts["flows"]:
        raise NetclusterError(
            f"{what}: no row is an import or an export; the flow is {counts['word']!r}, for one.",
            "Name the column with --columns flow=…, or say exporter=… and importer=….",
        )
    return counts


def _left_out(counts: Mapping[str, Any]) -> list[Note]:
    texts = {
        "world": ("world_totals", "{} rows have the world as partner; they are totals and left out."),
        "again": ("re_exports", "{} rows are re-exports or re-imports, parts of exports and imports; left out."),
        "other": ("other_flows", f"{{}} rows are of other flows (such as {counts['word']!r}); left out."),
    }
    return [
        Note(code, text.format(f"{counts[key]:,}"), counts[key]) for key, (code, text) in texts.items() if counts[key]
    ]


def _mirrored(
    connection: Any, base: str, labels: Sequence[str], source: Source, notes: list[Note], columns: Mapping[str, str]
) -> str:
    """Return the SELECT of one row a flow, and say whose report it is."""
    what, home = source.name, own.home_of(source, columns)
    bilateral = f"SELECT * FROM ({base}) WHERE partner NOT IN {literals(_WORLD)} AND reporter NOT IN {literals(_WORLD)}"
    when = "coalesce(CAST(year AS VARCHAR), '') || '|' || " if "year" in labels else ""
    reports = f"SELECT DISTINCT {when}reporter AS r FROM ({bilateral}) WHERE flow IN {literals(IMPORTS)} AND value > 0"
    reporting = sorted(r for r in arrow(connection, reports, what)["r"].to_pylist() if r)
    mirror = f"{when}partner IN {literals(reporting)}" if reporting else "false"
    nowhere = f"(partner IN {literals(NOWHERE)} OR partner_name IN {literals(NOWHERE)})" if reporting else "false"
    rest = [name for name in ("year", "product", "value", "value_text", "quantity") if name != "year" or when]
    cells = ", ".join(name for name in rest if name in (*labels, "value", "value_text") or name == "quantity")
    if "quantity" not in _selected(base):
        cells = cells.replace(", quantity", "")
    imports = (
        f"SELECT partner AS exporter, reporter AS importer, {cells} FROM ({bilateral})"
        f" WHERE flow IN {literals(IMPORTS)}"
    )
    exports = (
        f"SELECT reporter AS exporter, partner AS importer, {cells} FROM ({bilateral})"
        f" WHERE flow IN {literals(EXPORTS)} AND NOT ({mirror})"
    )
    if home:
        notes += own.said(connection, columns, home, imports, exports)
        return f"{imports} UNION ALL {exports}"
    _say_nowhere(connection, f"{exports} AND {nowhere}", what, notes)
    exports += f" AND NOT {nowhere}"
    _say_whose(connection, imports, exports, len(reporting), what, notes)
    return f"{imports} UNION ALL {exports}"


def _selected(base: str) -> str:
    return "quantity" if " AS quantity" in base else ""


def _say_whose(connection: Any, imports: str, exports: str, reporting: int, what: str, notes: list[Note]) -> None:
    query = " UNION ALL ".join(
        f"SELECT count(*) AS n, coalesce(sum(CAST(value AS DECIMAL(38,2))), 0)::DOUBLE AS value,"
        f" count(DISTINCT importer) AS importers FROM ({side})"
        for side in (imports, exports)
    )
    by_import, by_export = arrow(connection, query, what).to_pylist()
    total = by_import["value"] + by_export["value"]
    share = by_export["value"] / total if total else 0.0
    text = (
        f"Flows are as importers report them ({by_import['n']:,} rows; imports are valued with freight, CIF); for the"
        f" {by_export['importers']} importers that report none, as exporters do ({by_export['n']:,} rows,"
        f" {share:.1%} of value; FOB). Exporters' reports to the {reporting} that do were left out."
    )
    notes.append(Note("mirror_flows", text, by_import["n"] + by_export["n"]))


def _say_nowhere(connection: Any, rows: str, what: str, notes: list[Note]) -> None:
    query = f"SELECT count(*) AS n, coalesce(sum(CAST(value AS DECIMAL(38,2))), 0)::DOUBLE AS value FROM ({rows})"
    found = arrow(connection, query, what).to_pylist()[0]
    if found["n"]:
        text = (
            f"{found['n']:,} rows are exports to places that are no country (areas not specified, bunkers, free zones;"
            f" {found['value']:,.0f}); they are left out, for importers report what reaches them."
        )
        notes.append(Note("unspecified_partners", text, found["n"]))


def _names(connection: Any, base: str, source: Source, columns: Mapping[str, str]) -> dict[str, str]:
    sides = [f"SELECT {side} AS code, {side}_name AS name FROM ({base})" for side in ("reporter", "partner")]
    query = f"SELECT code, min(name) AS name FROM ({' UNION ALL '.join(sides)}) GROUP BY code ORDER BY code"
    names = {row["code"]: row["name"] for row in arrow(connection, query, source.name).to_pylist()}
    product = find(source.parts[0].header, "product_name")
    if product and "product" in columns and product != columns["product"]:
        scan = source.scan({"code": columns["product"], "name": product})
        query = f"SELECT code, min(name) AS name FROM ({scan}) GROUP BY code ORDER BY code"
        names.update({row["code"]: row["name"] for row in arrow(connection, query, source.name).to_pylist()})
    return {code: name for code, name in names.items() if code and name and code != name}
