"""Many random shocks: the distribution of losses, its tail, and which nodes drive it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.seeds import numpy_generator
from netcluster.core.solve import Leontief
from netcluster.network.network import Network
from netcluster.risk._firm_network import Production, firm_network
from netcluster.risk._follow import LEAST, MOST_STEPS, follow_all, kernel_links
from netcluster.risk._tail_findings import tail_drivers
from netcluster.risk.shocks import rows_of
from netcluster.tables.iotable import IOTable

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MEASURES = ("probability", "times_hit", "loss_when_hit", "tail_share", "tail_lift")
COLUMNS = ("node", "probability", "remaining")


@dataclass(frozen=True, eq=False)
class Distribution(Result):
    """Losses over many draws; `values` (draws,) are shares of all output, in the order of the draws.

    `by_draw` has a row a draw (draw, loss, nodes hit), `figures` the mean, deviation, value at risk, expected
    shortfall and the worst draw.
    """

    values: Array = None  # type: ignore[assignment]
    by_draw: pd.DataFrame = None  # type: ignore[assignment]
    figures: pd.DataFrame = None  # type: ignore[assignment]


def monte_carlo(
    source: IOTable | Network,
    hazards: pd.DataFrame,
    *,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    layer: str = "supply",
    production: Production = "generalised",
    replaceability: bool = True,
    epsilon: float = 0.01,
    essential: pd.DataFrame | None = None,
    jobs: int = 1,
) -> Distribution:
    """Draw shocks by their probabilities and return what they cost, above all in the worst draws.

    Parameters
    ----------
    source : IOTable or Network
        A table (the mixed model of `shock`) or a firm network (the cascade, with its options).
    hazards : DataFrame
        node, probability (that it is hit in a draw, each by itself), remaining (part of output it keeps,
        0 where the column is missing).
    draws, seed : int
        How many. Draw k depends on the seed and k only: `drawn(hazards, seed, k)` gives its nodes again.
    level : float
        Of value at risk and expected shortfall.
    layer, production, replaceability, epsilon, essential, jobs
        Of the cascade, for a network.

    Returns
    -------
    Distribution
        One row a hazard: node, probability, times_hit, loss_when_hit (mean loss of the draws that hit it),
        tail_share (of the worst draws, those that hit it), tail_lift (tail_share ÷ probability): what drives
        the tail. `parameters` and `figures` have mean_loss, deviation, value_at_risk, expected_shortfall,
        worst_loss, worst_draw. Findings: `tail_driver`.

    Examples
    --------
    One sector of two fails for sure: each draw costs the same.

    >>> import pandas as pd
    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> sure = pd.DataFrame({"node": ["farms"], "probability": [1.0], "remaining": [0.5]})
    >>> round(monte_carlo(io, sure, draws=10).parameters["value_at_risk"], 4)
    0.2018
    """
    import pandas as pd

    hit, remaining, notes = _hits(source, hazards, draws, seed, level)
    if isinstance(source, IOTable):
        values = _of_table(source, hazards, hit, remaining)
    else:
        ready = firm_network(source, layer=layer, production=production, essential=essential)
        notes += ready.notes
        values = _of_network(ready, hazards, hit, remaining, replaceability, epsilon, jobs)
    tail = _tail(values, level)
    frame = _frame(hazards, hit, values, tail)
    figures = _figures(values, tail)
    return Distribution(
        frame=frame,
        measures=MEASURES,
        parameters={
            "draws": draws,
            "seed": seed,
            "level": level,
            **figures,
            **({} if isinstance(source, IOTable) else {"production": production, "epsilon": epsilon}),
        },
        notes=(*notes, _said(figures, draws, level)),
        findings=tuple(tail_drivers(frame, hit, values, level)),
        values=values,
        by_draw=_by_draw(hazards, hit, values),
        figures=pd.DataFrame({"measure": list(figures), "figure": list(figures.values())}),
    )


def _figures(values: Array, tail: Integers) -> dict[str, float]:
    return {
        "mean_loss": float(values.mean()),
        "deviation": float(values.std()),
        "value_at_risk": float(values[tail].min()),
        "expected_shortfall": float(values[tail].mean()),
        "worst_loss": float(values.max()),
        "worst_draw": int(values.argmax()),
    }


def _said(figures: dict[str, float], draws: int, level: float) -> Note:
    text = (
        f"Of {draws:,} draws the mean loss is {figures['mean_loss']:.2%} of output; {1 - level:.0%} of them lose"
        f" {figures['value_at_risk']:.2%} or more (value at risk) and {figures['expected_shortfall']:.2%} on average"
        f" (expected shortfall); the worst is draw {figures['worst_draw']} with {figures['worst_loss']:.2%}."
    )
    return Note("distribution", text, draws)


def _by_draw(hazards: pd.DataFrame, hit: Any, values: Array) -> pd.DataFrame:
    import pandas as pd

    names = hazards["node"].astype(str).to_numpy(dtype=object)
    nodes = [" ".join(names[row]) for row in hit]
    return pd.DataFrame({"draw": np.arange(len(values)), "loss": values, "hit": hit.sum(axis=1), "nodes": nodes})


def drawn(hazards: pd.DataFrame, seed: int, draw: int) -> list[str]:
    """Return the nodes that one draw hits, in the order of the hazards."""
    probability = hazards["probability"].to_numpy(dtype=np.float64)
    hit = numpy_generator(seed, "monte_carlo", draw).random(len(hazards)) < probability
    return [str(node) for node in hazards["node"].to_numpy()[hit]]


def _hits(
    source: Any, hazards: pd.DataFrame, draws: int, seed: int, level: float
) -> tuple[Any, Array, tuple[Note, ...]]:
    """Return which draw hits which hazard, (draws, hazards), and what each keeps."""
    if not isinstance(source, IOTable | Network):
        raise NetclusterError(f"Shocks need a table or a network, not {type(source).__name__}.")
    missing = [name for name in COLUMNS[:2] if name not in hazards]
    if missing or hazards.empty:
        raise NetclusterError(
            f"The hazards have no {missing[0] if missing else 'rows'}.", "Their columns: node, probability, remaining."
        )
    if hazards["node"].duplicated().any():
        twice = hazards["node"][hazards["node"].duplicated()].iloc[0]
        raise NetclusterError(f"The hazards name {twice!r} twice.", "Give each node one row.")
    probability = hazards["probability"].to_numpy(dtype=np.float64)
    kept = hazards["remaining"].to_numpy(dtype=np.float64) if "remaining" in hazards else np.zeros(len(hazards))
    for name, column in (("probability", probability), ("remaining", kept)):
        if not ((column >= 0) & (column <= 1)).all():
            raise NetclusterError(f"A {name} of the hazards is not between 0 and 1.", "Look at that column.")
    if draws < 1 or not 0 < level < 1:
        raise NetclusterError("Draws count from 1, and the level is between 0 and 1.", "Look at --draws and --level.")
    hit = np.stack([numpy_generator(seed, "monte_carlo", k).random(len(hazards)) < probability for k in range(draws)])
    none = int((~hit.any(axis=1)).sum())
    notes = (Note("nothing_hit", "Draws that hit nothing cost nothing.", none),) if none else ()
    return hit, kept, notes


def _of_table(io: IOTable, hazards: pd.DataFrame, hit: Any, remaining: Array) -> Array:
    """Return each draw's loss by the mixed model: 1'L_K (L_KK)⁻¹ Δx_K, from one solve for all hazards."""
    rows = [list(rows_of(io, str(node))) for node in hazards["node"]]
    ends = np.unique(np.concatenate([np.asarray(part) for part in rows]))
    keeps = np.ones((len(rows), ends.size))
    for h, part in enumerate(rows):
        keeps[h, np.searchsorted(ends, part)] = remaining[h]
    unit = np.zeros((io.n, ends.size))
    unit[ends, np.arange(ends.size)] = 1.0
    columns = Leontief(io.A).solve(unit)
    inner, sums, output = columns[ends], columns.sum(axis=0), np.maximum(io.x[ends], 0.0)
    values = np.zeros(len(hit))
    for k in range(len(hit)):
        if not hit[k].any():
            continue
        left = keeps[hit[k]].min(axis=0)
        on = np.flatnonzero(left < 1)
        values[k] = sums[on] @ np.linalg.solve(inner[np.ix_(on, on)], (1.0 - left[on]) * output[on])
    return np.asarray(values / io.x.sum())


def _of_network(
    ready: Any, hazards: pd.DataFrame, hit: Any, remaining: Array, replaceability: bool, epsilon: float, jobs: int
) -> Array:
    """Return each draw's index by the cascade; draws that hit nothing cost nothing."""
    from netcluster.risk._kernels import Rules

    number = {name: i for i, name in enumerate(ready.ids)}
    unknown = [str(node) for node in hazards["node"] if str(node) not in number]
    if unknown:
        raise NetclusterError(f"The hazards name {unknown[0]!r}, which is not in the network.", "Use the nodes' ids.")
    where = np.array([number[str(node)] for node in hazards["node"]], dtype=np.int64)
    some = np.flatnonzero(hit.any(axis=1))
    values = np.zeros(len(hit))
    if some.size:
        rules = Rules(replaceability, epsilon, LEAST, 0.0, MOST_STEPS)
        sets, keeps = [where[hit[k]] for k in some], [remaining[hit[k]] for k in some]
        values[some] = follow_all(kernel_links(ready), rules, np.zeros((ready.n, 0)), sets, jobs, keeps)[:, 0]
    return values


def _tail(values: Array, level: float) -> Integers:
    """Return the worst draws, the (1 − level) part of them and at least one, in the order of the draws."""
    count = max(1, int(np.ceil((1.0 - level) * len(values) - 1e-9)))
    return np.sort(np.lexsort((np.arange(len(values)), -values))[:count])


def _frame(hazards: pd.DataFrame, hit: Any, values: Array, tail: Integers) -> pd.DataFrame:
    import pandas as pd

    times = hit.sum(axis=0)
    probability = hazards["probability"].to_numpy(dtype=np.float64)
    share = hit[tail].mean(axis=0)
    return pd.DataFrame(
        {
            "node": hazards["node"].astype(str).to_numpy(),
            "probability": probability,
            "times_hit": times,
            "loss_when_hit": np.divide(values @ hit, times, out=np.full(times.size, np.nan), where=times > 0),
            "tail_share": share,
            "tail_lift": np.divide(share, probability, out=np.full(times.size, np.nan), where=probability > 0),
        }
    )
