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


def refuse_coefficients(Z: Array, x: Array, name: str) -> None:
    """Raise where every output is 1: coefficients, not flows."""
    made = x[x != 0]
    if len(made) > 2 and np.abs(made - 1).max() < 0.01 and Z.max() < 1:
        raise NoTableError(
            f"{name} holds coefficients: all outputs are 1.",
            "Give the table of flows; or Y.txt with final demand beside A.txt with the coefficients.",
        )


def refuse_imports(left: Array, name: str) -> None:
    """Raise where many sectors buy more than they sell and nothing gives output: goods from abroad, by who uses them.

    `left` is what each sells less what it buys, (n,), all there is to pay wages from.
    """
    short = int((left < 0).sum())
    if len(left) > 3 and 4 * short > len(left):
        raise NoTableError(
            f"{name} gives neither output nor primary inputs, and {short} of {len(left)} sectors buy more than they"
            " sell: it looks like a table of imported goods.",
            "Give the table of domestic or of total flows; --kind io takes this one as it is.",
        )


def refuse_interleaved(flows: Array, name: str) -> None:
    """Raise for a matrix of industries and products in turn, region by region, as GLORIA's are.

    Industries sell to products only (what they make), products to industries only (what these use).
    """
    n = len(flows)
    if n < 6 or n % 2 or flows.diagonal().any():
        return
    for run in (s for s in range(n // 2, 2, -1) if n % (2 * s) == 0):
        blocks = np.add.reduceat(np.add.reduceat(flows != 0, range(0, n, run), axis=0), range(0, n, run), axis=1) > 0
        odd = np.add.outer(np.arange(n // run), np.arange(n // run)) % 2 == 1
        made, used = blocks[::2, 1::2], blocks[1::2, ::2]
        if not (blocks & ~odd).any() and made.diagonal().all() and used.any():
            raise NetclusterError(
                f"{name} holds supply and use in one matrix, {run} industries and {run} products in turn for each of"
                f" {n // (2 * run)} regions, as GLORIA's matrices do; they are not read.",
                "Make an industry-by-industry table of them first, and give its Z.txt, Y.txt and V.txt with labels.",
            )
