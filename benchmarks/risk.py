"""What the cascade costs, beside a plain SciPy iteration, on seeded networks with Pareto sizes and 89 industries.

`python benchmarks/risk.py [firms] [jobs]` prints one line a measurement, from 50,000 firms on the fast path with its
errors too; times are of the wall clock unless they say CPU.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from netcluster.network.network import Layer, Network
from netcluster.risk import cascade
from netcluster.risk._firm_network import firm_network


def firms(n: int, degree: float = 10.0, industries: int = 89, seed: int = 0) -> tuple[Network, pd.DataFrame]:
    """Return n firms with Pareto sizes, about `degree` links each drawn by size, and an essential-input matrix.

    Three entries in a hundred are essential inputs of goods, 0.7 of the rest negligible, in the manner of
    the analysts' survey behind the published index.
    """
    rng = np.random.default_rng(seed)
    size = rng.pareto(1.2, n) + 0.1
    links = int(n * degree)
    ends = [np.searchsorted(np.cumsum(part) / part.sum(), rng.random(links)) for part in (size**0.6, size**0.6)]
    keep = ends[0] != ends[1]
    source, target = ends[0][keep], ends[1][keep]
    weight = size[source] * size[target] * rng.lognormal(size=source.size)
    matrix = sp.csr_array((weight, (source, target)), shape=(n, n))
    matrix.sum_duplicates()
    sector = rng.integers(0, industries, n)
    codes = np.array([f"{k:02d}" for k in range(industries)])
    ids = [f"f{i}" for i in range(n)]
    nodes = pd.DataFrame({"id": ids, "kind": "firm", "role": "", "label": "", "industry": codes[sector]})
    nodes = nodes.assign(region="", size=size)
    essential = rng.choice([0, 1, 2], size=(industries, industries), p=[0.76, 0.10, 0.14])
    return Network(nodes, {"supply": Layer(matrix, money=True)}), pd.DataFrame(essential, index=codes, columns=codes)


def scipy_iteration(net: Network, essential: pd.DataFrame, chosen: Any, epsilon: float = 0.01) -> Any:
    """Return ESRI of some firms by whole-vector products: what a user would write."""
    ready = firm_network(net, essential=essential)
    n, w = ready.n, ready.weight
    shape = (int(ready.slots.max()) + 1, n)
    supplier = np.repeat(np.arange(n), np.diff(ready.matrix.indptr))
    slots = sp.csr_array((ready.down, (ready.slots, supplier)), shape=shape)
    owner = np.zeros(shape[0], dtype=np.int64)
    owner[ready.slots] = ready.matrix.indices
    order = np.argsort(owner, kind="stable")
    slots, owner = slots[order], owner[order]
    first = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    up = sp.csr_array((ready.up, ready.matrix.indices, ready.matrix.indptr), shape=(n, n))
    total = np.bincount(ready.sector, ready.strength)
    out = []
    for j in chosen:
        down_loss, up_loss = np.zeros(n), np.zeros(n)
        down_loss[j] = up_loss[j] = 1.0
        while True:
            alive = (total - np.bincount(ready.sector, ready.strength * down_loss, total.size))[ready.sector]
            sigma = np.where(ready.strength >= alive, 1.0, ready.strength / np.where(alive > 0, alive, 1.0))
            worst = np.zeros(n)
            worst[owner[first]] = np.maximum.reduceat(slots @ (sigma * down_loss), first)
            next_down, next_up = np.minimum(1.0, worst), np.minimum(1.0, up @ up_loss)
            next_down[j] = next_up[j] = 1.0
            widest = max((next_down - down_loss).max(), (next_up - up_loss).max())
            down_loss, up_loss = next_down, next_up
            if widest <= epsilon:
                break
        out.append(float(w @ np.maximum(down_loss, up_loss)))
    return np.array(out)


def timed(run: Any) -> tuple[float, Any]:
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def run(sizes: tuple[int, ...] = (10_000, 100_000), rounds: int = 3) -> list[dict[str, Any]]:
    """Return exact cascades beside whole-vector SciPy, both in alternating runs, in milliseconds a firm."""
    rows = []
    for n in sizes:
        net, essential = firms(n)
        cascade(net, essential=essential, sample=2, fast=False)
        few, many = (20, 512) if n > 20_000 else (100, 1024)
        ours, peer = [], []
        for seed in range(rounds):
            sample: dict[str, Any] = {"sample": many, "seed": seed}
            seconds, exact = timed(lambda: cascade(net, essential=essential, fast=False, jobs=2, **sample))  # noqa: B023
            ours.append(1000 * seconds / many)
            chosen = exact.frame["firm"].str[1:].astype(int).to_numpy()[:few]
            seconds, plain = timed(lambda: scipy_iteration(net, essential, chosen))  # noqa: B023
            peer.append(1000 * seconds / few)
            assert np.allclose(plain, exact.frame["esri"].to_numpy()[:few], rtol=0, atol=1e-9)
        rows.append(
            {
                "name": f"ESRI exact, {n:,} firms, two threads, beside SciPy's whole vectors on one",
                "ours": float(np.median(ours)),
                "peer": float(np.median(peer)),
                "unit": "ms a firm",
                "ratio": float(np.median(np.array(ours) / np.array(peer))),
            }
        )
        if n >= 50_000:
            rows.append(beside_exact(net, essential, n))
    return rows


def beside_exact(net: Network, essential: pd.DataFrame, n: int, sample: int = 4096) -> dict[str, Any]:
    """Time the fast path beside our exact one on the same firms, and tell its error in the name."""
    start = time.perf_counter()
    fast = cascade(net, essential=essential, sample=sample, fast=True, jobs=2)
    ours = 1000 * (time.perf_counter() - start) / sample
    few = list(fast.frame["firm"].sample(512, random_state=0))
    seconds, exact = timed(lambda: cascade(net, essential=essential, firms=few, fast=False, jobs=2))
    same = fast.frame.merge(exact.frame, on="firm", suffixes=("", "_exact"))
    off = (same["esri"] - same["esri_exact"]).abs() / same["esri_exact"].where(same["esri_exact"] > 0)
    peer = 1000 * seconds / len(few)
    return {
        "name": f"ESRI fast, {n:,} firms, beside exact; off by {off.mean():.0e} on average, {off.max():.0e} at most",
        "ours": ours,
        "peer": peer,
        "unit": "ms a firm",
        "ratio": ours / peer,
    }


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    net, essential = firms(n)
    print(f"{n:,} firms, {net.layer().links:,} links, {jobs} threads")
    cascade(net, essential=essential, sample=2, fast=False)
    sample = min(n, 1024 if n <= 10_000 else 512)
    seconds, exact = timed(lambda: cascade(net, essential=essential, sample=sample, fast=False, jobs=jobs))
    print(f"exact: {1000 * seconds / sample:.3f} ms a firm ({sample} firms, T {exact.parameters['steps_mean']:.2f})")
    few = exact.frame["firm"].str[1:].astype(int).to_numpy()[:20]
    seconds, plain = timed(lambda: scipy_iteration(net, essential, few))
    print(f"SciPy whole vectors, one thread: {1000 * seconds / few.size:.3f} ms a firm")
    print(f"largest difference: {np.abs(plain - exact.frame['esri'].to_numpy()[:20]).max():.1e}")
    if n >= 50_000:
        fast_path(net, essential, n, jobs)


def fast_path(net: Network, essential: pd.DataFrame, n: int, jobs: int) -> None:
    sample = None if n <= 100_000 else 10_000
    busy = time.process_time()
    seconds, fast = timed(lambda: cascade(net, essential=essential, sample=sample, fast=True, jobs=jobs))
    count, busy = len(fast), time.process_time() - busy
    print(
        f"fast: {seconds:.1f} s for {count:,} firms, {1000 * seconds / count:.3f} ms a firm; {busy:.0f} s of CPU time"
    )
    print(*(note.text for note in fast.notes if note.code == "fast_cascade"))
    top = fast.frame.nlargest(100, "esri")
    rest = fast.frame.sample(300, random_state=0)
    for name, part in (("largest 100", top), ("300 at random", rest)):
        exact = cascade(net, essential=essential, firms=list(part["firm"]), fast=False, jobs=jobs).frame["esri"]
        off = np.abs(part["esri"].to_numpy() - exact.to_numpy()) / exact.to_numpy()
        print(f"{name}: off by {off.mean():.1e} on average, {off.max():.1e} at most, relative")


if __name__ == "__main__":
    main()
