"""Between two years: what became strong where, which industries came and went, and whether relatedness foretold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.places.grid import Array, Definition, aligned
from netcluster.places.proximity import density, proximity
from netcluster.places.quotient import location_quotient
from netcluster.places.strong import strong_clusters
from netcluster.tables.employment import EmploymentTable

MEASURES = (
    "quotient_before", "quotient_after", "density_before", "relative_density", "event", "strong_before",
    "strong_after",
)  # fmt: skip
FIT_MEASURES = ("cases", "events", "event_rate", "density_effect", "standard_error", "r2_within", "auc")
#: Rounds of taking out region and industry means, and what counts as none left.
_ROUNDS, _REST = 1000, 1e-10


def evolution(
    before: EmploymentTable,
    after: EmploymentTable,
    definition: Definition | Mapping[str, str] | None = None,
    *,
    threshold: float = 1.0,
) -> Result:
    """Return how each industry (or cluster) of each region changed its quotient, entered or left.

    Parameters
    ----------
    before, after : EmploymentTable
        The same regions and industries in two years.
    threshold : float
        The quotient from which a region has the industry: below before and not after is an entry.

    Returns
    -------
    Result
        `event` is entry, exit, stayed or absent. `density_before` is how much of what is related to the industry the
        region had before (Hidalgo et al. 2007; own industry left out), `relative_density` the same in standard
        deviations among what the region did not have (Pinheiro et al. 2022). `relatedness_fit` asks whether density
        foretold the events.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"region": list("NNSS"), "industry": list("abab"), "establishments": 1.0})
    >>> old, new = (EmploymentTable(frame.assign(employment=jobs)) for jobs in ([9, 1, 1, 9], [1, 9, 9, 1]))
    >>> evolution(old, new).frame["event"].tolist()
    ['exit', 'entry', 'entry', 'exit']
    """
    import pandas as pd

    grids = aligned([before, after], definition)
    lq = [np.nan_to_num(location_quotient(G.jobs, G.whole), nan=0.0) for G in grids]
    M, later = ((values >= threshold).astype(np.float64) for values in lq)
    near = density(M.T, proximity(M.T)).T
    event = np.select([(M == 0) & (later == 1), (M == 1) & (later == 0), M == 1], ["entry", "exit", "stayed"], "absent")
    strong = [strong_clusters(values, G.jobs, G.establishments)[0] for values, G in zip(lq, grids, strict=True)]
    region, industry = (ends.ravel() for ends in np.indices(M.T.shape))
    at = (industry, region)
    G = grids[0]
    frame = pd.DataFrame(
        {
            "region": np.array(G.regions, dtype=object)[region],
            "industry": np.array(G.industries, dtype=object)[industry],
            "quotient_before": lq[0][at],
            "quotient_after": lq[1][at],
            "density_before": near[at],
            "relative_density": _relative(near, M)[at],
            "event": event[at],
            "strong_before": strong[0][at],
            "strong_after": strong[1][at],
        }
    )
    notes = tuple(dict.fromkeys((*before.changes, *after.changes, *G.notes)))
    parameters = {
        "threshold": threshold,
        "before": before.year,
        "after": after.year,
        "clusters": definition is not None,
    }
    return Result(frame, MEASURES, parameters, notes)


def _relative(near: Array, M: Array) -> Array:
    """Return density in standard deviations among what each region does not have; NaN for what it has."""
    options = np.where((M == 0) & ~np.isnan(near), near, np.nan)
    out = np.full(near.shape, np.nan)
    for r in np.flatnonzero((~np.isnan(options)).sum(axis=0) > 1):
        column = options[:, r]
        spread = np.nanstd(column)
        if spread > 1e-12:
            out[:, r] = (column - np.nanmean(column)) / spread
    return out


def relatedness_fit(result: Result) -> Result:
    """Return how well density before foretold entries and exits, a row each.

    A linear probability model with an effect of each region and each industry (Boschma, Minondo and Navarro 2013):
    `density_effect` is by how much the chance of the event rises per unit of density, its standard error clustered by
    region, `r2_within` what density explains beyond the two effects, and `auc` the chance that of an event and a
    non-event density alone picks the right one (1/2: no better than a coin; below it for exits, which it should lower).

    Raises NetclusterError where the result is not one of `evolution`.
    """
    import pandas as pd

    if "density_before" not in result.frame:
        raise NetclusterError("Relatedness is fitted to a result of evolution().", "Give what evolution() returned.")
    rows: list[dict[str, object]] = []
    notes: list[Note] = []
    for event, having in (("entry", ("entry", "absent")), ("exit", ("exit", "stayed"))):
        part = result.frame[result.frame["event"].isin(having) & result.frame["density_before"].notna()]
        y = np.asarray(part["event"].eq(event), dtype=np.float64)
        x = part["density_before"].to_numpy(dtype=np.float64)
        codes = [pd.factorize(part[name], sort=True)[0].astype(np.int64) for name in ("region", "industry")]
        effect, error, explained, settled = _fit(x, y, codes)
        if not settled:
            notes.append(Note("not_converged", f"Means of regions and industries were not all taken out of {event}."))
        rows.append(
            {
                "event": event, "cases": len(y), "events": int(y.sum()), "event_rate": float(y.mean()) if len(y) else
                float("nan"), "density_effect": effect, "standard_error": error, "r2_within": explained,
                "auc": _auc(x, y),
            }
        )  # fmt: skip
    return Result(pd.DataFrame(rows), FIT_MEASURES, dict(result.parameters), tuple(notes))


def _fit(x: Array, y: Array, codes: list[npt.NDArray[np.int64]]) -> tuple[float, float, float, bool]:
    """Return slope, its clustered standard error, R² within, and whether the means were taken out."""
    nan = float("nan")
    if x.size < 3 or y.min() == y.max():
        return nan, nan, nan, True
    (u, settled), (v, also) = _demeaned(x, codes), _demeaned(y, codes)
    square = float(u @ u)
    if square < 1e-12:
        return nan, nan, nan, settled and also
    slope = float(u @ v) / square
    rest = v - slope * u
    scores = np.bincount(codes[0], weights=u * rest)
    groups = np.unique(codes[0]).size
    error = float(np.sqrt((scores**2).sum() * groups / max(groups - 1, 1)) / square)
    return slope, error, float(1 - (rest @ rest) / (v @ v)), settled and also


def _demeaned(values: Array, codes: list[npt.NDArray[np.int64]]) -> tuple[Array, bool]:
    """Return values less the means of all groups, taken out in turn until none is left."""
    out = values.copy()
    sizes = [np.maximum(np.bincount(code), 1) for code in codes]
    for _ in range(_ROUNDS):
        most = 0.0
        for code, size in zip(codes, sizes, strict=True):
            means = np.bincount(code, weights=out) / size
            out -= means[code]
            most = max(most, float(np.abs(means).max()))
        if most < _REST:
            return out, True
    return out, False


def _auc(x: Array, y: Array) -> float:
    """Return the chance that an event has a higher x than a non-event, ties counting half."""
    from scipy.stats import rankdata

    events, others = float(y.sum()), float((1 - y).sum())
    if not events or not others:
        return float("nan")
    ranks: Any = rankdata(x)
    return float((ranks[y == 1].sum() - events * (events + 1) / 2) / (events * others))
