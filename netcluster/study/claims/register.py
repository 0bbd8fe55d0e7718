"""The claims in order: what each is called, its columns, what checks it, and what would fill it where it is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from netcluster.economy.accounts import jobs
from netcluster.study.claims import change, economy, firms, institutions, links, people, place
from netcluster.study.claims.evidence import Evidence


@dataclass(frozen=True)
class Check:
    """One way to check a claim: the columns it gives, the work, and whether the whole economy has a figure too."""

    claim: str
    columns: tuple[str, ...]
    work: Callable[[Evidence], dict[str, object]]
    beside: bool = False


@dataclass(frozen=True)
class Need:
    """What would fill an empty column, and how it is given; needs that are given one way share a note."""

    what: str
    how: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.how}" if self.how else self.what


_ACCOUNT = "--satellite FILE of node,account,value,unit"
_FIRMS = "a file of firms id,kind,role,industry,region,size,revenue,costs, and one of links source,target,weight,layer"
_PLACES = "a file region,industry,employment,establishments in the table's industry codes, beside the table"

NEEDS: Mapping[str, Need] = MappingProxyType({
    "table": Need("an input–output table"),
    "regions": Need("jobs by region and industry", _PLACES),
    "plants": Need("establishments", _PLACES),
    "firms": Need("firms", _FIRMS),
    "firm_values": Need("firms with size, revenue and costs", _FIRMS),
    "roles": Need("firms with industry codes, or the role service_provider", _FIRMS),
    "institutions": Need("institutions (role university, research, association, …) with links", _FIRMS),
    "knowledge": Need("links of layer project or patent", _FIRMS),
    "labour": Need("links of layer labour", _FIRMS),
    "sections": Need("industry codes of ISIC, NACE or NAICS"),
    "research": Need("an industry of research (M72) in the table"),
    "imports": Need("a table that splits origin, or one of several regions"),
    "occupations": Need("jobs by occupation", "--occupations FILE of industry,occupation,value"),
    "jobs": Need("an account jobs", _ACCOUNT),
    "value_added": Need("value added in the table"),
    "exports": Need("a category of exports in final demand"),
    "world": Need("a table of several countries or regions"),
    "investment": Need("an account investment", _ACCOUNT),
    "emissions": Need("an account emissions", _ACCOUNT),
    "energy": Need("an account energy", _ACCOUNT),
    "water": Need("an account water", _ACCOUNT),
    "own_research": Need("an account research", _ACCOUNT),
    "pay": Need("an account compensation", _ACCOUNT),
    "women": Need("an account jobs_women", _ACCOUNT),
    "since": Need("an earlier year of the same input", "--since YEAR"),
    "industries": Need("nodes of several industries"),
    "sizes": Need("output or size of the nodes"),
    "disparity": Need("value added and jobs by region, of a table of regions or of firms", _FIRMS),
})  # fmt: skip

CHECKS: tuple[Check, ...] = (
    Check("Geographic concentration", ("main_region", "location_quotient", "strong_regions"), place.main_region),
    Check("Geographic concentration", ("ellison_glaeser",), place.concentration),
    Check("Geographic concentration", ("group_coagglomeration",), place.coagglomeration),
    Check("Specialised suppliers", ("supplier_quotient",), links.suppliers),
    Check("Specialised suppliers", ("local_supply",), place.local_supply),
    Check("Service providers", ("service_input_share",), links.services, beside=True),
    Check("Service providers", ("service_firms",), firms.service_firms),
    Check("Institutions", ("institutions_linked", "covered", "covered_two"), institutions.present, beside=True),
    Check("Shared infrastructure", ("infrastructure_share",), links.infrastructure, beside=True),
    Check("Shared infrastructure", ("infrastructure_local",), links.local_infrastructure, beside=True),
    Check("Shared infrastructure", ("supplier_overlap",), links.overlap, beside=True),
    Check(
        "Labour pooling and skills", ("occupation_similarity", "main_occupation", "occupation_quotient"), people.skills
    ),
    Check("Labour pooling and skills", ("labour_inside",), links.moves),
    Check("Knowledge links and reach", ("knowledge_inside",), links.knowledge),
    Check("Knowledge links and reach", ("institution_distance",), institutions.reach, beside=True),
    Check("Jobs and value added", ("jobs", "value_added"), economy.jobs_and_value, beside=True),
    Check("Productivity", ("value_added_per_job",), economy.productivity, beside=True),
    Check("Competitiveness", ("export_share",), economy.trade, beside=True),
    Check("Competitiveness", ("rca",), economy.advantage),
    Check("Competitiveness", ("regional_shift",), change.shift),
    Check("Investment", ("investment_rate",), economy.investment, beside=True),
    Check("Multipliers", ("output_multiplier",), economy.multipliers, beside=True),
    Check("Growth", ("jobs_growth", "output_growth"), change.growth, beside=True),
    Check("Innovation", ("research_input_share",), links.research, beside=True),
    Check("Innovation", ("research_intensity",), economy.own_research, beside=True),
    Check("Emissions, energy and water", ("emissions_intensity",), economy.emissions, beside=True),
    Check("Emissions, energy and water", ("energy_intensity",), economy.energy, beside=True),
    Check("Emissions, energy and water", ("water_intensity",), economy.water, beside=True),
    Check("Inclusion", ("labour_share", "relative_pay"), people.income, beside=True),
    Check("Inclusion", ("women_share",), people.women, beside=True),
    Check("Dominance of a few firms", ("firms", "cr4", "firm_hhi"), firms.dominant),
    Check("Dependence on one industry", ("largest_industry", "industry_share", "industry_hhi"), firms.one_industry),
    Check("Regional disparity inside", ("regional_disparity",), firms.disparity, beside=True),
)

#: Columns that hold names.
TEXTS = frozenset({"main_region", "main_occupation", "largest_industry"})


def units_of(evidence: Evidence) -> dict[str, str]:
    """Return the unit of each column that is in the unit of the data."""
    io = evidence.io
    if io is None:
        return {}
    people = jobs(io)
    heads = people.unit if people is not None else "jobs"
    per = f" per {io.unit}" if io.unit else " per unit of value added"
    units = {"value_added": io.unit, "jobs": heads, "value_added_per_job": f"{io.unit} per job".strip()}
    for name, pattern in economy.SATELLITES.items():
        key = economy.account_for(io, pattern)
        if key:
            units[f"{name}_intensity"] = (io.accounts[key].unit or key) + per
    return units
