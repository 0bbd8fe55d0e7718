"""Location quotients, with the interval within which chance alone would leave them.

Matrices are (industries, regions): amounts[i, r] is what industry i has in region r.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import DESCRIPTIVE, Finding, rank
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result
from netcluster.places.grid import Array, Definition, Grid, grid
from netcluster.places.strong import RULES, stars, strong_clusters
from netcluster.tables.employment import EmploymentTable

if TYPE_CHECKING:
    import pandas as pd

MEASURES = (
    "employment", "location_quotient", "share_of_region", "strong_cluster", "lq_low", "lq_high", "share_of_industry",
    "establishments", "strong10", "stars",
)  # fmt: skip


def ratio(top: npt.ArrayLike, bottom: npt.ArrayLike) -> Array:
    """Return top over bottom, NaN where the bottom is zero.

    >>> ratio([1.0, 2.0], [2.0, 0.0])
    array([0.5, nan])
    """
    over, under = np.broadcast_arrays(np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64))
    return np.asarray(np.divide(over, under, out=np.full(over.shape, np.nan), where=under > 0))


def location_quotient(amounts: npt.ArrayLike, whole: npt.ArrayLike | None = None) -> Array:
    """Return the share of each industry in a region over its share in all regions together.

    Parameters
    ----------
    amounts : (n, m)
        Jobs, output or exports of n industries in m regions, 0 or more.
    whole : (m,) or (n, m), optional
        What shares are taken of; all industries of the region where left out.

    Returns
    -------
    (n, m) array
        1 is the average; NaN for an industry or a region without any.

    Examples
    --------
    Half of the first region's jobs are in the first industry, a quarter of all jobs are: 0.5 / 0.25 = 2.

    >>> location_quotient([[5, 0], [5, 10]])
    array([[2.        , 0.        ],
           [0.66666667, 1.33333333]])
    """
    E = np.asarray(amounts, dtype=np.float64)
    if E.ndim != 2 or not (np.isfinite(E) & (E >= 0)).all():
        raise NetclusterError("Quotients need a matrix of numbers, 0 or more.", "Leave missing cells out, or fill 0.")
    of = np.broadcast_to(E.sum(axis=0) if whole is None else np.asarray(whole, dtype=np.float64), E.shape)
    return ratio(ratio(E, of), ratio(E.sum(axis=1), of.sum(axis=1))[:, None])


def quotient_interval(quotients: npt.ArrayLike, counts: npt.ArrayLike, whole: npt.ArrayLike, z: float = 1.96) -> Any:
    """Return the lower and upper end of each quotient's interval, (n, m) each; NaN where nothing is counted.

    The delta method on ln LQ where `counts` (establishments, or jobs) are drawn independently: with k_ir counted of
    industry i in region r, Var = 1/k_ir − 1/k_r − 1/k_i + (2q − 1)/k, q the quotient of the counts. Jobs come in
    establishments, so counts of jobs make the interval far too narrow.
    """
    k = np.asarray(counts, dtype=np.float64)
    of = np.broadcast_to(np.asarray(whole, dtype=np.float64), k.shape)
    rows, total = k.sum(axis=1)[:, None], of.sum(axis=1)[:, None]
    q = location_quotient(k, of)
    variance = ratio(1, k) - ratio(1, of) - ratio(1, rows) + ratio(2 * q - 1, total)
    spread = np.exp(z * np.sqrt(np.maximum(variance, 0)))
    values = np.asarray(quotients, dtype=np.float64)
    return values / spread, values * spread


def quotients(
    table: EmploymentTable, definition: Definition | Mapping[str, str] | None = None, *, z: float = 1.96
) -> Result:
    """Return the location quotient of every industry (or cluster) in every region where it has jobs.

    Parameters
    ----------
    table : EmploymentTable
        Jobs by region and industry.
    definition : Definition or mapping of industry to cluster, optional
        Sum industries into clusters first.
    z : float
        How many standard errors the interval spans on either side; 1.96 leaves out one in twenty.

    Returns
    -------
    Result
        Sorted by region, then industry. `strong_cluster` by the rules of the US Cluster Mapping, `stars` by those of
        the European Cluster Observatory, both among the regions of the table. Findings name the strong clusters.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"region": ["N", "N", "S"], "industry": ["a", "b", "b"], "employment": [5, 5, 10]})
    >>> result = quotients(EmploymentTable(frame.assign(establishments=float("nan"))))
    >>> result.frame[["region", "industry", "location_quotient", "share_of_region"]].round(2).values.tolist()
    [['N', 'a', 2.0, 0.5], ['N', 'b', 0.67, 0.5], ['S', 'b', 1.33, 1.0]]
    """
    G = grid(table, definition)
    lq = location_quotient(G.jobs, G.whole)
    share = ratio(G.jobs, G.totals)
    notes = [*table.changes, *G.notes]
    counts, of = G.jobs, G.whole
    if G.establishments is None or G.whole_establishments is None:
        text = "Establishments are not given: intervals of quotients take each job as drawn alone and are too narrow."
        notes.append(Note("no_establishments", text))
    else:
        counts, of = G.establishments, G.whole_establishments
    low, high = quotient_interval(lq, counts, of, z)
    strong, strong10 = strong_clusters(lq, G.jobs, G.establishments)
    frame = _frame(G, lq, share, low, high, strong, strong10)
    return Result(
        frame=frame,
        measures=MEASURES,
        parameters={"z": z, "clusters": definition is not None, **RULES},
        notes=tuple(notes),
        findings=tuple(_findings(frame)),
    )


def _frame(G: Grid, lq: Array, share: Array, low: Array, high: Array, strong: Any, strong10: Any) -> pd.DataFrame:
    import pandas as pd

    region, industry = np.nonzero(G.jobs.T > 0)
    at = (industry, region)
    absent = np.full(G.jobs.shape, np.nan)
    return pd.DataFrame(
        {
            "region": np.array(G.regions, dtype=object)[region],
            "industry": np.array(G.industries, dtype=object)[industry],
            "employment": G.jobs[at],
            "location_quotient": lq[at],
            "share_of_region": share[at],
            "strong_cluster": strong[at],
            "lq_low": low[at],
            "lq_high": high[at],
            "share_of_industry": ratio(G.jobs, G.jobs.sum(axis=1)[:, None])[at],
            "establishments": (absent if G.establishments is None else G.establishments)[at],
            "strong10": strong10[at],
            "stars": stars(lq, G.jobs, share)[at],
        }
    )


def _findings(frame: pd.DataFrame) -> list[Finding]:
    """Return a finding for each strong cluster that makes at least a hundredth of its region's jobs."""
    limit = float(explain("location_quotient").threshold or 1.0)
    source = explain("strong_cluster").source
    total = float(frame["employment"].sum())
    found: list[Finding] = []
    told = frame[frame["strong_cluster"] & (frame["share_of_region"] >= 0.01)]
    names = ("region", "industry", "employment", "location_quotient", "share_of_region", "lq_low", "share_of_industry")
    for region, industry, jobs, lq, share, low, part in zip(*(told[name].tolist() for name in names), strict=True):
        sure = "" if low > 1 else " (its interval reaches down to the average)"
        found.append(
            Finding(
                code="strong_cluster",
                subject=f"{region}: {industry}",
                subject_kind="cluster",
                measure="location_quotient",
                value=lq,
                threshold=limit,
                severity=DESCRIPTIVE,
                share=jobs / total,
                sentence=f"{industry} is a strong cluster of {region}: {share:.1%} of its jobs,"
                f" {lq:.1f} times the average share{sure}.",
                evidence=({"employment": jobs, "share_of_industry": part},),
                reference=source,
            )
        )
    return rank(found)
