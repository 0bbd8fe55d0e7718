"""What the claims about clusters are checked by: the flows, the table, the jobs by region, the firms behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.clusters.names import section_of
from netcluster.clusters.quality import summed
from netcluster.study.levels import firm_level

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network
    from netcluster.tables.bundle import Bundle
    from netcluster.tables.iotable import IOTable

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


class Missing(Exception):  # noqa: N818 -- no error: the score is left empty, and a note says what would fill it
    """A claim can't be checked with what there is; the argument is a key of `register.NEEDS`."""


@dataclass(frozen=True, eq=False)
class Jobs:
    """Jobs (or another amount) by industry and region, a cell each.

    `label` (m,) is the cell's cluster, 0 for none; `industry` and `region` (m,) are codes; `plants` (m,) counts
    establishments, NaN where unknown; `regions` and `industries` name the codes; `what` says what the amounts are.
    """

    label: Labels
    industry: Labels
    region: Labels
    amount: Array
    plants: Array
    regions: tuple[str, ...]
    industries: tuple[str, ...]
    what: str

    def by_region(self, count: int) -> Array:
        """Return the amounts of clusters 1 … count by region, (count, regions)."""
        wide = summed(self.label * len(self.regions) + self.region, self.amount, (count + 1) * len(self.regions))
        return wide.reshape(count + 1, -1)[1:]

    @cached_property
    def totals(self) -> Array:
        """All amounts by region, (regions,)."""
        return summed(self.region, self.amount, len(self.regions))


@dataclass(frozen=True, eq=False)
class Evidence:
    """A partition, with all that is known of its members.

    `net` is the network the partition is of and `labels` (n,) its clusters, 1 … `count`. `io` is the table where
    nodes are its sectors. `sites` are the firms and institutions with `site_labels`, the cluster of each one's
    industry (or its own, where clusters are of firms), 0 for none. `jobs` are those by region, `before` an earlier year
    of the same input, `occupations` a frame industry, occupation, value.
    """

    net: Network
    labels: Labels
    layer: str = "supply"
    io: IOTable | None = None
    sites: Network | None = None
    site_labels: Labels | None = None
    jobs: Jobs | None = None
    before: Evidence | None = None
    year: int | None = None
    occupations: pd.DataFrame | None = None
    clusters: int = 0

    @cached_property
    def count(self) -> int:
        """The number of clusters: an earlier year has as many as the year they were found in."""
        return self.clusters or int(self.labels.max(initial=0))

    @property
    def since(self) -> int | None:
        """The earlier year, where there is one."""
        return None if self.before is None else self.before.year

    @cached_property
    def flows(self) -> Any:
        """The links, (n, n) CSR."""
        return self.net.layer(self.layer).matrix

    @cached_property
    def sections(self) -> npt.NDArray[np.object_]:
        """The section of each node's industry, (n,), empty where its code tells none."""
        return np.array(section_of(self.net.nodes), dtype=object)

    def sum(self, values: Any) -> Array:
        """Return an amount of the nodes (n,) by cluster, (count,); unknown ones count as 0."""
        return summed(self.labels, np.nan_to_num(np.asarray(values, dtype=np.float64)), self.count + 1)[1:]

    def table(self) -> IOTable:
        """Return the table, or raise `Missing`."""
        if self.io is None:
            raise Missing("table")
        return self.io

    def firms(self) -> tuple[Network, Labels]:
        """Return the firms and institutions with their clusters, or raise `Missing`."""
        if self.sites is None or self.site_labels is None:
            raise Missing("firms")
        return self.sites, self.site_labels

    def places(self) -> Jobs:
        """Return the jobs by region, or raise `Missing`."""
        if self.jobs is None:
            raise Missing("regions")
        return self.jobs

    def whole(self) -> Evidence:
        """Return the same with all nodes in one cluster: the economy that a cluster's figure stands beside."""
        one = np.minimum(self.labels, 1)
        jobs = None if self.jobs is None else replace(self.jobs, label=np.minimum(self.jobs.label, 1))
        sites = None if self.site_labels is None else np.minimum(self.site_labels, 1)
        before = None if self.before is None else self.before.whole()
        return replace(self, labels=one, jobs=jobs, site_labels=sites, before=before, clusters=1)


