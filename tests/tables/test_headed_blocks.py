"""Domestic goods and imports under each other with the same labels; the accounts are made up and close by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netcluster.tables.read import read_table
from tests.io_texts import written

#: Flows and demand at home, then of imports; taxes and wages close the columns at output 100, 120.
DOMESTIC = [["10", "20", "40", "30"], ["30", "40", "20", "30"]]
IMPORTS = [["5", "6", "7", "0"], ["1", "2", "3", "0"]]
NAMES = ("Farming", "Industry")
HEADS = ("Private consumption", "Exports")


def line(*cells: str) -> str:
    return ",".join(cells)


def beside(total: bool) -> str:
    """The heading stands in a column beside its block; codes of demand stand over its names, as in Denmark."""
    rows = ["Input-output table 2019 DKK million", line("", "", "", "01000", "02000", "3110", "6000", "")]
    rows.append(line("", "", "", *NAMES, *HEADS, "Total"))
    for heading, block in (("Danish production", DOMESTIC), ("Imports", IMPORTS)):
        for code, name, cells in zip(("01000", "02000"), NAMES, block, strict=True):
            rows.append(line(heading, code, name, *cells, str(sum(map(int, cells)))))
    rows += [line("Imports", "", '"Imports, total"', "6", "8", "10", "0", "24")] if total else []
    rows.append(line("Primary inputs", "", '"Product taxes, net"', "4", "2", "", "", "6"))
    rows.append(line("Primary inputs", "", "Compensation of employees", "50", "50", "", "", "100"))
    return "\n".join([*rows, ""])


def above() -> str:
    """The heading stands on a line of its own above its block."""
    rows = [line("", *NAMES, *HEADS, "Total")]
    for heading, block in (("Domestic production", DOMESTIC), ("Imports", IMPORTS)):
        rows.append(heading)
        rows += [line(n, *cells, str(sum(map(int, cells)))) for n, cells in zip(NAMES, block, strict=True)]
    rows.append(line("Taxes less subsidies on products", "4", "2", "", "", ""))
    return "\n".join([*rows, line("Value added", "50", "50", "", "", ""), ""])


TEXTS = {"beside": beside(False), "beside, with their sum": beside(True), "above": above()}


@pytest.mark.parametrize("where", TEXTS)
def test_blocks_under_headings(where: str, tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", TEXTS[where])
    io = read_table(path)
    assert io.origin == "domestic"
    assert io.Z.tolist() == [[10, 20], [30, 40]]
    assert io.x.tolist() == [100, 120]
    assert np.allclose(io.Z.sum(axis=0) + io.V.sum(axis=0), io.x)
    assert sorted(io.inputs["kind"]) == ["imports", "taxes", "value_added"]
    assert io.imports is not None
    assert io.imports.Z.tolist() == [[5, 6], [1, 2]]
    assert "Danish production" not in set(io.sectors["name"])
    total = read_table(path, origin="total")
    assert total.Z.tolist() == [[15, 26], [31, 42]]
    assert np.allclose(total.Z.sum(axis=1) + total.Y.sum(axis=1), [100, 120])
    assert np.allclose(total.Z.sum(axis=0) + total.V.sum(axis=0), [100, 120])


def test_codes_with_zeros_before_them_over_the_names(tmp_path: Path) -> None:
    io = read_table(written(tmp_path, "t.csv", beside(False)))
    assert io.ids == ("01000", "02000")
    assert list(io.sectors["name"]) == list(NAMES)
    assert (io.year, io.unit) == (2019, "million DKK")
