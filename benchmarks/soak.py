"""A long batch, and whether its memory stays flat: `python -m benchmarks.soak --minutes 60 [--out FILE.csv]`.

Runs a batch of the command line on two workers, over copies of the tables that ship with netcluster, each an input
of its own. Once a minute it notes the resident memory of the parent and of its workers, and how many runs have
landed; at the end it stops the batch, and prints the slope of each by least squares, the first tenth left out.
It exits 1 where either grows by more than 20 MB an hour.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from netcluster_datasets import path

TABLES = ("germany-1995", "miller-blair", "valley")
#: 20 runs an input, of every sort that can keep something behind.
PLAN = """
inputs = ["tables/*"]
[[steps]]
command = "sectors"
show = ["sectors", "extraction", "dispersion"]
[[steps]]
command = "clusters"
effort = "quick"
seed = [0, 1, 2, 3, 4, 5, 6, 7]
[[steps]]
command = "centrality"
[[steps]]
command = "risk dependence"
top = [1, 2, 3, 4]
[[steps]]
command = "risk exposure"
[[steps]]
command = "trace"
top = [10, 20, 30]
"""
RUNS_AN_INPUT = 20
#: More MB an hour than this is a leak.
FLAT = 20.0


def prepare(home: Path, minutes: float) -> None:
    """Write the plan and more inputs than the time can be enough for."""
    for number in range(max(4, int(minutes * 20))):
        place = Path(path(TABLES[number % len(TABLES)]))
        target = home / "tables" / f"{number:05d}{place.suffix}"
        if place.is_dir():
            shutil.copytree(place, target)
        else:
            target.parent.mkdir(exist_ok=True)
            shutil.copy(place, target)
    (home / "plan.toml").write_text(PLAN, encoding="utf-8")


def resident(process: int) -> float:
    """Return the memory a process holds, in MB; 0 once it has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def children(process: int) -> list[int]:
    """Return the processes a process has started and that live."""
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False)
    return [int(number) for number in found.stdout.split()]


def sampled(process: subprocess.Popen[bytes], home: Path, minutes: float) -> list[list[float]]:
    """Return a row each sixtieth of the time: minute, MB of the parent, MB of the largest worker, runs landed, load."""
    start, rows = time.monotonic(), []
    for sample in range(1, 61):
        pause = start + sample * minutes - time.monotonic()
        time.sleep(max(0.0, pause))
        if process.poll() is not None:
            break
        largest = max((resident(child) for child in children(process.pid)), default=0.0)
        landed = len(list((home / "out/runs").glob("[!.]*.json")))
        minute = (time.monotonic() - start) / 60
        rows.append([round(minute, 2), resident(process.pid), largest, landed, os.getloadavg()[0]])
        print(*rows[-1], flush=True)
    return rows


def slope(rows: list[list[float]], column: int) -> float:
    """Return the growth of a column in MB an hour, the first tenth left out."""
    table = np.array(rows[len(rows) // 10 :])
    return float(np.polyfit(table[:, 0] / 60, table[:, column], 1)[0])


def main(arguments: list[str]) -> int:
    """Run, sample, stop, and say what the slope is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=None, help="Write the samples to this file.")
    flags = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="netcluster-soak-") as name:
        home = Path(name)
        prepare(home, flags.minutes)
        words = [sys.executable, "-m", "netcluster_cli", "batch", "run", "plan.toml", "-o", "out"]
        with (home / "said.txt").open("wb") as said:
            process = subprocess.Popen([*words, f"--jobs={flags.jobs}"], cwd=home, stderr=said)
            rows = sampled(process, home, flags.minutes)
            process.terminate()
            code = process.wait()
        print((home / "said.txt").read_text(encoding="utf-8"), file=sys.stderr)
    if flags.out:
        with flags.out.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["minute", "parent_mb", "worker_mb", "landed", "load"], *rows])
    grows = [slope(rows, column) for column in (1, 2)]
    print(f"exit code {code}; {rows[-1][3]:.0f} runs in {rows[-1][0]:.0f} minutes, load {rows[-1][4]:.1f} at the end")
    for column, who, growth in zip((1, 2), ("parent", "largest worker"), grows, strict=True):
        values = [row[column] for row in rows]
        print(f"{who}: {values[0]:.0f} MB at first, {values[-1]:.0f} at last, {growth:+.1f} MB an hour")
    return 1 if max(grows) > FLAT or len(rows) < 60 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
