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


def median(shared: Array, size: Array, seed: int = 0) -> Labels:
    """Return the partition of atoms with Σ size_i size_j (p_ij − ½) greatest over pairs put together, best of five."""
    pairs = shared * np.outer(size, size)
    np.fill_diagonal(pairs, 0.0)
    graph = graph_of(sp.csr_array(pairs), directed=False)
    best, most = np.arange(size.size), -np.inf
    gain = (shared - 0.5) * np.outer(size, size)
    for attempt in range(_SEARCHES):
        found = leiden_cpm(graph, resolution=0.5, directed=False, seed=child(seed, "consensus", attempt), sizes=size)
        worth = float(gain[found[:, None] == found[None, :]].sum())
        if worth > most * (1 + 1e-12):
            best, most = found, worth
    return best


def _most_central(labels: Labels) -> Labels:
    likeness = [sum(adjusted_rand(one, other) for other in labels) for one in labels]
    return np.asarray(labels[int(np.argmax(likeness))])
