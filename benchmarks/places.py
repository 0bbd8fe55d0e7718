"""Quotients of half a million rows, all pairs of a thousand industries, complexity of 226 exporters and 5,000 products.

The peer of the first is bare `pandas.read_csv` of the same file; of the second a loop over industries in NumPy; of the
third all eigenvectors of the unsymmetric matrix and of the products' one, which is how complexity is usually coded; it
gets one product in five, as all of them would take it minutes.
Firms drawn anew over 10⁵ sites stand beside their distances in NumPy, in time on the clock, on all cores. Where
econcomplex is installed, it is a peer of complexity too.
Times are otherwise of the processor, medians of alternating runs.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from netcluster.tables.firms import FIRM_COLUMNS, FirmTable

INDUSTRIES, REGIONS, ROWS = 1000, 933, 569_017
EXPORTERS, PRODUCTS, FIRMS = 226, 5000, 100_000


def jobs() -> pd.DataFrame:
    """Return jobs as County Business Patterns has them: a row a region and code, of 2 to 6 digits, nested.

    One in ten of the codes from 4 digits on is withheld, as it is there, so that 3 digits are the finest without gaps.
    """
    rng = np.random.default_rng(0)
    pairs = np.sort(rng.choice(INDUSTRIES * REGIONS, ROWS * 3 // 8, replace=False))
    plants = 1 + rng.geometric(0.05, len(pairs))
    finest = pd.DataFrame(
        {
            "region": [f"M{r:05d}" for r in pairs // INDUSTRIES],
            "industry": [f"{110 + i // 12}{100 + 73 * (i % 12)}" for i in pairs % INDUSTRIES],
            "employment": plants * rng.integers(1, 60, len(pairs)),
            "establishments": plants,
        }
    )
    levels = [
        finest.assign(industry=finest["industry"].str[:digits]).groupby(["region", "industry"], as_index=False).sum()
        for digits in (2, 3, 4, 5, 6)
    ]
    told = [level if k < 2 else level[rng.random(len(level)) > 0.1] for k, level in enumerate(levels)]
    return pd.concat(told).sort_values(["region", "industry"]).head(ROWS)


def firms(share: float = 0.02) -> FirmTable:
    """Return 10⁵ firms in a square of six degrees; those of industry T, a share of all, nearer to its middle."""
    rng = np.random.default_rng(0)
    place = rng.uniform(-3, 3, (FIRMS, 2))
    own = int(FIRMS * share)
    place[:own] /= 2
    frame = pd.DataFrame(columns=list(FIRM_COLUMNS), index=range(FIRMS)).assign(
        id=[f"f{k}" for k in range(FIRMS)], kind="firm", industry=["T"] * own + ["other"] * (FIRMS - own),
        size=1.0, lat=50 + place[:, 0], lon=10 + place[:, 1],
    )  # fmt: skip
    return FirmTable(frame)


def draws_beside_arrays(draws: int = 1000) -> dict[str, Any]:
    """Return the wall time of Duranton and Overman's draws beside all pairs in NumPy, a few of them multiplied."""
    from netcluster.places import duranton_overman
    from netcluster.places.sites import pairs, unit_sphere

    table = firms()
    duranton_overman(table, "T", draws=39)
    start = time.perf_counter()
    duranton_overman(table, "T", draws=draws)
    ours = time.perf_counter() - start
    frame = table.frame[table.frame["industry"].eq("T")]
    sphere = unit_sphere(frame["lat"], frame["lon"])
    start = time.perf_counter()
    for _ in range(5):
        np.histogram(pairs(sphere), bins=2000)
    peer = (time.perf_counter() - start) / 5 * draws
    name = f"{draws} draws of {len(frame)} of {FIRMS} firms"
    return {"name": name, "ours": round(ours, 2), "peer": round(peer, 2), "ratio": ours / peer, "unit": "s"}


def nested() -> Any:
    """Return who is good at what, roughly nested."""
    rng = np.random.default_rng(0)
    score = np.linspace(0, 3, EXPORTERS)[:, None] - np.linspace(0, 3, PRODUCTS) + rng.normal(size=(EXPORTERS, PRODUCTS))
    return (score > 0.5).astype(float)


def all_of_regions(path: Path, level: str = "") -> None:
    """Read a file and work out quotients, strong clusters, specialisation and concentration."""
    from netcluster import places
    from netcluster.network.open import open_inputs
    from netcluster.tables.options import ReadOptions

    table = open_inputs([path], ReadOptions(level=level)).employment
    assert table is not None
    places.quotients(table)
    places.specialisation(table)
    places.concentration(table)


def loop_of_pairs(E: Any) -> Any:
    """Return co-agglomeration one industry at a time."""
    s, x = E / E.sum(axis=1, keepdims=True), E.sum(axis=0) / E.sum()
    return np.array([((s - x) * (row - x)).sum(axis=1) for row in s]) / (1 - (x**2).sum())


def all_eigenvectors(M: Any) -> None:
    """Find ECI and PCI each by all eigenvectors of its own matrix."""
    d, u = M.sum(axis=1), np.maximum(M.sum(axis=0), 1)
    np.linalg.eig((M / d[:, None]) @ (M / u).T)
    np.linalg.eig((M / u).T @ (M / d[:, None]))


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of the processor one call takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def compared(name: str, ours: Callable[[], object], peer: Callable[[], object], runs: int) -> dict[str, Any]:
    """Return one row: the medians of alternating runs and their ratio."""
    ours()
    pairs = [(timed(ours), timed(peer)) for _ in range(runs)]
    first, second = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {"name": name, "ours": round(first, 3), "peer": round(second, 3), "ratio": first / second, "unit": "s CPU"}


def run(runs: int = 3) -> list[dict[str, Any]]:
    """Return the rows of all three."""
    from netcluster.core.solve import blas_threads
    from netcluster.places import complexity_indices, pairwise_coagglomeration

    frame, M = jobs(), nested()
    E = np.random.default_rng(1).pareto(1.0, (INDUSTRIES, REGIONS)) * 100
    with tempfile.TemporaryDirectory() as folder, blas_threads(1):
        path = Path(folder) / "jobs.csv"
        frame.to_csv(path, index=False)
        rows = [
            compared("regions beside read_csv", lambda: all_of_regions(path), lambda: pd.read_csv(path), runs),
            compared("regions, 6 digits", lambda: all_of_regions(path, "6"), lambda: pd.read_csv(path), runs),
            compared("all pairs", lambda: pairwise_coagglomeration(E), lambda: loop_of_pairs(E), runs),
            compared(
                "complexity of 5,000 beside 1,000",
                lambda: complexity_indices(M),
                lambda: all_eigenvectors(M[:, ::5]),
                runs,
            ),
            *beside_econcomplex(M),
        ]
    return [*rows, draws_beside_arrays()]


def beside_econcomplex(M: Any) -> list[dict[str, Any]]:
    """Return complexity beside econcomplex, where it is installed; it is run once, as it takes long."""
    try:
        import econcomplex
    except ImportError:
        return []
    from netcluster.places import complexity_indices

    fewer = M[:, ::5]
    name = "complexity of 5,000 beside econcomplex of 1,000"
    return [compared(name, lambda: complexity_indices(M), lambda: econcomplex.eci_pci(fewer, use_rca=False), 1)]


if __name__ == "__main__":
    for row in run():
        print(row)
