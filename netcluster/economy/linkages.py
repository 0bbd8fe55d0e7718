"""Backward and forward linkages, and the key sectors they single out.

Backward linkage is the column sum of L over its mean (Rasmussen's power of dispersion); forward linkage the
row sum of the Ghosh inverse over its mean, because row sums of L answer a demand of one unit for every
product, whatever the products weigh (Miller and Blair 2009, chapter 12).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from netcluster.core.finding import DESCRIPTIVE, Finding
from netcluster.core.measures import explain
from netcluster.core.result import Result
from netcluster.core.solve import Array
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable

#: The quadrants by (backward above the mean, forward above the mean).
QUADRANTS = {(True, True): "key", (True, False): "backward", (False, True): "forward", (False, False): "weak"}


def linkages(io: IOTable | Model) -> Result:
    """Return output multipliers, backward and forward linkages and the key sectors of a table.

    Columns: region, sector, name, output (the table's unit), output_multiplier (column sum of L),
    backward_linkage and forward_linkage (1 is the mean of all sectors with output), key_sector ("key" where
    both are at least 1, "backward" or "forward" where one is, else "weak").

    Notes
    -----
    Rasmussen (1956); Hirschman (1958); forward by the supply-driven model of Ghosh (1958), as Beyers (1976) and
    Jones (1976) proposed. Sectors without output keep their row with empty measures.

    Examples
    --------
    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> linkages(table).frame[["sector", "backward_linkage", "forward_linkage", "key_sector"]].round(4)
      sector  backward_linkage  forward_linkage key_sector
    0      1            1.0222           1.2083        key
    1      2            0.9778           0.7917       weak
    """
    model = as_model(io)
    multiplier = model.measured(model.output_multipliers)
    backward = over_mean(multiplier)
    forward = over_mean(model.measured(model.supply_multipliers))
    frame = model.io.sectors[["region", "sector", "name"]].copy()
    frame["output"] = model.x
    frame["output_multiplier"] = multiplier
    frame["backward_linkage"] = backward
    frame["forward_linkage"] = forward
    frame["key_sector"] = quadrants(backward, forward)
    return Result(
        frame=frame,
        measures=("output", "output_multiplier", "backward_linkage", "forward_linkage"),
        parameters={"origin": model.io.origin, "forward": "ghosh"},
        notes=model.notes,
        findings=_findings(frame, model.io.ids),
    )


def over_mean(values: Array) -> Array:
    """Return values over their mean, NaN left out of the mean and kept.

    >>> over_mean(np.array([1.0, 3.0, np.nan]))
    array([0.5, 1.5, nan])
    """
    return np.asarray(values / np.nanmean(values))


def quadrants(backward: Array, forward: Array) -> list[str]:
    """Return key, backward, forward or weak for each sector, "" where a linkage is empty."""
    strong = (backward >= 1, forward >= 1)
    labels = np.select(
        [np.isnan(backward) | np.isnan(forward), strong[0] & strong[1], strong[0], strong[1]],
        ["", QUADRANTS[True, True], QUADRANTS[True, False], QUADRANTS[False, True]],
        QUADRANTS[False, False],
    )
    return [str(label) for label in labels]


def dispersion(io: IOTable | Model) -> Result:
    """Return Rasmussen's indices with their coefficients of variation.

    Columns: power_of_dispersion (column mean of L over the mean of L; above 1 a sector draws more than average
    from the others), power_variation (coefficient of variation of its column of L; small where the draw is spread
    evenly), sensitivity_of_dispersion and sensitivity_variation (the same of the rows of L).

    Notes
    -----
    Rasmussen (1956); the standard deviation divides by n − 1, as he does. Sectors without output are
    outside sums and means. This needs every entry of L.

    Examples
    --------
    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> dispersion(table).frame["sensitivity_of_dispersion"].round(4).tolist()
    [1.0667, 0.9333]
    """
    model = as_model(io)
    on = np.flatnonzero(model.active)
    inverse = model.L[np.ix_(on, on)] if len(on) < model.n else model.L
    frame = model.io.sectors[["region", "sector", "name"]].copy()
    for name, axis in (("power", 0), ("sensitivity", 1)):
        means = inverse.mean(axis=axis)
        frame[f"{name}_of_dispersion"] = _spread(model, on, means / inverse.mean())
        deviation = inverse.std(axis=axis, ddof=1) if len(on) > 1 else np.zeros(1)
        frame[f"{name}_variation"] = _spread(model, on, deviation / means)
    return Result(
        frame=frame,
        measures=tuple(frame.columns[3:]),
        parameters={"origin": model.io.origin},
        notes=model.notes,
    )


def _spread(model: Model, on: npt.NDArray[np.intp], values: Array) -> Array:
    full = np.full(model.n, np.nan)
    full[on] = values
    return full


def direct_linkages(model: Model) -> tuple[Array, Array]:
    """Return the column sums of A and the row sums of B, (n,) each: Chenery and Watanabe's (1958) direct linkages."""
    backward = model.io.Z.sum(axis=0) * model.per_output
    return model.measured(backward), model.measured(model.direct_sales)


def net_backward_linkage(model: Model) -> Array:
    """Return the output multiplier times final demand over output, (n,).

    Above 1, the economy depends on the sector's final demand more than the sector on the economy's. Weighted
    by output its mean is 1 (Oosterhaven and Stelder 2002; Dietzenbacher 2005).
    """
    demand = model.io.Y.sum(axis=1)
    return model.measured(model.output_multipliers * demand * model.per_output)


def pure_linkages(io: IOTable | Model) -> Result:
    """Return pure backward, forward and total linkages: what a sector and the rest of the economy give each other.

    With A split into sector j and the rest r, Δ_j = 1/(1 − a_jj) and Δ_r = (I − A_rr)⁻¹:
    pure_backward_linkage = i'Δ_r A_rj Δ_j f_j (output the rest makes for the sector's own demand),
    pure_forward_linkage = Δ_j A_jr Δ_r f_r (output the sector makes for the rest's demand), in the table's
    unit; pure_total_linkage is their sum.

    Notes
    -----
    Sonis, Guilhoto, Hewings and Martins (1995). In closed form, from L alone: Δ_r f_r is x_r less what the sector's
    own output calls for, and i'Δ_r A_rj = (m_j − d_j)/d_j, with m_j the column sum and d_j the diagonal of L.

    Examples
    --------
    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> pure_linkages(table).frame["pure_backward_linkage"].round(3).tolist()
    [86.687, 526.316]
    """
    model = as_model(io)
    diagonal, own = model.diagonal, model.io.Z.diagonal() * model.per_output
    demand = model.io.Y.sum(axis=1)
    multiplier = model.output_multipliers
    alone = demand / (1 - own)
    backward = (multiplier - diagonal) / diagonal * alone
    # Output of j were its own demand the only one it lost: L_jr f_r split over j's own rounds within itself.
    forward = (model.outputs(demand) - diagonal * demand) / diagonal / (1 - own)
    frame = model.io.sectors[["region", "sector", "name"]].copy()
    frame["pure_backward_linkage"] = model.measured(backward)
    frame["pure_forward_linkage"] = model.measured(forward)
    frame["pure_total_linkage"] = frame["pure_backward_linkage"] + frame["pure_forward_linkage"]
    return Result(
        frame=frame,
        measures=tuple(frame.columns[3:]),
        parameters={"origin": model.io.origin},
        notes=model.notes,
    )


def _findings(frame: pd.DataFrame, ids: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return one finding: the largest of the key sectors, with the others as its evidence."""
    output = frame["output"].to_numpy()
    both = np.minimum(frame["backward_linkage"].to_numpy(), frame["forward_linkage"].to_numpy())
    key = np.flatnonzero(both >= 1)
    if not len(key) or len(frame) < 2:
        return ()
    key = key[np.argsort(-output[key], kind="stable")]
    # Only the rows that are told are taken out of the frame: of thousands of sectors that is what costs.
    shown = frame.iloc[key[:10]][["region", "sector", "name", "output", "backward_linkage", "forward_linkage"]]
    first = shown.iloc[0]
    share = float(first["output"]) / float(np.maximum(output, 0).sum())
    weaker = "backward_linkage" if first["backward_linkage"] <= first["forward_linkage"] else "forward_linkage"
    value, measure = float(first[weaker]), explain(weaker)
    limit = measure.threshold or 1.0
    if value < limit:
        return ()
    label = f"{first['region']} {first['name']}".strip()
    among = f"is the largest of {len(key)} key sectors" if len(key) > 1 else "is the only key sector"
    finding = Finding(
        code="key_sector",
        subject=ids[int(key[0])],
        subject_kind="industry",
        measure=weaker,
        value=value,
        threshold=limit,
        severity=DESCRIPTIVE,
        share=share,
        sentence=(
            f"{label} {among}: growth in its demand pulls {first['backward_linkage']:.2f} times the average through"
            f" its suppliers, and its supply carries {first['forward_linkage']:.2f} times the average to its users."
        ),
        evidence=tuple({str(k): v for k, v in row.items()} for row in shown.to_dict("records")),
        reference=measure.threshold_source,
        lever="Final demand for it, and what it can deliver: both spread further than for an average sector.",
    )
    return (finding,)
