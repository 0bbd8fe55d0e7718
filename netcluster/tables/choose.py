"""Of the tables a file holds, the one that is meant: the year, the origin, flows rather than coefficients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.blocks import years_of
from netcluster.tables.codes import plain
from netcluster.tables.facts import find_unit, find_year, words_around
from netcluster.tables.grid import Grid, Source, open_grids
from netcluster.tables.halves import HalfPairError, NoTableError
from netcluster.tables.iotable import ImportBlock, IOTable
from netcluster.tables.layout import Wide, find_tables
from netcluster.tables.national import no_square, read_wide
from netcluster.tables.options import ReadOptions
from netcluster.tables.supply_use.layers import layers
from netcluster.tables.unlabelled import is_unlabelled, read_unlabelled

_DOMESTIC = re.compile(r"\bdomestic\b|\bdomestic[ao]\b|inland|nacional|kotimai|\bdomestique")
_IMPORTED = re.compile(r"\bimport(s|ed|ado|ados|ada|adas|acion|aciones|acoes)?\b|einfuhr|tuonti")
_NOT_FLOWS = re.compile(
    r"coefficient|coeficiente|koeffizient|inverse|inversa|leontief|multiplier|multiplicador|requirement"
)
_USE = re.compile(
    r"\buse (table|of)|\busos\b|make table|supply table|verwendungstabelle|aufkommenstabelle|\boferta\b|utilizacion"
)
_NOTES = re.compile(r"note|read ?me|info|about|glosa|metadata|cover|legend|erlauterung|hinweis")
_PREVIOUS = re.compile(r"previous year|constant price|volume|chain")


@dataclass
class Opened:
    """A file's sheets, their tables found once, whatever years are then asked for."""

    path: Path
    sources: list[Source]
    _found: dict[str, list[Wide]] = field(default_factory=dict)
    _grids: dict[str, Grid] = field(default_factory=dict)

    def grid(self, source: Source) -> Grid:
        """Return one sheet's cells, loaded once."""
        if source.name not in self._grids:
            self._grids[source.name] = source.load()
        return self._grids[source.name]

    def tables(self, source: Source) -> list[Wide]:
        """Return the tables of one sheet."""
        if source.name not in self._found:
            self._found[source.name] = find_tables(self.grid(source))
        return self._found[source.name]

    def unit(self) -> str:
        """Return the unit that a sheet of notes beside the table names, or nothing."""
        for source in self.sources:
            if len(self.sources) > 1 and _NOTES.search(plain(source.sheet)):
                unit = find_unit(self.grid(source).all_texts())
                if unit:
                    return unit
        return ""

    def sheet_years(self) -> dict[int, Source]:
        """Return the sheets by year, where their names are years."""
        by_year = {int(s.sheet): s for s in self.sources if re.fullmatch(r"(19|20)\d\d", s.sheet.strip())}
        return by_year if len(by_year) > 1 else {}

    def years(self) -> list[int]:
        """Return the years in the file, ascending: one a sheet, or stacked in a table."""
        sheets = self.sheet_years()
        if sheets:
            return sorted(sheets)
        return sorted({year for source in self.sources for table in self.tables(source) for year in years_of(table)})

    def of_year(self, options: ReadOptions) -> tuple[list[Wide], int | None, list[Note]]:
        """Return the tables of the year asked for; of sheets that are years, the latest unless told."""
        sheets = self.sheet_years()
        if not sheets:
            return [table for source in self.sources for table in self.tables(source)], None, []
        if options.year is not None and options.year not in sheets:
            raise NetclusterError(
                f"{self.path} has no sheet of the year {options.year}.", f"It has {min(sheets)} to {max(sheets)}."
            )
        year = options.year or max(sheets)
        notes = []
        if options.year is None:
            text = f"The workbook holds {len(sheets)} years, {min(sheets)} to {year}; the latest, {year}, was taken."
            notes.append(Note("latest_year", text, len(sheets)))
        return self.tables(sheets[year]), year, notes


def open_file(path: Path, options: ReadOptions) -> Opened:
    """Open a file's sheets without loading them."""
    return Opened(path, open_grids(path, options))


