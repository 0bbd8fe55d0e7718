"""How concentrated industries are over regions, beside what the sizes of their plants would give by chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.indices import hhi
from netcluster.core.result import Note, Result
from netcluster.places.grid import Array, Definition, grid
from netcluster.places.specialisation import beside
from netcluster.tables.employment import EmploymentTable

MEASURES = (
    "employment", "regions", "locational_gini", "gini_of_quotients", "hoover_concentration", "krugman_concentration",
    "hhi_over_regions", "raw_concentration", "plant_hhi", "ellison_glaeser", "ellison_glaeser_z",
)  # fmt: skip


@dataclass(frozen=True)
class EllisonGlaeser:
    """The index of one industry: raw concentration G, plant Herfindahl H, γ, and G's mean and variance by chance."""

    raw: float
    plant_hhi: float
    gamma: float
    expected: float
    variance: float

    @property
    def z(self) -> float:
        """How many standard deviations the raw concentration is above what chance alone gives."""
        return (self.raw - self.expected) / self.variance**0.5 if self.variance > 0 else float("nan")


def ellison_glaeser(
    amounts: npt.ArrayLike,
    reference: npt.ArrayLike,
    *,
    plants: npt.ArrayLike | None = None,
    plant_hhi: float | None = None,
    plant_fourth: float | None = None,
) -> EllisonGlaeser:
    """Return the Ellison–Glaeser index of geographic concentration with its variance by chance (1997).

    γ = (G − (1 − Σx²)H) / ((1 − Σx²)(1 − H)): 0 where plants fall on regions as darts in proportion to x.

    Parameters
    ----------
    amounts, reference : (regions,)
        The industry's jobs, and all jobs, which give x.
    plants : (plants,), optional
        Jobs of each plant, which give H = Σz² and Σz⁴; or give `plant_hhi` (and `plant_fourth`) themselves.

    Examples
    --------
    Plants 3, 1 in one region each, x = (1/2, 1/2): G = 1/8, H = 10/16, so γ = (1/8 − 5/16) / (1/2 · 3/8) = −1.

    >>> ellison_glaeser([3, 1], [1, 1], plants=[3, 1]).gamma
    -1.0
    """
    s = _shares(amounts, "amounts")
    x = _shares(reference, "reference")
    if plants is not None:
        z = _shares(plants, "plants")
        H, fourth = float((z**2).sum()), float((z**4).sum())
    elif plant_hhi is not None:
        H, fourth = plant_hhi, plant_hhi**3 if plant_fourth is None else plant_fourth
    else:
        raise NetclusterError("The Ellison–Glaeser index needs plants, or their Herfindahl index.", "Give plants=…")
    G, x2 = float(((s - x) ** 2).sum()), float((x**2).sum())
    x3 = float((x**3).sum())
    room = 1 - x2
    gamma = (G - room * H) / (room * (1 - H)) if room > 0 and H < 1 else float("nan")
    variance = 2 * (H**2 * (x2 - 2 * x3 + x2**2) - fourth * (x2 - 4 * x3 + 3 * x2**2))
    return EllisonGlaeser(G, H, gamma, room * H, max(variance, 0.0))


def _shares(amounts: npt.ArrayLike, what: str) -> Array:
    values = np.asarray(amounts, dtype=np.float64)
    if values.ndim != 1 or not (np.isfinite(values) & (values >= 0)).all() or not values.sum() > 0:
        raise NetclusterError(f"The {what} must be numbers, 0 or more, not all 0.", "Leave the empty ones out.")
    return np.asarray(values / values.sum())


