"""Exact draws of the links, in chunks of suppliers, the same whatever the number of threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.engine import ordered_map
from netcluster.core.progress import track
from netcluster.core.seeds import child
from netcluster.reconstruction.fitness import Array, Integers
from netcluster.reconstruction.model import Fitness, Model

if TYPE_CHECKING:
    from netcluster.reconstruction._kernels import Pools, Suppliers

#: Suppliers in a chunk; fixed, so that chunks don't depend on the number of threads.
ROWS = 16_384


@dataclass(frozen=True)
class Distance:
    """Where firms are (degrees, (n,) each), and how fast links fade: (1 + km ÷ scale) to the power −decay."""

    latitude: Array
    longitude: Array
    decay: float
    scale: float


@dataclass(frozen=True, eq=False)
class Drawn:
    """The links of n suppliers, row by row: `starts` (n + 1), `buyers` sorted within a row, gravity `weights`."""

    starts: Integers
    buyers: Any
    weights: Array

    @property
    def n(self) -> int:
        """The number of suppliers (all firms)."""
        return len(self.starts) - 1

    @property
    def links(self) -> int:
        """The number of links."""
        return int(self.starts[-1])


def keys_of(drawn: Drawn) -> Integers:
    """Return supplier · n + buyer of each link, which rise, (links,)."""
    n = drawn.n
    keys = np.repeat(np.arange(n) * n, np.diff(drawn.starts))
    keys += drawn.buyers
    return keys


def kept(drawn: Drawn, which: npt.NDArray[np.bool_]) -> Drawn:
    """Return some of the links, (links,) booleans saying which."""
    ahead = np.concatenate([[0], np.cumsum(which)])
    return Drawn(ahead[drawn.starts], drawn.buyers[which], drawn.weights[which])


def inserted(drawn: Drawn, keys: Integers, weights: Array) -> Drawn:
    """Return the links with further ones, given by keys (see `keys_of`) that rise and are not among them."""
    n = drawn.n
    place = np.searchsorted(keys_of(drawn), keys) + np.arange(keys.size)
    old = np.ones(drawn.links + keys.size, dtype=bool)
    old[place] = False
    buyers, amounts = np.empty(old.size, dtype=drawn.buyers.dtype), np.empty(old.size)
    buyers[old], amounts[old] = drawn.buyers, drawn.weights
    buyers[place], amounts[place] = keys % n, weights
    more = np.concatenate([[0], np.cumsum(np.bincount(keys // n, minlength=n))])
    return Drawn(drawn.starts + more, buyers, amounts)


def row_sums(drawn: Drawn) -> Array:
    """Return what each supplier sells, (n,)."""
    sums = np.zeros(drawn.n)
    filled = np.flatnonzero(np.diff(drawn.starts))
    if filled.size:
        sums[filled] = np.add.reduceat(drawn.weights, drawn.starts[filled])
    return sums


def draw_links(
    model: Model, made: Fitness, z: float, *, seed: int = 0, distance: Distance | None = None, jobs: int = 1
) -> Drawn:
    """Return one network of the model: each pair is linked with p = λ ÷ (1 + λ), independently.

    Weights are gravity over p (times the decay of distance where there is one), so that the expected flow of each
    pair is the gravity of its sales and purchases. Takes time in proportion to firms and links.
    """
    from netcluster.reconstruction import _kernels

    pools, who = _pools(model, made), _suppliers(model, made, z, distance)
    key = np.uint64(child(seed, "reconstruction", "links"))
    guess = _guess(model, made, z)

    def chunk(first: int) -> tuple[Integers, Any, Array]:
        last = min(first + ROWS, model.n)
        counts = np.zeros(last - first, dtype=np.int64)
        room = int(1.3 * guess[first:last].sum()) + 1024
        while True:
            keys = np.empty(room, dtype=np.int64)
            found = _kernels.draw(pools, who, first, last, key, keys, counts)
            if found >= 0:
                break
            room *= 2
        targets, weights = np.empty(found, dtype=np.int32), np.empty(found)
        _kernels.weigh(pools, who, first, keys, counts, targets, weights)
        return counts, targets, weights

    firsts = range(0, model.n, ROWS)
    parts = list(track(ordered_map(chunk, firsts, jobs=jobs), "Drawing links", len(firsts)))
    counts = np.concatenate([part[0] for part in parts])
    starts = np.concatenate([[0], np.cumsum(counts)])
    return Drawn(starts, _joined(parts, 1, np.int32), _joined(parts, 2, np.float64))


def _joined(parts: list[Any], place: int, kind: Any) -> Any:
    return np.concatenate([part[place] for part in parts]) if parts else np.zeros(0, dtype=kind)


def _guess(model: Model, made: Fitness, z: float) -> Array:
    """Return an upper guess of each supplier's links: what is thrown, but no more than there are buyers."""
    totals = np.bincount(model.block, np.exp(made.log_y), made.factor.shape[1])
    slots = np.bincount(model.block, minlength=made.factor.shape[1])
    thrown = z * np.exp(made.log_x) * (made.factor @ totals)[model.group]
    return np.asarray(np.minimum(thrown, ((made.factor > 0) @ slots)[model.group]))


