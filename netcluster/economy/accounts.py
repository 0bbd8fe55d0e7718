"""Amounts by name: output, value added, a primary input or a satellite account of a table, one number a sector."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.solve import Array
from netcluster.economy.transform import EXPORTS
from netcluster.tables.iotable import IOTable

#: What publishers call the number of people at work.
JOBS = re.compile(r"^(jobs|employment|emp|empe|persons|persons_employed|employed|workers|fte)$", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """An amount of each sector, `values` (n,) in `unit`; `column` is its name as a column is written."""

    name: str
    values: Array
    unit: str

    @property
    def column(self) -> str:
        """The name in snake_case."""
        return re.sub(r"\W+", "_", self.name.strip().lower()).strip("_")


def amount(io: IOTable, name: str) -> Amount:
    """Return the amount of that name: "output", "value_added", "jobs", an account, or a primary input by id or name.

    An unknown name is an error that lists what the table has.

    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> amount(io, "value_added").values
    array([ 650., 1400.])
    """
    wanted = name.strip().casefold()
    for key, account in io.accounts.items():
        if key.casefold() == wanted:
            return Amount(key, account.values, account.unit)
    if wanted == "output":
        return Amount("output", io.x, io.unit)
    if wanted == "value_added":
        return Amount("value_added", io.value_added, io.unit)
    for row, (ident, label) in enumerate(zip(io.inputs["id"], io.inputs["name"], strict=True)):
        if wanted in (str(ident).casefold(), str(label).casefold()):
            return Amount(str(ident), io.V[row], io.unit)
    found = jobs(io) if wanted == "jobs" else None
    if found is not None:
        return Amount("jobs", found.values, found.unit)
    raise _unknown(io, name)


def names(io: IOTable) -> list[str]:
    """Return the names `amount` knows for a table, in order."""
    return list(dict.fromkeys(["output", "value_added", *io.accounts, *map(str, io.inputs["id"])]))


def jobs(io: IOTable) -> Amount | None:
    """Return the account of people at work, whatever its publisher calls it, or None."""
    for key, account in io.accounts.items():
        if JOBS.match(key):
            return Amount("jobs", account.values, account.unit)
    return None


def exports(io: IOTable) -> Array:
    """Return what each sector sells beyond its region, (n,): exports as final demand, and to other regions."""
    labels = io.demand[["category", "name"]].astype(str)
    abroad = np.array(
        [any(EXPORTS.match(text) or "export" in text.casefold() for text in row) for row in labels.values]
    )
    sold = np.asarray(io.Y[:, abroad.astype(bool)].sum(axis=1))
    if len(io.regions) < 2:
        return sold
    seller = io.sectors["region"].to_numpy()
    sold = sold + np.where(seller[:, None] != seller[None, :], io.Z, 0.0).sum(axis=1)
    buyer = io.demand["region"].to_numpy()
    other = (seller[:, None] != buyer[None, :]) & ~abroad[None, :] & (buyer != "")[None, :]
    return np.asarray(sold + np.where(other, io.Y, 0.0).sum(axis=1))


def total(values: Array) -> float:
    """Return the sum of an amount over sectors, those not known left out."""
    return float(np.nansum(values))


def _unknown(io: IOTable, name: str) -> NetclusterError:
    known = names(io)
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return NetclusterError(
        f"The table has no account or primary input {name!r}.",
        f"{hint}It has {', '.join(known[:12])}; others come with --satellite FILE.",
    )
