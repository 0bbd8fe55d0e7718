"""One country's own trade: a partner, a value, and no column that names the country whose customs counted.

The country is told as a value, `exporter==Brazil` (of exports), `importer==Brazil` (of imports) or `reporter==Brazil`
where a column, a header or the files' names tell the flow; two marks of equality, so that no mistyped column passes for
a country.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.cells import looks_numeric
from netcluster.tables.duck import arrow, literals
from netcluster.tables.long.headers import find, normal
from netcluster.tables.long.sample import sample

if TYPE_CHECKING:
    from netcluster.tables.long.source import Source

#: Our columns that may be given as one value for all rows.
SIDES = ("reporter", "exporter", "importer")
#: What stands for the flow that the name of each file tells.
BY_NAME = "="
#: Codes of groups of countries beside their members, by the column they stand in.
_GROUPS = {"cty_code": (*(f"{k:04d}" for k in range(1, 30)), *(f"{k}XXX" for k in range(1, 8)), "-")}
#: Money by the columns that are always of one.
_MONEY = {"co_ncm": "USD", "e_commodity": "USD", "i_commodity": "USD", "flow_type_id": "GBP"}


class NoCountryError(NetclusterError):
    """A table of one country's own trade, and nothing that names the country."""


def told(header: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that were named, as the header spells them; values for all rows keep their mark."""
    keys = {normal(name): name for name in header}
    named = {}
    for ours, theirs in columns.items():
        if theirs.startswith("="):
            named[ours] = _value(ours, theirs, header)
            continue
        if theirs not in header and normal(theirs) not in keys and not theirs.isdigit():
            raise NetclusterError(f"There is no column {theirs!r}.", f"Its columns: {', '.join(header[:40])}.")
        named[ours] = theirs if theirs in header else keys.get(normal(theirs), theirs)
    return named


def _value(ours: str, theirs: str, header: Sequence[str]) -> str:
    value = theirs[1:].strip()
    if ours not in SIDES:
        raise NetclusterError(
            f"{ours}={theirs}: one value for all rows can be given for {', '.join(SIDES)} only.",
            f"Name a column: --columns {ours}=….",
        )
    if value in header or not value:
        raise NetclusterError(
            f"{ours}={theirs}: {value!r} is a column." if value else f"{ours}={theirs} names no country.",
            f"Say --columns {ours}={value or '…'} for a column, {ours}==Brazil for one country in all rows.",
        )
    return f"={value}"


def columns_of(header: Sequence[str], given: Mapping[str, str], rows: Sequence[Sequence[str]]) -> dict[str, str] | None:
    """Return reporter, partner, flow and value of one country's own trade, the country as it was told, or None.

    Without a country told, a column of regions that says the same all over names it, where another tells the flow.
    """
    side = next((name for name in SIDES if given.get(name, "").startswith("=")), None)
    if side is None and (find(header, "reporter") or {"exporter", "importer", "reporter"} & set(given)):
        return None
    found = _others(header, given)
    if side is not None:
        return {**_with_side(side, header, given, found), **_rest(header, given, found)}
    home = find(header, "region", tuple(found.values()))
    if home is None or "flow" not in found or not {"partner", "value"} <= set(found):
        return None
    at = list(header).index(home)
    if len({row[at] for row in rows if len(row) > at}) != 1:
        return None
    return {"reporter": home, **found, **_rest(header, given, found)}


def _others(header: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for ours, theirs in {**given, **dict.fromkeys(_FAMILIES, "")}.items():
        if ours in _FAMILIES and ours not in found:
            named = theirs or given.get(ours) or _first(header, _FAMILIES[ours], tuple(found.values()))
            found |= {ours: named} if named else {}
    return found


_FAMILIES = {
    "flow": ("own_flow", "flow"),
    "partner": ("own_partner", "partner"),
    "value": ("own_value", "value"),
}
_REST = {"product": ("own_product", "product"), "year": ("own_year", "year"), "quantity": ("own_quantity", "quantity")}


def _first(header: Sequence[str], families: Sequence[str], taken: Sequence[str]) -> str | None:
    return next((name for family in families if (name := find(header, family, taken)) is not None), None)


def _rest(header: Sequence[str], given: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    rest: dict[str, str] = {}
    for ours, families in _REST.items():
        name = given.get(ours) or _first(header, families, (*found.values(), *rest.values()))
        rest |= {ours: name} if name else {}
    return rest


def _with_side(side: str, header: Sequence[str], given: Mapping[str, str], found: dict[str, str]) -> dict[str, str]:
    """Return reporter, partner, flow and value where `side` was told as one value."""
    home = given[side]
    other = {"exporter": "importer", "importer": "exporter"}.get(side, "partner")
    partner = given.get(other) or (find(header, other) if other != "partner" else None) or found.get("partner")
    partner = partner or _first(header, ("importer", "exporter", "country"), tuple(found.values()))
    if partner is None or "value" not in found:
        lacking = "value" if partner else other
        raise NetclusterError(
            f"No column of {'values' if partner else 'partners'} was found beside {side}={home}.",
            f"Name it with --columns {side}={home},{lacking}=…; there are {', '.join(header[:40])}.",
        )
    if side == "reporter":
        flow = found.get("flow") or next((f"={way}" for way in (_way(header, found),) if way), BY_NAME)
        return {"reporter": home, "partner": partner, "flow": flow, "value": found["value"]}
    if "flow" in found:
        raise NetclusterError(
            f"{found['flow']} tells imports from exports: {home[1:]} is not the {side} of every row.",
            f"Say --columns reporter={home}.",
        )
    way = "export" if side == "exporter" else "import"
    if _way(header, found) not in ("", way):
        raise NetclusterError(
            f"By its header the table holds {_way(header, found)}s; {home[1:]} can't be the {side} of its rows.",
            f"Say --columns {'importer' if side == 'exporter' else 'exporter'}={home}.",
        )
    return {"reporter": home, "partner": partner, "flow": f"={way}", "value": found["value"]}


def _way(header: Sequence[str], found: Mapping[str, str]) -> str:
    """Return export or import where the names of columns tell that all rows are one of them, else nothing."""
    names = {normal(name) for name in header}
    value = normal(found.get("value", ""))
    ways = {
        way
        for way, words, code in (
            ("export", r"(?:^|_)exports?(?:_|$)|fas_", "e_commodity"),
            ("import", _IMPORT, "i_commodity"),
        )
        if re.search(words, value) or code in names
    }
    return ways.pop() if len(ways) == 1 else ""


_IMPORT = r"(?:^|_)imports?(?:_|$)|customs_value|^(?:gen|con)_val_"


def refuse(header: Sequence[str], rows: Sequence[Sequence[str]], given: Mapping[str, str]) -> None:
    """Raise where a table has a partner, a value and a product, a flow or a year, and nothing names the country."""
    found = _others(header, given)
    if "partner" not in found and find(header, "own_value"):
        country = find(header, "country", tuple(found.values()))
        found |= {"partner": country} if country else {}
    if not {"partner", "value"} <= set(found) or set(given) & {*SIDES} or find(header, "reporter"):
        return
    rest = _rest(header, given, found)
    at = list(header).index(found["value"]) if found["value"] in header else -1
    cells = [row[at].strip() for row in rows if len(row) > at >= 0]
    if not ({"product", "year"} & set(rest) or "flow" in found) or sum(map(looks_numeric, cells)) * 2 <= len(cells):
        return
    way = _way(header, found)
    side = "reporter" if "flow" in found else {"export": "exporter", "import": "importer"}.get(way, "")
    either = "exporter==… (of exports), importer==… (of imports), or reporter==… where the names of files tell which"
    named = f"--columns {side}==…" if side else f"--columns {either}"
    raise NoCountryError(
        f"The table tells partners ({found['partner']}) and values ({found['value']}), but no column names the country"
        " whose trade it is.",
        f"Name that country, behind two equality signs ({side or 'exporter'}==Brazil, say): {named}.",
    )


def direction(name: str) -> str:
    """Return export or import where the name of a file tells it, else nothing.

    >>> direction("EXP_2023.csv"), direction("uk-imports.csv"), direction("expenses.csv")
    ('export', 'import', '')
    """
    words = set(re.split(r"[^a-z]+", normal(Path(name).stem)))
    ways = {way for way, known in _WORDS.items() if words & known}
    return ways.pop() if len(ways) == 1 else ""


_WORDS = {
    "export": {"exp", "export", "exports", "exportacoes", "exportaciones", "exportations", "ausfuhr", "ausfuhren"},
    "import": {"imp", "import", "imports", "importacoes", "importaciones", "importations", "einfuhr", "einfuhren"},
}


def check(source: Source, columns: Mapping[str, str]) -> None:
    """Raise where the flow of a file is not known, or its name says another than was told."""
    flow, home = columns.get("flow", ""), columns["reporter"]
    if not home.startswith("="):
        return
    for part in source.parts:
        way = direction(part.name)
        if flow == BY_NAME and not way:
            raise NetclusterError(
                f"{part.name}: nothing says whether its rows are exports or imports.",
                f"Say which: --columns exporter={home} or importer={home}.",
            )
        if flow in ("=export", "=import") and way not in ("", flow[1:]):
            raise NetclusterError(
                f"By its name {part.name} holds {way}s, by what was told {flow[1:]}s.",
                f"Say --columns reporter={home} to go by the names of files.",
            )


def check_rows(source: Source, connection: Any, columns: Mapping[str, str]) -> None:
    """Raise where a column of regions that named one country holds others too, and where months hold sums of months."""
    home = columns["reporter"]
    month = next((name for name in source.parts[0].header if normal(name) == "month"), None)
    if normal(columns["value"]).endswith("_val_yr") and month is not None:
        query = f"SELECT count(DISTINCT month) AS n FROM ({source.scan({'month': month})})"
        if arrow(connection, query, source.name)["n"][0].as_py() > 1:
            raise NetclusterError(
                f"{source.name}: {columns['value']} holds sums since January, and there are rows of several months.",
                f"Keep the rows of one {month}, or name a column of single months with --columns value=….",
            )
    if home.startswith("=") or not is_alone(columns):
        return
    query = f"SELECT count(DISTINCT home) AS n FROM ({source.scan({'home': home})})"
    if arrow(connection, query, source.name)["n"][0].as_py() > 1:
        raise NetclusterError(
            f"{source.name}: {home} holds several regions, and it can't be told whose trade each row is.",
            "Keep the rows of one country.",
        )


def groups(columns: Mapping[str, str]) -> tuple[str, list[Note]]:
    """Return the condition that leaves out groups of countries by the codes of a known column, and what it does."""
    codes = _GROUPS.get(normal(columns["partner"]))
    if not codes:
        return "", []
    text = f"Rows of groups of countries and of all together ({columns['partner']} such as 0003, 4XXX, -) are left out."
    return f" AND coalesce(partner, '') NOT IN {literals(codes)}", [Note("country_groups", text)]


def flow_sql(columns: Mapping[str, str]) -> str:
    """Return the expression of the flow: 1 and 3 are imports, 2 and 4 exports where EU trade is told apart (HMRC)."""
    if normal(columns["flow"]) != "flow_type_id":
        return "lower(trim(flow))"
    return "CASE WHEN trim(flow) IN ('1', '3') THEN 'import' WHEN trim(flow) IN ('2', '4') THEN 'export' ELSE flow END"


def money(header: Sequence[str]) -> str:
    """Return the money of tables that are always in one, told by a column of theirs; else nothing."""
    names = {normal(name) for name in header}
    return next((unit for name, unit in _MONEY.items() if name in names), "")


def is_alone(columns: Mapping[str, str]) -> bool:
    """Whether one country alone reports: it was told, or a column of regions names it."""
    home = columns["reporter"]
    return home.startswith("=") or (find([home], "reporter") is None and find([home], "region") is not None)


def home_of(source: Source, columns: Mapping[str, str]) -> str:
    """Return the name of the one country that reports, or nothing where several do."""
    home = columns["reporter"]
    if not is_alone(columns):
        return ""
    return home[1:] if home.startswith("=") else next(iter(sample(source, {"home": home})["home"]), "")


def said(connection: Any, columns: Mapping[str, str], home: str, imports: str, exports: str) -> list[Note]:
    """Return the notes on whose trade was read, and on partners that bear codes of the source's own."""
    rows: dict[str, int] = {}
    partners: set[str] = set()
    for way, side, query in (("exports", "importer", exports), ("imports", "exporter", imports)):
        found = arrow(connection, f"SELECT {side} AS partner, count(*) AS n FROM ({query}) GROUP BY 1", home)
        cells = found.to_pylist()
        rows[way] = sum(int(cell["n"]) for cell in cells)
        partners |= {str(cell["partner"]) for cell in cells if cell["partner"]}
    counts = " and ".join(f"{count:,} rows of {way}" for way, count in rows.items() if count)
    text = f"The trade of {home} as it reports it itself: {counts}. What its partners trade with others is not known."
    notes = [Note("reported_by_one", text, sum(rows.values()))]
    coded = sorted(code for code in partners if code.isdigit())
    if coded and 2 * len(coded) > len(partners):
        text = (
            f"Partners bear the source's own codes ({columns['partner']}: {', '.join(coded[:3])} …), kept as they are."
        )
        notes.append(Note("partner_codes", text, len(coded)))
    return notes
