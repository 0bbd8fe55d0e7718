"""Expected links and degrees without looking at n² pairs: firms of one industry and like fitness count together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from netcluster.reconstruction.fitness import Array, Integers
from netcluster.reconstruction.model import Fitness, Model

#: Classes on either side up to which the density is solved on, and the exponents are fitted on.
CLASSES, COARSE = 4000, 800
#: Beside very many groups, classes a group at the least.
LEAST = 4


class Classes(NamedTuple):
    """Firms or slots put together: `table` has fitness, variance of its log, and count; sorted by group."""

    table: Array
    group: Integers
    member: Integers
    mean: Array


@dataclass(frozen=True, eq=False)
class Expected:
    """What a model gives at some z: degrees of suppliers (n,) and slots (m,), links, and their derivative by ln z."""

    out: Array
    into: Array
    links: float
    slope: float


class Sums:
    """Expected links of a model at any z, the fitness being given.

    `weights` (suppliers, slots) say how many firms each stands for, where they are a sample. `known` (suppliers,
    slots) are pairs that are not drawn, besides each firm with itself.
    """

    def __init__(
        self,
        model: Model,
        fitness: Fitness,
        *,
        most: int = CLASSES,
        weights: tuple[Array, Array] | None = None,
        known: tuple[Integers, Integers] | None = None,
    ) -> None:
        ones = (np.ones(model.n), np.ones(model.firm.size))
        self.weights = ones if weights is None else weights
        self.sellers = classes(model.group, fitness.log_x, self.weights[0], most)
        self.buyers = classes(model.block, fitness.log_y, self.weights[1], most)
        self.start = np.searchsorted(self.buyers.group, np.arange(fitness.factor.shape[1] + 1))
        self.fitness = fitness
        self.supplier, self.slot = model.firm, np.arange(model.firm.size)
        if known is not None:
            self.supplier = np.concatenate([self.supplier, known[0]])
            self.slot = np.concatenate([self.slot, known[1]])
        factor = fitness.factor[model.group[self.supplier], model.block[self.slot]]
        with np.errstate(divide="ignore"):
            self.never = np.exp(fitness.log_x[self.supplier] + fitness.log_y[self.slot] + np.log(factor))

    def at(self, z: float) -> Expected:
        """Return what is expected at z."""
        from netcluster.reconstruction import _kernels

        out, into = np.empty((len(self.sellers.group), 2)), np.empty((len(self.buyers.group), 2))
        _kernels.expect(
            self.sellers.table, self.sellers.group, self.buyers.table, self.start, self.fitness.factor, z, out, into
        )
        lam = z * self.never
        never = lam / (1 + lam)
        counts, heavy = self.sellers.table[:, 2], self.weights[1][self.slot]
        # Sums, not dot products: BLAS adds up differently on other numbers of threads.
        links = (counts * out[:, 0]).sum() - (heavy * never).sum()
        slope = (counts * out[:, 1]).sum() - (heavy * never * (1 - never)).sum()
        logs = self.fitness
        customers = _spread(out, self.sellers, logs.log_x) - np.bincount(self.supplier, never, logs.log_x.size)
        suppliers = _spread(into, self.buyers, logs.log_y) - np.bincount(self.slot, never, logs.log_y.size)
        return Expected(np.maximum(customers, 0.0), np.maximum(suppliers, 0.0), float(links), float(slope))


def classes(group: Integers, logs: Array, weights: Array, most: int) -> Classes:
    """Return the classes of fitness within groups: single values where they are few, else equal steps of the log.

    A log of −∞ (fitness 0) belongs to no class: its `member` is −1.
    """
    real = np.flatnonzero(np.isfinite(logs))
    member = np.full(len(logs), -1, dtype=np.int64)
    if not real.size:
        return Classes(np.zeros((0, 3)), np.zeros(0, dtype=np.int64), member, np.zeros(0))
    groups, values, heavy = group[real], logs[real], weights[real]
    bins = _steps(groups, values, most)
    _, codes = np.unique(groups * (bins.max() + 1) + bins, return_inverse=True)
    count = np.bincount(codes, heavy)
    mean = np.bincount(codes, heavy * values) / count
    spread = np.bincount(codes, heavy * (values - mean[codes]) ** 2) / count
    first = np.zeros(count.size, dtype=np.int64)
    first[codes] = groups
    member[real] = codes
    return Classes(np.stack([np.exp(mean), spread, count], axis=1), first, member, mean)


def _steps(groups: Integers, values: Array, most: int) -> Integers:
    """Return the number of each value's step; steps are as wide in every group."""
    if values.size <= 50 * most:
        distinct, codes = np.unique(values, return_inverse=True)
        if np.unique(groups * distinct.size + codes).size <= most:
            return np.asarray(codes, dtype=np.int64)
    k = int(groups.max()) + 1
    low, high = np.full(k, np.inf), np.full(k, -np.inf)
    np.minimum.at(low, groups, values)
    np.maximum.at(high, groups, values)
    there = np.isfinite(low)
    room = max(most - int(there.sum()), LEAST * int(there.sum()))
    width = max(float((high - low)[there].sum()) / room, 1e-12)
    return np.asarray(((values - low[groups]) / width).astype(np.int64))


def _spread(found: Array, made: Classes, logs: Array) -> Array:
    """Return each member's degree from its class's: D(x) ≈ D · (x ÷ mean)^(elasticity)."""
    degree = np.zeros(len(logs))
    real = np.flatnonzero(made.member >= 0)
    codes = made.member[real]
    power = np.divide(found[:, 1], found[:, 0], out=np.zeros(len(found)), where=found[:, 0] > 0)
    degree[real] = found[codes, 0] * np.exp(power[codes] * (logs[real] - made.mean[codes]))
    return degree


def firm_degrees(model: Model, expected: Expected) -> tuple[Array, Array]:
    """Return expected customers and suppliers of each firm, (n,) each."""
    return expected.out, np.asarray(np.bincount(model.firm, expected.into, model.n), dtype=np.float64)


def most_links(model: Model, fitness: Fitness) -> float:
    """Return how many pairs of firms may be linked at all."""
    able = np.bincount(model.group[np.isfinite(fitness.log_x)], minlength=len(fitness.factor))
    slots = np.bincount(model.block, minlength=fitness.factor.shape[1])
    joined = fitness.factor > 0
    own = joined[model.group[model.firm], model.block] & np.isfinite(fitness.log_x[model.firm])
    return float(able @ joined @ slots - np.count_nonzero(own))
