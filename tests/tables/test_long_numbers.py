"""Numbers in SQL are the numbers `cells.number` finds cell by cell: that function is the reference here."""

from __future__ import annotations

import re

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netcluster.tables.cells import number
from netcluster.tables.grid import LARGEST
from netcluster.tables.long.numbers import is_missing_sql, number_sql
from netcluster.tables.options import Dialect

CONNECTION = duckdb.connect()
DIALECTS = (
    Dialect(),
    Dialect(decimal=","),
    Dialect(decimal=",", thousands="."),
    Dialect(decimal=".", thousands=","),
    Dialect(decimal=".", thousands="'"),
)


def in_sql(text: str, dialect: Dialect) -> float | None:
    query = f"SELECT {number_sql('c', dialect)} FROM (SELECT CAST(? AS VARCHAR) AS c)"
    row = CONNECTION.execute(query, [text]).fetchone()
    assert row is not None
    value = row[0]
    return None if value is None else float(value)


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
@given(text=st.text(alphabet="0123456789.,-+'eE () \u00a0", max_size=9))
@example(text="1.234,5")
@example(text="1,234.5")
@example(text="1'234.5")
@example(text="1 234 567")
@example(text="(1.5)")
@example(text="12.3 p")
@example(text="-")
@example(text="1_000")
@example(text="inf")
@example(text="1e-05")
@example(text="1e61")
@example(text="−3")
def test_same_number_as_cell_by_cell(text: str, dialect: Dialect) -> None:
    expected = number(text, dialect)
    found = in_sql(text, dialect)
    if re.search(r"\d\s+\d", text):
        # Blanks that group no thousands make no number in SQL, where a column is one kind throughout.
        assert found is None or found == expected
    elif expected is None or not abs(expected) <= LARGEST:  # NaN neither
        assert found is None
    else:
        assert found == expected


def test_missing_marks() -> None:
    query = f"SELECT {is_missing_sql('c', Dialect())} FROM (SELECT CAST(? AS VARCHAR) AS c)"
    found = [CONNECTION.execute(query, [text]).fetchone() for text in ("", " ", ":", "NA", "0", "x1", None)]
    assert [row and row[0] for row in found] == [True, True, True, True, False, False, True]
