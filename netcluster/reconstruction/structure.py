"""Figures of a firm network's shape: slopes, tails, reciprocity, assortativity, clustering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from netcluster.reconstruction.fitness import Array, Integers
from netcluster.reconstruction.sample import Drawn

#: Links looked at for reciprocity, and pairs of partners for clustering, at the most.
LINKS, PAIRS = 1_000_000, 200_000
#: The tail of a distribution: the largest this part of the firms with links, and no fewer than so many.
TAIL, TAIL_LEAST = 0.02, 50


@dataclass(frozen=True, eq=False)
class Shape:
    """Degrees of n firms and what follows from who is linked with whom."""

    customers: Integers
    suppliers: Integers
    reciprocity: float
    reciprocity_links: int
    assortativity: float
    clustering: float
    clustering_pairs: int


def shape(drawn: Drawn) -> Shape:
    """Return a network's degrees, reciprocity, assortativity and clustering; large ones are sampled, always alike."""
    from netcluster.reconstruction import _structure

    starts, buyers = drawn.starts, drawn.buyers
    n = drawn.n
    customers, suppliers = np.diff(starts), np.bincount(buyers, minlength=n).astype(np.int64)
    into = np.concatenate([[0], np.cumsum(suppliers)])
    sellers = np.empty(drawn.links, dtype=np.int32)
    _structure.suppliers_of(starts, buyers, into, sellers)
    seen, found = _structure.mutual(starts, buyers, max(1, -(-drawn.links // LINKS)))
    degree = (customers + suppliers).astype(np.float64)
    heavy = np.cumsum(degree * (degree - 1))
    pairs, shut = 0, 0
    if n and heavy[-1] > 0:
        pairs, shut = _structure.closed(starts, buyers, into, sellers, heavy, PAIRS, np.uint64(0))
    return Shape(
        customers, suppliers, _ratio(found, seen), seen, _assortativity(drawn, degree), _ratio(shut, pairs), pairs
    )


def _assortativity(drawn: Drawn, degree: Array) -> float:
    """Return the correlation of the degrees at the two ends of a link, direction aside (Newman, 2002)."""
    from netcluster.reconstruction import _structure

    if not drawn.links:
        return float("nan")
    sums = np.zeros(3)
    _structure.end_sums(drawn.starts, drawn.buyers, degree, sums)
    mean, square, product = sums / (2 * drawn.links)
    return _ratio(product - mean**2, square - mean**2)


def log_slope(degree: Integers, money: Array) -> float:
    """Return the slope of ln degree on ln money over firms that have both.

    >>> round(log_slope(np.array([1, 2, 4, 0]), np.array([1.0, 4.0, 16.0, 9.0])), 6)
    0.5
    """
    there = (degree > 0) & (money > 0)
    x, y = np.log(money[there]), np.log(degree[there])
    if np.unique(x).size < 2:
        return float("nan")
    return float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())


def log_correlation(one: Any, other: Any) -> float:
    """Return the correlation of two logs over firms that have both; NaN where one of them never varies."""
    there = (one > 0) & (other > 0)
    return correlation(np.log(one[there]), np.log(other[there]))


def correlation(x: Any, y: Any) -> float:
    """Return Pearson's correlation by plain sums, the same on any number of threads; NaN where one never varies."""
    if x.size < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    x, y = x - x.mean(), y - y.mean()
    return float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()))


def log_variance(values: Any) -> float:
    """Return the variance of the log over firms that have any."""
    return float(np.var(np.log(values[values > 0]))) if (values > 0).any() else float("nan")


def tail_exponent(values: Any, *, whole: bool = False) -> tuple[float, int]:
    """Return Hill's estimate of the exponent of the density's tail, and how many firms are in the tail.

    The tail is the largest 2 % of firms that have any, at least 50. Of `whole` numbers its least is taken a half lower,
    which mends what counting in whole links does to the estimate (Clauset, Shalizi and Newman, 2009).

    >>> sizes = (np.arange(1, 10_001) / 10_000) ** -0.5
    >>> exponent, firms = tail_exponent(sizes)
    >>> round(exponent, 1), firms
    (3.0, 200)
    """
    positive = np.sort(np.asarray(values[values > 0], dtype=np.float64))
    count = max(TAIL_LEAST, int(TAIL * positive.size))
    if positive.size <= count:
        return float("nan"), 0
    least = positive[-count] - 0.5 * whole
    hill = np.log(positive[-count:] / least).mean()
    return (float(1 + 1 / hill) if hill > 0 else float("nan")), count


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
