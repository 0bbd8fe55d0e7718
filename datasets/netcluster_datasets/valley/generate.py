"""Write the demo economy "valley": the same bytes for the same seed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from netcluster_datasets.valley.accounts import DEMAND, YEARS, Account, make_accounts, make_employment
from netcluster_datasets.valley.draws import Ints
from netcluster_datasets.valley.industries import INDUSTRIES
from netcluster_datasets.valley.regions import REGIONS
from netcluster_datasets.valley.relations import make_finance, make_labour, make_membership, make_projects
from netcluster_datasets.valley.supply import Links, make_supply
from netcluster_datasets.valley.truth import planted_truth
from netcluster_datasets.valley.units import Units, make_units

#: The seed of the files that ship.
SEED = 1995

#: The unit of all amounts of money.
MONEY = "thousand EUR"

Rows = Iterable[Sequence[object]]


def generate(seed: int = SEED) -> dict[str, str]:
    """Return the files of the demo economy, name to text.

    io_YEAR.csv (thousand EUR), employment.csv (persons), satellites.csv (of the last year; those of earlier
    years beside it), regions.csv, firms.csv, links.csv (both of the last year) and truth.json.
    """
    units, supply = _reconciled(make_units(seed), seed)
    jobs, establishments = make_employment(units, seed)
    membership, projects = make_membership(units, seed), make_projects(units, seed)
    layers = {
        "supply": supply,
        "membership": membership,
        "project": projects,
        "labour": make_labour(units, seed),
        "finance": make_finance(units, seed),
    }
    files = {
        "regions.csv": _text(_region_rows(units)),
        "firms.csv": _text(_firm_rows(units)),
        "links.csv": _text(_link_rows(units, layers)),
        "employment.csv": _text(_employment_rows(jobs, establishments)),
    }
    for account in make_accounts(units, supply, jobs, seed):
        files[f"io_{account.year}.csv"] = _text(_io_rows(account))
        ending = "" if account.year == YEARS[-1] else f"_{account.year}"
        files[f"satellites{ending}.csv"] = _text(_satellite_rows(account))
    truth = planted_truth(units, supply, projects, membership, jobs)
    files["truth.json"] = json.dumps(truth, indent=2, ensure_ascii=False) + "\n"
    return files


def write(folder: Path, seed: int = SEED) -> list[Path]:
    """Write the files into a folder, made if need be, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in generate(seed).items():
        (folder / name).write_bytes(text.encode("utf-8"))
        paths.append(folder / name)
    return paths


def _reconciled(units: Units, seed: int) -> tuple[Units, Links]:
    """Return units and supply with no sales above revenue and no purchases above costs, after rounding."""
    supply = make_supply(units, seed)
    sold, bought = supply.sums(len(units))
    if (sold > units.revenue).any() or (bought > units.costs).any():
        raise ValueError("a unit sells more than its revenue or buys more than its costs")
    return units, supply


def _text(rows: Rows) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _region_rows(units: Units) -> Rows:
    yield "region", "name", "population", "jobs", "value_added", "lat", "lon"
    for r, each in enumerate(REGIONS):
        here = units.region == r
        jobs, value_added = units.size[here].sum(), (units.revenue - units.costs)[here].sum()
        yield each.code, each.name, each.population, jobs, value_added, f"{each.lat:.2f}", f"{each.lon:.2f}"


def _firm_rows(units: Units) -> Rows:
    yield "id", "label", "kind", "role", "industry", "region", "size", "revenue", "costs", "lat", "lon"
    kinds = ["institution" if each else "firm" for each in units.institution]
    for i, key in enumerate(units.id):
        yield (
            *(key, units.label[i], kinds[i], units.role[i]),
            *(INDUSTRIES[units.industry[i]].code, REGIONS[units.region[i]].code),
            *(units.size[i], units.revenue[i], units.costs[i], f"{units.lat[i]:.4f}", f"{units.lon[i]:.4f}"),
        )


def _link_rows(units: Units, layers: dict[str, Links]) -> Rows:
    yield "source", "target", "weight", "layer"
    for layer, links in layers.items():
        for source, target, weight in zip(links.source, links.target, links.weight, strict=True):
            yield units.id[source], units.id[target], weight, layer


def _employment_rows(jobs: dict[int, Ints], establishments: dict[int, Ints]) -> Rows:
    yield "region", "industry", "year", "employment", "establishments"
    for year in YEARS:
        for r, region in enumerate(REGIONS):
            for i, industry in enumerate(INDUSTRIES):
                if jobs[year][r, i]:
                    yield region.code, industry.code, year, jobs[year][r, i], establishments[year][r, i]


def _satellite_rows(account: Account) -> Rows:
    yield "node", "account", "value", "unit"
    for name, values, unit in (
        ("jobs", account.jobs, "persons"),
        ("emissions", account.emissions, "t CO2"),
        ("energy", account.energy, "TJ"),
    ):
        for industry, value in zip(INDUSTRIES, values, strict=True):
            yield industry.code, name, value, unit


def _io_rows(account: Account) -> Rows:
    codes = [each.code for each in INDUSTRIES]
    yield "code", "name", "unit", *codes, "TOTAL", *(code for code, _ in DEMAND), "TFU", "TU"
    for industry, flows, final in zip(INDUSTRIES, account.Z, account.Y, strict=True):
        yield _use_row(industry.code, industry.name, flows, final)
    domestic, final = account.Z.sum(axis=0), account.Y.sum(axis=0)
    yield _use_row("TOTAL", "Total of domestic products", domestic, final)
    yield _use_row("P7", "Imports of goods and services", account.imports, account.final_imports)
    yield _use_row("D21X31", "Taxes less subsidies on products", account.taxes, account.final_taxes)
    final = final + account.final_imports + account.final_taxes
    yield _use_row("P2", "Total at purchasers' prices", account.intermediate, final)
    for code, name, values in (
        ("D1", "Compensation of employees", account.wages),
        ("D29X39", "Other taxes less subsidies on production", account.other_taxes),
        ("B2A3G", "Operating surplus and mixed income, gross", account.surplus),
        ("B1G", "Value added, gross", account.value_added),
        ("P1", "Output at basic prices", account.x),
        ("EMP", "Employment", account.jobs),
    ):
        unit = "persons" if code == "EMP" else MONEY
        yield code, name, unit, *values, values.sum(), *[""] * (len(DEMAND) + 2)


def _use_row(code: str, name: str, flows: Ints, final: Ints) -> Sequence[object]:
    return code, name, MONEY, *flows, flows.sum(), *final, final.sum(), flows.sum() + final.sum()