def gather(
    bundle: Bundle,
    net: Network,
    labels: Labels,
    *,
    layer: str = "supply",
    full: Network | None = None,
    before: Bundle | None = None,
    occupations: pd.DataFrame | None = None,
) -> Evidence:
    """Return what a bundle knows of the clusters of `net`.

    Parameters
    ----------
    bundle : Bundle
        Where `net` comes from.
    net, labels, layer
        The network searched, the cluster of each node, and the layer.
    full : Network, optional
        The network with firms and institutions too, where `net` holds the industries only.
    before : Bundle, optional
        The same input of an earlier year, for growth.
    occupations : pandas.DataFrame, optional
        industry, occupation, value.
    """
    industries = bool((net.nodes["kind"] == "industry").any())
    io = bundle.table_or_none() if industries else None
    io = io if io is not None and io.ids == net.ids else None
    sites, site_labels = _sites(net if full is None else full, net, labels)
    jobs = _jobs(bundle, net, labels, io, sites, site_labels)
    early = None if before is None else _early(before, net, labels)
    return Evidence(net, labels, layer, io, sites, site_labels, jobs, early, _year(bundle), occupations)


def _sites(full: Network, net: Network, labels: Labels) -> tuple[Network | None, Labels | None]:
    """Return the firms and institutions, and the cluster of each: its own, or that of its industry's node."""
    firms = firm_level(full)
    if not firms.nodes["kind"].isin(["firm", "institution"]).any():
        return None, None
    cluster = dict(zip(net.ids, labels.tolist(), strict=True))
    direct = firms.nodes["id"].map(cluster)
    if direct.isna().all() and "industry_node" in firms.nodes:
        direct = firms.nodes["industry_node"].map(cluster)
    return firms, direct.fillna(0).to_numpy(dtype=np.int64)


def _jobs(
    bundle: Bundle, net: Network, labels: Labels, io: IOTable | None, sites: Network | None, site_labels: Labels | None
) -> Jobs | None:
    """Return amounts by region: jobs where they are given, else the firms' sizes, else output of a table of regions."""
    table = bundle.employment
    nodes = net.nodes
    if table is not None and table.frame["region"].nunique() > 1:
        frame = table.frame
        cells = _cells(frame["industry"], frame["region"], frame["employment"], frame["establishments"], "jobs")
        label = _matched(net, labels, frame["industry"].astype(str), frame["region"].astype(str))
        if label is not None:
            return replace(cells, label=label)
    if sites is not None and site_labels is not None and sites.nodes["region"].nunique() > 1:
        kept = ((sites.nodes["kind"] == "firm") & (sites.nodes["size"] > 0) & (sites.nodes["region"] != "")).to_numpy()
        rows = sites.nodes[kept]
        if len(rows):
            cells = _cells(rows["industry"], rows["region"], rows["size"], np.ones(len(rows)), "firms' sizes")
            return replace(cells, label=site_labels[kept])
    if nodes["region"].nunique() > 1 and (nodes["size"] > 0).any() and io is not None:
        cells = _cells(nodes["industry"], nodes["region"], nodes["size"], np.full(len(nodes), np.nan), "output")
        return replace(cells, label=labels)
    return None


def _cells(industry: Any, region: Any, amount: Any, plants: Any, what: str) -> Jobs:
    import pandas as pd

    codes, names = pd.factorize(region.astype(str), sort=True)
    kinds, industries = pd.factorize(industry.astype(str), sort=True)
    return Jobs(
        np.zeros(len(region), dtype=np.int64),
        kinds.astype(np.int64),
        codes.astype(np.int64),
        np.nan_to_num(np.asarray(amount, dtype=np.float64)),
        np.asarray(plants, dtype=np.float64),
        tuple(map(str, names)),
        tuple(map(str, industries)),
        what,
    )


def _matched(net: Network, labels: Labels, industry: Any, region: Any) -> Labels | None:
    """Return the cluster of each industry and region by the nodes' codes; None where most jobs match no node."""
    nodes = net.nodes
    cluster = dict(zip(net.ids, labels.tolist(), strict=True))
    if nodes["region"].nunique() > 1:
        found = (region + ":" + industry).map(cluster)
    else:
        codes = nodes["industry"].astype(str)
        by_code = dict(zip(codes, labels.tolist(), strict=True)) if codes.is_unique else {}
        found = industry.map(cluster).fillna(industry.map(by_code)) if len(industry) else industry.map(cluster)
    return found.fillna(0).to_numpy(dtype=np.int64) if found.notna().mean() > 0.5 else None


def _early(before: Bundle, net: Network, labels: Labels) -> Evidence | None:
    """Return the earlier year with the same clusters, nodes matched by their ids; None where none of them was there."""
    from netcluster.network.build import build
    from netcluster.study.levels import table_level

    full = build(before)
    early = table_level(full) if (net.nodes["kind"] == "industry").any() else firm_level(full)
    cluster = dict(zip(net.ids, labels.tolist(), strict=True))
    codes = early.nodes["id"].map(cluster).fillna(0).to_numpy(dtype=np.int64)
    if not codes.any():
        return None
    return replace(gather(before, early, codes, full=full), clusters=int(labels.max()))


def _year(bundle: Bundle) -> int | None:
    years = (getattr(getattr(bundle, part), "year", None) for part in bundle.parts)
    return next((year for year in years if isinstance(year, int)), None)
