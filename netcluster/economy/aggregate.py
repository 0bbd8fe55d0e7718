"""Adding sectors up, or splitting them by weights, so that every total stays what it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.core.solve import Array
from netcluster.tables.iotable import Account, ImportBlock, IOTable

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: Weights of one sector may miss 1 by this much (rounding in a file of shares).
SLACK = 1e-6


def aggregate(
    io: IOTable, mapping: Mapping[str, str] | pd.DataFrame, *, regions: Mapping[str, str] | None = None
) -> IOTable:
    """Return the table in another classification.

    Parameters
    ----------
    mapping : mapping of sector to sector, or frame from, to[, weight]
        By sector codes (in every region) or by ids. In a frame one sector may go to several, with weights that add up
        to 1: its flows are split in those proportions, as buyer and as seller. Weights left out are equal shares.
    regions : mapping of region to region, optional
        Regions to add up as well; others stay.

    Returns
    -------
    IOTable
        Z, Y, V, x, imports and accounts added up; names of sectors that stay alone are kept. `changes` counts what was
        added up and split.

    Raises
    ------
    NetclusterError
        Where a sector has no target, a name in `from` is no sector, or weights don't add up to 1. Nothing is dropped,
        no share is made up.

    Examples
    --------
    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> aggregate(table, {"farms": "all", "factories": "all"}).Z
    array([[950.]])
    >>> split = pd.DataFrame({"from": ["farms", "farms", "factories"], "to": ["grain", "meat", "factories"]})
    >>> aggregate(table, split.assign(weight=[0.4, 0.6, 1])).x
    array([ 400.,  600., 2000.])
    """
    links = _links(io, mapping, dict(regions or {}))
    labels, operator = _operator(io, links)
    sum_rows = operator @ np.asarray(io.Z)
    Z = (operator @ sum_rows.T).T
    imports = None
    if io.imports is not None:
        imports = ImportBlock((operator @ (operator @ io.imports.Z).T).T, operator @ io.imports.Y)
    demand = io.demand.copy()
    if regions:
        demand["region"] = [regions.get(region, region) for region in demand["region"]]
    added = len(io.sectors) - int((np.bincount(operator.indices, minlength=io.n) == 1).sum())
    text = f"{io.n} sectors were brought to {len(labels)} by a mapping{f', {added} of them split' if added else ''}."
    return io.replace(
        sectors=labels,
        Z=Z,
        Y=operator @ io.Y,
        demand=demand,
        V=(operator @ io.V.T).T,
        x=operator @ io.x,
        imports=imports,
        accounts={
            key: Account(account.name, operator @ account.values, account.unit, account.demand_values)
            for key, account in io.accounts.items()
        },
        changes=(*io.changes, Note("aggregated", text, io.n)),
    )


def _links(io: IOTable, mapping: Mapping[str, str] | pd.DataFrame, regions: dict[str, str]) -> pd.DataFrame:
    """Return one row a sector and target: row (its place), region and sector (the target's), weight, alone."""
    table = mapping.copy() if isinstance(mapping, pd.DataFrame) else _as_frame(mapping)
    missing = [column for column in ("from", "to") if column not in table]
    if missing:
        raise NetclusterError(f"A mapping needs the column {missing[0]!r}.", "Its columns are from,to[,weight].")
    table[["from", "to"]] = table[["from", "to"]].astype(str)
    if "weight" not in table:
        table["weight"] = 1 / table.groupby("from")["from"].transform("size")
    table["weight"] = pd.to_numeric(table["weight"], errors="coerce")
    _check_weights(table)
    unknown = table.loc[~table["from"].isin([*io.ids, *io.sectors["sector"]]), "from"].unique()
    if len(unknown):
        raise NetclusterError(
            f"The mapping names {len(unknown)} sectors the table doesn't have: {', '.join(unknown[:5])}.",
            f"Its sectors: {', '.join(list(io.sectors['sector'].unique())[:12])} …",
        )
    sectors = io.sectors.assign(row=np.arange(io.n))
    by_id = sectors.merge(table, left_on="id", right_on="from")
    rest = sectors[~sectors["row"].isin(by_id["row"])]
    links = pd.concat([by_id, rest.merge(table, left_on="sector", right_on="from")]).sort_values("row", kind="stable")
    lost = sectors.loc[~sectors["row"].isin(links["row"]), "id"]
    if len(lost):
        raise NetclusterError(
            f"{len(lost)} sectors have no target in the mapping: {', '.join(lost.head(5))}.",
            "Map each to a target; one that stays is mapped to itself.",
        )
    links["region"] = [regions.get(region, region) for region in links["region"]]
    return links


def _as_frame(mapping: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"from": list(mapping.keys()), "to": list(mapping.values())})


def _check_weights(table: pd.DataFrame) -> None:
    if not np.isfinite(table["weight"]).all() or (table["weight"] < 0).any():
        raise NetclusterError(
            "The mapping holds a weight that is negative or no number.", "Weights are shares of a sector."
        )
    sums = table.groupby("from", sort=False)["weight"].sum()
    wrong = sums[(sums - 1).abs() > SLACK]
    if len(wrong):
        raise NetclusterError(
            f"The weights of {wrong.index[0]} add up to {wrong.iloc[0]:.6g}, not 1.",
            "Give shares that add up to 1, or leave the column out for equal shares.",
        )
    table["weight"] /= table["from"].map(sums)


def _operator(io: IOTable, links: pd.DataFrame) -> tuple[pd.DataFrame, csr_array]:
    """Return the labels of the new sectors and the operator (new, old) that adds up and splits."""
    from scipy.sparse import csr_array

    keys = pd.MultiIndex.from_frame(links[["region", "to"]])
    codes, targets = pd.factorize(keys)
    operator = csr_array((links["weight"].to_numpy(), (codes, links["row"].to_numpy())), shape=(len(targets), io.n))
    frame = pd.DataFrame({"region": targets.get_level_values(0), "sector": targets.get_level_values(1)})
    alone = _names_that_stay(links, codes, len(targets))
    frame["name"] = [alone.get(k, code) for k, code in enumerate(frame["sector"])]
    several = frame["region"].nunique() > 1 or len(io.regions) > 1
    frame["id"] = frame["region"] + ":" + frame["sector"] if several else frame["sector"]
    return frame[["id", "region", "sector", "name"]], operator


def _names_that_stay(links: pd.DataFrame, codes: npt.NDArray[np.intp], count: int) -> dict[int, str]:
    sources = links.groupby(codes)
    kept = {}
    for code in range(count):
        group = sources.get_group(code)
        if (group["sector"] == group["to"]).all() and group["name"].nunique() == 1:
            kept[code] = str(group["name"].iloc[0])
    return kept


def shares(io: IOTable, account: str) -> Array:
    """Return each sector's share of an account, (n,): weights for splitting by jobs or output."""
    from netcluster.economy.accounts import amount

    values = amount(io, account).values
    return np.asarray(values / values.sum())
