"""Indices of concentration and inequality, on plain arrays.

One family serves firms, suppliers, industries and regions. All take non-negative amounts (sales, jobs,
shares; any unit) along the last axis and leave out what is zero.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def shares(amounts: npt.ArrayLike) -> Array:
    """Return amounts over their sum along the last axis; where the sum is 0, NaN.

    >>> shares([4, 3, 2, 1])
    array([0.4, 0.3, 0.2, 0.1])
    """
    values = np.asarray(amounts, dtype=np.float64)
    total = values.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(values, total, out=np.full_like(values, np.nan), where=total > 0))


def hhi(amounts: npt.ArrayLike) -> Array:
    """Return the Herfindahl–Hirschman index, the sum of squared shares, 0 to 1 (Hirschman 1964).

    >>> float(hhi([4, 3, 2, 1]))
    0.3
    """
    part = shares(amounts)
    return np.asarray((part * part).sum(axis=-1))


def hhi_normalised(amounts: npt.ArrayLike) -> Array:
    """Return (HHI − 1/n) / (1 − 1/n) over the n amounts given, 0 for an even split; NaN where n = 1.

    >>> round(float(hhi_normalised([4, 3, 2, 1])), 7)
    0.0666667
    """
    n = np.asarray(amounts).shape[-1]
    if n < 2:
        return np.full(np.asarray(amounts).shape[:-1], np.nan)
    return np.asarray((hhi(amounts) - 1 / n) / (1 - 1 / n))


def concentration_ratio(amounts: npt.ArrayLike, k: int) -> Array:
    """Return CRk, the share of the k largest.

    >>> float(concentration_ratio([4, 3, 2, 1], 2))
    0.7
    """
    part = np.sort(shares(amounts), axis=-1)[..., ::-1]
    return np.asarray(part[..., :k].sum(axis=-1))


def entropy(amounts: npt.ArrayLike) -> Array:
    """Return Shannon's entropy of the shares, in nats.

    >>> round(float(entropy([4, 3, 2, 1])), 7)
    1.2798542
    """
    part = shares(amounts)
    logs = np.log(part, out=np.zeros_like(part), where=part > 0)
    return np.asarray(-(part * logs).sum(axis=-1))


def hill_number(amounts: npt.ArrayLike, order: float = 1.0) -> Array:
    """Return the effective number of units, (Σ s^q)^(1/(1−q)) (Hannah and Kay 1977; Hill 1973).

    Order 2 is 1/HHI; order 1 is exp(entropy); order 0 counts the units that are not zero.

    >>> round(float(hill_number([4, 3, 2, 1], 2)), 7)
    3.3333333
    """
    if order == 1.0:
        return np.asarray(np.exp(entropy(amounts)))
    part = shares(amounts)
    powers = np.power(part, order, out=np.zeros_like(part), where=part > 0)
    return np.asarray(powers.sum(axis=-1) ** (1 / (1 - order)))


def gini(amounts: npt.ArrayLike) -> float:
    """Return the Gini coefficient of one set of amounts, Σ(2i − n − 1)x_i / (nΣx), 0 to 1 − 1/n.

    >>> round(gini([10, 10, 10, 20, 50]), 7)
    0.36
    """
    values = np.sort(np.asarray(amounts, dtype=np.float64))
    n, total = values.size, values.sum()
    if n == 0 or total <= 0:
        return float("nan")
    order = 2 * np.arange(1, n + 1) - n - 1
    return float((order * values).sum() / (n * total))


def theil(amounts: npt.ArrayLike) -> float:
    """Return Theil's T, the mean of (x/μ)·ln(x/μ) (Theil 1967); zeros count as 0.

    >>> round(theil([10, 10, 10, 20, 50]), 7)
    0.2502012
    """
    values = np.asarray(amounts, dtype=np.float64)
    if values.size == 0 or values.sum() <= 0:
        return float("nan")
    ratio = values / values.mean()
    logs = np.log(ratio, out=np.zeros_like(ratio), where=ratio > 0)
    return float((ratio * logs).mean())


def correlation_of_rows(amounts: npt.ArrayLike) -> Array:
    """Return Pearson's correlation of all pairs of rows, (n, n); 0 for a row that is the same everywhere.

    >>> correlation_of_rows([[1, 2, 3], [3, 2, 1], [5, 5, 5]]).round(6).tolist()
    [[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    """
    values = np.asarray(amounts, dtype=np.float64)
    centred = values - values.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    scaled = np.divide(centred, length, out=np.zeros_like(centred), where=length > 0)
    return np.asarray(scaled @ scaled.T)
