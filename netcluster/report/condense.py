"""A network made small enough to look at: by its clusters, or by its largest nodes."""

from __future__ import annotations

import numpy as np

from netcluster.report.names import cluster_names, clusters_of
from netcluster.report.view import Array, Codes, Flows, View


def condensed(view: View, flows: Flows, most_nodes: int, most_groups: int) -> tuple[Flows, Codes, str]:
    """Return flows small enough to draw, the cluster of each of their nodes, and what was done to get there.

    Up to `most_nodes` nodes are left as they are. Beyond, each cluster becomes one node (the largest
    `most_groups` of them); where there are no clusters, the largest `most_groups` nodes are kept.
    """
    clusters = clusters_of(view, flows.ids)
    if flows.n <= most_nodes:
        return flows, clusters, ""
    many = f"{flows.n:,} nodes are too many to show one by one: shown are "
    members = np.bincount(clusters)
    shared = np.where(members[clusters] > 1, clusters, 0)
    if len(np.unique(shared[shared > 0])) > 1:
        groups = _grouped(flows, shared, cluster_names(view))
        chosen = _largest(groups, most_groups)
        count = int((node_sizes(groups) > 0).sum())
        only = f" (the {len(chosen)} largest of {count:,})" if count > len(chosen) else ""
        alone = int((members[1:] == 1).sum())
        without = f", without {alone:,} of a single node" if alone else ""
        return _cut(groups, chosen), chosen, f"{many}their clusters{only}{without}. "
    chosen = _largest(flows, most_groups)
    return _cut(flows, chosen), clusters[chosen], f"{many}the {len(chosen)} largest. "


def node_sizes(flows: Flows) -> Array:
    """Return the nodes' sizes; where none is known, what they sell and buy together."""
    if np.isfinite(flows.sizes).any() and np.nansum(flows.sizes) > 0:
        return np.clip(np.nan_to_num(flows.sizes, nan=0.0), 0.0, None)
    sold = np.bincount(flows.source, weights=flows.weight, minlength=flows.n)
    return np.asarray(sold + np.bincount(flows.target, weights=flows.weight, minlength=flows.n))


def _grouped(flows: Flows, clusters: Codes, names: dict[int, str]) -> Flows:
    """Return the flows between clusters: node k is cluster k, node 0 stands for nodes in none."""
    count = int(clusters.max()) + 1
    pairs, place = np.unique(clusters[flows.source] * count + clusters[flows.target], return_inverse=True)
    sizes = np.bincount(clusters, weights=node_sizes(flows), minlength=count).astype(np.float64)
    sizes[0] = 0.0
    return Flows(
        ids=[f"cluster {number}" for number in range(count)],
        labels=[names.get(number, f"Cluster {number}") for number in range(count)],
        regions=[""] * count,
        sizes=sizes,
        places=np.full((count, 2), np.nan),
        source=pairs // count,
        target=pairs % count,
        weight=np.bincount(place, weights=flows.weight).astype(np.float64),
        unit=flows.unit,
    )


def _largest(flows: Flows, most: int) -> Codes:
    sizes = node_sizes(flows)
    order = np.lexsort((np.arange(flows.n), -sizes))
    return np.sort(order[sizes[order] > 0][:most])


def _cut(flows: Flows, chosen: Codes) -> Flows:
    """Return the chosen nodes and the links between them."""
    code = np.full(flows.n, -1, dtype=np.int64)
    code[chosen] = np.arange(len(chosen))
    kept = (code[flows.source] >= 0) & (code[flows.target] >= 0)
    return Flows(
        ids=[flows.ids[place] for place in chosen],
        labels=[flows.labels[place] for place in chosen],
        regions=[flows.regions[place] for place in chosen],
        sizes=flows.sizes[chosen],
        places=flows.places[chosen],
        source=code[flows.source[kept]],
        target=code[flows.target[kept]],
        weight=flows.weight[kept],
        unit=flows.unit,
    )
