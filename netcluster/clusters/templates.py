"""Value-chain templates: which sectors buy and sell alike (Feser and Bergman 2000).

Two sectors belong together where they buy from the same suppliers, sell to the same customers, or one buys what the
other sells. Principal components of that likeness, turned by varimax, are the templates; a sector can be in several.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result

if TYPE_CHECKING:
    from netcluster.tables.iotable import IOTable

Array = npt.NDArray[np.float64]

#: Loadings from which a sector is a primary, and a secondary, member (Feser and Bergman 2000).
PRIMARY, SECONDARY = 0.60, 0.35
_TURNS = 500


def likeness(flows: npt.ArrayLike) -> Array:
    """Return the largest of the four correlations of purchase and sales patterns, (n, n), 1 on the diagonal.

    With P = Z over its column sums and S = Z over its row sums: r(P_i, P_j), r(S_i, S_j), r(P_i, S_j), r(S_i, P_j). A
    pattern that does not vary correlates with none: 0.

    Parameters
    ----------
    flows : (n, n) array
        Z, what i sells to j.

    Examples
    --------
    >>> likeness([[10, 40, 5, 5], [30, 5, 45, 2], [2, 6, 10, 50], [4, 3, 40, 8]]).round(4)[0]
    array([ 1.    , -0.0691,  0.5821, -0.4773])
    """
    Z = np.asarray(flows, dtype=np.float64)
    bought = _standard(_shares(Z, 0).T)
    sold = _standard(_shares(Z, 1))
    crossed = bought @ sold.T
    most = np.maximum.reduce([bought @ bought.T, sold @ sold.T, crossed, crossed.T])
    np.fill_diagonal(most, 1.0)
    return np.asarray(most)


def templates(io: IOTable, *, count: int | None = None, sectors: Sequence[str] | None = None) -> Result:
    """Return the templates of a table and their members.

    Parameters
    ----------
    io : IOTable
        Of one region; of several, industries of one country would be the template.
    count : int, optional
        How many components; by default those with an eigenvalue above 1.
    sectors : ids, optional
        Only these sectors (Feser and Bergman took manufacturing); all by default.

    Returns
    -------
    Result
        template (1 explains most), sector, name, loading, membership ("primary" from a loading of .60, "secondary"
        from .35); sectors that load on none are counted in the notes.
    """
    import pandas as pd

    chosen = np.arange(len(io.ids)) if sectors is None else np.array([io.position(sector) for sector in sectors])
    Z = np.maximum(io.Z[np.ix_(chosen, chosen)], 0.0)
    if chosen.size < 3:
        raise NetclusterError(f"{chosen.size} sectors are too few for templates.", "Take a finer table.")
    values, vectors = np.linalg.eigh(likeness(Z))
    order = np.argsort(-values, kind="stable")
    kept = int((values > 1).sum()) if count is None else count
    if not 1 <= kept <= chosen.size:
        raise NetclusterError(f"{kept} templates of {chosen.size} sectors can't be had.", "Give a smaller count.")
    best = order[:kept]
    loadings = varimax(vectors[:, best] * np.sqrt(np.maximum(values[best], 0.0)))
    loadings = loadings[:, np.argsort(-(loadings**2).sum(axis=0), kind="stable")]
    loadings *= np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    labels = io.sectors.iloc[chosen]
    rows = [
        (c + 1, labels["id"].iloc[i], labels["name"].iloc[i], loadings[i, c], _membership(loadings[i, c]))
        for c in range(kept)
        for i in np.argsort(-loadings[:, c], kind="stable")
        if loadings[i, c] >= SECONDARY
    ]
    frame = pd.DataFrame(rows, columns=["template", "sector", "name", "loading", "membership"])
    outside = int((loadings.max(axis=1) < SECONDARY).sum())
    notes = (
        Note("templates", f"{kept} templates hold {(loadings**2).sum() / chosen.size:.0%} of the variance.", kept),
        Note("in_no_template", f"{outside} sectors load below {SECONDARY} on every template.", outside),
    )
    parameters = {"count": kept, "sectors": None if sectors is None else tuple(sectors)}
    return Result(frame, ("loading",), MappingProxyType(parameters), notes)


def varimax(loadings: Array) -> Array:
    """Return loadings turned so that each column has few large and many small ones (Kaiser 1958), rows normalised.

    Pairs of columns are turned in their plane by Kaiser's angle, until none turns any more.
    """
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    scaled = np.divide(loadings, length, out=np.zeros_like(loadings), where=length > 0)
    n, k = scaled.shape
    for _ in range(_TURNS):
        turned = max([_turn(scaled, p, q, n) for p, q in combinations(range(k), 2)], default=0.0)
        if turned < 1e-10:
            break
    return np.asarray(scaled * length)


def _turn(scaled: Array, p: int, q: int, n: int) -> float:
    """Turn two columns in place to the greatest variance of their squares; return the angle."""
    one, two = scaled[:, p].copy(), scaled[:, q].copy()
    u, v = one**2 - two**2, 2 * one * two
    above = 2 * (u @ v) - 2 * u.sum() * v.sum() / n
    below = (u @ u - v @ v) - (u.sum() ** 2 - v.sum() ** 2) / n
    angle = float(np.arctan2(above, below)) / 4
    scaled[:, p] = np.cos(angle) * one + np.sin(angle) * two
    scaled[:, q] = np.cos(angle) * two - np.sin(angle) * one
    return abs(angle)


def _membership(loading: float) -> str:
    return "primary" if loading >= PRIMARY else "secondary"


def _shares(Z: Array, axis: int) -> Array:
    total = Z.sum(axis=axis, keepdims=True)
    return np.asarray(np.divide(Z, total, out=np.zeros_like(Z), where=total != 0))


def _standard(patterns: Array) -> Array:
    """Return rows with mean 0 and length 1, so that products of rows are correlations; constant rows become 0."""
    centred = patterns - patterns.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    return np.asarray(np.divide(centred, length, out=np.zeros_like(centred), where=length > 1e-14))