def _suppliers(model: Model, made: Fitness, z: float, distance: Distance | None) -> Suppliers:
    from netcluster.reconstruction._kernels import Suppliers

    nowhere = np.zeros(1)
    return Suppliers(
        np.ascontiguousarray(model.group),
        np.exp(made.log_x) * z,
        np.ascontiguousarray(model.sales),
        model.group_sales,
        nowhere if distance is None else np.ascontiguousarray(distance.latitude),
        nowhere if distance is None else np.ascontiguousarray(distance.longitude),
        0.0 if distance is None else float(distance.decay),
        1.0 if distance is None else float(distance.scale),
    )


def _pools(model: Model, made: Fitness) -> Pools:
    from netcluster.reconstruction._kernels import Pools

    blocks = made.factor.shape[1]
    order = np.lexsort((model.firm, -made.log_y, model.block))
    block, y = model.block[order], np.exp(made.log_y[order])
    start = np.searchsorted(block, np.arange(blocks + 1))
    total, before = np.zeros(blocks), np.zeros(len(y))
    guide = np.zeros(len(y), dtype=np.int32)
    for b in range(blocks):
        inside = slice(start[b], start[b + 1])
        if start[b] == start[b + 1]:
            continue
        running = np.cumsum(y[inside])
        before[inside], total[b] = np.concatenate([[0.0], running[:-1]]), running[-1]
        steps = np.arange(running.size) * (total[b] / running.size)
        guide[inside] = start[b] + np.searchsorted(before[inside], steps, side="right") - 1
    top = np.zeros(blocks)
    filled = start[:-1] < start[1:]
    top[filled] = y[start[:-1][filled]]
    return Pools(
        start, model.firm[order].astype(np.int32), y, model.amount[order], block, before, total, guide,
        *_entries(made.factor, top, total), np.ascontiguousarray(made.factor), np.ascontiguousarray(model.money),
    )  # fmt: skip


def _entries(factor: Array, top: Array, total: Array) -> tuple[Integers, Integers, Array, Array, Array]:
    """Return each group's blocks, those with the fittest first buyer first, and the fitness before each."""
    lists, tops, befores, whole = [], [], [], np.zeros(len(factor))
    for g, row in enumerate(factor):
        heads = row * top
        blocks = np.flatnonzero(heads > 0)
        blocks = blocks[np.argsort(-heads[blocks], kind="stable")]
        running = np.concatenate([[0.0], np.cumsum(row[blocks] * total[blocks])])
        whole[g] = running[-1]
        lists.append(blocks)
        tops.append(heads[blocks])
        befores.append(running[:-1])
    start = np.concatenate([[0], np.cumsum([len(part) for part in lists])])
    return start, np.concatenate(lists), np.concatenate(tops), np.concatenate(befores), whole
