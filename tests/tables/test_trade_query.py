"""Sums over trade tables: exact, whatever the threads and the order of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.tables.trade import TradeTable
from netcluster.tables.trade_query import open_trade, sum_sql, write_trade
from tests.long_files import open_long, write

CONNECTION = duckdb.connect()
SMALL = "t,i,j,k,v,q\n2020,A,B,010121,1.5,2\n2020,A,B,010129,0.1,\n2020,A,C,010121,2,1\n2021,B,A,010121,4,1\n"


def small(folder: Path) -> TradeTable:
    table = open_long(write(folder / "small.csv", SMALL)).trade
    assert table is not None
    return table


def test_sums_by_hand(tmp_path: Path) -> None:
    table = small(tmp_path)
    assert table.columns == ("year", "exporter", "importer", "product", "value", "quantity")
    assert table.years == (2020, 2021)
    flows = table.frame(by=("exporter", "importer"))
    assert flows.to_dict("records") == [
        {"exporter": "A", "importer": "B", "value": 1.6},
        {"exporter": "A", "importer": "C", "value": 2.0},
        {"exporter": "B", "importer": "A", "value": 4.0},
    ]
    assert table.frame()["value"].tolist() == [7.6]


def test_where_keeps_rows_and_products_keep_their_zeros(tmp_path: Path) -> None:
    frame = small(tmp_path).frame(by=("product",), where={"year": [2020], "exporter": ["A"]})
    assert frame["product"].tolist() == ["010121", "010129"]
    assert frame["value"].tolist() == [3.5, 0.1]
    assert small(tmp_path).frame(by=("product",), where={"exporter": []}).empty


def test_quantity_is_the_sum_of_those_known(tmp_path: Path) -> None:
    frame = small(tmp_path).frame(by=("product",), where={"year": [2020]}, quantity=True)
    assert frame["quantity"].tolist()[0] == 3.0
    assert np.isnan(frame["quantity"].tolist()[1])


def test_unknown_column_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match="no column 'country'"):
        small(tmp_path).frame(by=("country",))
    without = open_long(write(tmp_path / "w.csv", "exporter,importer,value\na,b,1\nb,c,2\n")).trade
    assert without is not None
    with pytest.raises(NetclusterError, match="no quantities"):
        without.frame(quantity=True)


def test_sums_made_while_reading_agree_with_the_files(tmp_path: Path) -> None:
    from dataclasses import replace

    table = small(tmp_path)
    assert table.sums is not None
    afresh = replace(table, sums=None)
    assert table.frame(by=("year", "exporter")).equals(afresh.frame(by=("year", "exporter")))


def test_written_and_opened_again(tmp_path: Path) -> None:
    table = small(tmp_path)
    write_trade(table, tmp_path / "trade.parquet")
    again = open_trade([tmp_path / "trade.parquet"], unit=table.unit)
    assert (again.columns, again.years, again.unit) == (table.columns, table.years, "thousand USD")
    by = ("year", "exporter", "importer", "product")
    assert again.frame(by=by, quantity=True).equals(table.frame(by=by, quantity=True))


def _sum(values: Sequence[float | str], kind: str, threads: int) -> float:
    connection = CONNECTION.cursor()
    connection.execute(f"SET threads = {threads}")
    connection.register("rows_of_test", {"x": np.array(values, dtype=object if isinstance(values[0], str) else None)})
    query = f"SELECT {sum_sql('x', kind)} FROM (SELECT CAST(x AS {kind}) AS x FROM rows_of_test)"
    row = connection.execute(query).fetchone()
    assert row is not None
    return float(row[0])


@given(st.lists(st.floats(min_value=1e-3, max_value=1e12), min_size=1, max_size=40))
def test_any_doubles_are_summed_exactly(values: list[float]) -> None:
    # Exact rational arithmetic is the reference; the result may differ by the last rounding only.
    exact = sum((Fraction(v) for v in values), Fraction(0))
    found = _sum(values, "DOUBLE", 1)
    assert abs(Fraction(found) - exact) <= abs(exact) * Fraction(1, 2**52)
    assert found == _sum(values[::-1], "DOUBLE", 2)


@given(st.lists(st.integers(min_value=0, max_value=9 * 10**15), min_size=1, max_size=40))
def test_decimals_are_summed_exactly(units: list[int]) -> None:
    # Thousandths as whole numbers are the reference.
    texts = [f"{unit // 1000}.{unit % 1000:03d}" for unit in units]
    assert _sum(texts, "DECIMAL(18,3)", 2) == float(Decimal(sum(units)) / 1000)


@pytest.mark.slow
def test_same_sums_on_any_number_of_threads(tmp_path: Path) -> None:
    # 400,000 values whose floating-point sum depends on the order; integer thousandths are the reference.
    rng = np.random.default_rng(0)
    units = rng.integers(1, 10**9, 400_000)
    codes = rng.integers(1, 40, (400_000, 2)) * np.array([1, 100])
    rows = "\n".join(f"2020,{i},{j},{i:06d},{u / 1000}" for (i, j), u in zip(codes, units, strict=True))
    table = open_long(write(tmp_path / "many.csv", f"t,i,j,k,v\n{rows}\n")).trade
    assert table is not None
    assert table.frame()["value"].iloc[0] == int(units.sum()) / 1000
    frames = []
    for threads in (1, 2, 3):

        def connect(n: int = threads) -> Any:
            return duckdb.connect(config={"threads": n})

        again = TradeTable(table.query, table.columns, connect)
        frames.append(again.frame(by=("exporter", "importer")))
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])
    assert frames[0].equals(table.frame(by=("exporter", "importer")))
