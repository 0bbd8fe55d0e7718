"""Totals beside parts, months beside years, ages that overlap, lines that end in several ways: nothing counted twice.

Expected values by hand: the parts are made up, the totals are their sums.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.read import read


def written(folder: Path, text: str) -> Path:
    target = folder / "t.csv"
    target.write_bytes(text.encode())
    return target


def traded(path: Path) -> float:
    trade = read(path).trade
    assert trade is not None
    return float(trade.frame(by=["exporter"])["value"].sum())


def jobs(path: Path) -> float:
    employment = read(path).employment
    assert employment is not None
    return float(employment.frame["employment"].sum())


ROWS = ["exporter,importer,product,value", "DEU,FRA,0901,10.5", "FRA,DEU,0901,3", "DEU,ITA,8703,7"]


@pytest.mark.parametrize(
    "text",
    [
        "\r\n".join(ROWS) + "\r\n\n\n",
        f"{ROWS[0]}\n{ROWS[1]}\r\n{ROWS[2]}\n{ROWS[3]}\r\n",
        f"{ROWS[0]}\r{ROWS[1]}\r\n{ROWS[2]}\n{ROWS[3]}\r",
        "\n".join(ROWS[:2]) + "\n" + "\r\n".join(ROWS[2:]) + "\r\n\r\n",
    ],
    ids=["at the end", "in the body", "of three kinds", "changed half way"],
)
def test_lines_that_end_in_several_ways(text: str, tmp_path: Path) -> None:
    assert traded(written(tmp_path, text)) == 20.5


def test_trade_in_all_products_together_is_not_nothing(tmp_path: Path) -> None:
    text = "exporter,importer,product,value\nDEU,FRA,TOTAL,10\nFRA,DEU,TOTAL,5\n"
    assert traded(written(tmp_path, text)) == 15.0


WITS = """ReporterISO3,ProductCode,PartnerISO3,Year,TradeFlowName,TradeFlowCode,TradeValue in 1000 USD
DEU,010121,FRA,2021,Import,5,10
FRA,010121,DEU,2021,Export,6,9
FRA,010121,DEU,2021,Import,5,4
FRA,010121,WLD,2021,Import,5,4
"""


def test_flows_under_codes_we_do_not_know_go_by_their_names(tmp_path: Path) -> None:
    assert traded(written(tmp_path, WITS)) == 14.0


def test_months_beside_their_year(tmp_path: Path) -> None:
    months = "".join(f"M,2021,2021{m:02d},DEU,FRA,M,010121,10\n" for m in range(1, 13))
    head = "freqCode,refYear,period,reporterISO,partnerISO,flowCode,cmdCode,primaryValue\n"
    assert traded(written(tmp_path, head + months)) == 120.0
    assert traded(written(tmp_path, head + months + "A,2021,2021,DEU,FRA,M,010121,120\n")) == 120.0
    comext = "PERIOD,exporter,importer,value\n202101,DE,FR,10\n202102,DE,FR,20\n202152,DE,FR,30\n202152,FR,DE,1\n"
    with pytest.raises(NetclusterError, match="parts of a year"):
        read(written(tmp_path, comext))


def test_firms_of_all_forms_and_sizes_beside_their_parts(tmp_path: Path) -> None:
    rows = ["NAICS2017,LFO,EMPSZES,EMPSZES_LABEL,EMP,YEAR,county"]
    for county in ("001", "003"):
        for industry, number in (("311", 40), ("441", 60)):
            for form, share in (("001", 1.0), ("C", 0.5), ("P", 0.5)):
                for size, part, name in (("001", 1.0, "All establishments"), ("212", 0.25, "a"), ("220", 0.75, "b")):
                    rows.append(f"{industry},{form},{size},{name},{number * share * part},2019,{county}")
    assert jobs(written(tmp_path, "\n".join(rows))) == 200.0


def test_a_total_without_a_name_is_told_by_its_sums(tmp_path: Path) -> None:
    rows = ["region,industry,tenure,employment"]
    for region, number in (("N", 10), ("S", 30), ("E", 70)):
        for industry, times in (("Farms", 1), ("Mills", 3)):
            whole = number * times
            rows += [f"{region},{industry},{k},{whole * part}" for k, part in (("x", 1), ("y", 0.3), ("z", 0.7))]
    assert jobs(written(tmp_path, "\n".join(rows))) == 440.0


def test_ages_that_overlap_are_refused(tmp_path: Path) -> None:
    rows = [f"{r},{i},{a},10" for r in "NS" for i in "AB" for a in ("Y15-64", "Y15-24", "Y_GE15")]
    with pytest.raises(NetclusterError, match="ages that overlap"):
        read(written(tmp_path, "region,industry,age,employment\n" + "\n".join(rows)))
    rows = [f"{r},{i},{a},10" for r in "NS" for i in "AB" for a in ("Y15-24", "Y25-64", "Y_GE65")]
    assert jobs(written(tmp_path, "region,industry,age,employment\n" + "\n".join(rows))) == 120.0


def test_jobs_of_four_quarters_in_a_column_of_periods_are_refused(tmp_path: Path) -> None:
    rows = [f"2021-Q{q},{r},{i},10" for q in range(1, 5) for r in "NS" for i in "AB"]
    with pytest.raises(NetclusterError, match="several periods"):
        read(written(tmp_path, "time,region,industry,employment\n" + "\n".join(rows)))


def test_ranges_beside_their_divisions_and_sections(tmp_path: Path) -> None:
    """Of NACE's 64 branches: C16-C18 is C16 + C17 + C18, M_N is M + N, M is M69_M70 + M71; all are 30."""
    parts = {"A": 10, "C16": 2, "C17": 3, "C18": 4, "M69_M70": 3, "M71": 1, "N": 7}
    wholes = {"C16-C18": 9, "C": 9, "M": 4, "M_N": 11, "B-N_S95_X_K": 30}
    rows = [
        f"{code},{geo},{number * k}" for code, number in (parts | wholes).items() for geo, k in (("DE", 1), ("FR", 2))
    ]
    assert jobs(written(tmp_path, "nace_r2,geo,employment\n" + "\n".join(rows))) == 90.0


