"""Loss of supply, of capacity or of flows in a table, at rest: what else falls when some sectors make less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import EVIDENCE_ROWS, Finding, Plain
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result
from netcluster.core.solve import Leontief
from netcluster.risk._ario_settings import demand_of
from netcluster.risk._loss_findings import called, loss_findings
from netcluster.risk._where import where_of

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
    """Return what every sector loses, in a year, where some keep only a part of their output or sales.

    Parameters
    ----------
    io : IOTable
        The economy before.
    remaining : mapping
        Sector, region (all its sectors) or sector code in all regions to the part of its output that is
        left, 0 to 1. `FROM>TO` are the flows between two of these, of which that part is left: `CHN>DEU` a
        closed border, `*>DEU` all that comes in, `C20>C26` a lost input. Flows to a whole region take its
        final demand too.
    model : {"mixed", "ghosh"}
        Mixed: the output of the sectors hit is given, their final demand gives way, and all suppliers lose
        what they would have sold to them (Miller and Blair 2009, chapter 13). Sellers lose the sales of
        flows that are cut, and their suppliers theirs, while the buyers get elsewhere, outside the table,
        what they lack (Dietzenbacher, van der Linden and Steenge 1993). Ghosh: the sectors hit lose that part of
        their primary inputs, buyers the inputs that are cut, and all buyers shrink in proportion; it takes
        every input to be replaceable and to push output (Oosterhaven 1988), so that it says where losses
        may go, not how large.
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
    if model not in ("mixed", "ghosh"):
        raise NetclusterError(f"There is no model {model!r}.", "Say mixed or ghosh.")
    where, parts, cuts = _scenario(io, remaining)
    flows, final = _left(io, cuts)
    direct = _direct(io, flows, final, model)
    direct[where] = (1.0 - parts) * np.maximum(io.x[where], 0.0)
    lost = _mixed(io, flows, final, where, parts) if model == "mixed" else _ghosh(io, flows, where, parts)
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
        notes=_notes(lost, io, model, bool(cuts)),
        findings=tuple(_findings(io, lost, direct, float(limit or 1.0), list(remaining), where)),
    )


def _mixed(io: IOTable, flows: Array, final: Array, where: Integers, parts: Array) -> Array:
    """Return the loss of output, (n,), with the output of the sectors in `where` given."""
    per_unit = np.divide(1.0, io.x, out=np.zeros(io.n), where=io.x != 0)
    system = Leontief(flows * per_unit)
    made = io.x.astype(np.float64) if flows is io.Z else system.solve(final)
    target = parts * np.maximum(io.x[where], 0.0)
    on = target < made[where]
    where, target = where[on], target[on]
    if where.size:
        unit = np.zeros((io.n, where.size))
        unit[where, np.arange(where.size)] = 1.0
        columns = system.solve(unit)
        made = made - columns @ np.linalg.solve(columns[where], made[where] - target)
    return np.asarray(io.x - made)


def _ghosh(io: IOTable, flows: Array, where: Integers, parts: Array) -> Array:
    """Return the loss of output, (n,), pushed on from lost primary inputs and lost deliveries."""
    per_unit = np.divide(1.0, io.x, out=np.zeros(io.n), where=io.x > 0)
    primary = np.maximum(io.x - io.Z.sum(axis=0), 0.0)
    missing = io.Z.sum(axis=0) - flows.sum(axis=0)
    missing[where] += (1.0 - parts) * primary[where]
    # x − x' = (x − x') B' + what is missing, with B' of the flows that are left; xB' is solved by A', B' = x̂⁻¹A'x̂.
    system = Leontief(flows * per_unit)
    return np.asarray(system.solve(missing * per_unit, transpose=True) * io.x)


