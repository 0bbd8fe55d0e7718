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
    net: Flows, first: int, last: int, rows: Any, columns: Any, cells: Any, wanted: Any, most: float
) -> float:
    """Set the factors of rows first … last − 1 to what they should sell; return by how much they were off before."""
    buyers, base, cell, missed = net.buyers, net.base, net.cell, 0.0
    for i in range(first, last):
        group, sold = net.industry[i], 0.0
        for link in range(net.starts[i], net.starts[i + 1]):
            sold += base[link] * columns[buyers[link]] * cells[group, cell[link]]
        if sold == 0.0:
            continue
        missed += abs(sold * rows[i] - wanted[i])
        rows[i] = min(max(wanted[i] / sold, 1.0 / most), most)
    return missed


@kernel
def sum_columns(net: Flows, first: int, last: int, rows: Any, cells: Any, bought: Any) -> None:
    """Add to `bought` what buyers buy from rows first … last − 1, without the buyers' own factors.

    A pass of its own: to read the buyers' factors and write their sums in turns takes three times as long, as both are
    looked up all over memory.
    """
    buyers, base, cell = net.buyers, net.base, net.cell
    for i in range(first, last):
        group, row = net.industry[i], rows[i]
        for link in range(net.starts[i], net.starts[i + 1]):
            bought[buyers[link]] += base[link] * row * cells[group, cell[link]]


@kernel
def sum_cells(net: Flows, first: int, last: int, rows: Any, columns: Any, flows: Any) -> None:
    """Add the flows of rows first … last − 1 up by industry of supplier and buyer."""
    buyers, base, cell = net.buyers, net.base, net.cell
    for i in range(first, last):
        group, row = net.industry[i], rows[i]
        for link in range(net.starts[i], net.starts[i + 1]):
            flows[group, cell[link]] += base[link] * row * columns[buyers[link]]


@kernel
def apply(net: Flows, first: int, last: int, rows: Any, columns: Any, cells: Any, weights: Any) -> None:
    """Write the balanced weights of rows first … last − 1."""
    buyers, base, cell = net.buyers, net.base, net.cell
    for i in range(first, last):
        group, row = net.industry[i], rows[i]
        for link in range(net.starts[i], net.starts[i + 1]):
            weights[link] = base[link] * row * columns[buyers[link]] * cells[group, cell[link]]
