"""Compiled kernels of the cascade: only what a failure reaches is touched.

Both waves travel as increments. Downstream, each link from supplier i to buyer j adds to one slot: the slot
of (j, industry of i) where that input is essential to j, else the one slot of j for all other inputs; j's
loss is its fullest slot. Upstream each supplier has one sum. A step settles only after everything of the
step before has been pushed, so that all firms move at once, as the definition says.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from netcluster.core.jit import kernel

#: Columns of the state of a firm, side by side in memory since they are read together: what has come in
#: (fullest slot, or sum), the loss it makes, whether it was touched in this step, and what was sent on.
IN, LOSS, TOUCHED, SENT = 0, 1, 2, 3
#: A firm counts as hit from this loss of output on.
HIT = 0.01


class Links(NamedTuple):
    """The network for the kernels: links by supplier (down) and by buyer (up), and firms' industries."""

    down_ptr: Any
    customers: Any
    slots: Any
    down_weights: Any
    up_ptr: Any
    suppliers: Any
    up_weights: Any
    sector: Any
    strength: Any
    sector_strength: Any
    weight: Any


class Rules(NamedTuple):
    """How far to go: σ or not, ε, the smallest increments that are pushed on, and the most steps."""

    replaceable: bool
    epsilon: float
    least_down: float
    least_up: float
    most: int


class Work(NamedTuple):
    """One thread's scratch arrays; all zero between two failures but the lists."""

    down: Any
    up: Any
    filled: Any
    lost: Any
    damaged: Any
    touched: Any
    front: Any
    reached: Any
    used_slots: Any
    correction: Any


@kernel
def push_down(net: Links, rules: Rules, work: Work, n_damaged: int, n_used: int) -> tuple[int, int]:
    """Send what damaged suppliers fail to deliver to their customers; return slots in use, customers touched."""
    n_touched = 0
    for p in range(n_damaged):
        i = work.damaged[p]
        loss = work.down[i, LOSS]
        if rules.replaceable:
            alive = net.sector_strength[net.sector[i]] - work.lost[net.sector[i]]
            if net.strength[i] < alive:
                loss *= net.strength[i] / alive
        step = loss - work.down[i, SENT]
        if step <= rules.least_down:
            continue
        work.down[i, SENT] = loss
        for link in range(net.down_ptr[i], net.down_ptr[i + 1]):
            slot, j = net.slots[link], net.customers[link]
            before = work.filled[slot]
            if before == 0.0:
                work.used_slots[n_used] = slot
                n_used += 1
            after = before + step * net.down_weights[link]
            work.filled[slot] = after
            if after > work.down[j, IN]:
                work.down[j, IN] = after
                if work.down[j, TOUCHED] == 0.0:
                    work.down[j, TOUCHED] = 1.0
                    work.touched[n_touched] = j
                    n_touched += 1
    return n_used, n_touched


@kernel
def settle_down(net: Links, work: Work, n_touched: int, n_damaged: int) -> tuple[int, float]:
    """Let touched customers lose what they lack; return the damaged firms and the widest step."""
    widest = 0.0
    for p in range(n_touched):
        j = work.touched[p]
        work.down[j, TOUCHED] = 0.0
        after = min(1.0, work.down[j, IN])
        step = after - work.down[j, LOSS]
        if step > 0.0:
            if work.down[j, LOSS] == 0.0:
                work.damaged[n_damaged] = j
                n_damaged += 1
            work.lost[net.sector[j]] += net.strength[j] * step
            work.down[j, LOSS] = after
            widest = max(widest, step)
    return n_damaged, widest


@kernel
def push_up(net: Links, work: Work, n_front: int) -> int:
    """Send what buyers no longer take to their suppliers; return the suppliers touched."""
    n_touched = 0
    for p in range(n_front):
        j = work.front[p]
        step = work.up[j, SENT]
        for link in range(net.up_ptr[j], net.up_ptr[j + 1]):
            i = net.suppliers[link]
            work.up[i, IN] += step * net.up_weights[link]
            if work.up[i, TOUCHED] == 0.0:
                work.up[i, TOUCHED] = 1.0
                work.touched[n_touched] = i
                n_touched += 1
    return n_touched


@kernel
def settle_up(
    rules: Rules, work: Work, ahead: Any, steps: int, n_touched: int, n_reached: int
) -> tuple[int, int, float]:
    """Let touched suppliers lose their sales; return the next front, the firms reached, the widest step.

    An increment too small to be pushed on leaves what it would still add to the index, by the step in which
    the cascade may end, in `correction`.
    """
    widest, n_front = 0.0, 0
    for p in range(n_touched):
        i = work.touched[p]
        work.up[i, TOUCHED] = 0.0
        before = work.up[i, LOSS]
        step = min(1.0, work.up[i, IN]) - before
        if step <= 0.0:
            continue
        if before == 0.0:
            work.reached[n_reached] = i
            n_reached += 1
        work.up[i, LOSS] = before + step
        widest = max(widest, step)
        if step > rules.least_up:
            work.up[i, SENT] = step
            work.front[n_front] = i
            n_front += 1
        else:
            for m in range(ahead.shape[1]):
                work.correction[steps + m] += step * ahead[i, m]
    return n_front, n_reached, widest


