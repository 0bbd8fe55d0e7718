"""Concentration in space beside all activity there: the M function of Marcon and Puech (2010).

Cumulative where Duranton and Overman's density is not: within r km of a firm of the industry, what share of activity is
the industry's, beside its share of all. Its values compare over industries and distances; 2 is twice the share.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.engine import ordered_map
from netcluster.core.errors import NetclusterError
from netcluster.core.progress import track
from netcluster.core.result import Note, Result
from netcluster.core.seeds import numpy_generator
from netcluster.core.sphere import chord
from netcluster.places.distance import global_band
from netcluster.places.grid import Array
from netcluster.places.sites import Sites, median_distance, sites_of
from netcluster.tables.firms import FirmTable

MEASURES = ("distance", "m_function", "m_lower", "m_upper")
Places = npt.NDArray[np.int64]
#: Cells of what stands around each site that are kept for the draws; beyond, it is counted anew for each.
_KEPT = 50_000_000


def m_function(
    firms: FirmTable,
    industry: str,
    *,
    weighted: bool = False,
    draws: int = 1000,
    points: int = 50,
    seed: int = 0,
    jobs: int | None = None,
) -> Result:
    """Return the industry's share of what stands within r km of its firms, over its share of all, for every r.

    M(r) = Σ_i [Σ_(j of S) w_j / Σ_j w_j] ÷ Σ_i [(W_S − w_i) / (W − w_i)], i over the industry's firms, j over the
    others within r of i. 1 where it stands as all firms do; nineteen in twenty draws stay within the band at all r.

    Parameters
    ----------
    firms : FirmTable
        Firms with lat and lon in degrees.
    industry : str
        The industry looked at.
    weighted : bool
        Count firms by their size; else each counts one.
    draws : int
        Counterfactuals: firms with their industries and sizes are dealt out anew over all sites; at least 39.
    points, seed, jobs : int
        Distances looked at, up to the median distance between firms; the seed of the draws; threads, which change no
        figure.

    Returns
    -------
    Result
        A row a distance (km). `tendency` is concentrated or dispersed where M is outside the band, else empty.
        Distances within which no firm of the industry has a neighbour are empty.

    Notes
    -----
    Firms with no neighbour within r are outside both sums.
    """
    import pandas as pd

    if draws < 39:
        raise NetclusterError(f"{draws} draws are too few for a band of 95 %.", "Give 39 or more; 1,000 are usual.")
    site = sites_of(firms, industry, weighted=weighted)
    rng = numpy_generator(seed, "m_function", industry)
    furthest = median_distance(site.place, rng)
    count = _Counter(site, chord(furthest), points)
    observed = count(np.arange(len(site.place)))
    # The draws are made here, one after the other, so that the number of threads changes none of them.
    orders = (rng.permutation(len(site.place)) for _ in range(draws))
    done = ordered_map(count, orders, jobs=jobs or os.cpu_count() or 1)
    drawn = np.array(list(track(done, "Drawing sites", draws)))
    lower, upper = _band(drawn)
    tendency = np.select([observed > upper, observed < lower], ["concentrated", "dispersed"], "")
    frame = pd.DataFrame(
        {"distance": count.radii, "m_function": observed, "m_lower": lower, "m_upper": upper, "tendency": tendency}
    )
    parameters = {
        "industry": industry, "firms": int(site.member.sum()), "sites": len(site.place), "weighted": weighted,
        "draws": draws, "points": points, "seed": seed,
    }  # fmt: skip
    notes = [*site.notes]
    if np.isnan(observed).any():
        short = int(np.isnan(observed).sum())
        notes.append(Note("no_neighbours", "At the shortest distances no firm of the industry has a neighbour.", short))
    return Result(frame, MEASURES, parameters, tuple(notes))


class _Counter:
    """M at all distances of one way to deal the firms out over the sites: firm k goes to site order[k]."""

    def __init__(self, site: Sites, edge: float, points: int) -> None:
        from netcluster.core.sphere import great_circle

        self.axes, self.size, self.own = site.axes, site.size, np.flatnonzero(site.member)
        self.edge, self.points = edge, points
        self.radii: Array = great_circle((np.arange(points) + 1) * edge / points)
        self.alike = bool((site.size == site.size[0]).all())
        n = len(site.size)
        # Where all firms count alike, what stands around a site is the same in every draw.
        self.near: Array | None = None
        if self.alike and n * points <= _KEPT:
            everywhere = np.arange(n)
            self.near = self._around(site.size, everywhere, everywhere)

    def __call__(self, order: Places) -> Array:
        size = self.size
        if not self.alike:
            size = np.empty_like(self.size)
            size[order] = self.size
        own = np.ascontiguousarray(order[self.own])
        within = self._around(size, own, own)
        total = self.near[own] if self.near is not None else self._around(size, own, np.arange(len(size)))
        there = total > 0
        share = np.divide(within, total, out=np.zeros_like(within), where=there).sum(axis=0)
        of = size[own]
        expected = ((of.sum() - of) / (size.sum() - of))[:, None]
        known: Any = (expected * there).sum(axis=0)
        return np.asarray(np.divide(share, known, out=np.full(self.points, np.nan), where=known > 0))

    def _around(self, size: Array, centres: Places, others: Places) -> Array:
        from netcluster.places._kernels import around

        x, y, z = self.axes
        return np.asarray(np.cumsum(around(x, y, z, size, centres, others, self.edge, self.points), axis=1))


def _band(drawn: Array) -> tuple[Array, Array]:
    """Return the global band of the draws, empty at distances where a draw has no value."""
    known = np.isfinite(drawn).all(axis=0)
    lower, upper = np.full(drawn.shape[1], np.nan), np.full(drawn.shape[1], np.nan)
    if known.any():
        lower[known], upper[known] = global_band(drawn[:, known])
    return lower, upper
