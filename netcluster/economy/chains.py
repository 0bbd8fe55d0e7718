"""Where sectors stand in production chains, and how many steps lie between two of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Result
from netcluster.core.solve import Array
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable

Places = npt.NDArray[np.intp]

#: Tables at most this large give the lengths between all pairs at once.
ALL_PAIRS = 500


def chains(io: IOTable | Model) -> Result:
    """Return each sector's place in the chains that pass through it.

    Columns: region, sector, name, output; upstreamness U (steps to final use), downstreamness D (steps from primary
    inputs), chain_length U + D − 1 (stages of the mean chain through the sector) and chain_position D over that
    (near 0 at the start, 1 at the end of the chain).

    Notes
    -----
    Antràs, Chor, Fally and Hillberry (2012) for U; Fally (2012) and Miller and Temurshoev (2017) for D.

    Examples
    --------
    Ore is made into steel, steel into cars:

    >>> table = IOTable.from_arrays([[0, 1, 0], [0, 0, 1], [0, 0, 0]], x=[1, 1, 1])
    >>> chains(table).frame[["upstreamness", "downstreamness", "chain_length", "chain_position"]].round(3)
       upstreamness  downstreamness  chain_length  chain_position
    0           3.0             1.0           3.0           0.333
    1           2.0             2.0           3.0           0.667
    2           1.0             3.0           3.0           1.000
    """
    model = as_model(io)
    frame = model.io.sectors[["region", "sector", "name"]].copy()
    frame["output"] = model.x
    frame["upstreamness"] = model.measured(model.supply_multipliers)
    frame["downstreamness"] = model.measured(model.output_multipliers)
    frame["chain_length"] = frame["upstreamness"] + frame["downstreamness"] - 1
    frame["chain_position"] = frame["downstreamness"] / frame["chain_length"]
    return Result(
        frame=frame,
        measures=tuple(frame.columns[3:]),
        parameters={"origin": model.io.origin},
        notes=model.notes,
    )


def propagation(io: IOTable | Model, *, source: str | None = None, target: str | None = None) -> Result:
    """Return average propagation lengths: the mean number of steps from a source to a target sector.

    Parameters
    ----------
    source, target : str, optional
        Ids of sectors; with one of them all its partners are given, with neither all pairs (up to 500 sectors).

    Returns
    -------
    Result
        source, target, propagation_length (steps, at least 1), total_requirement (L − I, output of the source per
        unit of final demand for the target). Pairs that no chain links are left out.

    Notes
    -----
    Dietzenbacher and Romero (2007): the steps of every path, weighted by what flows along it, (L(L − I))_ij over
    (L − I)_ij. It is the same by Leontief's and by Ghosh's model.

    Examples
    --------
    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> propagation(table, target="factories").frame["propagation_length"].round(4).tolist()
    [1.3762, 1.8357]
    """
    model = as_model(io)
    ids = np.asarray(model.io.ids)
    if target is not None:
        j = model.io.position(target)
        unit = _unit(model.n, j)
        total = model.outputs(unit) - unit
        steps = model.outputs(total)
        sources, targets = np.arange(model.n), np.full(model.n, j)
        if source is not None:
            i = model.io.position(source)
            sources, targets, total, steps = sources[[i]], targets[[i]], total[[i]], steps[[i]]
    elif source is not None:
        i = model.io.position(source)
        unit = _unit(model.n, i)
        total = model.totals(unit) - unit
        steps = model.totals(total)
        sources, targets = np.full(model.n, i), np.arange(model.n)
    else:
        total, steps, sources, targets = _all_pairs(model)
    # Rounding leaves crumbs where no chain runs: they are not links.
    linked = total > 1e-15 * max(1.0, float(np.abs(total).max(initial=0.0)))
    frame = pd.DataFrame(
        {
            "source": ids[sources[linked]],
            "target": ids[targets[linked]],
            "propagation_length": steps[linked] / total[linked],
            "total_requirement": total[linked],
        }
    )
    return Result(
        frame=frame,
        measures=("propagation_length", "total_requirement"),
        parameters={"source": source, "target": target, "origin": model.io.origin},
        notes=model.notes,
    )


def _all_pairs(model: Model) -> tuple[Array, Array, Places, Places]:
    if model.n > ALL_PAIRS:
        raise NetclusterError(
            f"Lengths between all pairs of {model.n} sectors make {model.n**2:,} rows.",
            "Name a source or a target: --from or --to.",
        )
    total = model.L - np.eye(model.n)
    sources, targets = np.divmod(np.arange(model.n**2), model.n)
    return total.ravel(), (model.L @ total).ravel(), sources, targets


def _unit(n: int, place: int) -> Array:
    unit = np.zeros(n)
    unit[place] = 1.0
    return unit
