"""The compiled kernel of this room: what falls apart without each node and link, in one pass over the links."""

from __future__ import annotations

from typing import Any

import numpy as np

from netcluster.core.jit import kernel


@kernel
def articulate(starts: Any, ends: Any) -> Any:
    """Return, for a symmetric pattern without loops, (pieces, cut, lost, largest, bridge) of each node, (n,) each.

    `pieces` is how many more components there are without the node, `cut` how many pairs of others lose each other,
    `lost` how many others fall out of the largest part of what was its component, `largest` that part's size.
    `bridge` is the other end of the link up the search's tree where that link lies in no cycle, else −1.
    A depth-first search gives each node its number and the lowest number its subtree reaches past its own tree links;
    a subtree that reaches no lower than the node is a piece of its own without it (Hopcroft and Tarjan 1973).
    """
    n = starts.size - 1
    number = np.full(n, -1, dtype=np.int64)
    low = np.zeros(n, dtype=np.int64)
    parent = np.full(n, -1, dtype=np.int64)
    size = np.ones(n, dtype=np.int64)
    split = np.zeros(n, dtype=np.int64)
    apart = np.zeros(n, dtype=np.int64)
    within = np.zeros(n, dtype=np.float64)
    widest = np.zeros(n, dtype=np.int64)
    bridge = np.full(n, -1, dtype=np.int64)
    lost = np.zeros(n, dtype=np.int64)
    place = starts[:-1].copy()
    order = np.empty(n, dtype=np.int64)
    pieces = np.zeros(n, dtype=np.int64)
    cut = np.zeros(n, dtype=np.float64)
    count = 0
    for root in range(n):
        if number[root] >= 0:
            continue
        first = count
        node = root
        number[node] = low[node] = count
        order[count] = node
        count += 1
        while node >= 0:
            if place[node] < starts[node + 1]:
                other = ends[place[node]]
                place[node] += 1
                if number[other] < 0:
                    parent[other] = node
                    number[other] = low[other] = count
                    order[count] = other
                    count += 1
                    node = other
                elif other != parent[node]:
                    low[node] = min(low[node], number[other])
                continue
            above = parent[node]
            if above >= 0:
                size[above] += size[node]
                low[above] = min(low[above], low[node])
                if low[node] > number[above]:
                    bridge[node] = above
                if low[node] >= number[above]:
                    widest[above] = max(widest[above], size[node])
                    split[above] += 1
                    apart[above] += size[node]
                    within[above] += 0.5 * size[node] * (size[node] - 1)
            node = above
        others = count - first - 1
        for at in range(first, count):
            node = order[at]
            rest = others - apart[node]
            kept = within[node] + 0.5 * rest * (rest - 1)
            pieces[node] = max(split[node] + (0 if node == root else 1) - 1, 0)
            cut[node] = 0.5 * others * (others - 1) - kept
            widest[node] = max(widest[node], rest)
            lost[node] = others - widest[node]
    return pieces, cut, lost, widest, bridge
