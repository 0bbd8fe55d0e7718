"""Rows that count 1, 2, 3 … under a header: numbers of columns, or values that happen to count."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.tables.read import read_table
from tests.io_texts import written

#: Rows add up to 28, 50, 60, 40, 70 and 80, and so do the columns with wages.
BODY = """A;1;2;3;4;5;6;7
B;2;3;4;1;5;2;33
C;7;2;1;2;2;1;45
D;1;1;1;1;1;1;34
E;5;4;3;2;1;5;50
F;4;3;5;5;2;1;60
D1;8;35;43;25;54;64;
"""
HEAD = "A;B;C;D;E;F;P3_S14\n"


@pytest.mark.parametrize(
    "numbers", ["", ";1;2;3;4;5;6;7\n", "No.;1;2;3;4;5;6;7\n", "Code;(1);(2);(3);(4);(5);(6);(7)\n"]
)
@pytest.mark.parametrize("corner", ["", "sector"])
def test_a_first_row_of_values_that_count(tmp_path: Path, numbers: str, corner: str) -> None:
    """Of the two rows that count one bears the name of a column: it is a sector's, whether the other is there or not."""
    io = read_table(written(tmp_path, "t.csv", f"{corner};{HEAD}{numbers}{BODY}"))
    assert io.ids == ("A", "B", "C", "D", "E", "F")
    assert io.x.tolist() == [28, 50, 60, 40, 70, 80]
    assert io.Z[0].tolist() == [1, 2, 3, 4, 5, 6]


def test_a_product_that_counts_in_a_use_table(tmp_path: Path) -> None:
    """Wheat names no column, but it is no head of numbers either; 1 + 2 + 3 + 4 + 5 + 6 + 7 is what is made of it."""
    use = ";f1;f2;f3;f4;f5;f6;P3_S14\nWheat;1;2;3;4;5;6;7\nBread;2;3;4;1;5;2;33\nD1;5;35;43;25;54;64;\n"
    supply = ";f1;f2;f3;f4;f5;f6\nWheat;1;9;9;3;3;3\nBread;9;9;11;7;7;7\n"
    files = [written(tmp_path, "use.csv", use), written(tmp_path, "supply.csv", supply)]
    io = read_table(files, sut_model="B")
    assert io.ids == ("Wheat", "Bread")
    assert io.x.tolist() == [28, 50]
    assert io.Y.ravel().tolist() == [7, 33]
