"""Tables of known kinds in shapes that trials by new users brought up, each worked by hand."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.network.open import open_inputs
from netcluster.tables.iotable import IOTable
from netcluster.tables.read import read_table
from tests.io_texts import written


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


def test_a_table_of_imports_alone_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "imports.csv"
    table.write_text("V1,D01,D02,HFCE,EXPO\nIMP_01,1,2,3,0\nIMP_02,4,5,6,0\nVALU,7,8,,\nOUTPUT,20,30,,\n")
    with pytest.raises(NetclusterError, match="imported goods only"):
        read_table(table)


def test_a_read_me_beside_the_table_in_an_archive_is_passed_over(tmp_path: Path) -> None:
    packed = tmp_path / "trade.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Readme.txt", "See the web site.\n")
        archive.writestr("BACI_HS17_Y2020.csv", "t,i,j,k,v,q\n2020,4,710,010121,1.5,2\n2020,710,4,010121,2.5,NA\n")
    trade = open_inputs(packed).trade
    assert trade is not None
    assert trade.frame(by=["exporter"])["value"].sum() == 4.0


#: Three sectors whose accounts close by hand: output 100, 80 and nothing.
NUMBERED = """code,name,A,B,T,final_demand,output
A,Farming,10,20,0,70,100
B,Industry,30,5,0,45,80
T,Households,0,0,0,0,0
VA,Value added,60,55,0,,
"""


def _same_as_plain(io: IOTable) -> None:
    assert io.ids == ("A", "B", "T")
    assert list(io.sectors["name"]) == ["Farming", "Industry", "Households"]
    assert io.Z.tolist() == [[10, 20, 0], [30, 5, 0], [0, 0, 0]]
    assert io.x.tolist() == [100, 80, 0]
    assert io.V.sum(axis=0).tolist() == [60, 55, 0]


@pytest.mark.parametrize("count", ["{}", "({})"])
@pytest.mark.parametrize("below", [False, True])
def test_a_line_that_counts_the_columns(count: str, below: bool, tmp_path: Path) -> None:
    """Offices number the columns over the header or under it, the columns of labels too."""
    lines = NUMBERED.splitlines()
    lines.insert(int(below), ",".join(count.format(k + 1) for k in range(7)))
    _same_as_plain(read_table(written(tmp_path, "t.csv", "\n".join(lines) + "\n")))


def test_a_sector_left_blank_stays(tmp_path: Path) -> None:
    """Where zeros are left out, the row of a sector without sales holds its name alone."""
    blank = re.sub(r"(?<=,)0(?=,|\n)", "", NUMBERED)
    _same_as_plain(read_table(written(tmp_path, "t.csv", blank)))


def test_numbers_that_start_elsewhere_in_rows_than_in_columns_name_nothing(tmp_path: Path) -> None:
    """Rows are numbered from 1, columns from 3, as the columns of labels count: the names decide."""
    lines = [f"no,{NUMBERED.splitlines()[0]}", ",".join(map(str, range(1, 9)))]
    lines += [f"{k + 1},{line}" for k, line in enumerate(NUMBERED.splitlines()[1:])]
    _same_as_plain(read_table(written(tmp_path, "t.csv", "\n".join(lines) + "\n")))


def test_of_sheets_alike_the_latest_year(tmp_path: Path) -> None:
    """A sheet a year under a name that holds more than the year; Z[0, 0] is 10 in 2018, 11 in 2019, 12 in 2020."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Tables 2018 to 2020"])
    for year in (2018, 2019, 2020):
        sheet = book.create_sheet(f"IOT {year}")
        sheet.append([f"Input-output table {year}"])
        for line in NUMBERED.replace("A,Farming,10,20,0,70", f"A,Farming,{year - 2008},20,0,70").splitlines():
            sheet.append([float(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save(tmp_path / "iot.xlsx")
    for year, told in ((2020, None), (2018, 2018), (2019, 2019)):
        io = read_table(tmp_path / "iot.xlsx", year=told)
        assert (io.year, io.Z[0, 0]) == (year, year - 2008)


def test_coefficients_are_no_flows(tmp_path: Path) -> None:
    """Every column adds up to 1: read as flows they would make an economy in which all branches are alike."""
    text = "branch,A,B,C\nA,.1,.2,.3\nB,.2,.1,.1\nC,.1,.1,.1\nValue added,.6,.6,.5\nOutput,1,1,1\n"
    with pytest.raises(NetclusterError, match="coefficients"):
        read_table(written(tmp_path, "a.csv", text))


@pytest.mark.parametrize(
    ("names", "heads"),
    [
        (("Crop production", "Mining, oil & gas", "Food"), ("Crop.production", "Mining..oil...gas", "Food")),
        (("01", "02", "10-12"), ("X01", "X02", "X10.12")),
    ],
)
def test_heads_as_r_writes_them(names: tuple[str, ...], heads: tuple[str, ...], tmp_path: Path) -> None:
    """write.csv of a data frame: marks and blanks in heads become dots, numbers get an X; rows stay as they were."""
    lines = [f"code,{','.join(heads)},Household.consumption,Exports,Total.output"]
    values = ("1,2,3,4,90,100", "5,6,7,8,74,100", "9,8,7,6,70,100")
    lines += [f'"{name}",{cells}' for name, cells in zip(names, values, strict=True)]
    lines.append("Value.added,85,84,83,,,")
    io = read_table(written(tmp_path, "r.csv", "\n".join(lines) + "\n"))
    assert io.Z.tolist() == [[1, 2, 3], [5, 6, 7], [9, 8, 7]]
    assert io.x.tolist() == [100, 100, 100]
    assert io.V.tolist() == [[85, 84, 83]]
