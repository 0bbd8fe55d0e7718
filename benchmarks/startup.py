"""`netcluster --help` beside a bare Click program with one command, as whole processes in alternating runs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import Any

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


def run(pairs: int = 25) -> list[dict[str, Any]]:
    ours, bare = [], []
    ratios = []
    for _ in range(pairs):
        ours.append(seconds(["-m", "netcluster_cli", "--help"]))
        bare.append(seconds(["-c", BARE, "--help"]))
        ratios.append(ours[-1] / bare[-1])
    return [
        {
            "name": f"netcluster --help, median of {pairs} alternating runs",
            "ours": statistics.median(ours),
            "peer": statistics.median(bare),
            "unit": "s",
            "ratio": statistics.median(ratios),
        }
    ]
