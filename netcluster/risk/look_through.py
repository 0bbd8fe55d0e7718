"""What nodes and groups need, and feed, over the whole chain, in blocks from one factorisation or series."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.solve import Leontief
from netcluster.risk._source import Flows

Array = npt.NDArray[np.float64]

#: Subjects looked at at once.
BLOCK = 512
#: Above this many nodes the chain is looked through only when asked for.
MOST_NODES = 10_000
#: Partners are taken out one by one up to so many nodes; of sparse flows, whose factors fill up, to fewer.
MOST_EXTRACTED, MOST_EXTRACTED_SPARSE = 4_000, 1_000
#: The series A + A² + … ends when a round adds less than this part of the first; it has so many rounds at most.
LEAST_ROUND, MOST_ROUNDS = 1e-12, 1_000


class Chain:
    """The requirements of flows with a known output: (L − I) and (G − I), never formed whole.

    Dense flows are factorised once. Sparse ones are added up round by round: their factors would fill up,
    while a round is one sparse product.

    Raises
    ------
    NetclusterError
        Where the rounds don't fade: making one unit takes more than one unit over the chain.
    """

    def __init__(self, flows: Flows) -> None:
        import scipy.sparse as sp

        self._flows = flows
        self._per_unit = np.divide(1.0, flows.output, out=np.zeros(flows.n), where=flows.output > 0)
        self._sparse: Any = None
        self._model: Any = None
        if sp.issparse(flows.matrix):
            self._sparse = (flows.matrix @ sp.diags_array(self._per_unit)).tocsr()
            self._rounds(np.ones((flows.n, 1)), self._sparse)
        else:
            self._model = Leontief(flows.matrix * self._per_unit)

    def rows(self, members: Any, side: str) -> Iterator[tuple[int, Array]]:
        """Yield blocks (start, (subjects, n)) of total inputs or total sales of each subject by node.

        Inputs are (L − I)f with f the subject's final demand (one unit for a single node), sales v(G − I)
        with v one unit of a node's primary inputs, or the group's in proportion to output. `members` is
        (n, subjects), sparse. G comes from the same factors, G = x̂⁻¹ L x̂.
        """
        flows = self._flows
        weight = self._weight(side, single=members.shape[1] == flows.n)
        by_subject = members.tocsc()
        for start in range(0, members.shape[1], BLOCK):
            first = by_subject[:, start : start + BLOCK].toarray() * weight[:, None]
            if side == "inputs":
                yield start, self._beyond(first, transpose=False).T
            else:
                chain = self._beyond(first * self._per_unit[:, None], transpose=True)
                yield start, (chain * flows.output[:, None]).T

    @property
    def extractable(self) -> bool:
        """Whether so few nodes are here that each can be taken out: it takes as many solves as there are nodes."""
        return self._flows.n <= (MOST_EXTRACTED if self._sparse is None else MOST_EXTRACTED_SPARSE)

    def solve(self, demand: Array, *, transpose: bool = False) -> Array:
        """Return L times columns, or its transpose times columns, from one factor."""
        if self._model is None:
            self._model = Leontief(self._sparse.tocsc())
        return np.asarray(self._model.solve(demand, transpose=transpose))

    def _beyond(self, first: Array, *, transpose: bool) -> Array:
        if self._sparse is None:
            return np.asarray(self._model.solve(first, transpose=transpose) - first)
        return self._rounds(first, self._sparse.T.tocsr() if transpose else self._sparse)

    def _rounds(self, first: Array, matrix: Any) -> Array:
        step = matrix @ first
        total, start = step.copy(), float(np.abs(step).max(initial=0.0))
        for _ in range(MOST_ROUNDS):
            if float(np.abs(step).max(initial=0.0)) <= LEAST_ROUND * start:
                return np.asarray(total)
            step = matrix @ step
            total += step
        raise NetclusterError(
            "The chain of inputs does not fade: some nodes buy more than their output.",
            "Check output (revenue) beside purchases, or ask for direct dependence only.",
        )

    def _weight(self, side: str, *, single: bool) -> Array:
        """Return what stands for one unit of each node: 1, or within a group its final demand or output."""
        flows = self._flows
        if single:
            return np.ones(flows.n)
        if side == "inputs" and flows.final is not None:
            return flows.final
        return np.maximum(flows.output, 0.0)
