"""Compiled passes over drawn links that scale their weights to margins.

`cell` is the buyer's industry, link by link: looked up once, it is read in order ever after.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from netcluster.core.jit import kernel


class Flows(NamedTuple):
    """Links row by row: `starts`, `buyers`, base weights, the buyer's industry of each; the suppliers' `industry`."""

    starts: Any
    buyers: Any
    base: Any
    cell: Any
    industry: Any


@kernel
def balance_rows(
    net: Flows, first: int, last: int, rows: Any, columns: Any, cells: Any, wanted: Any, most: float, bought: Any
) -> float:
    """Set the factors of rows first … last − 1 to what they should sell, and add up what buyers then buy.

    `bought` takes the sums by buyer, without the buyers' own factors. Returns by how much rows were off before.
    """
    buyers, base, cell, missed = net.buyers, net.base, net.cell, 0.0
    for i in range(first, last):
        begin, end, sold = net.starts[i], net.starts[i + 1], 0.0
        factors = cells[net.industry[i]]
        for link in range(begin, end):
            sold += base[link] * columns[buyers[link]] * factors[cell[link]]
        if sold == 0.0:
            continue
        missed += abs(sold * rows[i] - wanted[i])
        rows[i] = min(max(wanted[i] / sold, 1.0 / most), most)
        for link in range(begin, end):
            bought[buyers[link]] += base[link] * rows[i] * factors[cell[link]]
    return missed


@kernel
def sum_cells(net: Flows, first: int, last: int, rows: Any, columns: Any, flows: Any) -> None:
    """Add the flows of rows first … last − 1 up by industry of supplier and buyer."""
    buyers, base, cell = net.buyers, net.base, net.cell
    for i in range(first, last):
        sums, row = flows[net.industry[i]], rows[i]
        for link in range(net.starts[i], net.starts[i + 1]):
            sums[cell[link]] += base[link] * row * columns[buyers[link]]


@kernel
def apply(net: Flows, first: int, last: int, rows: Any, columns: Any, cells: Any, weights: Any) -> None:
    """Write the balanced weights of rows first … last − 1."""
    buyers, base, cell = net.buyers, net.base, net.cell
    for i in range(first, last):
        factors, row = cells[net.industry[i]], rows[i]
        for link in range(net.starts[i], net.starts[i + 1]):
            weights[link] = base[link] * row * columns[buyers[link]] * factors[cell[link]]
