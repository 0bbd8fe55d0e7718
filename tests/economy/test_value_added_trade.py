from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.economy.value_added_trade import value_added_trade
from netcluster.tables.iotable import IOTable
from tests.economy.textbook import beutel, inverse, random_table


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_contents_agree_with_extraction_and_the_identities_hold(seed: int) -> None:
    io = random_table(seed, 9, regions=3, categories=3)
    frame = value_added_trade(io).frame
    L, v = inverse(io), io.value_added / io.x
    gdp = v * io.x
    for r in range(3):
        inside = np.arange(9) // 3 == r
        e = np.where(inside, io.Z[:, ~inside].sum(axis=1) + np.delete(io.Y, r, axis=1).sum(axis=1), 0.0)
        row = frame.iloc[r]
        assert row["exports"] == pytest.approx(e.sum())
        # DVA: GDP lost when all exports of the region are cut from the table (Los, Timmer and de Vries 2016).
        A, f = io.A, io.Y.copy()
        A[np.ix_(inside, ~inside)] = 0.0
        f[np.ix_(inside, np.arange(3) != r)] = 0.0
        without = v * np.linalg.solve(np.eye(9) - A, f.sum(axis=1))
        assert row["domestic_value_added"] == pytest.approx((gdp - without)[inside].sum())
        used_abroad = v * (L @ np.delete(io.Y, r, axis=1).sum(axis=1))
        assert row["value_added_exports"] == pytest.approx(used_abroad[inside].sum())
        assert row["domestic_content"] == pytest.approx((v * (L @ e))[inside].sum())
        assert row["vertical_specialisation"] * e.sum() == pytest.approx(e.sum() - row["domestic_value_added"])
    slack = 1e-9 * frame["exports"]
    assert (frame["value_added_exports"] <= frame["domestic_value_added"] + slack).all()
    assert (frame["domestic_value_added"] <= frame["domestic_content"] + slack).all()
    np.testing.assert_allclose(frame["domestic_content"] + frame["foreign_content"], frame["exports"])
    # What is foreign in one's exports is domestic in others': backward and forward add up over the world.
    assert (frame["backward_participation"] * frame["exports"]).sum() == pytest.approx(
        (frame["forward_participation"] * frame["exports"]).sum()
    )


def test_regions_taken_as_one_trade_nothing_among_themselves() -> None:
    io = random_table(4, 9, regions=3, categories=3)
    merged = io.sectors.assign(region=["U"] * 6 + ["R3"] * 3, sector=[f"S{i}" for i in range(9)])
    demand = io.demand.assign(region=["U", "U", "R3"])
    same = value_added_trade(io.replace(sectors=merged, demand=demand)).frame
    frame = value_added_trade(io, groups={"R1": "U", "R2": "U"}).frame
    pd.testing.assert_frame_equal(frame, same)


def test_taxes_are_content_of_their_own() -> None:
    io = random_table(4, 6, regions=2, categories=2)
    V = np.vstack([0.9 * io.V, 0.1 * io.V])
    taxed = io.replace(
        V=V, inputs=pd.DataFrame({"id": ["va", "tax"], "name": ["va", "tax"], "kind": ["value_added", "taxes"]})
    )
    result = value_added_trade(taxed)
    frame = result.frame
    total = frame["domestic_content"] + frame["foreign_content"] + frame["other_content"]
    np.testing.assert_allclose(total, frame["exports"])
    assert (frame["other_content"] > 0).all()
    assert result.notes[-1].code == "other_content"


def test_one_region_has_no_trade_in_value_added() -> None:
    with pytest.raises(NetclusterError, match="several regions"):
        value_added_trade(beutel())
    io: IOTable = random_table(4, 6, regions=2, categories=2)
    with pytest.raises(NetclusterError, match="no region"):
        value_added_trade(io, groups={"X": "U"})
    apart = np.kron(np.eye(2), np.ones((3, 3)))
    blocks = io.replace(Z=io.Z * apart, Y=np.zeros((6, 2)))
    with pytest.raises(NetclusterError, match="block of its own"):
        value_added_trade(blocks)