def litzenberger_sternberg(
    jobs: npt.ArrayLike, area: npt.ArrayLike, population: npt.ArrayLike, firms: npt.ArrayLike
) -> Array:
    """Return the cluster index of one industry in each region (Litzenberger and Sternberg 2006).

    Relative industrial density times relative industrial stock over relative size of establishment: (jobs per area ÷
    the whole's) · (jobs per head ÷ the whole's) ÷ (jobs per firm ÷ the whole's). All four are (regions,).

    >>> litzenberger_sternberg([10, 10], [1, 1], [5, 5], [2, 2])
    array([1., 1.])
    """
    e, a, p, b = (np.asarray(values, dtype=np.float64) for values in (jobs, area, population, firms))
    if not e.shape == a.shape == p.shape == b.shape or (a <= 0).any() or (p <= 0).any() or (e < 0).any():
        raise NetclusterError("Jobs, area, population and firms must be as many, area and population above 0.")
    if ((b <= 0) & (e > 0)).any():
        raise NetclusterError("A region has jobs of the industry but no firm.", "Fill its number of firms in.")
    density = (e / a) / (e.sum() / a.sum())
    stock = (e / p) / (e.sum() / p.sum())
    size = np.divide(e, b, out=np.ones_like(e), where=e > 0) / (e.sum() / b.sum())
    return np.asarray(density * stock / size)


def concentration(table: EmploymentTable, definition: Definition | Mapping[str, str] | None = None) -> Result:
    """Return how concentrated each industry (or cluster) is over regions, a row an industry, the largest first.

    The Ellison–Glaeser index needs the sizes of plants. Where only their number is known, those of an industry in a
    region count as equal: `plant_hhi` is then a lower bound, and γ an upper one, which a note says.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"region": list("NNSS"), "industry": list("abab"), "employment": [3, 1, 1, 3]})
    >>> concentration(EmploymentTable(frame.assign(establishments=1))).frame["hoover_concentration"].tolist()
    [0.25, 0.25]
    """
    import pandas as pd

    G = grid(table, definition)
    notes = [*table.changes, *G.notes]
    if G.establishments is None:
        notes.append(Note("no_establishments", "Establishments are not given, so there is no Ellison–Glaeser index."))
    else:
        text = "Plants of an industry in a region count as equal: the Ellison–Glaeser index is an upper bound."
        notes.append(Note("equal_plants", text))
    some = G.jobs.sum(axis=1) > 0
    jobs, whole = G.jobs[some], G.whole[some]
    share = jobs / jobs.sum(axis=1, keepdims=True)
    found = beside(jobs, whole)
    index = _indices(jobs, whole, None if G.establishments is None else G.establishments[some])
    frame = pd.DataFrame(
        {
            "industry": np.array(G.industries, dtype=object)[some],
            "employment": jobs.sum(axis=1),
            "regions": (jobs > 0).sum(axis=1),
            "locational_gini": found["locational_gini"],
            "gini_of_quotients": found["gini_of_quotients"],
            "hoover_concentration": found["krugman"] / 2,
            "krugman_concentration": found["krugman"],
            "hhi_over_regions": hhi(jobs),
            "raw_concentration": ((share - whole / whole.sum(axis=1, keepdims=True)) ** 2).sum(axis=1),
            **index,
        }
    )
    frame = frame.sort_values(["employment", "industry"], ascending=[False, True], ignore_index=True)
    return Result(frame, MEASURES, {"clusters": definition is not None}, tuple(notes))


def _indices(jobs: Array, whole: Array, plants: Array | None) -> dict[str, Any]:
    """Return Ellison and Glaeser's index of each industry with its plants' Herfindahl and its distance from chance."""
    names = ("plant_hhi", "ellison_glaeser", "ellison_glaeser_z")
    if plants is None:
        return dict.fromkeys(names, np.full(len(jobs), np.nan))
    z = np.divide(jobs, plants, out=np.zeros_like(jobs), where=plants > 0) / jobs.sum(axis=1, keepdims=True)
    H, fourth = (plants * z**2).sum(axis=1), (plants * z**4).sum(axis=1)
    found = [
        ellison_glaeser(row, of, plant_hhi=float(h), plant_fourth=float(f))
        for row, of, h, f in zip(jobs, whole, H, fourth, strict=True)
    ]
    values = np.array([(index.plant_hhi, index.gamma, index.z) for index in found]).reshape(-1, 3)
    return dict(zip(names, values.T, strict=True))
