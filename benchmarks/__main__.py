"""`python -m benchmarks [NAME …]` runs the benchmarks and writes benchmarks/RESULTS.md and RESULTS.json.

A benchmark is a module of this folder with `run() -> list[dict]`: name, ours and peer (medians, in `unit`), and
their ratio, taken in alternating runs of one process or of pairs of processes.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGES = ("netcluster", "numpy", "scipy", "pandas", "igraph", "duckdb", "click")


def names() -> list[str]:
    """Return the benchmarks there are."""
    return sorted(path.stem for path in HERE.glob("*.py") if "def run(" in path.read_text(encoding="utf-8"))


def main(chosen: list[str]) -> None:
    """Run the chosen benchmarks, or all, and write their figures."""
    rows: list[dict[str, Any]] = []
    for name in chosen or names():
        print(f"{name} …", file=sys.stderr)
        rows += [{"benchmark": name, **row} for row in _apart(name)]
    machine = {
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
    }
    print(_table(rows, machine))
    if not chosen:
        (HERE / "RESULTS.json").write_text(json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n")
        (HERE / "RESULTS.md").write_text(_table(rows, machine))


def _apart(name: str) -> list[dict[str, Any]]:
    """Run one benchmark in a process of its own: a child's peak memory begins at its parent's."""
    code = f"import json; from benchmarks.{name} import run; print(json.dumps(run(), default=float))"
    done = subprocess.run([sys.executable, "-c", code], cwd=HERE.parent, stdout=subprocess.PIPE, text=True, check=True)
    rows: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def _table(rows: list[dict[str, Any]], machine: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    lines = [
        "# Benchmarks",
        "",
        f"Medians of alternating runs on {machine['system']}, Python {machine['python']}; {versions}.",
        "Read the ratios: the machine is shared. `make bench` runs them again.",
        "",
        "| benchmark | what | ours | peer | unit | ours ÷ peer |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        ours, peer = (_figure(row.get(key, "")) for key in ("ours", "peer"))
        what = f"{row['benchmark']} | {row['name']} | {ours} | {peer} | {row.get('unit', 's')}"
        lines.append(f"| {what} | {_figure(row.get('ratio', ''))} |")
    return "\n".join(lines) + "\n"


def _figure(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main(sys.argv[1:])
