"""How specialised regions are: their industries' shares beside those of all regions together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.indices import entropy, gini, hhi, hhi_normalised, hill_number
from netcluster.core.result import Result
from netcluster.places.grid import Array, Definition, grid
from netcluster.tables.employment import EmploymentTable

MEASURES = (
    "employment", "industries", "krugman", "hoover_specialisation", "hachman", "hhi", "hhi_normalised", "entropy",
    "effective_number", "gini_of_quotients", "locational_gini", "largest_quotient",
)  # fmt: skip


def _pair(amounts: npt.ArrayLike, reference: npt.ArrayLike) -> tuple[Array, Array]:
    """Return both as shares; raises where they differ in length, hold what is below 0, or are empty."""
    E, R = np.asarray(amounts, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if E.ndim != 1 or E.shape != R.shape or not (np.isfinite(E) & np.isfinite(R) & (E >= 0) & (R >= 0)).all():
        raise NetclusterError(
            f"Amounts {E.shape} and their reference {R.shape} must be as many numbers, 0 or more.",
            "Give one amount and one reference for each industry (or region), in one order.",
        )
    if not (E.sum() > 0 and R.sum() > 0):
        raise NetclusterError(
            "The amounts, or their reference, add up to 0.", "Leave the empty region or industry out."
        )
    return E / E.sum(), R / R.sum()


def krugman(amounts: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Return Σ|s_i − s̄_i|, the Krugman index, 0 (alike) to 2 (nothing in common) (Krugman 1991).

    Of a region's industries it measures specialisation, of an industry's regions concentration.

    >>> krugman([20, 10, 70, 0, 0], [0, 0, 0, 60, 40])
    2.0
    """
    s, r = _pair(amounts, reference)
    return float(np.abs(s - r).sum())


def hoover(amounts: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Return ½Σ|s_i − s̄_i|, the share that would have to move for both to be alike (Hoover 1936).

    >>> hoover([3, 1], [1, 1])
    0.25
    """
    return krugman(amounts, reference) / 2


def hachman(amounts: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Return the Hachman index, 1 over the region's mean quotient, 1 where it is like the whole (Hachman 1995).

    >>> round(hachman([3, 1], [1, 1]), 3)
    0.8
    """
    s, r = _pair(amounts, reference)
    if (s[r == 0] > 0).any():
        return 0.0
    return float(1 / (s[r > 0] ** 2 / r[r > 0]).sum())


def gini_of_quotients(amounts: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Return the Gini coefficient of the quotients s_i / s̄_i, each counted alike.

    One of two measures that go by "locational Gini"; `locational_gini` is the other, and they differ.

    >>> round(gini_of_quotients([500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]), 7)
    0.4068966
    """
    s, r = _pair(amounts, reference)
    return gini(s[r > 0] / r[r > 0])


def locational_gini(amounts: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Return twice the area between the diagonal and the Lorenz curve of amounts over the reference (Krugman 1991).

    0 where both are spread alike, near 1 where all is in a place of next to no weight. Some programs print the area
    itself, half of this.

    >>> round(locational_gini([500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]), 4)
    0.3725
    """
    s, r = _pair(amounts, reference)
    slope = np.divide(s, r, out=np.full_like(s, np.inf), where=r > 0)
    order = np.argsort(slope, kind="stable")
    y = np.cumsum(s[order])
    return float(1 - (r[order] * (2 * y - s[order])).sum())


def specialisation(table: EmploymentTable, definition: Definition | Mapping[str, str] | None = None) -> Result:
    """Return how specialised each region is, a row a region, the largest first.

    Parameters
    ----------
    table : EmploymentTable
        Jobs by region and industry.
    definition : Definition or mapping of industry to cluster, optional
        Sum industries into clusters first; what is in none is left out of the shares.

    Examples
    --------
    Region N has shares (3/4, 1/4), both regions together (1/2, 1/2): Krugman 1/4 + 1/4.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"region": list("NNSS"), "industry": list("abab"), "employment": [3, 1, 1, 3]})
    >>> specialisation(EmploymentTable(frame.assign(establishments=1))).frame["krugman"].tolist()
    [0.5, 0.5]
    """
    import pandas as pd

    G = grid(table, definition)
    whole = G.jobs.sum(axis=1)
    records = [
        _record(name, column, total, whole)
        for name, column, total in zip(G.regions, G.jobs.T, G.totals, strict=True)
        if column.sum() > 0
    ]
    frame = pd.DataFrame.from_records(records)
    frame["most_specialised_in"] = [G.industries[k] for k in frame.pop("place")]
    frame = frame.sort_values(["employment", "region"], ascending=[False, True], ignore_index=True)
    parameters = {"clusters": definition is not None}
    return Result(frame, MEASURES, parameters, (*table.changes, *G.notes))


def _record(name: str, jobs: Array, total: float, whole: Array) -> dict[str, object]:
    share = jobs / jobs.sum()
    lq = np.divide(share, whole / whole.sum(), out=np.zeros_like(share), where=whole > 0)
    place = int(lq.argmax())
    return {
        "region": name,
        "employment": float(total),
        "industries": int((jobs > 0).sum()),
        "krugman": krugman(jobs, whole),
        "hoover_specialisation": hoover(jobs, whole),
        "hachman": hachman(jobs, whole),
        "hhi": float(hhi(jobs)),
        "hhi_normalised": float(hhi_normalised(jobs)),
        "entropy": float(entropy(jobs)),
        "effective_number": float(hill_number(jobs, 2.0)),
        "gini_of_quotients": gini_of_quotients(jobs, whole),
        "locational_gini": locational_gini(jobs, whole),
        "largest_quotient": float(lq[place]),
        "place": place,
    }