@kernel
def follow(net: Links, rules: Rules, work: Work, ahead: Any, n: int) -> tuple[int, int, int, int, float]:
    """Follow a failure of the first n firms of `damaged`; return damaged, reached, slots, steps, last width."""
    n_damaged, n_front, n_reached, n_used, steps, widest = n, n, n, 0, 0, 1.0
    while steps < rules.most and widest > rules.epsilon:
        steps += 1
        n_used, n_touched = push_down(net, rules, work, n_damaged, n_used)
        n_damaged, widest = settle_down(net, work, n_touched, n_damaged)
        n_touched = push_up(net, work, n_front)
        n_front, n_reached, wide = settle_up(rules, work, ahead, steps, n_touched, n_reached)
        widest = max(widest, wide)
    return n_damaged, n_reached, n_used, steps, widest


@kernel
def summarise(net: Links, work: Work, n_damaged: int, n_reached: int, row: Any) -> None:
    """Write the index, its downstream and upstream part, and the firms hit, into the row's first columns."""
    for p in range(n_damaged):
        i = work.damaged[p]
        down, up = work.down[i, LOSS], work.up[i, LOSS]
        row[0] += net.weight[i] * max(down, up)
        row[1] += net.weight[i] * down
        row[4] += max(down, up) >= HIT
    for p in range(n_reached):
        i = work.reached[p]
        up = work.up[i, LOSS]
        row[2] += net.weight[i] * up
        if work.down[i, LOSS] == 0.0:
            row[0] += net.weight[i] * up
            row[4] += up >= HIT


@kernel
def clear(net: Links, work: Work, n_damaged: int, n_reached: int, n_used: int) -> None:
    """Put the scratch arrays back to zero where they were used."""
    for p in range(n_damaged):
        i = work.damaged[p]
        work.lost[net.sector[i]] = 0.0
        work.down[i, :] = 0.0
    for p in range(n_reached):
        i = work.reached[p]
        work.up[i, :] = 0.0
    for p in range(n_used):
        work.filled[work.used_slots[p]] = 0.0
    work.correction[:] = 0.0


@kernel
def failures(
    net: Links, rules: Rules, work: Work, ahead: Any, firms: Any, remaining: Any, starts: Any, out: Any, losses: Any
) -> None:
    """Let each set of firms fail on its own: set b is firms[starts[b]:starts[b + 1]].

    `remaining` is what each keeps of its output. `out` (sets, 7) gets the index, its downstream and upstream
    part, the steps, the firms hit, the width of the last step, and what was summed instead of followed.
    `losses` (n, 2) keeps the losses of the last set where it has rows. `ahead` (n, h) is what a unit upstream
    increment adds to the index within 0 … h − 1 further steps; without columns nothing is corrected.
    """
    for b in range(starts.size - 1):
        n = 0
        for e in range(starts[b], starts[b + 1]):
            i, loss = firms[e], 1.0 - remaining[e]
            work.down[i, IN], work.down[i, LOSS] = loss, loss
            work.up[i, LOSS], work.up[i, SENT] = loss, loss
            work.lost[net.sector[i]] += net.strength[i] * loss
            work.damaged[n], work.front[n], work.reached[n] = i, i, i
            n += 1
        n_damaged, n_reached, n_used, steps, widest = follow(net, rules, work, ahead, n)
        out[b, :] = 0.0
        summarise(net, work, n_damaged, n_reached, out[b])
        out[b, 3], out[b, 5] = steps, widest
        if ahead.shape[1]:
            out[b, 0] += work.correction[steps]
            out[b, 2] += work.correction[steps]
            out[b, 6] = work.correction[steps]
        for i in range(losses.shape[0]):
            losses[i, 0], losses[i, 1] = work.down[i, LOSS], work.up[i, LOSS]
        clear(net, work, n_damaged, n_reached, n_used)


def scratch(net: Links, rules: Rules, horizon: int) -> Work:
    """Return fresh scratch arrays for one thread."""
    n = int(net.strength.size)
    slots = int(net.slots.max()) + 1 if net.slots.size else 1
    lists = [np.empty(n, np.int64) for _ in range(4)]
    steps = min(rules.most, 10_000) if horizon else 0
    return Work(
        down=np.zeros((n, 4)),
        up=np.zeros((n, 4)),
        filled=np.zeros(slots),
        lost=np.zeros(net.sector_strength.size),
        damaged=lists[0],
        touched=lists[1],
        front=lists[2],
        reached=lists[3],
        used_slots=np.empty(slots, np.int64),
        correction=np.zeros(steps + horizon + 1),
    )
