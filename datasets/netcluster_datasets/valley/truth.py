"""The planted truth, in numbers taken from what was made: what an analysis should find, and find first."""

from __future__ import annotations

from typing import Any

import numpy as np

from netcluster_datasets.valley.accounts import YEARS
from netcluster_datasets.valley.draws import Ints
from netcluster_datasets.valley.industries import (
    CLUSTERS,
    DOMINATED_INDUSTRY,
    INDUSTRIES,
    POSITION,
    SINGLE_SUPPLIER_INPUT,
)
from netcluster_datasets.valley.regions import ITS_INDUSTRY, LEFT_BEHIND_REGION, ONE_INDUSTRY_REGION, REGIONS, VALLEY
from netcluster_datasets.valley.supply import Links
from netcluster_datasets.valley.units import Units

_REGION = {region.code: i for i, region in enumerate(REGIONS)}


def planted_truth(
    units: Units, supply: Links, projects: Links, membership: Links, jobs: dict[int, Ints]
) -> dict[str, Any]:
    """Return the planted facts, by what they are about."""
    return {
        "clusters": {name: [each.code for each in INDUSTRIES if each.cluster == name] for name in CLUSTERS},
        "technology_valley": _technology_valley(units, supply, projects, membership),
        "one_industry_region": _one_industry_region(jobs[YEARS[-1]]),
        "dominated_industry": _dominated_industry(units),
        "region_left_behind": _region_left_behind(units, jobs),
        "single_supplier_input": _single_supplier(units, supply),
        "totals": {
            "firms": int((~units.institution).sum()),
            "institutions": int(units.institution.sum()),
            "jobs": int(units.size.sum()),
            "output": int(units.revenue.sum()),
            "supply_links": len(supply.source),
            "supply": int(supply.weight.sum()),
        },
    }


def _technology_valley(units: Units, supply: Links, projects: Links, membership: Links) -> dict[str, Any]:
    technology = np.array([INDUSTRIES[i].cluster == "technology" for i in units.industry])
    here = units.region == _REGION[VALLEY]
    firms = technology & here & ~units.institution
    role = np.array(units.role)
    academic = np.flatnonzero((role == "university") | (role == "research"))
    partners = np.bincount(projects.source, projects.weight, len(units)) + np.bincount(
        projects.target, projects.weight, len(units)
    )
    members = np.bincount(membership.target, minlength=len(units))
    heart = academic[np.argsort(-partners[academic], kind="stable")][:4]
    inside = np.count_nonzero(firms[supply.source] & firms[supply.target])
    return {
        "region": VALLEY,
        "firms": int(firms.sum()),
        "share_of_technology_jobs": _rounded(units.size[technology & here].sum() / units.size[technology].sum()),
        "density": _rounded(inside / (firms.sum() * (firms.sum() - 1))),
        "density_of_country": _rounded(len(supply.source) / (len(units) * (len(units) - 1))),
        "heart": [units.id[i] for i in heart],
        "association": units.id[int(np.argmax(members))],
    }


def _one_industry_region(jobs: Ints) -> dict[str, Any]:
    shares = jobs / jobs.sum(axis=1, keepdims=True)
    hhi = (shares**2).sum(axis=1)
    region = _REGION[ONE_INDUSTRY_REGION]
    return {
        "region": ONE_INDUSTRY_REGION,
        "industry": ITS_INDUSTRY,
        "share_of_jobs": _rounded(shares[region, POSITION[ITS_INDUSTRY]]),
        "hhi": _rounded(hhi[region]),
        "next_hhi": _rounded(np.sort(hhi)[-2]),
    }


def _dominated_industry(units: Units) -> dict[str, Any]:
    members = np.flatnonzero(units.industry == POSITION[DOMINATED_INDUSTRY])
    shares = units.revenue[members] / units.revenue[members].sum()
    return {
        "industry": DOMINATED_INDUSTRY,
        "firm": units.id[members[int(np.argmax(shares))]],
        "firms": len(members),
        "cr1": _rounded(shares.max()),
        "hhi": _rounded((shares**2).sum()),
    }


def _region_left_behind(units: Units, jobs: dict[int, Ints]) -> dict[str, Any]:
    here = units.region == _REGION[LEFT_BEHIND_REGION]
    added = units.revenue - units.costs
    first, last = jobs[YEARS[0]].sum(axis=1), jobs[YEARS[-1]].sum(axis=1)
    return {
        "region": LEFT_BEHIND_REGION,
        "value_added_per_job": _rounded(added[here].sum() / units.size[here].sum()),
        "value_added_per_job_of_country": _rounded(added.sum() / units.size.sum()),
        "change_of_jobs": _rounded(last[_REGION[LEFT_BEHIND_REGION]] / first[_REGION[LEFT_BEHIND_REGION]] - 1),
        "change_of_jobs_of_country": _rounded(last.sum() / first.sum() - 1),
    }


def _single_supplier(units: Units, supply: Links) -> dict[str, Any]:
    firm = int(np.flatnonzero(units.industry == POSITION[SINGLE_SUPPLIER_INPUT])[0])
    sold = supply.source == firm
    buyers, values = supply.target[sold], supply.weight[sold]
    first = np.argsort(-values, kind="stable")[:10]
    return {
        "input": SINGLE_SUPPLIER_INPUT,
        "supplier": units.id[firm],
        "buyers": int(sold.sum()),
        "sales_to_buyers": int(values.sum()),
        "output_of_buyers": _rounded(units.revenue[buyers].sum() / units.revenue.sum()),
        "largest_buyers": [units.id[i] for i in buyers[first]],
    }


def _rounded(value: float) -> float:
    return round(float(value), 6)
