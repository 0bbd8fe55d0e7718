"""Compiled kernels of the daily model: what stocks allow, and how they move, slot by slot."""

from __future__ import annotations

from typing import Any

from netcluster.core.jit import kernel


@kernel
def limits(stock: Any, per_unit: Any, buyer: Any, wanted: Any, days: Any, limiting: Any, least: Any) -> None:
    """Lower `least`, (n,), to the part of `wanted` that the scarcest limiting stock allows.

    A stock of at least `days` days of use does not limit.
    """
    for s in range(stock.size):
        if limiting[s]:
            j = buyer[s]
            floor = per_unit[s] * wanted[j] * days[s]
            if stock[s] < floor:
                least[j] = min(least[j], stock[s] / floor)


@kernel
def restock(
    stock: Any,
    per_unit: Any,
    buyer: Any,
    need: Any,
    made: Any,
    wanted: Any,
    days: Any,
    restore: float,
    keep: bool,
    arriving: Any,
    ratio: Any,
) -> None:
    """Move stocks by what was used and what arrived, and put the next orders into `ratio`.

    `arriving` is what usual orders would have brought; `ratio` says how far the day's orders were from usual.
    """
    for s in range(stock.size):
        if need[s] <= 0.0:
            continue
        j = buyer[s]
        used = per_unit[s] * made[j]
        stock[s] = max(stock[s] - used + ratio[s] * arriving[s], 0.0)
        gap = (per_unit[s] * wanted[j] * days[s] - stock[s]) / restore
        if keep and gap < 0.0:
            gap = 0.0
        ratio[s] = max(used + gap, 0.0) / need[s]