def _scenario(io: IOTable, remaining: Mapping[str, float]) -> tuple[Integers, Array, list[tuple[Any, Any, float]]]:
    """Return the rows hit, ascending, the part of output each keeps, and the cuts (sellers, buyers, part)."""
    if not remaining:
        raise NetclusterError("The scenario names no sector.", "Give at least one: node,remaining.")
    where, cuts = where_of(io), []
    kept: dict[int, float] = {}
    for name, part in remaining.items():
        if not 0 <= part <= 1:
            raise NetclusterError(f"{name} would keep {part:g} of its output.", "Give a part between 0 and 1.")
        if where.is_flow(str(name)):
            cuts.append((*where.ends(str(name)), float(part)))
            continue
        for row in where.rows(str(name)).tolist():
            kept[row] = min(kept.get(row, 1.0), float(part))
    order = sorted(kept)
    return np.array(order, dtype=np.int64), np.array([kept[row] for row in order]), cuts


def _left(io: IOTable, cuts: Sequence[tuple[Any, Any, float]]) -> tuple[Array, Array]:
    """Return the flows, (n, n), and the final demand, (n,), that are left; the table's own Z where all are.

    Final demand is what output leaves beside the flows, so that a table whose rows don't add up loses nothing
    by that.
    """
    if not cuts:
        return io.Z, np.asarray(io.x - io.Z.sum(axis=1))
    kept, kept_final = np.ones((io.n, io.n)), np.ones(io.Y.shape)
    for sellers, buyers, part in cuts:
        cell = np.ix_(sellers, buyers)
        kept[cell] = np.minimum(kept[cell], part)
        cell = np.ix_(sellers, demand_of(io, buyers))
        kept_final[cell] = np.minimum(kept_final[cell], part)
    return io.Z * kept, np.asarray(io.x - io.Z.sum(axis=1) - (io.Y * (1.0 - kept_final)).sum(axis=1))


def _direct(io: IOTable, flows: Array, final: Array, model: Mechanism) -> Array:
    """Return the sales (mixed) or the inputs (Ghosh) each sector loses by flows that are cut, (n,)."""
    if flows is io.Z:
        return np.zeros(io.n)
    if model == "ghosh":
        return np.asarray((io.Z - flows).sum(axis=0))
    return np.asarray(io.x - flows.sum(axis=1) - final)


def rows_of(io: IOTable, name: str) -> Sequence[int]:
    """Return the row of a sector by its id, or the rows of a region, or of a sector in all regions."""
    return [int(row) for row in where_of(io).rows(name)]


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


def _notes(lost: Array, io: IOTable, model: str, cut: bool) -> tuple[Note, ...]:
    notes = []
    if cut and model == "mixed":
        text = "Buyers are taken to get from outside the table what no longer arrives: sellers lose, buyers don't."
        notes.append(Note("replaced_inputs", text))
    if model == "ghosh":
        text = "Ghosh takes inputs to be replaceable and output to follow supply: read where losses go, not how large."
        notes.append(Note("ghosh", text))
    past = int((lost > io.x * (1 + 1e-9)).sum())
    if past:
        notes.append(
            Note("more_than_all", "Sectors that would lose more than their output: the model is stretched.", past)
        )
    return tuple(notes)


def _findings(io: IOTable, lost: Array, direct: Array, limit: float, hit: list[str], where: Integers) -> list[Finding]:
    """Return sectors that lose much without being hit themselves."""
    share, names = io.x / io.x.sum(), io.sectors["name"].to_numpy()
    parts = np.divide(lost, io.x, out=np.zeros(io.n), where=io.x > 0)
    named, few = np.isin(np.arange(io.n), where), ", ".join(hit[:3]) + (" …" if len(hit) > 3 else "")

    def sentence(i: int) -> str:
        own = f", {direct[i] / io.x[i]:.0%} of it in sales or inputs cut" if direct[i] > 0 else ""
        return f"{called(names[i], io.ids[i])} loses {parts[i]:.0%} of its output by what hits {few}{own}."

    def evidence(i: int) -> tuple[dict[str, Plain], ...]:
        sold = sorted(((float(io.Z[i, j]), io.ids[j]) for j in where.tolist()), key=lambda pair: (-pair[0], pair[1]))
        return tuple({"buyer": name, "sales": amount} for amount, name in sold[:EVIDENCE_ROWS] if amount > 0)

    lever = "Buyers outside what is hit would soften it."
    return loss_findings(io.ids, parts, share, named, limit, sentence, evidence, lever)
