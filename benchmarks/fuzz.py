"""A thousand mutated tables and more: no traceback, no wrong total said nothing of, no hang, memory bounded.

`python -m benchmarks.fuzz [--cases 1000] [--seed 0] [--jobs 2] [--json FILE]` mutates every table that ships, and
every one of ../shared/data, one after the other with another mutation each time, and reads it as the command line
does. A mutation that touches no number (another encoding, separator, a footnote, a zip around it) must leave every
total as it was, or be refused with a message. It prints the counts and each case that failed, and exits 1 with any.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.mutations import mutate
from netcluster.core.engine import Lost, Sent
from netcluster.core.processes import Processes
from netcluster.core.seeds import python_random

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (ROOT / "datasets" / "netcluster_datasets", ROOT.parent / "shared" / "data")
#: Larger files are left out: their readers are the same.
LARGEST = 3 * 1024**2
SECONDS = 30
MEMORY = 3 * 1024**3
#: Twice as far apart as sums in another order may be.
SAME = 1e-9


@dataclass(frozen=True)
class Case:
    """One mutated table."""

    number: int
    seed: int
    path: str


@dataclass(frozen=True)
class Fate:
    """What became of it: read, refused, or a failure ("traceback", "wrong total")."""

    kind: str
    mutation: str
    text: str = ""
    seconds: float = 0.0
    peak: int = 0


def corpus() -> list[Path]:
    """Return every table there is to mutate."""
    endings = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".parquet", ".zip", ".gz"}
    return sorted(
        path
        for folder in FOLDERS
        for path in folder.rglob("*")
        if path.suffix.lower() in endings and path.name != "SOURCE.txt" and 0 < path.stat().st_size <= LARGEST
    )


def totals(path: Path) -> dict[str, float]:
    """Return the accounts of a table as the command line reads it: sums, and how many of what."""
    import numpy as np

    from netcluster.network.open import open_inputs

    bundle = open_inputs([path])
    found: dict[str, float] = {}
    if (io := bundle.table_or_none()) is not None:
        arrays = {"Z": io.Z, "Y": io.Y, "V": io.V, "x": io.x}
        found |= {name: float(np.nansum(array)) for name, array in arrays.items()} | {"sectors": len(io.sectors)}
    if bundle.trade is not None:
        frame = bundle.trade.frame(by=["exporter"])
        found |= {"trade": float(frame["value"].sum()), "exporters": len(frame)}
    if bundle.links is not None:
        found |= {"weight": float(bundle.links.frame["weight"].sum()), "links": len(bundle.links.frame)}
    if bundle.employment is not None:
        found |= {"jobs": float(bundle.employment.frame["employment"].sum()), "cells": len(bundle.employment.frame)}
    if bundle.firms is not None:
        found["firms"] = len(bundle.firms.frame)
    return found


def try_case(case: Case, _: Sent) -> Fate:
    """Mutate, read, compare; in a worker. A read that takes too long ends the worker."""
    from netcluster.core.errors import NetclusterError

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    rng = random.Random(case.seed)
    path = Path(case.path)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        mutated = mutate(path, rng)
        target = Path(folder) / mutated.name
        target.write_bytes(mutated.content)
        start = time.monotonic()
        signal.alarm(SECONDS)
        try:
            fate = Fate("read", mutated.mutation)
            found = totals(target)
            if mutated.neutral and (text := _differs(_plain(case.path), found)):
                fate = Fate("wrong total", mutated.mutation, text)
        except NetclusterError as error:
            signal.alarm(0)
            lost = mutated.neutral and _plain(case.path) is not None
            fate = Fate("refused though harmless" if lost else "refused", mutated.mutation, error.message)
        except BaseException:
            fate = Fate("traceback", mutated.mutation, traceback.format_exc(limit=-6))
        finally:
            signal.alarm(0)
        seconds = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Fate(fate.kind, fate.mutation, fate.text, round(seconds, 2), peak)


_TOTALS: dict[str, Mapping[str, float] | None] = {}


def _plain(path: str) -> Mapping[str, float] | None:
    """Return the totals of the table as it is; none where it can't be read alone."""
    from netcluster.core.errors import NetclusterError

    if path not in _TOTALS:
        try:
            _TOTALS[path] = totals(Path(path))
        except NetclusterError:
            _TOTALS[path] = None
    return _TOTALS[path]


def _differs(before: Mapping[str, float] | None, after: Mapping[str, float]) -> str:
    if before is None:
        return ""
    wrong = [
        f"{name}: {before.get(name)} → {after.get(name)}"
        for name in sorted(before.keys() | after.keys())
        if abs(before.get(name, 0.0) - after.get(name, 0.0)) > SAME * max(1.0, abs(before.get(name, 0.0)))
        or (name in before) != (name in after)
    ]
    return "; ".join(wrong)


def main(arguments: list[str]) -> int:
    """Run the cases and print what became of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path, default=None, help="Write every fate to this file.")
    flags = parser.parse_args(arguments)
    files = corpus()
    cases = [
        Case(number, python_random(flags.seed, "fuzz", number).getrandbits(48), str(files[number % len(files)]))
        for number in range(flags.cases)
    ]
    os.environ["PYTHONWARNINGS"] = "ignore"
    fates: dict[int, Fate] = {}
    with Processes(flags.jobs, memory=MEMORY) as engine:
        for number, fate in engine.completed(try_case, cases, lambda _: {}):
            fates[number] = Fate("hang or crash", "?", fate.reason) if isinstance(fate, Lost) else fate
            if len(fates) % 100 == 0:
                print(f"{len(fates)} of {len(cases)}", file=sys.stderr)
    return _report(cases, fates, files, flags.json)


def _report(cases: list[Case], fates: dict[int, Fate], files: list[Path], out: Path | None) -> int:
    counts = Counter(fate.kind for fate in fates.values())
    slowest = max(fates.values(), key=lambda fate: fate.seconds)
    peak = max(fate.peak for fate in fates.values())
    print(
        f"{len(cases)} mutated tables of {len(files)}: " + ", ".join(f"{kind} {n}" for kind, n in counts.most_common())
    )
    print(f"slowest {slowest.seconds} s ({slowest.mutation}); largest worker {peak} MB")
    for number, fate in sorted(fates.items()):
        if fate.kind == "refused though harmless":
            print(f"case {number}, {Path(cases[number].path).name}, {fate.mutation}: {fate.text}")
    fine = ("read", "refused", "refused though harmless")
    bad = {number: fate for number, fate in sorted(fates.items()) if fate.kind not in fine}
    for number, fate in bad.items():
        print(f"\n--- case {number} of {cases[number].path}, {fate.mutation}: {fate.kind}\n{fate.text}")
    if out:
        rows: list[dict[str, Any]] = [{**vars(cases[k]), **vars(fate)} for k, fate in sorted(fates.items())]
        out.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    from benchmarks.fuzz import main as run_main  # the workers find the functions by this name

    sys.exit(run_main(sys.argv[1:]))
