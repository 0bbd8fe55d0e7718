"""One factorisation of I − A, shared: solves from either side, the inverse only for who needs all of it.

A is (n, n), dense or sparse: what sector i delivers per unit of output of sector j. Its powers must fade
(spectral radius below 1, the Hawkins–Simon condition); where they don't, the solve is refused, because a
Leontief inverse with negative entries is not a wrong digit but a wrong answer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError

if TYPE_CHECKING:
    import scipy.sparse as sp

Array = npt.NDArray[np.float64]


@contextlib.contextmanager
def blas_threads(threads: int | None) -> Iterator[None]:
    """Run the block with that many BLAS threads; None leaves them as they are."""
    if threads is None:
        yield
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=threads, user_api="blas"):
        yield


class Leontief:
    """The factored system I − A, for Leontief (column) and Ghosh (row) questions alike.

    Parameters
    ----------
    coefficients : (n, n) array or sparse array
        A: input of i per unit of output of j. It is not changed.

    Raises
    ------
    NetclusterError
        Where A has a value that is not finite, or its powers do not fade.

    Examples
    --------
    Miller and Blair (2009), chapter 2:

    >>> model = Leontief(np.array([[0.15, 0.25], [0.20, 0.05]]))
    >>> model.column_sums().round(4)
    array([1.5182, 1.4521])
    >>> model.solve(np.array([600.0, 1500.0])).round(1)
    array([1247.5, 1841.6])
    """

    def __init__(self, coefficients: Array | sp.sparray) -> None:
        import scipy.sparse as sp

        self.sparse: bool = sp.issparse(coefficients)
        self.n: int = coefficients.shape[0]
        matrix: Any = coefficients
        values = matrix.tocsr().data if self.sparse else matrix
        if not np.isfinite(values).all():
            raise NetclusterError(
                "The input coefficients hold a value that is not a number.",
                "Look for sectors with inputs but no output: netcluster inspect names them.",
            )
        self._a = matrix
        self._signed = bool((values < 0).any())
        self._check_productive()

    def _check_productive(self) -> None:
        """Raise where demand can't be met: some output needed for non-negative demand is negative.

        (I − A) with non-positive off-diagonal entries is productive exactly where one strictly positive
        demand has a strictly positive output (Hawkins and Simon 1949; an M-matrix). That holds for
        non-negative coefficients only: where a table has negative flows, only a singular system is refused.
        """
        output = self.solve(np.ones(self.n))
        if not np.isfinite(output).all() or (not self._signed and (output <= 0).any()):
            worst = int(np.nanargmin(np.where(np.isfinite(output), output, -np.inf)))
            raise NetclusterError(
                "The table can't meet its own demand: making one unit of output takes, over the whole chain,"
                f" more than one unit of inputs (Hawkins–Simon; sector number {worst + 1} shows it).",
                "Check the output row and column, and that the table is not transposed: netcluster inspect.",
            )

    @cached_property
    def _factor(self) -> Any:
        if self.sparse:
            import scipy.sparse as sp
            from scipy.sparse.linalg import splu

            return splu((sp.eye_array(self.n, format="csc") - self._a).tocsc())
        from scipy.linalg import lu_factor

        system = np.negative(self._a)
        system[np.diag_indices(self.n)] += 1.0
        return lu_factor(system, overwrite_a=True, check_finite=False)

    def solve(self, demand: Array, *, transpose: bool = False) -> Array:
        """Return x with (I − A) x = demand, or with `transpose` x (I − A) = demand, a column each."""
        rhs = np.asarray(demand, dtype=np.float64)
        if self.sparse:
            return np.asarray(self._factor.solve(rhs, trans="T" if transpose else "N"))
        from scipy.linalg import lu_solve

        return np.asarray(lu_solve(self._factor, rhs, trans=int(transpose), check_finite=False))

    def column_sums(self) -> Array:
        """Return the column sums of L = (I − A)⁻¹, the output multipliers, by one solve."""
        return self.solve(np.ones(self.n), transpose=True)

    def row_sums(self) -> Array:
        """Return the row sums of L by one solve."""
        return self.solve(np.ones(self.n))

    @cached_property
    def inverse(self) -> Array:
        """The whole L = (I − A)⁻¹, (n, n). Only for questions that need every entry."""
        return self.solve(np.eye(self.n))
