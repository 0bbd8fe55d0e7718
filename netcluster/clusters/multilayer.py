"""Clusters of several layers together: supply, knowledge, labour, co-location, each heard, none added to another.

Money and other relations have no common unit, so layers are never summed. Each is searched alone, and what they agree
on counts: the median of all their partitions, layers weighted as asked, where two nodes that a layer does not link to
anything are no vote of that layer for or against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from netcluster.clusters import quality
from netcluster.clusters.agreement import adjusted_rand
from netcluster.clusters.communities import search as search_by
from netcluster.clusters.consensus import MOST_ATOMS, median, together
from netcluster.clusters.detect import Prepared, assemble, measured, prepare
from netcluster.clusters.effort import Level
from netcluster.clusters.effort import effort as usual_effort
from netcluster.clusters.ensemble import Ensemble, sample
from netcluster.clusters.extras import multiplex
from netcluster.clusters.partition import Partition, numbered
from netcluster.core.errors import NetclusterError
from netcluster.core.seeds import child
from netcluster.network.graph import graph_of

if TYPE_CHECKING:
    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Search = Literal["consensus", "leidenalg"]


def multilayer(
    net: Network,
    weights: Mapping[str, float] | None = None,
    *,
    resolution: float = 1.0,
    seed: int = 0,
    effort: Level = "standard",
    members: int | None = None,
    search: Search = "consensus",
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
    search : {"consensus", "leidenalg"}
        Each layer searched alone and their partitions agreed upon; or the weighted sum of the layers' modularities made
        greatest in one search (the extra [leidenalg]), as often as `members`, and these agreed upon.

    Returns
    -------
    Partition
        As of `detect`, attachment and names by the first layer. stability is the mean weighted co-classification with
        the own cluster; `summary["layers"]` has for each layer its weight, the modularity of the partition in it,
        and how far its own clusters agree (ARI over the nodes it links). No null model: significant is None.
    """
    chosen = dict(weights) if weights is not None else {key: 1.0 for key, one in net.layers.items() if one.links}
    _check(net, chosen, search)
    ready = {name: prepare(net, name, "flows") for name in chosen}
    counts = {name: members or usual_effort(effort, one.layer.links).seeds for name, one in ready.items()}
    runs = {
        name: sample(
            graph_of(one.layer.matrix, one.layer.directed), search_by("leiden", resolution),
            seeds=counts[name], noisy=0, noise=0.0, seed=child(seed, "layer", name),
        )
        for name, one in ready.items()
    }  # fmt: skip
    linked = {name: _linked(one) for name, one in ready.items()}
    if search == "leidenalg":
        agreed, heard = _together(ready, chosen, linked, resolution, seed, min(counts.values()))
    else:
        agreed, heard = _voted(runs, chosen, linked)
    found = median(agreed, np.ones(net.n), seed)
    labels = numbered(np.where(heard, found, found.max() + 1 + np.arange(net.n)), net.nodes["size"].to_numpy())
    layers = {
        name: {
            "weight": weight,
            "modularity": quality.modularity(ready[name].flows, labels, resolution),
            "agreement": adjusted_rand(runs[name].members[0][linked[name]], labels[linked[name]]),
        }
        for name, weight in chosen.items()
    }
    main = next(iter(chosen))
    summary = {
        **measured(ready[main].flows, labels, resolution, None),
        "members": 0,
        "agreement": None,
        "layers": layers,
    }
    parameters: dict[str, object] = {
        "layer": main, "layers": dict(chosen), "resolution": resolution, "seed": seed, "method": "multilayer",
        "search": search, "transform": "flows", "backbone": None, "diagonal": True, "effort": effort,
    }  # fmt: skip
    return assemble(net, ready[main], labels, summary, parameters, _stability(agreed, labels), None)


def _linked(ready: Prepared) -> Mask:
    """Return which nodes a layer links to anything."""
    return np.asarray(np.asarray(ready.flows.sum(axis=0)).ravel() + np.asarray(ready.flows.sum(axis=1)).ravel() > 0)


def _voted(runs: Mapping[str, Ensemble], weights: Mapping[str, float], linked: Mapping[str, Mask]) -> tuple[Any, Mask]:
    """Return how much the layers agree that two nodes stand together, (n, n) sparse, and which nodes any of them links.

    Where no layer links both nodes of a pair, none can tell: they agree by half.
    """
    n = next(iter(linked.values())).size
    shared = sp.csr_array((n, n))
    for name, weight in weights.items():
        shared = sp.csr_array(shared + weight * together(runs[name].members, linked[name]))
    shared.sort_indices()
    rows = np.repeat(np.arange(n), np.diff(shared.indptr))
    votes = sum(weight * (linked[name][rows] & linked[name][shared.indices]) for name, weight in weights.items())
    shared.data = shared.data / votes
    heard = np.any(list(linked.values()), axis=0)
    return sp.csr_array(shared + _untold(linked, heard)), heard


def _untold(linked: Mapping[str, Mask], heard: Mask) -> Any:
    """Return ½ for each pair of nodes that some layer links, but none both."""
    n = heard.size
    kinds, kind = np.unique(np.array(list(linked.values())), axis=1, return_inverse=True)
    kind = kind.ravel()
    rows, columns = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for one, two in np.argwhere(~(kinds.T.astype(np.int64) @ kinds.astype(np.int64)).astype(bool)):
        mine, theirs = np.flatnonzero((kind == one) & heard), np.flatnonzero((kind == two) & heard)
        rows.append(np.repeat(mine, theirs.size))
        columns.append(np.tile(theirs, mine.size))
    ends = np.concatenate(rows), np.concatenate(columns)
    return sp.csr_array((np.full(ends[0].size, 0.5), ends), shape=(n, n))


def _together(
    ready: Mapping[str, Prepared], weights: Mapping[str, float], linked: Mapping[str, Mask],
    resolution: float, seed: int, searches: int,
) -> tuple[Any, Mask]:  # fmt: skip
    """Return the same of searches that see all layers at once."""
    graphs = [graph_of(ready[name].layer.matrix, ready[name].layer.directed) for name in weights]
    found = [
        multiplex(graphs, list(weights.values()), resolution, child(seed, "multiplex", at)) for at in range(searches)
    ]
    everyone = np.ones(len(found[0]), dtype=bool)
    return together(np.array(found), everyone), np.any(list(linked.values()), axis=0)


def _check(net: Network, weights: Mapping[str, float], search: str) -> None:
    if search not in get_args(Search):
        raise NetclusterError(
            f"There is no search {search!r} of layers.", f"Searches are {', '.join(get_args(Search))}."
        )
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


def _stability(agreed: Any, labels: Labels) -> Array:
    rows = np.repeat(np.arange(labels.size), np.diff(agreed.indptr))
    same = (labels[rows] == labels[agreed.indices]) & (rows != agreed.indices)
    mates = np.bincount(labels)[labels] - 1
    sums = quality.summed(rows[same], agreed.data[same], labels.size)
    return np.asarray(np.divide(sums, mates, out=np.full(labels.size, np.nan), where=mates > 0))
