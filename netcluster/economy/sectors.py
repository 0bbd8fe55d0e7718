"""The table of sectors: every measure of one sector on one row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcluster.core.result import Result
from netcluster.economy.accounts import amount
from netcluster.economy.linkages import direct_linkages, linkages, net_backward_linkage
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable


def sectors(io: IOTable | Model, *, multipliers: Sequence[str] = ()) -> Result:
    """Return linkages, position in the chain, extraction losses and multipliers: what `netcluster sectors` prints.

    Parameters
    ----------
    multipliers : sequence of str
        Accounts and primary inputs to give a NAME_multiplier of, besides output.

    Returns
    -------
    Result
        region, sector, name, output, output_multiplier, backward_linkage, forward_linkage, key_sector,
        direct_backward_linkage, direct_forward_linkage, net_backward_linkage, upstreamness, downstreamness,
        extraction_output_loss, extraction_value_added_loss (complete extraction, own output included), NAME_multiplier.

    Examples
    --------
    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> sectors(table).frame[["upstreamness", "downstreamness", "extraction_value_added_loss"]].round(3)
       upstreamness  downstreamness  extraction_value_added_loss
    0         1.914           1.518                      797.368
    1         1.254           1.452                     1782.353
    """
    model = as_model(io)
    amounts = [amount(model.io, name) for name in multipliers]
    amounts = [entry for entry in amounts if entry.column != "output"]
    weights = np.array([model.coefficients(entry.values) for entry in amounts]).reshape(-1, model.n)
    value_added = model.coefficients(model.io.value_added)
    # The factor comes first: with it at hand, the sums of the linkages are solves too.
    sums = model.totals(np.vstack([value_added, weights]))
    reach = model.x / model.diagonal
    base = linkages(model)
    frame = base.frame.copy()
    frame["direct_backward_linkage"], frame["direct_forward_linkage"] = direct_linkages(model)
    frame["net_backward_linkage"] = net_backward_linkage(model)
    frame["upstreamness"] = model.measured(model.supply_multipliers)
    frame["downstreamness"] = frame["output_multiplier"]
    frame["extraction_output_loss"] = model.measured(model.output_multipliers * reach)
    frame["extraction_value_added_loss"] = model.measured(sums[0] * reach)
    for entry, values in zip(amounts, sums[1:], strict=True):
        frame[f"{entry.column}_multiplier"] = model.measured(values)
    return Result(
        frame=frame,
        measures=tuple(column for column in frame.columns[3:] if column != "key_sector"),
        parameters={
            **base.parameters,
            "multipliers": tuple(multipliers),
            "units": {entry.column: entry.unit for entry in amounts},
        },
        notes=base.notes,
        findings=base.findings,
    )
