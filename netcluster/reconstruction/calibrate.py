"""Density and exponents: as many links as asked for, shared out among firms as in published networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.reconstruction import targets
from netcluster.reconstruction.expected import COARSE, Sums
from netcluster.reconstruction.fitness import Array, Integers
from netcluster.reconstruction.model import Exponents, Model, fitness

#: The density is solved for to this relative error.
TOLERANCE = 1e-10
#: Firms the exponents are fitted on at the most: the largest, and every so manieth of the others.
LARGEST, OTHERS = 10_000, 20_000
#: Bounds of the exponents, spreads and their correlation.
LOW, HIGH = (0.05, 0.05, 0.0, 0.0, -0.95), (1.5, 1.5, 2.5, 2.5, 0.95)
START = (0.4, 0.45, 0.8, 0.6, 0.3)
#: How far off each target counts as one step: two slopes, two shares without links, one correlation.
STEPS = (0.03, 0.03, 0.04, 0.04, 0.05)
#: How much `partners` raises both slopes in networks of 3,000 to 1,000,000 firms, about.
RAISED = 0.015
#: Trials of the fit at the most.
TRIALS = 25


@dataclass(frozen=True)
class Profile:
    """How links are shared out: slopes of ln degree on ln money, shares of firms without links, correlation."""

    slope_out: float
    slope_in: float
    without_customers: float
    without_suppliers: float
    together: float

    def values(self) -> Array:
        """Return the five figures as an array."""
        return np.array([self.slope_out, self.slope_in, self.without_customers, self.without_suppliers, self.together])


def wanted(mean_degree: float) -> Profile:
    """Return the middle of the published ranges, the shares without links at this mean degree.

    Slopes are aimed a little lower, since the partners that large firms are given afterwards raise them.
    """
    t = targets
    return Profile(
        t.slope(t.CUSTOMERS, t.SALES).middle - RAISED,
        t.slope(t.SUPPLIERS, t.PURCHASES).middle - RAISED,
        t.without_links(t.CUSTOMERS, mean_degree).middle,
        t.without_links(t.SUPPLIERS, mean_degree).middle,
        t.correlation(t.CUSTOMERS, t.SUPPLIERS).middle,
    )


def solve_density(links: Callable[[float], tuple[float, float]], goal: float, start: float = 1.0) -> float:
    """Return the z at which the expected links are `goal`, by Newton's steps on ln z kept between two bounds.

    `links(z)` gives the expected links and their derivative by ln z; they rise with z. `start` is the first z.

    >>> round(solve_density(lambda z: (100 * z / (1 + z), 100 * z / (1 + z) ** 2), 20.0), 6)
    0.25
    """
    place, low, high = float(np.log(start)), -np.inf, np.inf
    for _ in range(200):
        found, slope = links(float(np.exp(place)))
        if abs(found - goal) <= TOLERANCE * goal:
            break
        low, high = (place, high) if found < goal else (low, place)
        # The log of the links is nearly straight where links are few.
        step = np.log(goal / found) * found / slope if found > 0 and slope > 0 else np.inf
        ahead = place + float(np.clip(step, -20.0, 20.0))
        if not low < ahead < high:
            ahead = (low + high) / 2 if np.isfinite(low + high) else place + np.copysign(20.0, goal - found)
        if ahead == place:
            break
        place = ahead
    return float(np.exp(place))


def density(sums: Sums, goal: float) -> float:
    """Return the z at which the expected links are `goal`.

    Raises
    ------
    NetclusterError
        Where firms whose industries trade can't have so many.
    """
    refuse_unreachable(sums, goal)
    return solve_density(sums.links, goal)


def refuse_unreachable(sums: Sums, goal: float) -> None:
    """Refuse a number of links that the model can't have at any z."""
    if not 0 < goal < sums.most:
        raise NetclusterError(
            f"{goal:,.0f} links were asked for; between firms whose industries trade there can be {sums.most:,.0f}.",
            "Give another --mean-degree.",
        )


def fit_exponents(model: Model, mean_degree: float, noise: tuple[Array, Array]) -> tuple[Exponents, tuple[Note, ...]]:
    """Return the exponents and spreads that come nearest to the published profile at a mean degree.

    Least squares on the five figures of `wanted`, each in steps of its own; in large networks on the largest firms
    and a sample of the others.
    """
    from scipy.optimize import least_squares

    small, chosen, weights = _sample(model)
    few = (noise[0][chosen], noise[1][chosen])
    goal = wanted(mean_degree).values()
    links = mean_degree * float(weights[0][small.sales > 0].sum())

    z = 1.0

    def off(values: Array) -> Array:
        nonlocal z
        # Trials are near each other, and so are their densities.
        found, z = profile(small, Exponents(*values), few, links, weights, z)
        return np.asarray((found.values() - goal) / STEPS)

    found = least_squares(off, START, bounds=(LOW, HIGH), diff_step=1e-3, max_nfev=TRIALS, ftol=1e-4, xtol=1e-4)
    notes = []
    if chosen.size < model.n:
        notes.append(Note("fitted_on_sample", f"The exponents were fitted on {chosen.size:,} firms.", chosen.size))
    if not found.success:
        notes.append(Note("fit_stopped", f"The fit of the exponents stopped after {TRIALS} trials.", TRIALS))
    return Exponents(*(float(value) for value in found.x)), tuple(notes)


