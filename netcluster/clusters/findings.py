"""What stands out of a partition: that it is but chance, that it only redraws borders, that parts are unsure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netcluster.clusters.effort import fewest_draws
from netcluster.clusters.names import Name, members_of
from netcluster.clusters.significance import LEVEL
from netcluster.core.finding import DESCRIPTIVE, Finding, Plain, rank
from netcluster.core.measures import explain, threshold

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
_ROWS = 10


def findings_of(
    net: Network, labels: Labels, summary: Mapping[str, object], names: list[Name], stable: Array
) -> tuple[Finding, ...]:
    """Return the findings of a partition, ranked."""
    chance = _no_clusters(summary, fewest_draws(labels.size)) or _not_found_again(summary)
    # Where all of it may be chance, that single clusters are unsure says nothing more.
    unsure = _unsure(net.nodes, labels, names, stable) if chance is None else []
    found = [chance, _borders(net.nodes, labels, names), *unsure]
    return tuple(rank(finding for finding in found if finding is not None))


def one_region_share(nodes: pd.DataFrame, labels: npt.ArrayLike) -> float:
    """Return the share of output in clusters that are, to nine tenths, in one region; NaN for a single region.

    Where sizes are unknown, of nodes. A network with one node a region has no clusters inside regions: NaN too.
    """
    regions = nodes["region"]
    if regions.nunique() < 2 or len(nodes) < 2 * regions.nunique():
        return float("nan")
    table = nodes.assign(weight=_weight(nodes), cluster=np.asarray(labels)).pivot_table(
        index="cluster", columns="region", values="weight", aggfunc="sum", fill_value=0.0
    )
    whole, largest = table.sum(axis=1), table.max(axis=1)
    return float(whole[largest >= 0.9 * whole].sum() / whole.sum())


def _weight(nodes: pd.DataFrame) -> Array:
    size = nodes["size"].fillna(0.0).to_numpy(dtype=float)
    return size if size.sum() > 0 else np.ones(size.size)


def _no_clusters(summary: Mapping[str, object], fewest: int) -> Finding | None:
    p, draws = summary["p_value"], summary["null_draws"]
    if not isinstance(p, float) or not isinstance(draws, int) or draws < fewest or not p > LEVEL:
        return None
    modularity, mean = summary["modularity"], summary["null_mean"]
    sentence = (
        f"There are no significant clusters: modularity is {modularity:.3f}, and networks with the same margins but no"
        f" clusters reach {mean:.3f} on average (p = {p:.2g} from {draws} draws)."
    )
    return Finding(
        "no_significant_clusters", "partition", "partition", "p_value", p, LEVEL, "medium", 1.0, sentence,
        reference=explain("p_value").threshold_source,
        lever="Read the clusters as a drawing, not as a finding; a finer table or a filter of weak links may help.",
    )  # fmt: skip


def _not_found_again(summary: Mapping[str, object]) -> Finding | None:
    """Return that the searches hardly agree, where no null model says whether there are clusters at all."""
    agreement, limit = summary.get("agreement"), threshold("agreement")
    if summary["p_value"] is not None or not isinstance(agreement, float) or not agreement < limit:
        return None
    sentence = (
        f"The searches find other clusters each time: they agree by {agreement:.2f} (1 is full agreement, 0 chance),"
        " and no null model was drawn to tell whether there are any."
    )
    return Finding(
        "clusters_not_found_again", "partition", "partition", "agreement", agreement, limit, "medium", 1.0, sentence,
        reference=explain("agreement").threshold_source,
        lever="Ask for null draws and more searches (--effort full), or look at coarser sectors.",
    )  # fmt: skip


def _borders(nodes: pd.DataFrame, labels: Labels, names: list[Name]) -> Finding | None:
    value, limit = one_region_share(nodes, labels), threshold("one_region_share")
    if not value >= limit or len(names) < 2:
        return None
    weight = _weight(nodes)
    evidence: tuple[dict[str, Plain], ...] = tuple(
        {
            "cluster": at + 1,
            "cluster_name": name.name,
            "output_share": float(weight[labels == at + 1].sum() / weight.sum()),
        }
        for at, name in enumerate(names[:_ROWS])
    )
    sentence = (
        f"These clusters are countries or regions: {value:.0%} of output stands in clusters that lie in one of them,"
        " because most trade does not cross borders."
    )
    return Finding(
        "clusters_are_regions", "partition", "partition", "one_region_share", value, limit,
        "medium", 1.0, sentence, evidence, explain("one_region_share").threshold_source,
        lever="--transform across looks at flows across borders only; --transform pair_normalised gives every pair of"
        " countries the same weight; or cut one region out.",
    )  # fmt: skip


def _unsure(nodes: pd.DataFrame, labels: Labels, names: list[Name], stable: Array) -> list[Finding]:
    limit = threshold("stability")
    weight = _weight(nodes)
    ids = nodes["id"].to_numpy()
    found = []
    whole = weight.sum()
    for at, (name, members) in enumerate(zip(names, members_of(labels, len(names)), strict=True), start=1):
        if members.size < 2:
            continue
        value = float(np.nanmean(stable[members])) if not np.isnan(stable[members]).all() else float("nan")
        if not value < limit:
            continue
        share = float(weight[members].sum() / whole)
        worst = members[np.argsort(stable[members], kind="stable")][:_ROWS]
        found.append(
            Finding(
                "unstable_cluster",
                name.name,
                "cluster",
                "stability",
                value,
                limit,
                DESCRIPTIVE,
                share,
                f"Cluster {at}, {name.name}, is unsure: two of its members stand together in {value:.0%} of searches.",
                tuple({"node": str(ids[i]), "stability": float(stable[i])} for i in worst),
                explain("stability").threshold_source,
                lever="Try the neighbouring resolutions of --show profile; read its core only.",
            )
        )
    return found
