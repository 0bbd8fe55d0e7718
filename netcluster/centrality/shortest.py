"""Standing on the shortest ways between others, and near to them: exact, or from a sample with its error."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.engine import ordered_map
from netcluster.core.progress import track
from netcluster.core.seeds import numpy_generator
from netcluster.network.graph import betweenness as paths_through
from netcluster.network.graph import closeness as mean_nearness
from netcluster.network.transform import checked

Array = npt.NDArray[np.float64]

#: Above this many nodes × links, betweenness is sampled unless told otherwise.
EXACT_WORK = 3_000_000_000
#: Nodes × links that a sample may take, and the fewest starts it has.
SAMPLE_WORK = 300_000_000
FEWEST_STARTS = 32
#: Nodes to which all ways are measured for a sampled closeness; above `SAMPLE_WORK` as few as starts.
PIVOTS = 128
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
        starts = n if n * links <= EXACT_WORK else _affordable(links)
    if starts >= n or n < 3:
        return Betweenness(paths_through(matrix), np.zeros(n), n)
    starts = max(starts, 2)
    chosen = numpy_generator(seed, "betweenness").permutation(n)[:starts]
    parts = np.array_split(chosen, min(PARTS, starts))
    estimates = np.array(_through(matrix, parts))
    sizes = np.array([part.size for part in parts], dtype=np.float64)[:, None]
    mean = (sizes * estimates).sum(axis=0) / starts
    spread = np.sqrt((sizes * (estimates - mean) ** 2).sum(axis=0) / (len(parts) - 1) / starts)
    left = np.sqrt(1 - starts / n)
    return Betweenness(mean, spread * left, starts)


@dataclass(frozen=True, eq=False)
class Closeness:
    """Closeness (n,), its standard error (n,), and how many ends it stands on (n where exact)."""

    values: Array
    error: Array
    ends: int


def closeness(matrix: Any, *, ends: int | None = None, seed: int = 0) -> Closeness:
    """Return 1 over the mean length of the shortest ways to the nodes reached (Freeman 1978), NaN where none is.

    A link is 1/weight long and ways follow its direction. `ends` asks for the ways to that many random nodes instead
    of all (Eppstein and Wang 2004); by default all are taken up to 3·10⁹ nodes × links, else 128, of the largest
    networks 32. The error is that of a mean of so many lengths, carried over to one over it; a node that reaches fewer
    than two of the ends has none.
    """
    n, links = matrix.shape[0], int(matrix.nnz)
    if ends is None:
        ends = n if n * links <= EXACT_WORK else min(PIVOTS, _affordable(links))
    if ends >= n:
        return Closeness(mean_nearness(matrix), np.zeros(n), n)
    chosen = np.sort(numpy_generator(seed, "closeness").permutation(n)[: max(ends, 2)])
    count, total, squares = _lengths_to(matrix, chosen)
    mean = np.divide(total, count, out=np.full(n, np.nan), where=count > 0)
    spread = np.divide(squares - count * mean**2, count - 1, out=np.full(n, np.nan), where=count > 1)
    left = np.sqrt(1 - chosen.size / n)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = left * np.sqrt(np.maximum(spread, 0.0) / count) / mean**2
    return Closeness(1.0 / mean, error, chosen.size)


def _affordable(links: int) -> int:
    return max(FEWEST_STARTS, SAMPLE_WORK // max(links, 1))


def _through(matrix: Any, parts: list[npt.NDArray[np.int64]]) -> list[Array]:
    """Return, for each part of the start nodes, the estimate of betweenness it gives, (n,)."""
    from netcluster.centrality import _kernels

    n = matrix.shape[0]
    starts, ends, lengths = _ways(matrix)

    def work(part: npt.NDArray[np.int64]) -> Array:
        through = np.zeros(n)
        _kernels.leads_through(starts, ends, lengths, np.sort(part), through)
        return np.asarray(through * (n / part.size) / ((n - 1) * (n - 2)))

    return list(track(ordered_map(work, parts, jobs=_cores()), "Betweenness", len(parts)))


def _lengths_to(matrix: Any, ends: npt.NDArray[np.int64]) -> Array:
    """Return how many of the ends each node reaches, and the sums of the lengths and of their squares, (3, n)."""
    from netcluster.centrality import _kernels

    turned = _ways(matrix.T.tocsr())

    def work(part: npt.NDArray[np.int64]) -> Array:
        sums = np.zeros((3, matrix.shape[0]))
        _kernels.lengths_from(*turned, part, sums)
        return sums

    parts = np.array_split(ends, min(PARTS, ends.size))
    total = np.zeros((3, matrix.shape[0]))
    for sums in track(ordered_map(work, parts, jobs=_cores()), "Closeness", len(parts)):
        total += sums
    return total


def _ways(matrix: Any) -> tuple[Any, Any, Array]:
    """Return the rows' starts, the buyers, and the lengths of the links, 1/weight, of one type for the kernels."""
    matrix = checked(matrix)
    kind = np.int32 if matrix.nnz < 2**31 else np.int64
    return matrix.indptr.astype(kind, copy=False), matrix.indices.astype(kind, copy=False), 1.0 / matrix.data


def _cores() -> int:
    return os.cpu_count() or 1
