"""The tables of the whole economy, for three years: what the units add up to, in whole thousand EUR."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netcluster_datasets.valley.draws import Array, Draws, Ints, shared_out, whole
from netcluster_datasets.valley.industries import INDUSTRIES
from netcluster_datasets.valley.regions import REGIONS
from netcluster_datasets.valley.supply import Links
from netcluster_datasets.valley.units import Units

YEARS = (2021, 2022, 2023)
DEMAND = (
    ("P3_S14", "Final consumption of households"),
    ("P3_S13", "Final consumption of government"),
    ("P51G", "Gross fixed capital formation"),
    ("P6", "Exports"),
)

#: Imports and taxes on products that final demand pays on top, as parts of its domestic purchases.
_FINAL_IMPORTS = (0.46, 0.06, 0.55, 0.0)
_FINAL_TAXES = (0.12, 0.01, 0.03, 0.0)

#: Prices of output against 2023: all, and electricity and gas, dear in 2022.
_PRICES = {2021: 0.915, 2022: 0.965, 2023: 1.0}
_ENERGY_PRICES = {2021: 0.80, 2022: 1.18, 2023: 1.0}

#: Output a job grows by so much a year; emissions and energy a unit of output fall.
_PRODUCTIVITY, _CLEANER, _THRIFTIER = 0.009, 0.025, 0.015


@dataclass(frozen=True)
class Account:
    """One year: flows Z (60, 60), final demand Y (60, 4), output x, and the rows below them.

    `imports`, `taxes` and their `final_` twins are (60,) and (4,); wages, other taxes on production and
    operating surplus add up to value added; `jobs` is in persons, `emissions` in t CO2, `energy` in TJ.
    """

    year: int
    Z: Ints
    Y: Ints
    x: Ints
    imports: Ints
    taxes: Ints
    wages: Ints
    other_taxes: Ints
    surplus: Ints
    final_imports: Ints
    final_taxes: Ints
    jobs: Ints
    emissions: Ints
    energy: Ints

    @property
    def intermediate(self) -> Ints:
        """Intermediate consumption of each industry at purchasers' prices, imports and taxes with it."""
        return np.asarray(self.Z.sum(axis=0) + self.imports + self.taxes)

    @property
    def value_added(self) -> Ints:
        """Gross value added of each industry."""
        return self.wages + self.other_taxes + self.surplus


def make_accounts(units: Units, supply: Links, jobs: dict[int, Ints], seed: int) -> tuple[Account, ...]:
    """Return the accounts of `YEARS`; the last is exactly what the units add up to."""
    n = len(INDUSTRIES)
    Z = np.zeros((n, n), dtype=np.int64)
    np.add.at(Z, (units.industry[supply.source], units.industry[supply.target]), supply.weight)
    x, costs = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    np.add.at(x, units.industry, units.revenue)
    np.add.at(costs, units.industry, units.costs)
    return tuple(_year(year, Z, x, costs, jobs, Draws(seed, f"accounts {year}")) for year in YEARS)


def _year(year: int, Z: Ints, x: Ints, costs: Ints, jobs: dict[int, Ints], draws: Draws) -> Account:
    total = {each: table.sum(axis=0).astype(np.float64) for each, table in jobs.items()}
    last = YEARS[-1]
    if year != last:
        growth = total[year] / total[last] * (1 - _PRODUCTIVITY) ** (last - year) * _prices(year)
        Z = whole(Z * np.sqrt(growth[:, None] * growth[None, :]) * draws.noise(0.03, *Z.shape))
        factor = growth * draws.noise(0.01, len(x))
        x, costs = whole(x * factor), np.maximum(whole(costs * factor), whole(Z.sum(axis=0) * 1.03))
    x = np.maximum(x, Z.sum(axis=1))
    taxes = np.minimum(whole(0.012 * costs), costs - Z.sum(axis=0))
    wages, other = _primary(x - costs, total[year])
    final = x - Z.sum(axis=1)
    Y = np.array([shared_out(int(f), np.array(each.final_use)) for f, each in zip(final, INDUSTRIES, strict=True)])
    intensities = np.array([each.intensities for each in INDUSTRIES])
    volume = x / _prices(year) / 1000
    return Account(
        year=year,
        Z=Z,
        Y=Y,
        x=x,
        imports=costs - Z.sum(axis=0) - taxes,
        taxes=taxes,
        wages=wages,
        other_taxes=other,
        surplus=x - costs - wages - other,
        final_imports=whole(Y.sum(axis=0) * np.array(_FINAL_IMPORTS)),
        final_taxes=whole(Y.sum(axis=0) * np.array(_FINAL_TAXES)),
        jobs=jobs[year].sum(axis=0),
        emissions=whole(volume * intensities[:, 0] * (1 + _CLEANER) ** (last - year)),
        energy=whole(volume * intensities[:, 1] * (1 + _THRIFTIER) ** (last - year)),
    )


def _prices(year: int) -> Array:
    energy = np.array([each.code == "D35" for each in INDUSTRIES])
    return np.where(energy, _ENERGY_PRICES[year], _PRICES[year])


def _primary(value_added: Ints, jobs: Array) -> tuple[Ints, Ints]:
    """Return wages and other taxes on production: wages half of value added and half by the job."""
    value = value_added.astype(np.float64)
    level = 0.62 * value.sum() / jobs.sum()
    return whole(np.minimum(0.5 * 0.62 * value + 0.5 * level * jobs, 0.88 * value)), whole(0.012 * value)


def make_employment(units: Units, seed: int) -> tuple[dict[int, Ints], dict[int, Ints]]:
    """Return jobs and establishments of each year, (12, 60) each; the last year's are the units' own."""
    shape = len(REGIONS), len(INDUSTRIES)
    now, count = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    np.add.at(now, (units.region, units.industry), units.size)
    np.add.at(count, (units.region, units.industry), 1)
    growth = (1 + np.array([each.growth for each in REGIONS]) / 100)[:, None] * (
        1 + np.array([each.growth for each in INDUSTRIES]) / 100
    )
    jobs, establishments = {}, {}
    for year in YEARS:
        back = YEARS[-1] - year
        draws = Draws(seed, f"employment {year}")
        shaken = draws.noise(0.02, *shape) if back else np.ones(shape)
        jobs[year] = np.where(now > 0, np.maximum(whole(now / growth**back * shaken), 1), 0)
        establishments[year] = np.where(count > 0, np.maximum(whole(count / growth ** (0.5 * back)), 1), 0)
    return jobs, establishments
