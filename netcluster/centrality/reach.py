"""Who is an institution, which ties count, and how far each node is from the next institution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.tables.firms import INSTITUTION_ROLES

if TYPE_CHECKING:
    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Layers that tie firms to universities, associations and the like. Nearly every firm has a bank, so that finance and
#: supply count only where they are asked for, or where there is nothing else.
RELATIONS = ("membership", "project", "patent", "labour")


def institution_mask(network: Network) -> Mask:
    """Return which nodes are institutions, (n,): those of that kind, and industries that are proxies for them.

    Raises NetclusterError where there is none.
    """
    found = (network.nodes["kind"] == "institution").to_numpy(dtype=np.bool_)
    if "proxy" in network.nodes:
        proxy = network.nodes["proxy"].astype("boolean").fillna(False).to_numpy(dtype=np.bool_)
        found = found | (proxy & network.nodes["role"].isin(INSTITUTION_ROLES).to_numpy(dtype=np.bool_))
    if not found.any():
        raise NetclusterError(
            "There are no institutions in the network.",
            "Give firms a role (university, research, association, government, bank) in a list of firms; the"
            " industries of a table that stand for institutions are tagged by build --tag-institutions.",
        )
    return found


def relation_layers(network: Network, layer: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the layers whose ties count: those named, else those of `RELATIONS` that touch an institution, else all.

    An absent layer is an error that names those there are.
    """
    if layer is not None:
        names = (layer,) if isinstance(layer, str) else tuple(dict.fromkeys(layer))
        for name in names:
            network.layer(name)
        if not names:
            raise NetclusterError("No layer is named.", f"Layers: {', '.join(network.layers) or 'none'}.")
        return names
    there = institution_mask(network)
    touching = [name for name, one in network.layers.items() if _touches(one.matrix, there)]
    chosen = tuple(name for name in touching if name in RELATIONS)
    if not touching:
        raise NetclusterError("No link of the network touches an institution.", "Give links between both.")
    return chosen or tuple(touching)


def _touches(matrix: Any, mask: Mask) -> bool:
    into = np.bincount(matrix.indices, minlength=mask.size) > 0
    return bool(((np.diff(matrix.indptr) > 0) & mask).any() or (into & mask).any())


def ties(network: Network, layers: Sequence[str]) -> Any:
    """Return 1 where two nodes are linked in any of the layers, whichever way: (n, n), symmetric, without loops.

    Layers are laid over one another, never added: a tie in three layers is a tie.
    """
    import scipy.sparse as sp

    total: Any = sp.csr_array((network.n, network.n), dtype=np.float32)
    for name in layers:
        matrix = network.layer(name).matrix
        one = sp.csr_array(
            (np.ones(matrix.nnz, dtype=np.float32), matrix.indices.copy(), matrix.indptr.copy()), shape=matrix.shape
        )
        total = total + one + one.T
    total = sp.csr_array(total)
    rows = np.repeat(np.arange(network.n), np.diff(total.indptr))
    total.data = np.where(rows == total.indices, 0.0, 1.0).astype(np.float32)
    total.eliminate_zeros()
    return total


def distances(pattern: Any, sources: Mask) -> Array:
    """Return how many links each node is from the nearest source, (n,): 0 for a source, infinite out of reach.

    >>> import scipy.sparse as sp
    >>> chain = sp.csr_array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]])
    >>> distances(chain, np.array([True, False, False, False]))
    array([ 0.,  1.,  2., inf])
    """
    import scipy.sparse.csgraph as graph

    found = graph.dijkstra(pattern, directed=False, indices=np.flatnonzero(sources), unweighted=True, min_only=True)
    return np.asarray(found, dtype=np.float64)


def group_codes(network: Network, groups: npt.ArrayLike | None) -> tuple[Integers, list[object], str]:
    """Return the group of each node as a number from 0, the groups' labels in order, and what they are.

    A node whose label is missing or empty is in no group, −1.
    Without `groups` they are the regions, or one group "all" where there is a single region.
    """
    import pandas as pd

    if groups is None:
        labels = network.nodes["region"].to_numpy(dtype=object)
        if network.nodes["region"].nunique() < 2:
            labels = np.full(network.n, "all", dtype=object)
    else:
        labels = np.asarray(groups)
    if labels.shape != (network.n,):
        raise NetclusterError(
            f"There are {labels.size} group labels for {network.n} nodes.", "Give one label a node, in their order."
        )
    given = pd.Series(labels).mask(lambda column: column == "")
    codes, names = pd.factorize(given, sort=True)
    return codes.astype(np.int64), list(names), "region" if groups is None else "labels"
