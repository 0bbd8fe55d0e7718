"""One factorisation of I − A, shared: solves from either side, the inverse only for who needs all of it.

A is (n, n), dense or sparse: what sector i delivers per unit of output of sector j. Its powers must fade
(spectral radius below 1, the Hawkins–Simon condition); where they don't, the solve is refused, because a
Leontief inverse with negative entries is not a wrong digit but a wrong answer.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
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
        A: input of i per unit of output of j.
    overwrite : bool
        Factor in the memory of `coefficients` (a writable array in Fortran order), which is then lost: a
        table of 10,000 sectors needs one matrix instead of two.

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

    def __init__(self, coefficients: Array | sp.sparray, *, overwrite: bool = False) -> None:
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
        self._overwrite = overwrite
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
        from scipy.linalg import LinAlgWarning, lu_factor

        # LAPACK works on columns: anything but Fortran order would be copied once more.
        system = np.negative(self._a, out=self._a) if self._overwrite else np.negative(self._a, order="F")
        system = np.asfortranarray(system)
        system[np.diag_indices(self.n)] += 1.0
        self._a = None
        with warnings.catch_warnings():
            # A singular system is told by its first solve, in words that name the sector.
            warnings.simplefilter("ignore", LinAlgWarning)
            return lu_factor(system, overwrite_a=True, check_finite=False)

    def solve(self, demand: Array, *, transpose: bool = False) -> Array:
        """Return x with (I − A) x = demand, or with `transpose` x (I − A) = demand, a column each."""
        rhs = np.asarray(demand, dtype=np.float64)
        if self.sparse:
            return np.asarray(self._factor.solve(rhs, trans="T" if transpose else "N"))
        from scipy.linalg import lu_solve

        factors, pivots = self._factor
        # LAPACK's wrapper counts the pivots up and down again in place, under the eyes of other threads.
        return np.asarray(lu_solve((factors, pivots.copy()), rhs, trans=int(transpose), check_finite=False))

    def column_sums(self) -> Array:
        """Return the column sums of L = (I − A)⁻¹, the output multipliers, by one solve."""
        return self.solve(np.ones(self.n), transpose=True)

    def row_sums(self) -> Array:
        """Return the row sums of L by one solve."""
        return self.solve(np.ones(self.n))

    @cached_property
    def inverse(self) -> Array:
        """The whole L = (I − A)⁻¹, (n, n). Only for questions that need every entry."""
        if self.sparse:
            return self.solve(np.eye(self.n))
        from scipy.linalg import lu_solve

        unit = np.asfortranarray(np.eye(self.n))
        return np.asarray(lu_solve(self._factor, unit, overwrite_b=True, check_finite=False))

    def inverse_diagonal(self, width: int = 512, whole: int = 5000) -> Array:
        """Return the diagonal of L, (n,), keeping no L: in blocks of `width` columns, O(n · width) memory.

        Up to `whole` sectors all columns are solved at once, which needs one more matrix and half the time.
        In blocks, L[j, j] is row j of U⁻¹ times column j of the lower factor's inverse; both are zero before their
        own place, so each block is solved from there on, in a third of the work of all columns of L.
        """
        if self.sparse:
            blocks = range(0, self.n, width)
            return np.concatenate(
                [_diagonal_of(self.solve, start, min(start + width, self.n), self.n) for start in blocks]
            )
        if self.n <= whole:
            from scipy.linalg import lu_solve

            unit = np.asfortranarray(np.eye(self.n))
            return np.diagonal(lu_solve(self._factor, unit, overwrite_b=True, check_finite=False)).copy()
        factors, pivots = self._factor
        place = _places(pivots)
        diagonal = np.empty(self.n)
        for start in range(0, self.n, width):
            columns = np.arange(start, min(start + width, self.n))
            first = int(min(start, place[columns].min()))
            lower = _unit_columns(place[columns] - first, self.n - first)
            upper = _unit_columns(columns - first, self.n - first)
            _substitute(factors, lower, first, width, transposed=False)
            _substitute(factors, upper, first, width, transposed=True)
            diagonal[columns] = np.einsum("ij,ij->j", lower, upper)
        return diagonal


def series_sum(
    step: Callable[[Array], Array], start: Array, *, tolerance: float = 1e-13, most: int = 500
) -> Array | None:
    """Return start + step(start) + step(step(start)) + …, or None where the terms don't fade in `most` steps.

    The rest left out is bounded by the geometric series of the last ratio of terms, and kept below
    `tolerance` of the sum. For a product with A this is a column of L = I + A + A² + … without a factor.

    >>> series_sum(lambda term: 0.5 * term, np.array([1.0])).round(9)
    array([2.])
    """
    total, term = start.astype(np.float64), start
    size = float(np.abs(term).max(initial=0.0))
    for _ in range(most):
        with np.errstate(over="ignore", invalid="ignore"):
            term = step(term)
            total += term
        before, size = size, float(np.abs(term).max(initial=0.0))
        if not np.isfinite(size):
            return None
        ratio = size / before if before > 0 else 0.0
        if ratio < 1 and size * ratio / (1 - ratio) <= tolerance * np.abs(total).max(initial=0.0):
            return total
    return None


def _places(pivots: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return the row each unit vector moves to under LAPACK's successive row exchanges."""
    order = np.arange(len(pivots))
    for row, other in enumerate(pivots):
        order[row], order[other] = order[other], order[row]
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return place


def _unit_columns(rows: npt.NDArray[np.intp], n: int) -> Array:
    block = np.zeros((n, len(rows)))
    block[rows, np.arange(len(rows))] = 1.0
    return block


def _substitute(factors: Array, block: Array, first: int, width: int, *, transposed: bool) -> None:
    """Solve with the lower factor, or with the transposed upper one, in place, from row `first` on."""
    from scipy.linalg import solve_triangular

    n = len(factors)
    for start in range(first, n, width):
        stop = min(start + width, n)
        here = slice(start - first, stop - first)
        corner = factors[start:stop, start:stop]
        block[here] = solve_triangular(
            corner,
            block[here],
            lower=not transposed,
            trans=int(transposed),
            unit_diagonal=not transposed,
            check_finite=False,
        )
        if stop < n:
            rest = factors[start:stop, stop:].T if transposed else factors[stop:, start:stop]
            block[stop - first :] -= rest @ block[here]


def _diagonal_of(solve: Callable[[Array], Array], start: int, stop: int, n: int) -> Array:
    columns = solve(_unit_columns(np.arange(start, stop), n))
    return np.asarray(columns[np.arange(start, stop), np.arange(stop - start)])
