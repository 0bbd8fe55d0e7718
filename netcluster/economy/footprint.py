"""Footprints: where an account arises (production) and whose final demand calls for it (consumption)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.solve import Array
from netcluster.economy.accounts import amount
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable

#: The row of what final users cause themselves: their cars and boilers, not their purchases.
DIRECT = "final_demand"


def footprint(io: IOTable | Model, *, accounts: Sequence[str] = ()) -> Result:
    """Return each account by production and by consumption, for every region and product.

    Parameters
    ----------
    accounts : sequence of str
        Satellites or primary inputs; by default all satellites of the table, or value added where it has none.

    Returns
    -------
    Result
        account, region, sector, production (the account of the region's sector), consumption (what is embodied in the
        region's final demand for that product, wherever it and its inputs were made), both in the account's unit. A
        sector "final_demand" holds what final users cause directly. In total production equals consumption.

    Notes
    -----
    Leontief (1970); Peters (2008) for the two sides. In a table of one region consumption holds exports too.

    Examples
    --------
    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> footprint(table).frame[["production", "consumption"]].round(1).values.tolist()
    [[650.0, 350.0], [1400.0, 1700.0]]
    """
    model = as_model(io)
    table = model.io
    names = list(accounts) or list(table.accounts) or ["value_added"]
    regions, users = users_by_region(table)
    product = pd.factorize(table.sectors["sector"])
    frames, notes, units = [], list(model.notes), {}
    for name in names:
        entry = amount(table, name)
        units[entry.name] = entry.unit
        weights = model.totals(model.coefficients(entry.values))
        frames.append(_account_frame(model, entry.name, entry.values, weights, users, regions, product))
        idle = entry.values[~model.active]
        if np.any(idle != 0):
            text = f"{entry.name} of sectors without output is in production but can't be traced to a use."
            notes.append(Note("untraced", text, int((idle != 0).sum())))
    if len(table.regions) == 1:
        notes.append(Note("one_region", "The table has one region: consumption is all final demand, exports included."))
    return Result(
        frame=pd.concat(frames, ignore_index=True),
        measures=("production", "consumption"),
        parameters={"accounts": tuple(names), "units": units, "origin": table.origin},
        notes=tuple(notes),
    )


def embodied(io: IOTable | Model, account: str) -> Result:
    """Return what each region's final demand causes in each region: account, source, target, embodied.

    `source` is where the account arises, `target` whose final demand calls for it; unit is the account's.

    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> embodied(table, "value_added").frame["embodied"].round(6).tolist()
    [2050.0]
    """
    model = as_model(io)
    entry = amount(model.io, account)
    regions, users = users_by_region(model.io)
    caused = model.coefficients(entry.values)[:, None] * model.outputs(users)
    home = members(model.io.sectors["region"].to_numpy(), model.io.regions)
    table = home.T @ caused
    sources = np.repeat(np.array(model.io.regions, dtype=object), len(regions))
    frame = pd.DataFrame(
        {
            "account": entry.name,
            "source": sources,
            "target": np.tile(np.array(regions, dtype=object), len(model.io.regions)),
            "embodied": table.ravel(),
        }
    )
    return Result(
        frame=frame,
        measures=("embodied",),
        parameters={"account": account, "unit": entry.unit, "origin": model.io.origin},
        notes=model.notes,
    )


def users_by_region(io: IOTable) -> tuple[list[str], Array]:
    """Return the regions of final demand, those of the table first, and final demand by region, (n, R).

    In a table of one region all final demand is that region's. Demand of no region in the table (exports to the
    rest of the world) stands under its own code, or "".
    """
    if len(io.regions) == 1:
        return list(io.regions), io.Y.sum(axis=1, keepdims=True)
    codes = io.demand["region"].to_numpy()
    regions = list(dict.fromkeys([*io.regions, *codes]))
    return regions, io.Y @ members(codes, regions)


def members(labels: npt.NDArray[np.object_], groups: Sequence[str]) -> Array:
    """Return the membership matrix of labels in groups, (labels, groups), of zeros and ones."""
    return np.asarray(labels[:, None] == np.array(groups, dtype=object)[None, :], dtype=np.float64)


def _account_frame(
    model: Model,
    name: str,
    values: Array,
    weights: Array,
    users: Array,
    regions: list[str],
    product: tuple[npt.NDArray[np.intp], pd.Index[str]],
) -> pd.DataFrame:
    codes, labels = product
    consumption = np.zeros((len(regions), len(labels)))
    for r in range(len(regions)):
        consumption[r] = np.bincount(codes, weights=weights * users[:, r], minlength=len(labels))
    production = np.zeros_like(consumption)
    place = {region: k for k, region in enumerate(regions)}
    rows = np.array([place[region] for region in model.io.sectors["region"]], dtype=np.intp)
    np.add.at(production, (rows, codes), values)
    frame = pd.DataFrame(
        {
            "account": name,
            "region": np.repeat(np.array(regions, dtype=object), len(labels)),
            "sector": np.tile(np.asarray(labels, dtype=object), len(regions)),
            "production": production.ravel(),
            "consumption": consumption.ravel(),
        }
    )
    known = model.io.accounts.get(name)
    if known is None or known.demand_values is None:
        return frame
    return pd.concat([frame, _direct(model.io, name, known.demand_values, regions)], ignore_index=True)


def _direct(io: IOTable, name: str, values: Array, regions: list[str]) -> pd.DataFrame:
    if values.shape != (len(io.demand),):
        raise NetclusterError(f"{name} has {values.size} values for {len(io.demand)} categories of final demand.")
    home = np.zeros((len(io.demand), 1)) + 1 if len(regions) == 1 else members(io.demand["region"].to_numpy(), regions)
    caused = values @ home
    return pd.DataFrame(
        {"account": name, "region": regions, "sector": DIRECT, "production": caused, "consumption": caused}
    )
