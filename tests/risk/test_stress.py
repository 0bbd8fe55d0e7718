"""Stress: against extraction by brute force, and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.risk import stress
from netcluster.tables.iotable import Account, IOTable

LABELS = pd.DataFrame({"region": ["N", "N", "S", "S"], "sector": ["a", "b", "a", "b"]})


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_is_extraction_by_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    flows = rng.lognormal(size=(4, 4))
    jobs = rng.uniform(1, 9, 4)
    io = IOTable.from_arrays(
        flows, x=flows.sum(axis=1) * 1.7 + flows.sum(axis=0), sectors=LABELS, accounts={"jobs": Account("jobs", jobs)}
    )
    result = stress(io)
    assert result.parameters["account"] == "jobs"
    final = io.Y.sum(axis=1)
    for s in range(4):
        others = np.delete(np.arange(4), s)
        left = np.zeros(4)
        left[others] = np.linalg.solve(np.eye(3) - io.A[np.ix_(others, others)], final[others])
        home = (LABELS["region"] == LABELS["region"][s]).to_numpy()
        expected = (jobs * (1 - left / io.x))[home].sum() / jobs[home].sum()
        mine = (result.frame["region"] == LABELS["region"][s]) & (result.frame["industry"] == LABELS["sector"][s])
        row = result.frame[mine]
        assert row["stress_loss"].iloc[0] == pytest.approx(expected)
        assert row["stress_direct"].iloc[0] == pytest.approx(jobs[s] / jobs[home].sum())


def test_the_worst_industry_is_told() -> None:
    io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    (finding,) = stress(io, account="output").findings
    # 2000 of its own and .330033/1.122112 of 2000 among farms, of 3000.
    assert finding.value == pytest.approx((2000 + 2000 * 0.330033 / 1.12211221) / 3000, abs=1e-6)
    assert finding.sentence.startswith("Without factories, this economy would lose 86% of its output")


def test_zero_output_and_unknown_account() -> None:
    io = IOTable.from_arrays([[1.0, 0.0], [0.0, 0.0]], x=[2.0, 0.0])
    result = stress(io)
    assert result.frame["stress_loss"].isna().tolist() == [False, True]
    assert result.notes[0].code == "zero_output"
    with pytest.raises(NetclusterError, match="no account 'water'"):
        stress(io, account="water")


def test_every_measure_is_explained() -> None:
    result = stress(IOTable.from_arrays([[1.0, 0.0], [0.0, 1.0]], x=[2.0, 2.0]))
    assert set(result.measures) <= set(all_measures())
    assert set(result.frame.columns) - set(result.measures) == {"region", "industry", "label"}
