"""What a cluster makes of it: jobs, value added, productivity, exports, investment, multipliers, and what it emits."""

from __future__ import annotations

import re

import numpy as np

from netcluster.economy.accounts import exports, jobs
from netcluster.economy.model import Model
from netcluster.places.quotient import ratio
from netcluster.study.claims.evidence import Array, Evidence, Missing
from netcluster.tables.iotable import IOTable

Columns = dict[str, object]
_INVESTMENT = re.compile(r"gfcf|invest|capital[ _]formation", re.IGNORECASE)
#: The satellite accounts that are set beside value added, by what their publishers call them.
SATELLITES = {
    "emissions": re.compile(r"emission|co2|ghg|greenhouse", re.IGNORECASE),
    "energy": re.compile(r"energy", re.IGNORECASE),
    "water": re.compile(r"water", re.IGNORECASE),
    "research": re.compile(r"^r\s*[&n+]\s*d|^berd|research|^rd_", re.IGNORECASE),
}


def jobs_and_value(evidence: Evidence) -> Columns:
    """Return jobs and value added; of firms, their sizes where these are jobs, and revenue less costs."""
    heads, added = _heads(evidence), _added(evidence)
    if heads is None and added is None:
        raise Missing("jobs" if evidence.io is not None else "firm_values")
    empty = np.full(evidence.count, np.nan)
    return {"jobs": empty if heads is None else heads, "value_added": empty if added is None else added}


def productivity(evidence: Evidence) -> Columns:
    """Return value added per job."""
    heads, added = _heads(evidence), _added(evidence)
    if heads is None:
        raise Missing("jobs" if evidence.io is not None else "firm_values")
    if added is None:
        raise Missing("value_added" if evidence.io is not None else "firm_values")
    return {"value_added_per_job": ratio(added, heads)}


def trade(evidence: Evidence) -> Columns:
    """Return the share of output that is exported."""
    sold = exports(evidence.table())
    if not sold.sum() > 0:
        raise Missing("exports")
    return {"export_share": ratio(evidence.sum(sold), evidence.sum(evidence.table().x))}


def advantage(evidence: Evidence) -> Columns:
    """Return the members' revealed comparative advantage among the regions of the table.

    Their exports over those they would have if each region exported the sectors in the proportions of all regions.
    """
    io = evidence.table()
    if len(io.regions) < 2:
        raise Missing("world")
    sold = np.maximum(exports(io), 0.0)
    if not sold.sum() > 0:
        raise Missing("exports")
    region = {name: at for at, name in enumerate(io.regions)}
    kinds = {name: at for at, name in enumerate(dict.fromkeys(io.sectors["sector"]))}
    row, column = io.sectors["sector"].map(kinds).to_numpy(), io.sectors["region"].map(region).to_numpy()
    wide = np.zeros((len(kinds), len(region)))
    np.add.at(wide, (row, column), sold)
    expected = wide.sum(axis=1)[row] * wide.sum(axis=0)[column] / wide.sum()
    return {"rca": ratio(evidence.sum(sold), evidence.sum(expected))}


def investment(evidence: Evidence) -> Columns:
    """Return investment by the industry that invests over value added."""
    return {"investment_rate": _per_value(evidence, _INVESTMENT, "investment")}


def multipliers(evidence: Evidence) -> Columns:
    """Return the mean output multiplier of the members, weighted by output."""
    io = evidence.table()
    model = Model(io)
    values = np.where(model.active, model.output_multipliers, 0.0)
    weight = np.where(model.active, io.x, 0.0)
    return {"output_multiplier": ratio(evidence.sum(values * weight), evidence.sum(weight))}


def emissions(evidence: Evidence) -> Columns:
    """Return emissions per value added."""
    return {"emissions_intensity": _per_value(evidence, SATELLITES["emissions"], "emissions")}


def energy(evidence: Evidence) -> Columns:
    """Return energy used per value added."""
    return {"energy_intensity": _per_value(evidence, SATELLITES["energy"], "energy")}


def water(evidence: Evidence) -> Columns:
    """Return water used per value added."""
    return {"water_intensity": _per_value(evidence, SATELLITES["water"], "water")}


def own_research(evidence: Evidence) -> Columns:
    """Return the members' own spending on research over value added."""
    return {"research_intensity": _per_value(evidence, SATELLITES["research"], "own_research")}


def account_for(io: IOTable, pattern: re.Pattern[str]) -> str:
    """Return the first account whose name fits, empty where none does."""
    return next((key for key in io.accounts if pattern.search(key)), "")


def _per_value(evidence: Evidence, pattern: re.Pattern[str], missing: str) -> Array:
    io = evidence.table()
    key = account_for(io, pattern)
    if not key or not io.value_added.any():
        raise Missing(missing)
    return ratio(evidence.sum(io.accounts[key].values), evidence.sum(io.value_added))


def _heads(evidence: Evidence) -> Array | None:
    people = None if evidence.io is None else jobs(evidence.io)
    if people is not None:
        return evidence.sum(people.values)
    if evidence.jobs is not None and evidence.jobs.what == "jobs" and evidence.io is not None:
        return np.asarray(evidence.jobs.by_region(evidence.count).sum(axis=1))
    nodes = evidence.net.nodes
    # Where turnover stands beside it, a firm's size is its jobs.
    if (
        evidence.io is None
        and "revenue" in nodes
        and (nodes["revenue"].notna() & (nodes["revenue"] != nodes["size"])).any()
    ):
        return evidence.sum(nodes["size"].to_numpy(dtype=np.float64))
    return None


def _added(evidence: Evidence) -> Array | None:
    if evidence.io is not None:
        return evidence.sum(evidence.io.value_added)
    nodes = evidence.net.nodes
    if {"revenue", "costs"} <= set(nodes.columns) and (nodes["revenue"] - nodes["costs"]).notna().any():
        return evidence.sum((nodes["revenue"] - nodes["costs"]).to_numpy(dtype=np.float64))
    return None
