"""Concentration in space without regions: the distances between an industry's firms beside those of all firms.

Distances are counted in narrow bins as they are met, so that memory does not grow with the pairs.
"""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt

from netcluster.core.engine import ordered_map
from netcluster.core.errors import NetclusterError
from netcluster.core.progress import track
from netcluster.core.result import Note, Result
from netcluster.core.seeds import numpy_generator
from netcluster.core.sphere import chord, great_circle
from netcluster.places.grid import Array
from netcluster.places.sites import SAMPLE, median_distance, pairs, sites_of
from netcluster.tables.firms import FirmTable

MEASURES = ("distance", "k_density", "lower", "upper", "localised", "dispersed")
LOCALISATION = ("firms", "localisation_index", "dispersion_index", "localised_up_to")
#: Bins of distances.
_BINS = 2000
#: The part of the draws that the global band holds.
_CONFIDENCE = 0.95


def kernel_density(
    distances: npt.ArrayLike, at: npt.ArrayLike, bandwidth: float, weights: npt.ArrayLike | None = None
) -> Array:
    """Return the Gaussian density of distances, what falls below 0 reflected (Duranton and Overman 2005).

    Parameters
    ----------
    distances, weights : (pairs,)
        Distances, and what each counts (1 where left out).
    at : (k,)
        Where the density is wanted.
    bandwidth : float
        The standard deviation of the kernel, in the unit of the distances.

    Examples
    --------
    >>> kernel_density([1, 2, 3], [0, 2], 1.0).round(4).tolist()
    [0.2003, 0.2958]
    """
    d, points = np.asarray(distances, dtype=np.float64), np.asarray(at, dtype=np.float64)
    w = np.ones(d.size) if weights is None else np.asarray(weights, dtype=np.float64)
    if not bandwidth > 0 or not w.sum() > 0:
        raise NetclusterError("A density needs distances that count, and a bandwidth above 0.")
    return np.asarray(_kernel(points, d, bandwidth) @ w / w.sum())


def _kernel(points: Array, d: Array, h: float) -> Array:
    height = 1 / (h * np.sqrt(2 * np.pi))
    straight, mirrored = ((points[:, None] + sign * d[None, :]) / h for sign in (-1, 1))
    return np.asarray(height * (np.exp(-0.5 * straight**2) + np.exp(-0.5 * mirrored**2)))


def duranton_overman(
    firms: FirmTable,
    industry: str,
    *,
    weighted: bool = False,
    draws: int = 1000,
    points: int = 100,
    seed: int = 0,
    jobs: int | None = None,
) -> Result:
    """Return at which distances the firms of an industry are closer, or further apart, than firms drawn by chance.

    The density of distances between the industry's firms, up to the median distance between all firms, beside that of
    as many firms drawn from all sites; nineteen in twenty draws stay within `lower` and `upper` at all distances.

    Parameters
    ----------
    firms : FirmTable
        Firms with lat and lon in degrees.
    industry : str
        The industry looked at.
    weighted : bool
        Let a pair count by the product of its firms' sizes; drawn sites take the industry's sizes.
    draws : int
        Counterfactual industries; at least 39.
    points, seed : int
        Distances looked at, and the seed of the draws.
    jobs : int, optional
        Threads; all cores where left out. Their number changes no figure.

    Returns
    -------
    Result
        A row a distance (km). `localised` is how far the density is above the band; `dispersed`, how far below it,
        where the industry is nowhere localised.
    """
    import pandas as pd

    if draws < 39:
        raise NetclusterError(f"{draws} draws are too few for a band of 95 %.", "Give 39 or more; 1,000 are usual.")
    site = sites_of(firms, industry, weighted=weighted)
    rng = numpy_generator(seed, "duranton_overman", industry)
    furthest = median_distance(site.place, rng)
    own = np.flatnonzero(site.member)
    size = np.ascontiguousarray(site.size[own])
    at = np.linspace(0, furthest, points)
    h = _bandwidth(site.place[own])
    edge = chord(furthest + 4 * h)
    kernel = _kernel(at, great_circle((np.arange(_BINS) + 0.5) * edge / _BINS), h)

    axes = site.axes

    def density(chosen: npt.NDArray[np.intp]) -> Array:
        return _density([axis[chosen] for axis in axes], size, kernel, edge)

    observed = density(own)
    # The draws are made here, one after the other, so that the number of threads changes none of them.
    chosen = (rng.choice(len(site.place), len(own), replace=False) for _ in range(draws))
    done = ordered_map(density, chosen, jobs=jobs or os.cpu_count() or 1)
    drawn = np.array(list(track(done, "Drawing sites", draws)))
    lower, upper = global_band(drawn)
    above = np.maximum(observed - upper, 0)
    below = np.maximum(lower - observed, 0) if not above.any() else np.zeros(points)
    frame = pd.DataFrame(
        {"distance": at, "k_density": observed, "lower": lower, "upper": upper, "localised": above, "dispersed": below}
    )
    parameters = {
        "industry": industry, "firms": len(own), "sites": len(site.place), "weighted": weighted, "draws": draws,
        "points": points, "seed": seed, "bandwidth": h,
    }  # fmt: skip
    return Result(frame, MEASURES, parameters, site.notes)


