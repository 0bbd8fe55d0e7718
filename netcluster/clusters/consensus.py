"""One partition that stands for many: the median partition of an ensemble."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from netcluster.clusters.agreement import adjusted_rand
from netcluster.core.seeds import child
from netcluster.network.graph import graph_of, leiden_cpm

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

#: Up to this many groups of nodes that never part the median is sought; beyond, the most central member stands in.
MOST_ATOMS = 4000
_SEARCHES = 5


def consensus(members: npt.ArrayLike, seed: int = 0) -> tuple[Labels, str]:
    """Return the partition that is nearest to all members, and how it was found: "median" or "member".

    The median partition maximises Σ (p_ij − ½) over the pairs it puts together, p_ij the share of members that do so
    too: it disagrees with the members about as few pairs as can be (Mirkin's distance; Filkov and Skiena 2004).
    Nodes that no member parts are one atom, so the search is on atoms, by Leiden under the constant Potts model at
    ½, exact in its objective. With more than `MOST_ATOMS` atoms the member that agrees best with the others is given.

    Parameters
    ----------
    members : (m, n) integers
        The labels of each member.

    Examples
    --------
    >>> consensus([[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]])[0]
    array([0, 0, 1, 1])
    """
    labels = np.asarray(members, dtype=np.int64)
    kinds, atoms = np.unique(labels, axis=1, return_inverse=True)
    atoms = atoms.ravel()
    if kinds.shape[1] > MOST_ATOMS:
        return _most_central(labels), "member"
    size = np.bincount(atoms).astype(float)
    shared = coclassification(kinds)
    found = median(shared, size, seed)
    # Numbered by the first node, so that the answer does not hang on how atoms are sorted.
    _, first, inverse = np.unique(found[atoms], return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse], "median"


def coclassification(members: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Array:
    """Return p, (n, n): the (weighted) share of members that put i and j together; the diagonal is 1."""
    labels = np.asarray(members, dtype=np.int64)
    share = np.ones(labels.shape[0]) if weights is None else np.asarray(weights, dtype=np.float64)
    n = labels.shape[1]
    together: Any = np.zeros((n, n))
    for member, weight in zip(labels, share / share.sum(), strict=True):
        together += weight * (member[:, None] == member[None, :])
    return np.asarray(together)


def together(members: npt.ArrayLike, linked: npt.NDArray[np.bool_]) -> Any:
    """Return the share of members that put i and j together as an (n, n) sparse matrix, only of nodes that are linked.

    Pairs that no member puts together are not stored, nor is the diagonal.
    """
    labels = np.asarray(members, dtype=np.int64)
    m, n = labels.shape
    width = labels.max(axis=1, initial=0) + 1
    columns = (labels + np.r_[0, np.cumsum(width)[:-1]][:, None])[:, linked]
    rows = np.broadcast_to(np.flatnonzero(linked), columns.shape)
    marks = sp.csr_array((np.ones(columns.size), (rows.ravel(), columns.ravel())), shape=(n, int(width.sum())))
    return pairs_of(marks @ marks.T / m)


def pairs_of(shared: Any) -> Any:
    """Return a sparse matrix of pairs without its diagonal, indices sorted."""
    cells = sp.coo_array(shared)
    kept = (cells.row != cells.col) & (cells.data != 0)
    pairs = sp.csr_array((cells.data[kept], (cells.row[kept], cells.col[kept])), shape=cells.shape)
    pairs.sort_indices()
    return pairs


def median(shared: Any, size: Array, seed: int = 0) -> Labels:
    """Return the partition of atoms with Σ size_i size_j (p_ij − ½) greatest over pairs put together, best of five.

    `shared` is p, (n, n), dense or sparse; what is not stored is 0.
    """
    # All pairs put together lose ½, which sums of sizes tell: only those that are somewhere together are looked at.
    pairs = pairs_of(sp.csr_array(shared).multiply(size[:, None]).multiply(size[None, :]))
    graph = graph_of(pairs, directed=False)
    rows = np.repeat(np.arange(size.size), np.diff(pairs.indptr))
    best, most = np.arange(size.size), -np.inf
    for attempt in range(_SEARCHES):
        found = leiden_cpm(graph, resolution=0.5, directed=False, seed=child(seed, "consensus", attempt), sizes=size)
        inside = float(pairs.data[found[rows] == found[pairs.indices]].sum())
        worth = inside - 0.5 * float((np.bincount(found, size) ** 2).sum()) + 0.5 * float((size**2).sum())
        if worth > most + 1e-12 * abs(worth):
            best, most = found, worth
    return best


def _most_central(labels: Labels) -> Labels:
    likeness = [sum(adjusted_rand(one, other) for other in labels) for one in labels]
    return np.asarray(labels[int(np.argmax(likeness))])