def profile(
    model: Model,
    exponents: Exponents,
    noise: tuple[Array, Array],
    links: float,
    weights: tuple[Array, Array],
    start: float = 1.0,
) -> tuple[Profile, float]:
    """Return how a model shares out links on average over its draws, and its z, looked for from `start` on.

    Degrees are taken as Poisson around their expectation; `weights` (firms, slots) say how many each stands for.
    """
    sums = Sums(model, fitness(model, exponents, noise), most=COARSE, weights=weights)
    z = solve_density(sums.links, min(links, 0.99 * sums.most), start)
    out, into = sums.degrees(z)
    heavy = weights[0]
    linked = 1 - np.exp(-out), 1 - np.exp(-into)
    found = Profile(
        _slope(_mean_log(out), model.sales, heavy * linked[0]),
        _slope(_mean_log(into), model.purchases, heavy * linked[1]),
        float(1 - (heavy * linked[0]).sum() / heavy.sum()),
        float(1 - (heavy * linked[1]).sum() / heavy.sum()),
        _together(out, into, heavy * linked[0] * linked[1]),
    )
    return found, z


def _sample(model: Model) -> tuple[Model, Integers, tuple[Array, Array]]:
    """Return the model of the largest firms and of some of the rest, which firms they are, and what each stands for."""
    n = model.n
    if n <= LARGEST + OTHERS:
        return model, np.arange(n), (np.ones(n), np.ones(model.firm.size))
    size = model.sales / model.sales.sum() + model.purchases / model.purchases.sum()
    order = np.lexsort((np.arange(n), -size))
    # Sorted by industry and size, every so manieth firm is a sample stratified by both.
    rest = order[LARGEST:]
    rest = rest[np.lexsort((-size[rest], model.group[rest]))]
    step = rest.size / OTHERS
    some = rest[(np.arange(OTHERS) * step).astype(np.int64)]
    stands = np.zeros(n)
    stands[order[:LARGEST]], stands[some] = 1.0, step
    chosen = np.flatnonzero(stands)
    place = np.full(n, -1)
    place[chosen] = np.arange(chosen.size)
    slots = stands[model.firm] > 0
    small = replace(
        model,
        group=model.group[chosen],
        sales=model.sales[chosen],
        firm=place[model.firm[slots]],
        block=model.block[slots],
        amount=model.amount[slots],
        typical=(float(model.sales.mean()), float(model.purchases.mean())),
    )
    return small, chosen, (stands[chosen], stands[model.firm[slots]])


@cache
def _poisson() -> tuple[Array, Array, Array]:
    """Return a grid of ln d, and E and Var of ln k for k ~ Poisson(d) given k ≥ 1."""
    from scipy.special import gammaln

    grid = np.linspace(np.log(1e-4), np.log(400.0), 200)
    k = np.arange(1, 700)
    mass = np.exp(k * grid[:, None] - np.exp(grid)[:, None] - gammaln(k + 1))
    mass = mass / mass.sum(axis=1, keepdims=True)
    mean = (mass * np.log(k)).sum(axis=1)
    return grid, mean, (mass * np.log(k) ** 2).sum(axis=1) - mean**2


def _mean_log(degree: Array) -> Array:
    grid, mean, _ = _poisson()
    logs = np.log(np.maximum(degree, 1e-4))
    # Far out the delta method is exact enough: E ln k ≈ ln d − 1 ÷ 2d.
    return np.where(logs > grid[-1], logs - 0.5 / np.maximum(degree, 1.0), np.interp(logs, grid, mean))


def _noise_log(degree: Array) -> Array:
    grid, _, variance = _poisson()
    logs = np.log(np.maximum(degree, 1e-4))
    return np.where(logs > grid[-1], 1.0 / np.maximum(degree, 1.0), np.interp(logs, grid, variance))


def _slope(logs: Array, money: Array, weights: Array) -> float:
    there = (money > 0) & (weights > 0)
    if there.sum() < 2:
        return 0.0
    x, y, heavy = np.log(money[there]), logs[there], weights[there]
    mean_x, mean_y = np.average(x, weights=heavy), np.average(y, weights=heavy)
    spread = (heavy * (x - mean_x) ** 2).sum()
    return float((heavy * (x - mean_x) * (y - mean_y)).sum() / spread) if spread > 0 else 0.0


def _together(out: Array, into: Array, weights: Array) -> float:
    """Return the correlation of the logs of both degrees, the draws' own noise counted in."""
    if weights.sum() <= 0:
        return 0.0
    x, y = _mean_log(out), _mean_log(into)
    x, y = x - np.average(x, weights=weights), y - np.average(y, weights=weights)
    spread_x = np.average(x**2 + _noise_log(out), weights=weights)
    spread_y = np.average(y**2 + _noise_log(into), weights=weights)
    return float(np.average(x * y, weights=weights) / np.sqrt(spread_x * spread_y))
