"""Sparse links drawn anew: links of like weight swap their buyers, large with small as the whole network has them.

A null of links must keep what makes flows unequal, or it finds clusters of its own: where a link of a giant comes to a
small buyer, that buyer hangs on the giant, and stars of such make a modularity far above that of any network. So

* two links swap buyers only where their weights are within a factor of 1.5 (`WIDTH`): each node keeps its numbers of
  suppliers and customers and what it sells, and what it buys but for that factor;
* and as likely as weights in proportion to the sizes of both ends have it. A link of one weight may join a giant to a
  small buyer or two of middling size, hardly two giants: with ln w_ij = a_i + b_j + e, e normal of variance s², a swap
  of links (i, j) and (k, l) of one weight changes the likelihood by exp((a_i − a_k)(b_j − b_l) / s²), by which it is
  taken or not (Metropolis and others 1953). Without this, networks without clusters would pass for clustered.

Swaps that keep degrees are those of Maslov and Sneppen (2002); the weights' part is ours.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.clusters.quality import summed

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

#: Links are of like weight within this, in ln; ours.
WIDTH = np.log(1.5)
#: Rounds of swaps: each link is proposed once a round.
ROUNDS = 10
_FIT_ROUNDS = 20


class Rewiring:
    """The links of one network of n nodes and how likely each is to swap; `rewired` gives their ends drawn anew."""

    def __init__(self, rows: Index, columns: Index, data: Array, n: int, *, directed: bool = True) -> None:
        self.rows, self.columns, self.n, self.directed = rows, columns, n, directed
        self.logs = np.log(data / data.max()) if data.size else np.zeros(0)
        sellers, buyers, logs = (rows, columns, self.logs)
        if not directed:
            sellers, buyers, logs = np.r_[rows, columns], np.r_[columns, rows], np.r_[logs, logs]
        self.seller, self.buyer, self.noise = sizes(sellers, buyers, logs, n)

    def rewired(self, rng: np.random.Generator) -> tuple[Index, Index]:
        """Return the sellers and the buyers of the links, in their order, after all rounds of swaps."""
        rows, columns = self.rows.copy(), self.columns.copy()
        strata = np.floor(self.logs / WIDTH + rng.random())
        for _ in range(ROUNDS):
            if not self.directed:
                flip = rng.random(rows.size) < 0.5
                rows[flip], columns[flip] = columns[flip], rows[flip]
            self._swap(rows, columns, strata, rng)
        return rows, columns

    def _swap(self, rows: Index, columns: Index, strata: Array, rng: np.random.Generator) -> None:
        """Let links swap their buyers in random pairs, in place, where that makes no loop and no link twice."""
        order = np.argsort(strata + rng.random(strata.size))
        half = order.size // 2
        one, two = order[: 2 * half : 2], order[1 : 2 * half : 2]
        gain = self.seller[rows[one]] - self.seller[rows[two]]
        gain *= (self.buyer[columns[one]] - self.buyer[columns[two]]) / self.noise
        allowed = (strata[one] == strata[two]) & (np.log1p(-rng.random(half)) < gain)
        allowed &= (rows[one] != columns[two]) & (rows[two] != columns[one])
        one, two = one[allowed], two[allowed]
        fresh = self._fresh(rows, columns, np.r_[rows[one], rows[two]], np.r_[columns[two], columns[one]])
        fresh = fresh[: one.size] & fresh[one.size :]
        one, two = one[fresh], two[fresh]
        columns[one], columns[two] = columns[two], columns[one]

    def _fresh(self, rows: Index, columns: Index, proposed_rows: Index, proposed_columns: Index) -> Any:
        """Return which proposed links are neither there nor proposed twice."""
        keys = np.sort(self._keys(rows, columns))
        unique, where, times = np.unique(
            self._keys(proposed_rows, proposed_columns), return_inverse=True, return_counts=True
        )
        spot = np.minimum(np.searchsorted(keys, unique), keys.size - 1)
        return ((times == 1) & (keys[spot] != unique))[where] if unique.size else np.zeros(0, dtype=bool)

    def _keys(self, rows: Index, columns: Index) -> Index:
        if self.directed:
            return rows * self.n + columns
        return np.minimum(rows, columns) * self.n + np.maximum(rows, columns)


def sizes(rows: Index, columns: Index, logs: Array, n: int) -> tuple[Array, Array, float]:
    """Return a (n,), b (n,) and s² of ln w_ij = a_i + b_j + e, e normal of variance s².

    Both are drawn from a normal distribution themselves, whose variance is estimated with them: the fewer links a node
    has, the nearer its value is to 0, so that the noise of a single link is not taken for the size of its ends.
    """
    seller, buyer = np.zeros(n), np.zeros(n)
    centred = logs - logs.mean() if logs.size else logs
    noise = float(centred.var()) / 3 if logs.size else 0.0
    if not noise > 1e-12:
        return seller, buyer, 1.0
    spread_seller = spread_buyer = noise
    sold, bought = np.bincount(rows, minlength=n), np.bincount(columns, minlength=n)
    for _ in range(_FIT_ROUNDS):
        seller, spread_seller, own = _shrunk(rows, centred - buyer[columns], sold, noise, spread_seller)
        buyer, spread_buyer, other = _shrunk(columns, centred - seller[rows], bought, noise, spread_buyer)
        left = centred - seller[rows] - buyer[columns]
        noise = max(float((left**2).sum()) / max(logs.size - own - other, 1.0), 1e-3 * noise)
    return seller, buyer, noise


def _shrunk(index: Index, values: Array, links: Index, noise: float, spread: float) -> tuple[Array, float, float]:
    """Return the mean of each node's values drawn towards 0, the variance of these means, and how many they stand for.

    One step of expectation and maximisation for a model of random effects (Dempster, Laird and Rubin 1977).
    """
    below = links + noise / spread
    found = summed(index, values, links.size) / below
    unsure, linked = noise / below, links > 0
    many = float((1 - unsure[linked] / spread).sum())
    return found, max(float((found[linked] ** 2 + unsure[linked]).mean()), 1e-9), many
