"""A firm network made ready for cascades: shares of inputs and sales, and which inputs are essential."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Production = Literal["generalised", "linear", "leontief"]

#: A matrix of essential inputs is held for this many industries at the most.
MOST_INDUSTRIES = 5_000
#: Without a matrix, an industry's input is taken for essential from this share of its purchases on.
ESSENTIAL_SHARE = 0.01


@dataclass(frozen=True, eq=False)
class FirmNetwork:
    """n firms with W (CSR, supplier first), and what turns a lost delivery or sale into lost output.

    `down` are W's entries as shares of j's input of that industry (essential), of all j's inputs (not
    essential) or 0 (negligible), and `slots` numbers what they add up to: one slot for each buyer and
    essential industry, one for each buyer's other inputs; `up` are shares of i's sales; `essential` (s, s)
    holds 2, 1 or 0 by supplier and buyer industry; `sector` (n,) numbers industries; `weight` (n,) is the
    share of all sales in the network; `leaks` says whether sales and inputs from outside soften the losses.
    """

    ids: tuple[str, ...]
    labels: Any
    matrix: Any
    down: Array
    slots: Integers
    up: Array
    essential: Integers
    sector: Integers
    sectors: Any
    strength: Array
    weight: Array
    leaks: bool
    notes: tuple[Note, ...]

    @property
    def n(self) -> int:
        """The number of firms."""
        return len(self.ids)


def firm_network(
    net: Network,
    *,
    layer: str = "supply",
    production: Production = "generalised",
    essential: pd.DataFrame | None = None,
    leak: bool | None = None,
) -> FirmNetwork:
    """Return a network's layer as firms; see `cascade` for what the options mean."""
    matrix = net.layer(layer).matrix
    if not matrix.nnz:
        raise NetclusterError(f"The layer {layer!r} has no links.", "A cascade needs suppliers and buyers.")
    sector, sectors, notes = _sectors(net)
    kinds, more = _essential(production, essential, matrix, sector, sectors)
    outlet, costs, leaks, said = _outside(net, matrix, leak)
    supplier = np.repeat(np.arange(net.n), np.diff(matrix.indptr))
    strength = np.asarray(matrix.sum(axis=1)).ravel()
    down, slots = _down_shares(matrix, supplier, sector, kinds, costs)
    return FirmNetwork(
        ids=net.ids,
        labels=net.nodes["label"].where(net.nodes["label"].ne(""), net.nodes["id"]).to_numpy(dtype=object),
        matrix=matrix,
        down=down,
        slots=slots,
        up=matrix.data / outlet[supplier],
        essential=kinds,
        sector=sector,
        sectors=sectors,
        strength=strength,
        weight=strength / strength.sum(),
        leaks=leaks,
        notes=(*notes, *more, *said),
    )


def _sectors(net: Network) -> tuple[Integers, Any, list[Note]]:
    """Return each firm's industry as a number; a firm without one is an industry of its own."""
    import pandas as pd

    industry = net.nodes["industry"].fillna("").astype(str)
    notes = []
    if (net.nodes["kind"] == "industry").all():
        text = "The nodes are industries, each of which fails whole: for these netcluster shock says more."
        notes.append(Note("industries_for_firms", text))
        industry = industry.where(industry.ne(""), net.nodes["id"].astype(str))
    blank = industry.eq("")
    names = industry.where(~blank, "\x00" + net.nodes["id"].astype(str))
    codes, keys = pd.factorize(names.to_numpy(dtype=object))
    if blank.any():
        text = "Firms without an industry count as an industry of their own: nobody can replace them."
        notes.append(Note("no_industry", text, int(blank.sum())))
    return codes.astype(np.int64), np.array([str(key).lstrip("\x00") for key in keys], dtype=object), notes


def _essential(
    production: Production, given: pd.DataFrame | None, matrix: Any, sector: Integers, sectors: Any
) -> tuple[Integers, list[Note]]:
    k = len(sectors)
    if production == "linear":
        return np.ones((1, 1), np.int64), []
    if production == "leontief":
        return np.full((1, 1), 2), []
    if production != "generalised":
        raise NetclusterError(f"There is no production {production!r}.", "Say generalised, linear or leontief.")
    if k > MOST_INDUSTRIES:
        raise NetclusterError(f"There are {k:,} industries.", "Give industries (--firms), or --production linear.")
    if given is not None:
        return _matrix_of(given, sectors)
    supplier = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    buys = np.zeros((k, k))
    np.add.at(buys, (sector[supplier], sector[matrix.indices]), matrix.data)
    total = buys.sum(axis=0)
    share = np.divide(buys, total, out=np.zeros_like(buys), where=total > 0)
    text = (
        f"No essential-input matrix is given: an input is taken for essential where it makes at least"
        f" {ESSENTIAL_SHARE:.0%} of what an industry buys in this network."
    )
    return np.where(share >= ESSENTIAL_SHARE, 2, 1).astype(np.int64), [Note("derived_essential", text)]


