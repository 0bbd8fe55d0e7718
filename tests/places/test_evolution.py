"""Entries, exits and what foretold them: by hand, and beside least squares with a dummy for each region and industry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.places import density, evolution, location_quotient, proximity, quotients, relatedness_fit
from netcluster.tables.employment import EmploymentTable


def tables(n: int = 12, m: int = 15) -> tuple[EmploymentTable, EmploymentTable]:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"region": np.repeat([f"r{k:02d}" for k in range(m)], n)})
    frame = frame.assign(industry=np.tile([f"i{k:02d}" for k in range(n)], m), establishments=np.nan)
    first = np.ceil(rng.lognormal(3, 1, n * m))
    second = np.ceil(first * rng.lognormal(0, 0.7, n * m))
    return EmploymentTable(frame.assign(employment=first)), EmploymentTable(frame.assign(employment=second))


def test_events_and_densities_are_those_of_the_parts() -> None:
    before, after = tables()
    frame = evolution(before, after).frame
    wide = before.frame.pivot_table(index="industry", columns="region", values="employment").to_numpy()
    M = (location_quotient(wide) >= 1).astype(float).T
    assert frame["density_before"].to_numpy() == pytest.approx(density(M, proximity(M)).ravel(), nan_ok=True)
    assert frame["quotient_after"].tolist() == quotients(after).frame["location_quotient"].tolist()
    has = frame["quotient_before"] >= 1, frame["quotient_after"] >= 1
    assert (frame["event"].eq("entry") == (~has[0] & has[1])).all()
    assert (frame["event"].eq("exit") == (has[0] & ~has[1])).all()
    one = frame[(frame["region"] == "r03") & frame["relative_density"].notna()]
    assert set(one["event"]) <= {"entry", "absent"}
    assert one["relative_density"].mean() == pytest.approx(0, abs=1e-12)


def test_the_fit_is_that_of_least_squares_with_dummies() -> None:
    result = evolution(*tables())
    fit = relatedness_fit(result).frame.set_index("event").loc["entry"]
    part = result.frame[result.frame["event"].isin(["entry", "absent"])]
    y, x = part["event"].eq("entry").to_numpy(dtype=float), part["density_before"].to_numpy(dtype=float)
    dummies = pd.get_dummies(part[["region", "industry"]], dtype=float).to_numpy()
    design = np.column_stack([x, dummies])
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    assert fit["density_effect"] == pytest.approx(beta[0], abs=1e-8)
    alone = dummies @ np.linalg.lstsq(dummies, y, rcond=None)[0]
    rest = y - design @ beta
    assert fit["r2_within"] == pytest.approx(1 - (rest**2).sum() / ((y - alone) ** 2).sum(), abs=1e-8)
    u = x - dummies @ np.linalg.lstsq(dummies, x, rcond=None)[0]
    scores = pd.Series(u * rest).groupby(part["region"].to_numpy()).sum()
    error = np.sqrt((scores**2).sum() * len(scores) / (len(scores) - 1)) / (u @ u)
    assert fit["standard_error"] == pytest.approx(error, rel=1e-6)
    pairs = x[y == 1][:, None] - x[y == 0][None, :]
    assert fit["auc"] == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())


def test_columns_are_measures_and_missing_industries_have_no_jobs() -> None:
    before, after = tables()
    gone = replace(after, frame=after.frame[after.frame["industry"] != "i00"])
    result = evolution(before, gone)
    assert (result.frame[result.frame["industry"] == "i00"]["quotient_after"] == 0).all()
    fit = relatedness_fit(result)
    assert set(result.measures) | set(fit.measures) <= set(all_measures())
    with pytest.raises(NetclusterError, match="evolution"):
        relatedness_fit(fit)
