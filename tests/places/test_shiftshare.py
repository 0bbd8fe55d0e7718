"""Shift-share: the example of methods/clusters.md §1.3, and parts that add up to the change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import explain
from netcluster.places import shift_share
from netcluster.places.shiftshare import components
from netcluster.tables.employment import EmploymentTable

#: Region A and the rest of the nation.
BEFORE = np.array([[90, 20, 10, 60], [310, 130, 140, 340]], dtype=float).T
AFTER = np.array([[100, 40, 10, 55], [340, 170, 125, 425]], dtype=float).T


def test_classical_parts_of_the_example() -> None:
    parts, _ = components(BEFORE, AFTER)
    sums = {name: values[:, 0].sum() for name, values in parts.items()}
    assert sums == pytest.approx({"national_share": 27, "industry_mix": 1, "competitive_shift": -3})


def test_esteban_marquillas_of_the_example() -> None:
    parts, _ = components(BEFORE, AFTER, "esteban_marquillas")
    assert parts["competitive_effect"][:, 0].sum() == pytest.approx(-0.6363636, abs=5e-8)
    assert parts["allocation_effect"][:, 0].sum() == pytest.approx(-2.3636364, abs=5e-8)


JOBS = hnp.arrays(np.float64, (3, 3), elements=st.integers(0, 500).map(float))


@settings(deadline=None, derandomize=True, max_examples=50)
@given(JOBS, JOBS)
def test_every_form_adds_up_to_the_change(before: np.ndarray, after: np.ndarray) -> None:
    before[0, 0] += 1
    for form in ("classical", "esteban_marquillas", "arcelus"):
        parts, new = components(before, after, form)
        assert sum(parts.values()) == pytest.approx(after - before, abs=1e-8)
        assert (new == ((before == 0) & (after > 0))).all()


def test_the_dynamic_form_adds_up_over_years_and_columns_are_measures() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"region": list("NNSS"), "industry": list("abab"), "establishments": np.nan})
    tables = {
        year: EmploymentTable(frame.assign(employment=rng.integers(5, 50, 4).astype(float)))
        for year in (2000, 2001, 2002)
    }
    dynamic = shift_share(tables, form="dynamic").frame
    parts = dynamic[["national_share", "industry_mix", "competitive_shift"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(dynamic["change"].to_numpy())
    two = {year: tables[year] for year in (2000, 2002)}
    for form in ("classical", "esteban_marquillas", "arcelus"):
        for name in shift_share(two, form=form).measures:
            assert explain(name).formula
    with pytest.raises(NetclusterError, match="3 years"):
        shift_share(tables)
