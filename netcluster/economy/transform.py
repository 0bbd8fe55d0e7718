"""Tables made comparable: domestic flows out of total ones, and constant prices out of current ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.core.solve import Array
from netcluster.economy.model import imported
from netcluster.tables.iotable import Account, ImportBlock, IOTable, input_labels

Mask = npt.NDArray[np.bool_]

#: What publishers call exports among the categories of final demand.
EXPORTS = re.compile(r"^(e|ex|exp|expo|exports?|f040|p\.?6(_.*)?|exports of goods.*)$", re.IGNORECASE)


def domestic(io: IOTable, *, exports: str = "") -> IOTable:
    """Return the domestic table estimated from one of total flows, imports taken from every use alike.

    Parameters
    ----------
    exports : str, optional
        The category of exports, found by name where left out. Exports are taken as made at home unless they
        are more than that.

    Returns
    -------
    IOTable
        Origin "domestic"; `imports` holds the imported flows, a primary input "imports" what each sector buys of them.

    Notes
    -----
    Import proportionality: of each product, every user at home imports the share m = M/(x + M − E) (Miller and Blair
    2009, chapter 4). Where the source splits origin itself, read that instead.

    Examples
    --------
    A quarter of the product used at home is imported:

    >>> table = IOTable.from_arrays(
    ...     [[40]], x=[90], Y=[[40, 40, -30]], V=[[50]], origin="total",
    ...     demand=pd.DataFrame({"id": ["households", "exports", "imports"]}),
    ... )
    >>> home = domestic(table)
    >>> home.Z, home.Y, home.imports.Z
    (array([[25.]]), array([[25., 40.]]), array([[15.]]))
    """
    if io.origin != "total":
        raise NetclusterError(
            f"The table holds {io.origin} flows already.", "Only one of total flows has imports to take out."
        )
    taken_off, amount = imported(io)
    if not taken_off.any():
        raise NetclusterError(
            "The table has no category of imports, negative beside final demand.",
            "Read the table with its imports column, or read its domestic block: --origin domestic.",
        )
    sold = _exports(io, exports) & ~taken_off
    abroad = io.Y[:, sold].sum(axis=1)
    used = io.x + amount - abroad
    # Where more is exported than made, exports hold imports too: every use shares them.
    shared = (used <= 0) | (amount > used)
    share = np.divide(amount, np.where(shared, io.x + amount, used), out=np.zeros(io.n), where=amount > 0)
    flows, final = io.Z * share[:, None], io.Y * share[:, None]
    final[np.ix_(~shared, sold)] = 0.0
    bought = flows.sum(axis=0)
    labels = input_labels(["imports"]).assign(name="Imports", kind="imports")
    text = (
        f"Imports were taken from every use of a product alike: {share @ io.x / max(io.x.sum(), 1e-300):.1%} of uses."
    )
    return io.replace(
        Z=io.Z - flows,
        Y=(io.Y - final)[:, ~taken_off],
        demand=io.demand[~taken_off].reset_index(drop=True),
        V=np.vstack([io.V, bought]),
        inputs=pd.concat([io.inputs, labels], ignore_index=True),
        imports=ImportBlock(flows, final[:, ~taken_off]),
        origin="domestic",
        accounts={key: _without(account, taken_off) for key, account in io.accounts.items()},
        changes=(*io.changes, Note("imports_shared_out", text, int((amount > 0).sum()))),
    )


def deflate(io: IOTable, prices: Mapping[str, float], *, unit: str = "") -> IOTable:
    """Return the table at the prices of another year, by double deflation.

    Parameters
    ----------
    prices : mapping of sector to index
        Price of the table's year over that of the base year (1.2 is 20 % dearer), by sector code or id; all are needed.
    unit : str
        The new unit, "million EUR at 2015 prices".

    Notes
    -----
    Sales of each sector are divided by its price; value added is what is left of output at constant prices after
    inputs at constant prices (United Nations, System of National Accounts 2008, chapter 15). Other primary inputs go
    by the price of the sector that buys them. Accounts in other units stay.

    Examples
    --------
    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> real = deflate(table, {"farms": 1.25, "factories": 1.0})
    >>> real.x, real.value_added
    (array([ 800., 2000.]), array([ 480., 1500.]))
    """
    index = _prices(io, prices)
    flows, final, output = io.Z / index[:, None], io.Y / index[:, None], io.x / index
    primary = io.V / index
    kinds = io.inputs["kind"].to_numpy()
    added = kinds == "value_added"
    if not added.any():
        raise NetclusterError("The table has no value added to take what is left.", "Name it with --value-added.")
    left = output - flows.sum(axis=0) - primary[~added].sum(axis=0)
    # The gap of accounts that did not balance before is not made value added now.
    left -= (io.x - io.Z.sum(axis=0) - io.V.sum(axis=0)) / index
    total = primary[added].sum(axis=0)
    rows = np.flatnonzero(added)
    primary[rows] *= np.divide(left, total, out=np.ones_like(left), where=total != 0)
    primary[rows[0]] += np.where(total == 0, left, 0.0)
    falls = int(((left < 0) & (total > 0)).sum())
    notes = [Note("deflated", "The table was brought to constant prices by double deflation.", io.n)]
    if falls:
        notes.append(Note("negative_value_added", "Value added at constant prices fell below 0.", falls))
    return io.replace(
        Z=flows, Y=final, V=primary, x=output, imports=None, unit=unit or io.unit, changes=(*io.changes, *notes)
    )


def _exports(io: IOTable, wanted: str) -> Mask:
    labels = io.demand[["id", "category", "name"]].astype(str)
    if wanted:
        found = (labels == wanted).any(axis=1).to_numpy()
        if not found.any():
            raise NetclusterError(
                f"There is no category {wanted!r} of final demand.", f"It has {', '.join(labels['id'])}."
            )
        return np.asarray(found)
    return np.array([any(EXPORTS.match(label) for label in row) for row in labels.to_numpy()])


def _without(account: Account, columns: Mask) -> Account:
    if account.demand_values is None:
        return account
    return replace(account, demand_values=account.demand_values[~columns])


def _prices(io: IOTable, prices: Mapping[str, float]) -> Array:
    index = np.array(
        [prices.get(ident, prices.get(code, np.nan)) for ident, code in zip(io.ids, io.sectors["sector"], strict=True)],
        dtype=np.float64,
    )
    wrong = np.flatnonzero(~(index > 0) | ~np.isfinite(index))
    if len(wrong):
        names = ", ".join(np.asarray(io.ids)[wrong][:5])
        raise NetclusterError(
            f"{len(wrong)} sectors have no price index above 0: {names}.", "Give one for each sector."
        )
    return index
