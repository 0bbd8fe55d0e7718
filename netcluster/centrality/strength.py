"""Strength and degree: how much, and with how many."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def strengths(matrix: Any) -> tuple[Array, Array]:
    """Return (in, out): the column and row sums of weights, own deliveries included, in the layer's unit.

    `matrix` is (n, n), sparse, [i, j] what i sells to j (Barrat et al. 2004).

    >>> import scipy.sparse as sp
    >>> strengths(sp.csr_array([[1.0, 2.0], [0.0, 4.0]]))
    (array([1., 6.]), array([3., 4.]))
    """
    return np.asarray(matrix.sum(axis=0)).ravel(), np.asarray(matrix.sum(axis=1)).ravel()


def degrees(matrix: Any) -> tuple[Integers, Integers]:
    """Return (in, out): how many suppliers and how many buyers other than itself each node has.

    >>> import scipy.sparse as sp
    >>> degrees(sp.csr_array([[1.0, 2.0], [0.0, 4.0]]))
    (array([0, 1]), array([1, 0]))
    """
    n = matrix.shape[0]
    loops = (matrix.diagonal() != 0).astype(np.int64)
    csr = matrix.tocsr()
    out = np.diff(csr.indptr).astype(np.int64) - loops
    into = np.bincount(csr.indices, minlength=n).astype(np.int64) - loops
    return into, out
