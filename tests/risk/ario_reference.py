"""The daily model written straight from its equations, with every order between two sectors: the tests' judge."""

from __future__ import annotations

from typing import Any

import numpy as np


def follow(
    z: Any, f: Any, good: Any, capacity: Any, days: int, inventory: float, restore: float, psi: float,
    most: float, stretch_days: float, orders_first: bool = False,
) -> Any:  # fmt: skip
    """Return production by day, (days + 1, n), for flows of a day z and f; good[i] is what sector i makes."""
    n = len(z)
    x0 = z.sum(axis=1) + f
    need = {(g, j): sum(z[i, j] for i in range(n) if good[i] == g) for g in set(good) for j in range(n)}
    stock = {key: inventory * amount for key, amount in need.items()}
    orders, stretch, path = z.copy(), np.ones(n), [x0]
    for day in range(1, days + 1):
        demand = orders.sum(axis=1) + f
        wanted = np.minimum(demand, x0 * capacity[day] * stretch)
        made = wanted.copy()
        for (g, j), amount in need.items():
            floor = psi * inventory * amount / x0[j] * wanted[j]
            if stock[g, j] < floor:
                made[j] = min(made[j], wanted[j] * stock[g, j] / floor)
        for (g, j), amount in need.items():
            if made[j] * amount / x0[j] > stock[g, j]:
                made[j] = min(made[j], stock[g, j] * x0[j] / amount)
        fill = np.array([made[i] / demand[i] if demand[i] > 0 else 1.0 for i in range(n)])
        first = np.array([min(1.0, made[i] / orders[i].sum()) if orders[i].sum() > 0 else 1.0 for i in range(n)])
        to_buyers = first if orders_first else fill
        after = np.zeros((n, n))
        for (g, j), amount in need.items():
            arrived = sum(orders[i, j] * to_buyers[i] for i in range(n) if good[i] == g)
            used = made[j] * amount / x0[j]
            stock[g, j] = max(0.0, stock[g, j] - used + arrived)
            target = inventory * amount / x0[j] * wanted[j]
            order = max(0.0, used + (target - stock[g, j]) / restore)
            for i in range(n):
                if good[i] == g and amount > 0:
                    after[i, j] = order * z[i, j] / amount
        orders = after
        for i in range(n):
            short = 1.0 - fill[i]
            pull = (most - stretch[i]) * short if short > 1e-12 else 1.0 - stretch[i]
            stretch[i] = max(1.0, stretch[i] + pull / stretch_days)
        path.append(made)
    return np.array(path)
