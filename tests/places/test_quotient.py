"""Location quotients: the oracle T1 of methods/clusters.md, brute force, and drawn tables for the intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.places import location_quotient, quotient_interval, quotients, read_definition
from netcluster.places.quotient import MEASURES
from netcluster.tables.employment import EmploymentTable

#: Regions A to D in columns; the oracle of the methods study, computed there with other programs.
T1 = np.array([[50, 30, 15, 5], [10, 40, 10, 40], [20, 10, 60, 10], [5, 5, 10, 80]], dtype=float).T


def table(jobs: np.ndarray, plants: np.ndarray | None = None) -> EmploymentTable:
    n, m = jobs.shape
    frame = pd.DataFrame(
        {
            "region": np.tile([f"R{r}" for r in range(m)], n),
            "industry": np.repeat([f"I{i}" for i in range(n)], m),
            "employment": jobs.ravel(),
            "establishments": np.full(n * m, np.nan) if plants is None else plants.ravel(),
        }
    )
    return EmploymentTable(frame[frame["employment"] > 0].reset_index(drop=True))


def test_quotients_of_the_oracle() -> None:
    assert location_quotient(T1)[:, 0] == pytest.approx([2.3529, 1.4118, 0.6316, 0.1481], abs=5e-5)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(hnp.arrays(np.float64, (4, 3), elements=st.integers(1, 1000).map(float)))
def test_the_quotients_mean_by_size_is_one(jobs: np.ndarray) -> None:
    lq = location_quotient(jobs)
    assert (lq * jobs.sum(axis=0) / jobs.sum()).sum(axis=1) == pytest.approx(np.ones(4))
    assert location_quotient(jobs * 7) == pytest.approx(lq)
    assert location_quotient(jobs.T) == pytest.approx(lq.T)


def test_what_is_nowhere_has_no_quotient_and_spreads_to_nothing() -> None:
    jobs = np.array([[1.0, 2.0, 0.0], [0.0, 0.0, 0.0], [3.0, 1.0, 0.0]])
    lq = location_quotient(jobs)
    assert np.isnan(lq[1]).all()
    assert np.isnan(lq[:, 2]).all()
    assert lq[np.ix_([0, 2], [0, 1])] == pytest.approx(location_quotient(jobs[np.ix_([0, 2], [0, 1])]))


def test_the_interval_covers_as_often_as_it_says() -> None:
    # Brute force: 2,000 tables drawn from known chances; 95 of 100 intervals hold the true quotient.
    rng = np.random.default_rng(0)
    chances = T1 / T1.sum()
    truth = location_quotient(chances)
    draws = rng.multinomial(4000, chances.ravel(), size=2000).reshape(-1, 4, 4)
    held = np.zeros((4, 4))
    for counts in draws:
        low, high = quotient_interval(location_quotient(counts), counts, counts.sum(axis=0))
        held += (low <= truth) & (truth <= high)
    assert held / len(draws) == pytest.approx(np.full((4, 4), 0.95), abs=0.02)


def test_frame_names_only_measures_and_keeps_its_order() -> None:
    result = quotients(table(T1, np.full((4, 4), 2.0)))
    columns = ["region", "industry", "employment", "location_quotient", "share_of_region", "strong_cluster"]
    assert list(result.frame.columns[:6]) == columns
    assert set(result.measures) == set(MEASURES) <= set(all_measures())
    assert result.frame["region"].tolist() == sorted(result.frame["region"])
    assert result.frame.groupby("region")["share_of_region"].sum().to_numpy() == pytest.approx(np.ones(4))
    shuffled = table(T1, np.full((4, 4), 2.0)).frame.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(quotients(EmploymentTable(shuffled)).frame, result.frame)


def test_a_definition_sums_industries_and_its_types_are_compared_apart(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "clusters.csv"
    path.write_text("industry,cluster,type\nI0,x,traded\nI1,x,traded\nI2,y,traded\nI3,z,local\n")
    frame = quotients(table(T1), read_definition(path)).frame
    first = frame[frame["region"] == "R0"].set_index("industry")
    # By hand: region A has 80 of 95 traded jobs in x; all regions have 170 of 265. Its one local cluster has all.
    assert first.loc["x", "location_quotient"] == pytest.approx((80 / 95) / (170 / 265))
    assert first.loc["z", "location_quotient"] == pytest.approx(1)
    assert first.loc["x", "share_of_region"] == pytest.approx(0.8)


def test_industries_outside_the_definition_stay_in_the_total() -> None:
    result = quotients(table(T1), {"I0": "x"})
    first = result.frame[result.frame["region"] == "R0"]
    assert first["location_quotient"].tolist() == pytest.approx([2.3529], abs=5e-5)
    assert [note.code for note in result.notes][:1] == ["not_defined"]


@pytest.mark.parametrize("text", ["industry,cluster\nI0,x\nI0,y\n", "industry,cluster,type\nI0,x,a\nI1,x,b\n"])
def test_a_definition_with_two_answers_is_refused(tmp_path, text: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "clusters.csv"
    path.write_text(text)
    with pytest.raises(NetclusterError, match="stands under"):
        read_definition(path)


def test_a_definition_of_other_codes_and_missing_jobs_are_errors() -> None:
    with pytest.raises(NetclusterError, match="names none"):
        quotients(table(T1), {"C10": "x"})
    bad = table(T1).frame.assign(employment=np.nan)
    with pytest.raises(NetclusterError, match="missing or negative"):
        quotients(EmploymentTable(bad))
