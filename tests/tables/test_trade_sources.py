"""Trade tables under the heads of public sources; made up, a few rows each, the right answers by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.tables.options import ReadOptions
from netcluster.tables.read import read
from tests.io_texts import written

#: Heads and rows, the labels asked for, and the flows that must come of them.
SOURCES: dict[str, tuple[str, tuple[str, ...], dict[tuple[str, ...], float]]] = {
    "atlas of complexity, by product": (
        "country_id,country_iso3_code,product_id,product_hs92_code,year,export_value,import_value,export_rca,cog,pci\n"
        "4,AFG,650,0101,2020,100,50,.1,.3,-1.2\n4,AFG,651,0102,2020,30,5,.1,.3,-.2\n8,ALB,650,0101,2020,10,7,.1,.3,1\n",
        ("exporter", "product"),
        {("AFG", "0101"): 100, ("AFG", "0102"): 30, ("ALB", "0101"): 10},
    ),
    "atlas of complexity, by partner": (
        "location_id,partner_id,product_id,year,export_value,import_value,sitc_eci,location_code,partner_code,sitc_product_code\n"
        "0,8,650,1962,100,7,,AFG,ALB,0011\n8,0,650,1962,7,100,,ALB,AFG,0011\n8,12,651,1962,9,0,,ALB,DZA,0012\n",
        ("exporter", "importer"),
        {("AFG", "ALB"): 100, ("ALB", "AFG"): 7, ("ALB", "DZA"): 9},
    ),
    "direction of trade statistics": (
        "Country Name,Country Code,Indicator Name,Indicator Code,Counterpart Country Name,Counterpart Country Code,2018,2019\n"
        "Germany,134,Exports FOB,TXG_FOB_USD,France,132,90,100\nGermany,134,Imports CIF,TMG_CIF_USD,France,132,70,80\n"
        "France,132,Imports CIF,TMG_CIF_USD,Germany,134,95,105\nFrance,132,Exports FOB,TXG_FOB_USD,Germany,134,65,75\n",
        ("exporter", "importer"),
        {("134", "132"): 105, ("132", "134"): 80},  # as the importers report them
    ),
    "wits, years across": (
        "Reporter,Partner,Product categories,Indicator Type,Indicator,2017,2019\n"
        "Germany,Russia,All Products,Import,Import (US$ Thousand),90,100\n"
        "Russia,China,All Products,Export,Export (US$ Thousand),60,70\n",
        ("exporter", "importer"),
        {("Russia", "Germany"): 100, ("Russia", "China"): 70},
    ),
    "exports alone, reporter and partner": (
        "reporter,partner,year,exports\nDEU,FRA,2019,5\nFRA,DEU,2019,3\n",
        ("exporter", "importer"),
        {("DEU", "FRA"): 5, ("FRA", "DEU"): 3},
    ),
    "imports alone, reporter and partner": (
        "reporter,partner,year,imports\nDEU,FRA,2019,5\nFRA,DEU,2019,3\n",
        ("exporter", "importer"),
        {("FRA", "DEU"): 5, ("DEU", "FRA"): 3},
    ),
    "gravity": (
        "year,iso3_o,iso3_d,distw,contig,pop_o,pop_d,tradeflow_comtrade_o,tradeflow_comtrade_d,tradeflow_baci\n"
        "2018,DEU,FRA,800,1,82,67,100,105,103\n2018,FRA,DEU,800,1,67,82,75,80,78\n",
        ("exporter", "importer"),
        {("DEU", "FRA"): 103, ("FRA", "DEU"): 78},
    ),
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_of_trade(name: str, tmp_path: Path) -> None:
    text, labels, flows = SOURCES[name]
    trade = read(written(tmp_path, "t.csv", text)).trade
    assert trade is not None
    where = {"year": [max(trade.years)]} if trade.years else None
    frame = trade.frame(by=labels, where=where)
    assert dict(zip(frame[list(labels)].itertuples(index=False, name=None), frame["value"], strict=True)) == flows


@pytest.mark.parametrize("corner", ["exporter", "country", "", "exporter\\product"])
@pytest.mark.parametrize("codes", ["010121,270900,870323", "0101,2709,8703", "870323,010121,270900"])
def test_codes_of_goods_across_are_a_header(codes: str, corner: str, tmp_path: Path) -> None:
    """Crude oil is 270900: a number as good as any, but no value where it heads a column of exports."""
    text = f"{corner},{codes}\nDEU,5,1,90\nRUS,1,80,2\nSAU,0,99,0\n"
    trade = read(written(tmp_path, "m.csv", text)).trade
    assert trade is not None
    frame = trade.frame(by=("product",))
    first, second, third = codes.split(",")
    assert dict(zip(frame["product"], frame["value"], strict=True)) == {first: 6, second: 180, third: 92}


def test_a_row_of_names_that_come_again_is_no_header(tmp_path: Path) -> None:
    """By hand: the first row of values bears no code of the rows below; the flow of 90 must not be lost."""
    text = "exporter,importer,2019,2020\nDEU,RUS,90,100\nRUS,DEU,80,70\nDEU,CHN,60,50\n"
    trade = read(written(tmp_path, "t.csv", text), ReadOptions()).trade
    assert trade is not None
    assert trade.frame(by=("year",))["value"].tolist() == [230.0, 220.0]
