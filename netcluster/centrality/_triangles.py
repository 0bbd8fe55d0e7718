"""Compiled kernels that visit every triangle once, so that a node with very many ties costs no square of them.

A pattern is a symmetric CSR matrix without loops, columns ascending. Triangles are found from their node of lowest
degree on (Chiba and Nishizeki 1985), in O(links^1.5) steps at the most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.jit import kernel, part

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ordered:
    """A pattern ready to be searched: the ends of its links, each link's mirror, and the links to nodes of more degree.

    `first[i]` to `first[i + 1]` are the places in `forward` of the links from i to nodes of larger degree (or number).
    """

    ends: Places
    mirror: Places
    first: Places
    forward: Places


def ordered(pattern: Any) -> Ordered:
    """Return a pattern as the kernels take it; its columns are sorted in place."""
    pattern.sort_indices()
    starts, ends = pattern.indptr.astype(np.int64), pattern.indices.astype(np.int64)
    degree = np.diff(starts)
    rows = np.repeat(np.arange(degree.size), degree)
    up = (degree[ends] > degree[rows]) | ((degree[ends] == degree[rows]) & (ends > rows))
    first = np.concatenate([[0], np.cumsum(np.bincount(rows[up], minlength=degree.size))]).astype(np.int64)
    return Ordered(ends, mirrors(starts, ends), first, np.flatnonzero(up))


@part
def _sides(link: Any, mirror: Any, ab: int, bc: int, ac: int) -> None:
    """Write down the stored links between the corners 0, 1 and 2 of a triangle, there and back."""
    link[0, 1], link[1, 2], link[0, 2] = ab, bc, ac
    link[1, 0], link[2, 1], link[2, 0] = mirror[ab], mirror[bc], mirror[ac]


@kernel
def mirrors(starts: Any, ends: Any) -> Any:
    """Return for each stored link i → j the place of j → i, (nnz,)."""
    n = starts.size - 1
    place = starts[:-1].copy()
    mirror = np.empty(ends.size, dtype=np.int64)
    for node in range(n):
        for at in range(starts[node], starts[node + 1]):
            other = ends[at]
            mirror[at] = place[other]
            place[other] += 1
    return mirror


@kernel
def _role(source: int, broker: int, target: int) -> int:
    """Return the place of a broker's role in coordinator, gatekeeper, representative, consultant, liaison."""
    if broker == target:
        return 0 if source == broker else 1
    if source == broker:
        return 2
    return 3 if source == target else 4


@kernel
def closed_triples(ends: Any, mirror: Any, first: Any, forward: Any, there: Any, groups: Any) -> Any:
    """Return how often i → b → j is closed by i → j, by b and role, (n, 5).

    `there` tells which stored links are links of the network (i → j) and not only their mirrors. The roles are
    coordinator, gatekeeper, representative, consultant, liaison.
    """
    n = first.size - 1
    counts = np.zeros((n, 5), dtype=np.int64)
    mark = np.full(n, -1, dtype=np.int64)
    corner = np.empty(3, dtype=np.int64)
    link = np.empty((3, 3), dtype=np.int64)
    for a in range(n):
        own = forward[first[a] : first[a + 1]]
        for ac in own:
            mark[ends[ac]] = ac
        for ab in own:
            b = ends[ab]
            for bc in forward[first[b] : first[b + 1]]:
                c = ends[bc]
                if mark[c] < 0:
                    continue
                corner[0], corner[1], corner[2] = a, b, c
                _sides(link, mirror, ab, bc, mark[c])
                for x in range(3):
                    for y in range(3):
                        z = 3 - x - y
                        if x == y or not (there[link[x, y]] and there[link[y, z]] and there[link[x, z]]):
                            continue
                        role = _role(groups[corner[x]], groups[corner[y]], groups[corner[z]])
                        counts[corner[y], role] += 1
        for ac in own:
            mark[ends[ac]] = -1
    return counts


@kernel
def indirect(ends: Any, mirror: Any, first: Any, forward: Any, weight: Any, strength: Any, largest: Any) -> Any:
    """Return Σ_q p_iq p_qj of each stored link i → j, (nnz,), and Σ_j Σ_q p_iq m_jq of each node i, (n,).

    p_iq = w_iq/strength_i and m_jq = w_jq/largest_j, j and q both among the contacts of i.
    """
    n = first.size - 1
    through = np.zeros(ends.size, dtype=np.float64)
    redundant = np.zeros(n, dtype=np.float64)
    mark = np.full(n, -1, dtype=np.int64)
    corner = np.empty(3, dtype=np.int64)
    link = np.empty((3, 3), dtype=np.int64)
    for a in range(n):
        own = forward[first[a] : first[a + 1]]
        for ac in own:
            mark[ends[ac]] = ac
        for ab in own:
            b = ends[ab]
            for bc in forward[first[b] : first[b + 1]]:
                c = ends[bc]
                if mark[c] < 0:
                    continue
                corner[0], corner[1], corner[2] = a, b, c
                _sides(link, mirror, ab, bc, mark[c])
                for x in range(3):
                    for y in range(3):
                        if x == y:
                            continue
                        q = 3 - x - y
                        i, j, between = corner[x], corner[y], corner[q]
                        near = weight[link[x, q]] / strength[i]
                        through[link[x, y]] += near * weight[link[q, y]] / strength[between]
                        redundant[i] += near * weight[link[y, q]] / largest[j]
        for ac in own:
            mark[ends[ac]] = -1
    return through, redundant