def test_numbers_with_a_minus_behind_a_dash_before_and_marks(tmp_path: Path) -> None:
    text = "exporter;importer;value\nDEU;FRA;1 234,5 [p]\nFRA;DEU;–10\nDEU;ITA;12-\nITA;DEU;2 000,5*\nDEU;ESP;[c]\n"
    trade = read(written(tmp_path, text)).trade
    assert trade is not None
    assert traded(written(tmp_path, text)) == 3235.0
    assert {note.code: note.count for note in trade.changes} == {"missing_values": 1, "negative_values": 2}


def test_a_matrix_of_gloria_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "20240110_120secMother_AllCountries_002_T-Results_2019_059_Markup001(full).csv"
    target.write_text("1,2\n3,4\n", encoding="utf-8")
    with pytest.raises(NetclusterError, match="GLORIA"):
        read(target)


def test_supply_and_use_in_turn_are_known_by_their_shape(tmp_path: Path) -> None:
    """Two regions of three industries and three products each, as GLORIA has them, under names of any kind."""
    rng = np.random.default_rng(1)
    flows = np.zeros((12, 12))
    for start in (0, 6):
        flows[start : start + 3, start + 3 : start + 6] = np.diag(rng.integers(300, 500, 3))
        for to in (0, 6):
            flows[start + 3 : start + 6, to : to + 3] = rng.integers(1, 30, (3, 3))
    parts = {"T": flows, "Y": np.ones((12, 4)), "V": np.ones((6, 12))}
    for name, values in parts.items():
        np.savetxt(tmp_path / f"{name}.csv", values, delimiter=",")
    for paths in ([tmp_path / f"{name}.csv" for name in parts], tmp_path / "T.csv"):
        with pytest.raises(NetclusterError, match="3 industries and 3 products in turn for each of 2 regions"):
            read(paths)


def test_a_matrix_of_countries_and_products_is_exports(tmp_path: Path) -> None:
    trade = read(written(tmp_path, "country,0101,0102,0103\nDEU,10,20,0\nFRA,5,0,7\nITA,1,2,3\n")).trade
    assert trade is not None
    frame = trade.frame(by=["product"])
    assert dict(zip(frame["product"], frame["value"], strict=True)) == {"0101": 16.0, "0102": 22.0, "0103": 10.0}


