"""Compiled passes over drawn links that scale their weights to margins."""

from __future__ import annotations

from typing import Any

from netcluster.core.jit import kernel


@kernel
def balance_rows(
    ptr: Any, buyers: Any, base: Any, industry: Any, first: int, last: int, rows: Any, columns: Any, cells: Any,
    wanted: Any, most: float, missed: Any, bought: Any,
) -> None:  # fmt: skip
    """Set the factors of rows first … last − 1 to what they should sell, and add up what buyers then buy.

    `missed` takes by how much rows were off before, `bought` the sums by buyer, without the buyers' own factors.
    """
    for i in range(first, last):
        g, sold = industry[i], 0.0
        for link in range(ptr[i], ptr[i + 1]):
            j = buyers[link]
            sold += base[link] * columns[j] * cells[g, industry[j]]
        if sold == 0.0:
            continue
        missed[0] += abs(sold * rows[i] - wanted[i])
        rows[i] = min(max(wanted[i] / sold, 1.0 / most), most)
        for link in range(ptr[i], ptr[i + 1]):
            j = buyers[link]
            bought[j] += base[link] * rows[i] * cells[g, industry[j]]


@kernel
def sum_cells(
    ptr: Any, buyers: Any, base: Any, industry: Any, first: int, last: int, rows: Any, columns: Any, flows: Any
) -> None:
    """Add the flows of rows first … last − 1 up by industry of supplier and buyer."""
    for i in range(first, last):
        g = industry[i]
        for link in range(ptr[i], ptr[i + 1]):
            j = buyers[link]
            flows[g, industry[j]] += base[link] * rows[i] * columns[j]


@kernel
def apply(
    ptr: Any, buyers: Any, base: Any, industry: Any, first: int, last: int, rows: Any, columns: Any, cells: Any
) -> None:
    """Turn base weights of rows first … last − 1 into balanced ones, in place."""
    for i in range(first, last):
        g = industry[i]
        for link in range(ptr[i], ptr[i + 1]):
            j = buyers[link]
            base[link] *= rows[i] * columns[j] * cells[g, industry[j]]
