"""What changed between two tables, and why: structural decomposition and a plain comparison."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.solve import Array
from netcluster.economy.accounts import amount
from netcluster.economy.model import Model, as_model
from netcluster.economy.sectors import sectors
from netcluster.tables.iotable import IOTable


def decomposition(
    before: IOTable | Model, after: IOTable | Model, *, of: str = "output", by: Literal["sector", "region"] = "sector"
) -> Result:
    """Return how much of the change of an account comes from intensity, technology, the mix and the level of demand.

    Parameters
    ----------
    before, after : IOTable
        Two tables of the same sectors, better in the same prices.
    of : str
        "output", "value_added", "jobs", an account or a primary input.

    Returns
    -------
    Result
        region, sector, before, after, intensity_effect (the account per unit of output), technology_effect (L),
        mix_effect (what final demand is made of), level_effect (how much there is of it). The four add up to
        after − before, in the account's unit.

    Notes
    -----
    w_i (L m)_i v is changed one factor at a time, from the first to the last and from the last to the first,
    and the two polar forms are averaged (Dietzenbacher and Los 1998). Four factors need two solves a table.

    Examples
    --------
    Final demand doubles, nothing else moves:

    >>> old = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> new = IOTable.from_arrays([[300, 1000], [400, 200]], x=[2000, 4000])
    >>> decomposition(old, new).frame[["technology_effect", "level_effect"]].abs().round(6).values.tolist()
    [[0.0, 1000.0], [0.0, 2000.0]]
    """
    old, new = as_model(before), as_model(after)
    _same_sectors(old.io, new.io)
    first, last = amount(old.io, of), amount(new.io, of)
    w0, w1 = _intensity(old, of, first.values), _intensity(new, of, last.values)
    f0, f1 = old.io.Y.sum(axis=1), new.io.Y.sum(axis=1)
    v0, v1 = float(f0.sum()), float(f1.sum())
    if v0 <= 0 or v1 <= 0:
        raise NetclusterError("A table without final demand can't be split into its level and its mix.")
    m0, m1 = f0 / v0, f1 / v1
    L0m0, L0m1 = old.outputs(np.column_stack([m0, m1])).T
    L1m0, L1m1 = new.outputs(np.column_stack([m0, m1])).T
    frame = old.io.sectors[["region", "sector"]].copy()
    frame["before"] = w0 * L0m0 * v0
    frame["after"] = w1 * L1m1 * v1
    frame["intensity_effect"] = (w1 - w0) * (L1m1 * v1 + L0m0 * v0) / 2
    frame["technology_effect"] = (w0 * (L1m1 - L0m1) * v1 + w1 * (L1m0 - L0m0) * v0) / 2
    frame["mix_effect"] = (w0 * (L0m1 - L0m0) * v1 + w1 * (L1m1 - L1m0) * v0) / 2
    frame["level_effect"] = (w0 * L0m0 + w1 * L1m1) * (v1 - v0) / 2
    measures = tuple(frame.columns[2:])
    if by == "region":
        frame = frame.groupby("region", sort=False)[list(measures)].sum().reset_index()
        frame.insert(1, "sector", "")
    notes = [*old.notes, *(note for note in new.notes if note not in old.notes)]
    text = "Tables of two years in current prices mix changes of prices with changes of quantities."
    return Result(
        frame=frame,
        measures=measures,
        parameters={
            "of": of,
            "by": by,
            "unit": first.unit,
            "years": (old.io.year, new.io.year),
            "origin": old.io.origin,
        },
        notes=(*notes, Note("current_prices", text)),
    )


def compare(before: IOTable | Model, after: IOTable | Model) -> Result:
    """Return the totals and the sectors' measures of two tables side by side.

    Columns: kind (the measure, "total_…" for the whole table), subject (the sector's id; "" for the table), before,
    after, change (after − before). Sectors in one table only have one side empty, and a note counts them.

    >>> old = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> new = IOTable.from_arrays([[300, 1000], [400, 200]], x=[2000, 4000])
    >>> compare(old, new).frame.head(2)[["kind", "before", "after"]].values.tolist()
    [['total_output', 3000.0, 6000.0], ['total_value_added', 2050.0, 4100.0]]
    """
    old, new = as_model(before), as_model(after)
    tables = [sectors(model).frame.assign(id=model.io.ids).set_index("id") for model in (old, new)]
    measures = [column for column in tables[0].columns[3:] if column != "key_sector"]
    ids = list(dict.fromkeys([*old.io.ids, *new.io.ids]))
    sides = [table[measures].reindex(ids) for table in tables]
    rows = [_totals(old), _totals(new)]
    frame = pd.concat(
        [
            pd.DataFrame(
                {
                    "kind": list(rows[0]),
                    "subject": "",
                    "before": list(rows[0].values()),
                    "after": list(rows[1].values()),
                }
            ),
            *(
                pd.DataFrame(
                    {
                        "kind": name,
                        "subject": ids,
                        "before": sides[0][name].to_numpy(),
                        "after": sides[1][name].to_numpy(),
                    }
                )
                for name in measures
            ),
        ],
        ignore_index=True,
    )
    frame["change"] = frame["after"] - frame["before"]
    notes = [*old.notes, *(note for note in new.notes if note not in old.notes)]
    single = len(set(old.io.ids) ^ set(new.io.ids))
    if single:
        notes.append(Note("sectors_differ", "Sectors in one table only have one side empty.", single))
    if old.io.unit != new.io.unit:
        notes.append(
            Note("units_differ", f"The tables are in {old.io.unit or 'no unit'} and {new.io.unit or 'no unit'}.")
        )
    return Result(
        frame=frame,
        measures=("before", "after", "change"),
        parameters={"years": (old.io.year, new.io.year), "origin": (old.io.origin, new.io.origin)},
        notes=tuple(notes),
    )


def _totals(model: Model) -> dict[str, float]:
    io = model.io
    output = float(model.x.sum())
    return {
        "total_output": output,
        "total_value_added": float(io.value_added.sum()),
        "total_final_demand": float(io.Y.sum()),
        "intermediate_share": float(io.Z.sum()) / output,
        "mean_output_multiplier": float(model.output_multipliers[model.active].mean()),
        "mean_upstreamness": float(np.average(model.supply_multipliers[model.active], weights=model.x[model.active])),
    }


def _intensity(model: Model, of: str, values: Array) -> Array:
    return model.active.astype(np.float64) if of == "output" else model.coefficients(values)


def _same_sectors(old: IOTable, new: IOTable) -> None:
    if old.ids == new.ids:
        return
    only: npt.NDArray[np.str_] = np.array(sorted(set(old.ids) ^ set(new.ids)) or ["the order of the sectors"])
    raise NetclusterError(
        f"The two tables have different sectors ({', '.join(only[:5])}).",
        "Bring both to one classification: netcluster table --map from,to.csv.",
    )
