"""Cutting some regions out of a table: what crosses the cut becomes trade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

if TYPE_CHECKING:
    from netcluster.tables.bundle import Bundle
    from netcluster.tables.iotable import IOTable


def cut(io: IOTable, regions: Sequence[str]) -> IOTable:
    """Return the table of some regions only; it stays balanced.

    Sales to sectors and final demand of other regions become one category "exports", purchases from their
    sectors one primary input "imports". Final demand of the kept regions stays; their demand for goods from
    elsewhere leaves the table, as it leaves the accounts of the regions' sectors.

    Raises
    ------
    NetclusterError
        Where a region is not in the table.
    """
    import pandas as pd

    from netcluster.tables.iotable import Account, demand_labels, input_labels

    unknown = [region for region in regions if region not in io.regions]
    if unknown:
        raise NetclusterError(
            f"The table has no region {unknown[0]!r}.", f"Its regions: {', '.join(io.regions[:60]) or 'one, unnamed'}."
        )
    inside = io.sectors["region"].isin(regions).to_numpy()
    home = io.demand["region"].isin([*regions, ""]).to_numpy()
    exports = io.Z[np.ix_(inside, ~inside)].sum(axis=1) + io.Y[np.ix_(inside, ~home)].sum(axis=1)
    imports = io.Z[np.ix_(~inside, inside)].sum(axis=0)
    demand = pd.concat([io.demand[home], demand_labels(["exports_across_cut"]).assign(name="Exports across the cut")])
    inputs = pd.concat(
        [io.inputs, input_labels(["imports_across_cut"]).assign(name="Imports across the cut", kind="imports")]
    )
    outside = int((~inside).sum())
    text = f"The table was cut to {', '.join(regions)}: {outside} sectors elsewhere became exports and imports."
    note = Note("cut_region", text, outside)
    return io.replace(
        sectors=io.sectors[inside].reset_index(drop=True),
        Z=io.Z[np.ix_(inside, inside)],
        Y=np.column_stack([io.Y[np.ix_(inside, home)], exports]),
        demand=demand.reset_index(drop=True),
        V=np.vstack([io.V[:, inside], imports]),
        inputs=inputs.reset_index(drop=True),
        x=io.x[inside],
        imports=None,
        accounts={
            name: Account(
                account.name,
                account.values[inside],
                account.unit,
                None if account.demand_values is None else np.append(account.demand_values[home], 0.0),
            )
            for name, account in io.accounts.items()
        },
        changes=(*io.changes, note),
    )


def cut_bundle(bundle: Bundle, regions: Sequence[str]) -> Bundle:
    """Return the bundle with its input–output table cut to some regions."""
    if bundle.io is None:
        raise NetclusterError("--cut-region cuts an input–output table; there is none here.", "Use --region for rows.")
    return bundle.replace(io=cut(bundle.io, regions))