def _matrix_of(given: pd.DataFrame, sectors: Any) -> tuple[Integers, list[Note]]:
    """Return the given matrix in the order of `sectors`; industries it does not have are not essential."""
    frame = given.copy()
    frame.index, frame.columns = frame.index.astype(str), frame.columns.astype(str)
    values = frame.to_numpy(dtype=np.float64)
    if frame.index.has_duplicates or frame.columns.has_duplicates:
        raise NetclusterError("The essential-input matrix holds an industry twice.", "Give each one row and column.")
    if not np.isin(values, (0.0, 1.0, 2.0)).all():
        wrong = values[~np.isin(values, (0.0, 1.0, 2.0))][0]
        raise NetclusterError(
            f"The essential-input matrix holds {wrong:g}.",
            "Its entries are 2 (essential), 1 (not essential) or 0 (negligible); rows are supplier industries.",
        )
    known = frame.index.isin(sectors).sum()
    if not known:
        raise NetclusterError(
            f"No industry of the essential-input matrix ({', '.join(frame.index[:3])} …) is one of the firms'"
            f" ({', '.join(map(str, sectors[:3]))} …).",
            "Use the same codes in both, as text: 01 is not 1.",
        )
    notes = []
    missing = sorted(set(map(str, sectors)) - (set(frame.index) & set(frame.columns)))
    if missing:
        text = f"Industries not in the essential-input matrix count as not essential: {', '.join(missing[:5])}."
        notes.append(Note("not_in_essential", text, len(missing)))
    table = frame.reindex(index=sectors, columns=sectors, fill_value=1)
    return table.to_numpy(dtype=np.int64), notes


def _outside(net: Network, matrix: Any, leak: bool | None) -> tuple[Array, Array | None, bool, list[Note]]:
    """Return what each firm's sales are shares of, the costs inputs are shares of, and whether there is a leak."""
    sales = np.asarray(matrix.sum(axis=1)).ravel()
    bought = np.asarray(matrix.sum(axis=0)).ravel()
    there = [name for name in ("revenue", "costs") if name in net.nodes and net.nodes[name].notna().any()]
    if leak is False or not there:
        if leak:
            raise NetclusterError(
                "The firms have neither revenue nor costs: nothing is known of sales and inputs outside the network.",
                "Give --firms a file with the columns revenue and costs.",
            )
        text = (
            "Revenue and costs are not used: the network is closed, so that losses come back in full and the index"
            " depends on epsilon."
        )
        return np.where(sales > 0, sales, 1.0), None, False, [Note("closed_network", text)]
    notes = []
    outlet, costs = sales, bought
    if "revenue" in there:
        outlet, below = _at_least(net.nodes["revenue"].to_numpy(dtype=np.float64), sales)
        notes += _raised(below, "revenue", "sales")
    if "costs" in there:
        costs, below = _at_least(net.nodes["costs"].to_numpy(dtype=np.float64), bought)
        notes += _raised(below, "costs", "purchases")
    factor = np.divide(bought, costs, out=np.ones_like(costs), where=costs > 0)
    return np.where(outlet > 0, outlet, 1.0), factor, True, notes


def _at_least(amount: Array, floor: Array) -> tuple[Array, int]:
    known = np.nan_to_num(amount)
    return np.maximum(known, floor), int((known < floor * (1 - 1e-9)).sum())


def _raised(count: int, what: str, floor: str) -> list[Note]:
    if not count:
        return []
    return [
        Note(f"{what}_raised", f"Firms with less {what} than {floor} in the network are taken to have as much.", count)
    ]


def _down_shares(
    matrix: Any, supplier: Integers, sector: Integers, kinds: Integers, factor: Array | None
) -> tuple[Array, Integers]:
    """Return Λd link by link (shares of the product's input, of all inputs, or 0) and the slots it adds to."""
    buyer = matrix.indices
    kind = kinds_of(kinds, sector[supplier], sector[buyer])
    bought = np.bincount(buyer, matrix.data, matrix.shape[0])
    groups, pair = np.unique(buyer.astype(np.int64) * (int(sector.max()) + 1) + sector[supplier], return_inverse=True)
    product = np.bincount(pair, matrix.data, groups.size)
    base = np.where(kind == 2, product[pair], bought[buyer])
    share = np.where(kind == 0, 0.0, matrix.data / base)
    used = np.zeros(groups.size, dtype=bool)
    used[pair[kind == 2]] = True
    slots = np.where(kind == 2, np.cumsum(used)[pair] - 1, used.sum() + buyer)
    return np.asarray(share if factor is None else share * factor[buyer]), slots


def kinds_of(kinds: Integers, supplier_sector: Integers, buyer_sector: Integers) -> Integers:
    """Return 2, 1 or 0 for each pair of industries; a matrix of one entry holds for all."""
    if kinds.shape == (1, 1):
        return np.full(supplier_sector.shape, int(kinds[0, 0]))
    return np.asarray(kinds[supplier_sector, buyer_sector])
