"""The Economic Systemic Risk Index written straight from its equations, dense and slow: the tests' judge.

Equations of Diem, Borsos, Reisch, Kertész and Thurner (2022), Scientific Reports 12:7719, section Methods.
W[i, j] is what firm i sells to firm j; e[k, l] says how important input industry k is to industry l.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def shares(w: Array, sector: Any, e: Any, revenue: Any = None, costs: Any = None) -> tuple[Array, Array]:
    """Return Λd and Λu, both [supplier, buyer]."""
    n = len(w)
    down, up = np.zeros((n, n)), np.zeros((n, n))
    outlet = w.sum(axis=1) if revenue is None else np.asarray(revenue, float)
    for i in range(n):
        for j in range(n):
            if not w[i, j]:
                continue
            kind = e[sector[i], sector[j]]
            if kind == 2:
                down[i, j] = w[i, j] / w[sector == sector[i], j].sum()
            elif kind == 1:
                down[i, j] = w[i, j] / w[:, j].sum()
            if costs is not None:
                down[i, j] *= w[:, j].sum() / costs[j]
            up[i, j] = w[i, j] / outlet[i]
    return down, up


def step(h: Array, psi: Array, w: Array, down: Array, sector: Any, e: Any, replaceability: bool) -> Array:
    """Return h^d one step on."""
    n, strength = len(w), w.sum(axis=1)
    sigma = np.ones(n)
    if replaceability:
        for i in range(n):
            alive = (strength * h)[sector == sector[i]].sum()
            sigma[i] = min(1.0, strength[i] / alive) if alive > 0 else 1.0
    after = np.empty(n)
    for j in range(n):
        essential, other = 1.0, 0.0
        for k in np.unique(sector):
            relative = 1.0 - (sigma * down[:, j] * (1.0 - h))[sector == k].sum()
            if e[k, sector[j]] == 2:
                essential = min(essential, relative)
            else:
                other += 1.0 - relative
        after[j] = max(0.0, min(psi[j], essential, 1.0 - other))
    return after


def esri(
    w: Array,
    sector: Any,
    e: Any,
    psi: Array,
    *,
    replaceability: bool = True,
    epsilon: float = 0.01,
    revenue: Any = None,
    costs: Any = None,
) -> tuple[float, float, float, int, Array, Array]:
    """Return the index, its downstream and upstream part, the steps T, and the final h^d and h^u."""
    down, up = shares(w, sector, e, revenue, costs)
    weight = w.sum(axis=1) / w.sum()
    h_down, h_up, steps = psi.copy(), psi.copy(), 0
    while True:
        next_down = step(h_down, psi, w, down, sector, e, replaceability)
        next_up = np.clip(np.minimum(psi, 1.0 - up @ (1.0 - h_up)), 0.0, None)
        widest = max((h_down - next_down).max(), (h_up - next_up).max())
        h_down, h_up, steps = next_down, next_up, steps + 1
        if widest <= epsilon:
            break
    worst = np.minimum(h_down, h_up)
    index, part_down, part_up = (float(weight @ (1.0 - h)) for h in (worst, h_down, h_up))
    return index, part_down, part_up, steps, h_down, h_up
