"""Exposure: by hand, and against the series of powers of A."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.risk import exposure
from netcluster.tables.iotable import IOTable

LABELS = pd.DataFrame({"region": ["R", "R", "S", "S", "T"], "sector": ["a", "b", "a", "b", "a"]})


def world(seed: int) -> IOTable:
    rng = np.random.default_rng(seed)
    flows = rng.lognormal(size=(5, 5))
    return IOTable.from_arrays(flows, x=flows.sum(axis=1) * 1.9 + flows.sum(axis=0), sectors=LABELS)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_total_is_the_series_of_rounds(seed: int) -> None:
    io = world(seed)
    home = io.sectors["region"].to_numpy()
    frame = exposure(io).frame
    for region in ("R", "S", "T"):
        demand = io.Y.sum(axis=1) * (home == region)
        needs, step = np.zeros(io.n), demand
        for _ in range(400):
            step = io.A @ step
            needs += step
        bought = io.Z[:, home == region].sum(axis=1)
        for partner in {"R", "S", "T"} - {region}:
            row = frame[(frame["node"] == region) & (frame["partner"] == partner)].iloc[0]
            assert row["total"] == pytest.approx(needs[home == partner].sum() / needs.sum())
            assert row["face_value"] == pytest.approx(bought[home == partner].sum() / bought.sum())
            assert row["hidden"] == pytest.approx(row["total"] - row["face_value"])


def test_rows_to_itself_are_left_out_and_columns_hold() -> None:
    result = exposure(world(1))
    assert result.frame.columns.tolist() == ["node", "partner", "face_value", "total", "hidden"]
    assert len(result.frame) == 6
    assert set(result.measures) <= set(all_measures())


def test_a_hidden_partner_is_told_with_a_lever() -> None:
    io = IOTable.from_arrays([[0, 4, 0], [0, 0, 6], [0, 0, 0]], x=[4, 6, 10], sectors=["A", "B", "C"])
    finding = exposure(io).findings[0]
    # Face value 0; over the chain C needs 6 of B and, for those, 4 of A.
    assert finding.subject == "C"
    assert finding.value == pytest.approx(0.4)
    assert finding.severity == "high"
    assert "B" not in finding.sentence
    assert finding.lever.startswith("Ask the direct suppliers of C where they depend on A, B first:")


def test_a_network_is_refused() -> None:
    with pytest.raises(NetclusterError, match="looks through an input–output table"):
        exposure("table")  # type: ignore[arg-type]


def test_lever_names_the_go_between() -> None:
    # C buys from B alone, so that all of the 40 % that come from A come through B: a tenth of it is 4 %.
    table = IOTable.from_arrays([[0, 4, 0], [0, 0, 6], [0, 0, 0]], x=[4, 6, 10], sectors=["A", "B", "C"])
    (finding,) = [one for one in exposure(table).findings if one.subject == "C"]
    assert finding.lever == (
        "Ask the direct suppliers of C where they depend on A, B first: a tenth less bought from it would lower the"
        " total from 40.0% to about 36.0%."
    )
