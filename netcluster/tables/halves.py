"""Half of a supply and use pair, taken for a symmetric table: told by its sums, and refused."""

from __future__ import annotations

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.tables.grid import Array


class NoTableError(NetclusterError):
    """A file in which no table of a kind we know is found; in a folder it is passed by, beside one that is."""


class HalfPairError(NoTableError):
    """A make, supply or use table by itself."""


def refuse_make(Z: Array, Y: Array, x: Array, row_total: Array | None, given: bool, name: str) -> None:
    """Raise where nothing is left for final demand or for primary inputs: a make or supply table.

    `row_total` is the row of totals under the table, `given` whether the table gives output at all.
    """
    size = float(np.abs(x).sum())
    if not size:
        return
    nothing_sold = given and np.abs(Y).sum() < 1e-6 * size
    nothing_paid = row_total is not None and np.abs(Z.sum(axis=0) - row_total).sum() < 1e-3 * size
    if nothing_sold or nothing_paid:
        raise HalfPairError(
            f"{name} looks like a make or supply table: nothing goes to final demand or primary inputs.",
            "Give the use table with it: netcluster analyze make.csv use.csv -o out.",
        )


def refuse_use(Z: Array, Y: Array, V: Array, x: Array, products: int, name: str) -> None:
    """Raise where columns close and rows do not, and `products` rows name no input, or no industry: a use table."""
    if not products:
        return
    size = float(np.abs(x).sum())
    rows = np.abs(Z.sum(axis=1) + Y.sum(axis=1) - x).sum()
    columns = np.abs(Z.sum(axis=0) + V.sum(axis=0) - x).sum()
    if size and rows > 0.02 * size and columns < 0.01 * size:
        raise HalfPairError(
            f"{name} looks like a use table ({products} products more than industries): its columns add up to"
            " output, its rows do not.",
            "Give the make or supply table with it: netcluster analyze make.csv use.csv -o out.",
        )
