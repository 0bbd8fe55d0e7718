"""Rows that differ in a further column only: totals beside parts, tonnes beside euros. All by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.read import read
from netcluster.tables.trade import TradeTable
from tests.long_files import write


def trade(path: Path) -> TradeTable:
    table = read(path).trade
    assert table is not None
    return table


def total(table: TradeTable) -> float:
    return float(table.frame()["value"].iloc[0])


def codes(table: TradeTable) -> list[str]:
    return [note.code for note in table.changes]


def test_the_total_over_transport_is_taken(tmp_path: Path) -> None:
    text = "exporter,importer,transport,value\nA,B,sea,3\nA,B,air,4\nA,B,Total,7\nB,A,sea,1\nB,A,Total,1\n"
    table = trade(write(tmp_path / "t.csv", text))
    assert total(table) == 8.0
    assert "splits_left_out" in codes(table)


def test_parts_are_added_where_the_total_is_not_given_for_all(tmp_path: Path) -> None:
    text = "exporter,importer,transport,value\nA,B,sea,3\nA,B,air,4\nA,B,Total,7\nB,A,sea,1\n"
    assert total(trade(write(tmp_path / "t.csv", text))) == 8.0


def test_a_total_without_parts_beside_parts_without_total_is_asked_for(tmp_path: Path) -> None:
    text = "exporter,importer,transport,value\nA,B,Total,7\nB,A,sea,1\nB,A,air,1\nC,A,Total,7\nC,A,sea,7\n"
    with pytest.raises(NetclusterError, match="transport gives a total"):
        trade(write(tmp_path / "t.csv", text))


def test_ports_are_added_up_and_said(tmp_path: Path) -> None:
    table = trade(write(tmp_path / "t.csv", "exporter,importer,port,value\nA,B,x,3\nA,B,y,4\nB,A,x,1\n"))
    assert total(table) == 8.0
    assert "port" in next(note.text for note in table.changes if note.code == "rows_summed")


def test_tonnes_are_never_added_to_euros(tmp_path: Path) -> None:
    head = "reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE\n"
    rows = [
        f"{a},{b},270900,{f},{i},2022,{v * k}\n"
        for a, b, f, v in [("DE", "FR", 1, 100), ("FR", "DE", 2, 95)]
        for i, k in [("VALUE_IN_EUROS", 1), ("QUANTITY_IN_100KG", 7)]
    ]
    table = trade(write(tmp_path / "comext.csv", head + "".join(rows)))
    assert total(table) == 100.0
    assert table.unit == "EUR"


def test_things_counted_none_of_which_is_money_are_asked_for(tmp_path: Path) -> None:
    text = "exporter,importer,measure,value\nA,B,tonnes,3\nA,B,pieces,4\nB,A,tonnes,1\nB,A,pieces,1\n"
    with pytest.raises(NetclusterError, match="measure holds 'pieces', 'tonnes'"):
        trade(write(tmp_path / "t.csv", text))


def test_comext_files_with_a_row_of_all_products(tmp_path: Path) -> None:
    # Importers' reports: 1000 and 300; Germany's exports of 400 to the US, which reports nothing.
    head = "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,FLOW,PERIOD,VALUE_EUR,QUANTITY_KG\n"
    rows = "DE,FR,I,01012100,00150,1,202252,1000,50\nDE,US,E,01012100,00150,2,202252,400,50\n"
    rows += "FR,US,E,01012100,00150,1,202252,300,20\nDE,FR,I,TOTAL,TOTAL,1,202252,1000,50\n"
    table = trade(write(tmp_path / "full.dat", head + rows))
    assert total(table) == 1700.0
    assert table.unit == "EUR"


def test_trade_by_industry_and_end_use(tmp_path: Path) -> None:
    # The OECD's bilateral trade: industries with their total, end uses with theirs, partners with the world.
    head = "COU,Reporter,PAR,Partner,IND,Industry,EUC,End-use,FLW,Flow,TIME,Unit,PowerCode,Value\n"
    rows = [
        f"DEU,Germany,{p},{p},{i},{i},{e},{e},IMPO,Imports,2020,US Dollar,Thousands,{v}\n"
        for p in ("FRA", "WLD")
        for i, e, v in [
            ("DTOTAL", "TOTAL", 100),
            ("D01T03", "TOTAL", 40),
            ("D10T12", "TOTAL", 60),
            ("D01T03", "INT", 40),
            ("D10T12", "INT", 50),
            ("D10T12", "CONS", 10),
        ]
    ]
    table = trade(write(tmp_path / "btige.csv", head + "".join(rows)))
    assert total(table) == 100.0
    assert table.unit == "thousand USD"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("de", "Land;Warengruppe;Exportwert\nBrasilien;Kaffee;1.250,5\nDeutschland;Autos;9.000,0\n", 10250.5),
        ("fr", "Pays;Produit;Exportations\nBrésil;Café;1250,5\nFrance;Vin;310,25\n", 1560.75),
        ("es", "País;Producto;Exportaciones\nBrasil;Café;1250,5\nChile;Vino;310,25\n", 1560.75),
        ("es2", "origen;destino;partida;valor_fob\nBrasil;España;0901;1250,5\nEspaña;Chile;8703;310,25\n", 1560.75),
        ("pt", "exportador;importador;produto;valor\nBrasil;Chile;0901;1250,5\nChile;Peru;0901;310,25\n", 1560.75),
    ],
)
def test_heads_in_other_languages(tmp_path: Path, name: str, text: str, value: float) -> None:
    assert total(trade(write(tmp_path / f"{name}.csv", text))) == value
