"""The linear cascade's fixed point for all firms at once: a failure is a first passage."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.solve import Leontief
from netcluster.risk._firm_network import FirmNetwork

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Firms solved for at once.
BLOCK = 512


def closed_form(ready: FirmNetwork, sets: list[Integers]) -> Array:
    """Return (firms, 7) as the kernels do, at ε → 0, for linear production without replaceability.

    Where j is closed, the loss u of the others obeys u = Λu with u_j = 1: with N = (I − Λ)⁻¹ it is N_ij/N_jj,
    the chance that a walk from i ever comes to j. One factorisation serves all firms, upstream and downstream.

    Raises
    ------
    NetclusterError
        Where several firms close together, or the network is closed: without sales and inputs outside it
        everything is lost in the end, and there is nothing to solve.
    """
    import scipy.sparse as sp

    if any(one.size != 1 for one in sets):
        raise NetclusterError("The closed form is for firms one by one.", "Give --epsilon for groups.")
    matrix, n = ready.matrix, ready.n
    upstream = sp.csr_array((ready.up, matrix.indices, matrix.indptr), shape=(n, n))
    downstream = sp.csr_array((ready.down, matrix.indices, matrix.indptr), shape=(n, n)).T
    if not ready.leaks:
        raise NetclusterError(
            "Without revenue and costs the network is closed: in the end every loss comes back in full.",
            "Give revenue and costs (--firms), or a positive --epsilon.",
        )
    models = [_model(downstream.tocsr()), _model(upstream)]
    firms = np.concatenate(sets)
    values = np.zeros((firms.size, 7))
    for start in range(0, firms.size, BLOCK):
        part = firms[start : start + BLOCK]
        down, up = (_losses(model, part, n) for model in models)
        block = values[start : start + BLOCK]
        block[:, 1], block[:, 2] = ready.weight @ down, ready.weight @ up
        worst = np.maximum(down, up)
        block[:, 0] = ready.weight @ worst
        block[:, 4] = (worst >= 0.01).sum(axis=0)
    return values


def _model(shares: Any) -> Leontief:
    return Leontief(shares.tocsc())


def _losses(model: Leontief, firms: Integers, n: int) -> Array:
    """Return (n, firms): each column the losses where that firm is closed."""
    closed = np.zeros((n, firms.size))
    closed[firms, np.arange(firms.size)] = 1.0
    column = model.solve(closed)
    return np.asarray(column / column[firms, np.arange(firms.size)])
