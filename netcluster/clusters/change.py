"""What became of clusters from one year (or table) to another: kept, grown, split, merged, born, gone.

Clusters are matched by the overlap of their members, weighted by output (Jaccard; what is there only before or only
after counts as not shared), each with at most one, so that the overlaps add up to the most (Hungarian assignment); the
events are those of Palla, Barabási and Vicsek (2007).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.clusters.partition import Partition
    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]

#: Two clusters are the same where their overlap is at least this; ours, as is the next.
SAME = 0.3
#: A cluster goes into another where at least this share of its output does.
PART = 0.3
MEASURES = ("overlap", "output_before", "output_after", "members_before", "members_after", "stayed", "left", "joined")


def change(
    before: Partition,
    after: Partition,
    nodes_before: Network,
    nodes_after: Network,
    *,
    least: float = SAME,
) -> Result:
    """Return what became of each cluster between two partitions of the same classification.

    Parameters
    ----------
    before, after : Partition
        Of two years, or two tables; nodes are matched by id.
    nodes_before, nodes_after : Network
        The networks they are of, for the sizes.
    least : float
        The least overlap of two clusters that are taken for one.

    Returns
    -------
    Result
        cluster_before, name_before, cluster_after, name_after, event (kept, split, merged, born, gone), overlap,
        output and members before and after, stayed, left and joined (members), from and into: the other clusters that
        gave to, or took, at least 30 % of it. Clusters of a single node on both sides are counted, not listed.
    """
    import pandas as pd

    one, two = _clusters(before, nodes_before), _clusters(after, nodes_after)
    joint = _joint(one, two)
    flow = _flow(one, two)
    matched = _matched(flow, least)
    rows = _rows(flow, matched, one, two)
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    single = (frame["members_before"] <= 1) & (frame["members_after"] <= 1)
    small = int(single.sum())
    frame = frame[~single].reset_index(drop=True)
    notes = [_moved(joint, matched)]
    if small:
        notes.append(Note("single_nodes", f"{small} clusters of a single node are not listed.", small))
    for missing, years in ((len(one) - len(joint), "only before"), (len(two) - len(joint), "only after")):
        if missing:
            notes.append(Note("unmatched_nodes", f"{missing} nodes are there {years}.", missing))
    return Result(frame, MEASURES, MappingProxyType({"least": least}), tuple(notes))


def lineage(
    before: Partition,
    after: Partition,
    nodes_before: Network,
    nodes_after: Network,
    *,
    lines: Mapping[int, int] | None = None,
    used: int = 0,
) -> dict[int, int]:
    """Return the line of each cluster of `after`: that of the cluster before which it is, else a number of its own.

    `lines` are those of `before`, its own numbers where left out: handed on from year to year, a cluster keeps its
    line for as long as it lives, whatever its rank in size. `used` is the highest number given in any year so far.
    """
    known = dict(lines) if lines is not None else {int(cluster): int(cluster) for cluster in np.unique(before.labels)}
    one, two = _clusters(before, nodes_before), _clusters(after, nodes_after)
    came = {to: known[since] for since, (to, _) in _matched(_flow(one, two), SAME).items()}
    free = max(used, max(known.values(), default=0))
    found: dict[int, int] = {}
    for cluster in map(int, np.unique(after.labels)):
        if cluster not in came:
            free += 1
        found[cluster] = came.get(cluster, free)
    return found


_COLUMNS = [
    "cluster_before", "name_before", "cluster_after", "name_after", "event", "overlap", "output_before",
    "output_after", "members_before", "members_after", "stayed", "left", "joined", "from", "into",
]  # fmt: skip


def _clusters(partition: Partition, net: Network) -> pd.DataFrame:
    """Return node, cluster, name and size; where no size is known every node weighs 1."""
    size = net.nodes.set_index("id")["size"].reindex(partition.frame["node"]).fillna(0.0).to_numpy()
    frame = partition.frame[["node", "cluster", "cluster_name"]].copy()
    frame["size"] = size if size.sum() > 0 else 1.0
    return frame


def _joint(one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    joint = one.merge(two, on="node", suffixes=("_before", "_after"))
    if not len(joint):
        raise NetclusterError(
            "The two partitions have no node in common.", "Compare tables of one classification, or map one first."
        )
    return joint


def _flow(one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    """Return the output of the nodes that clusters before (rows) and after (columns) share, mean of both.

    What is there only before stands in column 0, what is there only after in row 0.
    """
    _joint(one, two)
    both = one.merge(two, on="node", how="outer", suffixes=("_before", "_after"))
    clusters = both[["cluster_before", "cluster_after"]].fillna(0).astype(int)
    weight = both[["size_before", "size_after"]].mean(axis=1)
    return clusters.assign(weight=weight).pivot_table(
        index="cluster_before", columns="cluster_after", values="weight", aggfunc="sum", fill_value=0.0
    )


def _matched(flow: pd.DataFrame, least: float) -> dict[int, tuple[int, float]]:
    """Return for each cluster before the one after that it is, with their overlap."""
    from scipy.optimize import linear_sum_assignment

    shared = flow.to_numpy()
    union = shared.sum(axis=1)[:, None] + shared.sum(axis=0)[None, :] - shared
    overlap = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    overlap[flow.index == 0] = overlap[:, flow.columns == 0] = 0.0
    rows, columns = linear_sum_assignment(-overlap)
    return {
        int(flow.index[i]): (int(flow.columns[j]), float(overlap[i, j]))
        for i, j in zip(rows, columns, strict=True)
        if overlap[i, j] >= least and overlap[i, j] > 0
    }


def _rows(
    flow: Any, matched: dict[int, tuple[int, float]], one: pd.DataFrame, two: pd.DataFrame
) -> list[dict[str, object]]:
    names = one.groupby("cluster")["cluster_name"].first(), two.groupby("cluster")["cluster_name"].first()
    nodes = one.groupby("cluster")["node"].agg(set), two.groupby("cluster")["node"].agg(set)
    sizes = one.groupby("cluster")["size"].sum(), two.groupby("cluster")["size"].sum()
    back = {after: before for before, (after, _) in matched.items()}
    pairs: list[tuple[int | None, int | None]] = [(b, matched[b][0] if b in matched else None) for b in names[0].index]
    pairs += [(None, a) for a in names[1].index if a not in back]
    rows = []
    for b, a in pairs:
        was, is_ = (nodes[0][b] if b is not None else set()), (nodes[1][a] if a is not None else set())
        into = [] if b is None else _parts(flow.loc[b] if b in flow.index else None, a)
        came = [] if a is None else _parts(flow[a] if a in flow.columns else None, b)
        rows.append(
            {
                "cluster_before": b, "name_before": names[0][b] if b is not None else "",
                "cluster_after": a, "name_after": names[1][a] if a is not None else "",
                "event": _event(b, a, came, into), "overlap": matched[b][1] if b in matched else 0.0,
                "output_before": float(sizes[0][b]) if b is not None else 0.0,
                "output_after": float(sizes[1][a]) if a is not None else 0.0,
                "members_before": len(was), "members_after": len(is_), "stayed": len(was & is_),
                "left": len(was - is_), "joined": len(is_ - was),
                "from": "; ".join(str(names[0][c]) for c in came), "into": "; ".join(str(names[1][c]) for c in into),
            }
        )  # fmt: skip
    return rows


def _parts(amounts: Any, but: int | None) -> list[int]:
    """Return the clusters, but the one itself and what is there in one year only, that make at least `PART`."""
    if amounts is None or not amounts.sum() > 0:
        return []
    share = amounts / amounts.sum()
    return [int(cluster) for cluster in share.index[share >= PART] if cluster not in (0, but)]


def _event(before: int | None, after: int | None, came: list[int], into: list[int]) -> str:
    if before is None:
        return "split off" if came else "born"
    if after is None:
        return "merged" if into else "gone"
    return "split" if into else "merged" if came else "kept"


def _moved(joint: pd.DataFrame, matched: dict[int, tuple[int, float]]) -> Note:
    """Return the drift: how much output stands in another cluster than the one its own became."""
    expected = joint["cluster_before"].map({before: after for before, (after, _) in matched.items()})
    weight = (joint["size_before"] + joint["size_after"]) / 2
    moved = expected != joint["cluster_after"]
    share = float(weight[moved].sum() / weight.sum()) if weight.sum() > 0 else 0.0
    return Note("drift", f"{int(moved.sum())} nodes with {share:.1%} of output changed cluster.", int(moved.sum()))
