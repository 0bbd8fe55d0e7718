"""Look-through exposure: how much of a region's inputs comes from another, at face value and over the whole chain."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Result
from netcluster.core.solve import Array
from netcluster.economy.footprint import members, users_by_region
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable

Side = Literal["inputs", "sales"]
Level = Literal["region", "sector", "node"]


def exposure(
    io: IOTable | Model,
    *,
    of: Level | npt.ArrayLike = "region",
    on: Level | npt.ArrayLike = "region",
    side: Side = "inputs",
) -> Result:
    """Return how much each subject depends on each partner, at face value and looked through the chain.

    Parameters
    ----------
    of, on : {"region", "sector", "node"} or array of n labels
        Who depends, and on whom: regions, products wherever made, single nodes, or groups of one's own.
    side : {"inputs", "sales"}
        Inputs bought (Leontief), or sales (Ghosh).

    Returns
    -------
    Result
        node, partner, face_value (share of the direct purchases or sales), total (share of all inputs its final
        demand calls for over the chain, (L − I)f; or of all sales its primary inputs enable, v(G − I)), hidden
        (total − face_value). Shares of one node add up to 1, its own part included.

    Notes
    -----
    Baldwin, Freeman and Theodorakopoulos (2023): FPEM for inputs, FPEX for sales. What looks like a purchase
    from one country may hold goods of a third; hidden is positive for partners that deliver behind others.

    Examples
    --------
    C buys from B only, and B from A:

    >>> table = IOTable.from_arrays([[0, 4, 0], [0, 0, 6], [0, 0, 0]], x=[4, 6, 10], sectors=["A", "B", "C"])
    >>> exposure(table, of="node", on="node").frame.query("node == 'C'")[["partner", "face_value", "total", "hidden"]]
      partner  face_value  total  hidden
    6       A         0.0    0.4     0.4
    7       B         1.0    0.6    -0.4
    8       C         0.0    0.0     0.0
    """
    model = as_model(io)
    subjects, member = _groups(model.io, of)
    partners, other = _groups(model.io, on)
    flows = model.io.Z if side == "inputs" else model.io.Z.T
    face = (other.T @ (flows @ member)).T
    if side == "inputs":
        called = member * np.maximum(model.io.Y.sum(axis=1), 0.0)[:, None]
        chain = model.outputs(called) - called
    elif side == "sales":
        enabled = member * np.maximum(model.io.V.sum(axis=0), 0.0)[:, None]
        chain = model.totals((enabled * model.per_output[:, None]).T).T * model.x[:, None] - enabled
    else:
        raise NetclusterError(f"There is no side {side!r}.", 'Sides are "inputs" and "sales".')
    total = (other.T @ chain).T
    frame = pd.DataFrame(
        {
            "node": np.repeat(np.array(subjects, dtype=object), len(partners)),
            "partner": np.tile(np.array(partners, dtype=object), len(subjects)),
            "face_value": _rows(face).ravel(),
            "total": _rows(total).ravel(),
        }
    )
    hidden = frame["total"] - frame["face_value"]
    # Shares that are alike differ by rounding alone.
    frame["hidden"] = hidden.mask(hidden.abs() < 1e-12, 0.0)
    return Result(
        frame=frame,
        measures=("face_value", "total", "hidden"),
        parameters={"of": _word(of), "on": _word(on), "side": side, "origin": model.io.origin},
        notes=model.notes,
    )


def passthrough(io: IOTable | Model, *, account: str = "value_added") -> Result:
    """Return how often the chains behind each region's final demand pass through each region.

    A chain starts where the account arises, follows the sales of goods, and ends in final use; each is weighted by the
    part of the account it carries.

    Returns
    -------
    Result
        node (the region of final demand), partner (the region passed), passes (mean number of times a chain enters
        it, its start there included; counts crossings, not steps), stages (mean number of its sectors on a chain).

    Notes
    -----
    After Inomata and Hanaka (2024): frequency, where exposure measures volume. With p = w'L and y = L f the
    mean stages are Σ p_k y_k over the region ÷ w'Lf, and passes leave out steps that stay inside.

    Examples
    --------
    Parts go from A to B and back to A, where they are used:

    >>> table = IOTable.from_arrays(
    ...     [[0, 1, 0], [0, 0, 1], [0, 0, 0]], x=[1, 1, 1],
    ...     sectors=pd.DataFrame({"region": ["A", "B", "A"], "sector": ["parts", "work", "goods"]}),
    ...     demand=pd.DataFrame({"region": ["A"], "category": ["final"]}),
    ... )
    >>> passthrough(table).frame[["node", "partner", "passes", "stages"]].values.tolist()
    [['A', 'A', 2.0, 2.0], ['A', 'B', 1.0, 1.0]]
    """
    from netcluster.economy.accounts import amount

    model = as_model(io)
    table = model.io
    weights = model.coefficients(amount(table, account).values)
    below = model.totals(weights)
    users, demand = users_by_region(table)
    above = model.outputs(demand)
    carried = weights @ above
    home = members(table.sectors["region"].to_numpy(), table.regions)
    stages = home.T @ (below[:, None] * above)
    inside = np.zeros_like(stages)
    for r in range(len(table.regions)):
        on = np.flatnonzero(home[:, r])
        within = table.Z[np.ix_(on, on)] * model.per_output[on]
        inside[r] = below[on] @ (within @ above[on])
    passed = carried > 0
    shown = [user for user, on in zip(users, passed, strict=True) if on]
    share = (stages / np.where(passed, carried, 1.0))[:, passed]
    entries = ((stages - inside) / np.where(passed, carried, 1.0))[:, passed]
    frame = pd.DataFrame(
        {
            "node": np.repeat(np.array(shown, dtype=object), len(table.regions)),
            "partner": np.tile(np.array(table.regions, dtype=object), len(shown)),
            "passes": entries.T.ravel(),
            "stages": share.T.ravel(),
        }
    )
    return Result(
        frame=frame,
        measures=("passes", "stages"),
        parameters={"account": account, "origin": table.origin},
        notes=model.notes,
    )


def _groups(io: IOTable, by: Level | npt.ArrayLike) -> tuple[list[str], Array]:
    if isinstance(by, str):
        column = {"region": "region", "sector": "sector", "node": "id"}.get(by)
        if column is None:
            raise NetclusterError(f"There is no level {by!r}.", "Levels are region, sector and node.")
        labels = io.sectors[column].to_numpy(dtype=object)
    else:
        labels = np.asarray(by, dtype=object)
        if labels.shape != (io.n,):
            raise NetclusterError(f"{labels.size} group labels were given for {io.n} sectors.")
    names = list(dict.fromkeys(labels))
    return names, members(labels, names)


def _rows(values: Array) -> Array:
    total = values.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(values, total, out=np.full_like(values, np.nan), where=total > 0))


def _word(by: object) -> str:
    return str(by) if isinstance(by, str) else "labels"
