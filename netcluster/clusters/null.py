"""Networks without clusters that keep what is not in question: each node's sales, purchases and own use.

Modularity found in pure noise is far from 0 where flows are unequal, so a grouping says something only beside what
the same search finds in these. Own use (the diagonal) is held: it stays inside in any grouping, and a null that
spread it out would call every table clustered.

* A dense table: flows proportional to sales and purchases, times the table's own residuals in a random order, as
  far spread as in the table, brought back to the margins by iterative proportional fitting.
* Sparse links: links of like weight swap their buyers (`rewiring`), so each node keeps its number of suppliers and of
  customers, what it sells, and nearly what it buys.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from netcluster.clusters.quality import summed
from netcluster.clusters.rewiring import Rewiring

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Kind = Literal["residuals", "rewired"]

#: From this share of possible links upwards a network is a table and its residuals are permuted; ours.
DENSE = 0.2
_FIT_ROUNDS = 50
_PILOTS, _HALVINGS, _LARGE = 4, 8, 100_000
_POWERS = (0.5, 2.5)
_FIT_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class NullModel:
    """Draws of the null of one network; `flows` is its (n, n) `csr_array`, symmetric where `directed` is false."""

    flows: Any
    directed: bool = True

    @cached_property
    def kind(self) -> Kind:
        """How draws are made: "residuals" of a dense table permuted, or sparse links "rewired"."""
        n = self.flows.shape[0]
        return "residuals" if n > 1 and self._rows.size >= DENSE * n * (n - 1) else "rewired"

    @cached_property
    def _cells(self) -> tuple[Index, Index, Array]:
        """Return the links but own use; of an undirected network each once."""
        links = self.flows.tocoo()
        rows, columns = (index.astype(np.int64) for index in links.coords)
        kept = rows != columns if self.directed else rows < columns
        return rows[kept], columns[kept], links.data[kept]

    @cached_property
    def _rows(self) -> Index:
        return self._cells[0] if self.directed else np.concatenate(self._cells[:2])

    @cached_property
    def _margins(self) -> tuple[Array, Array]:
        n = self.flows.shape[0]
        rows, columns, data = self._both(*self._cells)
        return summed(rows, data, n), summed(columns, data, n)

    def _both(self, rows: Index, columns: Index, data: Array) -> tuple[Index, Index, Array]:
        if self.directed:
            return rows, columns, data
        return np.concatenate([rows, columns]), np.concatenate([columns, rows]), np.concatenate([data, data])

    @cached_property
    def _table(self) -> tuple[Index, Array, Array]:
        """Return the cells (of n² in a row) that could hold a flow, one direction of a pair; E; and the residuals."""
        sold, bought = self._margins
        n = sold.size
        seller, buyer = _quasi_independent(sold, bought)
        expected = np.outer(seller, buyer)
        np.fill_diagonal(expected, 0.0)
        if not self.directed:
            expected = (expected + expected.T) / 2
        cells = np.flatnonzero(expected if self.directed else np.triu(expected, 1))
        there = np.zeros((n, n))
        there[self._cells[0], self._cells[1]] = self._cells[2]
        return cells, expected, there.ravel()[cells] / expected.ravel()[cells]

    def prepare(self) -> None:
        """Work out what all draws share, before it is sent to those who draw."""
        _ = self._spread if self.kind == "residuals" else self._links

    def draw(self, rng: np.random.Generator) -> Any:
        """Return one draw, an (n, n) `csr_array`."""
        diagonal = sp.diags_array(self.flows.diagonal(), format="csr")
        if self.kind == "residuals":
            drawn = sp.csr_array(self._fitted(rng.permutation(self._table[2]) ** self._spread))
        else:
            rows, columns, data = self._both(*self._links.rewired(rng), self._cells[2])
            drawn = sp.csr_array((data, (rows, columns)), shape=self.flows.shape)
        return sp.csr_array(drawn + diagonal) if diagonal.data.any() else drawn

    def _fitted(self, residual: Array) -> Array:
        """Return the (n, n) flows with these residuals, brought to the margins."""
        cells, expected, _ = self._table
        flows = np.zeros(expected.size)
        flows[cells] = residual
        square = flows.reshape(expected.shape)
        if not self.directed:
            square += square.T
        square *= expected
        _fit(square, *self._margins, symmetric=not self.directed)
        return square

    @cached_property
    def _spread(self) -> float:
        """Return the power of the residuals at which draws depart from proportional flows as far as the table does.

        Fitting to the margins evens residuals out, in a draw a second time: drawn as they are, tables of pure noise
        would stand above their own null in half of all cases. How far is measured in squares, by which the best
        modularity of a random matrix goes.
        """
        cells, expected, residual = self._table
        even = expected.ravel()[cells]
        goal = _departure(even * residual, even)
        # In a large table one draw says as much as many in a small one.
        pilots = [
            np.random.default_rng(at).permutation(residual) for at in range(_PILOTS if cells.size < _LARGE else 1)
        ]
        low, high = _POWERS
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            reached = np.mean([_departure(self._fitted(pilot**middle).ravel()[cells], even) for pilot in pilots])
            low, high = (middle, high) if reached < goal else (low, middle)
        return (low + high) / 2

    @cached_property
    def _links(self) -> Rewiring:
        return Rewiring(*self._cells, self.flows.shape[0], directed=self.directed)


def _departure(flows: Array, expected: Array) -> float:
    return float(((flows / flows.sum() - expected / expected.sum()) ** 2).sum())


def _quasi_independent(sold: Array, bought: Array) -> tuple[Array, Array]:
    """Return a, b with a_i b_j (i ≠ j) adding up to the margins: proportional flows without own use."""
    buyer = bought.copy()
    seller = sold.copy()
    for _ in range(_FIT_ROUNDS):
        seller = _ratio(sold, buyer.sum() - buyer)
        buyer = _ratio(bought, seller.sum() - seller)
    return seller, buyer


def _fit(flows: Array, sold: Array, bought: Array, *, symmetric: bool) -> None:
    """Scale rows and columns in place until they have the margins, or the rounds are used up."""
    for _ in range(_FIT_ROUNDS):
        rows = flows.sum(axis=1)
        if np.abs(rows - sold).sum() <= _FIT_TOLERANCE * sold.sum():
            break
        scale = _ratio(sold, rows)
        if symmetric:
            root = np.sqrt(scale)
            flows *= root[:, None]
            flows *= root[None, :]
        else:
            flows *= scale[:, None]
            flows *= _ratio(bought, flows.sum(axis=0))[None, :]


def _ratio(above: Array, below: Array) -> Array:
    return np.asarray(np.divide(above, below, out=np.zeros_like(above), where=below > 0))
