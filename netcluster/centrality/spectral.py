"""Walks that go where weight goes: PageRank."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError

Array = npt.NDArray[np.float64]

#: Sweeps after which an iteration that has not settled is given up.
MOST_SWEEPS = 10_000


def pagerank(matrix: Any, *, damping: float = 0.85, tolerance: float = 1e-10) -> Array:
    """Return the weighted PageRank of each node, (n,), adding up to 1 (Brin and Page 1998).

    The walker leaves i along its links in proportion to their weight, with probability 1 − damping (and
    always where nothing leaves i) to any node alike. Own deliveries keep the walker where it is. The
    iteration stops when the vector moves by less than `tolerance` × (1 − damping), so that the distance
    to the fixed point is below `tolerance` in sum.

    >>> import scipy.sparse as sp
    >>> pagerank(sp.csr_array([[0.0, 1.0], [1.0, 0.0]]))
    array([0.5, 0.5])
    """
    if not 0 <= damping < 1:
        raise NetclusterError(f"A damping of {damping} is outside 0 … 1.", "The usual value is 0.85.")
    n = matrix.shape[0]
    out = np.asarray(matrix.sum(axis=1)).ravel()
    forward = matrix.T.tocsr()
    share = np.divide(1.0, out, out=np.zeros(n), where=out > 0)
    dangling = out <= 0
    rank = np.full(n, 1.0 / n)
    for _ in range(MOST_SWEEPS):
        spread = (1 - damping + damping * rank[dangling].sum()) / n
        following = damping * (forward @ (rank * share)) + spread
        following /= following.sum()
        change = np.abs(following - rank).sum()
        rank = following
        if change <= tolerance * (1 - damping):
            return np.asarray(rank)
    raise NetclusterError(f"PageRank did not settle in {MOST_SWEEPS:,} sweeps.", "Take a lower damping.")
