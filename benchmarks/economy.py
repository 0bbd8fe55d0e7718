"""What the economic measures cost, beside what a user would pick instead: `python benchmarks/economy.py`.

Peers are measured on the same dense table in the same process. pymrio's `calc_all` is used where pymrio is
installed; else its arithmetic with NumPy: A, then the inverse, then the multipliers (a lower bound of its time).
Extraction beside one solve a sector is measured on a few sectors and multiplied. Read figures as ratios.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from functools import partial

import numpy as np

from netcluster.core.solve import Array
from netcluster.economy import Model, extraction, linkages, paths, sectors
from netcluster.tables.iotable import IOTable

Record = dict[str, str | float]


def table(n: int, seed: int = 0) -> IOTable:
    """A dense table of n sectors with heavy-tailed flows; intermediate flows are half of output."""
    rng = np.random.default_rng(seed)
    flows = rng.lognormal(0.0, 2.0, (n, n))
    weight = rng.lognormal(0.0, 1.0, n)
    flows *= weight[:, None]
    flows *= weight
    # Column sums of 0.35 to 0.65 of output, and rows that leave room for final demand.
    output = np.maximum(flows.sum(axis=0) / rng.uniform(0.35, 0.65, n), 1.05 * flows.sum(axis=1))
    return IOTable.from_arrays(flows, x=output, unit="million")


def seconds(run: Callable[[], object], repeat: int = 3) -> float:
    """Return the shortest of a few runs."""
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def calc_all(io: IOTable) -> Callable[[], object]:
    """Return pymrio's calculation of a table, or its arithmetic where pymrio is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pymrio
    except ImportError:
        return lambda: _arithmetic(io)
    import pandas as pd

    index = pd.MultiIndex.from_product([["reg"], io.ids], names=["region", "sector"])
    demand = pd.MultiIndex.from_product([["reg"], ["final"]], names=["region", "category"])
    Z = pd.DataFrame(io.Z, index=index, columns=index)
    Y = pd.DataFrame(io.Y.sum(axis=1, keepdims=True), index=index, columns=demand)
    F = pd.DataFrame(io.V.sum(axis=0)[None, :], index=["value_added"], columns=index)

    def run() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            system = pymrio.IOSystem(Z=Z, Y=Y)
            system.factor = pymrio.Extension("factor", F=F)
            return system.calc_all()

    return run


def _arithmetic(io: IOTable) -> Array:
    return np.asarray((io.V / io.x) @ _inverse(io))


def _inverse(io: IOTable) -> Array:
    return np.asarray(np.linalg.inv(np.eye(io.n) - io.Z / io.x))


def run(sizes: tuple[int, ...] = (500, 2000)) -> list[Record]:
    """Return one record a measure and size: name, ours and peer in seconds, ratio (ours over peer)."""
    records: list[Record] = []
    for n in sizes:
        io = table(n)
        peer = seconds(calc_all(io), 1 if n > 1000 else 3)
        records.append(record(f"linkages, n={n}, beside calc_all", seconds(partial(linkages, io)), peer))
        records.append(record(f"sectors, n={n}, beside calc_all", seconds(partial(sectors, io)), peer))
        inverse = seconds(partial(_inverse, io))
        ours = seconds(partial(extraction, io))
        records.append(record(f"extraction of all, n={n}, beside one solve each", ours, one_solve_each(io)))
        records.append(record(f"extraction of all, n={n}, beside one inverse", ours, inverse))
        model = Model(io)
        model.factor.column_sums()
        found = paths(model, cutoff=1e-5)
        spent = seconds(partial(paths, model, cutoff=1e-5), 1)
        records.append(
            record(f"{len(found)} paths above 1e-5, n={n}, a path beside 50 µs", spent / max(len(found), 1), 50e-6)
        )
    return records


def one_solve_each(io: IOTable, tried: int = 3) -> float:
    """Return the seconds of solving the table anew without each sector, from a few of them."""
    A, f = io.A, io.Y.sum(axis=1)

    def without(j: int) -> Array:
        B = A.copy()
        B[j, :] = B[:, j] = 0.0
        return np.linalg.solve(np.eye(io.n) - B, f)

    start = time.perf_counter()
    for j in range(tried):
        without(j)
    return (time.perf_counter() - start) / tried * io.n


def record(name: str, ours: float, peer: float) -> Record:
    return {"name": name, "ours": ours, "peer": peer, "ratio": ours / peer}


def large(n: int = 9800) -> Record:
    """Return what `sectors` takes at EXIOBASE's size: seconds, and peak memory in GB, the table with it."""
    import resource

    io = table(n)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    start = time.perf_counter()
    sectors(io)
    spent = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    return {"name": f"sectors, n={n}", "ours": spent, "peak_gb": peak, "peak_before_gb": before}


if __name__ == "__main__":
    if "--large" in sys.argv:
        print(large())
    else:
        wanted = tuple(int(word) for word in sys.argv[1:] if word.isdigit()) or (500, 2000)
        for row in run(wanted):
            print(f"{row['name']}: {row['ours']:.4g} s, peer {row['peer']:.4g} s, ratio {row['ratio']:.3g}")
