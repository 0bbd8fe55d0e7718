"""How far buyers are from the nearest other seller of an input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.sphere import great_circle, unit_sphere

if TYPE_CHECKING:
    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
#: Neighbours looked at first; as many more are asked for as a buyer has suppliers of the input.
FIRST = 8


def nearest_substitute(
    net: Network, codes: Integers, whom: Integers, what: Integers, supplier: Integers, buyer: Integers
) -> Array:
    """Return, for each buyer `whom` and input `what`, the km to the nearest seller of it that does not supply it.

    NaN where places are not known or there is no such seller. Links are (supplier, buyer).
    """
    from scipy.spatial import cKDTree

    out = np.full(whom.size, np.nan)
    if not {"lat", "lon"} <= set(net.nodes.columns):
        return out
    place, known = _on_sphere(net)
    if not known.any():
        return out
    taken = set(zip(buyer.tolist(), supplier.tolist(), strict=True))
    sells = np.zeros(net.n, dtype=bool)
    sells[supplier] = True
    order = np.argsort(what, kind="stable")
    starts = np.flatnonzero(np.r_[True, what[order][1:] != what[order][:-1]])
    for rows in np.split(order, starts[1:]):
        makers = np.flatnonzero(sells & known & (codes == what[rows[0]]))
        asked = rows[known[whom[rows]]]
        if not makers.size or not asked.size:
            continue
        tree = cKDTree(place[makers])
        for row in asked.tolist():
            out[row] = _nearest(tree, makers, place, int(whom[row]), taken)
    return great_circle(out)


def _nearest(tree: Any, makers: Integers, place: Array, buyer: int, taken: set[tuple[int, int]]) -> float:
    """Return the chord to the nearest maker that is neither the buyer nor one of its suppliers."""
    size = FIRST
    while True:
        asked = min(size, makers.size)
        chord, index = tree.query(place[buyer], k=asked)
        for distance, k in zip(np.atleast_1d(chord), np.atleast_1d(index), strict=True):
            maker = int(makers[k])
            if maker != buyer and (buyer, maker) not in taken:
                return float(distance)
        if asked == makers.size:
            return float("nan")
        size *= 4


def _on_sphere(net: Network) -> tuple[Array, Any]:
    """Return unit vectors of the places, (n, 3), and who has one."""
    lat, lon = (net.nodes[name].to_numpy(dtype=np.float64) for name in ("lat", "lon"))
    known = np.isfinite(lat) & np.isfinite(lon)
    return unit_sphere(np.where(known, lat, 0.0), np.where(known, lon, 0.0)), known
