"""A bundle: what opening one or several inputs gives, each part optional."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError

if TYPE_CHECKING:
    from netcluster.core.result import Note
    from netcluster.network.network import Network
    from netcluster.tables.employment import EmploymentTable
    from netcluster.tables.firms import FirmTable
    from netcluster.tables.iotable import IOTable
    from netcluster.tables.links import LinkTable
    from netcluster.tables.supplyuse import SupplyUse
    from netcluster.tables.trade import TradeTable

PARTS = ("io", "supply_use", "trade", "employment", "firms", "links", "network")


@dataclass(frozen=True, eq=False)
class Bundle:
    """Tables and networks that belong together: io, supply_use, trade, employment, firms, links, network."""

    io: IOTable | None = None
    supply_use: SupplyUse | None = None
    trade: TradeTable | None = None
    employment: EmploymentTable | None = None
    firms: FirmTable | None = None
    links: LinkTable | None = None
    network: Network | None = None
    name: str = ""
    notes: tuple[Note, ...] = field(default=())

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts that are there."""
        return tuple(part for part in PARTS if getattr(self, part) is not None)

    def need(self, part: str) -> object:
        """Return a part, or raise saying what is there instead."""
        value = getattr(self, part)
        if value is None:
            raise NetclusterError(
                f"This needs {_WORDS[part]}; the input holds {', '.join(_WORDS[p] for p in self.parts) or 'nothing'}.",
                "Say with --kind what it is where that is wrong; netcluster inspect shows what was read.",
            )
        return value

    def table(self) -> IOTable:
        """Return the input–output table; a supply–use pair is made symmetric by model D."""
        if self.io is None and self.supply_use is not None:
            return self.supply_use.symmetric()
        io: IOTable = self.need("io")  # type: ignore[assignment]
        return io

    def table_or_none(self) -> IOTable | None:
        """Return the input–output table as `table()` does, or None where there is none."""
        return None if self.io is None and self.supply_use is None else self.table()

    def replace(self, **changes: object) -> Bundle:
        """Return a copy with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


_WORDS = {
    "io": "an input–output table",
    "supply_use": "a supply and use table",
    "trade": "a trade table",
    "employment": "a table of employment by region and industry",
    "firms": "a list of firms",
    "links": "a list of links",
    "network": "a network",
}
