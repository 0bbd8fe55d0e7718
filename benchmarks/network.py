"""Building, saving and loading a network of firms, beside bare igraph, raw Parquet and networkx.

`python -m benchmarks.network` runs all; every figure is of a process of its own, in alternating runs;
times are of the processor, as the machine is shared. The links are
drawn once with a seed: buyers by Pareto weights, so that a few have very many, and lognormal amounts.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

NODES, LINKS = 1_000_000, 10_000_000
#: What networkx bears in a minute or so.
FEW_NODES, FEW_LINKS = 100_000, 1_000_000


def make(folder: Path, nodes: int, links: int, seed: int = 0) -> None:
    """Write the links as codes (codes.npy, weights.npy) and as ids (links.parquet)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(seed)
    size = rng.pareto(1.2, nodes) + 0.1
    target = np.minimum(np.searchsorted(np.cumsum(size) / size.sum(), rng.random(links)), nodes - 1)
    codes = np.column_stack([rng.integers(0, nodes, links), target]).astype(np.int64)
    weights = rng.lognormal(size=links)
    np.save(folder / "codes.npy", codes)
    np.save(folder / "weights.npy", weights)
    names = pa.array([f"firm-{k:07d}" for k in range(nodes)])
    columns: dict[str, Any] = {"weight": weights, "layer": ["supply"] * links}
    columns |= {side: names.take(pa.array(codes[:, k], pa.int64())) for k, side in enumerate(("source", "target"))}
    pq.write_table(pa.table(columns), folder / "links.parquet")


def _links(folder: Path) -> Any:
    import pandas as pd

    from netcluster.tables.links import LinkTable

    return LinkTable(pd.read_parquet(folder / "links.parquet"))


def _matrix(folder: Path) -> Any:
    import scipy.sparse as sp

    codes, weights = np.load(folder / "codes.npy"), np.load(folder / "weights.npy")
    n = int(codes.max()) + 1
    return sp.csr_array(sp.coo_array((weights, (codes[:, 0], codes[:, 1])), shape=(n, n)))


def igraph_from_codes(folder: Path) -> Callable[[], object]:
    import igraph

    codes = np.load(folder / "codes.npy")
    n = int(codes.max()) + 1
    return lambda: igraph.Graph(n=n, edges=memoryview(codes), directed=True)


def network_from_ids(folder: Path) -> Callable[[], object]:
    import scipy.sparse  # noqa: F401  (loaded before the clock, as igraph is)

    from netcluster.network.build import build

    table = _links(folder)
    return lambda: build(table)


def graph_from_network(folder: Path) -> Callable[[], object]:
    import igraph  # noqa: F401

    from netcluster.network.graph import graph_of

    matrix = _matrix(folder)
    return lambda: graph_of(matrix)


def networkx_from_ids(folder: Path) -> Callable[[], object]:
    import networkx as nx
    import pandas as pd

    frame = pd.read_parquet(folder / "links.parquet")
    return lambda: nx.from_pandas_edgelist(frame, edge_attr="weight", create_using=nx.DiGraph)


def save_ours(folder: Path) -> Callable[[], object]:
    from netcluster.network.build import build
    from netcluster.network.store import save

    network = build(_links(folder))
    return lambda: save(network, folder / "ours", force=True)


