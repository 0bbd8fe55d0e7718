"""Networks too large for one worker: their links in parts on disk, and the algorithms that need one vector alone.

A part holds the links into, and out of, a range of nodes. In each sweep every part is given the state of all nodes
(one number each) and gives back that of its own: work and memory for links are spread, the vector is not. Sums run
over a node's links in their order in the part, whoever has it, so that the answer does not depend on the number of
parts, the engine or the workers.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from netcluster.core.engine import Engine, Lost, Sent
from netcluster.core.errors import NetclusterError
from netcluster.core.files import whole_file, write_text

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Parts a worker keeps in memory.
KEPT = 4
MOST_SWEEPS = 10_000
_kept: OrderedDict[str, Part] = OrderedDict()


class Part(NamedTuple):
    """The links of the nodes first … last−1: who sells to them (sources, weights), and who is tied to them at all."""

    first: int
    last: int
    starts: Integers
    sources: Integers
    weights: Array
    tie_starts: Integers
    ties: Integers
    tie_weights: Array


@dataclass(frozen=True)
class Parts:
    """The parts of a network on a disk that all workers reach."""

    folder: Path
    n: int
    paths: tuple[str, ...]


def split(matrix: Any, folder: Path, parts: int) -> Parts:
    """Write the links of a layer in parts of about as many links each.

    Parameters
    ----------
    matrix : (n, n) sparse array
        W[i, j], what i sells to j.
    folder : path
        Where the parts go.
    parts : int
        How many.
    """
    n = matrix.shape[0]
    if not 1 <= parts <= max(1, n):
        raise NetclusterError(f"{n} nodes can't be split into {parts} parts.", "Take 1 part to as many as nodes.")
    bought = matrix.tocsc()
    tied = (matrix + matrix.T).tocsr()
    tied.sort_indices()
    bought.sort_indices()
    bounds = np.searchsorted(tied.indptr, np.linspace(0, tied.nnz, parts + 1)[1:-1])
    edges = [0, *np.maximum.accumulate(bounds).tolist(), n]
    paths = []
    for number, (first, last) in enumerate(pairwise(edges)):
        path = Path(folder) / f"part-{number:05d}.npz"
        with whole_file(path) as temporary:
            np.savez(
                temporary, bounds=np.array([first, last]), **_rows(bought, first, last), **_rows(tied, first, last, "t")
            )
        paths.append(str(path))
    out = np.asarray(matrix.sum(axis=1)).ravel()
    with whole_file(Path(folder) / "out.npy") as temporary:
        np.save(temporary, out)
    write_text(Path(folder) / "parts.json", json.dumps({"n": n, "parts": parts}) + "\n")
    return Parts(Path(folder), n, tuple(paths))


def pagerank(parts: Parts, engine: Engine, *, damping: float = 0.85, tolerance: float = 1e-10) -> Array:
    """Return the PageRank of each node, (n,), as `centrality.pagerank` does (Brin and Page 1998)."""
    if not 0 <= damping < 1:
        raise NetclusterError(f"A damping of {damping} is outside 0 … 1.", "The usual value is 0.85.")
    out = np.load(parts.folder / "out.npy")
    share = np.divide(1.0, out, out=np.zeros(parts.n), where=out > 0)
    dangling = out <= 0
    rank = np.full(parts.n, 1.0 / parts.n)
    for _ in range(MOST_SWEEPS):
        spread = (1 - damping + damping * rank[dangling].sum()) / parts.n
        following = damping * _swept(engine, "inflow", parts, rank * share) + spread
        following /= following.sum()
        change = np.abs(following - rank).sum()
        rank = following
        if change <= tolerance * (1 - damping):
            return np.asarray(rank)
    raise NetclusterError(f"PageRank did not settle in {MOST_SWEEPS:,} sweeps.", "Take a lower damping.")


def components(parts: Parts, engine: Engine) -> Integers:
    """Return the weakly connected component of each node, (n,), named by its lowest node.

    Each node takes the lowest name among itself and those tied to it; then names are followed to the names of
    those they name, which halves the way that is left, as in Shiloach and Vishkin (1982).
    """
    name = np.arange(parts.n)
    while True:
        lower = _swept(engine, "lowest", parts, name)
        # A node that heard of a lower name tells the node it was named after.
        np.minimum.at(lower, name, lower.copy())
        while not np.array_equal(lower, lower[lower]):
            lower = lower[lower]
        if np.array_equal(lower, name):
            return name
        name = lower


def label_propagation(parts: Parts, engine: Engine, *, sweeps: int = 100) -> tuple[Integers, int]:
    """Return communities by label propagation, (n,), named by a member, and the sweeps taken.

    Every node takes the label with the largest weight of ties to it (Raghavan, Albert and Kumara 2007). All of a
    kind move at once, even nodes and odd ones in turn, so that two neighbours do not swap for ever; of labels
    with equal weight a node keeps its own, else takes the lowest. So no chance and no order of parts has a say.
    """
    labels = np.arange(parts.n)
    for sweep in range(1, sweeps + 1):
        before = labels
        for odd in (0, 1):
            labels = _swept(engine, ("even", "odd")[odd], parts, labels)
        if np.array_equal(labels, before):
            return labels, sweep
    return labels, sweeps


def _swept(engine: Engine, what: str, parts: Parts, state: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the next state of all nodes: each part's, put together."""
    found: dict[int, npt.NDArray[Any]] = {}
    for number, piece in engine.completed(partial(_piece, what, state), parts.paths, _no_files):
        if isinstance(piece, Lost):
            raise NetclusterError(f"A part of the network was lost: {piece.reason}", "Split it into more parts.")
        found[number] = piece
    return np.concatenate([found[number] for number in range(len(parts.paths))])


