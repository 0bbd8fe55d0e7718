"""Write a list of firms for a table: `python -m benchmarks.make_firms TABLE FIRMS.csv 1000000`.

Industries have firms by the power 0.7 of their output, and jobs are Pareto with exponent 1.1, as firms' sizes are.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import netcluster as nc
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
from netcluster.tables.iotable import IOTable


def firms(table: IOTable, n: int, seed: int = 0) -> FirmTable:
    """Return n firms of a table's industries with seeded Pareto sizes."""
    rng = np.random.default_rng(seed)
    share = np.maximum(table.x, 0) ** 0.7
    industry = np.array(table.ids)[rng.choice(table.n, n, p=share / share.sum())]
    size = np.ceil(2 * (1 - rng.random(n)) ** (-1 / 1.1)).astype(np.int64)
    frame = pd.DataFrame({"id": [f"F{i:07d}" for i in range(n)], "industry": industry, "size": size})
    return FirmTable(frame.reindex(columns=FIRM_COLUMNS))


def main(table: str, path: str, n: str) -> None:
    made = firms(nc.read_table(table), int(float(n))).frame
    made[["id", "industry", "size"]].to_csv(Path(path), index=False)


if __name__ == "__main__":
    main(*sys.argv[1:4])
