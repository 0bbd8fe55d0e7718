"""The twelve regions: people, place, and which clusters live there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from netcluster_datasets.valley.industries import INDUSTRIES


@dataclass(frozen=True)
class Region:
    """One region: `customers` are who its services serve, commuters and visitors among them.

    `productivity` is relative to the country, `growth` that of jobs in % a year.
    """

    code: str
    name: str
    population: int
    customers: int
    lat: float
    lon: float
    productivity: float
    growth: float


REGIONS = (
    Region("V01", "Marlow", 42_300, 48_700, 45.10, -19.90, 1.10, 0.4),
    Region("V02", "Kestrel Valley", 40_100, 30_200, 45.62, -19.35, 1.16, 1.6),
    Region("V03", "Easterhaven", 23_600, 24_100, 45.02, -18.72, 1.06, 0.2),
    Region("V04", "Brennau", 35_000, 26_700, 45.78, -20.45, 1.02, 0.1),
    Region("V05", "Wheatley Plain", 19_300, 19_000, 44.55, -20.30, 0.94, 0.3),
    Region("V06", "Orefell", 9_800, 6_900, 46.32, -20.95, 1.00, -0.2),
    Region("V07", "Greymoor", 13_400, 13_700, 44.25, -19.25, 0.66, -3.4),
    Region("V08", "Tannhölz", 7_400, 10_200, 46.25, -19.75, 0.95, 0.0),
    Region("V09", "Lakemont", 8_500, 11_900, 46.05, -18.80, 0.97, 0.5),
    Region("V10", "Southmark", 8_100, 14_400, 44.10, -20.05, 0.95, 0.2),
    Region("V11", "Hollin", 9_400, 16_200, 45.32, -20.62, 0.99, 0.6),
    Region("V12", "Saint-Élan", 6_300, 9_000, 44.62, -18.85, 0.93, 0.4),
)

VALLEY, ONE_INDUSTRY_REGION, LEFT_BEHIND_REGION = "V02", "V06", "V07"

#: What the one-industry region lives on.
ITS_INDUSTRY = "B07"

# Parts of an industry's firms by region, in the order above; a code goes before its cluster.
_PLACES = {
    "technology": "12 64 3 6 2 0 1 2 3 2 4 1",
    "food": "8 3 6 6 38 1 4 4 5 12 4 9",
    "machinery": "8 5 6 52 5 0 3 4 2 8 6 1",
    "chemicals": "8 3 60 7 5 0 3 2 2 6 3 1",
    "city": "62 8 7 6 2 0 2 1 4 2 6 1",
    "wood": "14 8 8 9 8 1 6 28 5 6 5 2",
    "B07": "0 0 0 0 0 95 0 5 0 0 0 0",
    "C17": "14 8 8 9 8 1 6 28 5 6 5 2",
    "C13": "4 2 10 6 6 0 56 3 2 6 4 1",
    "H52": "12 6 44 10 6 1 3 2 2 6 8 1",
    "I55": "18 5 8 4 4 1 3 6 32 4 4 12",
    "I56": "24 11 11 10 9 2 6 5 9 6 7 5",
    "C21": "0 8 84 0 0 0 0 0 8 0 0 0",
    "C20B": "0 0 100 0 0 0 0 0 0 0 0 0",
    "L68": "28 13 10 11 8 1 5 5 6 6 6 4",
    "F41": "24 13 11 12 8 2 5 6 5 6 6 4",
    "F43": "22 13 11 12 9 2 5 6 5 7 7 4",
}


def location_weights() -> npt.NDArray[np.float64]:
    """Return where the firms of each industry lie, (60, 12): rows that add up to 1.

    What serves everyone lies where people do, a little less so in the region left behind.
    """
    people = np.array([region.customers * min(1.0, region.productivity) for region in REGIONS], dtype=np.float64)
    weights = np.empty((len(INDUSTRIES), len(REGIONS)))
    for i, industry in enumerate(INDUSTRIES):
        place = _PLACES.get(industry.code, _PLACES.get(industry.cluster, ""))
        weights[i] = [float(part) for part in place.split()] if place else people
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def distances() -> npt.NDArray[np.float64]:
    """Return the distances between regions in km, (12, 12), on a plane that is good enough for a small country."""
    lat = np.array([region.lat for region in REGIONS])
    lon = np.array([region.lon for region in REGIONS])
    north = 111.2 * (lat[:, None] - lat[None, :])
    east = 111.2 * np.cos(np.deg2rad(lat.mean())) * (lon[:, None] - lon[None, :])
    return np.asarray(np.sqrt(north**2 + east**2))
