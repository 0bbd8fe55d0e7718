"""Balancing: the table nearest to a given one that has the row and column sums wanted (RAS, GRAS)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.core.solve import Array
from netcluster.tables.iotable import IOTable

Method = Literal["ras", "gras"]


@dataclass(frozen=True, eq=False)
class Balanced:
    """A balanced matrix, `values`, with the multipliers of its rows and columns, and how the search went.

    `miss` is the largest gap left between a sum and its target, over the largest target.
    """

    values: Array
    rows: Array
    columns: Array
    iterations: int
    miss: float
    converged: bool


def ras(
    matrix: npt.ArrayLike, rows: npt.ArrayLike, columns: npt.ArrayLike, *, tolerance: float = 1e-10, most: int = 2000
) -> Balanced:
    """Return the matrix r̂ M ŝ with those row and column sums; signs and zeros stay (Stone 1961; Bacharach 1970).

    `matrix` is (n, m) and not negative, `rows` (n,), `columns` (m,), with the same total.

    >>> ras([[1, 2], [3, 4]], [5, 5], [4, 6]).values.round(6)
    array([[1.757651, 3.242349],
           [2.242349, 2.757651]])
    """
    values = np.asarray(matrix, dtype=np.float64)
    if (values < 0).any():
        raise NetclusterError("RAS takes no negative cells.", "Use GRAS: --balance gras.")
    if (np.asarray(rows) < 0).any() or (np.asarray(columns) < 0).any():
        raise NetclusterError("RAS takes no negative sums.", "Use GRAS: --balance gras.")
    return gras(values, rows, columns, tolerance=tolerance, most=most)


def gras(
    matrix: npt.ArrayLike, rows: npt.ArrayLike, columns: npt.ArrayLike, *, tolerance: float = 1e-10, most: int = 2000
) -> Balanced:
    """Return the matrix r̂ P ŝ − r̂⁻¹ N ŝ⁻¹ with those sums, P and N its positive and negative parts.

    Junius and Oosterhaven (2003), with the steps of Temurshoev, Miller and Bouwmeester (2013). Without negative
    cells it is RAS. Where a row or column of zeros has to add up to something, or the totals of rows and columns
    differ, that is an error. A search that does not converge is returned with `converged` False.

    >>> gras([[7, 3, -3], [2, 9, 1]], [8, 13], [9.5, 13.5, -2]).converged
    True
    """
    from scipy.sparse import csr_array

    values = np.asarray(matrix, dtype=np.float64)
    u, v = np.asarray(rows, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    _check(values, u, v)
    positive, negative = np.maximum(values, 0.0), csr_array(np.maximum(-values, 0.0))
    scale = max(float(np.abs(u).max(initial=0.0)), float(np.abs(v).max(initial=0.0)), 1e-300)
    r, s = np.ones(len(u)), np.ones(len(v))
    plus, minus = positive @ s, negative @ (1 / s)
    misses = [np.inf]
    while len(misses) <= most:
        r = _factors(plus, minus, u)
        s = _factors(r @ positive, (1 / r) @ negative, v)
        plus, minus = positive @ s, negative @ (1 / s)
        misses.append(float(np.abs(r * plus - minus / r - u).max(initial=0.0)) / scale)
        if misses[-1] <= tolerance or _stalled(misses):
            break
    balanced = r[:, None] * positive * s - negative.toarray() / r[:, None] / s
    return Balanced(balanced, r, s, len(misses) - 1, misses[-1], misses[-1] <= tolerance)


def _stalled(misses: list[float], rounds: int = 100) -> bool:
    """Return whether the last rounds brought nothing: some sums can't be met by the cells there are."""
    return len(misses) > rounds and misses[-1] > 0.9 * misses[-1 - rounds]


