"""Searches for clusters: fifty of a dense table and one of very many links beside bare igraph, and other Leidens.

leidenalg and scikit-network look for the same directed modularity on one network of firms, as they do by default; what
each reaches is worked out in one way. `python -m benchmarks.clusters` runs both tables, with `--large` the million
nodes too (some minutes, 3 GB). Every figure is of a process of its own, in alternating runs, and times are of the
processor, as the machine is shared. Bare igraph searches one shared graph of its own fifty times, in the form that is
right for directed networks with loops; the ensemble adds seeds by name, labels and a consensus to that.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

DENSE, BLOCKS, SEARCHES = 2000, 20, 50
NODES, LINKS, ROUNDS = 1_000_000, 10_000_000, 2
FEW_NODES, FEW_LINKS = 50_000, 500_000


def dense() -> Any:
    """Return a dense directed table with loops, unequal margins and planted blocks eight times as strong."""
    import scipy.sparse as sp

    rng = np.random.default_rng(0)
    margins = np.exp(rng.normal(size=(2, DENSE)))
    flows = np.outer(*margins) * np.exp(rng.normal(size=(DENSE, DENSE)))
    truth = np.arange(DENSE) % BLOCKS
    flows[truth[:, None] == truth[None, :]] *= 8
    return sp.csr_array(flows)


def links(nodes: int = NODES, many: int = LINKS, inner: float = 0.8) -> Any:
    """Return links of nodes, a share of them inside groups of a thousand."""
    import scipy.sparse as sp

    rng = np.random.default_rng(0)
    source = rng.integers(0, nodes, many)
    inside = source // 1000 * 1000 + rng.integers(0, 1000, many)
    target = np.where(rng.random(many) < inner, inside, rng.integers(0, nodes, many))
    matrix = sp.csr_array((rng.lognormal(size=many), (source, target)), shape=(nodes, nodes))
    matrix.sum_duplicates()
    return matrix


def few() -> Any:
    """Return half a million links of firms, two in five inside groups of a thousand."""
    return links(FEW_NODES, FEW_LINKS, 0.4)


def ours(matrix: Any, searches: int) -> None:
    """Search an ensemble and take its consensus; one search alone goes so many rounds, as the peer's does."""
    from netcluster.clusters.communities import search
    from netcluster.clusters.consensus import consensus
    from netcluster.clusters.ensemble import sample
    from netcluster.network.graph import graph_of, leiden

    if searches == 1:
        leiden(graph_of(matrix), iterations=ROUNDS)
        return
    runs = sample(graph_of(matrix), search("leiden", 1.0), seeds=searches, noisy=0, noise=0.0, seed=0)
    consensus(runs.members)


def bare(matrix: Any, searches: int) -> None:
    """Search with igraph alone on one graph: to convergence, or once and so many rounds."""
    import random

    import igraph

    pairs = np.empty((matrix.nnz, 2), dtype=np.int64)
    pairs[:, 0] = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    pairs[:, 1] = matrix.indices
    graph = igraph.Graph(n=matrix.shape[0], edges=_view(pairs), directed=True)
    weights = _view(np.ascontiguousarray(matrix.data))
    sold, bought = (graph.strength(mode=mode, loops=True, weights=weights) for mode in ("out", "in"))
    for seed in range(searches):
        igraph.set_random_number_generator(random.Random(seed))
        graph.community_leiden(
            "CPM", weights=weights, node_weights=sold, node_in_weights=bought,
            resolution=1.0 / float(matrix.data.sum()), n_iterations=-1 if searches > 1 else ROUNDS,
        )  # fmt: skip


def one(matrix: Any, searches: int) -> Any:
    """Search once, to the end."""
    from netcluster.network.graph import graph_of, leiden

    return leiden(graph_of(matrix))


def leidenalg(matrix: Any, searches: int) -> Any:
    """Search once with leidenalg: two rounds, as it does by default."""
    import igraph
    import leidenalg

    ends: Any = np.column_stack([np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices])
    graph = igraph.Graph(n=matrix.shape[0], edges=_view(ends.astype(np.int64)), directed=True)
    kind = leidenalg.ModularityVertexPartition
    found = leidenalg.find_partition(graph, kind, weights=matrix.data.tolist(), seed=0)
    return np.array(found.membership)


