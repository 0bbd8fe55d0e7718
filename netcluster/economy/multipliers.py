"""Multipliers: what one unit of final demand calls for over the whole chain, in output, income, jobs or any account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Result
from netcluster.core.solve import Array
from netcluster.economy.accounts import amount
from netcluster.economy.households import closure
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable

Kind = Literal["I", "II"]


def multipliers(
    io: IOTable | Model,
    *,
    of: Sequence[str] = ("output", "value_added"),
    kinds: Sequence[Kind] = ("I",),
    income: str = "",
    households: str = "",
) -> Result:
    """Return multipliers of each sector for the accounts asked for.

    Parameters
    ----------
    of : sequence of str
        "output", "value_added", "jobs", an account, or a primary input.
    kinds : sequence of {"I", "II"}
        Type I stops at the sectors; type II is closed to households, whose income is spent again.
    income, households : str
        For type II: the income and the spending of households, found by name where left out.

    Returns
    -------
    Result
        region, sector, name, output, and for each NAME: NAME_multiplier (w'L: the account's unit per unit of final
        demand) and NAME_ratio (that over the sector's own coefficient); for type II NAME_multiplier_ii and
        NAME_ratio_ii, over the sectors only (truncated).

    Notes
    -----
    Miller and Blair (2009), chapter 6. A ratio is empty where the sector itself has nothing of the account.

    Examples
    --------
    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> multipliers(io).frame[["output_multiplier", "value_added_multiplier", "value_added_ratio"]].round(4)
       output_multiplier  value_added_multiplier  value_added_ratio
    0             1.5182                     1.0             1.5385
    1             1.4521                     1.0             1.4286
    """
    model = as_model(io)
    wrong = [kind for kind in kinds if kind not in ("I", "II")]
    if wrong:
        raise NetclusterError(f"There is no multiplier of type {wrong[0]!r}.", 'Types are "I" and "II".')
    amounts = [amount(model.io, name) for name in of]
    direct = np.array([model.coefficients(entry.values) for entry in amounts]).reshape(len(amounts), model.n)
    frame = model.io.sectors[["region", "sector", "name"]].copy()
    frame["output"] = model.x
    notes = model.notes
    for kind in dict.fromkeys(kinds):
        if kind == "I":
            sums = model.totals(direct)
        else:
            closed = closure(model, income=income, households=households)
            notes += closed.notes
            sums = closed.totals(model, direct)
        ending = "" if kind == "I" else "_ii"
        for entry, own, values in zip(amounts, direct, sums, strict=True):
            frame[f"{entry.column}_multiplier{ending}"] = model.measured(values)
            frame[f"{entry.column}_ratio{ending}"] = model.measured(_ratio(values, own))
    return Result(
        frame=frame,
        measures=tuple(frame.columns[3:]),
        parameters={
            "of": tuple(of),
            "kinds": tuple(kinds),
            "income": income,
            "households": households,
            "origin": model.io.origin,
            "units": {entry.column: entry.unit for entry in amounts},
        },
        notes=notes,
    )


def _ratio(values: Array, own: Array) -> Array:
    return np.divide(values, own, out=np.full_like(values, np.nan), where=own != 0)
