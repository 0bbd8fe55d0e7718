"""Sectors whose output is no more than what rounding left behind."""

from __future__ import annotations

import numpy as np

from netcluster.core.result import Note
from netcluster.tables.iotable import Array, IOTable

#: Output below this share of all output is rounding: sums of doubles miss by about as much.
DUST = 1e-12


def without_dust(io: IOTable) -> IOTable:
    """Return the table with such sectors emptied, so that they are sectors without output; said and counted.

    Their coefficients are a quotient of two roundings, and may make a table that nobody could produce with.

    >>> io = IOTable.from_arrays([[1, 0], [0, 1e-15]], Y=[[1], [0]], x=[2, 1e-15], sectors=["a", "b"])
    >>> without_dust(io).x
    array([2., 0.])
    """
    dust = (io.x != 0) & (np.abs(io.x) < DUST * np.abs(io.x).sum())
    if not dust.any():
        return io
    names = ", ".join(name for name, small in zip(io.ids, dust, strict=True) if small)
    text = f"The output of {names} is what rounding left behind (below {DUST:g} of the total): taken as none."
    return io.replace(
        Z=_emptied(_emptied(io.Z, dust, 0), dust, 1),
        Y=_emptied(io.Y, dust, 0),
        V=_emptied(io.V, dust, 1),
        x=_emptied(io.x, dust, 0),
        changes=(*io.changes, Note("dust", text, int(dust.sum()))),
    )


def _emptied(values: Array, which: np.ndarray, axis: int) -> Array:
    out = values.copy()
    out[(slice(None),) * axis + (which,)] = 0.0
    return out
