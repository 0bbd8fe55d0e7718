"""Many falls of demand at once: what each scenario costs, by one matrix product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.solve import Leontief
from netcluster.risk._where import where_of

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.iotable import IOTable

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MEASURES = ("demand_change", "loss", "loss_amount", "value_added_loss", "largest_loss")
#: Scenarios multiplied at a stretch: n × BLOCK numbers are held.
BLOCK = 4096


@dataclass(frozen=True, eq=False)
class Sweep(Result):
    """What scenarios cost; `values` (n, scenarios) are changes of output, kept where asked for."""

    values: Array | None = None


def sweep(io: IOTable, shocks: pd.DataFrame, *, keep: bool = False) -> Sweep:
    """Return what changes of final demand do to output, scenario by scenario (Leontief's quantity model).

    Parameters
    ----------
    io : IOTable
        The economy before.
    shocks : DataFrame
        scenario, node, amount: the change of final demand for a sector, in the table's unit. A region or a
        sector code in all regions spreads its amount as final demand is spread today.
    keep : bool
        Whether to keep the change of every sector in every scenario.

    Returns
    -------
    Sweep
        One row a scenario, in the order given: demand_change, loss (of all output), loss_amount,
        value_added_loss, hardest (the sector that loses the largest share of its output), largest_loss.

    Examples
    --------
    Miller and Blair (2009): one unit less demand for farms costs 1.254 there and 0.264 in factories.

    >>> import pandas as pd
    >>> from netcluster.tables.iotable import IOTable
    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> fall = pd.DataFrame({"scenario": ["one"], "node": ["farms"], "amount": [-1.0]})
    >>> sweep(io, fall).frame["loss_amount"].round(3).tolist()
    [1.518]
    """
    names, nodes, amounts = _changes(io, shocks)
    touched = np.flatnonzero((amounts != 0).any(axis=1))
    unit = np.zeros((io.n, touched.size))
    unit[touched, np.arange(touched.size)] = 1.0
    columns = Leontief(io.A).solve(unit)
    per_unit = np.divide(1.0, io.x, out=np.zeros(io.n), where=io.x > 0)
    added = io.value_added * per_unit
    rows: list[tuple[Array, ...]] = []
    kept = []
    for start in range(0, len(names), BLOCK):
        change = columns @ amounts[touched, start : start + BLOCK]
        part = -change * per_unit[:, None]
        rows.append((-change.sum(axis=0), -(added @ change), part.argmax(axis=0), part.max(axis=0)))
        if keep:
            kept.append(change)
    lost, less, worst, most = (np.concatenate(column) for column in zip(*rows, strict=True))
    past = int((most > 1).sum())
    text = "Scenarios in which a sector would lose more than its output: more demand goes than there is."
    return Sweep(
        frame=_frame(io, names, amounts, lost, less, worst, most),
        measures=MEASURES,
        parameters={"scenarios": len(names), "nodes": nodes, "mean_loss": float(lost.mean() / io.x.sum())},
        notes=(Note("more_than_all", text, past),) if past else (),
        values=np.concatenate(kept, axis=1) if keep else None,
    )


def _changes(io: IOTable, shocks: pd.DataFrame) -> tuple[list[str], int, Array]:
    """Return the scenarios, how many nodes they name, and the change of final demand, (n, scenarios)."""
    import pandas as pd

    missing = [name for name in ("scenario", "node", "amount") if name not in shocks]
    if missing or shocks.empty:
        raise NetclusterError(
            f"The sweep has no {missing[0] if missing else 'rows'}.", "Its columns: scenario, node, amount."
        )
    amount = shocks["amount"].to_numpy(dtype=np.float64)
    if not np.isfinite(amount).all():
        raise NetclusterError("An amount of the sweep is no number.", "Look at the column amount.")
    scenario, names = pd.factorize(shocks["scenario"].astype(str))
    node, nodes = pd.factorize(shocks["node"].astype(str))
    where, final = where_of(io), np.maximum(io.Y.sum(axis=1), 0.0)
    spread = np.zeros((len(nodes), io.n))
    for k, name in enumerate(nodes):
        rows = where.rows(str(name))
        weight = final[rows] if final[rows].sum() > 0 else np.ones(rows.size)
        spread[k, rows] = weight / weight.sum()
    asked = np.zeros((len(nodes), len(names)))
    np.add.at(asked, (node, scenario), amount)
    return [str(name) for name in names], len(nodes), np.asarray(spread.T @ asked)


def _frame(
    io: IOTable, names: list[str], amounts: Array, lost: Array, less: Array, worst: Integers, most: Array
) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "scenario": names,
            "demand_change": amounts.sum(axis=0),
            "loss": lost / io.x.sum(),
            "loss_amount": lost,
            "value_added_loss": less,
            "hardest": np.array(io.ids, dtype=object)[worst],
            "largest_loss": most,
        }
    )
