"""Weights of drawn links brought to what firms sell and buy and to the table's cells, by proportional fitting.

A drawn network has the table's flows on average over draws, not each time. Its weights are scaled in turn by
supplier, by buyer and by pair of industries, as in RAS (Stone, 1961; Bacharach, 1970), with the cells as a third
margin. Firms without a link can't be given money, nor can cells without a link; what is asked of the others is raised
so that their industry's total stays. Where few links carry much the three margins can't all be met: the cells come
last and are exact, and how far the firms are off is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from netcluster.core.engine import ordered_map
from netcluster.reconstruction.fitness import Array, Economy, Integers
from netcluster.reconstruction.sample import Drawn

#: Rounds at the most, the share of all sales that may be off, and the least a round must take of what is off.
ROUNDS, TOLERANCE, GAIN = 40, 1e-3, 0.03
#: A supplier's or buyer's links are scaled by no more than this factor, up or down.
MOST = 100.0
#: Pieces the links are passed over in; fixed, so that sums don't depend on the number of threads.
PIECES = 8


@dataclass(frozen=True, eq=False)
class Margins:
    """What is asked of n firms and, by industry, of cells: sales and purchases (n,), cells (k, k), industry (n,)."""

    sales: Array
    purchases: Array
    cells: Array
    industry: Integers


def margins(firms: Economy, *, cells: bool) -> Margins:
    """Return a table's margins; without `cells` all firms are one industry, whose one cell is all they trade."""
    industry = np.maximum(firms.industry, 0) if cells else np.zeros(firms.n, dtype=np.int64)
    flows = firms.cells if cells else firms.cells.sum().reshape(1, 1)
    return Margins(firms.sales, firms.purchases, flows, industry)


def less(asked: Margins, source: Integers, target: Integers, weight: Array) -> Margins:
    """Return the margins that links known beforehand leave to the others."""
    cells = asked.cells.copy()
    np.subtract.at(cells, (asked.industry[source], asked.industry[target]), weight)
    n = len(asked.sales)
    # What is left never falls to nothing, so that a drawn link keeps a weight.
    return Margins(
        np.maximum(asked.sales - np.bincount(source, weight, n), 1e-6 * asked.sales),
        np.maximum(asked.purchases - np.bincount(target, weight, n), 1e-6 * asked.purchases),
        np.maximum(cells, 1e-6 * asked.cells),
        asked.industry,
    )


def balance(drawn: Drawn, asked: Margins, *, rounds: int = ROUNDS, jobs: int = 1) -> tuple[Array, int, float]:
    """Return balanced weights of the links, the rounds it took, and the share of sales that was still off."""
    if not drawn.links:
        return drawn.weights, 0, 0.0
    return _Fitting(drawn, asked, jobs).run(rounds)


def cells_of(drawn: Drawn, industry: Integers, k: int) -> Array:
    """Return what industries sell to each other over the links, (k, k)."""
    from netcluster.reconstruction import _passes

    flows, n = np.zeros((k, k)), len(industry)
    net = _passes.Flows(
        drawn.starts, drawn.buyers, drawn.weights, _small(industry, k)[drawn.buyers], _small(industry, k)
    )
    _passes.sum_cells(net, 0, n, np.ones(n), np.ones(n), flows)
    return flows


def reachable(drawn: Drawn, asked: Margins) -> tuple[Array, Array]:
    """Return what is asked of firms that have links, sales and purchases: their industries' totals shared out."""
    return _reachable(drawn, asked, asked.cells * (cells_of(drawn, asked.industry, len(asked.cells)) > 0))


def _reachable(drawn: Drawn, asked: Margins, cells: Array) -> tuple[Array, Array]:
    sells = np.diff(drawn.starts) > 0
    buys = np.zeros(len(asked.sales), dtype=bool)
    buys[drawn.buyers] = True
    return (
        _shared(asked.sales * sells, asked.industry, cells.sum(axis=1)),
        _shared(asked.purchases * buys, asked.industry, cells.sum(axis=0)),
    )


class _Fitting:
    """The factors of suppliers, buyers and cells, and the passes over the links that set them."""

    def __init__(self, drawn: Drawn, asked: Margins, jobs: int) -> None:
        from netcluster.reconstruction import _passes

        self.links, self.jobs = drawn, jobs
        self.industry = asked.industry
        small = _small(asked.industry, len(asked.cells))
        self.net = _passes.Flows(drawn.starts, drawn.buyers, drawn.weights, small[drawn.buyers], small)
        n, k = len(asked.sales), len(asked.cells)
        self.rows, self.columns, self.factors = np.ones(n), np.ones(n), np.ones((k, k))
        cuts = np.searchsorted(drawn.starts, np.arange(1, PIECES) * (drawn.links / PIECES))
        edges = np.concatenate([[0], cuts, [n]])
        self.pieces = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
        self.cells = asked.cells * (self._flows() > 0)
        self.sales, self.purchases = _reachable(drawn, asked, self.cells)

    def run(self, rounds: int) -> tuple[Array, int, float]:
        """Fit, and return weights, rounds and what is still off."""
        from netcluster.reconstruction import _passes

        missed, before, done = 1.0, np.inf, 0
        while done < rounds and missed > TOLERANCE and (done < 3 or missed < (1 - GAIN) * before):
            done, before = done + 1, missed
            missed, bought = self._rows()
            np.divide(self.purchases, bought, out=self.columns, where=bought > 0)
            np.clip(self.columns, 1 / MOST, MOST, out=self.columns)
            flows = self._flows()
            self.factors = np.divide(self.cells, flows, out=np.zeros_like(flows), where=flows > 0)
        weights = np.empty_like(self.links.weights)
        for first, last in self.pieces:
            _passes.apply(self.net, first, last, self.rows, self.columns, self.factors, weights)
        return weights, done, missed

    def _rows(self) -> tuple[float, Array]:
        """Set the suppliers' factors; return what they were off before, as a share, and what buyers then buy."""
        from netcluster.reconstruction import _passes

        def sell(piece: tuple[int, int]) -> float:
            return _passes.balance_rows(self.net, *piece, self.rows, self.columns, self.factors, self.sales, MOST)

        def buy(piece: tuple[int, int]) -> Array:
            bought = np.zeros(len(self.rows))
            _passes.sum_columns(self.net, *piece, self.rows, self.factors, bought)
            return bought

        missed = sum(ordered_map(sell, self.pieces, jobs=self.jobs))
        total = np.zeros(len(self.rows))
        for bought in ordered_map(buy, self.pieces, jobs=self.jobs):
            total += bought
        return missed / self.sales.sum(), total

    def _flows(self) -> Array:
        from netcluster.reconstruction import _passes

        def work(piece: tuple[int, int]) -> Array:
            flows = np.zeros_like(self.factors)
            _passes.sum_cells(self.net, *piece, self.rows, self.columns, flows)
            return flows

        total = np.zeros_like(self.factors)
        for flows in ordered_map(work, self.pieces, jobs=self.jobs):
            total += flows
        return total


def _small(industry: Integers, k: int) -> Any:
    """Return industries in two bytes each where these hold them, since they are read once a link."""
    return industry.astype(np.uint16 if k < 1 << 16 else np.int64)


def _shared(weight: Array, industry: Integers, whole: Array) -> Array:
    """Return each industry's whole shared out among its firms by their weights."""
    base = np.bincount(industry, weight, whole.size)
    return weight * np.divide(whole, base, out=np.zeros_like(whole), where=base > 0)[industry]
