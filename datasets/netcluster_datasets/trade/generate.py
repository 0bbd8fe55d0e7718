"""The seeded generator of the made-up world trade: who sells which goods to whom in three years.

Flows follow size, distance and what each country is good at; what a user should find is planted on top and written
to truth.json. NumPy only.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SEED = 0
YEARS = (2021, 2022, 2023)
COUNTRIES = (
    *("Aldany", "Brevia", "Caldera", "Dorvik", "Esterhall", "Fenmark", "Galdor", "Hestria", "Ilmara", "Jorvan"),
    *("Keldra", "Lomond", "Marquel", "Norlund", "Osmere", "Pellar", "Quarn", "Rivany", "Sundra", "Tamarisk"),
)
#: The members of the League, a union like the EU.
LEAGUE = ("Aldany", "Dorvik", "Fenmark", "Jorvan", "Lomond", "Norlund")
#: The countries the League calls partners.
PARTNERS = ("Brevia", "Esterhall", "Hestria", "Marquel", "Tamarisk")
GOODS = {
    **{"antibiotics": 40.0, "bauxite": 0.06, "cement": 0.08, "coffee": 4.0, "copper": 8.0, "engines": 14.0},
    **{"furniture": 5.0, "glass": 1.2, "insulin": 900.0, "lithium": 20.0, "magnets": 45.0, "paper": 1.0},
    **{"sensors": 250.0, "solar cells": 12.0, "steel": 0.9, "wheat": 0.25},
}


def generate(seed: int = SEED) -> dict[str, str]:
    """Return the files of the set by name: trade.csv, league.csv, partners.csv, truth.json."""
    rng = np.random.default_rng(seed)
    usual = _usual(rng)
    lines = ["year,exporter,importer,product,value,quantity"]
    for year in YEARS:
        value = usual * rng.lognormal(sigma=0.25, size=usual.shape)
        price = np.array(list(GOODS.values()))[None, None, :] * rng.lognormal(sigma=0.15, size=usual.shape)
        _plant(value, price, year)
        lines += _lines(year, value, price)
    return {
        "trade.csv": "\n".join(lines) + "\n",
        "league.csv": "\n".join(["country", *LEAGUE]) + "\n",
        "partners.csv": "\n".join(["country", *PARTNERS]) + "\n",
        "truth.json": json.dumps(truth(), indent=1) + "\n",
    }


def truth() -> dict[str, Any]:
    """Return what is planted."""
    return {
        "world_depends": {"product": "magnets", "exporter": "Quarn"},
        "country_depends": {"importer": "Aldany", "product": "insulin", "exporter": "Brevia"},
        "league_depends": {"members": list(LEAGUE), "product": "antibiotics", "exporter": "Sundra"},
        "one_year_only": {"importer": "Caldera", "product": "lithium", "exporter": "Keldra", "year": 2023},
        "by_quantity": {"importer": "Galdor", "product": "solar cells", "exporter": "Rivany"},
    }


def _usual(rng: np.random.Generator) -> Array:
    """Return usual flows, (exporter, importer, product): size, nearness, taste, and what each makes well."""
    n, k = len(COUNTRIES), len(GOODS)
    size = rng.lognormal(sigma=0.35, size=n)
    place = rng.random((n, 2))
    away = np.hypot(*(place[:, None, :] - place[None, :, :]).transpose(2, 0, 1)) + 0.1
    skill = rng.lognormal(sigma=0.4, size=(n, k)) * (rng.random((n, k)) < 0.8)
    world = rng.lognormal(mean=3.6, sigma=0.6, size=k)
    taste = rng.lognormal(sigma=0.3, size=(n, k))
    flows = (size[:, None] * size[None, :] / away)[:, :, None] * skill[:, None, :] * taste[None, :, :] * world
    flows[np.arange(n), np.arange(n)] = 0.0
    return np.asarray(np.where(flows > 20.0, flows, 0.0))


def _plant(value: Array, price: Array, year: int) -> None:
    """Put what is to be found into one year's flows."""
    who = {name: i for i, name in enumerate(COUNTRIES)}
    goods = {name: i for i, name in enumerate(GOODS)}
    facts = truth()
    magnets, source = goods["magnets"], who[facts["world_depends"]["exporter"]]
    value[:, :, magnets] *= 0.3
    demand = value[:, :, magnets].sum(axis=0) + 40.0
    value[source, :, magnets] = 7.0 * demand
    value[source, source, magnets] = 0.0
    for fact in (facts["country_depends"], facts["one_year_only"]):
        if fact.get("year", year) == year:
            i, j, g = who[fact["exporter"]], who[fact["importer"]], goods[fact["product"]]
            value[j, :, g] = 0.0
            value[i, j, g] = 9.0 * value[:, j, g].sum() + 500.0
        elif "year" in fact:
            i, j, g = who[fact["exporter"]], who[fact["importer"]], goods[fact["product"]]
            value[:, j, g] = np.where(np.arange(len(COUNTRIES)) % 4 == j % 4, 0.0, 120.0)
            value[j, j, g] = 0.0
    members = np.array([who[name] for name in LEAGUE])
    drugs, only = goods["antibiotics"], who[facts["league_depends"]["exporter"]]
    value[members, :, drugs] *= 0.05
    outside = np.setdiff1d(np.arange(len(COUNTRIES)), members)
    value[only, members, drugs] = 6.0 * value[np.ix_(outside, members)][:, :, drugs].sum(axis=0) + 200.0
    cheap = facts["by_quantity"]
    i, j, g = who[cheap["exporter"]], who[cheap["importer"]], goods[cheap["product"]]
    value[:, j, g] = np.where(np.arange(len(COUNTRIES)) % 3 == 0, 150.0, 0.0)
    value[i, j, g], value[j, j, g] = 200.0, 0.0
    price[:, j, g], price[i, j, g] = 30.0, 2.0


def _lines(year: int, value: Array, price: Array) -> list[str]:
    goods = list(GOODS)
    amount = np.round(value)
    quantity = np.maximum(np.round(amount / price, 2), 0.01)
    return [
        f"{year},{COUNTRIES[i]},{COUNTRIES[j]},{goods[g]},{int(amount[i, j, g])},{quantity[i, j, g]:g}"
        for i, j, g in zip(*np.nonzero(amount), strict=True)
    ]
