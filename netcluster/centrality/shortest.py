"""Standing on the shortest ways between others: betweenness, exact or from a sample of starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.seeds import numpy_generator
from netcluster.network.graph import betweenness as paths_through
from netcluster.network.graph import graph_of

Array = npt.NDArray[np.float64]

#: Above this many nodes × links, betweenness is sampled unless told otherwise.
EXACT_WORK = 3_000_000_000
#: Nodes × links that a sample may take, and the fewest starts it has.
SAMPLE_WORK = 1_000_000_000
FEWEST_STARTS = 64
#: The sample is drawn in this many parts, whose spread gives the error.
PARTS = 8


@dataclass(frozen=True, eq=False)
class Betweenness:
    """Betweenness (n,), its standard error (n,), and how many starts it stands on (n where exact)."""

    values: Array
    error: Array
    starts: int


def betweenness(matrix: Any, *, starts: int | None = None, seed: int = 0) -> Betweenness:
    """Return the share of ordered pairs of others whose shortest way leads through each node (Freeman 1977).

    A link is 1/weight long, ways follow its direction, ends don't count, and the sum over pairs is
    divided by (n−1)(n−2), n all nodes. `starts` asks for that many random start nodes (Brandes and Pich
    2007), n for all; by default all are taken up to 3·10⁹ nodes × links. `error` is the standard error
    of the estimate, from the spread between eight parts of the sample, 0 where it is exact.
    """
    n, links = matrix.shape[0], int(matrix.nnz)
    if starts is None:
        starts = n if n * links <= EXACT_WORK else max(FEWEST_STARTS, SAMPLE_WORK // max(links, 1))
    if starts >= n or n < 3:
        return Betweenness(paths_through(matrix), np.zeros(n), n)
    starts = max(starts, 2)
    chosen = numpy_generator(seed, "betweenness").permutation(n)[:starts]
    parts = np.array_split(chosen, min(PARTS, starts))
    built = graph_of(matrix)
    estimates = np.array([paths_through(built, sources=np.sort(part)) for part in parts])
    sizes = np.array([part.size for part in parts], dtype=np.float64)[:, None]
    mean = (sizes * estimates).sum(axis=0) / starts
    spread = np.sqrt((sizes * (estimates - mean) ** 2).sum(axis=0) / (len(parts) - 1) / starts)
    left = np.sqrt(1 - starts / n)
    return Betweenness(mean, spread * left, starts)
