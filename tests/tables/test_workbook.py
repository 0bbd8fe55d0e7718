"""Sheets of workbooks: how far their cells stand apart, that a sheet is laid out once, and what a grid of it holds."""

from __future__ import annotations

import datetime
import io
import os
from math import nan
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings

from netcluster.tables.openbook import sheet_of
from netcluster.tables.read import read_table
from netcluster.tables.workbook import MOST_SPAN, cell_span, grid_of


def _sheet(cells: list[str]) -> bytes:
    return b"<sheetData>" + "".join(f'<c r="{cell}"><v>1</v></c>' for cell in cells).encode() + b"</sheetData>"


def test_a_long_narrow_sheet_spans_its_cells_alone() -> None:
    # 500,000 rows by 3 columns are 1.5 million cells, however near the first rows stand.
    sheet = _sheet([f"C{row}" for row in range(1, 2000)] + ["A500000"])
    assert cell_span(io.BytesIO(sheet), len(sheet)) == (500_000, 3)


@pytest.mark.parametrize("far_first", [True, False])
def test_a_stray_cell_is_found_wherever_it_stands(far_first: bool) -> None:
    # Column ZZZ is the 18,278th: with 9,000 rows 164 million cells, more than the 40 million that are laid out.
    near = [f"A{row}" for row in range(1, 9001)]
    sheet = _sheet(["ZZZ1", *near] if far_first else [*near, "ZZZ1"])
    assert cell_span(io.BytesIO(sheet), len(sheet)) == (9_000, 18_278)
    assert MOST_SPAN < 9_000 * 18_278


def test_a_sheet_is_laid_out_once_until_the_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    pd.DataFrame({"a": [1.0, 2.0]}).to_excel(path, index=False, sheet_name="one")
    first = sheet_of(path, "one")
    assert sheet_of(path, "one") is first
    pd.DataFrame({"a": [3.0, 4.0, 5.0]}).to_excel(path, index=False, sheet_name="one")
    os.utime(path, ns=(1, 1))
    assert [row[0] for row in sheet_of(path, "one").to_python()] == ["a", 3.0, 4.0, 5.0]


def test_rows_of_numbers_keep_every_other_cell_where_it_stands() -> None:
    # By hand: rows of labels and numbers alone, and among them a row each with a truth value, a text, a blank, a date,
    # a whole number, and a text of nine characters, as long as a number is when it is written out.
    day = datetime.date(2020, 1, 2)
    odd: list[list[object]] = [[True, 2.0], [1.0, "three"], [1.0, ""], [1.0, day], [1, 2.0], [1.0, "123456789"]]
    plain: list[object] = [1.5, 2.5]
    rows = [["A01", *plain], *(row for cells in odd for row in (["A01", *cells], ["A02", *plain]))]
    grid = grid_of(rows, "a sheet")
    expected = [[1.5, 2.5], [nan, 2.0], [1.5, 2.5], [1.0, nan], [1.5, 2.5], [1.0, nan], [1.5, 2.5], [1.0, nan]]
    expected += [[1.5, 2.5], [1.0, 2.0], [1.5, 2.5], [1.0, 123456789.0], [1.5, 2.5]]
    assert np.array_equal(grid.number[:, 1:], expected, equal_nan=True)
    assert grid.labels(range(4), 0) == ["A01", "A01", "A02", "A01"]
    assert {(i, 1): grid.texts[1][i] for i in grid.texts[1]} == {(1, 1): "True"}
    assert grid.texts[2] == {3: "three", 7: "2020-01-02", 11: "123456789"}
    assert grid.words.sum() == 13 + 3
    assert sorted(grid.all_texts()) == sorted([*(str(row[0]) for row in rows), "True", *grid.texts[2].values()])


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.floats(-9e9, 9e9),
                st.sampled_from(["A", "Food", "", "n.a.", "12", "-", True, 7, datetime.date(2020, 1, 2)]),
            ),
            min_size=4,
            max_size=4,
        ),
        max_size=12,
    )
)
@settings(deadline=None, derandomize=True, max_examples=50)
def test_rows_read_together_are_as_each_read_by_itself(rows: list[list[object]]) -> None:
    # Brute force: a sheet of one row has no others to be read with.
    together = grid_of(rows, "a sheet")
    for i, row in enumerate(rows):
        alone = grid_of([row], "a sheet")
        assert np.array_equal(together.number[i], alone.number[0], equal_nan=True)
        assert together.row_labels(i, range(4)) == alone.row_labels(0, range(4))
        assert together.words[i].tolist() == alone.words[0].tolist()


@pytest.mark.parametrize(
    ("names", "taken"), [(("Germany", "France", "Italy"), 0), (("DEU_2014", "DEU_2015", "FRA_2015"), 1)]
)
def test_a_sheet_for_each_country_is_named(names: tuple[str, ...], taken: int, tmp_path: Path) -> None:
    """Each sheet holds a table of its own, the k-th with k times 10 and 20 of output; the latest year goes first."""
    book = openpyxl.Workbook()
    book.remove(book[book.sheetnames[0]])
    for k, name in enumerate(names, start=1):
        rows = {"A": (1, 2, 7, 10), "B": (3, 4, 13, 20), "D1": (6, 14), "P1": (10, 20)}
        sheet = book.create_sheet(name)
        sheet.append(["sector", "A", "B", "P3_S14", "P1"])
        for label, cells in rows.items():
            sheet.append([label, *(k * cell for cell in cells)])
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx")
    assert table.x.tolist() == [10 * (taken + 1), 20 * (taken + 1)]
    (note,) = [note for note in table.changes if note.code == "several_tables"]
    assert f"sheet {names[taken]} was taken" in note.text
    others = [name for k, name in enumerate(names) if k != taken]
    assert "--sheet" in note.text
    assert all(name in note.text.partition("--sheet")[2] for name in others)
    assert read_table(tmp_path / "t.xlsx", sheet=others[-1]).x[0] == 10 * (names.index(others[-1]) + 1)
