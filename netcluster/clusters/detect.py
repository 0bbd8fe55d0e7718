"""Clusters of a network: searched many times, agreed upon, named, and held against chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from netcluster.clusters import quality
from netcluster.clusters.communities import Method, Search, search
from netcluster.clusters.consensus import consensus
from netcluster.clusters.effort import Effort, Level, fewest_draws
from netcluster.clusters.effort import effort as usual_effort
from netcluster.clusters.ensemble import cold, likeness, sample, stability
from netcluster.clusters.findings import findings_of
from netcluster.clusters.names import Name, name_clusters
from netcluster.clusters.null import NullModel
from netcluster.clusters.partition import Partition, carried, numbered
from netcluster.clusters.significance import Significance, against_null
from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.network.backbone import Method as BackboneMethod
from netcluster.network.backbone import backbone as filtered_by
from netcluster.network.graph import graph_of
from netcluster.network.network import Layer
from netcluster.network.transform import AMOUNTS, GROUPED, transformed, without_loops

if TYPE_CHECKING:
    from netcluster.network.network import Network

Labels = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]

#: A node is of its cluster's core where it stands with the others in at least this share of members; ours.
CORE = 0.9
#: Transforms that give a matrix without direction.
SYMMETRIC = ("max_shares", "undirected")
MEASURES = ("stability", "attachment")
_TESTED = ("null_mean", "null_sd", "z", "p_value", "significant", "null_draws", "null_model")


@dataclass(frozen=True, eq=False)
class Prepared:
    """A layer as the search takes it: `layer` after the transform, `flows` as the measures take it."""

    layer: Layer
    flows: Any
    notes: tuple[Note, ...]


def detect(
    net: Network,
    *,
    layer: str = "supply",
    resolution: float = 1.0,
    seed: int = 0,
    method: Method = "leiden",
    transform: str = "flows",
    backbone: BackboneMethod | None = None,
    diagonal: bool = True,
    effort: Level = "standard",
    members: int | None = None,
    noisy: int | None = None,
    noise: float = 0.1,
    null_draws: int | None = None,
    before: Partition | None = None,
    jobs: int = 1,
) -> Partition:
    """Return the clusters of a network, with how sure each is.

    The layer is searched with many seeds and on noisy copies; the answer is the partition nearest to all of them. Its
    modularity is worked out from the flows by our own formula. What one search finds (`modularity_searched`, the mean
    of the seeds) is held against what it finds on networks without clusters, which gives z and p: every partition has
    a modularity, and whether it says anything is `summary["significant"]`.

    Parameters
    ----------
    net : Network
    layer : str
        The layer to search.
    resolution : float
        γ of the modularity: above 1 more and smaller clusters.
    seed : int
        The same seed gives the same answer.
    method : {"leiden", "cpm", "louvain", "infomap", "label_propagation", "mapequation", "leidenalg"}
        See `communities.search`.
    transform : str
        What a link's weight means; see `netcluster.network.transform`. "across" and "pair_normalised" look past
        borders in a table of several countries; "leontief" and "value_added" see the whole chain of a table.
    backbone : {"disparity", "noise_corrected", "strongest"}, optional
        Keep only the links that stand out (see `netcluster.network.backbone`), after the transform; how much is kept
        stands in the notes. Infomap needs it on a dense table. The null then is of the filtered network.
    diagonal : bool
        Whether what an industry sells to itself counts.
    effort : {"quick", "standard", "full"}
        How many searches, set from the size of the network.
    members, noisy, null_draws : int, optional
        Seeds, noisy copies and null draws, in place of what `effort` gives.
    noise : float
        σ of the lognormal noise on each weight of a noisy copy.
    before : Partition, optional
        The clusters of the year before: half the seeds begin with them (by node id), so that what has not changed in
        the data is not changed by chance.
    jobs : int
        Processes that share the searches and null draws; the answer does not depend on how many.

    Returns
    -------
    Partition
        node, cluster, cluster_name, stability, core, attachment, label, region, name_reason; a row a node.

    Examples
    --------
    >>> import netcluster as nc
    >>> io = nc.IOTable.from_arrays([[9, 8, 1, 0], [8, 9, 0, 1], [1, 0, 9, 8], [0, 1, 8, 9]], x=[40] * 4)
    >>> part = detect(nc.build(io))
    >>> part.labels
    array([1, 1, 2, 2])
    """
    ready = prepare(net, layer, transform, diagonal=diagonal, backbone=backbone)
    counts = _counts(effort, ready.layer, members, noisy, null_draws)
    find = search(method, resolution)
    if counts.seeds + counts.noisy < 1:
        raise NetclusterError("There is no search to run.", "Give at least one member.")
    if not 0 <= noise < np.inf:
        raise NetclusterError(f"noise is {noise}.", "Give a finite number of 0 or more.")
    order = np.argsort(np.array(net.ids, dtype=object), kind="stable")
    sorted_ = _sorted(ready, order)
    graph = graph_of(sorted_.layer.matrix, ready.layer.directed)
    warm = None if before is None else search(method, resolution, carried(before, [net.ids[at] for at in order]))
    runs = sample(graph, find, seeds=counts.seeds, noisy=counts.noisy, noise=noise, seed=seed, warm=warm, jobs=jobs)
    agreed, how = consensus(runs.members, seed)
    labels = numbered(_alone(agreed, sorted_.flows), net.nodes["size"].to_numpy()[order])
    alone = counts.seeds if warm is None else cold(counts.seeds)
    each = [quality.modularity(sorted_.flows, member, resolution) for member in runs.members[: max(alone, 1)]]
    tested = compared(sorted_, labels, find, counts.draws, seed, resolution, float(np.mean(each)), jobs=jobs)
    summary = {
        **measured(sorted_.flows, labels, resolution, tested), "modularity_searched": float(np.mean(each)),
        "members": runs.size, "members_noisy": counts.noisy, "consensus": how, **likeness(runs, labels),
    }  # fmt: skip
    parameters = {
        "layer": layer, "resolution": resolution, "seed": seed, "method": method, "transform": transform,
        "backbone": backbone, "diagonal": diagonal, "effort": effort, "members": counts.seeds, "noisy": counts.noisy,
        "noise": noise, "null_draws": counts.draws, "warm": before is not None,
    }  # fmt: skip
    told = replace(ready, notes=(*ready.notes, _ran(counts, effort)))
    place = np.argsort(order)
    return assemble(net, told, labels[place], summary, parameters, stability(runs, labels)[place], tested)


def _sorted(ready: Prepared, order: npt.NDArray[np.intp]) -> Prepared:
    """Return the layer with its nodes in that order: a search depends on it, and the order of rows says nothing."""
    if (np.diff(order) > 0).all():
        return ready
    matrix, flows = (sp.csr_array(one[order][:, order]) for one in (ready.layer.matrix, ready.flows))
    return replace(ready, layer=replace(ready.layer, matrix=matrix), flows=flows)


def _ran(counts: Effort, level: Level) -> Note:
    """Return how much was searched, and how more is asked for."""
    more = "" if level == "full" else " --effort full runs more."
    text = f"Clusters are agreed upon by {counts.seeds} searches and {counts.noisy} of noisy copies,"
    return Note("searches", f"{text} and stand beside {counts.draws} null draws.{more}", counts.seeds + counts.noisy)


def prepare(
    net: Network, layer: str, transform: str, *, diagonal: bool = True, backbone: BackboneMethod | None = None
) -> Prepared:
    """Return the layer transformed and filtered, and as directed flows; a layer without links is an error."""
    given = net.layer(layer)
    matrix = given.matrix if diagonal else without_loops(given.matrix)
    notes = [] if diagonal else [Note("no_diagonal", "What nodes sell to themselves was left out.")]
    directed = given.directed
    if transform != "flows":
        groups = net.nodes["region"].to_numpy() if transform in GROUPED else None
        matrix = transformed(matrix, transform, groups, _amounts(net, transform))
        directed = directed and transform not in SYMMETRIC
    if backbone is not None and matrix.nnz:
        filtered = filtered_by(matrix, backbone, directed=directed)
        matrix = filtered.matrix
        notes.append(filtered.note)
    if not matrix.nnz:
        raise NetclusterError(
            f"Layer {layer} holds no links to make clusters of.",
            f"Choose another layer; there are {', '.join(net.layers)}."
            if transform == "flows"
            else f"The transform {transform!r} left none: choose another.",
        )
    shaped = Layer(matrix, given.unit, directed, given.money)
    return Prepared(shaped, quality.as_flows(shaped), tuple(notes))


def _amounts(net: Network, transform: str) -> list[Array] | None:
    """Return what a transform needs to know of each node; an amount that is not known is an error."""
    if transform not in AMOUNTS:
        return None
    nodes = net.nodes
    for name in AMOUNTS[transform]:
        if name not in nodes or not nodes[name].notna().all():
            raise NetclusterError(
                f"The transform {transform!r} needs the {_WORDS[name]} of each node, which this network does not know.",
                "It is for input–output tables: build the network from one.",
            )
    return [nodes[name].to_numpy(dtype=np.float64) for name in AMOUNTS[transform]]


_WORDS = {"size": "output", "value_added": "value added"}


def measured(flows: Any, labels: Labels, resolution: float, tested: Significance | None) -> dict[str, object]:
    """Return the part of the summary that any partition has, found or brought along."""
    chance: dict[str, object] = dict.fromkeys(_TESTED, None) | {"null_draws": 0}
    if tested is not None:
        chance = {
            "null_mean": tested.null_mean, "null_sd": tested.null_sd, "z": tested.z, "p_value": tested.p_value,
            "significant": tested.significant, "null_draws": tested.draws, "null_model": tested.kind,
        }  # fmt: skip
    return {
        "modularity": quality.modularity(flows, labels, resolution),
        **chance,
        "resolution": resolution,
        "clusters": int(labels.max()),
    }


def assemble(
    net: Network,
    ready: Prepared,
    labels: Labels,
    summary: dict[str, object],
    parameters: dict[str, object],
    stable: Array,
    tested: Significance | None,
    names: list[Name] | None = None,
) -> Partition:
    """Return the partition with its frame, names, notes and findings."""
    import pandas as pd

    names = name_clusters(net.nodes, ready.flows, labels) if names is None else names
    frame = pd.DataFrame(
        {
            "node": net.nodes["id"].to_numpy(),
            "cluster": labels,
            "cluster_name": [names[label - 1].name for label in labels],
            "stability": stable,
            "core": stable >= CORE,
            "attachment": quality.attachment(ready.flows, labels),
            "label": net.nodes["label"].to_numpy(),
            "region": net.nodes["region"].to_numpy(),
            "name_reason": [names[label - 1].reason for label in labels],
        }
    )
    notes = (*ready.notes, *_notes(labels, tested))
    return Partition(
        frame,
        MEASURES,
        MappingProxyType(parameters),
        notes,
        findings_of(net, labels, summary, names, stable),
        labels=labels,
        summary=MappingProxyType(summary),
        **({} if tested is None else {"cluster_z": tested.cluster_z, "cluster_p": tested.cluster_p}),
    )


def _counts(level: Level, layer: Layer, seeds: int | None, noisy: int | None, draws: int | None) -> Effort:
    usual = usual_effort(level, layer.links, layer.matrix.shape[0])
    for name, value in (("members", seeds), ("noisy", noisy), ("null_draws", draws)):
        if value is not None and value < 0:
            raise NetclusterError(f"{name} is {value}.", "Give 0 or more.")
    return Effort(
        usual.seeds if seeds is None else seeds,
        usual.noisy if noisy is None else noisy,
        usual.draws if draws is None else draws,
    )


def _alone(labels: Labels, flows: Any) -> Labels:
    """Return the labels with each node that has no links to others in a cluster of its own."""
    n = labels.size
    rows = np.repeat(np.arange(n), np.diff(flows.indptr))
    other = rows != flows.indices
    linked = np.zeros(n, dtype=bool)
    linked[rows[other]] = linked[flows.indices[other]] = True
    return np.where(linked, labels, labels.max(initial=0) + 1 + np.arange(n))


def compared(
    ready: Prepared,
    labels: Labels,
    find: Search | None,
    draws: int,
    seed: int,
    resolution: float,
    searched: float | None = None,
    jobs: int = 1,
) -> Significance | None:
    """Return how the labels stand beside the null model of a layer; None for no draws."""
    if draws < 1:
        return None
    null = NullModel(ready.flows, ready.layer.directed)
    return against_null(null, labels, find, draws=draws, seed=seed, resolution=resolution, searched=searched, jobs=jobs)


def _notes(labels: Labels, tested: Significance | None) -> tuple[Note, ...]:
    found = []
    alone = int(np.count_nonzero(np.bincount(labels)[1:] == 1))
    if alone:
        found.append(Note("alone", f"{alone} nodes stand alone in their cluster.", alone))
    if tested is None:
        text = "No null model was drawn: whether the clusters are more than chance is not known. Ask for null draws."
        found.append(Note("no_null_model", text))
    elif tested.draws < (least := fewest_draws(labels.size)):
        text = f"{tested.draws} null draws are too few to call anything significant; {least} are needed."
        found.append(Note("few_null_draws", text))
    return tuple(found)
