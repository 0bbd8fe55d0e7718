"""More partners for firms that can't sell or buy what they do by the links drawn for them.

Links that rise with size as slowly as in published networks leave some large firms with customers too few or too
small for what they sell, and so for purchases. Such a firm draws more, each with probability in proportion to what
the partner trades with its industry, until these could carry what it is short of. As many of the other links between
well-linked firms are taken out, so that the density stays. Both steps are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from netcluster.reconstruction.balance import Margins, reachable
from netcluster.reconstruction.fitness import Array, Integers
from netcluster.reconstruction.model import Model
from netcluster.reconstruction.sample import Drawn, inserted, kept, keys_of, row_sums

#: A firm is short where it misses this share of its own sales (purchases), and of the mean firm's.
OWN, MEAN = 0.1, 0.3
#: What a further link may carry at the least: a share of what the buyer buys, or of what the supplier sells.
CUSTOMER, SUPPLIER = 0.1, 0.25
#: Partners a firm draws on a side at the most.
DRAWS = 40
#: Links are taken out between firms that have at least so many on that side.
SPARE = 5

Pick = Callable[[Integers, np.random.Generator], tuple[Integers, Array]]


def more_partners(
    drawn: Drawn, model: Model, asked: Margins, rng: np.random.Generator, taken: Integers | None = None
) -> tuple[Drawn, int]:
    """Return links of which none is missed where it is needed most, and how many were added.

    `drawn` has weights balanced to the margins `asked` as far as they go. `taken` are pairs (supplier · n + buyer)
    that are known: they stay where they are among `drawn`, and are not drawn again.
    """
    n = model.n
    sales, purchases = reachable(drawn, asked)
    short_out = sales - row_sums(drawn)
    short_in = purchases - np.bincount(drawn.buyers, drawn.weights, n)
    seller, customer, sold = _drawn_by(short_out, sales, _customers(model, purchases), rng)
    buyer, supplier, bought = _drawn_by(short_in, purchases, _suppliers(model, sales), rng)
    fresh, first = np.unique(np.concatenate([seller * n + customer, supplier * n + buyer]), return_index=True)
    old = keys_of(drawn)
    # Each key stands in `old` between its places from the left and from the right, if at all.
    there = np.searchsorted(old, fresh, "right") > np.searchsorted(old, fresh)
    there |= fresh // n == fresh % n
    if taken is not None:
        there |= np.isin(fresh, taken)
    fresh, amount = fresh[~there], np.concatenate([sold, bought])[first[~there]]
    stays = _thinned(drawn, fresh.size, rng)
    if taken is not None:
        stays |= np.isin(old, taken)
    return inserted(kept(drawn, stays), fresh, amount), int(fresh.size)


def _drawn_by(short: Array, whole: Array, pick: Pick, rng: np.random.Generator) -> tuple[Integers, Integers, Array]:
    """Return the firms that are short, the partners they draw, and what the link is taken to carry."""
    least = np.maximum(OWN * whole, MEAN * whole.mean())
    left, active = short.copy(), np.flatnonzero(short > least)
    found = []
    for _ in range(DRAWS):
        if not active.size:
            break
        partner, most = pick(active, rng)
        amount = np.minimum(left[active], most)
        left[active] -= amount
        real = (amount > 0) & (partner != active)
        found.append((active[real], partner[real], amount[real]))
        active = active[left[active] > least[active]]
    if not found:
        nobody: Integers = np.zeros(0, dtype=np.int64)
        return nobody, nobody, np.zeros(0)
    firms, partners, amounts = (np.concatenate([part[k] for part in found]) for k in range(3))
    return firms, partners, amounts


def _customers(model: Model, purchases: Array) -> Pick:
    """Return how a supplier draws a customer: by what customers buy of its group."""
    slots, starts, ahead = _sorted_by(model.block, model.amount, model.money.shape[1])
    choose = _chooser(model.money * (ahead[starts[1:]] - ahead[starts[:-1]]))

    def pick(firms: Integers, rng: np.random.Generator) -> tuple[Integers, Array]:
        group = model.group[firms]
        block = choose(group, rng)
        slot = slots[_place(starts, ahead, block, rng)]
        customer = model.firm[slot]
        usual = 0.5 * model.amount[slot] * model.money[group, block]
        return customer, np.where(purchases[customer] > 0, np.maximum(usual, CUSTOMER * purchases[customer]), 0.0)

    return pick


def _suppliers(model: Model, sales: Array) -> Pick:
    """Return how a buyer draws a supplier: by what its block buys of groups, then by sales."""
    sellers, starts, ahead = _sorted_by(model.group, model.sales, len(model.money))
    choose = _chooser((model.money * (ahead[starts[1:]] - ahead[starts[:-1]] > 0)[:, None]).T)
    # Of several slots the one in which the firm buys most.
    largest = np.argsort(model.amount * model.money.sum(axis=0)[model.block], kind="stable")
    slot_of = np.zeros(model.n, dtype=np.int64)
    slot_of[model.firm[largest]] = largest

    def pick(firms: Integers, rng: np.random.Generator) -> tuple[Integers, Array]:
        slot = slot_of[firms]
        block = model.block[slot]
        group = choose(block, rng)
        supplier = sellers[_place(starts, ahead, group, rng)]
        usual = 0.5 * np.minimum(sales[supplier], model.amount[slot] * model.money[group, block])
        return supplier, np.where(sales[supplier] > 0, np.maximum(usual, SUPPLIER * sales[supplier]), 0.0)

    return pick


def _sorted_by(part: Integers, size: Array, parts: int) -> tuple[Integers, Integers, Array]:
    """Return the order by part, where each part starts (parts + 1), and the size ahead of each place (m + 1)."""
    order = np.argsort(part, kind="stable")
    starts = np.searchsorted(part[order], np.arange(parts + 1))
    return order, starts, np.concatenate([[0.0], np.cumsum(size[order])])


def _place(starts: Integers, ahead: Array, part: Integers, rng: np.random.Generator) -> Integers:
    """Return a place within each part, drawn by size."""
    low, high = ahead[starts[part]], ahead[starts[part + 1]]
    place = np.searchsorted(ahead, low + rng.random(part.size) * (high - low), side="right") - 1
    last = np.maximum(starts[part + 1] - 1, starts[part])
    return np.asarray(np.minimum(np.clip(place, starts[part], last), ahead.size - 2))


def _chooser(weights: Array) -> Callable[[Integers, np.random.Generator], Integers]:
    """Return how to draw, for given rows, a column by the row's weights."""
    rows, columns = weights.shape
    total = weights.sum(axis=1, keepdims=True)
    share = np.divide(np.cumsum(weights, axis=1), total, out=np.ones_like(weights), where=total > 0)
    flat: Any = (share + np.arange(rows)[:, None]).ravel()

    def choose(row: Integers, rng: np.random.Generator) -> Integers:
        column = np.searchsorted(flat, row + rng.random(row.size), side="right") - row * columns
        return np.asarray(np.minimum(column, columns - 1))

    return choose


def _thinned(drawn: Drawn, surplus: int, rng: np.random.Generator) -> Any:
    """Return which links stay when about `surplus` of those between well-linked firms are taken out."""
    customers = np.diff(drawn.starts)
    suppliers = np.bincount(drawn.buyers, minlength=customers.size)
    spare = np.repeat(customers >= SPARE, customers) & (suppliers >= SPARE)[drawn.buyers]
    share = min(1.0, surplus / max(int(spare.sum()), 1))
    return ~(spare & (rng.random(drawn.links) < share))
