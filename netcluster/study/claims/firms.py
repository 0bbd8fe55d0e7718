"""How a cluster's weight is spread: over firms, over industries, over regions; and which institutions are near."""

from __future__ import annotations

import numpy as np
import pandas as pd

from netcluster.clusters.quality import summed
from netcluster.clusters.sections import sections
from netcluster.core.errors import NetclusterError
from netcluster.core.indices import hhi
from netcluster.economy.accounts import jobs
from netcluster.places.quotient import ratio
from netcluster.risk.disparity import theil_t
from netcluster.risk.dominance import dominance
from netcluster.study.claims.evidence import Array, Evidence, Labels, Missing
from netcluster.study.claims.links import SERVICES

Columns = dict[str, object]


def dominant(evidence: Evidence) -> Columns:
    """Return how many firms each cluster has, and how far a few of them make it up."""
    sites, labels = evidence.firms()
    sized = (sites.nodes["kind"].eq("firm") & (sites.nodes["size"] > 0)).to_numpy() & (labels > 0)
    alone = sized & (np.bincount(labels)[labels] == 1)
    # Of a firm that stands alone there is nothing to work out, and a network of firms may have very many.
    keys = np.array([str(label) if label else "" for label in np.where(alone, 0, labels)], dtype=object)
    columns = {name: np.full(evidence.count, np.nan) for name in ("firms", "cr4", "firm_hhi")}
    if (keys != "").any():
        try:
            found = dominance(sites, groups=keys).frame.set_index("group")
        except NetclusterError:
            raise Missing("firms") from None
        rows = found.reindex([str(cluster) for cluster in range(1, evidence.count + 1)])
        columns = dict(zip(columns, rows[["firms", "cr4", "hhi"]].to_numpy(dtype=np.float64).T, strict=True))
    for values in columns.values():
        values[labels[alone] - 1] = 1.0
    return dict(columns)


def service_firms(evidence: Evidence) -> Columns:
    """Return the share of the firms in each cluster's main region that provide services to business."""
    sites, _ = evidence.firms()
    nodes = sites.nodes
    here = evidence.places().by_region(evidence.count)
    kinds = np.array(sections(nodes["industry"].fillna("").astype(str).tolist()), dtype=object)
    known = bool((kinds != "").any())
    serves = np.isin(kinds, list(SERVICES)) if known else nodes["role"].eq("service_provider").to_numpy()
    if not serves.any():
        raise Missing("roles")
    regions = evidence.places().regions
    firm = nodes["kind"].eq("firm").to_numpy()
    count = nodes.assign(serves=serves)[firm].groupby("region")["serves"].mean().reindex(list(regions)).to_numpy()
    some = here.sum(axis=1) > 0
    return {"service_firms": np.where(some, count[here.argmax(axis=1)], np.nan)}


def one_industry(evidence: Evidence) -> Columns:
    """Return the largest industry of each cluster, its share of the cluster's output, and the HHI over industries."""
    nodes = evidence.net.nodes
    codes = nodes["industry"].fillna("").astype(str)
    if codes.nunique() < 2:
        raise Missing("industries")
    kinds, names = pd.factorize(codes, sort=True)
    size = np.maximum(np.nan_to_num(nodes["size"].to_numpy(dtype=np.float64)), 0.0)
    if not size.sum() > 0:
        raise Missing("sizes")
    wide = summed(evidence.labels * len(names) + kinds, size, (evidence.count + 1) * len(names))
    wide = wide.reshape(evidence.count + 1, -1)[1:]
    total = wide.sum(axis=1)
    titles = dict(zip(codes, nodes["label"].astype(str), strict=True)) if (nodes["kind"] == "industry").all() else {}
    largest = [titles.get(str(names[at]), str(names[at])) for at in wide.argmax(axis=1)]
    return {
        "largest_industry": [name if some else "" for name, some in zip(largest, total > 0, strict=True)],
        "industry_share": ratio(wide.max(axis=1), total),
        "industry_hhi": hhi(wide),
    }


def disparity(evidence: Evidence) -> Columns:
    """Return how unequal value added per job is between the regions of each cluster: Theil's T, jobs as weights."""
    region, added, heads, labels = _by_node(evidence)
    codes, names = pd.factorize(region, sort=True)
    if len(names) < 2:
        raise Missing("disparity")
    width, count = len(names), evidence.count
    sums = [
        summed(labels * width + codes, values, (count + 1) * width).reshape(count + 1, -1)[1:]
        for values in (added, heads)
    ]
    found = np.full(count, np.nan)
    for at, (value, people) in enumerate(zip(*sums, strict=True)):
        there = people > 0
        if there.sum() > 1 and value[there].sum() > 0:
            found[at] = theil_t(np.maximum(value[there], 0.0) / people[there], people[there])
    return {"regional_disparity": found}


def _by_node(evidence: Evidence) -> tuple[Array, Array, Array, Labels]:
    """Return region, value added, jobs and cluster: of a table of regions by sector, else by firm."""
    io = evidence.io
    people = None if io is None else jobs(io)
    if io is not None and people is not None and len(io.regions) > 1:
        return io.sectors["region"].to_numpy(), io.value_added, people.values, evidence.labels
    if evidence.sites is None or evidence.site_labels is None:
        raise Missing("disparity")
    nodes = evidence.sites.nodes
    if not {"revenue", "costs"} <= set(nodes.columns):
        raise Missing("disparity")
    rows = (
        nodes["kind"].eq("firm") & (nodes["size"] > 0) & nodes["revenue"].notna() & nodes["costs"].notna()
    ).to_numpy()
    if not rows.any():
        raise Missing("disparity")
    kept = nodes[rows]
    added = (kept["revenue"] - kept["costs"]).to_numpy(dtype=np.float64)
    return kept["region"].to_numpy(), added, kept["size"].to_numpy(dtype=np.float64), evidence.site_labels[rows]
