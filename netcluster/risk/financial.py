"""What banks lose where a firm closes: the Financial Systemic Risk Index, with contagion among banks (DebtRank)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.progress import track
from netcluster.core.result import Note, Result
from netcluster.risk._firm_network import Production, firm_network
from netcluster.risk._follow import LEAST, MOST_STEPS, kernel_links
from netcluster.risk.cascade import check, positions

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MEASURES = ("fsri", "fsri_direct", "banks_hit", "defaults", "esri")
#: Where equity is not known: of firms this part of revenue, of banks this part of what they lent.
FIRM_EQUITY, BANK_EQUITY = 0.3, 0.08
#: A bank counts as hit from this loss of equity on; contagion ends where it moves less than this.
HIT, LEAST_MOVE, MOST_ROUNDS = 0.01, 1e-9, 1_000


def financial(
    net: Network,
    *,
    layer: str = "supply",
    lending: str = "finance",
    production: Production = "generalised",
    replaceability: bool = True,
    epsilon: float = 0.01,
    essential: pd.DataFrame | None = None,
    firms: Sequence[str] | None = None,
    firm_equity: float = FIRM_EQUITY,
    bank_equity: float = BANK_EQUITY,
    eta: float = 0.0,
) -> Result:
    """Return the share of banks' equity that is lost where each firm closes, first hand and after contagion.

    The closed firm's cascade takes sales and saves costs; what a firm's profit falls by eats its equity, and
    its lenders lose that part of what they lent it. Banks that lost equity pass losses on to their own lenders.

    Parameters
    ----------
    net : Network
        Firms with revenue and costs, banks, who supplies whom, and who lent to whom (lender first, amounts).
    layer, lending : str
        The layers of supply and of loans. Whoever lends is a bank.
    production, replaceability, epsilon, essential
        Of the cascade, as in `cascade`.
    firms : sequence of str, optional
        Only these close; default every firm that is no lender.
    firm_equity, bank_equity : float
        Where the nodes have no column `equity`: the part of revenue, and of loans, that stands for it.
    eta : float
        How far a bank's distress counts before it fails, H = h·exp(η(h − 1)); 0 is linear DebtRank.

    Returns
    -------
    Result
        One row a firm: firm, fsri (share of all banks' equity lost), fsri_direct (before contagion), banks_hit
        (that lose 1 % or more), defaults (firms whose equity is gone), esri.

    Notes
    -----
    Loss of profit Δπ = max(0, lost revenue − saved costs) with the cascade's losses upstream and downstream; loss of
    a bank min(1, Σ_i w_αi/E_α · min(1, Δπ_i/E_i)) (Tabachová, Diem, Borsos, Burger and Thurner 2024); contagion
    h ← min(1, h + Σ_β w_αβ/E_α ΔH_β) (Battiston et al. 2012; Bardoscia et al. 2015).
    """
    import scipy.sparse as sp

    from netcluster.risk._kernels import Rules, failures, scratch

    check(epsilon, None, 1)
    ready = firm_network(net, layer=layer, production=production, essential=essential)
    loans = _loans(net, lending)
    banks = np.flatnonzero(np.diff(loans.indptr) > 0)
    revenue, costs, equity, notes = _books(net, loans, banks, (firm_equity, bank_equity))
    chosen = np.setdiff1d(np.arange(net.n), banks) if firms is None else positions(ready, list(firms))
    owed = sp.csr_array(sp.diags_array(1.0 / equity[banks]) @ loans[banks])
    between = owed[:, banks].toarray()
    links, rules = kernel_links(ready), Rules(replaceability, epsilon, LEAST, 0.0, MOST_STEPS)
    work, weight = scratch(links, rules, 0), equity[banks] / equity[banks].sum()
    rows = np.zeros((chosen.size, 5))
    for k, firm in enumerate(track(chosen.tolist(), "Banks", total=int(chosen.size))):
        out, state = np.zeros((1, 7)), np.zeros((net.n, 2))
        starts = np.array([0, 1])
        failures(links, rules, work, np.zeros((net.n, 0)), np.array([firm]), np.zeros(1), starts, out, state)
        fallen = np.maximum(state[:, 1] * revenue - state[:, 0] * costs, 0.0)
        gone = np.minimum(np.divide(fallen, equity, out=np.zeros(net.n), where=equity > 0), 1.0)
        gone[firm] = 1.0
        gone[banks] = 0.0
        first = np.minimum(np.asarray(owed @ gone), 1.0)
        last = contagion(between, first, eta)
        rows[k] = weight @ last, weight @ first, (last >= HIT).sum(), (gone >= 1.0).sum(), out[0, 0]
    return Result(
        frame=_frame(ready, chosen, rows),
        measures=MEASURES,
        parameters={
            "layer": layer,
            "lending": lending,
            "production": production,
            "replaceability": replaceability,
            "epsilon": epsilon,
            "firm_equity": firm_equity,
            "bank_equity": bank_equity,
            "eta": eta,
            "banks": int(banks.size),
        },
        notes=(*ready.notes, *notes),
    )


def contagion(owed: Array, first: Array, eta: float = 0.0) -> Array:
    """Return each bank's loss of equity, (banks,), once losses have gone round; owed[a, b] is w_ab/E_a.

    >>> contagion(np.array([[0.0, 0.5], [0.0, 0.0]]), np.array([0.0, 0.4])).tolist()
    [0.2, 0.4]
    """
    loss, before = first.copy(), np.zeros_like(first)
    for _ in range(MOST_ROUNDS):
        distress = loss * np.exp(eta * (loss - 1.0)) if eta else loss
        after = np.minimum(loss + owed @ (distress - before), 1.0)
        loss, before, moved = after, distress, float(np.abs(after - loss).max(initial=0.0))
        if moved < LEAST_MOVE:
            break
    return loss


def _loans(net: Network, lending: str) -> Any:
    if lending not in net.layers or not net.layers[lending].matrix.nnz:
        there = ", ".join(net.layers)
        raise NetclusterError(
            f"There is no layer {lending!r} of loans.",
            f"Layers are {there}. Loans are links with lender,borrower,amount and finance in a column layer.",
        )
    return net.layers[lending].matrix


def _books(
    net: Network, loans: Any, banks: Integers, ratios: tuple[float, float]
) -> tuple[Array, Array, Array, list[Note]]:
    """Return revenue, costs and equity of all nodes, and what was assumed of them."""
    nodes = net.nodes
    if min(ratios) <= 0:
        raise NetclusterError("Equity is above zero.", "Look at firm_equity and bank_equity.")
    if "revenue" not in nodes or not nodes["revenue"].notna().any():
        raise NetclusterError(
            "What firms lose is not known without their revenue.",
            "Give a list of firms beside the links: id, industry, revenue, costs.",
        )
    revenue = np.nan_to_num(nodes["revenue"].to_numpy(dtype=np.float64))
    costs = np.nan_to_num(nodes["costs"].to_numpy(dtype=np.float64)) if "costs" in nodes else np.zeros(net.n)
    equity = nodes["equity"].to_numpy(dtype=np.float64).copy() if "equity" in nodes else np.full(net.n, np.nan)
    usual = ratios[0] * revenue
    usual[banks] = ratios[1] * np.asarray(loans.sum(axis=1)).ravel()[banks]
    missing = ~np.isfinite(equity)
    text = f"Equity is not known: taken for {ratios[0]:.0%} of a firm's revenue and {ratios[1]:.0%} of a bank's loans."
    notes = [Note("assumed_equity", text, int(missing.sum()))] if missing.any() else []
    return revenue, costs, np.where(missing, usual, equity), notes


def _frame(ready: Any, chosen: Integers, rows: Array) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame({"firm": [ready.ids[i] for i in chosen]})
    for k, name in enumerate(MEASURES):
        frame[name] = rows[:, k].astype(np.int64) if name in ("banks_hit", "defaults") else rows[:, k]
    frame["label"] = ready.labels[chosen]
    return frame
