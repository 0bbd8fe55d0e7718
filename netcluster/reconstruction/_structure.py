"""Compiled kernels that look at a drawn network: customers by buyer, links that go both ways, closed triangles."""

from __future__ import annotations

from typing import Any

import numpy as np

from netcluster.core.jit import kernel
from netcluster.reconstruction._kernels import _GOLDEN, mix, uniform


@kernel
def suppliers_of(starts: Any, buyers: Any, into: Any, suppliers: Any) -> None:
    """Fill `suppliers` with the suppliers of each buyer, in order; `into` (n + 1) delimits them, and is kept."""
    place = into.copy()
    for i in range(starts.size - 1):
        for link in range(starts[i], starts[i + 1]):
            j = buyers[link]
            suppliers[place[j]] = i
            place[j] += 1


@kernel
def sells(starts: Any, buyers: Any, i: int, j: int) -> bool:
    """Return whether i sells to j; the buyers of a supplier are sorted."""
    low, high = starts[i], starts[i + 1]
    while low < high:
        middle = (low + high) // 2
        if buyers[middle] < j:
            low = middle + 1
        else:
            high = middle
    return bool(low < starts[i + 1] and buyers[low] == j)


@kernel
def ways(starts: Any, buyers: Any, i: int, j: int) -> int:
    """Return 2 where two partners sell to each other, else 1."""
    return 2 if sells(starts, buyers, i, j) and sells(starts, buyers, j, i) else 1


@kernel
def mutual(starts: Any, buyers: Any, step: int) -> tuple[int, int]:
    """Return of every step-th link how many there are, and how many go both ways."""
    seen, found = 0, 0
    for i in range(starts.size - 1):
        link = ((starts[i] + step - 1) // step) * step
        while link < starts[i + 1]:
            seen += 1
            found += sells(starts, buyers, buyers[link], i)
            link += step
    return seen, found


@kernel
def closed(starts: Any, buyers: Any, into: Any, suppliers: Any, heavy: Any, draws: int, seed: Any) -> tuple[int, int]:
    """Draw pairs of partners of one firm; return how many pairs, and how many of them are partners too.

    `heavy` (n) are running sums of d (d − 1), so that each pair of links is as likely as any other. A partner that both
    buys and sells stands at the end of two: its pairs are kept as much less often, so that each pair counts alike.
    """
    state, pairs, found = mix(seed), 0, 0
    for _ in range(draws):
        state += _GOLDEN
        i = int(np.searchsorted(heavy, uniform(state) * heavy[-1], side="right"))
        out, degree = starts[i + 1] - starts[i], starts[i + 1] - starts[i] + into[i + 1] - into[i]
        state += _GOLDEN
        a = int(uniform(state) * degree)
        state += _GOLDEN
        b = int(uniform(state) * (degree - 1))
        b += b >= a
        one = buyers[starts[i] + a] if a < out else suppliers[into[i] + a - out]
        other = buyers[starts[i] + b] if b < out else suppliers[into[i] + b - out]
        times = ways(starts, buyers, i, one) * ways(starts, buyers, i, other)
        if times > 1:
            state += _GOLDEN
        if one != other and (times == 1 or uniform(state) * times < 1.0):
            pairs += 1
            found += sells(starts, buyers, one, other) or sells(starts, buyers, other, one)
    return pairs, found


@kernel
def end_sums(starts: Any, buyers: Any, degree: Any, sums: Any) -> None:
    """Add up, over both directions of every link, the degrees at one end, their squares, and their products."""
    for i in range(starts.size - 1):
        one = degree[i]
        for link in range(starts[i], starts[i + 1]):
            other = degree[buyers[link]]
            sums[0] += one + other
            sums[1] += one * one + other * other
            sums[2] += 2.0 * one * other