def localisation(
    firms: FirmTable,
    *,
    weighted: bool = False,
    draws: int = 1000,
    fewest: int = 10,
    seed: int = 0,
    jobs: int | None = None,
) -> Result:
    """Return how localised each industry is, a row an industry, the most localised first; see `duranton_overman`.

    `localisation_index` is the area by which its density is above the band, `dispersion_index` that by which it is
    below (0 where it is anywhere above), `localised_up_to` the longest distance (km) at which it is above. Industries
    of fewer than `fewest` firms with coordinates are left out, and counted.
    """
    import pandas as pd

    frame = firms.frame[firms.frame["kind"].eq("firm") & firms.frame[["lat", "lon"]].notna().all(axis=1)]
    counts = frame["industry"].astype(str).value_counts().sort_index()
    chosen = [str(name) for name in counts.index[counts >= fewest] if str(name)]
    if not chosen:
        raise NetclusterError(
            f"No industry has {fewest} firms with coordinates.", "Give firms with lat and lon in degrees."
        )
    rows = []
    notes: dict[Note, None] = {}
    for name in track(chosen, "Drawing sites", len(chosen)):
        found = duranton_overman(firms, name, weighted=weighted, draws=draws, seed=seed, jobs=jobs)
        notes |= dict.fromkeys(found.notes)
        curve = found.frame
        step = float(curve["distance"].iloc[1])
        above = curve.loc[curve["localised"] > 0, "distance"]
        area = [float(curve[side].sum() * step) for side in ("localised", "dispersed")]
        rows.append((name, found.parameters["firms"], *area, above.max() if len(above) else float("nan")))
    if len(chosen) < len(counts):
        text = f"{len(counts) - len(chosen)} industries of fewer than {fewest} firms with coordinates are left out."
        notes[Note("few_firms", text, len(counts) - len(chosen))] = None
    table = pd.DataFrame(rows, columns=["industry", *LOCALISATION])
    table = table.sort_values(["localisation_index", "industry"], ascending=[False, True], ignore_index=True)
    parameters = {"weighted": weighted, "draws": draws, "fewest": fewest, "seed": seed}
    return Result(table, LOCALISATION, parameters, tuple(notes))


def _density(axes: list[Array], size: Array, kernel: Array, edge: float) -> Array:
    """Return the density of distances between sites, at the points of the kernel."""
    from netcluster.places._kernels import pairs_by_chord

    x, y, z = axes
    counts = pairs_by_chord(x, y, z, size, edge, _BINS)
    return np.asarray(kernel @ (counts / ((size.sum() ** 2 - (size**2).sum()) / 2)))


def _bandwidth(place: Array) -> float:
    """Return Silverman's bandwidth (1986, rule of thumb) of the distances between sites, of a sample of many."""
    step = max(1, len(place) // SAMPLE)
    d = pairs(place[::step])
    quarter = np.subtract(*np.quantile(d, [0.75, 0.25])) / 1.34
    spread = min(d.std(), quarter) if quarter > 0 else d.std()
    if not spread > 0:
        raise NetclusterError("All firms of the industry are equally far apart, so no bandwidth can be told.")
    return float(0.9 * spread * d.size**-0.2)


def global_band(drawn: npt.ArrayLike, confidence: float = _CONFIDENCE) -> tuple[Array, Array]:
    """Return the narrowest band of ranks, (points,) each, within which so many draws stay at all points.

    >>> low, high = global_band([[k, -k] for k in range(100)], 0.9)
    >>> low.tolist(), high.tolist()
    ([5.0, -94.0], [94.0, -5.0])
    """
    values = np.asarray(drawn, dtype=np.float64)
    ordered = np.sort(values, axis=0)
    n = len(values)
    best = 0
    low, high = 0, (n - 1) // 2
    while low <= high:
        rank = (low + high) // 2
        inside = ((values >= ordered[rank]) & (values <= ordered[n - 1 - rank])).all(axis=1).mean()
        if inside >= confidence:
            best, low = rank, rank + 1
        else:
            high = rank - 1
    return ordered[best], ordered[n - 1 - best]
