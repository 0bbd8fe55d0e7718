"""One row a cluster: how large, how closed, how sure, where, and who is in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.clusters import quality
from netcluster.clusters.detect import Prepared, prepare
from netcluster.clusters.names import name_clusters
from netcluster.clusters.partition import Partition
from netcluster.clusters.significance import LEVEL, benjamini_hochberg
from netcluster.core.finding import DESCRIPTIVE, Finding, rank
from netcluster.core.measures import explain, threshold
from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

MEASURES = (
    "members", "output", "output_share", "internal_share", "persistence", "conductance", "relative_excess", "z",
    "p_value", "stability", "core_members", "region_share",
)  # fmt: skip
_TOP = 5


def describe(net: Network, partition: Partition) -> Partition:
    """Return the clusters of a partition, one row each, largest first.

    Parameters
    ----------
    net : Network
        The network the partition is of.
    partition : Partition
        What `detect` or `score` gave; its layer and transform are used again.

    Returns
    -------
    Partition
        The same labels and summary, and a frame with a row a cluster: cluster, cluster_name, members, output,
        output_share, internal_share, persistence, conductance, relative_excess, z, p_value, significant, stability
        (mean of the members), core_members, region, region_share, top_members, name_reason. `significant` is after
        Benjamini and Hochberg (1995), empty without
        null draws.

    Examples
    --------
    >>> import netcluster as nc
    >>> io = nc.IOTable.from_arrays([[9, 8, 1, 0], [8, 9, 0, 1], [1, 0, 9, 8], [0, 1, 8, 9]], x=[40] * 4)
    >>> net = nc.build(io)
    >>> table = describe(net, nc.clusters.score(net, [1, 1, 2, 2], null_draws=0)).frame
    >>> table[["cluster", "members", "output", "internal_share"]].values.tolist()
    [[1.0, 2.0, 80.0, 0.944], [2.0, 2.0, 80.0, 0.944]]
    """
    used = partition.parameters
    chosen: Any = used["backbone"]
    ready = prepare(net, str(used["layer"]), str(used["transform"]), diagonal=bool(used["diagonal"]), backbone=chosen)
    staying, jumps = quality.persistence(ready.flows, partition.labels)
    frame = _frame(net, ready, partition, staying)
    notes = partition.notes
    if jumps:
        text = f"Not every node can be reached from every other; the walk jumps with probability {quality.TELEPORT}."
        notes = (*notes, Note("walk_jumps", text))
    return replace(partition, frame=frame, measures=MEASURES, notes=notes, findings=_closed(frame))


def _frame(net: Network, ready: Prepared, partition: Partition, staying: Array) -> pd.DataFrame:
    import pandas as pd

    labels = partition.labels
    k = int(labels.max(initial=0))
    part = quality.blocks(ready.flows, labels)
    size = net.nodes["size"].to_numpy(dtype=float)
    output = quality.summed(labels, np.nan_to_num(size), k + 1)[1:]
    members = np.bincount(labels, minlength=k + 1)[1:]
    stable = partition.frame["stability"].to_numpy()
    names = name_clusters(net.nodes, ready.flows, labels)
    given = partition.frame.groupby("cluster")[["cluster_name", "name_reason"]].first()
    z, p = (values if values.size else np.full(k, np.nan) for values in (partition.cluster_z, partition.cluster_p))
    ids = net.nodes["id"].to_numpy()
    return pd.DataFrame(
        {
            "cluster": np.arange(1, k + 1),
            "cluster_name": given["cluster_name"].to_numpy(),
            "members": members,
            "output": output if np.isfinite(size).any() else np.nan,
            "output_share": output / output.sum() if output.sum() > 0 else np.nan,
            "internal_share": quality.internal_share(part),
            "persistence": staying,
            "conductance": quality.conductance(part),
            "relative_excess": quality.relative_excess(part),
            "z": z,
            "p_value": p,
            "significant": pd.array(_significant(p), dtype="boolean"),
            "stability": np.bincount(labels, stable)[1:] / members,
            "core_members": np.bincount(labels, partition.frame["core"])[1:].astype(np.int64),
            "region": [name.region for name in names],
            "region_share": [name.region_share for name in names],
            "top_members": ["; ".join(str(ids[at]) for at in name.central[:_TOP]) for name in names],
            "name_reason": given["name_reason"].to_numpy(),
        }
    )


def _significant(p_values: Array) -> list[bool | None]:
    corrected = benjamini_hochberg(p_values)
    return [None if np.isnan(p) else bool(p <= LEVEL) for p in corrected]


def _closed(frame: pd.DataFrame) -> tuple[Finding, ...]:
    """Return a finding for each significant cluster that a walker along its sales is likelier to stay in than leave."""
    limit = threshold("persistence")
    found = []
    closed: Any = frame[frame["significant"].fillna(False) & (frame["persistence"] >= limit)]
    for row in closed.itertuples(index=False):
        share = float(row.output_share) if np.isfinite(row.output_share) else 0.0
        found.append(
            Finding(
                "closed_cluster",
                str(row.cluster_name),
                "cluster",
                "persistence",
                float(row.persistence),
                limit,
                DESCRIPTIVE,
                share,
                f"Cluster {row.cluster}, {row.cluster_name}, holds together: {row.internal_share:.0%} of its sales and"
                f" purchases stay inside, beyond chance (p = {row.p_value:.2g}), with {row.members} members and"
                f" {share:.0%} of output.",
                ({"cluster": int(row.cluster), "top_members": str(row.top_members), "z": float(row.z)},),
                explain("persistence").threshold_source,
                lever="What hits one of its members stays among them; what they buy elsewhere is where it could grow.",
            )
        )
    return tuple(rank(found))
