"""What reconstructing a firm network costs: beside NEMtropy where it can be run, and alone at a million firms.

NEMtropy's directed configuration model is given the expected degrees of our density-corrected gravity model, which it
then solves for, and draws one network; both have the same probabilities. `python -m benchmarks.reconstruction 1e5`
runs the command alone at that size.
"""

from __future__ import annotations

import contextlib
import io as texts
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

import netcluster as nc
from benchmarks.make_firms import firms as make_firms
from netcluster.reconstruction import Exponents, reconstruct
from netcluster.reconstruction.calibrate import density
from netcluster.reconstruction.expected import Sums
from netcluster.reconstruction.fitness import economy
from netcluster.reconstruction.model import fitness, model, noise
from netcluster_datasets import path

DEGREE = 10.0
#: Firms of the command alone, and beside NEMtropy, whose sampler takes time by the square of the firms.
ALONE, BESIDE = 1_000_000, (300, 1000)


def nemtropy(table: Any, listed: Any, degree: float) -> tuple[float, float]:
    """Return the seconds NEMtropy takes to solve and draw one network, and the sales it misses, relative."""
    chosen, firms, _ = model(economy(table, listed), "dcgm")
    sums = Sums(chosen, fitness(chosen, Exponents(), noise(firms.n, 0)))
    degrees = np.concatenate(sums.degrees(density(sums, degree * firms.active)))
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(texts.StringIO()),
        tempfile.TemporaryDirectory() as place,
    ):
        warnings.simplefilter("ignore")
        from NEMtropy import DirectedGraph

        start = time.perf_counter()
        graph = DirectedGraph(degree_sequence=degrees)
        graph.solve_tool(model="dcm", method="fixed-point", initial_guess="degrees", max_steps=1000)
        graph.ensemble_sampler(1, cpu_n=1, output_dir=f"{place}/", seed=1)
        seconds = time.perf_counter() - start
        links = np.loadtxt(Path(place) / "0.txt", dtype=np.int64)[:, :2]
    p = graph.x[links[:, 0]] * graph.y[links[:, 1]]
    weight = firms.sales[links[:, 0]] * firms.purchases[links[:, 1]] / firms.sales.sum() * (1 + p) / p
    sold = np.bincount(links[:, 0], weight, firms.n)
    return seconds, float(np.abs(sold - firms.sales).sum() / firms.sales.sum())


def ours(table: Any, listed: Any, degree: float, **options: Any) -> tuple[float, float]:
    """Return the seconds of a whole reconstruction, report and balancing included, and the sales it misses."""
    start = time.perf_counter()
    made = reconstruct(table, listed, mean_degree=degree, jobs=2, **options)
    seconds = time.perf_counter() - start
    return seconds, float(made.frame.set_index("measure")["reached"]["sales_deviation"])


def beside(n: int) -> list[dict[str, Any]]:
    """Return the time of one network beside NEMtropy's, compiled beforehand, and sales missed beside its sales."""
    table = nc.read_table(path("valley") / "io_2023.csv")
    few, listed = make_firms(table, 100), make_firms(table, n)
    plain: dict[str, Any] = {"method": "dcgm", "exponents": Exponents()}
    nemtropy(table, few, DEGREE)
    ours(table, few, DEGREE, **plain)
    mine = [ours(table, listed, DEGREE, **plain) for _ in range(5)]
    theirs = nemtropy(table, listed, DEGREE)
    rows = []
    for place, what, unit in ((0, "time, solved, drawn and balanced", "s"), (1, "sales missed", "share")):
        value = float(np.median([one[place] for one in mine]))
        name = f"one network of {n:,} firms beside NEMtropy: {what}"
        rows.append({"name": name, "ours": value, "peer": theirs[place], "unit": unit, "ratio": value / theirs[place]})
    return rows


def alone(n: int) -> list[dict[str, Any]]:
    """Return what the command costs from the lists of firms to the saved network: seconds, of the processor, memory."""
    with tempfile.TemporaryDirectory(prefix="netcluster-bench-") as place:
        table, firms, out = path("valley") / "io_2023.csv", f"{place}/firms.csv", f"{place}/net"
        # Made in a process of its own: a child's peak of memory counts from its parent's.
        subprocess.run([sys.executable, "-m", "benchmarks.make_firms", str(table), firms, str(n)], check=True)
        command = [sys.executable, "-m", "netcluster_cli", "reconstruct", str(table), "--firms", firms]
        command += ["--mean-degree", str(DEGREE), "-o", out, "-q"]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"netcluster reconstruct ended with {process.returncode}")
    name = f"netcluster reconstruct of {n:,} firms with {DEGREE:.0f} customers each"
    figures = {
        "seconds": (seconds, "s"),
        "seconds of the processor": (used.ru_utime + used.ru_stime, "s"),
        "peak memory": (used.ru_maxrss / 1024, "MB"),
    }
    return [{"name": f"{name}: {what}", "ours": value, "unit": unit} for what, (value, unit) in figures.items()]


def run() -> list[dict[str, Any]]:
    """Return the rows of the table of benchmarks."""
    return [*alone(ALONE), *(row for n in BESIDE for row in beside(n))]


if __name__ == "__main__":
    for row in alone(int(float(sys.argv[1]))) if len(sys.argv) > 1 else run():
        print(json.dumps(row))
