"""A regional table from a national one and regional jobs, by location quotients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.core.solve import Array
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.iotable import Account, IOTable, demand_labels, input_labels

Method = Literal["slq", "cilq", "flq", "aflq"]
METHODS: tuple[Method, ...] = ("slq", "cilq", "flq", "aflq")


def location_quotients(
    regional: npt.ArrayLike, national: npt.ArrayLike, *, method: Method = "flq", delta: float = 0.25
) -> Array:
    """Return the quotient of each coefficient, (n, n): how much of a national input the region provides itself.

    Parameters
    ----------
    regional, national : (n,) array
        Jobs (or output) by industry.
    method : {"slq", "cilq", "flq", "aflq"}
        Simple: SLQ_i = (RE_i/RE)/(NE_i/NE). Cross-industry: SLQ_i/SLQ_j, SLQ_i on the diagonal. Flegg: that times
        λ* = log2(1 + RE/NE)^δ. Augmented Flegg: times log2(1 + SLQ_j) in columns with SLQ_j > 1.
    delta : float
        δ of Flegg's formulas, 0 up to (not) 1; 0.25 to 0.3 is usual.

    Notes
    -----
    Flegg and Webber (1997, 2000); Miller and Blair (2009), chapter 8. Quotients are not cut at 1 here:
    `regional_coefficients` does that.

    Examples
    --------
    >>> location_quotients([20, 50, 30], [300, 400, 300], method="slq")[:, 0].round(6)
    array([0.666667, 1.25    , 1.      ])
    """
    jobs, whole = np.asarray(regional, dtype=np.float64), np.asarray(national, dtype=np.float64)
    _check(jobs, whole, method, delta)
    share = jobs / jobs.sum()
    simple = np.asarray(np.divide(share, whole / whole.sum(), out=np.zeros_like(share), where=whole > 0))
    n = len(jobs)
    if method == "slq":
        return np.repeat(simple[:, None], n, axis=1)
    cross = np.asarray(np.divide(simple[:, None], simple, out=np.zeros((n, n)), where=simple > 0))
    np.fill_diagonal(cross, simple)
    if method == "cilq":
        return cross
    flegg = cross * np.log2(1 + jobs.sum() / whole.sum()) ** delta
    return np.asarray(flegg if method == "flq" else flegg * _specialised(simple))


def regional_coefficients(
    coefficients: npt.ArrayLike,
    regional: npt.ArrayLike,
    national: npt.ArrayLike,
    *,
    method: Method = "flq",
    delta: float = 0.25,
) -> Array:
    """Return the region's own input coefficients, min(quotient, 1) a_ij, (n, n).

    By AFLQ Flegg's quotient is cut at 1 before it is augmented, so that an industry the region is specialised in may
    buy more within it than the nation's does (Flegg and Webber 2000).

    >>> regional_coefficients([[0.15, 0.25], [0.2, 0.05]], [20, 80], [300, 700], method="slq").round(3)
    array([[0.1  , 0.167],
           [0.2  , 0.05 ]])
    """
    base: Method = "flq" if method == "aflq" else method
    quotients = np.minimum(location_quotients(regional, national, method=base, delta=delta), 1.0)
    if method == "aflq":
        quotients *= _specialised(location_quotients(regional, national, method="slq")[:, 0])
    return np.asarray(np.asarray(coefficients, dtype=np.float64) * quotients)


def _specialised(simple: Array) -> Array:
    """Return Flegg and Webber's factor of each buying industry: log2(1 + SLQ_j) where SLQ_j is above 1."""
    return np.where(simple > 1, np.log2(1 + simple), 1.0)


def regionalise(
    io: IOTable,
    employment: EmploymentTable | Mapping[str, float],
    *,
    region: str,
    method: Method = "flq",
    delta: float = 0.25,
    national: Mapping[str, float] | None = None,
) -> IOTable:
    """Return the table of one region, estimated from the nation's and from regional jobs.

    Parameters
    ----------
    employment : EmploymentTable, or mapping of industry to jobs
        Jobs of the region by the table's sector codes. A mapping gives the region's jobs alone; the nation's come
        from `national` or from the table's account of jobs. A table with several regions gives the nation's as its sum.
    region : str
        The region's code, also that of the new table.
    national : mapping of industry to jobs, optional
        The nation's jobs.

    Returns
    -------
    IOTable
        Output is the nation's times the region's share of jobs; coefficients by `location_quotients`; final demand
        keeps its make-up, with local demand scaled by the region's share in all jobs and cut where the region can't
        meet it; what is left goes to a category "exports_to_rest_of_nation", and inputs not made in the region to a
        primary input "imports_from_rest_of_nation". The accounts balance; `changes` says what was done.

    Examples
    --------
    A region with a tenth of every industry buys all it needs at home by SLQ:

    >>> nation = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> jobs = {"farms": 10, "factories": 20}
    >>> local = regionalise(nation, jobs, region="North", method="slq", national={"farms": 100, "factories": 200})
    >>> local.Z.round(1).tolist(), local.x.tolist()
    ([[15.0, 50.0], [20.0, 10.0]], [100.0, 200.0])
    """
    if len(io.regions) > 1:
        raise NetclusterError(
            "Regionalising starts from a table of one region; this one has several.", "See --cut-region."
        )
    local, whole, notes = _jobs(io, employment, region, national)
    coefficients = regional_coefficients(io.A, local, whole, method=method, delta=delta)
    share = np.divide(local, whole, out=np.zeros_like(local), where=whole > 0)
    output = io.x * share
    flows = coefficients * output
    # A region can't sell more to itself than it makes.
    sold = flows.sum(axis=1)
    over = sold > output
    flows *= np.divide(output, sold, out=np.ones_like(sold), where=over)[:, None]
    demand = io.Y * (local.sum() / whole.sum())
    room = output - flows.sum(axis=1)
    wanted = demand.sum(axis=1)
    demand *= np.divide(room, wanted, out=np.ones_like(wanted), where=wanted > room)[:, None]
    primary = io.V * share
    text = (
        f"{region} was estimated from the national table by {method.upper()}"
        f"{f' (δ = {delta:g})' if method in ('flq', 'aflq') else ''}: {flows.sum() / (io.Z * share).sum():.0%}"
        " of its intermediate inputs come from within."
    )
    notes.append(Note("regionalised", text))
    if over.any():
        notes.append(Note("sales_capped", "Sales within the region were cut to its output.", int(over.sum())))
    return _assembled(io, region, flows, demand, primary, output, local, notes)


