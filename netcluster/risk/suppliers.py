"""Who buys an input from a single supplier, who could step in, and which links and firms hold the network together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import rank
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result
from netcluster.network.pieces import pieces
from netcluster.risk._substitutes import nearest_substitute
from netcluster.risk._supplier_findings import cut_points, single_sources, sole_sellers

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MEASURES = (
    "suppliers",
    "largest_share",
    "bridge",
    "substitutes",
    "substitutes_near",
    "substitute_sales",
    "substitute_distance",
    "days_without",
    "input_share",
    "amount",
    "buyer_share",
)


#: Days to find and set up another supplier, and days a buyer's stock lasts, where nothing is said.
SWITCH_DAYS, STOCK_DAYS = 90.0, 15.0
#: Buyers with a smaller share of all purchases make no finding: in a network of thousands most have one supplier
#: of most inputs.
LEAST_BUYER = 0.001


def suppliers(
    net: Network,
    *,
    layer: str = "supply",
    input_threshold: float | None = None,
    min_share: float = LEAST_BUYER,
    switch_days: float = SWITCH_DAYS,
    stock_days: float = STOCK_DAYS,
) -> Result:
    """Return, for each buyer and each industry it buys from, how many suppliers it has and who else there is.

    Parameters
    ----------
    net : Network
        Who supplies whom, with an industry for each firm. A supplier without one is an input of its own.
    layer : str
        The layer of links.
    input_threshold : float, optional
        A single-source input makes a finding from this share of what its buyer buys; the default stands in
        measures.toml.
    min_share : float
        Buyers with a smaller share of all purchases make no finding of their own.
    switch_days, stock_days : float
        How long it takes to be supplied by another seller, and how long stocks last, for `days_without`.

    Returns
    -------
    Result
        One row a buyer and input: buyer, input (the suppliers' industry), suppliers (how many it has),
        largest_share (of the largest of them), bridge (whether the largest one's link is the only way
        between two parts of the network), substitutes (other firms that sell this input to somebody),
        substitutes_near (those of them in the buyer's region), substitute_sales (what those others sell, in
        units of what the buyer buys), substitute_distance (km to the nearest of them, where places are known),
        days_without (days between the end of stocks and another seller's delivery where the supplier is the only
        one; infinite where nobody else sells it, 0 where there is a second supplier), input_share (of all it
        buys), amount,
        largest (the largest supplier). Findings: `sole_seller` (an input with one seller in the whole
        network), `single_source` (counted in a note for buyers below `min_share`), and `cut_point` (a firm
        whose failure splits the network).

    Examples
    --------
    The mill has one miller of grain, and the other grain farm sells to the brewer only:

    >>> import pandas as pd
    >>> from netcluster.network.build import build
    >>> from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
    >>> from netcluster.tables.links import LinkTable
    >>> rows = [("ann", "mill", 8.0, "supply"), ("bob", "brewer", 5.0, "supply")]
    >>> links = LinkTable(pd.DataFrame(rows, columns=["source", "target", "weight", "layer"]))
    >>> firms = pd.DataFrame("", index=range(4), columns=list(FIRM_COLUMNS)).assign(
    ...     id=["ann", "bob", "mill", "brewer"], kind="firm", industry=["grain", "grain", "flour", "beer"],
    ...     size=1.0, revenue=float("nan"), costs=float("nan"), lat=float("nan"), lon=float("nan"))
    >>> found = suppliers(build(FirmTable(firms), links)).frame
    >>> found[["buyer", "input", "suppliers", "substitutes"]].values.tolist()
    [['mill', 'grain', 1, 1], ['brewer', 'grain', 1, 1]]
    """
    matrix = net.layer(layer).matrix
    if not matrix.nnz:
        raise NetclusterError(f"The layer {layer!r} has no links.", "Give who supplies whom.")
    sells = np.diff(matrix.indptr) > 0
    codes, inputs, notes = _inputs(net, sells)
    if net.nodes["kind"].eq("industry").all() and np.unique(codes[sells]).size == np.count_nonzero(sells):
        raise NetclusterError(
            "The nodes are industries of one economy, so each input has one seller: who supplies whom is not known.",
            "Give links between firms, or make some that agree with the table: netcluster reconstruct.",
        )
    if not (switch_days >= 0 and stock_days >= 0):
        raise NetclusterError("Days are not below zero.", "Look at --switch-days and --stock-days.")
    held = pieces(matrix)
    frame = _frame(net, matrix, codes, inputs, switch_days - stock_days, held.bridges)
    limit = explain("input_share").threshold if input_threshold is None else input_threshold
    found = cut_points(net, matrix, held)
    found += single_sources(frame, net, float(limit or 0), min_share)
    small = ((frame["suppliers"] == 1) & (frame["input_share"] >= float(limit or 0))) & (
        frame["buyer_share"] < min_share
    )
    if small.any():
        text = f"Single sources of buyers with less than {min_share:.2%} of all purchases are in the table only."
        notes.append(Note("small_buyers", text, int(small.sum())))
    found += sole_sellers(frame, net, layer)
    return Result(
        frame=frame,
        measures=MEASURES,
        parameters={
            "layer": layer,
            "input_threshold": limit,
            "min_share": min_share,
            "switch_days": switch_days,
            "stock_days": stock_days,
            "bridges": len(held.bridges),
        },
        notes=tuple(notes),
        findings=tuple(rank(found)),
    )


def _inputs(net: Network, sells: Any) -> tuple[Integers, Any, list[Note]]:
    """Return the input each node is when it sells, as a number, and the inputs' names."""
    import pandas as pd

    industry = net.nodes["industry"].fillna("").astype(str)
    names = industry.where(industry.ne(""), net.nodes["id"].astype(str))
    codes, keys = pd.factorize(names.to_numpy(dtype=object))
    blank = int((industry.eq("").to_numpy() & sells).sum())
    text = "Sellers without an industry are an input of their own, so that nobody can stand in for them."
    return codes.astype(np.int64), np.asarray(keys), [Note("no_industry", text, blank)] if blank else []


def _frame(net: Network, matrix: Any, codes: Integers, inputs: Any, gap: float, bridges: Integers) -> pd.DataFrame:
    """Return the rows, buyer by buyer in the network's order."""
    import pandas as pd

    supplier = np.repeat(np.arange(net.n), np.diff(matrix.indptr))
    others = supplier != matrix.indices
    supplier, buyer, amount = supplier[others], matrix.indices[others].astype(np.int64), matrix.data[others]
    key = buyer * len(inputs) + codes[supplier]
    # Stable, so that of suppliers of one buyer and input the first in the network's order stays first.
    order = np.argsort(key, kind="stable")
    key, supplier, buyer, amount = key[order], supplier[order], buyer[order], amount[order]
    new = np.r_[True, key[1:] != key[:-1]][: key.size]
    starts = np.flatnonzero(new)
    row = np.cumsum(new) - 1
    whom, what = key[starts] // len(inputs), key[starts] % len(inputs)
    most = np.maximum.reduceat(amount, starts)
    there = np.flatnonzero(amount == most[row])
    first = there[np.searchsorted(there, starts)]
    total = np.add.reduceat(amount, starts)
    bought, sells = np.bincount(buyer, amount, net.n), np.bincount(supplier, minlength=net.n) > 0
    count = np.diff(np.r_[starts, key.size])
    sellers = np.bincount(codes[sells], minlength=len(inputs))
    itself = sells[whom] & (codes[whom] == what)
    others_left = sellers[what] - count - itself
    out = np.bincount(supplier, amount, net.n)
    sold = np.bincount(codes, out, len(inputs))[what]
    spare = sold - np.add.reduceat(out[supplier], starts) - np.where(itself, out[whom], 0.0)
    spare = np.where(others_left > 0, np.maximum(spare, 0.0), 0.0)
    waiting = np.where(count > 1, 0.0, np.where(others_left > 0, max(gap, 0.0), np.inf))
    ids = np.array(net.ids, dtype=object)
    return pd.DataFrame(
        {
            "buyer": ids[whom],
            "input": inputs[what],
            "suppliers": count,
            "largest_share": most / total,
            "bridge": np.isin(_ends(supplier[first], whom, net.n), _ends(bridges[:, 0], bridges[:, 1], net.n)),
            "substitutes": others_left,
            "substitutes_near": _near(net, codes, whom, what, sells, (starts, supplier, buyer)),
            "substitute_sales": spare / total,
            "substitute_distance": nearest_substitute(net, codes, whom, what, supplier, buyer),
            "days_without": waiting,
            "input_share": total / bought[whom],
            "amount": total,
            "largest": ids[supplier[first]],
            "buyer_share": bought[whom] / bought.sum(),
        }
    )


def _ends(one: Integers, other: Integers, n: int) -> Integers:
    """Return a number for the pair of ends of each link, whatever its direction."""
    return np.minimum(one, other).astype(np.int64) * n + np.maximum(one, other)


def _near(
    net: Network,
    codes: Integers,
    whom: Integers,
    what: Integers,
    sells: Any,
    links: tuple[Integers, Integers, Integers],
) -> Integers:
    """Return how many other sellers of the input have their seat in the buyer's region; 0 where it is unknown.

    `links` are where the links of each row start, and their suppliers and buyers.
    """
    import pandas as pd

    region, keys = pd.factorize(net.nodes["region"].fillna("").astype(str).to_numpy(dtype=object))
    known = np.array([key != "" for key in keys])
    if not known.any():
        return np.zeros(whom.size, dtype=np.int64)
    inputs = int(codes.max()) + 1
    there = np.bincount((region * inputs + codes)[sells], minlength=len(keys) * inputs)
    count = there[region[whom] * inputs + what]
    starts, supplier, buyer = links
    own = np.add.reduceat((region[supplier] == region[buyer]).astype(np.int64), starts)
    itself = sells[whom] & (codes[whom] == what)
    return np.asarray(np.where(known[region[whom]], count - own - itself, 0))
