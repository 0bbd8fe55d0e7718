"""Clusters within clusters: how nodes come together as one looks from closer or farther away.

Partitions are sampled over a range of resolutions; two nodes are as near as they often stand together in them. A
tree is grown over these distances by average linkage, and cut: so McNerney, Fath and Silverberg (2013) found the
nested communities of national economies.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.clusters import quality
from netcluster.clusters.communities import search
from netcluster.clusters.consensus import MOST_ATOMS, coclassification
from netcluster.clusters.detect import prepare
from netcluster.clusters.effort import Level
from netcluster.clusters.effort import effort as usual_effort
from netcluster.clusters.names import name_clusters
from netcluster.clusters.partition import numbered
from netcluster.core.errors import NetclusterError
from netcluster.core.progress import track
from netcluster.core.result import Result
from netcluster.core.seeds import child
from netcluster.network.graph import graph_of

if TYPE_CHECKING:
    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def hierarchy(
    net: Network,
    *,
    layer: str = "supply",
    counts: Sequence[int] = (2, 5, 10, 20),
    low: float = 0.25,
    high: float = 4.0,
    seed: int = 0,
    transform: str = "flows",
    diagonal: bool = True,
    effort: Level = "standard",
    members: int | None = None,
) -> Result:
    """Return nested clusters: a level for each of `counts`, each cluster whole inside one of the level above.

    Parameters
    ----------
    counts : integers
        How many clusters at each level, ascending; nodes without links stand apart and don't count.
    low, high : float
        Resolutions sampled between, evenly in ln γ.
    members : int, optional
        Searches, in place of what `effort` gives.

    Returns
    -------
    Result
        node, label, region, and for each level cluster_k and name_k, k its number of clusters. `parameters` has the
        modularity of each level.
    """
    import pandas as pd

    ready = prepare(net, layer, transform, diagonal=diagonal)
    linked = np.flatnonzero(np.asarray(ready.flows.sum(axis=0)).ravel() + np.asarray(ready.flows.sum(axis=1)).ravel())
    if linked.size > MOST_ATOMS:
        raise NetclusterError(
            f"A hierarchy compares all pairs of nodes; {linked.size:,} are too many.",
            f"Up to {MOST_ATOMS:,} will do: aggregate the table, or use the profile of resolutions.",
        )
    if not 0 < low < high < np.inf:
        raise NetclusterError(f"Resolutions from {low} to {high} are none.", "Give 0 < low < high.")
    searches = members if members is not None else 2 * usual_effort(effort, ready.layer.links).seeds
    graph = graph_of(ready.layer.matrix, ready.layer.directed)
    grid = np.geomspace(low, high, searches)
    runs = [
        search("leiden", float(gamma))(graph, child(seed, "hierarchy", at))
        for at, gamma in enumerate(track(grid, "resolutions", searches))
    ]
    tree = _tree(1 - coclassification(np.array(runs)[:, linked]))
    frame = pd.DataFrame({column: net.nodes[source].to_numpy() for column, source in _LABELS.items()})
    found: dict[str, object] = {}
    for count in sorted(set(counts)):
        labels = _level(tree, linked, net, count)
        frame[f"cluster_{count}"] = labels
        frame[f"name_{count}"] = _names(net, ready.flows, labels)
        found[f"modularity_{count}"] = quality.modularity(ready.flows, labels)
    parameters = {
        "layer": layer, "counts": tuple(sorted(set(counts))), "low": low, "high": high, "seed": seed,
        "transform": transform, "diagonal": diagonal, "members": searches, **found,
    }  # fmt: skip
    return Result(frame, (), MappingProxyType(parameters), ready.notes)


_LABELS = {"node": "id", "label": "label", "region": "region"}


def _tree(distance: Array) -> Any:
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    exact = np.clip((distance + distance.T) / 2, 0, None)
    np.fill_diagonal(exact, 0)
    return linkage(squareform(exact, checks=False), "average")


def _level(tree: Any, linked: npt.NDArray[np.intp], net: Network, count: int) -> Labels:
    """Return `count` clusters cut from the tree, nodes without links each apart."""
    from scipy.cluster.hierarchy import cut_tree

    if count < 1:
        raise NetclusterError(f"A level of {count} clusters is none.", "Give counts of 1 or more.")
    labels = np.arange(net.n, dtype=np.int64) + linked.size
    labels[linked] = cut_tree(tree, n_clusters=min(count, linked.size)).ravel()
    return numbered(labels, net.nodes["size"].to_numpy())


def _names(net: Network, flows: Any, labels: Labels) -> list[str]:
    names = name_clusters(net.nodes, flows, labels)
    return [names[label - 1].name for label in labels]
