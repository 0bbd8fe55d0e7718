"""Who supplies whom: each buyer picks industries by its recipe, and in each the suppliers that are large and near.

The numbers of suppliers and customers grow with size as in the firm networks of Hungary and Ecuador
(Bacilieri et al., 2023): about the power 0.4 of purchases and 0.35 of sales.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netcluster_datasets.valley.draws import Array, Draws, Ints, shared_out, whole
from netcluster_datasets.valley.industries import INDUSTRIES, POSITION, SINGLE_SUPPLIER_INPUT
from netcluster_datasets.valley.recipes import recipes
from netcluster_datasets.valley.regions import REGIONS, VALLEY, distances
from netcluster_datasets.valley.units import Units

#: Mean number of suppliers, and the powers of purchases and capacity with which the numbers of links grow.
MEAN_SUPPLIERS = 12.5
BUYER_POWER = 0.42
SUPPLIER_POWER = 0.28

#: A firm of at least so many jobs buys the single supplier's input wherever its recipe has it.
IMPORTANT = 40

#: Nearness: distance in km at which a supplier is a third as likely, and how much own region counts.
REACH = 55.0
OWN_REGION = 1.4
WITHIN_VALLEY = 4.0


@dataclass(frozen=True)
class Links:
    """Links of one layer: positions of sources and targets, and whole-number weights."""

    source: Ints
    target: Ints
    weight: Ints

    def sums(self, n: int) -> tuple[Ints, Ints]:
        """Return each unit's sum over its links as source and as target."""
        out, into = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        np.add.at(out, self.source, self.weight)
        np.add.at(into, self.target, self.weight)
        return out, into


def make_supply(units: Units, seed: int) -> Links:
    """Draw the supply layer; weights in thousand EUR, supplier first."""
    imported = np.array([each.import_share for each in INDUSTRIES])[units.industry]
    budget = units.costs * (1 - imported) * 0.97
    market = _Market(units, seed)
    counts = _numbers_of_suppliers(budget, market.activity)
    sources: list[Ints] = []
    values: list[Array] = []
    for buyer in range(len(units)):
        chosen, share = market.suppliers(buyer, int(counts[buyer]))
        sources.append(chosen)
        values.append(budget[buyer] * share)
    target = np.repeat(np.arange(len(units)), [len(chosen) for chosen in sources])
    source = np.concatenate(sources)
    value = _within_capacity(source, target, np.concatenate(values), units.capacity, budget)
    order = np.lexsort((target, source))
    return Links(source[order], target[order], np.maximum(whole(value[order]), 1))


def _numbers_of_suppliers(budget: Array, activity: Array) -> Ints:
    raw = budget**BUYER_POWER * activity
    return np.maximum(whole(raw * MEAN_SUPPLIERS / raw.mean()), 1)


class _Market:
    """What a buyer sees: the recipe of its industry, and every industry's suppliers with their pull on it."""

    def __init__(self, units: Units, seed: int) -> None:
        self.units = units
        self.recipes = recipes()
        self.draws = Draws(seed, "supply")
        self.members = [np.flatnonzero(units.industry == i) for i in range(len(INDUSTRIES))]
        #: What makes a firm have many partners on both sides, whatever its size.
        self.activity = Draws(seed, "activity").noise(0.55, len(units))
        self.pull = units.capacity**SUPPLIER_POWER * self.activity
        nearness = np.exp(-distances() / REACH) + 0.1
        self.nearness = nearness + np.diag(OWN_REGION * np.ones(len(nearness)))
        technology = np.array([each.cluster == "technology" for each in INDUSTRIES])
        self.in_valley = technology[units.industry] & np.array([REGIONS[r].code == VALLEY for r in units.region])

    def suppliers(self, buyer: int, count: int) -> tuple[Ints, Array]:
        """Return `count` suppliers, or as many as there are, and the parts of the purchases, adding up to 1."""
        share = self.recipes[:, self.units.industry[buyer]]
        kinds = self._industries(buyer, share, count)
        extra = shared_out(max(count - len(kinds), 0), share[kinds])
        chosen: list[Ints] = []
        parts: list[Array] = []
        for kind, more in zip(kinds, extra, strict=True):
            found = self._within(buyer, int(kind), 1 + int(more))
            split = self.pull[found] * self.draws.noise(0.7, len(found))
            chosen.append(found)
            parts.append(share[kind] * split / split.sum() if len(found) else split)
        value = np.concatenate(parts)
        return np.concatenate(chosen), value / value.sum()

    def _industries(self, buyer: int, share: Array, count: int) -> Ints:
        wanted = max(1, round(0.95 * count**0.86))
        odds = share**0.9
        gas = POSITION[SINGLE_SUPPLIER_INPUT]
        if share[gas] > 0 and self.units.size[buyer] >= IMPORTANT:
            odds[gas] = 1e3
        return self.draws.pick(odds, wanted)

    def _within(self, buyer: int, kind: int, count: int) -> Ints:
        members = self.members[kind]
        region = self.units.region
        odds = self.pull[members] * self.nearness[region[members], region[buyer]]
        if self.in_valley[buyer]:
            odds = odds * np.where(self.in_valley[members], WITHIN_VALLEY, 1.0)
        odds[members == buyer] = 0.0
        return members[self.draws.pick(odds, count)]


def _within_capacity(source: Ints, target: Ints, value: Array, capacity: Array, budget: Array) -> Array:
    """Return the values with no supplier above its capacity, buyers turning to their other suppliers for the rest.

    What can't be had at home after six rounds is imported.
    """
    n = len(capacity)
    for _ in range(6):
        bought = np.bincount(target, weights=value, minlength=n)
        value = value * np.minimum(budget / np.maximum(bought, 1e-9), 3.0)[target]
        sold = np.bincount(source, weights=value, minlength=n)
        value = value * np.minimum(capacity / np.maximum(sold, 1e-9), 1.0)[source]
    return value
