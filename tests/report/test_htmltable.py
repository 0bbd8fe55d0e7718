"""Tables on the page: what is shown, and what is said of the rest."""

from __future__ import annotations

import pandas as pd

from netcluster.report.htmltable import MOST_ROWS, of_frame, of_table
from netcluster.report.view import Table


def test_shares_are_shown_per_cent_with_the_exact_value_behind() -> None:
    frame = pd.DataFrame({"node": ["a", "b"], "largest_share": [0.123456, None]})
    table = of_frame(frame, "x", "X")
    assert table.columns[1].unit == "%"
    assert [row[1] for row in table.rows] == [("12.3", "0.123456"), ("–", "")]


def test_a_long_table_keeps_its_largest_rows_and_says_by_what() -> None:
    n = 2 * MOST_ROWS
    frame = pd.DataFrame({"region": "R", "sector": [f"s{k}" for k in range(n)], "output": [float(k) for k in range(n)]})
    table = of_table(Table("sectors.csv", "Sectors", ("output",), {}, frame), {})
    assert (table.shown, table.total, table.said) == (MOST_ROWS, n, "the largest by output")
    assert table.rows[0][0][0] == f"s{n - 1}"


def test_partners_are_called_by_name() -> None:
    frame = pd.DataFrame({"node": ["a"], "side": ["inputs"], "hhi": [0.5], "largest_partner": ["C24"]})
    table = of_table(Table("dependence.csv", "D", ("hhi",), {}, frame), {"C24": "Basic metals"})
    assert table.rows[0][3][0] == "Basic metals (C24)"


def test_columns_left_out_are_named() -> None:
    frame = pd.DataFrame({"node": ["a"], "label": ["A"], "pagerank": [0.5], "degree_in": [3]})
    table = of_table(Table("centrality.csv", "C", (), {}, frame), {})
    assert [column.key for column in table.columns] == ["node", "label", "pagerank"]
    assert list(table.hidden) == ["degree_in"]
