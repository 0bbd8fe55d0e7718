"""Compiled kernels of the reconstruction: expected degrees and exact draws of links.

The draw rests on one identity. Points thrown on a pair at rate log(1 + λ) miss it with probability 1 ÷ (1 + λ), so
that a pair hit at least once is a link with p = λ ÷ (1 + λ), exactly, independently of all others. Points are thrown
at rate λ, which is a product and so needs no look at the pairs, and kept with log(1 + λ) ÷ λ. Pairs with λ above 1
would be hit again and again; they stand first where buyers are sorted, and are tossed one by one.

Random numbers are SplitMix64 (Steele, Lea and Flood, 2014), one stream a supplier, keyed by seed and row: a row's
links depend on nothing else.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from netcluster.core.jit import kernel, part
from netcluster.core.sphere import EARTH

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1, _MIX2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S11, _S27, _S30, _S31 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)
_UNIT = 1.0 / 9007199254740992.0
_LOW = np.int64(0xFFFFFFFF)
#: Up to so many links of a supplier are sorted by insertion.
FEW = 32
_RADIANS = np.pi / 180.0


class Pools(NamedTuple):
    """Buyers' slots, sorted within their block by falling fitness, and each group's list of blocks.

    Slots: `start` (blocks + 1) delimits them; `firm`, `fitness`, `amount`, `block`; `before` is the fitness of the
    block's slots ahead, `guide` the slot at each equal step of a block's fitness. Entries: `entry_start` (groups + 1)
    delimits a group's blocks, `entry_block`, sorted by the falling fitness of their first slot, `entry_top`;
    `entry_before` is the fitness of the entries ahead, `whole` (groups) of all. `factor`, `money` (groups, blocks).
    """

    start: Any
    firm: Any
    fitness: Any
    amount: Any
    block: Any
    before: Any
    total: Any
    guide: Any
    entry_start: Any
    entry_block: Any
    entry_top: Any
    entry_before: Any
    whole: Any
    factor: Any
    money: Any


class Suppliers(NamedTuple):
    """Suppliers: group, fitness times z, sales, sales of each group; coordinates, and the decay (0 for none)."""

    group: Any
    fitness: Any
    sales: Any
    group_sales: Any
    latitude: Any
    longitude: Any
    decay: float
    scale: float


@part
def mix(value: Any) -> Any:
    """Return a 64-bit number scrambled."""
    value = (value ^ (value >> _S30)) * _MIX1
    value = (value ^ (value >> _S27)) * _MIX2
    return value ^ (value >> _S31)


@part
def uniform(state: Any) -> float:
    """Return the number of a state as a double between 0 and 1, neither of them."""
    return (np.float64(mix(state) >> _S11) + 0.5) * _UNIT


@kernel
def nearness(who: Suppliers, i: int, j: int) -> float:
    """Return (1 + distance ÷ scale) to the power −decay."""
    if who.decay == 0.0:
        return 1.0
    one, other = who.latitude[i] * _RADIANS, who.latitude[j] * _RADIANS
    half = np.sin(0.5 * (one - other)) ** 2
    half += np.cos(one) * np.cos(other) * np.sin(0.5 * (who.longitude[i] - who.longitude[j]) * _RADIANS) ** 2
    distance = 2.0 * EARTH * np.arcsin(min(1.0, np.sqrt(half)))
    return float((1.0 + distance / who.scale) ** -who.decay)


@part
def slot_at(start: Any, total: Any, guide: Any, before: Any, block: int, place: float) -> int:
    """Return the slot of a block in which a place on its fitness, 0 to its total, lies."""
    first, last = start[block], start[block + 1] - 1
    cell = first + int(place / total[block] * (last - first + 1))
    low = guide[min(cell, last)]
    high = guide[cell + 1] if cell < last else last
    while low < high:
        middle = (low + high + 1) // 2
        if before[middle] <= place:
            low = middle
        else:
            high = middle - 1
    return int(low)


@part
def kept(toss: float, thrown: float, lam: float) -> bool:
    """Keep a point thrown at rate λ with probability log(1 + λ') ÷ λ, λ' being λ at that distance."""
    # log(1 + λ) ≥ λ − λ²/2 spares most points the logarithm.
    return toss * thrown < lam - 0.5 * lam * lam or toss * thrown < np.log1p(lam)


@part
def note(i: int, j: int, slot: int, keys: Any, n: int) -> int:
    """Write a link down unless it is a loop; return the links so far, −1 where there is no room."""
    if i == j:
        return n
    if n >= keys.size:
        return -1
    keys[n] = (np.int64(j) << 32) | np.int64(slot)
    return n + 1


@kernel
def draw(pools: Pools, who: Suppliers, first: int, last: int, seed: Any, keys: Any, counts: Any) -> int:
    """Draw the links of suppliers first … last − 1; return how many, or −1 where `keys` is too short.

    `keys` takes buyer · 2³² + slot, sorted within each supplier, `counts` the links of each.
    """
    n = 0
    for i in range(first, last):
        t, group, begin = who.fitness[i], who.group[i], n
        if t > 0.0:
            state = mix(seed + mix(np.uint64(i) * _GOLDEN))
            entry, end = pools.entry_start[group], pools.entry_start[group + 1]
            while entry < end and t * pools.entry_top[entry] > 1.0 and n >= 0:
                state, n = throw_at(pools, who, i, pools.entry_block[entry], state, keys, n)
                entry += 1
            if entry < end and n >= 0:
                state, n = throw_wide(pools, who, i, entry, end, state, keys, n)
        if n < 0:
            return -1
        n = once(keys, begin, n)
        counts[i - first] = n - begin
    return n


@kernel
def throw_at(pools: Pools, who: Suppliers, i: int, block: int, state: Any, keys: Any, n: int) -> tuple[Any, int]:
    """Toss once for each buyer of a block whose λ is above 1, and throw points on its others."""
    rate = who.fitness[i] * pools.factor[who.group[i], block]
    start, total, guide, before = pools.start, pools.total, pools.guide, pools.before
    fitness, firm = pools.fitness, pools.firm
    slot, stop = start[block], start[block + 1]
    while slot < stop and rate * fitness[slot] > 1.0 and n >= 0:
        state += _GOLDEN
        lam = rate * fitness[slot] * (1.0 if who.decay == 0.0 else nearness(who, i, firm[slot]))
        if uniform(state) * (1.0 + lam) < lam:
            n = note(i, firm[slot], slot, keys, n)
        slot += 1
    place = before[slot] if slot < stop else np.inf
    while n >= 0:
        state += _GOLDEN
        place -= np.log(uniform(state)) / rate
        if place >= total[block]:
            break
        slot = slot_at(start, total, guide, before, block, place)
        thrown = rate * fitness[slot]
        lam = thrown if who.decay == 0.0 else thrown * nearness(who, i, firm[slot])
        state += _GOLDEN
        if kept(uniform(state), thrown, lam):
            n = note(i, firm[slot], slot, keys, n)
    return state, n


@kernel
def throw_wide(
    pools: Pools, who: Suppliers, i: int, entry: int, end: int, state: Any, keys: Any, n: int
) -> tuple[Any, int]:
    """Throw points on the buyers of all blocks from an entry of the supplier's group on."""
    t, group = who.fitness[i], who.group[i]
    # Taken out of their tuple once: each time costs a count of references.
    start, total, guide, before = pools.start, pools.total, pools.guide, pools.before
    fitness, firm, factor = pools.fitness, pools.firm, pools.factor
    entry_before, entry_block = pools.entry_before, pools.entry_block
    place, whole = entry_before[entry], pools.whole[group]
    while n >= 0:
        state += _GOLDEN
        place -= np.log(uniform(state)) / t
        if place >= whole:
            break
        low, high = entry, end - 1
        while low < high:
            middle = (low + high + 1) // 2
            if entry_before[middle] <= place:
                low = middle
            else:
                high = middle - 1
        block = entry_block[low]
        share = factor[group, block]
        inner = min((place - entry_before[low]) / share, total[block])
        slot = slot_at(start, total, guide, before, block, inner)
        thrown = t * share * fitness[slot]
        lam = thrown if who.decay == 0.0 else thrown * nearness(who, i, firm[slot])
        state += _GOLDEN
        if kept(uniform(state), thrown, lam):
            n = note(i, firm[slot], slot, keys, n)
    return state, n


@part
def once(keys: Any, begin: int, end: int) -> int:
    """Sort keys[begin:end], keep each once, and return where they end."""
    if end - begin > FEW:
        keys[begin:end].sort()
    else:
        for place in range(begin + 1, end):
            key, free = keys[place], place
            while free > begin and keys[free - 1] > key:
                keys[free] = keys[free - 1]
                free -= 1
            keys[free] = key
    last = begin
    for place in range(begin, end):
        if place == begin or keys[place] != keys[last - 1]:
            keys[last] = keys[place]
            last += 1
    return last


@kernel
def weigh(pools: Pools, who: Suppliers, first: int, keys: Any, counts: Any, targets: Any, weights: Any) -> None:
    """Split keys into buyers and weights: gravity over p, so that expected flows are those of the model."""
    at = 0
    for row in range(counts.size):
        i = first + row
        group = who.group[i]
        for link in range(at, at + counts[row]):
            j, slot = keys[link] >> 32, keys[link] & _LOW
            block, near = pools.block[slot], nearness(who, i, j)
            lam = who.fitness[i] * pools.factor[group, block] * pools.fitness[slot] * near
            gravity = who.sales[i] * pools.amount[slot] * pools.money[group, block] / who.group_sales[group]
            targets[link] = j
            weights[link] = gravity * near * (1.0 + lam) / lam
        at += counts[row]


@kernel
def expect(sellers: Any, groups: Any, buyers: Any, start: Any, factor: Any, z: float, out: Any, into: Any) -> None:
    """Add up expected links over classes of suppliers and of slots.

    `sellers` and `buyers` hold fitness, its variance in logs and the count, by class; `start` delimits the blocks of
    `buyers`. `out` and `into` take, by class, the expected degree of one supplier and slot, and its derivative by the
    log of z. The mean over a class is to second order in the variance, and exact where the class is one value.
    """
    out[:] = 0.0
    into[:] = 0.0
    for a in range(groups.size):
        for block in range(start.size - 1):
            rate = factor[groups[a], block] * sellers[a, 0] * z
            if rate == 0.0:
                continue
            for b in range(start[block], start[block + 1]):
                lam = rate * buyers[b, 0]
                p = lam / (1.0 + lam)
                q, half = p * (1.0 - p), 0.5 * (sellers[a, 1] + buyers[b, 1])
                turn = 1.0 - 2.0 * p
                mean = p + half * q * turn
                change = q + half * q * (turn * turn - 2.0 * q)
                out[a, 0] += buyers[b, 2] * mean
                out[a, 1] += buyers[b, 2] * change
                into[b, 0] += sellers[a, 2] * mean
                into[b, 1] += sellers[a, 2] * change
