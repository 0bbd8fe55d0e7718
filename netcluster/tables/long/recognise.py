"""Long tables and link matrices: which kind a header names, and the table read accordingly.

Kinds: trade (exporter, importer), exports (exporter and product only), employment (region, industry), firms, links,
payments (suppliers in rows, one column a buyer), adjacency (a square matrix of links), and lists of who takes part in
what (see `long.members`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.tables.cells import MISSING, looks_numeric
from netcluster.tables.long import own
from netcluster.tables.long.headers import BACI, families, find, find_longer, normal

if TYPE_CHECKING:
    from netcluster.tables.bundle import Bundle
    from netcluster.tables.options import Dialect, ReadOptions

MEMBERS = ("projects", "patents", "memberships", "procurement")
KINDS = ("trade", "exports", "employment", "firms", "links", "payments", "adjacency", *MEMBERS)
#: Columns each kind needs, and those it takes where they are.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "trade": ("exporter", "importer", "value"),
    "exports": ("exporter", "product", "value"),
    "employment": ("region", "industry", "employment"),
    "firms": ("id",),
    "links": ("source", "target"),
    "payments": ("supplier",),
    "adjacency": (),
    **dict.fromkeys(MEMBERS, ("member", "group")),
}
TAKEN: Mapping[str, tuple[str, ...]] = {
    "trade": ("product", "year", "quantity", "flow", "reporter", "partner"),
    "exports": ("year", "quantity"),
    "employment": ("year", "establishments", "level", "region_within"),
    "firms": ("role", "kind", "firm_industry", "region", "size", "revenue", "costs", "lat", "lon", "label", "year"),
    "links": ("weight", "layer", "year"),
    "payments": ("year",),
    "adjacency": (),
}
#: Columns that make a list of ids a list of firms.
_FIRM_SIGNS = ("role", "kind", "firm_industry", "region", "size", "revenue", "lat")


_FIRM_WORDS = {
    "firm",
    "company",
    "node",
    "org",
    "organisation",
    "organization",
    "entity",
    "lei",
    "vat",
    "unternehmen",
    "firma",
}


@dataclass(frozen=True)
class Layout:
    """What a long table holds: its kind, our columns by theirs, and what was decided on the way.

    `columns` maps our name of a column to the file's; a column of a file without a header is named by its
    number from 1. For payments `buyers` are the columns that each stand for a buyer; `sheet` is a workbook's.
    """

    kind: str
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    decisions: tuple[str, ...] = ()
    buyers: tuple[str, ...] = ()
    sheet: str = ""


def recognise(header: Sequence[str], rows: Sequence[Sequence[str]], options: ReadOptions) -> Layout | None:
    """Return the layout of a long table, or None where the header is of none of the kinds.

    `header` are the column names (the first row, or nothing, where there are none), `rows` a sample of the cells under
    it. `options.columns` names columns that can't be told, `options.kind` the kind.

    >>> from netcluster.tables.options import ReadOptions
    >>> recognise(["t", "i", "j", "k", "v"], [["2020", "4", "24", "300431", "0.198"]], ReadOptions()).kind
    'trade'

    Raises
    ------
    NetclusterError
        Where the kind is given and a column it needs is not found, or a named column is not there.
    """
    told = own.told(header, options.columns)
    if options.kind and options.kind not in KINDS:
        return None
    if options.kind:
        return _of_kind(options.kind, header, rows, told)
    for kind in ("trade", "employment", "exports", *MEMBERS, "links", "payments", "firms", "adjacency"):
        layout = _try(kind, header, rows, told)
        if layout is not None:
            return layout
    own.refuse(header, rows, told)
    return _headerless(header, rows, told)


def recognise_file(
    path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], dialect: Dialect, options: ReadOptions
) -> tuple[Layout, Dialect] | None:
    """Return the layout and the dialect of a file whose header and first rows are given.

    Short rows of codes can pass for further header rows; the first row that names our columns is the header.
    """
    from netcluster.tables.long.copy import header_rows
    from netcluster.tables.read import holds_io

    tops = header_rows(path, dialect) if dialect.header_rows > 1 else []
    for number, names in enumerate(tops[:-1], start=1):
        below = [*tops[number:], *rows]
        try:
            layout = None if holds_io(names, below) else recognise(names, below, options)
        except NetclusterError:
            continue
        if layout is not None and not layout.decisions:
            return layout, replace(dialect, header_rows=number)
    if not options.kind and holds_io(header, rows):
        return None
    layout = recognise(header, rows, options)
    return (layout, dialect) if layout is not None else None


def _of_kind(kind: str, header: Sequence[str], rows: Sequence[Sequence[str]], told: Mapping[str, str]) -> Layout:
    layout = _try(kind, header, rows, told, sure=True)
    if layout is None:
        layout = _headerless(header, rows, told) if kind == "links" else None
    if layout is None:
        if kind == "trade":
            own.refuse(header, rows, told)
        raise _lacking(kind, header, told)
    return layout


def _lacking(kind: str, header: Sequence[str], told: Mapping[str, str]) -> NetclusterError:
    """Return the error for a table of a kind some of whose columns are not found."""
    open_ones = [name for name in NEEDED[kind] if name not in told]
    gone = [name for name in open_ones if name not in families() or find(header, name) is None] or open_ones
    home = ""
    if {"exporter", "importer"} & set(gone) and "value" not in gone:
        home = " Of one country's own trade name that country: exporter==Brazil, or importer==Brazil of imports."
    return NetclusterError(
        f"A table of {kind} has columns {', '.join(NEEDED[kind])}; none was found for {', '.join(gone)}.",
        f"Name them with --columns {','.join(f'{name}=…' for name in gone)}; there are {', '.join(header[:40])}.{home}",
    )


def _try(
    kind: str, header: Sequence[str], rows: Sequence[Sequence[str]], told: Mapping[str, str], *, sure: bool = False
) -> Layout | None:
    if kind == "adjacency":
        return _adjacency(header, rows, sure=sure)
    if kind == "payments":
        return _payments(header, rows, told)
    if kind in MEMBERS:
        return _members(kind, header, rows, told, sure=sure)
    columns = None
    if kind == "trade":
        columns = own.columns_of(header, told, rows) or _comtrade(header, told) or _baci(header, told)
    columns = columns or _columns(kind, header, told)
    if any(name not in columns for name in NEEDED[kind]) and not {"reporter", "partner", "value"} <= set(columns):
        return None
    if not sure and not _plausible(kind, columns, header, rows):
        return None
    return Layout(kind, MappingProxyType(columns))


#: A long table's own columns stand among its first; what is wider is a matrix, or a file without line ends.
_COLUMNS_SEARCHED = 1000


def _members(
    kind: str, header: Sequence[str], rows: Sequence[Sequence[str]], told: Mapping[str, str], *, sure: bool
) -> Layout | None:
    from netcluster.tables.long import members

    found = members.recognise(kind, header, rows, told, sure=sure)
    return Layout(kind, MappingProxyType(found)) if found is not None else None


def _columns(kind: str, header: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    header = header[:_COLUMNS_SEARCHED]
    columns = dict(told)
    for name in (*NEEDED[kind], *TAKEN[kind]):
        if name not in columns and name not in ("reporter", "partner", "flow"):
            found = _found(kind, header, name, tuple(columns.values()))
            if found is not None:
                columns[name] = found
    return _within(kind, header, columns)


#: Columns that number counties within their state, and the states'.
_COUNTIES = ("fipscty", "county", "countyfp", "county_fips", "county_code")
_STATES = ("fipstate", "state", "statefp", "state_fips", "state_code")


def _has_products(header: Sequence[str]) -> bool:
    """Whether a header names products: values by region, product and industry are no jobs."""
    from netcluster.tables.long.io_layout import ROW_HEADS

    names = {normal(name) for name in header}
    return find(header, "product") is not None or bool(names & set(ROW_HEADS))


def _within(kind: str, header: Sequence[str], columns: dict[str, str]) -> dict[str, str]:
    """Take a county's number together with its state's, where both stand in columns of their own."""
    names = {normal(name): name for name in header}
    county = next((names[key] for key in _COUNTIES if key in names), None)
    state = next((names[key] for key in _STATES if key in names), None)
    if kind == "employment" and county and state and columns.get("region") in (county, state):
        columns |= {"region": county, "region_within": state}
    return columns


#: Where a column of one kind of table stands under the names of another family.
_ALSO = {
    ("exports", "exporter"): "country",
    ("trade", "product"): "product_by_industry",
    ("employment", "employment"): "count",
}
#: Kinds whose needed columns may bear longer names than those known.
_LONGER = ("trade", "exports", "employment")


def _found(kind: str, header: Sequence[str], name: str, taken: Sequence[str]) -> str | None:
    found = find(header, name, taken)
    if found is None and (kind, name) in _ALSO and not (name == "employment" and _has_products(header)):
        found = find(header, _ALSO[kind, name], taken)
    if found is None and kind in _LONGER and (name in NEEDED[kind] or name == "product"):
        found = find_longer(header, name, taken)
    return found


def _baci(header: Sequence[str], told: Mapping[str, str]) -> dict[str, str] | None:
    names = {normal(name): name for name in header}
    if not {"i", "j", "v"} <= set(names) or not {"k", "t"} & set(names):
        return None
    return {**{ours: names[letter] for letter, ours in BACI.items() if letter in names}, **told}


def _comtrade(header: Sequence[str], told: Mapping[str, str]) -> dict[str, str] | None:
    reporter, partner = find(header, "reporter"), find(header, "partner")
    value = told.get("value") or find(header, "value", (reporter or "", partner or ""))
    if not (reporter and partner and value) or "exporter" in told:
        return None
    columns = {"reporter": reporter, "partner": partner, "value": value}
    for name in ("flow", "product", "year", "quantity"):
        found = find(header, "net_weight") if name == "quantity" else None
        found = found or _found("trade", header, name, tuple(columns.values()))
        if found is not None:
            columns[name] = found
    return {**_one_way(columns), **told}


def _one_way(columns: dict[str, str]) -> dict[str, str]:
    """Return exporter and importer where no column says which flow a row is, and the value's name does: exports."""
    way = re.match(r"(ex|im)ports?(?:_|$)", normal(columns["value"]))
    if "flow" in columns or way is None:
        return columns
    sides = ("exporter", "importer") if way[1] == "ex" else ("importer", "exporter")
    return {**dict(zip(sides, (columns.pop("reporter"), columns.pop("partner")), strict=True)), **columns}


