"""Sheets of workbooks: how far their cells stand apart, and that a sheet is laid out once."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pandas as pd
import pytest

from netcluster.tables.openbook import sheet_of
from netcluster.tables.workbook import MOST_SPAN, cell_span


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
