"""From a recognised layout to the table: one reader a kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.core.result import Note
from netcluster.tables.bundle import Bundle
from netcluster.tables.duck import MixedLinesError
from netcluster.tables.long.headers import find, normal, unit_of
from netcluster.tables.long.recognise import MEMBERS
from netcluster.tables.long.source import Source, open_source

if TYPE_CHECKING:
    from netcluster.tables.long.recognise import Layout
    from netcluster.tables.options import Dialect, ReadOptions

Reader = Callable[[Source, "Layout", "ReadOptions"], Bundle]


def read(paths: Sequence[Path], layout: Layout, dialect: Dialect, options: ReadOptions) -> Bundle:
    """Return the bundle of files of one layout."""
    if any(theirs.isdigit() for theirs in layout.columns.values()) and layout.kind == "links":
        dialect = replace(dialect, header_rows=0)
    files, sheet = [Path(path) for path in paths], layout.sheet or options.sheet
    source = open_source(files, dialect, sheet)
    try:
        bundle = _READERS[layout.kind](source, layout, options)
    except MixedLinesError:
        source = open_source(files, dialect, sheet, copied=True)
        bundle = _READERS[layout.kind](source, layout, options)
    notes = (*_under(source), *(Note("decided", text) for text in layout.decisions))
    return bundle.replace(name=bundle.name or Path(paths[0]).stem, notes=(*bundle.notes, *notes))


def _under(source: Source) -> list[Note]:
    """Say which lines under a table were taken as notes."""
    return [
        Note(
            "footnotes",
            f"{part.name}: {len(part.footer)} lines under the table were taken as notes, such as "
            f"{part.footer[0][:60]!r}.",
            len(part.footer),
        )
        for part in source.parts
        if part.footer
    ]


def _trade(source: Source, layout: Layout, options: ReadOptions) -> Bundle:
    from netcluster.tables.long.trade import read_trade

    columns = layout.columns
    if {"reporter", "partner"} <= set(columns):
        from netcluster.tables.long.comtrade import read_comtrade

        return Bundle(trade=read_comtrade(source, columns, level=options.level, year=options.year))
    from netcluster.tables.long.codes import names_beside

    names, notes = names_beside([part.path for part in source.parts])
    if (
        layout.kind == "exports"
        and find([columns["exporter"]], "country")
        and not find([columns["exporter"]], "exporter")
    ):
        text = (
            f"{columns['exporter']} was taken for exporters; if it names the partners of one country, say exporter==…."
        )
        notes = (*notes, Note("exporter_taken", text))
    baci = {normal(columns[name]) for name in ("exporter", "importer", "value") if name in columns} == {"i", "j", "v"}
    table = read_trade(
        source,
        columns,
        level=options.level,
        year=options.year,
        unit="thousand USD" if baci else unit_of(columns["value"]),
        quantity_unit="tonnes" if baci else "",
        source="CEPII BACI" if baci else source.name,
        names=names,
        changes=notes,
    )
    return Bundle(trade=table)


def _employment(source: Source, layout: Layout, options: ReadOptions) -> Bundle:
    from netcluster.tables.long.employment import read_employment

    return Bundle(
        employment=read_employment(
            source,
            layout.columns,
            level=options.level,
            year=options.year,
            told="employment" in options.columns,
        )
    )


def _links(source: Source, layout: Layout, options: ReadOptions) -> Bundle:
    from netcluster.tables.long.links import read_links

    return Bundle(links=read_links(source, layout.columns, year=options.year))


def _firms(source: Source, layout: Layout, options: ReadOptions) -> Bundle:
    from netcluster.tables.long.firms import read_firms

    return Bundle(firms=read_firms(source, layout.columns, year=options.year))


def _payments(source: Source, layout: Layout, options: ReadOptions) -> Bundle:
    from netcluster.tables.long.payments import read_payments

    links, firms = read_payments(source, layout.columns, layout.buyers, year=options.year)
    return Bundle(links=links, firms=firms)


def _adjacency(source: Source, layout: Layout, _: ReadOptions) -> Bundle:
    from netcluster.tables.long.matrix import read_adjacency

    return Bundle(links=read_adjacency(source, named="names" in layout.columns))


def _members(source: Source, layout: Layout, options: ReadOptions) -> Bundle:
    from netcluster.tables.long.members import read_members

    links, firms = read_members(source, layout.columns, layout.kind, year=options.year)
    return Bundle(links=links, firms=firms)


_READERS: dict[str, Reader] = {
    "trade": _trade,
    "exports": _trade,
    "employment": _employment,
    "links": _links,
    "firms": _firms,
    "payments": _payments,
    "adjacency": _adjacency,
    **dict.fromkeys(MEMBERS, _members),
}
