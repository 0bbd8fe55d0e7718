"""What a network is built from, sorted by kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.network.network import Network
from netcluster.tables.bundle import Bundle
from netcluster.tables.firms import FirmTable
from netcluster.tables.iotable import IOTable
from netcluster.tables.links import LinkTable
from netcluster.tables.supplyuse import SupplyUse
from netcluster.tables.trade import TradeTable

Part = Bundle | IOTable | SupplyUse | TradeTable | FirmTable | LinkTable | Network


@dataclass
class Given:
    """What there is to build from: one table at most, lists of firms and of links, or a network."""

    io: IOTable | None = None
    trade: TradeTable | None = None
    firms: list[FirmTable] = field(default_factory=list)
    links: list[LinkTable] = field(default_factory=list)
    network: Network | None = None
    name: str = ""
    notes: list[Note] = field(default_factory=list)

    def sources(self) -> Iterator[About]:
        """Yield year and source of each part, tables first."""
        if self.io is not None:
            yield About(self.io.year, self.io.source)
        if self.trade is not None:
            yield About(max(self.trade.years, default=None), self.trade.source)
        yield from (About(links.year, links.source) for links in self.links)
        yield from (About(firms.year, firms.source) for firms in self.firms)


@dataclass(frozen=True)
class About:
    """When and from whom."""

    year: int | None
    source: str


def gather(parts: tuple[Part, ...]) -> Given:
    """Return the parts sorted by kind, bundles unpacked; two tables, or nothing at all, are an error."""
    given, networks, tables = Given(), [], []
    for part in _flat(parts, given):
        if isinstance(part, Network):
            networks.append(part)
        elif isinstance(part, FirmTable):
            given.firms.append(part)
        elif isinstance(part, LinkTable):
            given.links.append(part)
        elif isinstance(part, (IOTable, SupplyUse, TradeTable)):
            tables.append(part)
        else:
            raise NetclusterError(f"A network can't be built from a {type(part).__name__}.")
    if len(tables) > 1:
        raise NetclusterError(
            f"A network is built from one table, not {len(tables)}.", "Build one for each and compare them."
        )
    for table in tables:
        given.io = table.symmetric() if isinstance(table, SupplyUse) else None
        given.io = table if isinstance(table, IOTable) else given.io
        given.trade = table if isinstance(table, TradeTable) else None
    if networks and (len(networks) > 1 or tables or given.firms or given.links):
        raise NetclusterError(
            "A saved network can't be built into another.", "Build from the tables and lists it was made of."
        )
    given.network = networks[0] if networks else None
    if not (networks or tables or given.firms or given.links):
        raise NetclusterError(
            "There is nothing to build a network from.",
            "Give an input–output table, a trade table with exporters and importers, or a list of links.",
        )
    return given


def _flat(parts: tuple[Part, ...], given: Given) -> Iterator[object]:
    for part in parts:
        if not isinstance(part, Bundle):
            yield part
            continue
        given.name = given.name or part.name
        if part.network is not None and part.parts != ("network",):
            # A saved bundle holds the network and the tables it was made of.
            yield part.network
            continue
        sut = part.supply_use if part.io is None else None
        yield from (x for x in (part.io, sut, part.trade, part.firms, part.links, part.network) if x is not None)
