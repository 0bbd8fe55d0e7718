"""Clusters of several layers together: supply, knowledge, labour, co-location, each heard, none added to another.

Money and other relations have no common unit, so layers are never summed. Each is searched alone, and what they agree
on counts: the median of all their partitions, layers weighted as asked, where two nodes that a layer does not link to
anything are no vote of that layer for or against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netcluster.clusters import quality
from netcluster.clusters.agreement import adjusted_rand
from netcluster.clusters.communities import search
from netcluster.clusters.consensus import MOST_ATOMS, coclassification, median
from netcluster.clusters.detect import assemble, measured, prepare
from netcluster.clusters.effort import Level
from netcluster.clusters.effort import effort as usual_effort
from netcluster.clusters.ensemble import sample
from netcluster.clusters.partition import Partition, numbered
from netcluster.core.errors import NetclusterError
from netcluster.core.seeds import child
from netcluster.network.graph import graph_of

if TYPE_CHECKING:
    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def multilayer(
    net: Network,
    weights: Mapping[str, float] | None = None,
    *,
    resolution: float = 1.0,
    seed: int = 0,
    effort: Level = "standard",
    members: int | None = None,
) -> Partition:
    """Return the clusters that the layers of a network agree on.

    Parameters
    ----------
    net : Network
        With at least two layers that hold links.
    weights : mapping of str to float, optional
        The layers and how much each counts; by default all that hold links, alike.
    resolution : float
        γ of each layer's search.
    members : int, optional
        Searches a layer, in place of what `effort` gives.

    Returns
    -------
    Partition
        As of `detect`, attachment and names by the first layer. stability is the mean weighted co-classification with
        the own cluster; `summary["layers"]` has for each layer its weight, the modularity of the partition in it,
        and how far its own clusters agree (ARI over the nodes it links). No null model: significant is None.
    """
    chosen = dict(weights) if weights is not None else {key: 1.0 for key, one in net.layers.items() if one.links}
    _check(net, chosen)
    shared = np.zeros((net.n, net.n))
    votes = np.zeros((net.n, net.n))
    own: dict[str, tuple[Labels, npt.NDArray[np.bool_]]] = {}
    for name, weight in chosen.items():
        ready = prepare(net, name, "flows")
        runs = sample(
            graph_of(ready.layer.matrix, ready.layer.directed), search("leiden", resolution),
            seeds=members or usual_effort(effort, ready.layer.links).seeds, noisy=0, noise=0.0,
            seed=child(seed, "layer", name),
        )  # fmt: skip
        linked = np.asarray(ready.flows.sum(axis=0)).ravel() + np.asarray(ready.flows.sum(axis=1)).ravel() > 0
        both = np.outer(linked, linked)
        shared += weight * both * coclassification(runs.members)
        votes += weight * both
        own[name] = runs.members[0].astype(np.int64), linked
    agreed = np.divide(shared, votes, out=np.full_like(shared, 0.5), where=votes > 0)
    heard = np.diag(votes) > 0
    found = median(agreed, np.ones(net.n), seed)
    labels = numbered(np.where(heard, found, found.max() + 1 + np.arange(net.n)), net.nodes["size"].to_numpy())
    main = prepare(net, next(iter(chosen)), "flows")
    layers = {
        name: {
            "weight": weight,
            "modularity": quality.modularity(prepare(net, name, "flows").flows, labels, resolution),
            "agreement": adjusted_rand(own[name][0][own[name][1]], labels[own[name][1]]),
        }
        for name, weight in chosen.items()
    }
    summary = {**measured(main.flows, labels, resolution, None), "members": 0, "agreement": None, "layers": layers}
    parameters: dict[str, object] = {
        "layer": next(iter(chosen)), "layers": dict(chosen), "resolution": resolution, "seed": seed,
        "method": "multilayer", "transform": "flows", "backbone": None, "diagonal": True, "effort": effort,
    }  # fmt: skip
    return assemble(net, main, labels, summary, parameters, _stability(agreed, labels), None)


def _check(net: Network, weights: Mapping[str, float]) -> None:
    if len(weights) < 2:
        raise NetclusterError(
            f"Clusters over several layers need two; there is {', '.join(weights) or 'none'}.", "Use detect for one."
        )
    for name, weight in weights.items():
        net.layer(name)
        if not (np.isfinite(weight) and weight > 0):
            raise NetclusterError(f"The weight of layer {name} is {weight}.", "Give a number above 0, or leave it out.")
    if net.n > MOST_ATOMS:
        raise NetclusterError(
            f"The layers are compared pair by pair; {net.n:,} nodes are too many.",
            f"Up to {MOST_ATOMS:,} will do: cut out a region, or search one layer.",
        )


def _stability(agreed: Array, labels: Labels) -> Array:
    together = labels[:, None] == labels[None, :]
    np.fill_diagonal(together, False)
    mates = together.sum(axis=1)
    return np.asarray(
        np.divide((agreed * together).sum(axis=1), mates, out=np.full(labels.size, np.nan), where=mates > 0)
    )
