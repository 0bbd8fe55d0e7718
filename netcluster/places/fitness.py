"""Fitness of exporters and complexity of products by mutual iteration (Tacchella et al. 2012)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fitness:
    """Fitness of exporters and of products, each with mean 1; NaN for those without any advantage."""

    exporters: Array
    products: Array
    rounds: int
    converged: bool


def fitness(M: npt.ArrayLike | Any, *, iterations: int = 1000, tolerance: float = 1e-9) -> Fitness:
    """Return F ← M Q, Q ← 1 / (Mᵀ(1/F)), each divided by its mean, until nothing moves.

    Where M is far from nested some fitnesses fall towards 0 without end: the iteration stops at `iterations`, and
    `converged` is False.

    Examples
    --------
    Two exporters alike in two products have all equal to 1.

    >>> found = fitness([[1, 1], [1, 1]])
    >>> found.exporters.tolist(), found.products.tolist(), found.converged
    ([1.0, 1.0], [1.0, 1.0], True)
    """
    from scipy.sparse import csr_array

    matrix = csr_array(M if hasattr(M, "tocsr") else np.asarray(M, dtype=np.float64))
    n, m = matrix.shape
    rows = np.flatnonzero(np.asarray(matrix.sum(axis=1)) > 0)
    columns = np.flatnonzero(np.asarray(matrix.sum(axis=0)) > 0)
    exporters, products = np.full(n, np.nan), np.full(m, np.nan)
    if rows.size == 0:
        return Fitness(exporters, products, 0, True)
    kept = matrix[rows][:, columns]
    F, Q = np.ones(rows.size), np.ones(columns.size)
    done, count = False, 0
    while not done and count < iterations:
        count += 1
        up = kept @ Q
        # A fitness on its way to 0 must not reach it, as 1/F is needed.
        down = 1 / (kept.T @ (1 / np.maximum(F, 1e-300)))
        up, down = up / up.mean(), down / down.mean()
        done = bool(np.abs(up - F).max() < tolerance and np.abs(down - Q).max() < tolerance)
        F, Q = np.maximum(up, 1e-300), down
    exporters[rows], products[columns] = F, Q
    return Fitness(exporters, products, count, done)
