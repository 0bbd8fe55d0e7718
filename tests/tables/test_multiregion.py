"""Tables of several regions: labels in one or two levels, parts in several files, blocks without trade."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.iotable import IOTable
from netcluster.tables.multiregion import part_of
from netcluster.tables.read import read_table
from netcluster.tables.stack import stack_regions
from tests.io_texts import FLOWS, ICIO, LONG, written

HEAD = "\t\tr1\tr1\tr2\tr2\n\t\tfood\tmine\tfood\tmine\n"
Z = [[1, 2, 3, 4], [2, 1, 0, 1], [1, 1, 5, 2], [0, 2, 1, 3]]
KEYS = [("r1", "food"), ("r1", "mine"), ("r2", "food"), ("r2", "mine")]


def folder(path: Path) -> Path:
    rows = "".join(f"{r}\t{s}\t" + "\t".join(map(str, row)) + "\n" for (r, s), row in zip(KEYS, Z, strict=True))
    written(path, "Z.txt", HEAD + rows)
    final = "\t\tr1\tr2\n\t\thouseholds\thouseholds\n"
    written(path, "Y.txt", final + "".join(f"{r}\t{s}\t{k + 5}\t{k}\n" for k, (r, s) in enumerate(KEYS)))
    written(path, "factor_input.txt", HEAD + "Value Added\tM EUR\t10\t9\t8\t7\n")
    written(path, "emissions.txt", HEAD.replace("\t\t", "\t\t", 1) + "CO2\tkg\t5\t6\t7\t8\n")
    written(path, "readme.md", "about")
    return path


def test_icio_halves_of_a_country_are_added_to_it(tmp_path: Path) -> None:
    io = read_table(written(tmp_path, "ICIO2021_2018.csv", ICIO))
    assert io.regions == ("AUS", "MEX")
    assert io.ids == ("AUS:A", "AUS:B", "MEX:A", "MEX:B")
    # By hand: MEX sells to MEX what MX1 sells to MX1 (and the empty blocks of MEX).
    assert io.Z.tolist() == [[1, 2, 3, 4], [2, 1, 1, 2], [1, 1, 1, 1], [2, 2, 2, 2]]
    assert io.x.tolist() == [36, 36, 26, 26]
    assert io.year == 2018
    assert set(io.inputs["kind"]) == {"taxes", "value_added"}


def test_a_folder_of_parts(tmp_path: Path) -> None:
    io = read_table(folder(tmp_path))
    assert io.Z.tolist() == Z
    assert io.ids == ("r1:food", "r1:mine", "r2:food", "r2:mine")
    assert io.V.tolist() == [[10, 9, 8, 7]]
    assert list(io.demand["region"]) == ["r1", "r2"]
    (account,) = io.accounts.values()
    assert account.values.tolist() == [5, 6, 7, 8]
    assert account.unit == "kg"


def test_flows_follow_from_coefficients(tmp_path: Path) -> None:
    # Oracle: the flows that gave the coefficients, A = Z x̂⁻¹.
    whole = read_table(folder(tmp_path))
    coefficients = whole.Z / whole.x
    rows = "".join(
        f"{r}\t{s}\t" + "\t".join(map(repr, map(float, row))) + "\n"
        for (r, s), row in zip(KEYS, coefficients, strict=True)
    )
    other = tmp_path / "exio"
    other.mkdir()
    a = written(other, "A.txt", HEAD + rows)
    io = read_table([a, tmp_path / "Y.txt"])
    np.testing.assert_allclose(io.x, whole.x)
    np.testing.assert_allclose(io.Z, whole.Z, atol=1e-9)


def test_labels_apart(tmp_path: Path) -> None:
    written(tmp_path, "Eora26_2015_bp_T.txt", "\n".join("\t".join(map(str, row)) for row in Z) + "\n")
    written(tmp_path, "Eora26_2015_bp_FD.txt", "".join(f"{k + 5}\t{k}\n" for k in range(4)))
    written(tmp_path, "Eora26_2015_bp_VA.txt", "10\t9\t8\t7\n")
    written(tmp_path, "labels_T.txt", "".join(f"Land {r}\t{r}\tIndustries\t{s}\t\n" for r, s in KEYS))
    written(tmp_path, "labels_FD.txt", "".join(f"Land {r}\t{r}\tFinal Demand\tHouseholds\t\n" for r in ("r1", "r2")))
    written(tmp_path, "labels_VA.txt", "Primary Inputs\tValue Added\t\n")
    io = read_table(tmp_path)
    assert io.ids == ("r1:food", "r1:mine", "r2:food", "r2:mine")
    assert io.Z.tolist() == Z
    assert io.year == 2015
    assert list(io.inputs["id"]) == ["Value Added"]


def test_parts_that_do_not_fit_are_an_error(tmp_path: Path) -> None:
    place = folder(tmp_path)
    written(place, "Y.txt", "\t\tr1\n\t\thouseholds\nr1\tfood\t5\nr1\tmine\t6\n")
    with pytest.raises(NetclusterError, match="2 rows"):
        read_table(place)


@pytest.mark.parametrize(
    ("name", "part"),
    [("trade_flows_Z.txt", "Z"), ("finald_demand_Y.txt", "Y"), ("FDemissions.txt", "FY"), ("unit.txt", "unit")],
)
def test_parts_by_name(name: str, part: str) -> None:
    assert part_of(Path(name)) == part


def test_regions_without_trade_are_blocks_of_their_own(tmp_path: Path) -> None:
    io = read_table(written(tmp_path, "io2014.csv", LONG))
    assert io.ids == ("North:01", "North:02", "South:01", "South:02")
    assert list(io.sectors["name"][:2]) == ["Farms", "Plants"]
    assert io.Z[:2, :2].tolist() == FLOWS
    assert io.Z[2:, 2:].tolist() == [[300, 1000], [400, 200]]
    assert not io.Z[:2, 2:].any()
    assert any(note.code == "separate_regions" for note in io.changes)
    assert io.V.sum(axis=0).tolist() == [650, 1400, 1300, 2800]


def test_one_row_a_region_with_cells_across(tmp_path: Path) -> None:
    text = "AreaID,R1C1,R1C2,R2C1,R2C2,Y1,Y2\n01,150,500,200,100,1000,2000\n02,15,50,20,10,100,200\n"
    io = read_table(written(tmp_path, "t.csv", text))
    assert io.ids == ("01:1", "01:2", "02:1", "02:2")
    assert io.Z[:2, :2].tolist() == FLOWS
    assert io.Y[:2, 0].tolist() == [350, 1700]
    with pytest.raises(NetclusterError, match="need"):
        read_table(written(tmp_path, "u.csv", text.replace(",R2C2", ",R2C3")))


def test_stacking_sums_accounts_and_shares_rows_of_inputs(tmp_path: Path) -> None:
    one = read_table(written(tmp_path, "a.csv", "sector,A,fd,output\nA,5,5,10\nvalue_added,5,,\n"))
    both = stack_regions([("N", one), ("S", one)])
    assert both.V.tolist() == [[5, 5]]
    assert both.Y.tolist() == [[5, 0], [0, 5]]


def test_four_header_rows_of_a_world_table(tmp_path: Path) -> None:
    # WIOD's layout: code, name, country and a running number on both sides; TOT rows below.
    labels = [
        (s, n, r, f"r{k + 1}")
        for k, (r, s, n) in enumerate((r, s, n) for r in ("AUT", "BEL") for s, n in (("A01", "Crops"), ("B", "Mining")))
    ]
    final = [("CONS_h", "Households", r, "c57") for r in ("AUT", "BEL")]
    flows = [[1, 2, 3, 4], [2, 1, 0, 1], [1, 1, 5, 2], [0, 2, 1, 3]]
    columns = [*labels, *final, ("GO", "Total output", "TOT", "c62")]
    lines = [["World table, million US$"], ["2014"]]
    lines += [["", "", "", "", *(c[k] for c in columns)] for k in range(4)]
    lines += [[*label, *map(str, [*row, 5, 6, sum(row) + 11])] for label, row in zip(labels, flows, strict=True)]
    output = [sum(row) + 11 for row in flows]
    added = [o - sum(row[j] for row in flows) for j, o in enumerate(output)]
    lines.append(["VA", "Value added", "TOT", "r70", *map(str, [*added, 0, 0, 0])])
    lines.append(["GO", "Output at basic prices", "TOT", "r73", *map(str, [*output, 0, 0, 0])])
    text = "\n".join("\t".join(line) for line in lines) + "\n"
    io = read_table(written(tmp_path, "WIOT2014.txt", text))
    assert io.ids == ("AUT:A01", "AUT:B", "BEL:A01", "BEL:B")
    assert io.Z.tolist() == flows
    assert list(io.demand["id"]) == ["AUT:CONS_h", "BEL:CONS_h"]
    assert (io.unit, io.year) == ("million USD", 2014)
    assert io.V.tolist() == [added]


@pytest.mark.parametrize("prefix", ["", "v"])
def test_columns_named_by_region_and_number(prefix: str, tmp_path: Path) -> None:
    """WIOD's world tables for R (AUS1) and Stata (vAUS1): rows give the number's code; made up, closed by hand."""
    regions, codes, demand = ("AUS", "AUT"), ("A01", "A02"), ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN")
    Z = np.arange(1.0, 17.0).reshape(4, 4)
    Y = np.arange(40.0).reshape(4, 10) + 10
    x = Z.sum(axis=1) + Y.sum(axis=1)
    head = ["IndustryCode", "IndustryDescription", "Country", "RNr", "Year"]
    head += [f"{prefix}{r}{k}" for numbers in ((1, 2), range(57, 62)) for r in regions for k in numbers]
    lines = [[*head, f"{prefix}TOT"]]
    for i, (region, k) in enumerate((r, k) for r in regions for k in (1, 2)):
        lines.append([codes[k - 1], f"name {k}", region, str(k), "2014", *map(str, [*Z[i], *Y[i], x[i]])])
    for number, code, values in ((65, "II_fob", Z.sum(axis=0)), (70, "VA", x - Z.sum(axis=0)), (73, "GO", x)):
        lines.append([code, code, "TOT", str(number), "2014", *map(str, [*values, *[0] * 10, values.sum()])])
    io = read_table(written(tmp_path, "WIOT2014.csv", "\n".join(",".join(line) for line in lines) + "\n"))
    assert io.ids == ("AUS:A01", "AUS:A02", "AUT:A01", "AUT:A02")
    assert np.allclose(io.Z, Z)
    assert np.allclose(io.Y, Y)
    assert np.allclose(io.x, x)
    assert np.allclose(io.V.sum(axis=0), x - Z.sum(axis=0))
    assert list(io.demand["category"])[:5] == list(demand)
    assert io.year == 2014


@dataclass(frozen=True)
class _Regions:
    """Two regions of two sectors and one category of demand each; made up, rows close on output by construction."""

    Z: np.ndarray
    Y: np.ndarray
    x: np.ndarray

    @property
    def value_added(self) -> np.ndarray:
        return np.asarray(self.x - self.Z.sum(axis=0))


@pytest.fixture
def two() -> _Regions:
    Z, Y = np.arange(1.0, 37.0).reshape(6, 6), np.arange(12.0).reshape(6, 2) * 10 + 90
    return _Regions(Z, Y, Z.sum(axis=1) + Y.sum(axis=1))


def _read(folder: Path, lines: list[list[object]]) -> IOTable:
    return read_table(written(folder, "t.csv", "\n".join(",".join(map(str, line)) for line in lines) + "\n"))


def test_names_where_others_have_their_region(two: _Regions, tmp_path: Path) -> None:
    """Totals, exports and the rows of inputs stand in the header row or the column of regions, or the other one."""
    lines: list[list[object]] = [["", "", *["N"] * 3, *["S"] * 3, "N", "S", "Total"]]
    lines.append(["", "", *["a", "b", "c"] * 2, "Household consumption", "Household consumption", ""])
    for i, (region, sector) in enumerate((r, s) for r in "NS" for s in "abc"):
        lines.append([region, sector, *two.Z[i], *two.Y[i], two.x[i]])
    lines += [["", "Value added", *two.value_added, "", "", ""], ["Total", "", *two.x, "", "", ""]]
    _check(_read(tmp_path, lines), two)


def test_regions_in_merged_cells(two: _Regions, tmp_path: Path) -> None:
    """A workbook's merged cells give a region once, over its first column and beside its first row."""
    lines: list[list[object]] = [["", "", "N", "", "", "S", "", "", "N", "S", "Total"]]
    lines.append(["", "", *["a", "b", "c"] * 2, "Household consumption", "Household consumption", ""])
    for i, (region, sector) in enumerate((r, s) for r in "NS" for s in "abc"):
        lines.append([region if sector == "a" else "", sector, *two.Z[i], *two.Y[i], two.x[i]])
    lines += [["", "Value added", *two.value_added, "", "", ""], ["Total", "", *two.x, "", "", ""]]
    _check(_read(tmp_path, lines), two)


