"""Regional tables in long files of one shape (REG, COM, IND, value): flows, coefficients, use; closed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.read import read, read_table
from tests.io_texts import written

HEAD = "REG;COM;IND;value\n"
#: Sales to a, to b and to households, wages, output; of North rows are closed: 1 + 2 + 7 = 10, 3 + 4 + 13 = 20.
CELLS = {("a", "a"): 1, ("a", "b"): 2, ("a", "HH"): 7, ("b", "a"): 3, ("b", "b"): 4, ("b", "HH"): 13}
BELOW = {("D1", "a"): 6, ("D1", "b"): 14, ("P1", "a"): 10, ("P1", "b"): 20}


def _rows(region: str, cells: Mapping[tuple[str, str], float]) -> str:
    names = {"a": "01 Farming", "b": "02 Making", "HH": "P3_S14"}
    return "".join(f"{region};{names.get(i, i)};{names.get(j, j)};{value}\n" for (i, j), value in cells.items())


def test_flows_by_region(tmp_path: Path) -> None:
    text = HEAD + _rows("North", CELLS | BELOW) + _rows("South", CELLS | BELOW)
    io = read_table(written(tmp_path, "io2015.csv", text))
    assert io.ids == ("North:01", "North:02", "South:01", "South:02")
    assert io.x.tolist() == [10, 20, 10, 20]


def test_a_use_table_is_no_table_of_flows(tmp_path: Path) -> None:
    """Products bought from abroad stand in the rows too: these add up to 14 and 26, the columns to 10 and 20."""
    use = CELLS | {("a", "HH"): 11, ("b", "HH"): 19} | BELOW
    with pytest.raises(NetclusterError, match="looks like a use table") as error:
        read(written(tmp_path, "use2015.csv", HEAD + _rows("North", use) + _rows("South", use)))
    assert "of one region" in error.value.hint


def test_coefficients_with_a_branch_that_makes_nothing(tmp_path: Path) -> None:
    made = {("a", "a"): 0.1, ("a", "b"): 0.1, ("b", "a"): 0.3, ("b", "b"): 0.2, ("a", "HH"): 0.2, ("b", "HH"): 0.1}
    below = {("D1", "a"): 0.6, ("D1", "b"): 0.7, ("P1", "a"): 0.9999, ("P1", "b"): 0.9999, ("a", "c"): 0, ("c", "c"): 0}
    third = {("c", "a"): 0, ("P1", "c"): 0.9999, ("D1", "c"): 0.9999, ("c", "HH"): 0.5, ("d", "d"): 0, ("P1", "d"): 0}
    with pytest.raises(NetclusterError, match="coefficients"):
        read(written(tmp_path, "io_coef2015.csv", HEAD + _rows("North", made | below | third)))


def test_a_pair_of_several_regions(tmp_path: Path) -> None:
    """By hand, fixed product sales: a makes 9/10 of product a and 1/20 of b, and sells itself .9 · 1 + .05 · 3."""
    use = CELLS | {("a", "HH"): 8, ("b", "HH"): 15} | BELOW
    supply = {("a", "a"): 9, ("a", "b"): 1, ("b", "a"): 1, ("b", "b"): 19, ("a", "P7"): 1, ("b", "P7"): 2}
    files = []
    for name, cells in (("use2015.csv", use), ("supp2015.csv", supply)):
        files.append(written(tmp_path, name, HEAD + _rows("North", cells) + _rows("South", cells)))
    io = read_table(files)
    assert io.ids == ("North:01", "North:02", "South:01", "South:02")
    assert io.x.tolist() == [10, 20, 10, 20]
    assert io.Z[0, 0] == pytest.approx(1.05)
    assert (io.Z.sum(axis=1) + io.Y.sum(axis=1)).tolist() == pytest.approx([10, 20, 10, 20])
    assert (io.Z.sum(axis=0) + io.V.sum(axis=0)).tolist() == pytest.approx([10, 20, 10, 20])
    assert io.year == 2015


def test_imports_by_user_are_no_economy(tmp_path: Path) -> None:
    """By hand: of four goods a is bought abroad by all, so that the makers of b, c and d buy more than is sold of theirs."""
    cells = {("a", user): 10.0 for user in "abcd"} | {(good, good): 1.0 for good in "bcd"}
    cells |= {("a", "P3_S14"): 5.0, ("b", "P6"): 2.0, ("SUM", "a"): 10.0, ("SUM", "b"): 11.0}
    with pytest.raises(NetclusterError, match="imported goods"):
        read(written(tmp_path, "io_imp2015.csv", HEAD + _rows("North", cells)))
