"""Centralities and brokerage of a made network of firms, beside bare igraph, scikit-network and networkx.

`python -m benchmarks.centrality` runs all; each figure is of a process of its own, in alternating runs. The links are
those of `benchmarks.network`: buyers by Pareto weights, so that a few have very many.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import network as made_network

NODES, LINKS = 500_000, 5_000_000
#: What igraph's own constraint bears: a hub costs it the square of its ties.
FEW_NODES, FEW_LINKS = 50_000, 500_000
#: What networkx bears in some seconds: time and memory rise with the square of the nodes.
SMALL_NODES, SMALL_LINKS = 10_000, 100_000
_matrix = made_network._matrix


def _symmetric(folder: Path) -> Any:
    from netcluster.centrality.brokers import _both

    return _both(_matrix(folder))


def ranks_ours(folder: Path) -> Callable[[], object]:
    """PageRank and k-core from the network's own matrix, as a user has it."""
    import igraph  # noqa: F401  (loaded before the clock, as the peer's is)

    from netcluster.centrality import pagerank
    from netcluster.network import graph

    matrix = _matrix(folder)
    return lambda: (pagerank(matrix), graph.coreness(graph.graph_of(matrix)))


def ranks_igraph(folder: Path) -> Callable[[], object]:
    """The same by bare igraph, which needs the weights as a list of Python numbers for PageRank."""
    import igraph

    matrix = _matrix(folder).tocoo()
    pairs = np.column_stack([matrix.row, matrix.col]).astype(np.int64)
    weights, n = matrix.data, matrix.shape[0]
    buffer: Any = memoryview(pairs.data)

    def run() -> object:
        graph = igraph.Graph(n=n, edges=buffer, directed=True)
        return graph.pagerank(weights=weights.tolist()), graph.coreness()

    return run


def pagerank_ours(folder: Path) -> Callable[[], object]:
    from netcluster.centrality import pagerank

    matrix = _matrix(folder)
    return lambda: pagerank(matrix)


def pagerank_scikit(folder: Path) -> Callable[[], object]:
    """scikit-network's power iteration, ended where ours ends: when the ranks move by less than 1e-10 × (1 − 0.85)."""
    import scipy.sparse as sp
    from sknetwork.ranking import PageRank

    matrix = sp.csr_matrix(_matrix(folder))
    return lambda: PageRank(solver="piteration", n_iter=1000, tol=1.5e-11).fit_predict(matrix)


def pieces_ours(folder: Path) -> Callable[[], object]:
    import netcluster.network._kernels  # noqa: F401  (loads numba before the clock)
    from netcluster.centrality.institutions import without_each

    pattern = _symmetric(folder)
    return lambda: without_each(pattern)


def pieces_igraph(folder: Path) -> Callable[[], object]:
    from netcluster.network import graph

    matrix = _symmetric(folder)
    return lambda: graph.graph_of(matrix, directed=False).handle.biconnected_components()


def holes_ours(folder: Path) -> Callable[[], object]:
    import netcluster.centrality._triangles  # noqa: F401  (loads numba before the clock)
    from netcluster.centrality.brokers import structural_holes

    both = _symmetric(folder)
    return lambda: structural_holes(both)


def holes_igraph(folder: Path) -> Callable[[], object]:
    """Constraint alone, as igraph has no effective size."""
    from netcluster.network import graph

    built = graph.graph_of(_symmetric(folder), directed=False)
    return lambda: built.handle.constraint(weights=built.weights.tolist())


def holes_networkx(folder: Path) -> Callable[[], object]:
    import networkx as nx

    graph = nx.from_scipy_sparse_array(_symmetric(folder))
    return lambda: (nx.constraint(graph, weight="weight"), nx.effective_size(graph, weight="weight"))


def run(times: int = 1) -> list[dict[str, Any]]:
    """Return the rows of the table of benchmarks."""
    cases = [
        (NODES, LINKS, "ranks_ours", "ranks_igraph", "PageRank and k-core; bare igraph"),
        (NODES, LINKS, "pagerank_ours", "pagerank_scikit", "PageRank; scikit-network"),
        (NODES, LINKS, "pieces_ours", "pieces_igraph", "what falls apart; igraph's blocks"),
        (FEW_NODES, FEW_LINKS, "holes_ours", "holes_igraph", "constraint and effective size; igraph's constraint"),
        (SMALL_NODES, SMALL_LINKS, "holes_ours", "holes_networkx", "constraint and effective size; networkx"),
    ]
    rows, size = [], (0, 0)
    with tempfile.TemporaryDirectory(prefix="netcluster-bench-") as place:
        folder = Path(place)
        for nodes, links, ours, peer, name in cases:
            if size != (nodes, links):
                made_network.made(folder, nodes, links)
                size = nodes, links
            found = made_network.beside(ours, peer, folder, times, module="benchmarks.centrality")
            for (mine, theirs), unit, more in ((found["seconds"], "s", ""), (found["peak"], "MB", ", peak memory")):
                what = f"{nodes:,} nodes, {links:,} links: {name}{more}"
                rows.append({"name": what, "ours": mine, "peer": theirs, "unit": unit, "ratio": mine / theirs})
    return rows


if __name__ == "__main__":
    if len(sys.argv) == 3:
        made_network.measure(globals()[sys.argv[1]], Path(sys.argv[2]))
    else:
        for row in run():
            print(json.dumps(row))