def choose_table(opened: Opened, options: ReadOptions) -> IOTable:
    """Return the input–output table of a file that fits the options best.

    Of several tables (blocks under each other, sheets) those of flows are preferred to coefficients and
    inverses, symmetric ones to use tables, those of the origin and the year asked for to others, and then the largest
    and the latest.
    """
    tables, year, notes = opened.of_year(options)
    inner = replace(options, year=None) if year is not None else options
    ranked = sorted(tables, key=lambda table: _rank(table, options))
    table, io = _first(opened, ranked, inner)
    if _USE.search(plain(" ".join(table.titles))) and options.kind != "io":
        raise HalfPairError(
            f"{opened.path} holds a use table ({_title(table)}), but no symmetric one.",
            "Give the supply or make table with it; --kind io takes the table as it is.",
        )
    io = _with_imports_beside(io, table, ranked, inner)
    extra = [*notes, *_others(ranked, table)]
    year = year if year is not None else io.year
    year = year if year is not None else find_year(words_around(opened.path, table.name, table.titles))
    return io.replace(year=year, unit=io.unit or opened.unit(), changes=(*extra, *io.changes))


def _first(opened: Opened, ranked: Sequence[Wide], options: ReadOptions) -> tuple[Wide, IOTable]:
    """Return the first table that can be read; the error of the best of them where none can."""
    first: NetclusterError | None = None
    for whole in ranked:
        table, bare = whole, is_unlabelled(whole)
        try:
            if bare:
                return table, read_unlabelled(table, options)
            if not _hopeless(table):
                return table, read_wide(table, options)
        except NetclusterError as error:
            first = first or error
    raise first or _none(opened, ranked)


def _rank(table: Wide, options: ReadOptions) -> tuple[int, ...]:
    title = plain(" ".join(table.titles))
    year = find_year(words_around(None, table.name, table.titles)) or 0
    domestic, imported = bool(_DOMESTIC.search(title)), bool(_IMPORTED.search(title))
    if options.origin == "domestic":
        origin = 0 if domestic and not imported else 2 if imported and not domestic else 1
    elif options.origin == "imports":
        origin = 0 if imported and not domestic else 1
    else:
        origin = 0 if not domestic and not imported else 1
    return (
        int(bool(_NOT_FLOWS.search(title))),
        int(bool(_USE.search(title))),
        int(bool(_PREVIOUS.search(title))),
        origin,
        int(options.year is not None and year != options.year),
        -min(table.values.shape),
        -year,  # of tables alike that stand on a sheet a year, the latest
    )


def _hopeless(table: Wide) -> bool:
    """Whether a table is too small, or half of a supply and use pair in one matrix."""
    return min(table.values.shape) < 1 or not table.columns or layers(table) is not None


def _none(opened: Opened, tables: Sequence[Wide]) -> NoTableError:
    if tables:
        return no_square(max(tables, key=lambda table: table.values.size))
    return NoTableError(
        f"{opened.path} holds no table: no rows of numbers with labels were found.",
        "Look at it with netcluster inspect, or name its kind with --kind.",
    )


def _with_imports_beside(io: IOTable, table: Wide, others: Sequence[Wide], options: ReadOptions) -> IOTable:
    """Take the table of imports that stands beside a domestic one with the same sectors."""
    title = plain(" ".join(table.titles))
    if io.imports is not None or not _DOMESTIC.search(title) or options.origin != "domestic":
        return io
    for other in others:
        text = plain(" ".join(other.titles))
        if other is table or not _IMPORTED.search(text) or _DOMESTIC.search(text) or _USE.search(text):
            continue
        try:
            imported = read_wide(other, replace(options, kind="io"))
        except NetclusterError:
            continue
        if imported.ids == io.ids and tuple(imported.demand["id"]) == tuple(io.demand["id"]):
            return io.replace(imports=ImportBlock(imported.Z, imported.Y))
    return io


def _others(ranked: Sequence[Wide], table: Wide) -> list[Note]:
    others = [other for other in ranked if other is not table and min(other.values.shape) > 2]
    if not others:
        return []
    taken = _title(table)
    text = f"The file holds {len(others) + 1} tables; {taken} was taken."
    places = (other.name.partition(", sheet ")[2] or other.name for other in others if other.name != table.name)
    sheets = [sheet for sheet in dict.fromkeys(places) if sheet]
    if sheets:
        shown = ", ".join(sheets[:8]) + (" …" if len(sheets) > 8 else "")
        text += f" Name another sheet with --sheet: {shown}."
    return [Note("several_tables", text, len(others) + 1)]


def _title(table: Wide) -> str:
    telling = [title for title in table.titles if len(title) > 12]
    return repr(telling[0][:80]) if telling else table.name
