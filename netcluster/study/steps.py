"""The steps of a study: what each needs, what it calls, and the tables it leaves.

A step raises `NetclusterError` where its input is missing; the sentence becomes the reason it was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import Finding, rank
from netcluster.core.result import Result
from netcluster.study.folder import Section
from netcluster.study.levels import firm_level, table_level

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.clusters.effort import Level
    from netcluster.clusters.partition import Partition
    from netcluster.network.network import Network
    from netcluster.tables.bundle import Bundle
    from netcluster.tables.employment import EmploymentTable
    from netcluster.tables.iotable import IOTable

#: Firms up to which a study lets each fail in turn; of more, the largest ones only.
MOST_FAILURES, LARGEST_FAILURES = 20_000, 1_000


@dataclass
class Context:
    """What the steps share: the input, its network, the settings, an earlier year, and the partition once found."""

    bundle: Bundle
    network: Network | None
    seed: int = 0
    effort: Level = "standard"
    before: Bundle | None = None
    found: dict[str, Partition] = field(default_factory=dict)
    sure: frozenset[int] = frozenset()

    def supply(self) -> Network:
        """Return the network of the table (or of the firms alone), or raise where there is no supply link."""
        return _with_supply(None if self.network is None else table_level(self.network))

    def firms(self) -> Network:
        """Return the network of the firms, or raise where there are none."""
        network = None if self.network is None else firm_level(self.network)
        if network is None or not network.nodes["kind"].eq("firm").any():
            raise NetclusterError("There are no firms in the input.")
        return _with_supply(network)

    @property
    def clusters(self) -> dict[str, str] | None:
        """Each node's cluster by name, where clusters were found that can be relied on."""
        if self.partition is None or not self.partition.summary.get("significant"):
            return None
        frame = self.partition.frame
        return dict(zip(frame["node"], frame["cluster"].astype(str) + ", " + frame["cluster_name"], strict=True))

    @property
    def partition(self) -> Partition | None:
        """The clusters, where they have been found."""
        return self.found.get("supply")


def _with_supply(network: Network | None) -> Network:
    if network is None or "supply" not in network.layers:
        raise NetclusterError("There are no links between suppliers and buyers in the input.")
    if network.layers["supply"].links == 0:
        raise NetclusterError("The network has no supply link.")
    return network


@dataclass(frozen=True)
class Step:
    """One step: its name in the list of what was left out, and what it does."""

    name: str
    run: Callable[[Context], list[Section]]


def _sectors(context: Context) -> list[Section]:
    from netcluster.economy import sectors

    result = sectors(context.bundle.table())
    return [Section("sectors.csv", "Sectors: multipliers, linkages, key sectors", result)]


def _validation(context: Context) -> list[Section]:
    """Return the report of a reconstructed network; of an observed one nothing, and nothing is missing."""
    network = context.network
    if network is None or network.validation is None:
        return []
    measures = ("target_low", "target_high", "reached")
    result = Result(network.validation, measures, {}, (), ())
    return [Section("validation.csv", "Validation: what the reconstructed network was held to", result)]


def _centrality(context: Context) -> list[Section]:
    from netcluster.centrality import node_centrality

    result = node_centrality(context.supply(), seed=context.seed)
    return [Section("centrality.csv", "Centrality: who stands in the middle", result)]


def _clusters(context: Context) -> list[Section]:
    from netcluster.clusters import detect
    from netcluster.study.scorecard import scorecard

    network = context.supply()
    partition = detect(network, seed=context.seed, effort=context.effort)
    context.found["supply"] = partition
    card = scorecard(context.bundle, network, partition, full=context.network, before=context.before)
    if "significant" in card.frame:
        context.sure = frozenset(card.frame.loc[card.frame["significant"].eq(True), "cluster"].tolist())
    sections = [
        Section("clusters.csv", "Clusters and their members", partition),
        Section("cluster_scorecard.csv", "Clusters, one row each", card),
    ]
    if len(card.claims.frame):
        sections.append(Section("cluster_claims.csv", "What is claimed of clusters, and what holds", card.claims))
    return sections


def _dependence(context: Context) -> list[Section]:
    from netcluster.risk import dependence

    source = context.bundle.io if context.bundle.io is not None else context.supply()
    return [Section("dependence.csv", "Dependence on single industries", dependence(source, on="industry"))]


def _region_dependence(context: Context) -> list[Section]:
    from netcluster.risk import dependence

    bundle = context.bundle
    if bundle.employment is not None:
        result = dependence(bundle.employment, of="region", on="industry")
    elif bundle.io is not None and len(bundle.io.regions) > 1:
        result = dependence(bundle.io, of="region", on="industry")
    elif context.network is not None and context.network.nodes["region"].nunique() > 1:
        result = dependence(context.supply(), of="region", on="industry")
    else:
        raise NetclusterError("There is one region only.")
    return [Section("region_dependence.csv", "What regions live on", result)]


def _cluster_dependence(context: Context) -> list[Section]:
    from netcluster.risk import dependence

    if context.partition is None:
        raise NetclusterError("No clusters were found.")
    if not context.partition.summary.get("significant"):
        raise NetclusterError("The clusters are not significant, so what they live on says nothing.")
    io, network = context.bundle.io, context.supply()
    # A network of firms may stand beside the table it is made from.
    source = io if io is not None and io.n == network.n else network
    named = context.partition.frame["cluster"].astype(str) + ", " + context.partition.frame["cluster_name"]
    result = dependence(source, of="cluster", on="industry", groups=named.to_numpy(dtype=object))
    kept = _once_a_sure_cluster(result.findings, context.sure)
    return [Section("cluster_dependence.csv", "What clusters live on", replace(result, findings=kept))]


