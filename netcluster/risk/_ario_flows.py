"""Orders and deliveries of one day: the two products of the daily model, on dense tables and on sparse networks.

A slot is a good that a buyer uses, from all its suppliers together. Amounts by slot are flat arrays; `buyer`
says whose slot it is.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Products(Protocol):
    """What suppliers are asked for and what buyers get; flows are a usual day's, (n, n)."""

    def ordered(self, ratio: Array) -> Array:
        """Return the orders at each supplier, (n,), where each slot orders `ratio` times the usual."""

    def arriving(self, served: Array) -> Array:
        """Return what a usual day's orders bring each slot where suppliers deliver the part `served`."""


class DenseProducts:
    """Flows of a table: rows of one good stand together, goods with as many suppliers are one stack."""

    def __init__(self, flows: Array, goods: Integers) -> None:
        self._n = len(flows)
        counts = np.bincount(goods)
        self._stacks = []
        for size in np.unique(counts).tolist():
            chosen = np.flatnonzero(counts == size)
            rows = np.stack([np.flatnonzero(goods == g) for g in chosen])
            self._stacks.append((chosen, rows, np.ascontiguousarray(flows[rows])))
        self._goods = counts.size

    def ordered(self, ratio: Array) -> Array:
        by_good = ratio.reshape(self._goods, self._n)
        out = np.empty(self._n)
        for goods, rows, stack in self._stacks:
            out[rows] = (stack @ by_good[goods][:, :, None])[:, :, 0]
        return out

    def arriving(self, served: Array) -> Array:
        out = np.empty((self._goods, self._n))
        for goods, rows, stack in self._stacks:
            out[goods] = (served[rows][:, None, :] @ stack)[:, 0, :]
        return out.ravel()


class SparseProducts:
    """Flows of a network, link by link: `slot` gives each link the slot it fills."""

    def __init__(self, supplier: Integers, slot: Integers, amount: Array, n: int, slots: int) -> None:
        import scipy.sparse as sp

        self._out: Any = sp.csr_array((amount, (supplier, slot)), shape=(n, slots))
        self._back: Any = self._out.T.tocsr()

    def ordered(self, ratio: Array) -> Array:
        return np.asarray(self._out @ ratio)

    def arriving(self, served: Array) -> Array:
        return np.asarray(self._back @ served)
