"""The firms and institutions: size, place, revenue, costs, and how much of it other firms may buy."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from netcluster_datasets.valley.draws import Array, Draws, Ints, whole
from netcluster_datasets.valley.industries import DOMINATED_INDUSTRY, INDUSTRIES, POSITION, Industry, role_of
from netcluster_datasets.valley.institutions import institutions
from netcluster_datasets.valley.names import firm_names
from netcluster_datasets.valley.regions import REGIONS, location_weights

#: Tail exponent of firm sizes within an industry, near Zipf's law (Axtell, 2001).
TAIL = 1.1

#: Most of an industry's jobs that one firm has, where no firm was planted to dominate.
LARGEST_SHARE = 0.22

#: Jobs of the dominant firm, as a multiple of all others in its industry.
DOMINANCE = 3.2

#: How much larger all firms are than the table of industries has them.
SCALE = 1.5


@dataclass(frozen=True)
class Units:
    """All firms and institutions, one entry each; money in thousand EUR.

    `industry` and `region` are positions; `capacity` is what the unit can sell to other units, `serves` what
    an institution is there for.
    """

    id: list[str]
    label: list[str]
    role: list[str]
    serves: list[str]
    industry: Ints
    region: Ints
    size: Ints
    revenue: Ints
    costs: Ints
    capacity: Array
    lat: Array
    lon: Array

    def __len__(self) -> int:
        return len(self.id)

    @property
    def institution(self) -> npt.NDArray[np.bool_]:
        """Which units are institutions."""
        return np.array([not key.startswith("F") for key in self.id])

    def replace(self, **changes: object) -> Units:
        """Return a copy with some arrays changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def make_units(seed: int) -> Units:
    """Draw all units."""
    industry, region, size = _firms(seed)
    bodies = institutions()
    region_at = {place.code: i for i, place in enumerate(REGIONS)}
    labels = firm_names(Draws(seed, "names"), [INDUSTRIES[i].code for i in industry])
    roles = [role_of(INDUSTRIES[i].code) for i in industry]
    industry = np.concatenate([industry, [POSITION[body.industry] for body in bodies]]).astype(np.int64)
    region = np.concatenate([region, [region_at[body.region] for body in bodies]]).astype(np.int64)
    size = np.concatenate([size, [body.size for body in bodies]]).astype(np.int64)
    revenue, costs, capacity = _money(seed, industry, region, size)
    lat, lon = _places(seed, region)
    return Units(
        id=[f"F{number:04}" for number in range(1, len(labels) + 1)] + [body.id for body in bodies],
        label=labels + [body.label for body in bodies],
        role=roles + [body.role for body in bodies],
        serves=[""] * len(labels) + [body.serves for body in bodies],
        industry=industry,
        region=region,
        size=size,
        revenue=revenue,
        costs=costs,
        capacity=capacity,
        lat=lat,
        lon=lon,
    )


def _firms(seed: int) -> tuple[Ints, Ints, Ints]:
    draws = Draws(seed, "firms")
    places = np.cumsum(location_weights(), axis=1)
    parts: list[tuple[Ints, Ints, Ints]] = []
    for i, industry in enumerate(INDUSTRIES):
        sizes = _sizes(industry, draws)
        where = np.searchsorted(places[i], draws.uniform(industry.firms)).clip(max=len(REGIONS) - 1)
        if industry.code == DOMINATED_INDUSTRY:
            where[0] = int(np.argmax(location_weights()[i]))
        parts.append((np.full(industry.firms, i), where, sizes))
    industry_of, region_of, size_of = (np.concatenate(column) for column in zip(*parts, strict=True))
    return industry_of, region_of, size_of


def _sizes(industry: Industry, draws: Draws) -> Ints:
    """Return jobs in falling order of rank: Pareto quantiles, a little shaken, the largest held down."""
    n = industry.firms
    if n < 2:
        return whole(np.full(n, industry.smallest))
    quantile = (np.arange(1, n + 1) - 0.5) / n
    sizes = SCALE * industry.smallest * quantile ** (-1 / TAIL) * draws.noise(0.12, n)
    if industry.code == DOMINATED_INDUSTRY:
        sizes[0] = DOMINANCE * sizes[1:].sum()
    else:
        for _ in range(3):
            sizes = np.minimum(sizes, LARGEST_SHARE * sizes.sum())
    return np.maximum(whole(sizes), 1)


def _money(seed: int, industry: Ints, region: Ints, size: Ints) -> tuple[Ints, Ints, Array]:
    draws = Draws(seed, "money")
    n = len(size)
    per_job = np.array([each.revenue_per_job for each in INDUSTRIES])[industry]
    value_added = np.array([each.value_added_share for each in INDUSTRIES])[industry]
    to_firms = np.array([each.intermediate_share for each in INDUSTRIES])[industry]
    productivity = np.array([each.productivity for each in REGIONS])[region]
    revenue = whole(size * per_job * productivity * draws.noise(0.15, n))
    costs = whole(revenue * np.clip(1 - value_added * draws.noise(0.07, n), 0.08, 0.9))
    alone = np.bincount(industry)[industry] == 1
    shaken = np.where(alone, 1.0, draws.noise(1.0, n))
    capacity = revenue * np.clip(to_firms * shaken, 0.0, 0.96)
    return revenue, costs, np.asarray(capacity, dtype=np.float64)


def _places(seed: int, region: Ints) -> tuple[Array, Array]:
    draws = Draws(seed, "places")
    lat = np.array([each.lat for each in REGIONS])[region] + 0.07 * draws.normal(len(region))
    lon = np.array([each.lon for each in REGIONS])[region] + 0.10 * draws.normal(len(region))
    return lat, lon
