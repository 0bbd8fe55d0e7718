from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.economy.linkages import linkages
from netcluster.economy.transform import deflate, domestic
from netcluster.tables.iotable import Account, IOTable
from netcluster.tables.read import read_table
from tests.economy.textbook import miller_blair, random_table
from tests.shared import shared_data


def total_table(seed: int) -> IOTable:
    """A table of total flows made from a domestic one by adding imports to every use but exports."""
    home = random_table(seed, 6, categories=2)
    rng = np.random.default_rng(seed)
    grow = 1 / (1 - rng.random(6) * 0.6)
    Z, households = home.Z * grow[:, None], home.Y[:, 0] * grow
    imports = Z.sum(axis=1) + households + home.Y[:, 1] - home.x
    return IOTable.from_arrays(
        Z,
        x=home.x,
        Y=np.column_stack([households, home.Y[:, 1], -imports]),
        V=home.x - Z.sum(axis=0),
        demand=pd.DataFrame({"id": ["households", "exports", "imports"]}),
        origin="total",
        accounts={"co2": Account("co2", np.ones(6), "t", np.array([3.0, 2.0, 1.0]))},
    )


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_imports_added_to_every_use_alike_are_taken_out_again(seed: int) -> None:
    home, table = random_table(seed, 6, categories=2), domestic(total_table(seed))
    np.testing.assert_allclose(table.Z, home.Z, rtol=1e-9)
    np.testing.assert_allclose(table.Y, home.Y, rtol=1e-9)
    np.testing.assert_allclose(table.Z.sum(axis=0) + table.V.sum(axis=0), table.x, rtol=1e-9)
    assert table.origin == "domestic"
    assert table.imports is not None
    np.testing.assert_allclose(table.imports.Z.sum(axis=0), table.V[-1])
    demand_values = table.accounts["co2"].demand_values
    assert demand_values is not None
    assert demand_values.tolist() == [3, 2]


def test_more_exports_than_output_are_partly_imports() -> None:
    io = IOTable.from_arrays(
        [[10.0]],
        x=[20],
        Y=[[10, 60, -60]],
        V=[[10]],
        origin="total",
        demand=pd.DataFrame({"id": ["home", "exports", "imports"]}),
    )
    table = domestic(io)
    # 60 of the 80 there are were imported: three quarters of each use.
    assert table.Z.tolist() == [[2.5]]
    assert table.Y.tolist() == [[2.5, 15.0]]


def test_germany_2014_comes_near_its_published_domestic_table() -> None:
    file = shared_data("wiod16_niot_deu") / "DEU_NIOT_nov16.xlsx"
    total, published = (read_table(file, year=2014, origin=origin) for origin in ("total", "domestic"))
    ours, theirs = (linkages(table).frame["output_multiplier"].mean() for table in (domestic(total), published))
    # The publisher's own split, by kind of use, is the yardstick: 1.64.
    assert ours == pytest.approx(theirs, rel=0.03)


def test_double_deflation_keeps_the_accounts() -> None:
    io = random_table(3, 5)
    prices = dict(zip(io.ids, [1.0, 1.1, 0.9, 1.5, 1.2], strict=True))
    real = deflate(io, prices, unit="constant")
    np.testing.assert_allclose(real.Z.sum(axis=0) + real.V.sum(axis=0), real.x)
    np.testing.assert_allclose(real.Z.sum(axis=1) + real.Y.sum(axis=1), real.x)
    np.testing.assert_allclose(real.x, io.x / np.array(list(prices.values())))
    assert real.unit == "constant"
    # One price for all changes nothing but the scale.
    np.testing.assert_allclose(deflate(io, dict.fromkeys(io.ids, 2.0)).value_added, io.value_added / 2)


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(NetclusterError, match="already"):
        domestic(miller_blair())
    with pytest.raises(NetclusterError, match="no category of imports"):
        domestic(miller_blair().replace(origin="total"))
    with pytest.raises(NetclusterError, match="'sales'"):
        domestic(total_table(1), exports="sales")
    with pytest.raises(NetclusterError, match="no price index"):
        deflate(miller_blair(), {"1": 1.0, "2": 0.0})


def test_imports_are_known_by_name_even_with_duties_among_them() -> None:
    # As in the US use table: imports taken off, customs duties added on the row of wholesale trade.
    io = IOTable.from_arrays(
        [[10.0, 0.0], [0.0, 10.0]],
        x=[20, 20],
        Y=[[20, -10], [9, 1]],
        V=[[10, 10]],
        origin="total",
        demand=pd.DataFrame({"id": ["F010", "F050"]}),
    )
    table = domestic(io)
    np.testing.assert_allclose(table.Z, np.array([[20 / 3, 0.0], [0.0, 10.0]]))
    assert table.demand["id"].tolist() == ["F010"]