def _no_files(_: object) -> Mapping[str, str]:
    return {}


def _piece(what: str, state: npt.NDArray[Any], path: str, _: Sent) -> npt.NDArray[Any]:
    """Return the next state of a part's own nodes; in a worker."""
    part = _loaded(path)
    if what == "inflow":
        return _summed(state[part.sources] * part.weights, part.starts)
    own = state[part.first : part.last]
    if what == "lowest":
        return _lowest(state[part.ties], part.tie_starts, own)
    moving = np.arange(part.first, part.last) % 2 == (what == "odd")
    return _heaviest(state[part.ties], part.tie_weights, part.tie_starts, own, moving)


def _summed(values: Array, starts: Integers) -> Array:
    """Return the sum of each node's values, added one after the other."""
    import scipy.sparse as sp

    count = len(starts) - 1
    rows = sp.csr_array((values, np.arange(len(values)), starts), shape=(count, max(1, len(values))))
    return np.asarray(rows @ np.ones(max(1, len(values))))


def _lowest(heard: Integers, starts: Integers, own: Integers) -> Integers:
    lowest = own.copy()
    some = np.diff(starts) > 0
    if some.any():
        lowest[some] = np.minimum(own[some], np.minimum.reduceat(heard, starts[:-1][some]))
    return lowest


def _heaviest(heard: Integers, weights: Array, starts: Integers, own: Integers, moving: npt.NDArray[Any]) -> Integers:
    """Return the label with the largest weight at each moving node; a tie is its own label's, else the lowest's."""
    chosen = own.copy()
    node = np.repeat(np.arange(len(own)), np.diff(starts))
    taken = moving[node]
    node, heard, weights = node[taken], heard[taken], weights[taken]
    if not len(node):
        return chosen
    order = np.lexsort((heard, node))
    node, heard, weights = node[order], heard[order], weights[order]
    fresh = np.flatnonzero(np.diff(node, prepend=-1) | np.diff(heard, prepend=-1))
    total = np.add.reduceat(weights, fresh)
    node, heard = node[fresh], heard[fresh]
    begins = np.flatnonzero(np.diff(node, prepend=-1))
    most = np.repeat(np.maximum.reduceat(total, begins), np.diff(begins, append=len(node)))
    node, heard = node[total == most], heard[total == most]
    # Labels ascend within a node: written from the highest down, the lowest stays; its own is written last.
    chosen[node[::-1]] = heard[::-1]
    kept = heard == own[node]
    chosen[node[kept]] = heard[kept]
    return chosen


def _rows(matrix: Any, first: int, last: int, prefix: str = "") -> dict[str, Any]:
    begin, end = matrix.indptr[first], matrix.indptr[last]
    return {
        f"{prefix}starts": (matrix.indptr[first : last + 1] - begin).astype(np.int64),
        f"{prefix}nodes": matrix.indices[begin:end].astype(np.int64),
        f"{prefix}weights": matrix.data[begin:end].astype(np.float64),
    }


def _loaded(path: str) -> Part:
    if path not in _kept:
        with np.load(path) as found:
            first, last = found["bounds"].tolist()
            mine = (found[name] for name in ("starts", "nodes", "weights", "tstarts", "tnodes", "tweights"))
            _kept[path] = Part(first, last, *mine)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(path)
    return _kept[path]
