"""Geography: links fade with distance, and the density is found on pairs drawn for the purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.core.seeds import numpy_generator
from netcluster.core.sphere import kilometres
from netcluster.reconstruction.fitness import Array, Integers
from netcluster.reconstruction.model import Fitness, Model
from netcluster.reconstruction.sample import Distance

if TYPE_CHECKING:
    import pandas as pd

#: Pairs the density is estimated on.
PAIRS = 1 << 19
#: Distance in km at which a link is 2^−decay times as likely as next door, by default.
SCALE = 10.0


def places(nodes: pd.DataFrame, decay: float, scale: float = SCALE) -> tuple[Distance, tuple[Note, ...]]:
    """Return where firms are; one without coordinates stands at the mean of its region, or of all."""
    if decay < 0 or scale <= 0:
        raise NetclusterError(f"A decay of {decay:g} over {scale:g} km is none.", "Give a decay of 0 or above.")
    if not {"lat", "lon"} <= set(nodes.columns) or not nodes[["lat", "lon"]].notna().all(axis=1).any():
        raise NetclusterError("The firms have no coordinates.", "A decay by distance needs the columns lat and lon.")
    here = nodes[["lat", "lon"]].astype("float64")
    lost = int(here.isna().any(axis=1).sum())
    here = here.fillna(here.groupby(nodes["region"]).transform("mean")).fillna(here.mean())
    text = f"{lost:,} firms without coordinates stand at the mean of their region."
    notes = (Note("no_coordinates", text, lost),) if lost else ()
    return Distance(here["lat"].to_numpy(), here["lon"].to_numpy(), float(decay), float(scale)), notes


def estimated_links(
    model: Model, made: Fitness, distance: Distance, seed: int
) -> tuple[Callable[[float], tuple[float, float]], Callable[[float], float]]:
    """Return the expected links at z with their derivative by ln z, estimated, and the estimate's standard error.

    Pairs are drawn with a chance in proportion to x · y; each stands for f z ÷ (1 + λ) links, f being the decay.
    """
    rng = numpy_generator(seed, "reconstruction", "density")
    x, y = np.exp(made.log_x), np.exp(made.log_y)
    groups, blocks = made.factor.shape
    joint = np.bincount(model.group, x, groups)[:, None] * made.factor * np.bincount(model.block, y, blocks)
    running = np.cumsum(joint.ravel())
    cell = np.minimum(np.searchsorted(running, rng.random(PAIRS) * running[-1], side="right"), running.size - 1)
    group, block = np.divmod(cell, blocks)
    i = _within(model.group, x, group, rng.random(PAIRS))
    slot = _within(model.block, y, block, rng.random(PAIRS))
    j = model.firm[slot]
    north, east = distance.latitude, distance.longitude
    near = (1 + kilometres(north[i], east[i], north[j], east[j]) / distance.scale) ** -distance.decay
    near[i == j] = 0.0
    lam = x[i] * y[slot] * made.factor[group, block] * near
    whole = float(running[-1])

    def links(z: float) -> tuple[float, float]:
        part = near * z / (1 + z * lam)
        return whole * float(part.mean()), whole * float((part / (1 + z * lam)).mean())

    def error(z: float) -> float:
        return whole * float((near * z / (1 + z * lam)).std()) / float(np.sqrt(PAIRS))

    return links, error


def _within(group: Integers, weight: Array, wanted: Integers, toss: Array) -> Integers:
    """Return members of the wanted groups, drawn with a chance in proportion to their weight in the group."""
    order = np.argsort(group, kind="stable")
    running = np.concatenate([[0.0], np.cumsum(weight[order])])
    edges = np.searchsorted(group[order], np.arange(int(wanted.max()) + 2))
    low, high = running[edges[wanted]], running[edges[wanted + 1]]
    found = np.searchsorted(running, low + toss * (high - low), side="right") - 1
    return np.asarray(order[np.clip(found, edges[wanted], edges[wanted + 1] - 1)])