def test_a_total_with_its_code_behind(tmp_path: Path) -> None:
    """StatCan writes `All industries [00]`; goods hold farms, and Canada its provinces."""
    rows = ["REF_DATE,GEO,industry,employment"]
    for geo, times in (("Canada", 3), ("Ontario", 1), ("Quebec", 2)):
        for name, number in (("All industries [00]", 30), ("Goods [T002]", 10), ("Farms [11]", 10), ("Shops [44]", 20)):
            rows.append(f"2021,{geo},{name},{number * times}")
    assert jobs(written(tmp_path, "\n".join(rows))) == 90.0


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ('Supplier Name,Buyer,Amount Spent (GBP)\nAcme,A,"1,200.50"\nBeta,A,300.00\nAcme,B,50.25\n', 1550.75),
        ("Entity,Supplier,Amount\nDfE,Acme,25000.5\nOfsted,Acme,35000\nDfE,Beta,26000\n", 86000.5),
        ("Supplier Ticker,Customer Ticker,Relationship Value (USD)\nTSM US,AAPL US,1000\nHON US,BA US,200\n", 1200.0),
    ],
    ids=["spend", "public spend", "relationships"],
)
def test_lists_of_what_is_paid_to_suppliers(text: str, weight: float, tmp_path: Path) -> None:
    links = read(written(tmp_path, text)).links
    assert links is not None
    assert float(links.frame["weight"].sum()) == weight


def test_a_matrix_without_any_name_asks_what_it_is(tmp_path: Path) -> None:
    from netcluster.tables.options import ReadOptions

    path = written(tmp_path, "0,1,0,0\n0,0,2,0\n0,0,0,3\n4,0,0,0\n")
    with pytest.raises(NetclusterError) as refused:
        read(path)
    assert "--kind adjacency" in refused.value.hint
    links = read(path, ReadOptions(kind="adjacency")).links
    assert links is not None
    assert float(links.frame["weight"].sum()) == 10.0


def test_a_header_repeated_by_a_page_break_opens_no_table(tmp_path: Path) -> None:
    """By hand: three sectors whose rows add up to 100, 150 and 150; the second page goes on with C."""
    page = ",A,B,C,Final,Output"
    rows = [
        "A,20,20,5,55,100",
        "B,5,30,15,100,150",
        page,
        "C,20,10,30,90,150",
        "VA,55,90,100,,",
        "Output,100,150,150,,",
    ]
    io = read(written(tmp_path, "\n".join([page, *rows]) + "\n")).io
    assert io is not None
    assert io.ids == ("A", "B", "C")
    assert io.x.tolist() == [100.0, 150.0, 150.0]
    assert io.Z.tolist() == [[20.0, 20.0, 5.0], [5.0, 30.0, 15.0], [20.0, 10.0, 30.0]]


def test_a_header_that_opens_a_second_table_of_the_same_rows_is_kept(tmp_path: Path) -> None:
    """By hand: imports below domestic flows, with the same labels, are no second page of these."""
    head = ",A,B,Final,Output"
    domestic = [head, "A,20,20,60,100", "B,5,30,115,150", "VA,75,100,,", "Output,100,150,,"]
    imports = ["", "Imports,,,,", head, "A,1,2,3,6", "B,4,5,6,15"]
    io = read(written(tmp_path, "\n".join([*domestic, *imports]) + "\n")).io
    assert io is not None
    assert io.ids == ("A", "B")
    assert io.Z.tolist() == [[20.0, 20.0], [5.0, 30.0]]


def test_flows_without_products_beside_flows_with_them_are_counted(tmp_path: Path) -> None:
    """By hand: Chad's 80 stand in no product; the total of the other flow is the sum of its two products."""
    rows = ["exporter,importer,product,value", "USA,CAN,270900,100", "USA,CAN,870300,50", "USA,CAN,TOTAL,150"]
    path = written(tmp_path, "\n".join([*rows, "TCD,CHN,TOTAL,80"]) + "\n")
    assert traded(path) == 150.0
    trade = read(path).trade
    assert trade is not None
    told = {note.code: note for note in trade.changes}
    assert told["without_products"].count == 1
    assert "(80 or more)" in told["without_products"].text