def _plausible(kind: str, columns: Mapping[str, str], header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the cells bear out what the names say, for the kinds whose names are common words."""
    at = {ours: list(header).index(theirs) for ours, theirs in columns.items() if theirs in header}
    amount = {"exports": "value", "employment": "employment", "links": "weight", "trade": "value"}.get(kind, "")
    if amount in at and not _numeric(rows, at[amount]):
        return False
    if kind == "firms":
        return any(sign in columns for sign in _FIRM_SIGNS) and len(header) <= 60 and _distinct(rows, at["id"])
    if kind == "employment":
        return not _lists_firms(columns, header, rows)
    if kind == "exports":
        return not _numeric(rows, at["exporter"]) or len(header) <= 6
    # Of an alphabet of sections I and J are two; as ends of links they stand among few letters.
    return kind != "links" or len(columns["source"]) > 1 or sum(len(name) == 1 for name in header) <= len(BACI)


def _lists_firms(columns: Mapping[str, str], header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows with a region, an industry and jobs are firms: they have ids, and pairs come again."""
    ids = find(header, "id", tuple(columns.values()))
    if ids is None or not _distinct(rows, list(header).index(ids)):
        return False
    keys = [list(header).index(columns[name]) for name in ("region", "industry", "year") if name in columns]
    pairs = [tuple(row[at] for at in keys) for row in rows if len(row) > max(keys)]
    return bool(set(normal(ids).split("_")) & _FIRM_WORDS) or len(set(pairs)) < 0.9 * len(pairs)


def _numeric(rows: Sequence[Sequence[str]], at: int) -> bool:
    cells = [row[at].strip() for row in rows if len(row) > at]
    filled = [cell for cell in cells if cell not in MISSING and cell != "-"]
    return not filled or sum(map(looks_numeric, filled)) > len(filled) / 2


def _distinct(rows: Sequence[Sequence[str]], at: int) -> bool:
    cells = [row[at] for row in rows if len(row) > at]
    return len(set(cells)) >= 0.9 * len(cells)


def _payments(header: Sequence[str], rows: Sequence[Sequence[str]], told: Mapping[str, str]) -> Layout | None:
    """Tell suppliers in rows and a trailing block of columns of amounts, each a buyer."""
    supplier = told.get("supplier") or find(header, "supplier")
    if supplier is None or find(header, "target") is not None:
        return None
    first = len(header)
    while first > 0 and all(_amount(row[first - 1]) for row in rows if len(row) >= first):
        first -= 1
    buyers = tuple(name for name in header[first:] if name and name != supplier and name not in told.values())
    if len(buyers) < 2 or find(buyers, "weight") in buyers:
        return None
    columns = {"supplier": supplier, **told}
    for name in ("supplier_id", "year", "category"):
        found = find(header[:first], name, tuple(columns.values()))
        if found is not None:
            columns.setdefault(name, found)
    return Layout("payments", MappingProxyType(columns), buyers=buyers)


def _amount(cell: str) -> bool:
    return cell.strip() in MISSING or cell.strip() == "-" or looks_numeric(cell)


def _adjacency(header: Sequence[str], rows: Sequence[Sequence[str]], *, sure: bool) -> Layout | None:
    """Tell a square matrix, mostly zeros, with or without a first column of names."""
    if sure and not header and rows:
        header = [str(k + 1) for k in range(len(rows[0]))]
    names = [name for name in header if name.strip()]
    body = [row for row in rows if len(row) >= len(names)]
    if len(names) < 3 or len(set(names)) < len(names) or not body or len(rows) > len(names) + 1:
        return None
    named = len(body[0]) > len(names) or header[0].strip() == "" or body[0][0].strip() in names[1:2] + names[:1]
    cells = [cell.strip() for row in body for cell in row[1 if named else 0 :]]
    if not all(_amount(cell) for cell in cells):
        return None
    zeros = sum(cell in ("", "0", "0.0", "-") for cell in cells)
    if not sure and (zeros < len(cells) / 2 or (named and not _of_firms(names, body))):
        return None
    return Layout("adjacency", MappingProxyType({"names": "1"} if named else {}))


def _of_firms(names: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether rows and columns of a matrix bear the same names, most of which are no codes of sectors."""
    mine = {name.strip() for name in names}
    rows = [row[0].strip() for row in body]
    if names[0].strip() not in rows:
        mine.discard(names[0].strip())  # the corner names both sides: supplier\\buyer
    if set(rows) != mine:
        return False  # columns of demand and totals stand beside the square, or the sample does not show all rows
    return sum(bool(_SECTOR.fullmatch(name)) for name in rows) < len(rows) / 2


_SECTOR = re.compile(r"(?:[A-Z]{2,4}_)?(?:[A-U]|[A-U]?\d{2}(?:[-_T][A-U]?\d{2})*|[A-U]\d{2}_\d{2}|\d{2,6})")


def _headerless(header: Sequence[str], rows: Sequence[Sequence[str]], told: Mapping[str, str]) -> Layout | None:
    """Take two columns of ids and perhaps a weight and a layer, without names or under names unknown to us."""
    body = [row for row in rows if any(cell.strip() for cell in row)]
    width = len(header) or (len(body[0]) if body else 0)
    if width not in (2, 3, 4) or len(body) < 2 or any(len(row) != width for row in body):
        return None
    if width == 4 and _numeric(body, 3):
        return None  # a fourth column names layers; numbers there make a matrix
    if not ({row[0] for row in body} & {row[1] for row in body}) or (width > 2 and not _numeric(body, 2)):
        return None
    numbered = not header or all(looks_numeric(name) or name == str(i + 1) for i, name in enumerate(header))
    names = [str(i + 1) for i in range(width)] if numbered or _is_row(header, body) else list(header)
    columns = dict(zip(("source", "target", "weight", "layer"), names, strict=False))
    text = f"The first column was taken as the supplier, the second as the buyer ({', '.join(map(str, names[:2]))})."
    return Layout("links", MappingProxyType({**columns, **told}), (text,))


def _is_row(header: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    ids = {cell for row in body for cell in row[:2]}
    return (len(header) > 2 and looks_numeric(header[2])) or bool(ids & set(header[:2]))


def read_long(paths: Sequence[Path], layout: Layout, dialect: Dialect, options: ReadOptions) -> Bundle:
    """Return the table in files of one layout, in the part of the bundle it belongs to.

    Several files are years or pieces of one table. Raises NetclusterError where a file can't be read, a year
    is not there, or a column holds something else than its name says.
    """
    from netcluster.tables.long import read

    return read.read(paths, layout, dialect, options)
