"""Small published tables the tests of this room share, typed from their sources."""

from __future__ import annotations

import numpy as np

from netcluster.core.solve import Array
from netcluster.tables.iotable import Account, IOTable

MILLER_BLAIR_Z = [[150.0, 500.0], [200.0, 100.0]]
MILLER_BLAIR_X = [1000.0, 2000.0]

BEUTEL_Z = [
    [1131, 25480, 1, 607, 710, 762],
    [7930, 304584, 64167, 41082, 11981, 30360],
    [426, 7334, 3875, 5296, 23457, 9155],
    [3559, 72717, 14190, 74399, 10835, 21008],
    [3637, 96115, 31027, 65755, 193176, 34223],
    [1552, 14986, 1747, 11225, 15058, 22070],
]
BEUTEL_X = [43910, 1079446, 245606, 540063, 692487, 508918]
BEUTEL_GVA = [21664, 395022, 115624, 311407, 415426, 365017]
BEUTEL_JOBS = [1096.0, 8381, 3236, 9251, 4258, 10206]
BEUTEL_SECTORS = ["agriculture", "manufacturing", "construction", "trade", "business_services", "other_services"]


def miller_blair() -> IOTable:
    """Miller and Blair (2009), chapter 2: two sectors."""
    return IOTable.from_arrays(MILLER_BLAIR_Z, x=MILLER_BLAIR_X, sectors=["1", "2"])


def beutel() -> IOTable:
    """Eurostat Manual (2008), Table 15.4: Germany 1995, six sectors, domestic flows, million euro; jobs in 1,000."""
    flows, output = np.array(BEUTEL_Z, dtype=float), np.array(BEUTEL_X, dtype=float)
    other = output - flows.sum(axis=0) - np.array(BEUTEL_GVA)
    import pandas as pd

    inputs = pd.DataFrame({"id": ["imports_and_taxes", "GVA"], "kind": ["imports", "value_added"]})
    return IOTable.from_arrays(
        flows,
        x=output,
        V=np.array([other, BEUTEL_GVA], dtype=float),
        inputs=inputs,
        sectors=BEUTEL_SECTORS,
        accounts={"jobs": Account("jobs", np.array(BEUTEL_JOBS), "1,000 persons")},
    )


def random_table(seed: int, n: int = 12, *, regions: int = 1, categories: int = 1, empty: int = 0) -> IOTable:
    """A random productive table of n sectors; the last `empty` of them have no output."""
    import pandas as pd

    rng = np.random.default_rng(seed)
    flows = rng.random((n, n)) * (rng.random((n, n)) < 0.7)
    demand = rng.random((n, categories)) * n / 2 + 0.1
    if empty:
        flows[-empty:, :] = 0.0
        flows[:, -empty:] = 0.0
        demand[-empty:, :] = 0.0
    output = flows.sum(axis=1) + demand.sum(axis=1)
    too_much = flows.sum(axis=0) / np.where(output > 0, output, 1.0)
    flows /= max(1.0, 1.25 * float(too_much.max()))
    demand[:, 0] += output - flows.sum(axis=1) - demand.sum(axis=1)
    per = n // regions
    sectors = pd.DataFrame(
        {
            "region": [f"R{i // per + 1}" if regions > 1 else "" for i in range(n)],
            "sector": [f"S{i % per + 1}" for i in range(n)],
        }
    )
    names = pd.DataFrame(
        {
            "region": [f"R{k % regions + 1}" if regions > 1 else "" for k in range(categories)],
            "category": [f"demand{k // regions + 1}" for k in range(categories)],
        }
    )
    jobs = rng.random(n) * 10 * (output > 0)
    return IOTable.from_arrays(
        flows,
        x=output,
        Y=demand,
        sectors=sectors,
        demand=names,
        accounts={"jobs": Account("jobs", jobs, "persons")},
    )


def inverse(io: IOTable) -> Array:
    """(I − A)⁻¹ by NumPy, apart from the code under test."""
    return np.asarray(np.linalg.inv(np.eye(io.n) - io.A))
