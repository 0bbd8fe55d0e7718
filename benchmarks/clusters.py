"""An ensemble of fifty on a dense table, and one search of very many links, beside bare igraph.

`python -m benchmarks.clusters` runs the table, with `--large` the million nodes too (some minutes, 3 GB). Every figure
is of a process of its own, in alternating runs, and times are of the processor, as the machine is shared. Bare igraph
searches one shared graph of its own fifty times, in the form that is right for directed networks with loops; the
ensemble adds seeds by name, labels and a consensus to that.
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


def dense() -> Any:
    """Return a dense directed table with loops, unequal margins and planted blocks eight times as strong."""
    import scipy.sparse as sp

    rng = np.random.default_rng(0)
    margins = np.exp(rng.normal(size=(2, DENSE)))
    flows = np.outer(*margins) * np.exp(rng.normal(size=(DENSE, DENSE)))
    truth = np.arange(DENSE) % BLOCKS
    flows[truth[:, None] == truth[None, :]] *= 8
    return sp.csr_array(flows)


def links() -> Any:
    """Return ten million links of a million nodes, four in five inside groups of a thousand."""
    import scipy.sparse as sp

    rng = np.random.default_rng(0)
    source = rng.integers(0, NODES, LINKS)
    inside = source // 1000 * 1000 + rng.integers(0, 1000, LINKS)
    target = np.where(rng.random(LINKS) < 0.8, inside, rng.integers(0, NODES, LINKS))
    matrix = sp.csr_array((rng.lognormal(size=LINKS), (source, target)), shape=(NODES, NODES))
    matrix.sum_duplicates()
    return matrix


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


#: igraph reads a buffer without making a Python object of each entry first.
_view: Any = memoryview

CASES: dict[str, tuple[Callable[[], Any], int]] = {"dense": (dense, SEARCHES), "links": (links, 1)}


def measure(case: str, who: str) -> dict[str, float]:
    """Return seconds and megabytes of one run in this process; making the network is not counted in the time."""
    made, searches = CASES[case]
    matrix = made()
    _load(who)
    start = time.process_time()
    (ours if who == "ours" else bare)(matrix, searches)
    taken = time.process_time() - start
    return {"seconds": taken, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _load(who: str) -> None:
    """Import what is measured: that takes its second once, and not once a search."""
    modules = ("communities", "consensus", "ensemble") if who == "ours" else ()
    for name in ("igraph", *(f"netcluster.clusters.{module}" for module in modules)):
        import_module(name)


def _apart(case: str, who: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.clusters", case, who]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def run(repeats: int = 1, *, large: bool = False) -> list[dict[str, Any]]:
    """Return the figures: name, ours and peer (medians), unit and ratio; with `large` those of many links too."""
    names = {
        "dense": f"{SEARCHES} searches of a dense table of {DENSE:,}, and their consensus",
        "links": f"one search of {NODES:,} nodes and {LINKS:,} links, {ROUNDS} rounds",
    }
    rows = []
    for case in ("dense", "links") if large else ("dense",):
        name = names[case]
        runs: dict[str, list[dict[str, float]]] = {"ours": [], "bare": []}
        for _ in range(repeats):
            for who, found in runs.items():
                found.append(_apart(case, who))
        for unit, key in (("s", "seconds"), ("MB", "megabytes")):
            mine, theirs = (statistics.median(one[key] for one in runs[who]) for who in ("ours", "bare"))
            rows.append(
                {
                    "name": f"{name} ({key})", "ours": round(mine, 2), "peer": round(theirs, 2),
                    "peer_name": "bare igraph", "unit": unit, "ratio": round(mine / theirs, 2),
                }
            )  # fmt: skip
    return rows


if __name__ == "__main__":
    print(json.dumps(measure(*sys.argv[1:3]) if len(sys.argv) > 2 else run(large="--large" in sys.argv)))
