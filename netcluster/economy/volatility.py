"""How much of aggregate volatility each sector's shocks make (Acemoglu et al. 2012)."""

from __future__ import annotations

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Result
from netcluster.core.solve import Leontief
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable


def volatility(io: IOTable | Model, *, labour_share: float | None = None) -> Result:
    """Return the influence vector, Domar weights and each sector's part of aggregate volatility.

    Parameters
    ----------
    labour_share : float, optional
        α, the share of primary inputs in output, above 0 up to 1; by default that of the table.

    Returns
    -------
    Result
        region, sector, name, output, influence_vector (v = (α/n)(I − (1 − α)W')⁻¹1, sums to 1), domar_weight (output
        over value added of the economy), volatility_share (v_i² ÷ Σ v²: its part of the variance of aggregate output
        where all sectors' shocks are alike and independent). Parameter `norm` is ‖v‖, aggregate over sectoral
        standard deviation; 1/√n would be the least.

    Notes
    -----
    Acemoglu, Carvalho, Ozdaglar and Tahbaz-Salehi (2012); Hulten (1978) for the Domar weight. The model takes
    Cobb–Douglas technology and every good wanted alike.

    Examples
    --------
    With nothing bought from each other every sector weighs the same:

    >>> alone = IOTable.from_arrays([[0, 0], [0, 0]], x=[1, 3])
    >>> volatility(alone).frame[["influence_vector", "volatility_share"]].values.tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    model = as_model(io)
    on = np.flatnonzero(model.active)
    flows = model.io.Z[np.ix_(on, on)]
    share = labour_share if labour_share is not None else 1 - float(flows.sum()) / float(model.x[on].sum())
    if not 0 < share <= 1:
        raise NetclusterError(
            f"The share of primary inputs is {share:g}; it lies above 0 and up to 1.", "Give labour_share."
        )
    bought = flows.sum(axis=0)
    shares = np.divide(flows, bought, out=np.zeros_like(flows), where=bought > 0)
    # A sector that buys nothing lives on primary inputs alone and passes nothing up the chain.
    vector = share / len(on) * Leontief((1 - share) * shares).row_sums()
    vector /= vector.sum()
    frame = model.io.sectors[["region", "sector", "name"]].copy()
    frame["output"] = model.x
    value_added = float(model.io.value_added.sum())
    for name, values in (
        ("influence_vector", vector),
        ("domar_weight", model.x[on] / value_added if value_added > 0 else np.full(len(on), np.nan)),
        ("volatility_share", vector**2 / (vector**2).sum()),
    ):
        full = np.full(model.n, np.nan)
        full[on] = values
        frame[name] = full
    return Result(
        frame=frame,
        measures=tuple(frame.columns[3:]),
        parameters={
            "labour_share": share,
            "norm": float(np.sqrt((vector**2).sum())),
            "least_norm": float(1 / np.sqrt(len(on))),
            "origin": model.io.origin,
        },
        notes=model.notes,
    )