def _once_a_sure_cluster(findings: Sequence[Finding], sure: frozenset[int]) -> tuple[Finding, ...]:
    """Return the worst finding of each cluster that is significant: its output, jobs and value added tell one story."""
    worst: dict[str, Finding] = {}
    for finding in rank(findings):
        number = finding.subject.partition(",")[0]
        if number.isdigit() and int(number) in sure:
            worst.setdefault(finding.subject, finding)
    return tuple(worst.values())


def _dominance(context: Context) -> list[Section]:
    from netcluster.risk import dominance

    source = context.bundle.firms or context.firms()
    return [Section("dominance.csv", "Industries in the hands of few", dominance(source, by="industry"))]


def _suppliers(context: Context) -> list[Section]:
    from netcluster.risk import suppliers

    return [Section("suppliers.csv", "Inputs with few suppliers", suppliers(context.firms()))]


def _institutions(context: Context) -> list[Section]:
    from netcluster.study.institutions import institution_sections

    return institution_sections(context.network, context.clusters)


def _brokers(context: Context) -> list[Section]:
    from netcluster.study.institutions import broker_sections

    return broker_sections(context.firms(), context.clusters)


def _failures(context: Context) -> list[Section]:
    from netcluster.risk import cascade

    network = context.firms()
    largest = None
    if network.n > MOST_FAILURES:
        order = network.nodes.sort_values("size", ascending=False, kind="stable")
        largest = order.loc[order["kind"].eq("firm"), "id"].head(LARGEST_FAILURES).tolist()
    result = cascade(network, firms=largest, seed=context.seed)
    title = "What fails when a firm fails" + (f": the {len(largest):,} largest" if largest else "")
    return [Section("cascade.csv", title, result)]


def _disparity(context: Context) -> list[Section]:
    from netcluster.risk import disparity, levels

    bundle = context.bundle
    source: IOTable | EmploymentTable | pd.DataFrame
    by = value = weight = ""
    if bundle.io is not None and len(bundle.io.regions) > 1:
        source = bundle.io
    elif (regions := _value_added_of_regions(bundle)) is not None:
        source, by, value, weight = regions, "region", "value_added", "jobs"
    elif bundle.employment is not None:
        source = bundle.employment
    else:
        raise NetclusterError("There is no amount by region.")
    result = disparity(source, by=by, value=value, weight=weight)
    sections = [Section("disparity.csv", "Disparity between regions", result)]
    if result.parameters["weight"]:
        per_head = levels(source, by=by, value=value, weight=weight)
        sections.append(Section("region_levels.csv", "What regions have per head", per_head))
    return sections


def _value_added_of_regions(bundle: Bundle) -> pd.DataFrame | None:
    """Return region, value_added (revenue less costs) and jobs, where the firms' sizes add up to employment."""
    if bundle.firms is None or bundle.employment is None:
        return None
    firms = bundle.firms.frame[["region", "size", "revenue", "costs"]].dropna()
    firms = firms.assign(value_added=firms["revenue"] - firms["costs"])
    sums = firms.groupby("region", sort=True)[["value_added", "size"]].sum()
    jobs = bundle.employment.frame.groupby("region", sort=True)["employment"].sum()
    whole = sums.index.equals(jobs.index) and ((sums["size"] - jobs).abs() <= 0.01 * jobs).all()
    return sums.rename(columns={"size": "jobs"}).reset_index() if whole else None


def _trade(context: Context) -> list[Section]:
    from netcluster.risk import trade

    table = context.bundle.trade
    if table is None:
        raise NetclusterError("There is no trade table in the input.")
    result = trade(table, years=[max(table.years)] if table.years else None)
    return [Section("trade.csv", "Products that come from few sources", result)]


def _regions(context: Context) -> list[Section]:
    from netcluster.places import quotients

    table = context.bundle.employment
    if table is None:
        raise NetclusterError("There are no jobs by region and industry in the input.")
    if table.frame["region"].nunique() < 2:
        raise NetclusterError("There are jobs of one region only, so there is nothing to compare them with.")
    return [Section("regions.csv", "Regions: what is concentrated where", quotients(table))]


def _complexity(context: Context) -> list[Section]:
    from netcluster.places import complexity

    table = context.bundle.trade
    if table is None or "product" not in table.columns:
        raise NetclusterError("There is no trade by product in the input.")
    result = complexity(table, nearest=20)
    return [Section("complexity.csv", "Complexity: what exporters are good at and near to", result)]


STEPS = (
    Step("Validation", _validation),
    Step("Sectors", _sectors),
    Step("Clusters", _clusters),
    Step("Centrality", _centrality),
    Step("Dependence", _dependence),
    Step("Dependence of regions", _region_dependence),
    Step("Dependence of clusters", _cluster_dependence),
    Step("Dominance", _dominance),
    Step("Suppliers", _suppliers),
    Step("Failures", _failures),
    Step("Institutions", _institutions),
    Step("Brokers", _brokers),
    Step("Disparity", _disparity),
    Step("Trade dependence", _trade),
    Step("Regions", _regions),
    Step("Complexity", _complexity),
)
