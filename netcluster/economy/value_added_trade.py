"""Value added in trade: whose value added exports hold, and where it is used in the end."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.solve import Array
from netcluster.economy.footprint import members
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable


def value_added_trade(io: IOTable | Model, *, groups: Mapping[str, str] | None = None) -> Result:
    """Return the value-added content of each region's exports.

    Parameters
    ----------
    groups : mapping of region to group, optional
        Regions to treat as one, so that trade among them is no export; others stay themselves.

    Returns
    -------
    Result
        region, exports (gross), domestic_content (DC, v_s L_ss e_s), domestic_value_added (DVA, what the region's
        GDP would lose without its exports), value_added_exports (VAX, used by others in the end), reflection
        (REF = DVA − VAX, comes home and is used there), double_counted (DDC = DC − DVA), foreign_content (FC),
        other_content (taxes and other primary inputs no value added), vertical_specialisation (imported inputs in
        exports, share), backward_participation (FC ÷ exports), forward_participation (domestic value added in the
        exports of others ÷ exports).

    Notes
    -----
    Johnson and Noguera (2012) for VAX; Koopman, Wang and Wei (2014) and Borin and Mancini (2023) for DC, DVA, REF
    and FC; Los, Timmer and de Vries (2016) for DVA by extraction; Hummels, Ishii and Yi (2001) for vertical
    specialisation.
    VAX ≤ DVA ≤ DC, and DC + FC + other = exports.

    Examples
    --------
    One country sells parts to the other, which sells the finished good to final users of both:

    >>> import pandas as pd
    >>> table = IOTable.from_arrays(
    ...     [[0, 10], [0, 0]], Y=[[0, 0], [8, 22]],
    ...     sectors=pd.DataFrame({"region": ["A", "B"], "sector": ["1", "1"]}),
    ...     demand=pd.DataFrame({"region": ["A", "B"], "category": ["f", "f"]}),
    ... )
    >>> result = value_added_trade(table).frame
    >>> result[["region", "exports", "value_added_exports", "reflection", "foreign_content"]].round(3).values.tolist()
    [['A', 10.0, 7.333, 2.667, 0.0], ['B', 8.0, 5.333, 0.0, 2.667]]
    """
    model = as_model(io)
    blocs, home, abroad = _blocs(model.io, groups)
    final, exports = _exports(model.io, home, abroad, blocs)
    value_added = model.coefficients(model.io.value_added)
    shipped = home * exports[:, None]
    content = home.T @ (value_added[:, None] * model.outputs(shipped))
    absorbed = home.T @ (value_added[:, None] * model.outputs(final))
    gross = shipped.sum(axis=0)
    if not gross.any():
        raise NetclusterError(
            "The regions of this table sell nothing to each other: each is a block of its own.",
            "Value added in trade needs flows between regions.",
        )
    own = np.array([_alone(model, value_added, home[:, r] > 0, exports) for r in range(len(blocs))])
    domestic, foreign = content.diagonal(), content.sum(axis=0) - content.diagonal()
    used_abroad = absorbed.sum(axis=1) - absorbed[:, : len(blocs)].diagonal()
    frame = pd.DataFrame(
        {
            "region": blocs,
            "exports": gross,
            "domestic_content": domestic,
            "domestic_value_added": own[:, 0],
            "value_added_exports": used_abroad,
            "reflection": own[:, 0] - used_abroad,
            "double_counted": domestic - own[:, 0],
            "foreign_content": foreign,
            "other_content": gross - domestic - foreign,
            "vertical_specialisation": _over(own[:, 1], gross),
            "backward_participation": _over(foreign, gross),
            "forward_participation": _over(content.sum(axis=1) - domestic, gross),
        }
    )
    return Result(
        frame=frame,
        measures=tuple(frame.columns[1:]),
        parameters={"groups": dict(groups or {}), "origin": model.io.origin},
        notes=(*model.notes, *_notes(gross - domestic - foreign, gross)),
    )


def _blocs(io: IOTable, groups: Mapping[str, str] | None) -> tuple[list[str], Array, list[str]]:
    """Return the blocs, the membership of sectors, (n, R), and the bloc of each category of final demand."""
    mapping = dict(groups or {})
    unknown = [region for region in mapping if region not in io.regions]
    if unknown:
        raise NetclusterError(f"The table has no region {unknown[0]!r}.", f"Its regions: {', '.join(io.regions[:60])}.")
    labels = np.array([mapping.get(region, region) for region in io.sectors["region"]], dtype=object)
    blocs = list(dict.fromkeys(labels))
    if len(blocs) < 2:
        raise NetclusterError(
            "Value added in trade needs a table of several regions; this one has one.",
            "A world table (WIOD, OECD ICIO, FIGARO, EXIOBASE) has them.",
        )
    demand = [mapping.get(str(region), str(region)) for region in io.demand["region"]]
    return blocs, members(labels, blocs), demand


def _exports(io: IOTable, home: Array, demand: list[str], blocs: list[str]) -> tuple[Array, Array]:
    """Return final demand by bloc, blocs of the table first, (n, R′), and exports of each sector, (n,)."""
    users = list(dict.fromkeys([*blocs, *demand]))
    final = io.Y @ members(np.array(demand, dtype=object), users)
    bloc = home.argmax(axis=1)
    sales = io.Z @ home
    rows = np.arange(io.n)
    abroad = sales.sum(axis=1) - sales[rows, bloc] + final.sum(axis=1) - final[rows, bloc]
    return final, abroad


def _alone(model: Model, value_added: Array, inside: npt.NDArray[np.bool_], exports: Array) -> tuple[float, float]:
    """Return the bloc's value added and imported inputs in its exports, no good crossing its border twice."""
    on = np.flatnonzero(inside)
    per_output = model.per_output[on]
    local = np.eye(len(on)) - model.io.Z[np.ix_(on, on)] * per_output
    output = np.linalg.solve(local, exports[on])
    imported = model.io.Z[np.ix_(~inside, on)].sum(axis=0) * per_output
    return float(value_added[on] @ output), float(imported @ output)


def _over(values: Array, base: Array) -> Array:
    return np.divide(values, base, out=np.full_like(values, np.nan), where=base > 0)


def _notes(other: Array, gross: Array) -> tuple[Note, ...]:
    worst = float(np.nanmax(np.abs(_over(other, gross)), initial=0.0))
    if worst < 1e-6:
        return ()
    text = f"Taxes and other primary inputs that are no value added hold up to {worst:.1%} of a region's exports."
    return (Note("other_content", text, int((np.abs(other) > 1e-6 * gross).sum())),)
