"""One country's own trade: the layouts of customs offices, whose files name no reporter; sums by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.inspect import inspect
from netcluster.tables.options import ReadOptions
from netcluster.tables.read import read
from netcluster.tables.trade import TradeTable
from tests.io_texts import written

#: Brazil's Comexstat, by month, state and customs house; imports have two columns more.
COMEX = "CO_ANO;CO_MES;CO_NCM;CO_UNID;CO_PAIS;SG_UF_NCM;CO_VIA;CO_URF;QT_ESTAT;KG_LIQUIDO;VL_FOB"
EXPORTS = f"""{COMEX}
"2023";"01";"12019000";"10";"160";"MT";"01";"0817600";1000;1000;500
"2023";"02";"12019000";"10";"160";"MT";"01";"0817600";2000;2000;1100
"2023";"01";"12019000";"10";"249";"SP";"01";"0817600";10;10;8
"2023";"03";"87032310";"11";"063";"SP";"01";"0817600";5;7000;90000
"""
IMPORTS = f"""{COMEX};VL_FRETE;VL_SEGURO
"2023";"01";"31042010";"10";"149";"MT";"01";"0817600";1000;1000;700;30;1
"2023";"02";"31042010";"10";"676";"MT";"01";"0817600";2000;2000;1300;40;2
"2023";"01";"85423190";"11";"160";"AM";"04";"0227700";100;1;4000;50;5
"2023";"03";"85423190";"11";"249";"AM";"04";"0227700";50;1;2500;50;5
"""
#: Codes 0003, 4XXX and - are the European Union, Europe, and all countries.
CENSUS = """CTY_CODE,CTY_NAME,E_COMMODITY,ALL_VAL_YR,YEAR,COMM_LVL
-,TOTAL FOR ALL COUNTRIES,271111,900,2023,HS6
0003,EUROPEAN UNION,271111,500,2023,HS6
4279,FRANCE,271111,300,2023,HS6
4280,GERMANY,271111,200,2023,HS6
5880,JAPAN,271111,400,2023,HS6
4XXX,EUROPE,271111,500,2023,HS6
"""
#: HMRC's flows: 1 and 3 are imports from the EU and from elsewhere, 2 and 4 exports.
HMRC = """MonthId,FlowTypeId,SuppressionIndex,CommodityId,CommoditySitcId,CountryId,PortId,Value,NetMass,SuppUnit
202301,1,0,87032319,78120,4,1,100,10,0
202301,2,0,87032319,78120,4,1,60,10,0
202301,3,0,87032319,78120,732,1,80,10,0
202301,4,0,87032319,78120,732,1,30,10,0
202302,4,0,87032319,78120,400,1,20,10,0
"""
CANADA = "REF_DATE,GEO,DGUID,Trade,Basis,Principal trading partners,UOM,SCALAR_FACTOR,VALUE\n" + "".join(
    f"2023-01,Canada,2016A000011124,{flow},Customs,{partner},Dollars,millions,{value}\n"
    for flow, partner, value in (
        ("Import", "All countries", 500),
        ("Import", "United States", 300),
        ("Import", "China", 200),
        ("Export", "All countries", 600),
        ("Export", "United States", 500),
        ("Export", "Japan", 100),
    )
)
CUSTOMS = "partner,hs,flow,year,value\nDE,8703,Export,2023,100\nFR,8703,Export,2023,50\nDE,2710,Import,2023,70\n"


def _trade(files: Path | list[Path], **columns: str) -> TradeTable:
    trade = read(files, ReadOptions(columns=columns)).trade
    assert trade is not None
    return trade


def _sums(trade: TradeTable, by: str = "") -> dict[tuple[str, ...], float]:
    keys = ["exporter", "importer", *([by] if by else [])]
    frame = trade.frame(by=keys)
    return {tuple(row[:-1]): row[-1] for row in frame[[*keys, "value"]].itertuples(index=False)}


def _codes(trade: TradeTable) -> set[str]:
    return {note.code for note in trade.changes}


def test_comexstat_exports_add_up_over_months_and_ports(tmp_path: Path) -> None:
    trade = _trade(written(tmp_path, "EXP_2023.csv", EXPORTS), exporter="=Brazil")
    assert _sums(trade) == {("Brazil", "160"): 1600, ("Brazil", "249"): 8, ("Brazil", "063"): 90000}
    assert (trade.years, trade.unit) == ((2023,), "USD")
    assert {"reported_by_one", "partner_codes", "rows_summed"} <= _codes(trade)


def test_files_named_by_the_flow(tmp_path: Path) -> None:
    """Trade with China (160): 500 + 1100 sold, 4000 bought; the longer header of imports is read beside the other."""
    files = [written(tmp_path, "EXP_2023.csv", EXPORTS), written(tmp_path, "IMP_2023.csv", IMPORTS)]
    sums = _sums(_trade(files, reporter="=Brazil"))
    assert sums["Brazil", "160"] == 1600
    assert sums["160", "Brazil"] == 4000
    assert sum(sums.values()) == 500 + 1100 + 8 + 90000 + 700 + 1300 + 4000 + 2500


@pytest.mark.parametrize(("name", "side"), [("EXP_2023.csv", "importer"), ("IMP_2023.csv", "exporter")])
def test_a_name_that_says_another_flow(tmp_path: Path, name: str, side: str) -> None:
    with pytest.raises(NetclusterError, match=name) as error:
        _trade(written(tmp_path, name, EXPORTS), **{side: "=Brazil"})
    assert "reporter==Brazil" in error.value.hint


def test_a_flow_nothing_tells_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match="exports or imports") as error:
        _trade(written(tmp_path, "flows.csv", EXPORTS), reporter="=Brazil")
    assert "exporter==Brazil or importer==Brazil" in error.value.hint


def test_census_groups_of_countries_are_no_partners(tmp_path: Path) -> None:
    trade = _trade(written(tmp_path, "us.csv", CENSUS), exporter="=USA")
    assert _sums(trade) == {("USA", "4279"): 300, ("USA", "4280"): 200, ("USA", "5880"): 400}
    assert trade.names["5880"] == "JAPAN"
    assert "country_groups" in _codes(trade)
    assert _sums(_trade(tmp_path / "us.csv", reporter="=USA")) == _sums(trade)  # E_COMMODITY: a table of exports


def test_census_sums_since_january_are_not_added_over_months(tmp_path: Path) -> None:
    rows = "CTY_CODE,E_COMMODITY,ALL_VAL_YR,YEAR,MONTH\n4279,271111,300,2023,01\n4279,271111,700,2023,02\n"
    with pytest.raises(NetclusterError, match="since January"):
        _trade(written(tmp_path, "us.csv", rows), exporter="=USA")


def test_hmrc_tells_trade_with_the_union_apart(tmp_path: Path) -> None:
    trade = _trade(written(tmp_path, "uk.csv", HMRC), reporter="=UK")
    expected = {("4", "UK"): 100, ("UK", "4"): 60, ("732", "UK"): 80, ("UK", "732"): 30, ("UK", "400"): 20}
    assert _sums(trade) == expected
    assert trade.unit == "GBP"


def test_a_column_of_one_place_names_the_country(tmp_path: Path) -> None:
    trade = _trade(written(tmp_path, "12100011.csv", CANADA))
    expected = {("United States", "Canada"): 300, ("China", "Canada"): 200}
    assert _sums(trade) == expected | {("Canada", "United States"): 500, ("Canada", "Japan"): 100}
    assert trade.unit == "million CAD"  # the dollars of the place


def test_a_column_of_several_places_further_down(tmp_path: Path) -> None:
    """The head of the file shows one place only, as long files do."""
    head, *rows = CANADA.splitlines()
    more = [row.replace("Canada", "Ontario") for row in rows]
    text = "\n".join([head, *(rows * 400), *more]) + "\n"
    with pytest.raises(NetclusterError, match="several regions"):
        _trade(written(tmp_path, "12100011.csv", text))


def test_a_flow_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, "customs.csv", CUSTOMS)
    expected = {("CZ", "DE"): 100, ("CZ", "FR"): 50, ("DE", "CZ"): 70}
    assert _sums(_trade(path, reporter="=CZ")) == expected
    with pytest.raises(NetclusterError, match="not the exporter of every row") as error:
        _trade(path, exporter="=CZ")
    assert "reporter==CZ" in error.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (EXPORTS, "exporter==… (of exports), importer==… (of imports)"),
        (CENSUS, "--columns exporter==…"),
        (CENSUS.replace("E_COMM", "I_COMM").replace("ALL_VAL", "GEN_VAL"), "--columns importer==…"),
        (HMRC, "--columns reporter==…"),
        (CUSTOMS, "--columns reporter==…"),
        ("Commodity,Country,Time,Total Exports Value ($US)\n84,Mexico,2023,7\n84,Canada,2023,3\n", "exporter==…"),
    ],
)
def test_the_country_is_asked_for(tmp_path: Path, text: str, hint: str) -> None:
    seen = " ".join(inspect(written(tmp_path, "t.csv", text), ReadOptions()).problems)
    assert "no column names the country" in seen
    assert hint in seen


def test_a_sheet_asks_too(tmp_path: Path) -> None:
    rows = [line.split(",") for line in CUSTOMS.splitlines()]
    book = tmp_path / "t.xlsx"
    pd.DataFrame([[*row[:-1], float(row[-1])] for row in rows[1:]], columns=rows[0]).to_excel(book, index=False)
    with pytest.raises(NetclusterError, match="no column names the country") as error:
        _trade(book)
    assert "--columns reporter==…" in error.value.hint
    assert _sums(_trade(book, reporter="=CZ"))["CZ", "DE"] == 100


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"reporter": "=partner"}, "is a column"),
        ({"reporter": "CZ"}, "no column 'CZ'"),
        ({"reporter": "="}, "names no country"),
        ({"value": "=3"}, "reporter, exporter, importer only"),
    ],
)
def test_no_column_passes_for_a_country_nor_a_country_for_a_column(
    tmp_path: Path, columns: dict[str, str], words: str
) -> None:
    with pytest.raises(NetclusterError, match=words):
        _trade(written(tmp_path, "customs.csv", CUSTOMS), **columns)


def test_a_country_column_beside_products_may_be_of_partners(tmp_path: Path) -> None:
    trade = _trade(written(tmp_path, "t.csv", "country,product,value\nA,1,3\nB,1,4\nA,2,5\n"))
    assert "exporter_taken" in _codes(trade)
