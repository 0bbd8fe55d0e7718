"""Clusters at every scale: how many there are at each resolution, and where the answer stands still."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.clusters import quality
from netcluster.clusters.agreement import variation_of_information
from netcluster.clusters.communities import Method, search
from netcluster.clusters.consensus import consensus
from netcluster.clusters.detect import prepare
from netcluster.clusters.effort import Level
from netcluster.clusters.effort import effort as usual_effort
from netcluster.clusters.ensemble import likeness, sample
from netcluster.core.errors import NetclusterError
from netcluster.core.processes import spread
from netcluster.core.progress import track
from netcluster.core.result import Note, Result
from netcluster.core.seeds import child
from netcluster.network.graph import Graph, graph_of

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.backbone import Method as BackboneMethod
    from netcluster.network.network import Network

Labels = npt.NDArray[np.int64]

#: Neighbours on the grid are of one plateau where their partitions differ by less than this share of ln n; ours.
SAME = 0.02
MEASURES = ("clusters", "modularity", "agreement", "variation_to_next")


@dataclass(frozen=True, eq=False)
class _Plan:
    """What all steps share."""

    graph: Graph
    flows: Any
    method: Method
    searches: int
    seed: int


def _step(plan: _Plan, step: tuple[int, float]) -> tuple[dict[str, object], Labels]:
    """Return what stands in the row of one resolution, and its clusters."""
    at, gamma = step
    find = search(plan.method, float(gamma))
    runs = sample(plan.graph, find, seeds=plan.searches, noisy=0, noise=0.0, seed=child(plan.seed, "profile", at))
    labels = consensus(runs.members, plan.seed)[0]
    size = np.bincount(labels)
    row: dict[str, object] = {
        "resolution": float(gamma),
        "clusters": int((size > 1).sum()),
        "alone": int((size == 1).sum()),
        "modularity": quality.modularity(plan.flows, labels),
        "agreement": likeness(runs, labels)["agreement"],
    }
    return row, labels


def profile(
    net: Network,
    *,
    layer: str = "supply",
    low: float = 0.25,
    high: float = 4.0,
    steps: int = 17,
    seed: int = 0,
    method: Method = "leiden",
    transform: str = "flows",
    backbone: BackboneMethod | None = None,
    diagonal: bool = True,
    effort: Level = "standard",
    members: int | None = None,
    jobs: int = 1,
) -> Result:
    """Return the clusters found along a grid of resolutions, and its plateaus.

    No resolution is the right one; one whose partition hardly changes over a stretch of the grid (a plateau) is a
    scale the table itself has. At each step an ensemble is searched, without noise, and its consensus taken.

    Parameters
    ----------
    low, high, steps
        The grid, even in ln γ.
    members : int, optional
        Searches a step, in place of what `effort` gives (a fifth of those of `detect`, at least 3).
    jobs : int
        Processes that share the steps; the answer does not depend on how many.

    Returns
    -------
    Result
        resolution, clusters (of two members or more), alone (nodes in none of them), modularity (at γ = 1, so that
        steps can be compared), agreement (mean ARI of the searches with their consensus), variation_to_next (VI to the
        next step over ln n, NaN at the last), plateau (number, 0 where it stands alone).
    """
    import pandas as pd

    if not (0 < low < high and steps >= 2):
        raise NetclusterError(
            f"A grid from {low} to {high} in {steps} steps is none.", "Give 0 < low < high and at least 2 steps."
        )
    ready = prepare(net, layer, transform, diagonal=diagonal, backbone=backbone)
    searches = members if members is not None else max(usual_effort(effort, ready.layer.links).seeds // 5, 3)
    graph = graph_of(ready.layer.matrix, ready.layer.directed)
    grid = np.geomspace(low, high, steps)
    found = spread(_step, _Plan(graph, ready.flows, method, searches, seed), enumerate(grid), jobs=min(jobs, steps))
    rows, partitions = zip(*track(found, "resolutions", steps), strict=True)
    apart = [variation_of_information(*two) / np.log(max(net.n, 2)) for two in pairwise(partitions)]
    frame = pd.DataFrame(rows)
    frame["variation_to_next"] = [*apart, float("nan")]
    # Where all is one cluster nothing can change: that is no scale of the table.
    trivial = [min(two) < 2 for two in pairwise(frame["clusters"])]
    frame["plateau"] = plateaus(np.where(trivial, np.inf, apart))
    parameters = {
        "layer": layer, "low": low, "high": high, "steps": steps, "seed": seed, "method": method,
        "transform": transform, "backbone": backbone, "diagonal": diagonal, "members": searches,
    }  # fmt: skip
    return Result(frame, MEASURES, MappingProxyType(parameters), (*ready.notes, _note(frame)))


def plateaus(apart: npt.ArrayLike, limit: float = SAME) -> list[int]:
    """Return the plateau of each step of a grid from how far neighbours are apart: 1, 2, …, and 0 for none.

    >>> plateaus([0.0, 0.01, 0.3, 0.2, 0.0])
    [1, 1, 1, 0, 2, 2]
    """
    near = [value < limit for value in np.asarray(apart, dtype=np.float64)]
    found, count = [0] * (len(near) + 1), 0
    for at, same in enumerate(near):
        if same and (at == 0 or not near[at - 1]):
            count += 1
        if same:
            found[at] = found[at + 1] = count
    return found


def _note(frame: pd.DataFrame) -> Note:
    """Return the longest plateau in words, so that a resolution can be chosen for a reason."""
    lengths = frame.loc[frame["plateau"] > 0, "plateau"].value_counts()
    if not len(lengths):
        return Note("no_plateau", "The clusters change at every step: no resolution stands out.", 0)
    longest = int(lengths[lengths == lengths.max()].index.min())
    part = frame[frame["plateau"] == longest]
    low, high = part["resolution"].min(), part["resolution"].max()
    return Note(
        "plateau",
        f"The clusters hardly change between resolution {low:.2f} and {high:.2f}, where there are"
        f" {part['clusters'].min()} to {part['clusters'].max()}; {np.sqrt(low * high):.2f} lies in the middle.",
        len(lengths),
    )
