"""Tables on a screen: they fit, they say what they leave out, and no label can harm the screen."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from netcluster.core.errors import NetclusterError
from netcluster.report.numbers import column_texts, decimals, number
from netcluster.report.terminal import render, table

FRAME = pd.DataFrame(
    {
        "sector": ["C28", "J62_J63"],
        "name": ["Manufacture of machinery and equipment n.e.c.", "钢铁 and computer programming"],
        "output": [214_331.25, 98_112.5],
        "backward_linkage": [1.0812, 0.8734],
        "hhi": [0.25, float("nan")],
        "members": [1234, 7],
    }
)


def test_a_wide_screen_shows_everything() -> None:
    # Written by hand from the rule: three figures of the middle value, thousands set off, – for none.
    assert table(FRAME, width=120) == (
        "sector   name                                            output  backward_linkage    hhi  members\n"
        "─────────────────────────────────────────────────────────────────────────────────────────────────\n"
        "C28      Manufacture of machinery and equipment n.e.c.  214,331             1.081  0.250    1,234\n"
        "J62_J63  钢铁 and computer programming                   98,112             0.873      –        7\n"
    )


def test_a_narrow_screen_names_the_columns_left_out() -> None:
    text = table(FRAME, width=50)
    assert "Manufacture" in text
    assert "…" in text
    assert "columns hhi, members" in " ".join(text.split())


@given(
    st.lists(st.text(max_size=40), min_size=1, max_size=4),
    st.integers(min_value=30, max_value=120),
)
def test_no_line_is_wider_than_the_screen(labels: list[str], width: int) -> None:
    frame = pd.DataFrame({"label": labels, "value": [1.5] * len(labels), "other": labels})
    assert max(cell_len(line) for line in table(frame, width=width).splitlines()) <= width


def test_rows_left_out_are_counted() -> None:
    frame = pd.DataFrame({"node": [f"n{i}" for i in range(3000)]})
    assert table(frame, width=80, rows=10).splitlines()[-1] == ("… and 2,990 more rows (--top, or -o FILE.csv for all)")


def test_a_label_cannot_move_the_cursor_or_turn_the_line() -> None:
    text = table(pd.DataFrame({"node": ["a\x1b[2Jb", "c\u202ed", "e\nf", "[red]g[/red]"]}), width=80)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text.splitlines()) == 6
    assert "[red]g[/red]" in text


def test_colour_is_only_there_when_asked_for() -> None:
    assert "\x1b[" not in render(FRAME, "table", width=80)
    assert "\x1b[1m" in render(FRAME, "table", width=80, color=True)


def test_an_unknown_format_names_the_known() -> None:
    with pytest.raises(NetclusterError) as caught:
        render(FRAME, "yaml")
    assert caught.value.hint == "Use one of table, csv, json, markdown."


def test_an_empty_table_keeps_its_header() -> None:
    assert table(FRAME.head(0), width=120).splitlines()[0].split() == list(FRAME.columns)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0], 0),
        ([], 0),
        ([float("nan"), 2.0], 0),
        ([1.5], 3),
        ([15.5], 2),
        ([155.5], 1),
        ([1555.5], 0),
        ([0.0155], 4),
        ([0.5], 3),
    ],
)
def test_decimals_follow_the_middle_value(values: list[float], expected: int) -> None:
    # By hand: about three figures after the first of the median.
    assert decimals(values) == expected


def test_years_and_cluster_numbers_have_no_thousands() -> None:
    assert column_texts(pd.Series([1995, 2014], name="year")) == ["1995", "2014"]


def test_no_negative_zero() -> None:
    assert number(-1e-9, 3) == "0.000"
