"""A firm network from its list of links to findings, beside the bare calls of igraph and SciPy that do the same.

Build → communities → PageRank → k-core → dependence with its findings: ours from ids, the bare calls from codes that
are numbers already. Both look for communities twice over the links (Leiden, directed modularity by node weights), and
both are a process of their own, in alternating runs. `python -m benchmarks.firms` takes 200,000 firms and 2 million
links; with `--large` a million firms and ten million links.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import network as made_network

SIZES = {"": (200_000, 2_000_000), "--large": (1_000_000, 10_000_000)}
INDUSTRIES, ITERATIONS = 56, 2


def _industry(nodes: int) -> Any:
    return np.random.default_rng(1).integers(0, INDUSTRIES, nodes)


def ours(folder: Path) -> Callable[[], object]:
    """From a table of links by id and a list of firms."""
    import igraph  # noqa: F401  (all is loaded before the clock, as the peers are)
    import pandas as pd
    import scipy.sparse  # noqa: F401

    import netcluster.risk
    from netcluster.centrality import pagerank
    from netcluster.network.build import build
    from netcluster.network.graph import coreness, graph_of, leiden
    from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
    from netcluster.tables.links import LinkTable

    table = LinkTable(pd.read_parquet(folder / "links.parquet"))
    count = json.loads((folder / "size.json").read_text())[0]
    frame = pd.DataFrame({"id": [f"firm-{k:07d}" for k in range(count)], "kind": "firm"})
    firms = FirmTable(frame.assign(industry=[f"I{k:02d}" for k in _industry(count)]).reindex(columns=FIRM_COLUMNS))

    def run() -> object:
        network = build(firms, table)
        matrix = network.layer("supply").matrix
        graph = graph_of(matrix)
        labels, core = leiden(graph, iterations=ITERATIONS), coreness(graph)
        del graph
        return labels, core, pagerank(matrix), netcluster.risk.dependence(network, of="node", on="industry").findings

    return run


def bare(folder: Path) -> Callable[[], object]:
    """From pairs of numbers: igraph's graph, Leiden, PageRank and k-core, SciPy's shares by industry and their HHI."""
    import igraph
    import scipy.sparse as sp

    codes, weights = np.load(folder / "codes.npy"), np.load(folder / "weights.npy")
    n = json.loads((folder / "size.json").read_text())[0]
    industry = _industry(n)

    def run() -> object:
        matrix = sp.csr_array(sp.coo_array((weights, (codes[:, 0], codes[:, 1])), shape=(n, n)))
        rows = np.repeat(np.arange(n), np.diff(matrix.indptr))
        pairs: Any = np.column_stack([rows, matrix.indices]).astype(np.int64)
        graph = igraph.Graph(n=n, edges=memoryview(pairs), directed=True)
        view: Any = memoryview(matrix.data)
        out, into = graph.strength(mode="out", weights=view), graph.strength(mode="in", weights=view)
        igraph.set_random_number_generator(random.Random(0))
        found = graph.community_leiden(
            "CPM",
            weights=view,
            node_weights=out,
            node_in_weights=into,
            resolution=1 / matrix.data.sum(),
            n_iterations=ITERATIONS,
        )
        rank = graph.pagerank(weights=matrix.data.tolist())
        core = graph.coreness()
        shares = []
        member = sp.csr_array((np.ones(n), (np.arange(n), industry)), shape=(n, INDUSTRIES))
        for side in (matrix.T.tocsr(), matrix):
            amount = sp.csr_array(side @ member)
            total = np.asarray(amount.sum(axis=1)).ravel()
            share = sp.diags_array(np.divide(1, total, out=np.zeros(n), where=total > 0)) @ amount
            shares.append(np.asarray(share.power(2).sum(axis=1)).ravel())
        return found.membership, rank, core, shares

    return run


def run(times: int = 2, size: str = "") -> list[dict[str, Any]]:
    """Return the rows of the table of benchmarks."""
    nodes, links = SIZES[size]
    with tempfile.TemporaryDirectory(prefix="netcluster-bench-") as place:
        folder = Path(place)
        made_network.made(folder, nodes, links)
        (folder / "size.json").write_text(json.dumps([nodes, links]))
        found = made_network.beside("ours", "bare", folder, times, module="benchmarks.firms")
    what = f"{nodes:,} firms, {links:,} links: build, communities, PageRank, k-core, dependence; bare igraph and SciPy"
    rows = []
    for key, unit, more in (("seconds", "s", ""), ("peak", "MB", ", peak memory of the process")):
        pair = found[key]
        rows.append({"name": what + more, "ours": pair[0], "peer": pair[1], "unit": unit, "ratio": pair[0] / pair[1]})
    return rows


if __name__ == "__main__":
    if len(sys.argv) == 3:
        made_network.measure(globals()[sys.argv[1]], Path(sys.argv[2]))
    else:
        for row in run(size="--large" if "--large" in sys.argv else ""):
            print(json.dumps(row))
