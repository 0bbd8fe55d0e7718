"""The compiled kernels of this room: the shortest ways from one node to all others."""

from __future__ import annotations

from typing import Any

import numpy as np

from netcluster.core.jit import kernel


@kernel
def shortest_from(
    starts: Any, ends: Any, lengths: Any, source: int, distance: Any, ways: Any, heap: Any, place: Any, order: Any
) -> int:
    """Settle all nodes by their distance from `source` (Dijkstra 1959); return how many are reached.

    `starts`, `ends`, `lengths` are the links, row by row. `distance` (n,) must come in as infinite and `place` (n,) as
    −1; `ways` (n,) takes the number of shortest ways, `order` the nodes as they are settled, `heap` is room. Ways that
    differ by less than 1e-10 of their length are alike.
    """
    distance[source], ways[source] = 0.0, 1.0
    heap[0], place[source], filled, settled = source, 0, 1, 0
    while filled:
        node = heap[0]
        filled -= 1
        if filled:
            _sink(heap, place, distance, heap[filled], filled)
        order[settled] = node
        settled += 1
        for link in range(starts[node], starts[node + 1]):
            other, far = ends[link], distance[node] + lengths[link]
            known = distance[other]
            if known == np.inf:
                distance[other], ways[other] = far, ways[node]
                _rise(heap, place, distance, other, filled)
                filled += 1
            elif far < known * (1.0 - 1e-10):
                distance[other], ways[other] = far, ways[node]
                _rise(heap, place, distance, other, place[other])
            elif far <= known * (1.0 + 1e-10) and other != node and known > distance[node]:
                ways[other] += ways[node]
    return settled


@kernel
def _sink(heap: Any, place: Any, distance: Any, node: int, filled: int) -> None:
    """Put a node on top of a heap of `filled` nodes, each with four below it, and let it sink to its place."""
    hole, far = 0, distance[node]
    while True:
        first = 4 * hole + 1
        if first >= filled:
            break
        least, nearest = first, distance[heap[first]]
        for child in range(first + 1, min(first + 4, filled)):
            if distance[heap[child]] < nearest:
                least, nearest = child, distance[heap[child]]
        if nearest >= far:
            break
        heap[hole] = heap[least]
        place[heap[hole]] = hole
        hole = least
    heap[hole] = node
    place[node] = hole


@kernel
def _rise(heap: Any, place: Any, distance: Any, node: int, hole: int) -> None:
    """Let a node rise from a hole of the heap to its place."""
    far = distance[node]
    while hole > 0:
        above = (hole - 1) // 4
        if distance[heap[above]] <= far:
            break
        heap[hole] = heap[above]
        place[heap[hole]] = hole
        hole = above
    heap[hole] = node
    place[node] = hole


@kernel
def leads_through(starts: Any, ends: Any, lengths: Any, sources: Any, through: Any) -> None:
    """Add to `through` (n,) the shares of the shortest ways from `sources` that lead through each node.

    Going back from the farthest node, each hands what hangs on it to its predecessors by their ways (Brandes 2001);
    a link is on a shortest way where the distances of its ends differ by its length.
    """
    n = starts.size - 1
    distance, ways, hanging = np.full(n, np.inf), np.zeros(n), np.zeros(n)
    heap, place, order = np.empty(n, dtype=np.int32), np.full(n, -1, dtype=np.int32), np.empty(n, dtype=np.int32)
    for source in sources:
        settled = shortest_from(starts, ends, lengths, source, distance, ways, heap, place, order)
        for at in range(settled - 1, -1, -1):
            node, share = order[at], 0.0
            for link in range(starts[node], starts[node + 1]):
                other, far = ends[link], distance[node] + lengths[link]
                near = distance[other]
                if far <= near * (1.0 + 1e-10) and near > distance[node]:
                    share += (1.0 + hanging[other]) / ways[other]
            hanging[node] = share * ways[node]
            if node != source:
                through[node] += hanging[node]
        for at in range(settled):
            node = order[at]
            distance[node], ways[node], hanging[node], place[node] = np.inf, 0.0, 0.0, -1


@kernel
def lengths_from(starts: Any, ends: Any, lengths: Any, sources: Any, sums: Any) -> None:
    """Add up, over `sources`, how often each node is reached, the lengths of the ways, and their squares: (3, n)."""
    n = starts.size - 1
    distance, ways = np.full(n, np.inf), np.zeros(n)
    heap, place, order = np.empty(n, dtype=np.int32), np.full(n, -1, dtype=np.int32), np.empty(n, dtype=np.int32)
    for source in sources:
        settled = shortest_from(starts, ends, lengths, source, distance, ways, heap, place, order)
        for at in range(settled):
            node = order[at]
            if node != source:
                sums[0, node] += 1.0
                sums[1, node] += distance[node]
                sums[2, node] += distance[node] ** 2
            distance[node], ways[node], place[node] = np.inf, 0.0, -1
