"""How a subject's amounts spread over its partners: one row a subject, on sparse rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Profile:
    """Concentration of each row of amounts; all (rows,), NaN (or −1) where the row holds nothing.

    `amount` is the row's sum, `partners` how many entries are above zero, `largest` the column of the
    largest share (the first one of equals), `effective_number` 1/HHI, `entropy` in nats.
    """

    amount: Array
    partners: Integers
    hhi: Array
    largest_share: Array
    largest: Integers
    entropy: Array

    @property
    def effective_number(self) -> Array:
        """How many equal partners would be as concentrated, 1/HHI."""
        return np.asarray(1.0 / self.hhi)

    @property
    def hhi_normalised(self) -> Array:
        """(HHI − 1/n)/(1 − 1/n) over the n partners there are; NaN where n is below 2."""
        n = np.where(self.partners >= 2, self.partners, np.nan)
        return np.asarray((self.hhi - 1 / n) / (1 - 1 / n))


def profile(rows: Any) -> Profile:
    """Return the concentration of each row of a sparse (subjects, partners) array; only entries > 0 count.

    >>> import scipy.sparse as sp
    >>> one = profile(sp.csr_array([[4.0, 3.0, 2.0, 1.0], [0.0, 0.0, 0.0, 0.0]]))
    >>> one.hhi, one.largest_share, one.largest
    (array([0.3, nan]), array([0.4, nan]), array([ 0, -1]))
    """
    matrix = rows.tocsr()
    matrix.sum_duplicates()
    n = matrix.shape[0]
    keep = matrix.data > 0
    row = np.repeat(np.arange(n), np.diff(matrix.indptr))[keep]
    column, value = matrix.indices[keep], matrix.data[keep]
    amount = np.asarray(np.bincount(row, value, n), dtype=np.float64)
    share = value / amount[row]
    partners = np.bincount(row, minlength=n)
    empty = partners == 0
    largest_share, largest = _largest(row, column, share, n)
    return Profile(
        amount=amount,
        partners=partners,
        hhi=np.where(empty, np.nan, np.bincount(row, share * share, n)),
        largest_share=largest_share,
        largest=largest,
        entropy=np.where(empty, np.nan, np.abs(np.bincount(row, share * np.log(share), n))),
    )


def _largest(row: Integers, column: Integers, share: Array, n: int) -> tuple[Array, Integers]:
    """Return the largest share of each row and its column; rows come sorted, columns rise within them."""
    top, where = np.full(n, np.nan), np.full(n, -1)
    if not row.size:
        return top, where
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    maxima = np.maximum.reduceat(share, starts)
    top[row[starts]] = maxima
    hits = np.flatnonzero(share == top[row])
    first, position = np.unique(row[hits], return_index=True)
    where[first] = column[hits[position]]
    return top, where


def joined(parts: Sequence[Profile]) -> Profile:
    """Return the profiles of consecutive blocks of rows as one."""
    names = [one.name for one in fields(Profile)]
    return Profile(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
