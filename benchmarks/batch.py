"""A batch beside a shell loop of the same commands, and yearly trade files summed out of core, beside bare engines.

`python -m benchmarks.batch --years 25 --rows 11000000` makes a folder of BACI's size first (Parquet, about 1.7 GB)
and prints seconds and the peak of memory: in one process, over Dask workers, by bare DuckDB and by pandas.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

YEARS, ROWS = 3, 2_000_000
COMMANDS = 24
FIRST = 1996

Rows = list[dict[str, Any]]


def make(folder: Path, years: int, rows: int, seed: int = 0) -> None:
    """Write a file a year in BACI's columns: 220 countries, 5,000 products, lognormal values in thousand dollars."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for year in range(FIRST, FIRST + years):
        rng = np.random.default_rng(seed + year)
        seller = rng.integers(0, 220, rows)
        buyer = (seller + rng.integers(1, 220, rows)) % 220
        columns: dict[str, Any] = {
            "t": np.full(rows, year, dtype=np.int32),
            "i": (seller * 4 + 4).astype(np.int32),
            "j": (buyer * 4 + 4).astype(np.int32),
            "k": (rng.integers(0, 5000, rows) + 10_000).astype(np.int32),
            "v": np.round(rng.lognormal(3, 2, rows), 3),
            "q": np.round(rng.lognormal(2, 2, rows), 3),
        }
        pq.write_table(pa.table(columns), folder / f"BACI_HS92_Y{year}.parquet", compression="zstd")


def made(folder: Path, years: int, rows: int) -> None:
    """Make the files in a process of its own: a child's peak of memory counts from its parent's."""
    code = f"import benchmarks.batch as b, pathlib; b.make(pathlib.Path({str(folder)!r}), {years}, {rows})"
    subprocess.run([sys.executable, "-c", code], check=True)


def ours(folder: Path) -> float:
    """Sum each year by exporter and importer into a network, one year at a time."""
    from netcluster.network.build import build
    from netcluster.network.open import open_years

    return float(sum(build(bundle).layers["supply"].matrix.sum() for bundle in open_years(folder, years="all")))


def one_year(path: str) -> float:
    """Sum one file by exporter and importer, in a worker."""
    from netcluster.network.build import build
    from netcluster.network.open import open_inputs

    return float(build(open_inputs([path])).layers["supply"].matrix.sum())


def over_dask(folder: Path) -> float:
    """Sum a file a task over two Dask workers."""
    from netcluster.core.dask_engine import Dask

    with Dask(2) as engine:
        found = dict(engine.completed(_YearTask(), sorted(map(str, folder.iterdir())), lambda _: {}))
    return float(sum(found[number] for number in sorted(found)))


class _YearTask:
    """one_year with what an engine hands on beside the item."""

    def __call__(self, path: str, _: object) -> float:
        return one_year(path)


def duckdb_alone(folder: Path) -> float:
    """Sum by year, exporter and importer in DuckDB as one would by hand."""
    import duckdb

    query = f"select sum(v) from (select t, i, j, sum(v) as v from '{folder}/*.parquet' group by t, i, j)"
    return float(duckdb.sql(query).fetchall()[0][0])


def pandas_alone(folder: Path) -> float:
    """Sum file by file in pandas."""
    import pandas as pd

    frames = (pd.read_parquet(path, columns=["t", "i", "j", "v"]) for path in sorted(folder.iterdir()))
    return float(sum(frame.groupby(["t", "i", "j"])["v"].sum().sum() for frame in frames))


def measured(task: str, folder: Path) -> dict[str, float]:
    """Run one task in a process of its own: seconds, the peak of memory in MB with its workers', and the sum."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.batch", "--task", task, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _task(task: str, folder: Path) -> None:
    start = time.monotonic()
    total = globals()[task](folder)
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024
    print(json.dumps({"seconds": time.monotonic() - start, "peak": peak, "sum": total}))


def trade_rows(folder: Path, rounds: int = 3) -> Rows:
    """Return our sums beside bare DuckDB's and pandas', in alternating processes; the totals must be equal."""
    tasks = ("ours", "duckdb_alone", "pandas_alone")
    runs: dict[str, list[dict[str, float]]] = {task: [] for task in tasks}
    for _ in range(rounds):
        for task in tasks:
            runs[task].append(measured(task, folder))
    totals = [runs[task][0]["sum"] for task in tasks]
    assert max(totals) - min(totals) <= 1e-6 * max(totals), totals
    rows: Rows = []
    for peer in tasks[1:]:
        for key, unit in (("seconds", "s"), ("peak", "MB")):
            mine, other = (statistics.median(run[key] for run in runs[task]) for task in ("ours", peer))
            name = f"{YEARS} trade files of {ROWS:,} rows to networks, beside {peer.split('_')[0]}: {key}"
            rows.append({"name": name, "ours": mine, "peer": other, "unit": unit, "ratio": mine / other})
    return rows


def batch_rows(rounds: int = 2) -> Rows:
    """Return a batch of two workers beside a shell loop of the same commands."""
    from netcluster_datasets import path

    table = Path(path("germany-1995"))
    mine, loop = [], []
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        plan = f'inputs = ["{table}"]\n[[steps]]\ncommand = "sectors"\ntop = {list(range(1, COMMANDS + 1))}\n'
        (home / "plan.toml").write_text(plan, encoding="utf-8")
        program = [sys.executable, "-m", "netcluster_cli"]
        for number in range(rounds):
            start = time.monotonic()
            words = ["batch", "run", "plan.toml", "-o", f"out-{number}", f"--folder={table.parent}", "--jobs=2", "-q"]
            subprocess.run([*program, *words], cwd=home, check=True)
            mine.append(time.monotonic() - start)
            start = time.monotonic()
            for top in range(1, COMMANDS + 1):
                words = ["sectors", str(table), f"--top={top}", "-q", "-o", f"{top}.parquet", "--force"]
                subprocess.run([*program, *words], cwd=home, check=True)
            loop.append(time.monotonic() - start)
    ours_s, peer_s = statistics.median(mine), statistics.median(loop)
    name = f"{COMMANDS} runs of sectors by batch --jobs 2, beside a shell loop"
    return [{"name": name, "ours": ours_s, "peer": peer_s, "unit": "s", "ratio": ours_s / peer_s}]


def run() -> Rows:
    """Return all rows, of a smaller size than BACI's."""
    with tempfile.TemporaryDirectory(prefix="netcluster-bench-") as name:
        made(Path(name), YEARS, ROWS)
        return batch_rows() + trade_rows(Path(name))


def main(arguments: list[str]) -> None:
    """Measure at the size asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch", description=__doc__)
    parser.add_argument("--years", type=int, default=YEARS)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--task", nargs=2, default=None, help=argparse.SUPPRESS)
    flags = parser.parse_args(arguments)
    if flags.task:
        return _task(flags.task[0], Path(flags.task[1]))
    with tempfile.TemporaryDirectory(prefix="netcluster-bench-") as name:
        folder = Path(name)
        made(folder, flags.years, flags.rows)
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e9
        print(f"{flags.years} files, {flags.years * flags.rows:,} rows, {size:.2f} GB")
        for task in ("ours", "over_dask", "duckdb_alone", "pandas_alone"):
            found = measured(task, folder)
            print(f"{task}: {found['seconds']:.1f} s, peak {found['peak']:.0f} MB, sum {found['sum']:.6e}", flush=True)
    return None


if __name__ == "__main__":
    from benchmarks.batch import main as run_main  # workers find the functions by this name

    run_main(sys.argv[1:])
