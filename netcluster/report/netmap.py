"""The network as a picture: its strongest links, and a place, size and colour for each node.

Twenty thousand links are a blot: drawn are the three strongest of each node, and the partners of the rest
are named when a node is pointed at. A network too large to draw is drawn as its clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.report.condense import condensed, node_sizes
from netcluster.report.names import brief, cluster_names, colour, short
from netcluster.report.numbers import column_texts, share
from netcluster.report.scene import Scene
from netcluster.report.view import Array, Codes, Flows, View

if TYPE_CHECKING:
    import pandas as pd

#: The most nodes that are drawn one by one, and the most clusters drawn in their place.
MOST_NODES, MOST_GROUPS = 2_000, 300
#: Links drawn for each node.
LINKS = 3
#: Partners named for each node; above this many nodes two of them, and shorter, for the page's weight.
PARTNERS, CROWD = 3, 500


def network_scene(view: View) -> Scene | None:
    """Return the picture of the run's network, or None where it has no links between two nodes."""
    if view.flows is None or view.flows.n < 2 or not (view.flows.source != view.flows.target).any():
        return None
    flows, clusters, said = condensed(view, view.flows, MOST_NODES, MOST_GROUPS)
    matrix = flows.matrix()
    source, target, weight = strongest(flows, LINKS)
    from netcluster.network.graph import layout

    kept = replace(flows, source=source, target=target, weight=weight)
    places = _within(layout(kept.matrix(), seed=0))
    marks = _marks(flows, clusters, cluster_names(view), matrix, places)
    between = int((flows.source != flows.target).sum())
    drawn = f"{said}Drawn are {len(weight):,} of {between:,} links: the {LINKS} strongest of each node."
    return Scene(
        key="network",
        kind="network",
        title="Who supplies whom",
        caption=f"{drawn} Nodes that trade much stand close together; the larger, the more output or jobs;"
        " colour is the cluster.",
        alternative=_alternative(marks, flows, source, target, weight),
        marks=marks,
        table=_link_table(flows, source, target, weight),
        extras={"source": source, "target": target, "weight": weight, "names": cluster_names(view)},
    )


def strongest(flows: Flows, most: int) -> tuple[Codes, Codes, Array]:
    """Return the links that are among the `most` strongest of either of their ends; loops are none."""
    real = np.flatnonzero(flows.source != flows.target)
    source, target, weight = flows.source[real], flows.target[real], flows.weight[real]
    ends = np.concatenate([source, target])
    link = np.tile(np.arange(len(real)), 2)
    order = np.lexsort((link, -weight[link], ends))
    ends = ends[order]
    first = np.concatenate([[0], np.flatnonzero(np.diff(ends)) + 1])
    lengths = np.diff(np.append(first, len(ends)))
    rank = np.arange(len(ends)) - np.repeat(first, lengths)
    kept = np.unique(link[order][rank < most])
    return source[kept], target[kept], weight[kept]


def partners(matrix: Any, names: Sequence[str], most: int = PARTNERS) -> list[str]:
    """Return, for each row, its largest columns with their shares of the row, its own left out.

    >>> import scipy.sparse as sp
    >>> partners(sp.csr_array([[5.0, 3.0, 1.0], [0.0, 0.0, 0.0], [0.0, 2.0, 0.0]]), ["a", "b", "c"])
    ['b 75.0 %, c 25.0 %', '', 'b 100.0 %']
    """
    links = matrix.tocoo()
    real = links.row != links.col
    row, column, weight = links.row[real], links.col[real], links.data[real]
    totals = np.bincount(row, weights=weight, minlength=matrix.shape[0])
    told: list[list[str]] = [[] for _ in range(matrix.shape[0])]
    order = np.lexsort((column, -weight, row))
    for place in order:
        at = row[place]
        if len(told[at]) < most:
            told[at].append(f"{names[column[place]]} {share(weight[place] / totals[at])}")
    return [", ".join(parts) for parts in told]


def _within(places: Array) -> Array:
    """Return positions in the unit square, half way to even spacing, so that the crowded middle can be read."""
    span = np.ptp(places, axis=0)
    scaled = (places - places.min(axis=0)) / np.where(span > 0, span, 1.0)
    ranks = np.argsort(np.argsort(places, axis=0, kind="stable"), axis=0) / max(len(places) - 1, 1)
    return np.asarray((scaled + ranks) / 2)


def _marks(flows: Flows, clusters: Codes, names: dict[int, str], matrix: Any, places: Array) -> pd.DataFrame:
    import pandas as pd

    sizes = node_sizes(flows)
    room, most = (16, 2) if flows.n > CROWD else (30, PARTNERS)
    told = [brief(label, room) for label in flows.labels]
    return pd.DataFrame(
        {
            "node": [short(key, 60) for key in flows.ids],
            "label": [short(label, 60) for label in flows.labels],
            "cluster": clusters,
            "cluster_name": [short(names.get(int(number), ""), 60) for number in clusters],
            "x": places[:, 0],
            "y": places[:, 1],
            "size": sizes,
            "output": column_texts(pd.Series(sizes)),
            "diameter": _diameters(sizes, flows.n),
            "colour": [colour(int(number)) for number in clusters],
            "suppliers": partners(matrix.T.tocsr(), told, most),
            "buyers": partners(matrix, told, most),
        }
    )


def _diameters(sizes: Array, n: int) -> Array:
    largest = 46 if n <= 60 else 34 if n <= 400 else 22
    top = sizes.max()
    root = np.sqrt(np.clip(sizes, 0, None) / top) if top > 0 else np.zeros(n)
    return np.asarray(np.round(max(5, largest / 6) + largest * 5 / 6 * root, 1))


def _alternative(marks: pd.DataFrame, flows: Flows, source: Codes, target: Codes, weight: Array) -> str:
    count = int(marks.loc[marks["cluster"] > 0, "cluster"].nunique())
    inside = f" in {count} clusters" if count else ""
    order = np.lexsort((np.arange(len(weight)), -weight))[:3]
    links = "; ".join(f"{short(flows.labels[source[k]])} to {short(flows.labels[target[k]])}" for k in order)
    return f"A map of {flows.n:,} nodes{inside}. The strongest links: {links}."


def _link_table(flows: Flows, source: Codes, target: Codes, weight: Array, most: int = 20) -> pd.DataFrame:
    import pandas as pd

    order = np.lexsort((np.arange(len(weight)), -weight))[:most]
    bought = np.bincount(flows.target, weights=flows.weight, minlength=flows.n)
    return pd.DataFrame(
        {
            "Supplier": [flows.labels[k] for k in source[order]],
            "Buyer": [flows.labels[k] for k in target[order]],
            f"Flow{f' ({flows.unit})' if flows.unit else ''}": weight[order],
            "Share of the buyer's purchases": [share(value) for value in weight[order] / bought[target[order]]],
        }
    )
