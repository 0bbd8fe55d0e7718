"""A table written tidy comes back as it was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.tables.iotable import Account, ImportBlock, IOTable
from netcluster.tables.tidy import from_tidy, tidy


def table(seed: int, regions: int) -> IOTable:
    import pandas as pd

    chance = np.random.default_rng(seed)
    places = ["" if regions == 1 else f"R{r}" for r in range(regions)]
    sectors = pd.DataFrame(
        [
            {"region": place, "sector": code, "name": f"Sector {code}"}
            for place in places
            for code in ("01", "=B", "C,\n")
        ]
    )
    demand = pd.DataFrame(
        [{"region": place, "category": code} for place in places for code in ("households", "stocks")]
    )
    inputs = pd.DataFrame({"id": ["VA", "M", "T"], "kind": ["value_added", "imports", "taxes"]})
    n, m = len(sectors), len(demand)
    flows = chance.random((n, n)) * (chance.random((n, n)) < 0.5)
    final = chance.normal(size=(n, m))
    return IOTable.from_arrays(
        flows,
        Y=final,
        V=chance.random((3, n)),
        sectors=sectors,
        demand=demand,
        inputs=inputs,
        imports=ImportBlock(flows / 7, final / 3),
        accounts={"jobs": Account("jobs", chance.random(n), "persons")},
    )


@given(st.integers(0, 30), st.integers(1, 3))
def test_there_and_back(seed: int, regions: int) -> None:
    before = table(seed, regions)
    after = from_tidy(tidy(before))
    assert before.imports is not None
    assert after.imports is not None
    assert after.ids == before.ids
    assert after.sectors.equals(before.sectors)
    np.testing.assert_array_equal(after.Z, before.Z)
    np.testing.assert_array_equal(after.x, before.x)
    np.testing.assert_array_equal(after.imports.Z, before.imports.Z)
    np.testing.assert_array_equal(after.accounts["jobs"].values, before.accounts["jobs"].values)
    assert after.accounts["jobs"].unit == "persons"
    order = [list(after.demand["id"]).index(name) for name in before.demand["id"]]
    np.testing.assert_array_equal(after.Y[:, order], before.Y)
    assert dict(zip(after.inputs["id"], after.inputs["kind"], strict=True)) == {
        "VA": "value_added",
        "M": "imports",
        "T": "taxes",
    }
    np.testing.assert_array_equal(after.V, before.V)


def test_a_sector_without_any_cell_is_kept() -> None:
    before = IOTable.from_arrays([[0, 0], [0, 1]], x=[0, 3], sectors=["idle", "busy"])
    assert from_tidy(tidy(before)).ids == ("idle", "busy")


def test_another_frame_is_refused() -> None:
    import pandas as pd

    with pytest.raises(NetclusterError, match="tidy table"):
        from_tidy(pd.DataFrame({"source": ["a"], "target": ["b"]}))
