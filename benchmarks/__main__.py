"""`python -m benchmarks [NAME …]` runs the benchmarks; without names it writes RESULTS.md and RESULTS.json.

A benchmark is a module of this folder with `run() -> list[dict]`: name, ours and peer (medians, in `unit`), and
their ratio, taken in alternating runs. All of them are run in turn, and then all again as long as the time lasts
(`--minutes`): how far the two ratios of a row lie apart is the noise of this machine on this day. At the end it
says which ratios got worse than those of the results committed before, by more than the noise. One that fails, takes
too long or finds no time left is named among the rows; Ctrl-C writes what is done.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.compare import report

HERE = Path(__file__).resolve().parent
PACKAGES = (
    "netcluster",
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "igraph",
    "networkx",
    "duckdb",
    "polars",
    "numba",
    "click",
)
#: The whole is to stay below this; no second round begins that would not fit.
MINUTES = 24.0
#: No benchmark begins with fewer seconds left.
LEAST = 10.0
#: What is run first, should the time run out.
FIRST = ("startup", "readers_wide", "readers_long", "shocks", "firms", "network", "reconstruction")
#: Seconds after which a benchmark is given up, and said to be.
EACH = 300.0

Rows = list[dict[str, Any]]


def names() -> list[str]:
    """Return the benchmarks there are, first those that stand for a promise."""
    found = sorted(path.stem for path in HERE.glob("*.py") if "\ndef run(" in path.read_text(encoding="utf-8"))
    return [name for name in FIRST if name in found] + [name for name in found if name not in FIRST]


def main(arguments: list[str]) -> int:
    """Run the chosen benchmarks, or all, and write their figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"Of {', '.join(names())}; all where left out.")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--each", type=float, default=EACH, help="Seconds a benchmark may take before it is given up.")
    parser.add_argument("--into", action="store_true", help="Put the rows of the named into the results there are.")
    flags = parser.parse_args(arguments)
    rounds, took = taken(flags.names or names(), flags.minutes * 60, flags.each)
    rows = merged(rounds)
    found = {"machine": machine(), "minutes": round(sum(took.values()) / 60, 1), "seconds": took, "rows": rows}
    print(table(found))
    if flags.names and not flags.into:
        return 0
    path = HERE / "RESULTS.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    if flags.names and before:
        took = before["seconds"] | took
        kept = [row for row in before["rows"] if row["benchmark"] not in flags.names]
        rows = sorted([*kept, *rows], key=lambda row: names().index(row["benchmark"]))
        found |= {"minutes": round(sum(took.values()) / 60, 1), "seconds": took, "rows": rows}
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (HERE / "RESULTS.md").write_text(table(found), encoding="utf-8")
    return report(before, found) if before else 0


def taken(chosen: list[str], seconds: float, each: float) -> tuple[list[Rows], dict[str, float]]:
    """Return the rows of each round, and what each benchmark took in all."""
    start = time.monotonic()
    took: dict[str, float] = {}
    rounds: list[Rows] = [[], []]
    try:
        for number, rows in enumerate(rounds):
            # The second round begins with the quickest, so that most rows have their noise.
            for name in chosen if number == 0 else sorted(chosen, key=lambda name: took[name]):
                left = seconds - (time.monotonic() - start)
                if number and (took[name] > left or _failed(name, rounds[0])):
                    continue
                began = time.monotonic()
                print(f"{name}, round {number + 1} …", file=sys.stderr)
                found = apart(name, min(each, left)) if left > LEAST else [{"name": "not run: no time was left"}]
                rows += [{"benchmark": name, **row} for row in found]
                took[name] = round(took.get(name, 0.0) + time.monotonic() - began, 1)
    except KeyboardInterrupt:
        print("Stopped; what is done is kept.", file=sys.stderr)
        missing = [name for name in chosen if name not in {row["benchmark"] for row in rounds[0]}]
        rounds[0] += [{"benchmark": name, "name": "not run: stopped before"} for name in missing]
    return rounds, took


def _failed(name: str, rows: Rows) -> bool:
    return any(row["benchmark"] == name and "ours" not in row for row in rows)


def apart(name: str, each: float) -> Rows:
    """Run one benchmark in a process of its own: a child's peak memory begins at its parent's."""
    code = f"import json; from benchmarks.{name} import run; print(json.dumps(run(), default=float))"
    words = [sys.executable, "-W", "ignore", "-c", code]
    process = subprocess.Popen(words, cwd=HERE.parent, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        said, _ = process.communicate(timeout=each)
        rows: Rows = json.loads(said.splitlines()[-1]) if process.returncode == 0 else []
    except subprocess.TimeoutExpired:
        print(f"{name} took more than {each:.0f} s and was given up", file=sys.stderr)
        return [{"name": f"given up after {each:.0f} s"}]
    except (ValueError, IndexError):
        rows = []
    finally:
        _end(process)
    if not rows:
        print(f"{name} ended with {process.returncode} and no rows", file=sys.stderr)
    return rows or [{"name": f"failed: ended with {process.returncode} and no rows"}]


def _end(process: subprocess.Popen[str]) -> None:
    """End a benchmark with all it started: its own processes stand in a group of theirs."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def merged(rounds: list[Rows]) -> Rows:
    """Return one row of each: medians over the rounds, and how far the ratios lie apart, as a share."""
    found: dict[tuple[str, str], Rows] = {}
    for row in (row for rows in rounds for row in rows):
        found.setdefault((row["benchmark"], row["name"]), []).append(row)
    out = []
    for same in found.values():
        row = dict(same[0])
        for key in ("ours", "peer", "ratio"):
            values = [item[key] for item in same if isinstance(item.get(key), (int, float))]
            if values:
                row[key] = statistics.median(values)
        ratios = [item["ratio"] for item in same if isinstance(item.get("ratio"), (int, float)) and item["ratio"] > 0]
        row["noise"] = max(ratios) / min(ratios) - 1 if len(ratios) > 1 else None
        out.append(row)
    return out


def machine() -> dict[str, Any]:
    """Return what the figures hang on: the class of machine and the versions, no name of it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "absent"
    return {
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB",
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "versions": versions,
    }


def table(found: dict[str, Any]) -> str:
    """Return the figures as a page."""
    where = found["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in where["versions"].items())
    lines = [
        "# Benchmarks",
        "",
        f"Medians of alternating runs on {where['system']}, load {where['load']} at the end, Python {where['python']};",
        f"{versions}.",
        f"Read the ratios: the machine is shared. `make bench` runs them again, in {found['minutes']:.0f} minutes.",
        "Noise is how far the ratios of two rounds lay apart; a row without was too long to be taken twice.",
        "",
        "| benchmark | what | ours | peer | unit | ours ÷ peer | noise |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in found["rows"]:
        ours, peer, ratio = (figure(row.get(key, "")) for key in ("ours", "peer", "ratio"))
        noise = "" if row.get("noise") is None else f"{100 * row['noise']:.0f} %"
        what = f"{row['benchmark']} | {row['name']} | {ours} | {peer} | {row.get('unit', 's' if 'ours' in row else '')}"
        lines.append(f"| {what} | {ratio} | {noise} |")
    return "\n".join(lines) + "\n"


def figure(value: object) -> str:
    """Return three digits of a number."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
