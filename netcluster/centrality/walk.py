"""Centrality by all walks: Katz, and the bow tie of what reaches what."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.object_]
MOST_SWEEPS = 10_000


def katz(matrix: Any, *, attenuation: float = 0.5, tolerance: float = 1e-12) -> Array:
    """Return Katz centrality along input shares, (n,), mean 1 (Katz 1953).

    With S[i, j] = W[i, j] over all that j buys, k = 1 + α S k: a supplier is central where its buyers lean on
    it and are central themselves. Columns of S add up to 1 at the most, so that every α below 1 settles.
    On a closed table α is the part of output that stays in the chain, and k is the row sum of Σ (αS)^t.

    >>> import scipy.sparse as sp
    >>> katz(sp.csr_array([[0.0, 2.0], [0.0, 0.0]]))
    array([1.2, 0.8])
    """
    import scipy.sparse as sp

    if not 0 <= attenuation < 1:
        raise NetclusterError(f"An attenuation of {attenuation} is outside 0 … 1.", "Take 0.5 or so.")
    bought = np.asarray(matrix.sum(axis=0)).ravel()
    inverse = np.divide(1.0, bought, out=np.zeros_like(bought), where=bought > 0)
    share = sp.csr_array(matrix @ sp.diags_array(attenuation * inverse))
    total, step = np.ones(bought.size), np.ones(bought.size)
    for _ in range(MOST_SWEEPS):
        step = share @ step
        total += step
        if step.sum() <= tolerance * total.sum():
            return np.asarray(total / total.mean())
    raise NetclusterError(f"Katz centrality did not settle in {MOST_SWEEPS:,} sweeps.", "Take a lower attenuation.")


def shells(matrix: Any) -> Labels:
    """Return each node's place in the bow tie: core, in, out, tendril or apart (Broder et al. 2000).

    The core is the largest set of nodes that all reach each other along links; `in` reaches it (suppliers of
    the core), `out` is reached by it, `tendril` hangs on to either otherwise, `apart` is linked to none of it.

    >>> import scipy.sparse as sp
    >>> shells(sp.csr_array([[0, 1, 0, 0], [0, 0, 1, 0], [0, 1, 0, 1], [0, 0, 0, 0]])).tolist()
    ['in', 'core', 'core', 'out']
    """
    import scipy.sparse.csgraph as graph

    strong = graph.connected_components(matrix, directed=True, connection="strong")[1]
    core = strong == np.argmax(np.bincount(strong))
    weak = graph.connected_components(matrix, directed=True, connection="weak")[1]
    start = int(np.flatnonzero(core)[0])
    ahead, behind = (np.zeros(core.size, dtype=bool) for _ in range(2))
    ahead[graph.breadth_first_order(matrix, start, return_predecessors=False)] = True
    behind[graph.breadth_first_order(matrix.T.tocsr(), start, return_predecessors=False)] = True
    place = np.where(weak == weak[start], "tendril", "apart").astype(object)
    place[ahead], place[behind], place[core] = "out", "in", "core"
    return place
