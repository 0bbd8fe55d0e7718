"""Tables of known kinds in shapes that trials by new users brought up, each worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from netcluster.network.open import open_inputs
from netcluster.tables.read import read_table


def test_letters_of_sections_are_sectors_and_no_totals(tmp_path: Path) -> None:
    # ISIC sections A, C and Q (health): by itself a Q may mean output, among sections it does not.
    table = tmp_path / "sections.csv"
    table.write_text(
        "code,A,C,Q,CONS_h,EXP,GO\nA,10,20,0,60,10,100\nC,20,50,30,60,40,200\nQ,0,10,20,120,0,150\n"
        "VA,70,120,100,,,\nGO,100,200,150,,,\n"
    )
    io = read_table(table)
    assert list(io.sectors["sector"]) == ["A", "C", "Q"]
    np.testing.assert_array_equal(io.Z, [[10, 20, 0], [20, 50, 30], [0, 10, 20]])
    np.testing.assert_array_equal(io.x, [100, 200, 150])


def test_edges_of_a_drawing_tool_have_a_direction_and_no_layer(tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text("Source,Target,Type,Weight\na,b,Directed,1\nb,c,Directed,2\nc,a,Directed,3\n")
    links = open_inputs(edges).links
    assert links is not None
    assert links.frame["layer"].tolist() == ["supply"] * 3
    assert links.frame["weight"].sum() == 6


def test_firms_under_german_heads_are_firms(tmp_path: Path) -> None:
    firms = tmp_path / "firmen.csv"
    rows = [f"Firma {i};{'AB'[i % 2]};R{i % 3};{i * 10};{i + 1}" for i in range(12)]
    firms.write_text("Firma;Branche;Region;Umsatz;Beschäftigte\n" + "\n".join(rows) + "\n", encoding="utf-8")
    found = open_inputs(firms).firms
    assert found is not None
    assert found.frame["id"].tolist()[:2] == ["Firma 0", "Firma 1"]
    assert found.frame["revenue"].sum() == 660
    assert found.frame["size"].sum() == 78