def _assembled(
    io: IOTable, region: str, flows: Array, demand: Array, primary: Array, output: Array, jobs: Array, notes: list[Note]
) -> IOTable:
    import pandas as pd

    exports = output - flows.sum(axis=1) - demand.sum(axis=1)
    imports = output - flows.sum(axis=0) - primary.sum(axis=0)
    names = {"name": "Rest of the nation", "region": region}
    more_demand = demand_labels(["exports_to_rest_of_nation"]).assign(**names)
    more_inputs = input_labels(["imports_from_rest_of_nation"]).assign(name="Rest of the nation", kind="imports")
    unit = io.accounts["jobs"].unit if "jobs" in io.accounts else "jobs"
    return io.replace(
        sectors=io.sectors.assign(region=region),
        Z=flows,
        Y=np.column_stack([demand, exports]),
        demand=pd.concat([io.demand.assign(region=region), more_demand], ignore_index=True),
        V=np.vstack([primary, imports]),
        inputs=pd.concat([io.inputs, more_inputs], ignore_index=True),
        x=output,
        imports=None,
        accounts={"jobs": Account("jobs", jobs, unit)},
        changes=(*io.changes, *notes),
    )


def _jobs(
    io: IOTable, employment: EmploymentTable | Mapping[str, float], region: str, national: Mapping[str, float] | None
) -> tuple[Array, Array, list[Note]]:
    """Return the region's and the nation's jobs in the order of the table's sectors."""
    if isinstance(employment, EmploymentTable):
        frame = employment.frame
        known = frame["region"].unique()
        if region not in known:
            raise NetclusterError(
                f"The jobs have no region {region!r}.", f"Their regions: {', '.join(map(str, known[:40]))}."
            )
        own = frame[frame["region"] == region].groupby("industry")["employment"].sum()
        here = {str(industry): float(count) for industry, count in own.items()}
        every = frame.groupby("industry")["employment"].sum()
        there = dict(national) if national else {str(industry): float(count) for industry, count in every.items()}
    else:
        here, there = dict(employment), dict(national or {})
    codes = list(io.sectors["sector"])
    if not there:
        from netcluster.economy.accounts import amount

        there = dict(zip(codes, amount(io, "jobs").values, strict=True))
    foreign = [code for code in here if code not in codes]
    if len(foreign) == len(here):
        raise NetclusterError(
            f"No industry of the jobs ({', '.join(foreign[:3])}) is a sector of the table ({', '.join(codes[:3])}).",
            "Bring both to one classification: netcluster table --map from,to.csv.",
        )
    notes = []
    if foreign:
        lost = sum(here[code] for code in foreign)
        text = f"Industries that the table doesn't have were left out, with {lost:,.0f} jobs: {', '.join(foreign[:5])}."
        notes.append(Note("industries_left_out", text, len(foreign)))
    absent = [code for code in codes if code not in here]
    if absent:
        text = f"Sectors without jobs in {region} were taken as absent there: {', '.join(absent[:5])}."
        notes.append(Note("sectors_absent", text, len(absent)))
    local = np.array([float(here.get(code, 0.0)) for code in codes])
    whole = np.array([float(there.get(code, 0.0)) for code in codes])
    return local, whole, notes


def _check(regional: Array, national: Array, method: str, delta: float) -> None:
    if method not in METHODS:
        raise NetclusterError(f"There is no method {method!r} of regionalising.", f"Methods are {', '.join(METHODS)}.")
    if not 0 <= delta < 1:
        raise NetclusterError(f"δ is {delta:g}; it lies from 0 up to, not at, 1.", "0.25 to 0.3 is usual.")
    if regional.shape != national.shape:
        raise NetclusterError(f"{regional.size} regional and {national.size} national figures were given.")
    if (regional < 0).any() or (national < 0).any() or regional.sum() <= 0 or national.sum() <= 0:
        raise NetclusterError("Location quotients need jobs that are not negative and not all zero.")
    if (regional > national * (1 + 1e-9)).any():
        worst = int(np.argmax(regional - national))
        raise NetclusterError(
            f"Industry number {worst + 1} has {regional[worst]:,.6g} jobs in the region,"
            f" but {national[worst]:,.6g} in the nation.",
            "Check that both are in the same unit and of the same year.",
        )
