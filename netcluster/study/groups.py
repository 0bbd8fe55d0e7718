"""The cluster of each node, found by its id or, for a firm, by its industry's."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.network.network import Network


def groups_of(network: Network, clusters: Mapping[str, object]) -> npt.NDArray[np.object_]:
    """Return the group of each node, (n,), from a mapping by id; None where there is none.

    A firm that the mapping does not name is in the cluster of its industry: by the column `industry_node` where the
    network was built with a table, else by `industry`. Raises NetclusterError where no node is in any cluster.
    """
    nodes = network.nodes
    found = nodes["id"].map(clusters)
    for column in ("industry_node", "industry"):
        if column in nodes:
            found = found.where(found.notna(), nodes[column].map(clusters))
    if not found.notna().any():
        named = ", ".join(list(map(str, clusters))[:3])
        raise NetclusterError(
            f"No node of the network is in a cluster: the clusters name {named or 'nothing'}.",
            "Name nodes or industries by their ids.",
        )
    return found.astype("object").where(found.notna(), None).to_numpy(dtype=object)