def scikit(matrix: Any, searches: int) -> Any:
    """Search once with scikit-network (Dugué and Perez's directed modularity), as it does by default."""
    import scipy.sparse as sp
    from sknetwork.clustering import Leiden

    return Leiden(random_state=0, return_probs=False, return_aggregate=False).fit_predict(sp.csr_matrix(matrix))


#: igraph reads a buffer without making a Python object of each entry first.
_view: Any = memoryview

CASES: dict[str, tuple[Callable[[], Any], int]] = {"dense": (dense, SEARCHES), "links": (links, 1), "few": (few, 1)}
WHO: dict[str, Callable[[Any, int], Any]] = {
    "ours": ours, "bare": bare, "one": one, "leidenalg": leidenalg, "scikit": scikit,
}  # fmt: skip
#: What is imported before the clock: that takes its second once, and not once a search.
LOADED: dict[str, tuple[str, ...]] = {
    "ours": tuple(f"netcluster.clusters.{name}" for name in ("communities", "consensus", "ensemble")),
    "leidenalg": ("leidenalg",),
    "scikit": ("sknetwork.clustering",),
}


def measure(case: str, who: str) -> dict[str, float]:
    """Return seconds and megabytes of one run in this process, and of one search what modularity it lacks to 1.

    Making the network is not counted in the time.
    """
    from netcluster.clusters.quality import modularity

    made, searches = CASES[case]
    matrix = made()
    for name in ("igraph", *LOADED.get(who, ())):
        import_module(name)
    start = time.process_time()
    labels = WHO[who](matrix, searches)
    found = {"seconds": time.process_time() - start}
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found if labels is None else found | {"lacking": 1 - modularity(matrix, labels)}


def _apart(case: str, who: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.clusters", case, who]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def run(repeats: int = 1, *, large: bool = False) -> list[dict[str, Any]]:
    """Return the figures: name, ours and peer (medians), unit and ratio; with `large` those of many links too."""
    dense_name = f"{SEARCHES} searches of a dense table of {DENSE:,}, and their consensus"
    few_name = f"one search of {FEW_NODES:,} nodes and {FEW_LINKS:,} links"
    rows = [
        *_rows("dense", dense_name, "ours", {"bare": "bare igraph"}, repeats),
        *_rows("few", few_name, "one", {"leidenalg": "leidenalg", "scikit": "scikit-network"}, repeats),
    ]
    if large:
        name = f"one search of {NODES:,} nodes and {LINKS:,} links, {ROUNDS} rounds"
        rows += _rows("links", name, "ours", {"bare": "bare igraph"}, repeats)
    return rows


def _rows(case: str, name: str, mine: str, peers: dict[str, str], repeats: int) -> list[dict[str, Any]]:
    runs: dict[str, list[dict[str, float]]] = {who: [] for who in (mine, *peers)}
    for _ in range(repeats):
        for who, found in runs.items():
            found.append(_apart(case, who))
    rows = []
    for peer, peer_name in peers.items():
        whole = name if len(peers) == 1 else f"{name}; {peer_name}"
        for unit, key, what in (
            ("s", "seconds", "seconds"), ("MB", "megabytes", "megabytes"), ("1 − Q", "lacking", "modularity below 1"),
        ):  # fmt: skip
            if key in runs[mine][0]:
                value, theirs = (statistics.median(run[key] for run in runs[who]) for who in (mine, peer))
                rows.append(
                    {
                        "name": f"{whole} ({what})", "ours": round(value, 4), "peer": round(theirs, 4),
                        "peer_name": peer_name, "unit": unit, "ratio": round(value / theirs, 3),
                    }
                )  # fmt: skip
    return rows


if __name__ == "__main__":
    print(json.dumps(measure(*sys.argv[1:3]) if len(sys.argv) > 2 else run(large="--large" in sys.argv)))
