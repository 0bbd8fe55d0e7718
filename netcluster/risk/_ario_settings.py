"""What the daily model needs of a table or of a firm network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.result import Note
from netcluster.risk._ario_engine import Setting
from netcluster.risk._ario_flows import DenseProducts, Products, SparseProducts

if TYPE_CHECKING:
    from netcluster.network.network import Network
    from netcluster.risk._firm_network import Production
    from netcluster.tables.iotable import IOTable

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
YEAR = 365.0


class TableSetting:
    """A table's economy; `without` gives its flows where some are kept only in part."""

    def __init__(self, io: IOTable) -> None:
        import pandas as pd

        self.io = io
        self.flows = np.maximum(io.Z, 0.0) / YEAR
        codes, names = pd.factorize(io.sectors["sector"])
        self.good = codes.astype(np.int64)
        self.setting = self._setting([str(name) for name in names])

    def _setting(self, goods: list[str]) -> Setting:
        io, n = self.io, self.io.n
        final = np.maximum(io.Y.sum(axis=1), 0.0) / YEAR
        output = self.flows.sum(axis=1) + final
        need = np.zeros((len(goods), n))
        np.add.at(need, self.good, self.flows)
        off = np.abs(output * YEAR - io.x) > 1e-6 * np.maximum(io.x, 1.0)
        text = "Sectors whose output differs from their sales (negative flows set to zero): their sales are taken."
        notes = (Note("output_is_sales", text, int(off.sum())),) if off.any() else ()
        has_primary = bool((io.inputs["kind"] == "value_added").any())
        added = io.value_added if has_primary else io.x - io.Z.sum(axis=0)
        return Setting(
            ids=io.ids,
            labels=io.sectors["name"].to_numpy(),
            region=io.sectors["region"].to_numpy(dtype=object),
            sector=io.sectors["sector"].to_numpy(dtype=object),
            output=output,
            final=final,
            value_added=np.maximum(added, 0.0),
            products=DenseProducts(self.flows, self.good),
            need=need.ravel(),
            buyer=np.tile(np.arange(n), len(goods)),
            good=np.repeat(np.arange(len(goods)), n),
            goods=tuple(goods),
            limiting=np.ones(need.size, dtype=np.bool_),
            notes=notes,
        )

    def without(self, cuts: list[tuple[Any, Any, float]]) -> tuple[Products, Array]:
        """Return the flows and the final demand that are left where (suppliers, buyers, kept) cut some.

        Final demand of a region is cut where all of the region's sectors are among the buyers.
        """
        io = self.io
        kept = np.ones((io.n, io.n))
        kept_final = np.ones(io.Y.shape)
        for suppliers, buyers, part in cuts:
            cell = np.ix_(suppliers, buyers)
            kept[cell] = np.minimum(kept[cell], part)
            users = demand_of(io, buyers)
            if users.size:
                cell = np.ix_(suppliers, users)
                kept_final[cell] = np.minimum(kept_final[cell], part)
        final = np.maximum((io.Y * kept_final).sum(axis=1), 0.0) / YEAR
        return DenseProducts(self.flows * kept, self.good), np.minimum(final, self.setting.final)


def demand_of(io: IOTable, buyers: Any) -> Integers:
    """Return the columns of final demand that belong to regions all of whose sectors are among the buyers."""
    chosen = np.zeros(io.n, dtype=bool)
    chosen[buyers] = True
    region = io.sectors["region"].to_numpy(dtype=object)
    whole = {name for name in io.regions if chosen[region == name].all()}
    if len(io.regions) < 2:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero([str(name) in whole for name in io.demand["region"]])


class FirmSetting:
    """A firm network's economy; an input is the industry of its suppliers."""

    def __init__(self, net: Network, layer: str, production: Production, essential: Any = None) -> None:
        from netcluster.risk._firm_network import firm_network, kinds_of

        ready = firm_network(net, layer=layer, production=production, essential=essential)
        matrix, n = ready.matrix, ready.n
        self.supplier = np.repeat(np.arange(n), np.diff(matrix.indptr))
        buyer = matrix.indices.astype(np.int64)
        self.amount = matrix.data / YEAR
        key, self.slot = np.unique(buyer * len(ready.sectors) + ready.sector[self.supplier], return_inverse=True)
        whose, good = key // len(ready.sectors), key % len(ready.sectors)
        self.buyer, self.n, self.slots = buyer, n, key.size
        sales: Array = np.bincount(self.supplier, self.amount, n).astype(np.float64)
        costs: Array = np.bincount(buyer, self.amount, n).astype(np.float64)
        need: Array = np.bincount(self.slot, self.amount, key.size).astype(np.float64)
        output, notes = _firm_output(net, sales, costs)
        self.setting = Setting(
            ids=ready.ids,
            labels=ready.labels,
            region=net.nodes["region"].fillna("").to_numpy(dtype=object),
            sector=net.nodes["industry"].fillna("").to_numpy(dtype=object),
            output=output,
            final=output - sales,
            value_added=np.maximum(output - costs, 0.0) * YEAR,
            products=SparseProducts(self.supplier, self.slot, self.amount, n, key.size),
            need=need,
            buyer=whose,
            good=good,
            goods=tuple(map(str, ready.sectors)),
            limiting=kinds_of(ready.essential, good, ready.sector[whose]) == 2,
            notes=(*(one for one in ready.notes if one.code in ("derived_essential", "not_in_essential")), *notes),
        )

    def without(self, cuts: list[tuple[Any, Any, float]]) -> tuple[Products, Array]:
        """Return the links that are left where (suppliers, buyers, kept) cut some; final demand stays."""
        kept = np.ones_like(self.amount)
        for suppliers, buyers, part in cuts:
            hit = np.isin(self.supplier, suppliers) & np.isin(self.buyer, buyers)
            kept[hit] = np.minimum(kept[hit], part)
        products = SparseProducts(self.supplier, self.slot, self.amount * kept, self.n, self.slots)
        return products, self.setting.final


def _firm_output(net: Network, sales: Array, bought: Array) -> tuple[Array, tuple[Note, ...]]:
    """Return each firm's output of a day: its revenue, at least its sales; purchases where it has neither."""
    nodes = net.nodes
    revenue = np.zeros(net.n)
    if "revenue" in nodes and nodes["revenue"].notna().any():
        revenue = np.nan_to_num(nodes["revenue"].to_numpy(dtype=np.float64)) / YEAR
    output = np.maximum(revenue, sales)
    blank = (output <= 0) & (bought > 0)
    text = "Firms with neither revenue nor sales are taken to sell on, outside the network, what they buy."
    notes = (Note("no_output", text, int(blank.sum())),) if blank.any() else ()
    return np.where(blank, bought, output), notes
