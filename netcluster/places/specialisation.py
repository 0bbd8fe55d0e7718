"""How specialised regions are: their industries' shares beside those of all regions together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.indices import entropy, hhi, hhi_normalised, hill_number
from netcluster.core.result import Result
from netcluster.places.grid import Array, Definition, grid
from netcluster.tables.employment import EmploymentTable

MEASURES = (
    "employment", "industries", "krugman", "hoover_specialisation", "hachman", "hhi", "hhi_normalised", "entropy",
    "effective_number", "gini_of_quotients", "locational_gini", "largest_quotient",
)  # fmt: skip


def beside(amounts: npt.ArrayLike, reference: npt.ArrayLike) -> dict[str, Array]:
    """Return, for each row of amounts, how its shares differ from those of its reference: all measures at once.

    Parameters
    ----------
    amounts : (k, n)
        Jobs of k regions in n industries, or of k industries in n regions; no row of zeros.
    reference : (n,) or (k, n)
        What each row is set beside.

    Returns
    -------
    dict of (k,) arrays
        krugman, hachman, gini_of_quotients and locational_gini, as the functions of these names give them.
    """
    E = np.asarray(amounts, dtype=np.float64)
    s = E / E.sum(axis=1, keepdims=True)
    R = np.asarray(reference, dtype=np.float64)
    r = np.broadcast_to(R / R.sum(axis=-1, keepdims=True), s.shape)
    known = r > 0
    slope = np.divide(s, r, out=np.full_like(s, np.inf), where=known)
    order = np.argsort(slope, axis=1, kind="stable")
    ranked, weight, base = (np.take_along_axis(values, order, axis=1) for values in (s, r, slope))
    area = (weight * (2 * np.cumsum(ranked, axis=1) - ranked)).sum(axis=1)
    # Places without any of the reference stand last: their quotient is infinite, and is left out.
    base = np.where(np.isfinite(base), base, 0.0)
    many = known.sum(axis=1)
    rank = 2 * np.arange(1, s.shape[1] + 1) - many[:, None] - 1
    total = base.sum(axis=1)
    lone = ((s > 0) & ~known).any(axis=1)
    mean = np.divide(s**2, r, out=np.zeros_like(s), where=known).sum(axis=1)
    return {
        "krugman": np.abs(s - r).sum(axis=1),
        "hachman": np.divide(1.0, mean, out=np.zeros_like(mean), where=~lone & (mean > 0)),
        "gini_of_quotients": np.divide(
            (rank * base).sum(axis=1), many * total, out=np.full_like(total, np.nan), where=total > 0
        ),
        "locational_gini": 1 - area,
    }


def _one(amounts: npt.ArrayLike, reference: npt.ArrayLike, name: str) -> float:
    """Return one measure of one row; raises where they differ in length, hold what is below 0, or are empty."""
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
    return float(beside(E[None, :], R)[name][0])


def krugman(amounts: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Return Σ|s_i − s̄_i|, the Krugman index, 0 (alike) to 2 (nothing in common) (Krugman 1991).

    Of a region's industries it measures specialisation, of an industry's regions concentration.

    >>> krugman([20, 10, 70, 0, 0], [0, 0, 0, 60, 40])
    2.0
    """
    return _one(amounts, reference, "krugman")


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
    return _one(amounts, reference, "hachman")


def gini_of_quotients(amounts: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Return the Gini coefficient of the quotients s_i / s̄_i, each counted alike.

    One of two measures that go by "locational Gini"; `locational_gini` is the other, and they differ.

    >>> round(gini_of_quotients([500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]), 7)
    0.4068966
    """
    return _one(amounts, reference, "gini_of_quotients")


def locational_gini(amounts: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Return twice the area between the diagonal and the Lorenz curve of amounts over the reference (Krugman 1991).

    0 where both are spread alike, near 1 where all is in a place of next to no weight. Some programs print the area
    itself, half of this.

    >>> round(locational_gini([500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]), 4)
    0.3725
    """
    return _one(amounts, reference, "locational_gini")


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
    some = G.jobs.sum(axis=0) > 0
    jobs, whole = np.ascontiguousarray(G.jobs.T[some]), G.jobs.sum(axis=1)
    share = jobs / jobs.sum(axis=1, keepdims=True)
    lq = np.divide(share, whole / whole.sum(), out=np.zeros_like(share), where=whole > 0)
    place = lq.argmax(axis=1)
    found = beside(jobs, whole)
    frame = pd.DataFrame(
        {
            "region": np.array(G.regions, dtype=object)[some],
            "employment": G.totals[some],
            "industries": (jobs > 0).sum(axis=1),
            "krugman": found["krugman"],
            "hoover_specialisation": found["krugman"] / 2,
            "hachman": found["hachman"],
            "hhi": hhi(jobs),
            "hhi_normalised": hhi_normalised(jobs),
            "entropy": entropy(jobs),
            "effective_number": hill_number(jobs, 2.0),
            "gini_of_quotients": found["gini_of_quotients"],
            "locational_gini": found["locational_gini"],
            "largest_quotient": lq[np.arange(len(lq)), place],
            "most_specialised_in": np.array(G.industries, dtype=object)[place],
        }
    )
    frame = frame.sort_values(["employment", "region"], ascending=[False, True], ignore_index=True)
    return Result(frame, MEASURES, {"clusters": definition is not None}, (*table.changes, *G.notes))
