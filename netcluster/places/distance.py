"""Concentration in space without regions: the distances between an industry's firms beside those of all firms.

Distances are worked out in blocks and counted in narrow bins, so that memory does not grow with the pairs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.seeds import numpy_generator
from netcluster.places.grid import Array
from netcluster.tables.firms import FirmTable

MEASURES = ("distance", "k_density", "lower", "upper", "localised", "dispersed")
#: Mean radius of the Earth, km.
_EARTH = 6371.0088
#: Bins of distances, and rows of a block of distances.
_BINS, _BLOCK = 2000, 1024
#: Sites from which the median distance of all pairs is estimated.
_SAMPLE = 1500
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
    firms: FirmTable, industry: str, *, weighted: bool = False, draws: int = 1000, points: int = 100, seed: int = 0
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

    Returns
    -------
    Result
        A row a distance (km). `localised` is how far the density is above the band; `dispersed`, how far below it,
        where the industry is nowhere localised.
    """
    import pandas as pd

    if draws < 39:
        raise NetclusterError(f"{draws} draws are too few for a band of 95 %.", "Give 39 or more; 1,000 are usual.")
    sites, member, size, notes = _sites(firms, industry, weighted)
    rng = numpy_generator(seed, "duranton_overman", industry)
    furthest = _median(sites, rng)
    n = int(member.sum())
    at = np.linspace(0, furthest, points)
    h = _bandwidth(sites[member])
    edge = furthest + 4 * h
    middle = (np.arange(_BINS) + 0.5) * edge / _BINS
    kernel = _kernel(at, middle, h)
    observed = kernel @ _histogram(sites[member], size, edge)
    drawn = np.empty((draws, points))
    for k in range(draws):
        chosen = rng.choice(len(sites), n, replace=False)
        drawn[k] = kernel @ _histogram(sites[chosen], size, edge)
    lower, upper = global_band(drawn)
    above = np.maximum(observed - upper, 0)
    below = np.maximum(lower - observed, 0) if not above.any() else np.zeros(points)
    frame = pd.DataFrame(
        {"distance": at, "k_density": observed, "lower": lower, "upper": upper, "localised": above, "dispersed": below}
    )
    parameters = {
        "industry": industry, "firms": n, "sites": len(sites), "weighted": weighted, "draws": draws,
        "points": points, "seed": seed, "bandwidth": h,
    }  # fmt: skip
    return Result(frame, MEASURES, parameters, tuple(notes))


def _sites(firms: FirmTable, industry: str, weighted: bool) -> tuple[Array, npt.NDArray[np.bool_], Array, list[Note]]:
    """Return all sites on the unit sphere, which are the industry's, its sizes, and what was left out."""
    frame = firms.frame[firms.frame["kind"].eq("firm")]
    place = frame[["lat", "lon"]].to_numpy(dtype=np.float64)
    known = np.isfinite(place).all(axis=1)
    if weighted:
        known &= np.nan_to_num(frame["size"].to_numpy(dtype=np.float64)) > 0
    notes = []
    if not known.all():
        text = f"{int((~known).sum()):,} firms without coordinates{' or size' if weighted else ''} are left out."
        notes.append(Note("no_place", text, int((~known).sum())))
    frame, angle = frame[known], np.radians(place[known])
    member = frame["industry"].astype(str).eq(industry).to_numpy(dtype=bool)
    if member.sum() < 3 or member.all():
        raise NetclusterError(
            f"{int(member.sum())} of {len(frame)} firms with coordinates are of the industry {industry!r}.",
            "Three are needed, and other firms to compare them with.",
        )
    level = np.cos(angle[:, 0])
    parts = (level * np.cos(angle[:, 1]), level * np.sin(angle[:, 1]), np.sin(angle[:, 0]))
    size = frame.loc[member, "size"].to_numpy(dtype=np.float64) if weighted else np.ones(int(member.sum()))
    return np.column_stack(parts), member, size, notes


def _blocks(sites: Array) -> Iterator[tuple[int, Array]]:
    """Yield rows of the matrix of great-circle distances (km), each from its own diagonal on."""
    for start in range(0, len(sites), _BLOCK):
        chord = sites[start : start + _BLOCK] @ sites[start:].T
        yield start, _EARTH * np.arccos(np.clip(chord, -1, 1))


def _histogram(sites: Array, size: Array, edge: float) -> Array:
    """Return what part of all pairs falls into each bin of distances up to `edge`."""
    counts = np.zeros(_BINS)
    for start, block in _blocks(sites):
        rows = len(block)
        pair = size[start : start + rows, None] * size[None, start:]
        pair[np.tri(rows, block.shape[1], dtype=np.bool_)] = 0
        near = (block < edge) & (pair > 0)
        place = (block[near] * (_BINS / edge)).astype(np.int64)
        counts += np.bincount(np.minimum(place, _BINS - 1), weights=pair[near], minlength=_BINS)
    return np.asarray(counts / ((size.sum() ** 2 - (size**2).sum()) / 2))


def _median(sites: Array, rng: np.random.Generator) -> float:
    some = sites if len(sites) <= _SAMPLE else sites[np.sort(rng.choice(len(sites), _SAMPLE, replace=False))]
    return float(np.median(_pairs(some)))


def _pairs(sites: Array) -> Array:
    parts = [block[~np.tri(*block.shape, dtype=np.bool_)] for _, block in _blocks(sites)]
    return np.concatenate(parts)


def _bandwidth(sites: Array) -> float:
    """Return Silverman's bandwidth (1986, rule of thumb) of the distances between sites, of a sample of many."""
    step = max(1, len(sites) // _SAMPLE)
    d = _pairs(sites[::step])
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