def balance(io: IOTable, *, method: Method = "gras", tolerance: float = 1e-10, most: int = 2000) -> IOTable:
    """Return the table with every sector's row and column adding up to its output; how it went stands in `changes`.

    Intermediate flows, final demand and primary inputs are adjusted together. Output stays, and so do the totals
    of the categories of final demand and of the primary inputs, scaled alike where the two don't agree. A block
    of imports is left out.

    >>> table = IOTable.from_arrays([[10, 20], [30, 40]], Y=[[70], [30]], V=[[55, 45]], x=[100, 100])
    >>> table = balance(table)
    >>> (table.Z.sum(axis=0) + table.V.sum(axis=0)).round(6), (table.Z.sum(axis=1) + table.Y.sum(axis=1)).round(6)
    (array([100., 100.]), array([100., 100.]))
    """
    n, m, k = io.n, len(io.demand), len(io.inputs)
    whole = np.zeros((n + k, n + m))
    whole[:n, :n], whole[:n, n:], whole[n:, :n] = io.Z, io.Y, io.V
    primary, final = io.V.sum(axis=1), io.Y.sum(axis=0)
    if final.sum() <= 0 or primary.sum() <= 0:
        raise NetclusterError("A table without final demand or primary inputs can't be balanced.")
    # GDP from both sides has to be one number before cells can meet it: their mean, shared out as today.
    gdp = (primary.sum() + final.sum()) / 2
    rows = np.append(io.x, primary * gdp / primary.sum())
    columns = np.append(io.x, final * gdp / final.sum())
    if method not in ("ras", "gras"):
        raise NetclusterError(f"There is no method {method!r} of balancing.", "Methods are ras and gras.")
    result = (ras if method == "ras" else gras)(whole, rows, columns, tolerance=tolerance, most=most)
    moved = float(np.abs(result.values - whole).sum() / np.abs(whole).sum())
    how = "converged" if result.converged else "did not converge"
    text = (
        f"The table was balanced by {method.upper()}: {how} after {result.iterations} rounds, largest miss"
        f" {result.miss:.1e} of the largest sum; cells moved by {moved:.2%} in all."
    )
    if not result.converged:
        gap = np.abs(result.values.sum(axis=1) - rows)
        worst = int(gap.argmax())
        label = [*io.ids, *io.inputs["id"]][worst]
        text += f" The row of {label} can't be met by the cells it has: it misses {gap[worst]:,.6g}."
    return io.replace(
        Z=result.values[:n, :n],
        Y=result.values[:n, n:],
        V=result.values[n:, :n],
        imports=None,
        changes=(*io.changes, Note("balanced" if result.converged else "not_converged", text, result.iterations)),
    )


def _factors(plus: Array, minus: Array, target: Array) -> Array:
    """Return the positive root r of r·plus − minus/r = target for each row."""
    root = target + np.sqrt(target**2 + 4 * plus * minus)
    factor = np.divide(root, 2 * plus, out=np.ones_like(plus), where=plus > 0)
    only_minus = (plus <= 0) & (minus > 0) & (target < 0)
    factor = np.where(only_minus, -minus / np.where(target < 0, target, -1.0), factor)
    return np.where(factor > 0, factor, 1e-300)


def _check(values: Array, rows: Array, columns: Array) -> None:
    if values.shape != (len(rows), len(columns)):
        raise NetclusterError(
            f"The matrix is {values.shape}; {len(rows)} row sums and {len(columns)} column sums were given."
        )
    if not (np.isfinite(values).all() and np.isfinite(rows).all() and np.isfinite(columns).all()):
        raise NetclusterError("Balancing needs finite numbers only.")
    total, other = float(rows.sum()), float(columns.sum())
    if abs(total - other) > 1e-8 * max(abs(total), abs(other), 1.0):
        raise NetclusterError(f"Row sums add up to {total:,.6g} and column sums to {other:,.6g}: they have to agree.")
    for word, sums, axis in (("row", rows, 1), ("column", columns, 0)):
        empty = ~(values != 0).any(axis=axis) & (sums != 0)
        if empty.any():
            where = int(np.flatnonzero(empty)[0])
            raise NetclusterError(
                f"The {word} number {where + 1} holds only zeros but has to add up to {sums[where]:g}.",
                "Give it a starting cell, or set its sum to 0.",
            )
