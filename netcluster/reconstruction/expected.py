"""Expected links and degrees without looking at n² pairs: firms of one industry and like fitness count together."""

from __future__ import annotations

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
        self.model, self.fitness = model, fitness
        self.weights = ones if weights is None else weights
        self.sellers = classes(model.group, fitness.log_x, self.weights[0], most)
        self.buyers = classes(model.block, fitness.log_y, self.weights[1], most)
        self.start = np.searchsorted(self.buyers.group, np.arange(fitness.factor.shape[1] + 1))
        self.supplier, self.slot = model.firm, np.arange(model.firm.size)
        if known is not None:
            self.supplier = np.concatenate([self.supplier, known[0]])
            self.slot = np.concatenate([self.slot, known[1]])
        factor = fitness.factor[model.group[self.supplier], model.block[self.slot]]
        self.never = np.exp(fitness.log_x[self.supplier] + fitness.log_y[self.slot]) * factor

    @property
    def most(self) -> float:
        """The number of pairs of firms that may be linked at all."""
        model, able = self.model, np.isfinite(self.fitness.log_x)
        joined = self.fitness.factor > 0
        sellers = np.bincount(model.group, self.weights[0] * able, len(joined))
        slots = np.bincount(model.block, self.weights[1], joined.shape[1])
        own = joined[model.group[model.firm], model.block] & able[model.firm]
        return float(sellers @ joined @ slots - self.weights[1][own].sum())

    def links(self, z: float) -> tuple[float, float]:
        """Return the expected links at z, and their derivative by ln z."""
        out, _ = self._classes_at(z)
        lam, counts, heavy = z * self.never, self.sellers.table[:, 2], self.weights[1][self.slot]
        never = lam / (1 + lam)
        # Sums, not dot products: BLAS adds up differently on other numbers of threads.
        links = (counts * out[:, 0]).sum() - (heavy * never).sum()
        return float(links), float((counts * out[:, 1]).sum() - (heavy * never * (1 - never)).sum())

    def degrees(self, z: float) -> tuple[Array, Array]:
        """Return the expected customers and suppliers of each firm at z, (n,) each."""
        out, into = self._classes_at(z)
        lam, n = z * self.never, self.model.n
        never = lam / (1 + lam)
        customers = _spread(out, self.sellers, self.fitness.log_x) - np.bincount(self.supplier, never, n)
        slots = _spread(into, self.buyers, self.fitness.log_y) - np.bincount(self.slot, never, self.model.firm.size)
        suppliers = np.bincount(self.model.firm, np.maximum(slots, 0.0), n)
        return np.maximum(customers, 0.0), np.asarray(suppliers, dtype=np.float64)

    def _classes_at(self, z: float) -> tuple[Array, Array]:
        """Return by class the expected degree of one supplier and of one slot, and its derivative by ln z."""
        from netcluster.reconstruction import _kernels

        out, into = np.empty((len(self.sellers.group), 2)), np.empty((len(self.buyers.group), 2))
        _kernels.expect(
            self.sellers.table, self.sellers.group, self.buyers.table, self.start, self.fitness.factor, z, out, into
        )
        return out, into


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
        distinct = np.unique(values)
        codes = np.searchsorted(distinct, values)
        if distinct.size <= most and np.unique(groups * distinct.size + codes).size <= most:
            return codes
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
