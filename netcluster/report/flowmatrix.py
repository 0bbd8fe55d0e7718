"""The flow matrix in the order of clusters: suppliers down, buyers across, a frame about each cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcluster.report.condense import condensed, node_sizes
from netcluster.report.names import brief, cluster_names, short, unique
from netcluster.report.numbers import column_texts, share
from netcluster.report.scene import Scene
from netcluster.report.view import Codes, Flows, View

if TYPE_CHECKING:
    import pandas as pd

#: The most rows and columns that can be told apart on a page.
MOST_ROWS = 60


def matrix_scene(view: View) -> Scene | None:
    """Return the flow matrix, or None where there are no flows between nodes."""
    if view.flows is None or view.flows.n < 2 or not len(view.flows.weight):
        return None
    flows, clusters, said = condensed(view, view.flows, MOST_ROWS, MOST_ROWS)
    if not len(flows.weight):
        return None
    last = int(clusters.max(initial=0)) + 1
    order = np.lexsort((np.arange(flows.n), -node_sizes(flows), np.where(clusters > 0, clusters, last)))
    alone = len(np.unique(clusters)) == flows.n
    framed = "" if alone or not clusters.any() else " A frame holds what a cluster trades within itself."
    unit = f" ({flows.unit})" if flows.unit else ""
    blocks = _block_table(flows, clusters, cluster_names(view))
    return Scene(
        key="flow-matrix",
        kind="matrix",
        title="Flows in the order of clusters" if clusters.any() else "Flows",
        caption=f"{said}Rows sell, columns buy: the stronger the shade, the larger the flow{unit}, on a logarithmic"
        f" scale.{framed}",
        alternative=_alternative(flows, clusters),
        marks=_marks(flows),
        table=blocks,
        extras={
            "names": unique([brief(label) for label in flows.labels]),
            "order": order,
            "flow": f"Flow{unit}",
            "blocks": [] if alone else _blocks(clusters[order]),
        },
    )


def _marks(flows: Flows) -> pd.DataFrame:
    import pandas as pd

    bought = np.bincount(flows.target, weights=flows.weight, minlength=flows.n)[flows.target]
    sold = np.bincount(flows.source, weights=flows.weight, minlength=flows.n)[flows.source]
    return pd.DataFrame(
        {
            "supplier": flows.source,
            "buyer": flows.target,
            "flow": flows.weight,
            "of_purchases": flows.weight / bought,
            "of_sales": flows.weight / sold,
        }
    )


def _blocks(clusters: Codes) -> list[tuple[int, int, int]]:
    """Return (cluster, first place, places) of each run of one cluster, nodes in none left out."""
    edges = np.concatenate([[0], np.flatnonzero(np.diff(clusters)) + 1, [len(clusters)]])
    runs = zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    return [(int(clusters[start]), start, end - start) for start, end in runs if clusters[start] > 0]


def _alternative(flows: Flows, clusters: Codes) -> str:
    total = flows.weight.sum()
    own = flows.weight[flows.source == flows.target].sum() / total
    if not clusters.any() or len(np.unique(clusters)) == flows.n:
        return f"A matrix of {flows.n} rows and columns; {share(own)} of the flows lie on its diagonal."
    same = clusters[flows.source] == clusters[flows.target]
    inside = flows.weight[same & (clusters[flows.source] > 0)].sum() / total
    return (
        f"A matrix of {flows.n} rows and columns; {share(inside)} of the flows stay within a cluster,"
        f" {share(own)} within an industry."
    )


def _block_table(flows: Flows, clusters: Codes, names: dict[int, str], most: int = 12) -> pd.DataFrame:
    """Return the flows between clusters, supplier clusters in rows, as texts; the first twelve clusters."""
    import pandas as pd

    shown = [int(number) for number in np.unique(clusters) if number > 0][:most]
    if not shown:
        order = np.lexsort((np.arange(len(flows.weight)), -flows.weight))[:20]
        return pd.DataFrame(
            {
                "Supplier": [flows.labels[k] for k in flows.source[order]],
                "Buyer": [flows.labels[k] for k in flows.target[order]],
                "Flow": flows.weight[order],
            }
        )
    count = int(clusters.max()) + 1
    pair = clusters[flows.source] * count + clusters[flows.target]
    sums = np.bincount(pair, weights=flows.weight, minlength=count * count).reshape(count, count)
    rows: dict[str, list[str]] = {"Sold by": [f"{number} {short(names.get(number, ''), 40)}" for number in shown]}
    for number in shown:
        rows[f"to {number}"] = column_texts(pd.Series(sums[shown, number]))
    return pd.DataFrame(rows)
