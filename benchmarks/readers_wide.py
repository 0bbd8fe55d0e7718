"""Wide readers beside bare parsers: the world table of 1,435 sectors from CSV, a WIOD workbook of 15 years.

Each pair of runs alternates, ours then the peer's, in one process; the ratios are of the medians of time and of
processor time. The file's time is changed before each run, so that what ours remembers of a file is found anew. The
tables are made here, of the shape of the real ones: nothing is read from outside the project.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

RUNS = 11


def world(path: Path, regions: int = 41, sectors: int = 35, categories: int = 5) -> Path:
    """Write a table of 41 regions by 35 sectors as WIOD 2013's is laid out: Z, final demand, output."""
    draw = np.random.default_rng(0)
    n = regions * sectors
    ids = [f"R{r:02d}_c{s + 1}" for r in range(regions) for s in range(sectors)]
    final = [f"R{r:02d}_F{c + 1}" for r in range(regions) for c in range(categories)]
    values = draw.integers(0, 9999, (n, n + len(final))) * (draw.random((n, n + len(final))) < 0.2)
    frame = pd.DataFrame(values, index=ids, columns=ids + final)
    frame["OUTPUT"] = frame.sum(axis=1)
    frame.to_csv(path, index_label="region_sector")
    return path


def workbook(path: Path, years: int = 15, sectors: int = 56) -> Path:
    """Write a workbook as WIOD 2016's national ones are laid out: years stacked, domestic, imports, totals."""
    draw = np.random.default_rng(0)
    codes = [f"S{k + 1:02d}" for k in range(sectors)]
    demand = ["CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN", "EXP"]
    rows: list[list[object]] = [["", "", "", "", *("Some sector of industry" for _ in codes), *demand, "Total output"]]
    for year in range(2000, 2000 + years):
        domestic = draw.random((sectors, sectors + 6)) * 1000
        imports = draw.random((sectors, sectors + 6)) * 300
        output = domestic.sum(axis=1)
        added = output - domestic[:, :sectors].sum(axis=0) - imports[:, :sectors].sum(axis=0)
        for name, block, total in (("Domestic", domestic, output), ("Imports", imports, np.zeros(sectors))):
            rows += [
                [float(year), code, f"Sector {code}", name, *map(float, block[k]), float(total[k])]
                for k, code in enumerate(codes)
            ]
        tail = [0.0] * 7
        rows.append([float(year), "VA", "Value added at basic prices", "TOT", *map(float, added), *tail])
        rows.append([float(year), "GO", "Output at basic prices", "TOT", *map(float, output), *tail])
    header = ["Year", "Code", "Description", "Origin", *codes, *demand, "GO"]
    pd.DataFrame(rows, columns=header).to_excel(path, index=False, sheet_name="National IO-tables")
    return path


def alternating(
    ours: Callable[[], object], peer: Callable[[], object], file: Path, runs: int = RUNS
) -> list[tuple[float, float]]:
    """Return the medians of two tasks run in turn on a file that looks new each time: seconds, processor seconds."""
    ours(), peer()
    clocks = (time.perf_counter, time.process_time)
    taken: tuple[list[list[float]], list[list[float]]] = ([], [])
    for _ in range(runs):
        for task, times in zip((ours, peer), taken, strict=True):
            file.touch()
            start = [clock() for clock in clocks]
            task()
            times.append([clock() - before for clock, before in zip(clocks, start, strict=True)])
    mine, theirs = ([statistics.median(column) for column in zip(*times, strict=True)] for times in taken)
    return list(zip(mine, theirs, strict=True))


def run() -> list[dict[str, object]]:
    """Return two rows a comparison, seconds and processor seconds: ours, the peer's, their ratio and the limit."""
    from python_calamine import CalamineWorkbook

    from netcluster.tables.read import read_table

    with tempfile.TemporaryDirectory() as folder:
        csv, book = world(Path(folder) / "world.csv"), workbook(Path(folder) / "national.xlsx")
        pairs = [
            (
                *("world table of 1,435 sectors, CSV", "pandas.read_csv, C engine", 1.5, csv),
                lambda: read_table(csv),
                lambda: pd.read_csv(csv, engine="c"),
            ),
            (
                *("workbook of 15 years", "python-calamine to rows", 1.3, book),
                lambda: read_table(book, year=2014),
                lambda: CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python(),
            ),
        ]
        rows: list[dict[str, object]] = []
        for name, peer_name, limit, file, ours, peer in pairs:
            found = alternating(ours, peer, file)
            for what, (mine, theirs) in zip(("seconds", "processor seconds"), found, strict=True):
                row = {"name": f"{name}, {what}", "ours": mine, "peer": theirs, "peer_name": peer_name}
                rows.append({**row, "ratio": mine / theirs, "limit": limit})
    return rows


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']}: {row['ours']:.3f} s beside {row['peer']:.3f} s, ratio {row['ratio']:.2f}")