def test_the_region_behind_the_sector(two: _Regions, tmp_path: Path) -> None:
    """The two-region models of American states: 111CA/US-GA, value added in a row V00100/US."""
    codes = [f"{sector}/{region}" for region in "NS" for sector in "abc"]
    lines: list[list[object]] = [["", *codes, "F010/N", "F010/S"]]
    lines += [[code, *two.Z[i], *two.Y[i]] for i, code in enumerate(codes)]
    lines.append(["V00100/US", *two.value_added, 0, 0])
    _check(_read(tmp_path, lines), two)


def _check(io: IOTable, two: _Regions) -> None:
    assert io.ids == ("N:a", "N:b", "N:c", "S:a", "S:b", "S:c")
    assert np.allclose(io.Z, two.Z)
    assert np.allclose(io.Y, two.Y)
    assert np.allclose(io.x, two.x)
    assert np.allclose(io.V.sum(axis=0), two.value_added)
    assert list(io.demand["region"]) == ["N", "S"]


def test_parquet_with_columns_of_several_levels_as_pandas_writes_them(tmp_path: Path) -> None:
    # Written by pandas itself, which puts each column's levels into one name; the figures are those of the frame.
    rows = pd.MultiIndex.from_product([["AA", "BB"], ["a", "b"]], names=["region", "sector"])
    columns = rows.append(pd.MultiIndex.from_tuples([("AA", "FD"), ("BB", "FD")]))
    values = np.arange(24.0, 0.0, -1.0).reshape(4, 6) ** 2 * [1, 1, 1, 1, 20, 20]
    pd.DataFrame(values, index=rows, columns=columns).to_parquet(tmp_path / "table.parquet")
    io = read_table(tmp_path / "table.parquet")
    assert io.ids == ("AA:a", "AA:b", "BB:a", "BB:b")
    assert io.demand["region"].tolist() == ["AA", "BB"]
    assert (values[:, :4] == io.Z).all()
    assert (values[:, 4:] == io.Y).all()