def save_raw(folder: Path) -> Callable[[], object]:
    """Save the same nodes, codes and weights by pyarrow's defaults."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    matrix = _matrix(folder)
    rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))
    columns: dict[str, Any] = {"source": rows, "target": matrix.indices.astype(np.int32), "weight": matrix.data}
    links = pa.table(columns)
    ids = [f"firm-{k:07d}" for k in range(matrix.shape[0])]
    empty = {key: [""] * len(ids) for key in ("role", "industry", "region")}
    size: Any = np.full(len(ids), np.nan)
    names = pa.table({"id": ids, "kind": ["firm"] * len(ids), **empty, "label": ids, "size": size})

    def write() -> None:
        pq.write_table(links, folder / "raw-links.parquet")
        pq.write_table(names, folder / "raw-nodes.parquet")

    return write


def load_ours(folder: Path) -> Callable[[], object]:
    import pandas as pd
    import pyarrow.parquet
    import scipy.sparse  # noqa: F401

    from netcluster.network.store import load

    pd.Series(pyarrow.array(["a"]).to_pandas(), dtype="str")
    return lambda: load(folder / "ours")


def load_raw(folder: Path) -> Callable[[], object]:
    import pandas as pd
    import pyarrow.parquet  # all is loaded before the clock

    pd.Series(pyarrow.array(["a"]).to_pandas(), dtype="str")
    return lambda: [pd.read_parquet(folder / f"raw-{name}.parquet") for name in ("links", "nodes")]


def measure(task: Callable[[Path], Callable[[], object]], folder: Path) -> None:
    """Run one task in this process; print its seconds of processor time (all threads), and the peak of memory in MB."""
    run = task(folder)
    start = time.process_time()
    kept = run()
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "kept": kept is not None}))


def made(folder: Path, nodes: int, links: int) -> None:
    """Make the links in a process of its own: a child's peak of memory counts from its parent's."""
    code = f"import benchmarks.network as b, pathlib; b.make(pathlib.Path({str(folder)!r}), {nodes}, {links})"
    subprocess.run([sys.executable, "-c", code], check=True)


def beside(
    ours: str, peer: str, folder: Path, times: int, module: str = "benchmarks.network"
) -> dict[str, tuple[float, float]]:
    """Return the medians of both tasks, in alternating processes, for seconds and peak."""
    figures: dict[str, list[dict[str, float]]] = {ours: [], peer: []}
    for _ in range(times):
        for task in (ours, peer):
            command = [sys.executable, "-m", module, task, str(folder)]
            found = subprocess.run(command, check=True, capture_output=True, text=True)
            figures[task].append(json.loads(found.stdout))
    median = {
        task: {key: statistics.median(run[key] for run in runs) for key in ("seconds", "peak")}
        for task, runs in figures.items()
    }
    return {key: (median[ours][key], median[peer][key]) for key in ("seconds", "peak")}


def run(times: int = 1) -> list[dict[str, Any]]:
    rows = []

    def add(name: str, pair: tuple[float, float], unit: str) -> None:
        rows.append({"name": name, "ours": pair[0], "peer": pair[1], "unit": unit, "ratio": pair[0] / pair[1]})

    with tempfile.TemporaryDirectory(prefix="netcluster-bench-") as name:
        folder = Path(name)
        made(folder, NODES, LINKS)
        size = "1 M nodes, 10 M links"
        found = beside("network_from_ids", "igraph_from_codes", folder, times)
        add(f"{size}: build from ids; bare igraph from int64 codes", found["seconds"], "s")
        add(f"{size}: the same, peak memory of the process", found["peak"], "MB")
        found = beside("graph_from_network", "igraph_from_codes", folder, times)
        add(f"{size}: our matrix as a graph; bare igraph from int64 codes", found["seconds"], "s")
        add(f"{size}: the same, peak memory of the process", found["peak"], "MB")
        found = beside("save_ours", "save_raw", folder, times)
        add(f"{size}: save; the same columns in raw Parquet", found["seconds"], "s")
        found = beside("load_ours", "load_raw", folder, times)
        add(f"{size}: load; the same columns of raw Parquet into pandas", found["seconds"], "s")
    with tempfile.TemporaryDirectory(prefix="netcluster-bench-") as name:
        folder = Path(name)
        made(folder, FEW_NODES, FEW_LINKS)
        found = beside("network_from_ids", "networkx_from_ids", folder, times)
        add("100 k nodes, 1 M links: build from ids; networkx", found["seconds"], "s")
        add("100 k nodes, 1 M links: the same, peak memory of the process", found["peak"], "MB")
    return rows


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(globals()[sys.argv[1]], Path(sys.argv[2]))
    else:
        for row in run():
            print(f"{row['name']}: {row['ours']:.3g} {row['unit']}, {row['peer']:.3g}; ratio {row['ratio']:.2f}")
