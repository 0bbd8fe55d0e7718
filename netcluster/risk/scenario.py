"""One failure, and what each firm loses by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import Finding, Plain
from netcluster.core.result import Result
from netcluster.risk._firm_network import FirmNetwork, Production, firm_network
from netcluster.risk._follow import LEAST, MOST_STEPS, kernel_links
from netcluster.risk._loss_findings import loss_findings
from netcluster.risk.cascade import check, positions, unsettled

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Scenario(Result):
    """One failure and what each firm loses by it; `state` (n, 2) holds losses downstream and upstream."""

    state: Array = None  # type: ignore[assignment]


def cascade_scenario(
    net: Network,
    remaining: Mapping[str, float],
    *,
    layer: str = "supply",
    production: Production = "generalised",
    replaceability: bool = True,
    epsilon: float = 0.01,
    essential: pd.DataFrame | None = None,
    leak: bool | None = None,
    loss_threshold: float | None = None,
) -> Scenario:
    """Return what every firm loses where the firms in `remaining` keep only that part of their output.

    Options are those of `cascade`; `remaining` maps a firm to ψ, 0 (closed) to 1 (as usual). The frame has
    one row a firm: node, loss, loss_downstream, loss_upstream (shares of its output), tier (steps along
    links from the nearest firm that fails, −1 where none leads there), sales_share. `parameters` holds
    esri, its parts and the steps. Findings: `shock_loss`, firms that lose a tenth or more without failing.
    """
    from netcluster.risk._kernels import Rules, failures, scratch

    check(epsilon, None, 1)
    ready = firm_network(net, layer=layer, production=production, essential=essential, leak=leak)
    where = positions(ready, list(remaining))
    psi = np.array([float(value) for value in remaining.values()])
    if not ((psi >= 0) & (psi <= 1)).all():
        raise NetclusterError("A firm keeps between 0 and 1 of its output.", "Look at the column remaining.")
    rules = Rules(replaceability, epsilon, LEAST, 0.0, MOST_STEPS)
    links, out, state = kernel_links(ready), np.zeros((1, 7)), np.zeros((ready.n, 2))
    starts = np.array([0, len(where)])
    failures(links, rules, scratch(links, rules, 0), np.zeros((ready.n, 0)), where, psi, starts, out, state)
    notes = (*ready.notes, *unsettled(out, epsilon))
    parameters = {
        "layer": layer,
        "production": production,
        "replaceability": replaceability,
        "epsilon": epsilon,
        "leak": ready.leaks,
        "esri": float(out[0, 0]),
        "esri_downstream": float(out[0, 1]),
        "esri_upstream": float(out[0, 2]),
        "iterations": int(out[0, 3]),
    }
    measures = ("loss", "loss_downstream", "loss_upstream", "tier", "sales_share")
    frame = _scenario_frame(ready, where, state)
    found = _findings(ready, frame, where, loss_threshold)
    return Scenario(frame, measures, parameters, notes, tuple(found), state=state)


def _findings(ready: FirmNetwork, frame: pd.DataFrame, where: Integers, limit: float | None) -> list[Finding]:
    """Return firms that lose much of their output without being among those that fail."""
    down, up = frame["loss_downstream"].to_numpy(), frame["loss_upstream"].to_numpy()
    loss, tier = frame["loss"].to_numpy(), frame["tier"].to_numpy()
    failed = ", ".join(str(ready.labels[i]) for i in where[:3].tolist()) + (" …" if where.size > 3 else "")

    def sentence(i: int) -> str:
        way = "for want of inputs" if down[i] >= up[i] else "for want of buyers"
        steps = f"{tier[i]} link{'s' if tier[i] > 1 else ''} away"
        return f"{ready.labels[i]}, {steps}, would lose {loss[i]:.0%} of its output {way} where {failed} fails."

    def evidence(i: int) -> tuple[dict[str, Plain], ...]:
        return ({"loss_downstream": float(down[i]), "loss_upstream": float(up[i]), "tier": int(tier[i])},)

    lever = "A second supplier of what is missing, or other buyers, for the firms nearest to the failure."
    named = np.isin(np.arange(ready.n), where)
    return loss_findings(ready.ids, loss, ready.weight, named, limit, sentence, evidence, lever)


def _scenario_frame(ready: FirmNetwork, where: Integers, state: Array) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "node": list(ready.ids),
            "loss": state.max(axis=1),
            "loss_downstream": state[:, 0],
            "loss_upstream": state[:, 1],
            "tier": _tiers(ready.matrix, where),
            "sales_share": ready.weight,
            "label": ready.labels,
        }
    )


def _tiers(matrix: Any, where: Integers) -> Integers:
    """Return how many links each firm is from the nearest that fails, in either direction; −1 where none is."""
    tier = np.full(matrix.shape[0], -1)
    tier[where] = 0
    front, step, back = where, 0, matrix.T.tocsr()
    while front.size:
        step += 1
        near = np.unique(np.concatenate([one[front].indices for one in (matrix, back)]))
        front = near[tier[near] < 0]
        tier[front] = step
    return tier
