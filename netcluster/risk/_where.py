"""What a scenario names: a node, a region, a sector in all regions, or the flows between two of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError

if TYPE_CHECKING:
    from netcluster.tables.iotable import IOTable

Integers = npt.NDArray[np.int64]
#: Between the two ends of a flow, and for all nodes.
TO, ALL = ">", "*"


@dataclass(frozen=True, eq=False)
class Where:
    """The nodes of a table or network by id, region and sector (or industry), each (n,).

    >>> where = Where(("N:a", "N:b", "S:a"), np.array(["N", "N", "S"]), np.array(["a", "b", "a"]))
    >>> where.rows("N").tolist(), where.rows("a").tolist()
    ([0, 1], [0, 2])
    >>> [ends.tolist() for ends in where.ends("N>S:a")]
    [[0, 1], [2]]
    """

    ids: Sequence[str]
    region: Any
    sector: Any

    def rows(self, name: str) -> Integers:
        """Return the row of a node by its id, or the rows of a region, or of a sector in all regions."""
        if name in self.ids:
            return np.array([list(self.ids).index(name)], dtype=np.int64)
        if name == ALL:
            return np.arange(len(self.ids))
        for labels in (self.region, self.sector):
            rows = np.flatnonzero(labels == name)
            if rows.size and name:
                return rows
        import difflib

        near = difflib.get_close_matches(name, [*map(str, self.ids[:10_000]), *map(str, set(self.region))], n=3)
        hint = f"Did you mean {', '.join(near)}?" if near else f"Nodes are {', '.join(map(str, self.ids[:8]))} …"
        raise NetclusterError(f"There is no sector, firm or region {name!r} here.", hint)

    def is_flow(self, name: str) -> bool:
        """Return whether the name is that of flows, FROM>TO."""
        return TO in name and name not in self.ids

    def ends(self, name: str) -> tuple[Integers, Integers]:
        """Return the sellers and the buyers of the flows FROM>TO, own flows of a node or region left alone.

        Where one end is `*`, it stands for all nodes but those of the other end.
        """
        source, _, target = (part.strip() for part in name.partition(TO))
        sellers, buyers = self.rows(source), self.rows(target)
        if source == ALL:
            sellers = np.setdiff1d(sellers, buyers)
        if target == ALL:
            buyers = np.setdiff1d(buyers, sellers)
        if not sellers.size or not buyers.size:
            raise NetclusterError(f"{name!r} names no flows.", "Say FROM>TO with two ends: CHN>DEU, or *>DEU.")
        return sellers, buyers


def where_of(io: IOTable) -> Where:
    """Return the nodes of a table."""
    sectors = io.sectors
    return Where(io.ids, sectors["region"].to_numpy(dtype=object), sectors["sector"].to_numpy(dtype=object))
