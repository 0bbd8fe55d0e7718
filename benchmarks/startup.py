"""Start-up beside a bare Click program and NumPy's import; the main job's time, memory and size of report."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]

BARE = """
import click
@click.group()
def cli():
    pass
@cli.command()
def one():
    pass
cli()
"""


def seconds(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


#: One figure with Bokeh in the page: what a report of that kind weighs at the least.
PAGE = """
import sys
from bokeh.embed import file_html
from bokeh.plotting import figure
from bokeh.resources import INLINE
plot = figure()
plot.scatter([1, 2], [3, 4])
open(sys.argv[1], "w").write(file_html(plot, INLINE))
"""


def beside(name: str, ours: list[str], peer: list[str], pairs: int) -> dict[str, Any]:
    """Return the medians of two processes run in turn."""
    mine, others = [], []
    for _ in range(pairs):
        mine.append(seconds(ours))
        others.append(seconds(peer))
    ratio = statistics.median(one / other for one, other in zip(mine, others, strict=True))
    return {
        "name": f"{name}, median of {pairs} alternating runs",
        "ours": statistics.median(mine),
        "peer": statistics.median(others),
        "unit": "s",
        "ratio": ratio,
    }


def main_job() -> Rows:
    """Return what `analyze` of the economy that ships takes, and how large its report is beside a bare page."""
    from netcluster_datasets import path

    with tempfile.TemporaryDirectory(prefix="netcluster-bench-") as name:
        words = [sys.executable, "-m", "netcluster_cli", "analyze", str(path("valley")), "-o", f"{name}/run", "-q"]
        measure = (
            "import json, resource, subprocess, sys, time; start = time.perf_counter();"
            f" subprocess.run({words!r}, check=True, stdout=subprocess.DEVNULL);"
            " peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024;"
            " print(json.dumps([time.perf_counter() - start, peak]))"
        )
        done = subprocess.run([sys.executable, "-c", measure], check=True, capture_output=True, text=True)
        spent, peak = json.loads(done.stdout)
        page = Path(name) / "page.html"
        subprocess.run([sys.executable, "-c", PAGE, str(page)], check=True)
        report, bare = (item.stat().st_size / 1e6 for item in (Path(name) / "run" / "report.html", page))
    what = "analyze of the economy that ships"
    return [
        {"name": what, "ours": spent, "unit": "s"},
        {"name": f"{what}: peak memory", "ours": peak, "unit": "MB"},
        {
            "name": f"{what}: its report, beside a page with one Bokeh figure",
            "ours": report,
            "peer": bare,
            "unit": "MB",
            "ratio": report / bare,
        },
    ]


def run(pairs: int = 15) -> Rows:
    """Return all rows."""
    return [
        beside("netcluster --help", ["-m", "netcluster_cli", "--help"], ["-c", BARE, "--help"], pairs),
        beside("import netcluster, beside NumPy's", ["-c", "import netcluster"], ["-c", "import numpy"], pairs),
        *main_job(),
    ]
