"""What nodes and groups need, and feed, over the whole chain, in blocks from one factorisation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.solve import Leontief
from netcluster.risk._source import Flows

Array = npt.NDArray[np.float64]

#: Subjects solved for at once.
BLOCK = 512
#: Above this many nodes the chain is looked through only when asked for.
MOST_NODES = 10_000


def coefficients(flows: Flows) -> Any:
    """Return A, inputs per unit of output, dense or CSC as the flows are; 0 where output is 0."""
    import scipy.sparse as sp

    per_unit = np.divide(1.0, flows.output, out=np.zeros(flows.n), where=flows.output > 0)
    if sp.issparse(flows.matrix):
        return (flows.matrix @ sp.diags_array(per_unit)).tocsc()
    return flows.matrix * per_unit


def requirements(flows: Flows, members: Any, side: str) -> Iterator[tuple[int, Array]]:
    """Yield blocks (start, (subjects, n)) of total inputs or total sales of each subject by node.

    Inputs are (L − I)f with f the subject's final demand (one unit for a single node), sales v(G − I)
    with v one unit of a node's primary inputs, or the group's in proportion to output. G comes from the
    same factors, G = x̂⁻¹ L x̂. `members` is (n, subjects), sparse.
    """
    model = Leontief(coefficients(flows))
    single = members.shape[1] == flows.n
    weight = _weight(flows, side, single=single)
    per_unit = np.divide(1.0, flows.output, out=np.zeros(flows.n), where=flows.output > 0)
    by_subject = members.tocsc()
    for start in range(0, members.shape[1], BLOCK):
        demand = by_subject[:, start : start + BLOCK].toarray() * weight[:, None]
        if side == "inputs":
            yield start, (model.solve(demand) - demand).T
        else:
            chain = model.solve(demand * per_unit[:, None], transpose=True)
            yield start, (chain * flows.output[:, None] - demand).T


def _weight(flows: Flows, side: str, *, single: bool) -> Array:
    """Return what stands for one unit of each node: 1, or within a group its final demand or output."""
    if single:
        return np.ones(flows.n)
    if side == "inputs" and flows.final is not None:
        return flows.final
    return np.maximum(flows.output, 0.0)
