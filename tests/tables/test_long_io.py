"""Tables by sector in long form, made up: Eurostat's columns, R's dates, duplicates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.long.io_layout import recognise, recognise_make
from netcluster.tables.read import read, read_table
from tests.io_texts import FLOWS, PLAIN, written
from tests.tables_cells import CELLS


def long(unit: str = "MIO_EUR", times: tuple[str, ...] = ("2010-01-01",), scale: float = 1.0) -> str:
    rows = [f"{r},{c},{unit},DE,{t},{v * scale}" for t in times for r, c, v in CELLS]
    return "prod_na,induse,unit,geo,time,values\n" + "\n".join(rows) + "\n"


def test_eurostat_columns(tmp_path: Path) -> None:
    io = read_table(written(tmp_path, "naio.csv", long()))
    assert io.Z.tolist() == FLOWS
    assert io.year == 2010
    assert io.unit == "million EUR"
    assert list(io.inputs["id"]) == ["D1"]


def test_a_date_counted_from_1970_is_a_year(tmp_path: Path) -> None:
    # R writes 1995-01-01 as 9131 days.
    assert read_table(written(tmp_path, "naio.csv", long(times=("9131.0",)))).year == 1995


def test_the_latest_year_is_taken_unless_told(tmp_path: Path) -> None:
    path = written(tmp_path, "naio.csv", long(times=("2010", "2015")))
    assert read_table(path).year == 2015
    assert read_table(path, year=2010).year == 2010
    with pytest.raises(NetclusterError, match="no year 1999"):
        read_table(path, year=1999)


def test_a_cell_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match="stands 2 times"):
        read_table(written(tmp_path, "naio.csv", long() + "CPA_A,CPA_A,MIO_EUR,DE,2010-01-01,5\n"))


def test_a_word_among_the_values_is_an_error(tmp_path: Path) -> None:
    text = long().replace(",500", ",many")
    with pytest.raises(NetclusterError, match="many"):
        read_table(written(tmp_path, "naio.csv", text))


def test_links_between_firms_are_no_table_by_sector() -> None:
    header = ["source", "target", "weight"]
    rows = [[f"f{i}", f"f{i + 1}", str(i)] for i in range(20)]
    assert recognise(header, rows) is None
    assert recognise_make(header, rows) is None


def test_a_fixed_width_make_table_is_half_a_pair(tmp_path: Path) -> None:
    lines = [f"{'Industry':<10}{'IndustryDescription':<30}{'Commodity':<10}{'ProVal':<10}"]
    lines += [
        f"{code:<10}{'Some farming':<30}{other:<10}{value:<10}"
        for code, other, value in [
            ("1111A0", "1111A0", 14129.5),
            ("1111A0", "115000", 316.0),
            ("1111B0", "1111B0", 27854.9),
            ("1111B0", "115000", 635.2),
            ("115000", "115000", 500.0),
        ]
    ]
    with pytest.raises(NetclusterError, match="make table") as error:
        read_table(written(tmp_path, "IOMakeDetail.txt", "\n".join(lines) + "\n"))
    assert "use" in error.value.hint


def test_the_same_table_on_a_sheet_and_in_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame(CELLS, columns=["prd_ava", "prd_use", "values"]).assign(geo="AT", time=2015, unit="MIO_EUR")
    frame.to_excel(tmp_path / "naio.xlsx", index=False)
    frame.to_parquet(tmp_path / "naio.parquet")
    for ending in ("xlsx", "parquet"):
        io = read_table(tmp_path / f"naio.{ending}")
        assert io.Z.tolist() == FLOWS
        assert (io.year, io.unit) == (2015, "million EUR")


def test_sdmx_csv_with_a_column_that_says_the_same_all_over(tmp_path: Path) -> None:
    head = "DATAFLOW,freq,unit,stk_flow,prd_use,prd_ava,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    rows = [f"ESTAT:NAIO(1.0),A,MIO_EUR,DOM,{c},{r},AT,2015,{v}," for r, c, v in CELLS]
    assert read_table(written(tmp_path, "sdmx.csv", head + "\n".join(rows) + "\n")).Z.tolist() == FLOWS


def test_regions_of_seller_and_buyer_make_one_table(tmp_path: Path) -> None:
    # FIGARO's flat files: a reference and a counterpart area, primary inputs under W2.
    rng = np.random.default_rng(0)
    Z = rng.integers(1, 50, (4, 4)).astype(float)
    Y = rng.integers(1, 50, (4, 2)).astype(float)
    sides = [(area, code) for area in ("AT", "BE") for code in ("A01", "C10")]
    final = [("AT", "P3_S14"), ("BE", "P3_S14")]
    value_added = Z.sum(axis=1) + Y.sum(axis=1) - Z.sum(axis=0)
    rows = [
        f"{r},{i},{c},{j},{np.hstack([Z, Y])[a, b]}"
        for a, (r, i) in enumerate(sides)
        for b, (c, j) in enumerate(sides + final)
    ]
    rows += [f"W2,D1,{c},{j},{value_added[b]}" for b, (c, j) in enumerate(sides)]
    text = "refArea,rowIi,counterpartArea,colIi,obsValue\n" + "\n".join(rows) + "\n"
    io = read_table(written(tmp_path, "flatfile_2018.csv", text))
    assert io.ids == ("AT:A01", "AT:C10", "BE:A01", "BE:C10")
    assert io.Z.tolist() == Z.tolist()
    assert io.Y.tolist() == Y.tolist()
    assert io.V.tolist() == [value_added.tolist()]


def test_total_flows_need_no_row_of_imported_inputs(tmp_path: Path) -> None:
    # By hand: imports of 10 per cell; the domestic block has them as a row, the sum of both blocks must not.
    cells = [(r, c, v - 20 if (r, c) == ("D1", "CPA_A") or (r, c) == ("D1", "CPA_B") else v) for r, c, v in CELLS]
    rows = [f"DOM,{r},{c},{v}" for r, c, v in [*cells, ("P7", "CPA_A", 20), ("P7", "CPA_B", 20)]]
    rows += [f"IMP,{r},{c},10" for r in ("CPA_A", "CPA_B") for c in ("CPA_A", "CPA_B", "P3_S14")]
    path = written(tmp_path, "naio.csv", "stk_flow,prd_ava,prd_use,values\n" + "\n".join(rows) + "\n")
    domestic, total = read_table(path), read_table(path, origin="total")
    assert domestic.Z.tolist() == FLOWS
    assert list(domestic.inputs["id"]) == ["D1", "P7"]
    assert total.Z.tolist() == [[160.0, 510.0], [210.0, 110.0]]
    assert list(total.inputs["id"]) == ["D1"]
    for io in (domestic, total):
        assert np.allclose(io.Z.sum(axis=1) + io.Y.sum(axis=1), io.x)
        assert np.allclose(io.Z.sum(axis=0) + io.V.sum(axis=0), io.x)


def test_a_year_told_of_a_table_without_one_is_said_and_of_another_refused(tmp_path: Path) -> None:
    rows = "\n".join(f"{r},{c},{v}" for r, c, v in CELLS)
    path = written(tmp_path, "plain.csv", f"prd_ava,prd_use,values\n{rows}\n")
    io = read_table(path, year=1998)
    assert io.year == 1998
    assert "year_told" in [note.code for note in io.changes]
    dated = written(tmp_path, "dated.csv", "Input-output table 2015\n" + PLAIN)
    assert read_table(dated).year == 2015
    with pytest.raises(NetclusterError, match="of 2015, not of 2014"):
        read_table(dated, year=2014)


def test_supply_and_use_as_eurostat_has_them_in_bulk(tmp_path: Path) -> None:
    # By hand: two products, two industries, no imports; uses add up to supply.
    supply = {("CPA_A", "A"): 90, ("CPA_A", "B"): 10, ("CPA_B", "A"): 0, ("CPA_B", "B"): 200}
    use = {("CPA_A", "A"): 10, ("CPA_A", "B"): 40, ("CPA_B", "A"): 20, ("CPA_B", "B"): 60}
    use |= {("CPA_A", "P3_S14"): 50, ("CPA_B", "P3_S14"): 120, ("D1", "A"): 60, ("D1", "B"): 110}
    supply |= {("CPA_A", "P7"): 0, ("CPA_B", "P7"): 0}
    for name, head, cells in (("cp15", "ind_impv", supply), ("cp16", "induse", use)):
        rows = [f"A,MIO_EUR,{c},{r},AT\t{v} " for (r, c), v in cells.items()]
        text = f"freq,unit,{head},prod_na,geo\\TIME_PERIOD\t2015 \n" + "\n".join(rows) + "\n"
        written(tmp_path, f"naio_10_{name}.tsv", text)
    pair = read(tmp_path).supply_use
    assert pair is not None
    assert pair.supply.tolist() == [[90.0, 10.0], [0.0, 200.0]]
    assert pair.use.tolist() == [[10.0, 40.0], [20.0, 60.0]]


def test_sdmx_of_the_oecd(tmp_path: Path) -> None:
    """Rows are TTL_01T02, columns D01T02; the unit stands beside its multiplier, and a measure is no unit."""
    head = "STRUCTURE,REF_AREA,MEASURE,ROW_LABEL,COLUMN_LABEL,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE,UNIT_MULT"
    cells = {
        ("TTL_01T02", "D01T02"): 10,
        ("TTL_01T02", "D03"): 20,
        ("TTL_01T02", "HFCE"): 70,
        ("TTL_03", "D01T02"): 30,
        ("TTL_03", "D03"): 5,
        ("TTL_03", "HFCE"): 45,
        ("VALU", "D01T02"): 60,
        ("VALU", "D03"): 55,
        ("OUTPUT", "D01T02"): 100,
        ("OUTPUT", "D03"): 80,
    }
    lines = [f"DATAFLOW,DEU,TTL,{row},{column},USD,2019,{value},6" for (row, column), value in cells.items()]
    io = read_table(written(tmp_path, "iots.csv", "\n".join([head, *lines]) + "\n"))
    assert io.ids == ("01T02", "03")
    assert io.Z.tolist() == [[10, 20], [30, 5]]
    assert (io.x.tolist(), io.year, io.unit) == ([100, 80], 2019, "million USD")
