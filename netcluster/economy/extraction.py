"""Hypothetical extraction of sectors, regions or any group, in closed form.

With L = (I − A)⁻¹ known on the group S alone, the loss of any account w follows without a new inverse:

    complete  (w'L)_S L_SS⁻¹ x_S                               row, column and own demand out
    backward  α (w'L − w')_S (I + α(L_SS − I))⁻¹ x_S            share α of its purchases out
    forward   α (w'L)_S (I + α(L_SS − I))⁻¹ (x_S − f_S)         share α of its sales to sectors out (Leontief row)
    ghosh     α x_S' (I + α(G_SS − I))⁻¹ (G w − w)_S            the same by the supply-driven model

For one sector L_SS is a number, so all sectors cost one diagonal of L and one solve an account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from netcluster.core.engine import ordered_map
from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.solve import Array, blas_threads
from netcluster.economy.accounts import amount
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable

Kind = Literal["complete", "backward", "forward", "ghosh"]
Keep = Literal["nothing", "demand", "links"]


@dataclass(frozen=True)
class _Case:
    kind: Kind
    keep: Keep
    share: float


def extraction(
    io: IOTable | Model,
    *,
    kind: Kind = "complete",
    keep: Keep = "nothing",
    share: float = 1.0,
    groups: npt.ArrayLike | Literal["region"] | None = None,
    losses: Sequence[str] = ("value_added",),
    jobs: int = 1,
) -> Result:
    """Return what the economy loses without each sector, or each group of sectors.

    Parameters
    ----------
    kind : {"complete", "backward", "forward", "ghosh"}
        What goes: all of it; its purchases; its sales to other sectors by Leontief's row; its sales by Ghosh.
    keep : {"nothing", "demand", "links"}
        For complete extraction, what stays of the extracted: nothing; its own final demand, met without inputs from
        within the group; or demand and the links within.
    share : float
        The share of purchases or sales that goes, above 0 up to 1 (backward, forward, ghosh).
    groups : array of n labels, "region", or None
        Extract groups of sectors instead of single ones; an empty label stays out.
    losses : sequence of str
        Accounts to count beside output: "value_added", "jobs", an account or a primary input.
    jobs : int
        Threads that share the groups; the answer does not depend on how many.

    Returns
    -------
    Result
        region, sector, name (or group), output, extraction_output_loss, extraction_output_loss_share (of all
        output), and extraction_NAME_loss for each of `losses`. Own output is included.

    Notes
    -----
    Paelinck, de Caevel and Degueldre (1965); Strassert (1968); Cella (1984); Miller and Lahr (2001); Dietzenbacher and
    van der Linden (1997) for backward and forward. What is lost is not replaced by imports or another supplier.

    Examples
    --------
    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> extraction(table).frame["extraction_output_loss"].round(3).tolist()
    [1210.526, 2588.235]
    """
    model = as_model(io)
    case = _case(kind, keep, share)
    weights, columns = _weights(model, losses)
    if groups is None:
        frame = model.io.sectors[["region", "sector", "name"]].copy()
        frame["output"] = model.x
        values = np.array([model.measured(row) for row in _each_sector(model, case, weights)])
    else:
        frame, members = _grouped(model, groups)
        _ = model.factor  # once, before threads ask for it
        # On one thread each, for more of them change the last digits of a product.
        with blas_threads(1):
            found = ordered_map(lambda group: _one_group(model, case, weights, group), members, jobs=jobs)
            values = np.array(list(found)).T
    frame["extraction_output_loss"] = values[0]
    frame["extraction_output_loss_share"] = values[0] / model.x[model.active].sum()
    for column, row in zip(columns[1:], values[1:], strict=True):
        frame[f"extraction_{column}_loss"] = row
    return Result(
        frame=frame,
        measures=tuple(frame.columns[3 if groups is None else 1 :]),
        parameters={
            "kind": kind,
            "keep": keep,
            "share": share,
            "groups": "none" if groups is None else groups if isinstance(groups, str) else "labels",
            "losses": tuple(losses),
            "origin": model.io.origin,
        },
        notes=(*model.notes, Note("no_substitution", "What is extracted is not replaced by another supplier.")),
    )


def extraction_losses(
    io: IOTable | Model,
    sectors: Sequence[str],
    *,
    kind: Kind = "complete",
    keep: Keep = "nothing",
    share: float = 1.0,
) -> Result:
    """Return where the loss falls when these sectors (by id) are extracted together: one row a sector.

    Columns: region, sector, name, output, extraction_output_loss (of that sector's output), in the table's unit.

    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> extraction_losses(table, ["farms"]).frame["extraction_output_loss"].round(3).tolist()
    [1000.0, 210.526]
    """
    model = as_model(io)
    case = _case(kind, keep, share)
    group = np.array([model.io.position(sector) for sector in sectors], dtype=np.intp)
    if not len(group):
        raise NetclusterError("There is nothing to extract.", "Name at least one sector.")
    frame = model.io.sectors[["region", "sector", "name"]].copy()
    frame["output"] = model.x
    frame["extraction_output_loss"] = _loss_by_sector(model, case, group)
    return Result(
        frame=frame,
        measures=("output", "extraction_output_loss"),
        parameters={"sectors": tuple(sectors), "kind": kind, "keep": keep, "share": share, "origin": model.io.origin},
        notes=model.notes,
    )


def _case(kind: Kind, keep: Keep, share: float) -> _Case:
    if kind not in ("complete", "backward", "forward", "ghosh"):
        raise NetclusterError(f"There is no extraction {kind!r}.", "Kinds are complete, backward, forward and ghosh.")
    if keep not in ("nothing", "demand", "links"):
        raise NetclusterError(f"An extraction can't keep {keep!r}.", "It keeps nothing, demand or links.")
    if keep != "nothing" and kind != "complete":
        raise NetclusterError(f"keep={keep!r} is for complete extraction; {kind} keeps own demand by definition.")
    if not 0 < share <= 1:
        raise NetclusterError(f"The share extracted is {share:g}; it lies above 0 and up to 1.")
    if share < 1 and kind == "complete":
        raise NetclusterError("A share can be extracted of purchases or sales only.", "Take kind backward or forward.")
    return _Case(kind, keep, share)


def _weights(model: Model, losses: Sequence[str]) -> tuple[Array, list[str]]:
    """Return the coefficients to count, (k, n), output's first, and their column names."""
    amounts = [amount(model.io, name) for name in losses if name != "output"]
    rows = [model.active.astype(np.float64), *(model.coefficients(entry.values) for entry in amounts)]
    return np.array(rows), ["output", *(entry.column for entry in amounts)]


def _each_sector(model: Model, case: _Case, weights: Array) -> Array:
    """Return the loss of each account without each sector, (k, n)."""
    x, diagonal, alpha = model.x, model.diagonal, case.share
    demand = model.io.Y.sum(axis=1)
    scale = alpha / (1 + alpha * (diagonal - 1))
    if case.kind == "ghosh":
        sums = model.outputs((weights * x).T).T * model.per_output
        return np.asarray((sums - weights) * scale * x)
    sums = model.totals(weights)
    if case.kind == "backward":
        return np.asarray((sums - weights) * scale * x)
    if case.kind == "forward":
        return np.asarray(sums * scale * (x - demand))
    kept = {"nothing": 0.0, "demand": demand, "links": demand / (1 - model.io.Z.diagonal() * model.per_output)}
    return np.asarray(sums * x / diagonal - weights * kept[case.keep])


def _one_group(model: Model, case: _Case, weights: Array, group: npt.NDArray[np.intp]) -> Array:
    """Return the loss of each account without the group, (k,)."""
    x = model.x[group]
    inner = _block(model, group)
    demand = model.io.Y[group].sum(axis=1)
    if case.kind == "complete":
        loss = model.totals(weights)[:, group] @ np.linalg.solve(inner, x)
        return np.asarray(loss - weights[:, group] @ _kept(model, case, group, demand))
    core = np.eye(len(group)) + case.share * (inner - np.eye(len(group)))
    if case.kind == "ghosh":
        sums = model.outputs((weights * model.x).T).T * model.per_output
        # G_SS = x̂⁻¹ L_SS x̂, so the row vector x'(…)⁻¹ of G is that of L with the outputs taken out again.
        left = np.linalg.solve(core.T, np.ones(len(group))) * x
        return np.asarray(case.share * (sums - weights)[:, group] @ left)
    sums = model.totals(weights)[:, group]
    if case.kind == "backward":
        return np.asarray(case.share * (sums - weights[:, group]) @ np.linalg.solve(core, x))
    return np.asarray(case.share * sums @ np.linalg.solve(core, x - demand))


def _loss_by_sector(model: Model, case: _Case, group: npt.NDArray[np.intp]) -> Array:
    x, demand = model.x[group], model.io.Y[group].sum(axis=1)
    columns = _columns(model, group)
    inner = columns[group]
    if case.kind == "complete":
        loss = columns @ np.linalg.solve(inner, x)
        loss[group] -= _kept(model, case, group, demand)
        return np.asarray(loss)
    core = np.eye(len(group)) + case.share * (inner - np.eye(len(group)))
    if case.kind == "forward":
        return np.asarray(case.share * columns @ np.linalg.solve(core, x - demand))
    if case.kind == "backward":
        columns[group, np.arange(len(group))] -= 1.0
        return np.asarray(case.share * columns @ np.linalg.solve(core, x))
    unit = np.zeros((model.n, len(group)))
    unit[group, np.arange(len(group))] = 1.0
    rows = model.factor.solve(unit, transpose=True).T * model.x * model.per_output[group][:, None]
    rows[np.arange(len(group)), group] -= 1.0
    left = np.linalg.solve(core.T, np.ones(len(group))) * x
    return np.asarray(case.share * left @ rows)


def _kept(model: Model, case: _Case, group: npt.NDArray[np.intp], demand: Array) -> Array:
    """Return the output the group still makes for its own final demand, (|S|,)."""
    if case.keep == "nothing":
        return np.zeros(len(group))
    if case.keep == "demand":
        return np.asarray(demand)
    inside = np.eye(len(group)) - model.io.Z[np.ix_(group, group)] * model.per_output[group]
    return np.asarray(np.linalg.solve(inside, demand))


def _columns(model: Model, group: npt.NDArray[np.intp]) -> Array:
    unit = np.zeros((model.n, len(group)))
    unit[group, np.arange(len(group))] = 1.0
    return model.outputs(unit)


def _block(model: Model, group: npt.NDArray[np.intp]) -> Array:
    if "L" in model.__dict__:
        return model.L[np.ix_(group, group)]
    return _columns(model, group)[group]


def _grouped(model: Model, groups: npt.ArrayLike | str) -> tuple[pd.DataFrame, list[npt.NDArray[np.intp]]]:
    if isinstance(groups, str):
        if groups != "region":
            raise NetclusterError(f"There are no groups {groups!r}.", 'Take "region" or an array of labels.')
        labels = model.io.sectors["region"].to_numpy()
    else:
        labels = np.asarray(groups)
    if labels.shape != (model.n,):
        raise NetclusterError(f"{labels.size} group labels were given for {model.n} sectors.")
    codes, names = pd.factorize(pd.Series(labels).replace("", np.nan))
    members = [np.flatnonzero(codes == code) for code in range(len(names))]
    frame = pd.DataFrame({"group": list(names), "output": [float(model.x[group].sum()) for group in members]})
    return frame, members
