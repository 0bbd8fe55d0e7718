"""Loss of supply or capacity in a table, at rest: what else falls when some sectors make less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import EVIDENCE_ROWS, Finding, rank, severity
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result
from netcluster.core.solve import Leontief

if TYPE_CHECKING:
    from netcluster.tables.iotable import IOTable

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mechanism = Literal["mixed", "ghosh"]
MEASURES = ("loss", "loss_amount", "loss_direct", "loss_indirect", "value_added_loss", "output_share")


def shock(
    io: IOTable,
    remaining: Mapping[str, float],
    *,
    model: Mechanism = "mixed",
    loss_threshold: float | None = None,
) -> Result:
    """Return what every sector loses, in a year, where some keep only a part of their output.

    Parameters
    ----------
    io : IOTable
        The economy before.
    remaining : mapping
        Sector (or region: all its sectors) to the part of its output that is left, 0 to 1.
    model : {"mixed", "ghosh"}
        Mixed: the output of the sectors hit is given, their final demand gives way, and all suppliers lose
        what they would have sold to them (Miller and Blair 2009, chapter 13). Ghosh: the sectors hit lose
        that part of their primary inputs, and all buyers shrink in proportion; it takes every input to be
        replaceable and to push output (Oosterhaven 1988), so that it says where losses may go, not how large.
    loss_threshold : float, optional
        Of loss, for findings; the default stands in measures.toml.

    Returns
    -------
    Result
        One row a sector: node, loss (share of its output), loss_amount (in the table's unit), loss_direct
        (what the scenario takes), loss_indirect, value_added_loss, output_share.

    Raises
    ------
    NetclusterError
        Where a node is unknown or a part is outside 0 … 1.

    Examples
    --------
    The two-sector table of Miller and Blair (2009): agriculture halved to 500. Manufacturing sold it
    0.20·500 = 100 less, and 100/(1 − 0.05) less in all, since it buys of itself.

    >>> from netcluster.tables.iotable import IOTable
    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> shock(io, {"farms": 0.5}).frame["loss_amount"].round(2).tolist()
    [500.0, 105.26]
    """
    where, parts = scenario_rows(io, remaining)
    direct = np.zeros(io.n)
    direct[where] = (1.0 - parts) * np.maximum(io.x[where], 0.0)
    lost = losses(io, Leontief(io.A), direct, where, model)
    limit = explain("loss").threshold if loss_threshold is None else loss_threshold
    return Result(
        frame=_frame(io, lost, direct),
        measures=MEASURES,
        parameters={
            "model": model,
            "scenario": {str(name): float(part) for name, part in remaining.items()},
            "total_loss": float(lost.sum()),
            "total_loss_share": float(lost.sum() / io.x.sum()),
            "loss_threshold": limit,
        },
        notes=_notes(lost, io, model),
        findings=tuple(_findings(io, lost, direct, float(limit or 1.0), list(remaining))),
    )


def losses(io: IOTable, system: Leontief, direct: Array, where: Integers, model: Mechanism) -> Array:
    """Return the loss of output of each sector, (n,), where `direct` is what the sectors in `where` lose."""
    if model == "mixed":
        unit = np.zeros((io.n, where.size))
        unit[where, np.arange(where.size)] = 1.0
        columns = system.solve(unit)
        return np.asarray(columns @ np.linalg.solve(columns[where], direct[where]))
    if model == "ghosh":
        per_unit = np.divide(1.0, io.x, out=np.zeros(io.n), where=io.x > 0)
        primary = np.maximum(io.x - io.Z.sum(axis=0), 0.0)
        pushed = np.zeros(io.n)
        pushed[where] = direct[where] * per_unit[where] * primary[where]
        return np.asarray(system.solve(pushed * per_unit, transpose=True) * io.x)
    raise NetclusterError(f"There is no model {model!r}.", "Say mixed or ghosh.")


def scenario_rows(io: IOTable, remaining: Mapping[str, float]) -> tuple[Integers, Array]:
    """Return the rows of the sectors a scenario names, ascending, and the part of output each keeps."""
    if not remaining:
        raise NetclusterError("The scenario names no sector.", "Give at least one: node,remaining.")
    kept: dict[int, float] = {}
    for name, part in remaining.items():
        if not 0 <= part <= 1:
            raise NetclusterError(f"{name} would keep {part:g} of its output.", "Give a part between 0 and 1.")
        for row in rows_of(io, str(name)):
            kept[row] = min(kept.get(row, 1.0), float(part))
    order = sorted(kept)
    return np.array(order, dtype=np.int64), np.array([kept[row] for row in order])


def rows_of(io: IOTable, name: str) -> Sequence[int]:
    """Return the row of a sector by its id, or the rows of a region by its code."""
    if name in io.regions and name not in io.ids:
        return np.flatnonzero((io.sectors["region"] == name).to_numpy()).tolist()
    return [io.position(name)]


def _frame(io: IOTable, lost: Array, direct: Array) -> Any:
    import pandas as pd

    output = np.where(io.x > 0, io.x, np.nan)
    return pd.DataFrame(
        {
            "node": list(io.ids),
            "loss": lost / output,
            "loss_amount": lost,
            "loss_direct": direct,
            "loss_indirect": lost - direct,
            "value_added_loss": lost * io.value_added / output,
            "output_share": io.x / io.x.sum(),
            "label": io.sectors["name"].to_numpy(),
        }
    )


def _notes(lost: Array, io: IOTable, model: str) -> tuple[Note, ...]:
    notes = []
    if model == "ghosh":
        text = "Ghosh takes inputs to be replaceable and output to follow supply: read where losses go, not how large."
        notes.append(Note("ghosh", text))
    past = int((lost > io.x * (1 + 1e-9)).sum())
    if past:
        notes.append(
            Note("more_than_all", "Sectors that would lose more than their output: the model is stretched.", past)
        )
    return tuple(notes)


def _findings(io: IOTable, lost: Array, direct: Array, limit: float, hit: list[str]) -> list[Finding]:
    """Return sectors that lose much without being hit themselves."""
    measure = explain("loss")
    share, names = io.x / io.x.sum(), io.sectors["name"].to_numpy()
    parts = np.divide(lost, io.x, out=np.zeros(io.n), where=io.x > 0)
    found = []
    for i in np.flatnonzero((direct == 0) & (parts >= 0.9 * limit)).tolist():
        grade = severity(float(parts[i]), limit, float(share[i]))
        if grade is None:
            continue
        sold = [(float(io.Z[i, j]), io.ids[j]) for j in np.flatnonzero(direct > 0).tolist()]
        top = sorted(sold, key=lambda pair: (-pair[0], pair[1]))[:EVIDENCE_ROWS]
        found.append(
            Finding(
                code="shock_loss",
                subject=io.ids[i],
                subject_kind="node",
                measure="loss",
                value=float(parts[i]),
                threshold=limit,
                severity=grade,
                share=float(share[i]),
                sentence=f"{names[i]} loses {parts[i]:.0%} of its output though only {', '.join(hit[:3])} is hit.",
                evidence=tuple({"buyer": name, "sales": amount} for amount, name in top if amount > 0),
                reference=measure.threshold_source,
                lever="Buyers outside the sectors hit would soften it.",
            )
        )
    return rank(found)
