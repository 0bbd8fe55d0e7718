"""How alike two groupings of the same nodes are: adjusted Rand, adjusted mutual information, variation of information.

All take two label arrays of the same n nodes, do not mind what the labels are called, and count nodes, not money.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from netcluster.core.errors import NetclusterError

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def adjusted_rand(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Return the adjusted Rand index, 1 for the same grouping, about 0 for chance (Hubert and Arabie 1985).

    >>> adjusted_rand([1, 1, 2, 2], [5, 5, 3, 3]), adjusted_rand([1, 1, 2, 2], [1, 2, 1, 2])
    (1.0, -0.5)
    """
    cells, rows, columns = _table(first, second)
    n = rows.sum()
    together = _pairs(cells).sum()
    in_first, in_second, pairs = _pairs(rows).sum(), _pairs(columns).sum(), _pairs(n)
    if pairs == 0:
        return 1.0
    expected = in_first * in_second / pairs
    most = (in_first + in_second) / 2
    return 1.0 if most == expected else float((together - expected) / (most - expected))


def variation_of_information(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Return the variation of information in nats, 0 for the same grouping, at most ln n (Meilă 2007).

    H(X|Y) + H(Y|X).

    >>> round(variation_of_information([1, 1, 2, 2], [1, 1, 1, 1]), 6)
    0.693147
    """
    cells, rows, columns = _table(first, second)
    joint, one, two = (_entropy(counts) for counts in (cells, rows, columns))
    return max(float(2 * joint - one - two), 0.0)


def mutual_information(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Return the mutual information of two groupings, in nats."""
    cells, rows, columns = _table(first, second)
    return max(float(_entropy(rows) + _entropy(columns) - _entropy(cells)), 0.0)


def adjusted_mutual_information(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Return the mutual information adjusted for chance, over the mean of the entropies (Vinh, Epps and Bailey 2010).

    1 for the same grouping, about 0 where one says nothing of the other. It suits clusters of unlike sizes better
    than the Rand index does.

    >>> adjusted_mutual_information([1, 1, 2, 2], [2, 2, 1, 1])
    1.0
    """
    cells, rows, columns = _table(first, second)
    if rows.size == columns.size and rows.size in (1, rows.sum()):
        return 1.0
    shared = _entropy(rows) + _entropy(columns) - _entropy(cells)
    expected = _expected_information(rows, columns)
    mean = (_entropy(rows) + _entropy(columns)) / 2
    # Where both are as chance would have it there is nothing above or below the line but rounding.
    if abs(mean - expected) < 1e-15:
        return 0.0
    return float((shared - expected) / (mean - expected))


def _table(first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[Array, Array, Array]:
    """Return the non-empty cells of the two-way table, and the sizes of the groups of each grouping."""
    one, two = np.asarray(first), np.asarray(second)
    if one.shape != two.shape or one.ndim != 1:
        raise NetclusterError(f"Two groupings of the same nodes are needed; these are {one.shape} and {two.shape}.")
    one = np.unique(one, return_inverse=True)[1]
    two = np.unique(two, return_inverse=True)[1]
    width = int(two.max()) + 1 if two.size else 1
    cells = np.unique(one * width + two, return_counts=True)[1]
    return cells.astype(float), np.bincount(one).astype(float), np.bincount(two).astype(float)


def _pairs(counts: Array) -> Array:
    return np.asarray(counts * (counts - 1) / 2)


def _entropy(counts: Array) -> float:
    part = counts[counts > 0] / counts.sum()
    return float(-(part * np.log(part)).sum())


def _expected_information(rows: Array, columns: Array) -> float:
    """Return the mutual information expected of random groupings with these sizes (hypergeometric)."""
    n = float(rows.sum())
    total = 0.0
    # Groups of one size have the same terms: each pair of sizes is worked out once and counted.
    sizes, times = np.unique(rows, return_counts=True)
    others, other_times = np.unique(columns, return_counts=True)
    for a, many in zip(sizes, times, strict=True):
        for b, other_many in zip(others, other_times, strict=True):
            cell = np.arange(max(1.0, a + b - n), min(a, b) + 1)
            log_chance = (
                gammaln(a + 1) + gammaln(b + 1) + gammaln(n - a + 1) + gammaln(n - b + 1)
                - gammaln(n + 1) - gammaln(cell + 1) - gammaln(a - cell + 1) - gammaln(b - cell + 1)
                - gammaln(n - a - b + cell + 1)
            )  # fmt: skip
            terms = cell / n * np.log(n * cell / (a * b)) * np.exp(log_chance)
            total += float(many * other_many * terms.sum())
    return total
