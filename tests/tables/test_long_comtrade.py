"""Comtrade: mirror flows, totals and re-exports, by hand and against pandas."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.trade import TradeTable
from tests.long_files import open_long, write
from tests.shared import shared_data

HEADER = "Year,Trade Flow,Reporter ISO,Reporter,Partner ISO,Partner,Commodity Code,Netweight (kg),Trade Value (US$)\n"
#: A and B report, C does not. A's imports from B are 10 by A, 8 by B; C's from A are known from A only.
FLOWS = """2020,Import,AAA,Aland,BBB,Bland,27,1,10
2020,Import,AAA,Aland,WLD,World,27,3,13
2020,Import,AAA,Aland,CCC,Cland,27,,3
2020,Import,BBB,Bland,AAA,Aland,27,1,4
2020,Export,BBB,Bland,AAA,Aland,27,1,8
2020,Export,AAA,Aland,CCC,Cland,27,1,5
2020,Export,AAA,Aland,BBB,Bland,27,1,99
2020,Export,AAA,Aland,,"Areas, nes",27,1,7
2020,Re-Export,AAA,Aland,CCC,Cland,27,1,2
2020,Re-Import,AAA,Aland,AAA,Aland,27,1,1
"""


def trade(path: Path, **options: object) -> TradeTable:
    table = open_long(path, **options).trade
    assert table is not None
    return table


def notes(table: TradeTable) -> dict[str, str]:
    return {note.code: note.text for note in table.changes}


def flows(table: TradeTable) -> dict[tuple[str, str], float]:
    frame = table.frame(by=("exporter", "importer"))
    return {(row[0], row[1]): row[2] for row in frame.values.tolist()}


def test_by_hand(tmp_path: Path) -> None:
    table = trade(write(tmp_path / "c.csv", HEADER + FLOWS))
    assert flows(table) == {("BBB", "AAA"): 10.0, ("CCC", "AAA"): 3.0, ("AAA", "BBB"): 4.0, ("AAA", "CCC"): 5.0}
    said = notes(table)
    assert set(said) == {"world_totals", "re_exports", "unspecified_partners", "mirror_flows"}
    assert said["world_totals"].startswith("1 rows")
    assert said["re_exports"].startswith("2 rows")
    assert "1 importers that report none" in said["mirror_flows"]
    assert (table.unit, table.quantity_unit) == ("USD", "kg")
    assert table.names["AAA"] == "Aland"


def test_who_reports_is_asked_year_by_year(tmp_path: Path) -> None:
    # In 2021 B reports no imports: A's report of its exports to B stands in.
    more = "2021,Export,AAA,Aland,BBB,Bland,27,1,6\n2021,Import,AAA,Aland,BBB,Bland,27,1,2\n"
    table = trade(write(tmp_path / "c.csv", HEADER + FLOWS + more))
    frame = table.frame(by=("exporter", "importer"), where={"year": [2021]})
    assert frame.values.tolist() == [["AAA", "BBB", 6.0], ["BBB", "AAA", 2.0]]


def test_newer_names_codes_and_splits(tmp_path: Path) -> None:
    header = (
        "refYear,flowCode,reporterCode,reporterDesc,partnerCode,partnerDesc,cmdCode,customsCode,netWgt,primaryValue\n"
    )
    rows = """2022,M,276,Germany,250,France,27,C00,5,100.5
2022,M,276,Germany,250,France,27,C01,4,80.5
2022,M,276,Germany,250,France,27,C04,1,20
2022,M,276,Germany,0,World,27,C00,5,100.5
2022,X,250,France,276,Germany,27,C00,5,90
2022,X,276,Germany,250,France,27,C00,5,40
2022,RX,276,Germany,250,France,27,C00,1,10
"""
    table = trade(write(tmp_path / "api.csv", header + rows))
    assert flows(table) == {("250", "276"): 100.5, ("276", "250"): 40.0}
    assert "splits_left_out" in notes(table)
    assert table.names["276"] == "Germany"


def test_exports_only_are_taken_as_exporters_report_them(tmp_path: Path) -> None:
    text = "reporter,partner,flow,value\nA,B,X,5\nB,A,X,3\nA,World,X,5\n"
    assert flows(trade(write(tmp_path / "x.csv", text))) == {("A", "B"): 5.0, ("B", "A"): 3.0}


def test_without_a_flow_it_asks(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "reporter,partner,value\nA,B,5\nB,A,3\n")
    with pytest.raises(NetclusterError, match="no column that says import or export") as error:
        trade(path)
    assert "exporter=" in error.value.hint
    told = trade(path, columns={"exporter": "reporter", "importer": "partner"})
    assert flows(told) == {("A", "B"): 5.0, ("B", "A"): 3.0}


def test_unknown_flows(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "reporter,partner,flow,value\nA,B,transit,5\nB,A,transit,3\n")
    with pytest.raises(NetclusterError, match="'transit'"):
        trade(path)


def test_nested_commodities_are_counted_once(tmp_path: Path) -> None:
    text = "reporter,partner,flow,commodity_code,value\nA,B,M,TOTAL,10\nA,B,M,27,10\nA,B,M,2709,10\nB,A,M,27,1\nB,A,M,2709,1\n"
    table = trade(write(tmp_path / "n.csv", text))
    assert table.frame()["value"].iloc[0] == 11.0
    assert table.frame(by=("product",))["product"].tolist() == ["2709"]


def test_oil_2017_against_pandas() -> None:
    # The same choices made by pandas on the whole file.
    file = shared_data("comtrade_oil_2017") / "processed_data_2017.csv"
    raw = pd.read_csv(file, encoding="utf-8-sig")
    raw = raw[raw["Partner Code"] != 0]
    imports = raw[raw["Trade Flow"] == "Import"]
    nowhere = raw["Partner"].isin(["Areas, nes", "Bunkers", "Free Zones", "Special Categories"]) | (
        raw["Partner"].str.endswith(", nes") & (raw["Partner"] != "Other Asia, nes")
    )
    exports = raw[(raw["Trade Flow"] == "Export") & ~raw["Partner Code"].isin(imports["Reporter Code"]) & ~nowhere]
    own = imports["Partner Code"] == imports["Reporter Code"]
    expected = imports.loc[~own, "Trade Value (US$)"].sum() + exports["Trade Value (US$)"].sum()
    table = trade(file)
    assert table.frame()["value"].iloc[0] == expected
    assert table.years == (2017,)
    found = table.frame(by=("importer",), where={"importer": ["ALB"]})["value"].iloc[0]
    assert found == imports.loc[(imports["Reporter ISO"] == "ALB") & ~own, "Trade Value (US$)"].sum()
    assert table.names["ALB"] == "Albania"
