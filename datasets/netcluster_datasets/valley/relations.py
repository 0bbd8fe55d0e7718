"""What binds units besides supply: membership, joint projects, moves of staff, and loans."""

from __future__ import annotations

import numpy as np

from netcluster_datasets.valley.draws import Array, Draws, Ints, shared_out, whole
from netcluster_datasets.valley.industries import INDUSTRIES
from netcluster_datasets.valley.regions import REGIONS, VALLEY
from netcluster_datasets.valley.supply import Links
from netcluster_datasets.valley.units import Units

#: Joint projects by cluster: the technology valley has by far the most.
PROJECTS = {"technology": 360, "machinery": 60, "chemicals": 36, "food": 24, "city": 20, "wood": 16}

#: Chance that a firm of median size in its reach joins an association, and that of the valley's.
JOINS, JOINS_VALLEY = 0.22, 0.85

#: People who change from one employer to another, and graduates hired.
MOVES, GRADUATES = 5200, 1500

#: Banks a unit borrows from, on average (calibration of firm–bank networks), and loans ÷ revenue.
BANKS_PER_UNIT, LEVERAGE = 1.8, 0.3


class Groups:
    """Each unit's cluster and region by code, as arrays of text."""

    def __init__(self, units: Units) -> None:
        self.cluster = np.array([INDUSTRIES[i].cluster for i in units.industry])
        self.code = np.array([INDUSTRIES[i].code for i in units.industry])
        self.region = np.array([REGIONS[r].code for r in units.region])
        self.role = np.array(units.role)
        self.serves = np.array(units.serves)
        self.firm = ~units.institution


def make_membership(units: Units, seed: int) -> Links:
    """Return who is a member of which association: firm to association, weight 1."""
    draws, groups = Draws(seed, "membership"), Groups(units)
    sources: list[Ints] = []
    targets: list[Ints] = []
    for association in np.flatnonzero(groups.role == "association"):
        scope = groups.serves[association]
        reach = groups.firm & (
            (groups.cluster == scope) | (groups.code == scope) | (groups.region == scope) | (scope == "")
        )
        rate = np.full(len(units), JOINS if scope else 0.05)
        if scope == "technology":
            rate[groups.region == VALLEY] = JOINS_VALLEY
        chance = np.minimum(rate * (units.size / 8.0) ** 0.3, 0.97)
        members = np.flatnonzero(reach & (draws.uniform(len(units)) < chance))
        sources.append(members)
        targets.append(np.full(len(members), association))
    return _links(np.concatenate(sources), np.concatenate(targets), np.ones(sum(map(len, sources))))


def make_projects(units: Units, seed: int) -> Links:
    """Return pairs of partners and the number of their joint projects, each pair once.

    Of 3 to 7 partners at least one is a university or institute that serves the cluster, where there is one.
    """
    draws, groups = Draws(seed, "projects"), Groups(units)
    academic = (groups.role == "university") | (groups.role == "research")
    left: list[Ints] = []
    right: list[Ints] = []
    for cluster, number in PROJECTS.items():
        eager = (groups.cluster == cluster) * groups.firm * units.size**0.45
        if cluster == "technology":
            eager = eager * np.where(groups.region == VALLEY, 5.0, 1.0)
        partners = academic & (groups.serves == cluster)
        helpers = partners * np.sqrt(units.size) if partners.any() else academic * 1.0
        for _ in range(number):
            count = 2 + int(5 * draws.uniform(1)[0] ** 1.6)
            team = np.concatenate([draws.pick(helpers, 1 + int(draws.uniform(1)[0] < 0.35)), draws.pick(eager, count)])
            first, second = np.triu_indices(len(team), 1)
            left.append(np.minimum(team[first], team[second]))
            right.append(np.maximum(team[first], team[second]))
    pairs = np.concatenate(left), np.concatenate(right)
    return _links(*pairs, np.ones(len(pairs[0])))


def make_labour(units: Units, seed: int) -> Links:
    """Return people who moved, from former to next employer, and graduates from universities.

    They stay near (same region) and in what they know (same industry or cluster).
    """
    draws, groups = Draws(seed, "labour"), Groups(units)
    universities = np.flatnonzero(groups.role == "university")
    leaving = shared_out(MOVES, units.size * (groups.role != "university"))
    leaving[universities] = shared_out(GRADUATES, units.size[universities].astype(np.float64))
    sources: list[Ints] = []
    targets: list[Ints] = []
    for source in np.flatnonzero(leaving):
        pull = units.size * np.where(groups.region == groups.region[source], 6.0, 1.0)
        known = groups.serves[source] if groups.role[source] == "university" else groups.cluster[source]
        pull = pull * np.where((groups.cluster == known) & (known != "local"), 5.0, 1.0)
        pull = pull * np.where(units.industry == units.industry[source], 4.0, 1.0)
        pull[source] = 0.0
        steps = np.cumsum(pull)
        found = np.searchsorted(steps, draws.uniform(int(leaving[source])) * steps[-1])
        sources.append(np.full(len(found), source))
        targets.append(found)
    return _links(np.concatenate(sources), np.concatenate(targets), np.ones(sum(map(len, sources))))


def make_finance(units: Units, seed: int) -> Links:
    """Return loans outstanding in thousand EUR, bank to borrower; larger borrowers have more banks."""
    draws, groups = Draws(seed, "finance"), Groups(units)
    banks = np.flatnonzero(groups.role == "bank")
    borrowers = np.flatnonzero(groups.firm)
    loans = LEVERAGE * units.revenue[borrowers] * draws.noise(0.6, len(borrowers))
    appetite = (units.revenue[borrowers] / np.median(units.revenue)) ** 0.25 * draws.noise(0.3, len(borrowers))
    counts = np.clip(whole(appetite * BANKS_PER_UNIT / appetite.mean()), 1, len(banks))
    sources: list[Ints] = []
    values: list[Array] = []
    for borrower, count, loan in zip(borrowers, counts, loans, strict=True):
        near = np.where(groups.region[banks] == groups.region[borrower], 3.0, 1.0)
        chosen = banks[draws.pick(near * units.size[banks], int(count))]
        split = draws.noise(0.5, len(chosen))
        sources.append(chosen)
        values.append(loan * split / split.sum())
    value = np.maximum(whole(np.concatenate(values)), 1)
    return _links(np.concatenate(sources), np.repeat(borrowers, counts), value)


def _links(source: Ints, target: Ints, weight: Array | Ints) -> Links:
    """Return links sorted by source and target, with the weights of the same pair added up."""
    pairs, place = np.unique(np.column_stack([source, target]), axis=0, return_inverse=True)
    sums = np.bincount(place.reshape(-1), weights=weight, minlength=len(pairs))
    return Links(pairs[:, 0], pairs[:, 1], whole(sums))
