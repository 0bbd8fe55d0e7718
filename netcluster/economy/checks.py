"""Structural checks of a table: reported with what they found, never fatal."""

from __future__ import annotations

import numpy as np
import pandas as pd

from netcluster.core.result import Result
from netcluster.core.solve import Array
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable

#: Accounts that miss by more than this share of output are worth a look; by more than ten times this, a warning.
BALANCE = 0.001


def checks(io: IOTable | Model) -> Result:
    """Return what holds and what doesn't in a table.

    Columns: check, status ("ok", "look" or "wrong"), check_value, limit, text. Checks: rows and columns add up to
    output; flows, final demand and value added are not negative; no sector buys more than it makes (column sums of A
    at most 1, Solow 1952); the spectral radius of A is below 1 (Hawkins and Simon 1949); the table is not transposed;
    sectors without output; flows and output are on one scale.

    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> set(checks(table).frame["status"])
    {'ok'}
    """
    model = as_model(io)
    table = model.io
    rows = [
        _balance("rows", table.Z.sum(axis=1) + table.Y.sum(axis=1), table),
        _balance("columns", table.Z.sum(axis=0) + table.V.sum(axis=0), table),
        _negative("flows", table.Z, "intermediate flows below 0"),
        _negative("final_demand", table.Y, "cells of final demand below 0 (stocks that fall, or imports taken off)"),
        _negative("value_added", table.value_added, "sectors with value added below 0"),
        _column_sums(model),
        _radius(model),
        _orientation(table),
        _idle(model),
        _scale(model),
    ]
    frame = pd.DataFrame(rows, columns=["check", "status", "check_value", "limit", "text"])
    return Result(
        frame=frame, measures=("check_value", "limit"), parameters={"origin": table.origin}, notes=model.notes
    )


Row = tuple[str, str, float, float, str]


def spectral_radius(model: Model, *, most: int = 1000) -> float:
    """Return the largest absolute eigenvalue of A, by power iteration on A + I (a non-negative A has it real).

    >>> round(spectral_radius(Model(IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000]))), 6)
    0.329129
    """
    vector = np.ones(model.n) / model.n
    value = 0.0
    for _ in range(most):
        after = vector + model.io.Z @ (vector * model.per_output)
        size = float(np.abs(after).sum())
        if not np.isfinite(size) or size == 0:
            return float("nan")
        if abs(size - 1 - value) < 1e-12 * max(size, 1.0):
            return size - 1
        value, vector = size - 1, after / size
    return value


def _balance(name: str, sums: Array, io: IOTable) -> Row:
    gap = np.abs(sums - io.x)
    total = float(np.abs(io.x).sum())
    missed = float(gap.sum()) / total if total else float("nan")
    worst = int(gap.argmax())
    status = "ok" if missed <= BALANCE else "look" if missed <= 10 * BALANCE else "wrong"
    text = f"{name.capitalize()} miss output by {missed:.3%} of it; most in {io.ids[worst]}, {gap[worst]:,.6g}."
    return (f"balance_of_{name}", status, missed, BALANCE, text)


def _negative(name: str, values: Array, what: str) -> Row:
    count = int((values < 0).sum())
    size = float(-values[values < 0].sum() / max(np.abs(values).sum(), 1e-300))
    text = f"{count} {what}, {size:.2%} of all." if count else f"No {what}."
    return (f"signs_of_{name}", "look" if count else "ok", float(count), 0.0, text)


def _column_sums(model: Model) -> Row:
    sums = model.io.Z.sum(axis=0) * model.per_output
    over = int((sums > 1 + 1e-9).sum())
    worst = int(sums.argmax())
    most = f"the most {model.io.ids[worst]}, {sums[worst]:.3f} of its output"
    text = f"{over} sectors buy more from sectors than they make; {most}."
    return ("column_sums", "look" if over else "ok", float(sums[worst]), 1.0, text)


def _radius(model: Model) -> Row:
    radius = spectral_radius(model)
    status = "ok" if radius < 1 else "wrong"
    text = f"The spectral radius of A is {radius:.4f}: {'demand can be met' if radius < 1 else 'no demand can be met'}."
    return ("spectral_radius", status, radius, 1.0, text)


def _orientation(io: IOTable) -> Row:
    """Say whether the table balances better on its side: then buyers probably stand in the rows."""
    here = (
        np.abs(io.Z.sum(axis=1) + io.Y.sum(axis=1) - io.x).sum()
        + np.abs(io.Z.sum(axis=0) + io.V.sum(axis=0) - io.x).sum()
    )
    turned = (
        np.abs(io.Z.sum(axis=0) + io.Y.sum(axis=1) - io.x).sum()
        + np.abs(io.Z.sum(axis=1) + io.V.sum(axis=0) - io.x).sum()
    )
    ratio = float(here / turned) if turned > 0 else float("inf") if here > 0 else 1.0
    wrong = here > 10 * turned and here > BALANCE * float(io.x.sum())
    text = "Rows would add up if buyers stood in them: transpose it?" if wrong else "Sellers stand in the rows."
    return ("orientation", "wrong" if wrong else "ok", ratio, 10.0, text)


def _idle(model: Model) -> Row:
    count = int((~model.active).sum())
    text = f"{count} sectors have no output." if count else "Every sector has output."
    return ("zero_output", "look" if count else "ok", float(count), 0.0, text)


def _scale(model: Model) -> Row:
    """Say whether flows and output can be in one unit; in most tables flows are a fifth to four fifths of output."""
    share = float(model.io.Z.sum() / model.x[model.active].sum())
    status = "ok" if 0.02 <= share <= 0.95 else "look"
    return ("scale", status, share, 0.95, f"Intermediate flows are {share:.1%} of output.")
