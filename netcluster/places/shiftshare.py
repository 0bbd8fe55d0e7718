"""Shift-share: how much of a region's change is the whole's, its mix of industries, or its own doing."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.places.grid import Array, aligned
from netcluster.tables.employment import EmploymentTable

Form = Literal["classical", "esteban_marquillas", "arcelus"]
CLASSICAL = ("national_share", "industry_mix", "competitive_shift")


def components(
    before: npt.ArrayLike, after: npt.ArrayLike, form: Form = "classical"
) -> tuple[dict[str, Array], npt.NDArray[np.bool_]]:
    """Return the parts of each industry's change in each region, which add up to it.

    Parameters
    ----------
    before, after : (industries, regions)
        Jobs in two years; the sums over regions are the whole.
    form : {"classical", "esteban_marquillas", "arcelus"}
        Dunn (1960); Esteban-Marquillas (1972), which splits the competitive shift into one at the whole's mix and
        an allocation effect; Arcelus (1984), which splits all parts so, and the regional one by industry.

    Returns
    -------
    parts : dict of (industries, regions) arrays
    new : (industries, regions) of bool
        Where nothing was there before: growth is not defined, and all of it counts as competitive shift.

    Examples
    --------
    Both regions' one industry had 10 jobs; together it grew by half, in the first region not at all.

    >>> parts, _ = components([[10, 10]], [[10, 20]])
    >>> {name: values[0].tolist() for name, values in parts.items()}
    {'national_share': [5.0, 5.0], 'industry_mix': [0.0, 0.0], 'competitive_shift': [-5.0, 5.0]}
    """
    E, F = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if E.shape != F.shape or E.ndim != 2 or not (np.isfinite(E) & np.isfinite(F) & (E >= 0) & (F >= 0)).all():
        raise NetclusterError("Both years need the same industries and regions, with jobs of 0 or more.")
    if not E.sum() > 0:
        raise NetclusterError("There are no jobs in the first year, so nothing can grow.", "Choose another year.")
    g = float(F.sum() / E.sum() - 1)
    gi, gr = (_growth(E.sum(axis=a), F.sum(axis=a)) for a in (1, 0))
    gi = np.where(E.sum(axis=1) > 0, gi, g)[:, None]
    gir, new = _growth(E, F), (E == 0) & (F > 0)
    arrived = np.where(new, F, 0.0)
    if form == "classical":
        return {
            "national_share": E * g,
            "industry_mix": E * (gi - g),
            "competitive_shift": E * (gir - gi) + arrived,
        }, new
    h = E.sum(axis=0) * (E.sum(axis=1) / E.sum())[:, None]
    if form == "esteban_marquillas":
        # Where nothing was there before, growth is taken as the industry's, and what came is all competitive.
        pure = np.where(E > 0, gir - gi, 0.0)
        return {
            "national_share": E * g, "industry_mix": E * (gi - g),
            "competitive_effect": h * pure + arrived, "allocation_effect": (E - h) * pure,
        }, new  # fmt: skip
    rest = np.where(E > 0, gir - gr - gi + g, 0.0)
    regional, mix = np.where(E > 0, gr - g, 0.0), np.where(E > 0, gi - g, 0.0)
    overall = np.where(E > 0, g, 0.0)
    parts = {"national": overall, "mix": mix, "regional": regional, "regional_mix": rest}
    out = {}
    for name, rate in parts.items():
        out[f"{name}_homothetic"] = h * rate
        out[f"{name}_differential"] = (E - h) * rate
    out["regional_mix_homothetic"] = out["regional_mix_homothetic"] + arrived
    return out, new


def _growth(before: Array, after: Array) -> Array:
    return np.divide(after, before, out=np.ones_like(after), where=before > 0) - 1


def shift_share(tables: Mapping[int, EmploymentTable], *, form: Form | Literal["dynamic"] = "classical") -> Result:
    """Return the shift-share parts of each industry's change of jobs in each region, which add up to the change.

    Parameters
    ----------
    tables : mapping of year to EmploymentTable
        Two years; for "dynamic" two or more, year by year (Barff and Knight 1988).
    form : {"classical", "esteban_marquillas", "arcelus", "dynamic"}
        See `components`; "dynamic" adds up the classical parts of successive years.

    Notes
    -----
    An industry or region missing in one year has no jobs there. Where growth is not defined, all of it counts as
    competitive shift, and a note tells how often.
    """
    import pandas as pd

    years = sorted(tables)
    if len(years) < 2 or (form != "dynamic" and len(years) > 2):
        raise NetclusterError(f"Shift-share ({form}) of {len(years)} years.", "Two years; dynamic takes more.")
    if form not in ("classical", "esteban_marquillas", "arcelus", "dynamic"):
        raise NetclusterError(f"There is no form {form!r}.", "classical, esteban_marquillas, arcelus or dynamic.")
    grids = aligned([tables[year] for year in years])
    industries, regions, matrices = grids[0].industries, grids[0].regions, [G.jobs for G in grids]
    total: dict[str, Array] = {}
    arrived = 0
    for before, after in pairwise(matrices):
        parts, new = components(before, after, "classical" if form == "dynamic" else form)
        arrived += int(new.sum())
        total = {name: total.get(name, np.zeros_like(before)) + values for name, values in parts.items()}
    change = matrices[-1] - matrices[0]
    region, industry = np.nonzero((np.sum(matrices, axis=0) > 0).T)
    at = (industry, region)
    frame = pd.DataFrame(
        {
            "region": np.array(regions, dtype=object)[region],
            "industry": np.array(industries, dtype=object)[industry],
            "employment_before": matrices[0][at],
            "employment_after": matrices[-1][at],
            "change": change[at],
            **{name: values[at] for name, values in total.items()},
        }
    )
    text = "Of industries that a region did not have before, all jobs count as competitive shift."
    notes = tuple(note for year in years for note in tables[year].changes)
    notes += (Note("zero_base", text, arrived),) if arrived else ()
    measures = ("employment_before", "employment_after", "change", *total)
    return Result(frame, measures, {"form": form, "years": tuple(years)}, notes)
