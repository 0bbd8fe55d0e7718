"""Long tables beside bare DuckDB: a BACI-sized CSV to the flows between countries, and the memory it takes.

    python -m benchmarks.readers_long            11 million rows, as a year of BACI has
    python -m benchmarks.readers_long 110        110 million, ten years

The file is made by a seeded generator into a temporary folder. Ours finds the dialect, recognises the columns,
counts what is missing, and sums exactly; bare DuckDB is told nothing either and adds floating-point numbers. Both read
a table of a thousand rows first, so that imports are not counted.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROWS = 11_000_000
#: Alternating runs of each side; the median is taken.
RUNS = 5
RATIO = 1.3

_OURS = """
import sys, time, resource
import duckdb, pandas, pyarrow
from netcluster.tables.read import read
read(sys.argv[2]).trade.frame(by=("exporter", "importer"))
start, cpu = time.perf_counter(), time.process_time()
trade = read(sys.argv[1]).trade
frame = trade.frame(by=("exporter", "importer"))
"""
_BARE = """
import sys, time, resource
import duckdb, pandas, pyarrow
duckdb.sql(f"SELECT i, j, sum(v) AS v FROM read_csv('{sys.argv[2]}') GROUP BY i, j ORDER BY i, j").df()
start, cpu = time.perf_counter(), time.process_time()
frame = duckdb.sql(f"SELECT i, j, sum(v) AS v FROM read_csv('{sys.argv[1]}') GROUP BY i, j ORDER BY i, j").df()
"""
_PRODUCTS = (
    _OURS
    + """
frame = trade.frame(by=("exporter", "product"))
"""
)
_END = """
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(time.perf_counter() - start, time.process_time() - cpu, peak, len(frame))
"""


def make(path: Path, rows: int, seed: int = 0) -> None:
    """Write a table of BACI's shape: 238 countries, 5,390 products, three decimals, few quantities missing."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv as pc

    random = np.random.default_rng(seed)
    codes = np.array([f"{code:06d}" for code in 10_111 + 183 * np.arange(5390)])
    written = False
    with path.open("wb") as stream:
        for start in range(0, rows, 1_000_000):
            n = min(1_000_000, rows - start)
            value = np.round(random.lognormal(2.0, 2.5, n) + 0.001, 3)
            quantity = np.round(random.lognormal(1.0, 2.5, n), 3)
            columns: dict[str, Any] = {
                "t": np.full(n, 2020),
                "i": 4 + 3 * random.integers(0, 238, n),
                "j": 5 + 3 * random.integers(0, 238, n),
                "k": codes[random.integers(0, len(codes), n)],
                "v": value,
                "q": pa.array(quantity, mask=random.random(n) < 0.03),
            }
            table = pa.table(columns)
            options = pc.WriteOptions(include_header=not written, quoting_style="none")
            pc.write_csv(table, stream, options)
            written = True


def _run(code: str, path: Path, small: Path) -> tuple[float, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", code + _END, str(path), str(small)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    seconds, cpu, peak, _ = map(float, done.stdout.split()[-4:])
    return seconds, cpu, peak


def run(rows: int = ROWS, runs: int = RUNS) -> list[dict[str, object]]:
    """Return a row for each comparison: name, ours, peer (seconds of processor time, MB), ratio and the limit."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "baci_size.csv"
        small = Path(folder) / "small.csv"
        make(path, rows)
        make(small, 1000)
        pairs = [(_run(_OURS, path, small), _run(_BARE, path, small)) for _ in range(runs)]
        products = _run(_PRODUCTS, path, small)
    million = f"{rows / 1e6:.0f} million rows"
    found: list[dict[str, object]] = []
    for at, what, limit in ((0, "seconds", RATIO), (1, "processor seconds", RATIO), (2, "peak memory, MB", None)):
        ours = statistics.median(pair[0][at] for pair in pairs)
        bare = statistics.median(pair[1][at] for pair in pairs)
        name = f"{million} to flows of countries, {what}"
        found.append(
            {"name": name, "ours": ours, "peer": bare, "peer_name": "bare DuckDB", "ratio": ours / bare, "limit": limit}
        )
    found.append({"name": f"{million}, exports by product too, peak memory, MB", "ours": products[2]})
    return found


if __name__ == "__main__":
    for row in run(int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else ROWS):
        print(row)
