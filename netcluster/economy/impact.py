"""Impact: what a change in demand, technology, productivity or supply does to output, value added and jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.solve import Array, Leontief
from netcluster.economy.accounts import Amount, amount, jobs
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable


def impact(
    io: IOTable | Model,
    *,
    demand: Mapping[str, float] | None = None,
    coefficients: Mapping[tuple[str, str], float] | None = None,
    productivity: Mapping[str, float] | None = None,
    lost: Mapping[str, float] | None = None,
    of: Sequence[str] = (),
    by: Literal["sector", "region"] = "sector",
) -> Result:
    """Return the change in output, value added and jobs of every sector that a change of the economy brings.

    Parameters
    ----------
    demand : mapping of node to amount
        Change in final demand, in the table's unit. A node is a sector's id; or a category of final demand, a region
        or a sector code in all regions, over which the amount is spread as final demand is today.
    coefficients : mapping of (supplier, buyer) to change
        Change of input coefficients a_ij, by ids.
    productivity : mapping of sector to growth
        0.1 makes the sector's output with 1/1.1 of all its inputs, labour too.
    lost : mapping of sector to share
        The share of its sales to sectors that a supplier loses to suppliers outside the table.
    of : sequence of str
        Accounts to give beside value added and jobs.
    by : {"sector", "region"}
        One row a sector, or a region.

    Returns
    -------
    Result
        region, sector, output, value_added, jobs, then each account of `of`: all changes. `parameters` has `totals`,
        and for a change in demand `per_unit` (totals per unit of the money spent: jobs per million, say).

    Notes
    -----
    Comparative static by Leontief's quantity model: prices, wages and the make-up of demand stay, and there is spare
    capacity (Miller and Blair 2009, chapters 2, 6 and 13). Several changes are made together.

    Examples
    --------
    Miller and Blair (2009), chapter 2: final demand of 600 and 1500 instead of 350 and 1700.

    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> result = impact(table, demand={"farms": 250, "factories": -200})
    >>> (table.x + result.frame["output"].to_numpy()).round(1)
    array([1247.5, 1841.6])
    """
    model = as_model(io)
    if not (demand or coefficients or productivity or lost):
        raise NetclusterError("Nothing changes: no demand, coefficient, productivity or loss was given.")
    change, notes = demand_change(model.io, demand or {})
    scale = np.ones(model.n)
    for sector, growth in (productivity or {}).items():
        if growth <= -1:
            raise NetclusterError(f"Productivity of {sector} can't change by {growth:g}: it stays above 0.")
        scale[model.io.position(sector)] = 1 / (1 + growth)
    if coefficients or productivity or lost:
        after = _changed(model, scale, coefficients or {}, lost or {}).solve(model.io.Y.sum(axis=1) + change)
        # Against the table's own model, so that what its accounts miss is no impact.
        before = model.outputs(model.io.Y.sum(axis=1))
    else:
        before, after = np.zeros(model.n), model.outputs(change)
    moved = after - before
    frame = model.io.sectors[["region", "sector"]].copy()
    frame["output"] = moved
    for entry in _accounts(model.io, of):
        intensity = model.coefficients(entry.values)
        frame[entry.column] = intensity * scale * after - intensity * before
    if jobs(model.io) is None:
        frame["jobs"] = np.nan
        notes.append(Note("no_jobs", "The table has no account of jobs; --satellite FILE adds one."))
    return _result(model, frame, by, of, notes, change, (demand, coefficients, productivity, lost))


def demand_change(io: IOTable, amounts: Mapping[str, float]) -> tuple[Array, list[Note]]:
    """Return a change in final demand by sector, (n,), and what was spread over several sectors.

    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> demand_change(table, {"final_demand": 205})[0]
    array([ 35., 170.])
    """
    change = np.zeros(io.n)
    notes = []
    for node, value in amounts.items():
        if not np.isfinite(value):
            raise NetclusterError(f"The change in demand for {node} is {value}: not a finite number.")
        if node in io.ids:
            change[io.ids.index(node)] += value
            continue
        weights = _spread(io, node)
        total = weights.sum()
        if total <= 0:
            raise NetclusterError(f"{node} has no final demand today, so there is no way to spread {value:g} over it.")
        change += value * weights / total
        text = f"{value:g} for {node} was spread over {int((weights > 0).sum())} sectors as final demand is today."
        notes.append(Note("demand_spread", text))
    return change, notes


def _spread(io: IOTable, node: str) -> Array:
    """Return the final demand that stands for a category, a region or a sector code, (n,), nothing below 0."""
    final = np.maximum(io.Y, 0.0)
    for column in ("id", "category", "name"):
        chosen = (io.demand[column] == node).to_numpy()
        if chosen.any():
            return np.asarray(final[:, chosen].sum(axis=1))
    for column in ("region", "sector", "name"):
        chosen = (io.sectors[column] == node).to_numpy()
        if node and chosen.any():
            return np.where(chosen, final.sum(axis=1), 0.0)
    io.position(node)  # raises, with the nearest names
    raise AssertionError(node)


def _changed(
    model: Model, scale: Array, coefficients: Mapping[tuple[str, str], float], lost: Mapping[str, float]
) -> Leontief:
    A: Any = model.scaled(model.per_output * scale)
    if model.sparse:
        A = A.tolil()
    for (supplier, buyer), change in coefficients.items():
        i, j = model.io.position(supplier), model.io.position(buyer)
        A[i, j] += change
        if A[i, j] < 0:
            raise NetclusterError(f"The coefficient of {supplier} in {buyer} would fall to {A[i, j]:g}, below 0.")
    for sector, share in lost.items():
        if not 0 < share <= 1:
            raise NetclusterError(f"The share of sales that {sector} loses is {share:g}; it lies above 0 and up to 1.")
        at = model.io.position(sector)
        A[at, :] = A[at, :] * (1 - share)
    if model.sparse:
        return Leontief(A.tocsc())
    return Leontief(np.asfortranarray(A), overwrite=True)


def _accounts(io: IOTable, of: Sequence[str]) -> list[Amount]:
    people = jobs(io)
    entries = [amount(io, "value_added"), *([people] if people is not None else [])]
    more = [amount(io, name) for name in of if name not in ("output", "value_added", "jobs")]
    return [*entries, *more]


def _result(
    model: Model,
    frame: pd.DataFrame,
    by: str,
    of: Sequence[str],
    notes: list[Note],
    change: Array,
    changes: tuple[object, ...],
) -> Result:
    order = ["region", "sector", "output", "value_added", "jobs"]
    frame = frame[[*order, *(column for column in frame.columns if column not in order)]]
    measures = tuple(frame.columns[2:])
    totals = {name: float(frame[name].sum(min_count=1)) for name in measures}
    spent = float(change.sum())
    per_unit = (
        {name: value / spent for name, value in totals.items()} if changes[0] and not any(changes[1:]) and spent else {}
    )
    if per_unit:
        parts = ", ".join(f"{name} {value:.4g}" for name, value in per_unit.items() if np.isfinite(value))
        notes.append(Note("per_unit", f"Per unit of demand: {parts}."))
    if by == "region":
        frame = frame.groupby("region", sort=False)[list(measures)].sum(min_count=1).reset_index()
        frame.insert(1, "sector", "")
    elif by != "sector":
        raise NetclusterError(f"Impact can't be given by {by!r}.", "Take sector or region.")
    names = ("demand", "coefficients", "productivity", "lost")
    return Result(
        frame=frame,
        measures=measures,
        parameters={
            **{
                name: dict(value) if isinstance(value, Mapping) else None
                for name, value in zip(names, changes, strict=True)
            },
            "of": tuple(of),
            "by": by,
            "totals": totals,
            "per_unit": per_unit,
            "origin": model.io.origin,
        },
        notes=(*model.notes, *notes),
    )
