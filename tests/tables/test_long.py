"""What a header is taken for."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.long.headers import families, find, normal, unit_of
from netcluster.tables.long.recognise import Layout, recognise
from netcluster.tables.options import ReadOptions
from tests.long_files import layout_of, write
from tests.shared import shared_data

TRADE = ["A", "B", "1001", "5.5"]


def seen(header: str, *rows: str, **options: object) -> Layout | None:
    return recognise(header.split(","), [row.split(",") for row in rows], ReadOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "header",
    [
        "exporter,importer,product,value",
        "Exporter_ISO3,Importer_ISO3,HS6,Trade_Value",
        "exporteur,importateur,produit,valeur",
        "Ausfuhrland,Einfuhrland,Ware,Wert",
        "exportador,importador,producto,valor",
        "origin,destination,hs_code,trade_value_usd",
        "iso_o,iso_d,hs92,flow_usd",
        "esportatore,importatore,prodotto,valore",
    ],
)
def test_trade_in_the_languages_it_is_met_in(header: str) -> None:
    layout = seen(header, "FRA,DEU,1001,5.5", "DEU,FRA,1002,3")
    assert layout is not None
    assert layout.kind == "trade"
    assert list(layout.columns) == ["exporter", "importer", "value", "product"]
    assert list(layout.columns.values()) == [header.split(",")[i] for i in (0, 1, 3, 2)]


@pytest.mark.parametrize(
    ("header", "row", "kind"),
    [
        ("t,i,j,k,v,q", "2020,4,24,300431,0.198,0.001", "trade"),
        ("country,product,value", "afg,0011,30068", "exports"),
        ("reporterCode,partnerCode,flowCode,cmdCode,refYear,primaryValue", "276,0,M,27,2020,5", "trade"),
        ("Reporter,Partner,Trade Flow,Commodity Code,Trade Value (US$)", "Germany,World,Import,27,5", "trade"),
        ("region,industry,employment", "Berlin,C,5", "employment"),
        ("Bundesland,Wirtschaftszweig,Beschaeftigte,Jahr", "Berlin,C,5,2020", "employment"),
        ("area_fips,naics,emp,est", "01001,311,5,1", "employment"),
        ("source,target,weight", "a,b,1", "links"),
        ("supplier,customer,sales", "a,b,1", "links"),
        ("from,to", "a,b", "links"),
        ("Lieferant,Kunde,Umsatz", "a,b,1", "links"),
        ("node1,node2,GroupCode", "a,b,S", "links"),
        ("id,industry,region,employees", "f1,C10,Berlin,5", "firms"),
        ("firm_id,role,lat,lon", "f1,university,52.5,13.4", "firms"),
        ("supplier,category,office A,office B", "acme,paper,5.0,", "payments"),
    ],
)
def test_kinds_by_their_headers(header: str, row: str, kind: str) -> None:
    layout = seen(header, row, row.replace("f1", "f2"))
    assert layout is not None
    assert layout.kind == kind


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("code,name", "1,farms"),
        ("industry,cluster", "311,Food"),
        ("code,farms,factories,households", "farms,1,2,3"),
        ("from,to,weight_text", "a,b,heavy"),
    ],
)
def test_what_is_none_of_the_kinds(header: str, row: str) -> None:
    layout = seen(header, row)
    assert layout is None or layout.kind == "links"
    if layout is not None:
        assert "weight" not in layout.columns


def test_columns_named_by_the_user() -> None:
    layout = seen("A,B,C,D", "x,y,z,1", kind="trade", columns={"exporter": "A", "importer": "b", "value": "D"})
    assert layout is not None
    assert dict(layout.columns) == {"exporter": "A", "importer": "B", "value": "D"}


def test_named_column_that_is_not_there() -> None:
    with pytest.raises(NetclusterError, match="no column 'ORIGIN'") as error:
        seen("a,b,c", "x,y,1", columns={"exporter": "ORIGIN"})
    assert "a, b, c" in error.value.hint


def test_kind_given_but_columns_not_found() -> None:
    with pytest.raises(NetclusterError, match="exporter, importer, value") as error:
        seen("alpha,beta,gamma", "x,y,1", kind="trade")
    assert "--columns exporter=…,importer=…,value=…" in error.value.hint


def test_one_countrys_own_trade_is_told_what_it_lacks() -> None:
    with pytest.raises(NetclusterError, match="none was found for importer") as error:
        seen("exporter,hs6,value", "x,010121,1", kind="trade")
    assert "one country's own trade" in error.value.hint


def test_links_without_a_header() -> None:
    for header in ([], ["1", "2", "3"], ["a", "b", "3.5"]):
        layout = recognise(header, [["a", "b", "2"], ["b", "c", "1.5"]], ReadOptions())
        assert layout is not None
        assert layout.kind == "links"
        assert dict(layout.columns) == {"source": "1", "target": "2", "weight": "3"}
        assert "supplier" in layout.decisions[0]


def test_names_are_compared_without_case_accents_and_joints() -> None:
    assert normal("Trade Value (US$)") == "trade_value_us"
    assert normal("Größe") == "groesse"
    assert normal("reporterISO") == "reporter_iso"
    assert find(["Année", "Valeur"], "year") == "Année"
    assert find(["region_name_t", "emp_tl"], "employment") == "emp_tl"
    assert all(normal(name) == name for names in families().values() for name in names)


def test_units_in_names() -> None:
    assert unit_of("Trade Value (US$)") == "USD"
    assert unit_of("Wert in Tsd. €") == "thousand EUR"
    assert unit_of("value_mn_usd") == "million USD"
    assert unit_of("Umsatz (Mrd. CHF)") == "billion CHF"
    assert unit_of("value") == ""


@pytest.mark.parametrize(
    ("folder", "file", "kind"),
    [
        ("baci_hs17_2020_extract", "baci_hs17_2020_exporters_4_710.csv", "trade"),
        ("baci_hs17_2020_extract", "baci_hs17_2020_exporters_4_710.parquet", "trade"),
        ("derived_messy_a", "baci_5000_utf16_tab.txt", "trade"),
        ("comtrade_oil_2017", "processed_data_2017.csv", "trade"),
        ("world_trade_1998_2000", "world_trade_avg_1998_to_2000.csv", "exports"),
        ("us_cbp_2019", "cbp_cbsa_naics_emp.parquet", "employment"),
        ("german_regions_emp", "G.regions.emp.csv", "employment"),
        ("us_states_clusters_2016", "all_states_clusters.csv", "employment"),
        ("swiss_procurement_a", "EDA - 2011.csv", "payments"),
        ("esri_firm_network_sf", "example_net_scale_free_101_4000.csv", "adjacency"),
        ("esri_firm_network_sf", "industry_vector.csv", "firms"),
        ("scg_fmcg_bangladesh", "Edges (Plant).csv", "links"),
        ("scg_fmcg_bangladesh", "Edges (Product Group).csv", "links"),
    ],
)
def test_real_tables(folder: str, file: str, kind: str) -> None:
    assert layout_of(shared_data(folder) / file)[0].kind == kind


def test_the_first_column_that_looks_like_a_number_is_no_header(tmp_path: Path) -> None:
    layout, dialect = layout_of(write(tmp_path / "edges.txt", "a b 2\nb c 3\nc a 1\n"))
    assert layout.kind == "links"
    assert dialect.delimiter.strip() == ""
