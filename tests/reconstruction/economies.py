"""Small economies, and their models pair by pair, for the tests of the reconstruction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from netcluster.reconstruction.fitness import Economy, economy
from netcluster.reconstruction.model import Fitness, Model
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
from netcluster.tables.iotable import IOTable


def table(k: int = 4, seed: int = 0) -> IOTable:
    """Return a table of k industries with flows over three orders of magnitude, a fifth of the cells empty."""
    rng = np.random.default_rng(seed)
    flows = rng.lognormal(2.0, 1.5, (k, k)) * (rng.random((k, k)) < 0.8) + np.eye(k)
    return IOTable.from_arrays(flows, x=2 * flows.sum(axis=1) + 1, sectors=[f"S{i}" for i in range(k)])


def firms(n: int = 50, k: int = 4, seed: int = 0, **columns: Any) -> FirmTable:
    """Return n firms with Pareto sizes; every industry has some."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": [f"f{i}" for i in range(n)],
            "kind": "firm",
            "industry": [f"S{i % k}" for i in range(n)],
            "size": rng.pareto(1.2, n) + 0.1,
        }
    )
    return FirmTable(frame.assign(**columns).reindex(columns=FIRM_COLUMNS))


def small(n: int = 50, k: int = 4, seed: int = 0) -> Economy:
    return economy(table(k, seed), firms(n, k, seed))


def pairs(model: Model, made: Fitness, z: float) -> tuple[Any, Any]:
    """Return p and the gravity of every pair of firms, (n, n) each, by the formulas: brute force."""
    lam, gravity = np.zeros((model.n, model.n)), np.zeros((model.n, model.n))
    for firm, block, amount, log_y in zip(model.firm, model.block, model.amount, made.log_y, strict=True):
        joined = made.factor[model.group, block]
        lam[:, firm] += z * np.exp(made.log_x) * np.exp(log_y) * joined
        gravity[:, firm] += model.sales * amount * model.money[model.group, block] / model.group_sales[model.group]
    np.fill_diagonal(lam, 0.0)
    return lam / (1 + lam), gravity
