"""Edge lists, matrices, payments and lists of firms."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.tables.duck import Store
from netcluster.tables.firms import FirmTable
from netcluster.tables.links import LinkTable
from tests.long_files import open_long, write
from tests.shared import shared_data


def links(*paths: Path, **options: object) -> LinkTable:
    table = open_long(*paths, **options).links
    assert table is not None
    return table


def firms(*paths: Path, **options: object) -> FirmTable:
    table = open_long(*paths, **options).firms
    assert table is not None
    return table


def plain(table: LinkTable) -> list[list[object]]:
    return table.frame.values.tolist()


def test_supplier_first_whatever_the_order_of_the_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "l.csv", "buyer;supplier;Umsatz (Tsd. EUR);type\nb;a;3,5;supply\nc;b;1.000,25;member of\n")
    table = links(path)
    assert plain(table) == [["a", "b", 3.5, "supply"], ["b", "c", 1000.25, "membership"]]
    assert table.unit == "thousand EUR"


def test_lists_without_weights_or_names(tmp_path: Path) -> None:
    assert plain(links(write(tmp_path / "two.txt", "a b\nb c\nc a\n"))) == [
        ["a", "b", 1.0, "supply"],
        ["b", "c", 1.0, "supply"],
        ["c", "a", 1.0, "supply"],
    ]
    assert plain(links(write(tmp_path / "three.csv", "1,2,0.5\n2,3,4\n3,1,2\n")))[0] == ["1", "2", 0.5, "supply"]


def test_rows_left_out_are_counted_and_negatives_stay(tmp_path: Path) -> None:
    table = links(write(tmp_path / "l.csv", "source,target,weight\na,b,1\na,c,NA\nb,c,lots\n,c,2\nc,a,-4\n"))
    assert {note.code: note.count for note in table.changes} == {
        "missing_values": 1,
        "not_numbers": 1,
        "nameless_rows": 1,
    }
    assert plain(table) == [["a", "b", 1.0, "supply"], ["c", "a", -4.0, "supply"]]


def test_unknown_layer(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match="no layer 'friendship'") as error:
        links(write(tmp_path / "l.csv", "source,target,weight,layer\na,b,1,friendship\nb,a,1,supply\n"))
    assert "membership" in error.value.hint


def test_weights_that_are_words_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match="holds texts") as error:
        links(write(tmp_path / "l.csv", "source,target,weight\na,b,x1\nb,c,y2\n"), kind="links")
    assert "--columns" in error.value.hint


def test_latest_year_of_links(tmp_path: Path) -> None:
    path = write(tmp_path / "l.csv", "source,target,weight,year\na,b,1,2019\na,b,2,2020\n")
    assert (links(path).year, plain(links(path))) == (2020, [["a", "b", 2.0, "supply"]])
    assert plain(links(path, year=2019)) == [["a", "b", 1.0, "supply"]]
    with pytest.raises(NetclusterError, match="no year 2001"):
        links(path, year=2001)


def test_products_that_share_a_plant() -> None:
    folder = shared_data("scg_fmcg_bangladesh")
    for name in ("Plant", "Product Group", "Storage Location"):
        file = folder / f"Edges ({name}).csv"
        table = links(file)
        assert len(table.frame) == len(pd.read_csv(file))
        assert set(table.frame["layer"]) == {"colocation"}


def test_matrix_of_a_hundred_and_one_firms() -> None:
    # SOURCE.txt: 101 x 101, links 493, total weight 56038.1, self-loops 0; numpy reads the same cells.
    folder = shared_data("esri_firm_network_sf")
    table = links(folder / "example_net_scale_free_101_4000.csv")
    cells = np.loadtxt(folder / "example_net_scale_free_101_4000.csv", delimiter=",", skiprows=1)
    assert len(table.frame) == 493
    assert table.frame["weight"].sum() == pytest.approx(56038.1, abs=0.05)
    found = np.zeros((101, 101))
    found[table.frame["source"].astype(int) - 1, table.frame["target"].astype(int) - 1] = table.frame["weight"]
    assert (found == cells).all()


def test_industries_beside_the_matrix() -> None:
    table = firms(shared_data("esri_firm_network_sf") / "industry_vector.csv")
    assert len(table.frame) == 101
    assert table.frame["industry"].tolist()[:3] == ["4", "3", "3"]
    assert table.frame["industry_name"].iloc[0] == "whole_sale"


def test_small_matrix_with_names(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", ",a,b,c\na,0,2,0\nb,0,0,1.5\nc,0,,0\n")
    assert plain(links(path, kind="adjacency")) == [["a", "b", 2.0, "supply"], ["b", "c", 1.5, "supply"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b,c\n0,1,0\n0,0,1\n", "2 rows under 3 columns"),
        (",a,b,c\na,0,1,0\nd,0,0,1\nb,0,0,0\n", "named otherwise"),
        ("a,b,c\n0,1,0\n0,0,x1\n1,0,0\n", "no number|adjacency"),
    ],
)
def test_bad_matrices(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(NetclusterError, match=message):
        links(write(tmp_path / "m.csv", text), kind="adjacency")


@pytest.mark.parametrize(
    ("file", "total", "offices"),
    [
        # SOURCE.txt: 40 suppliers each, offices and totals in CHF.
        ("EDA - 2011.csv", 63_181_936, 4),
        ("EDI - 2011.csv", 55_648_346, 10),
        ("EFD - 2011.csv", 369_312_410, 11),
        ("EFD - 2012.csv", 367_340_516, 12),
    ],
)
def test_swiss_offices_and_their_suppliers(file: str, total: float, offices: int) -> None:
    bundle = open_long(shared_data("swiss_procurement_a") / file)
    assert bundle.links is not None
    assert bundle.firms is not None
    frame = bundle.links.frame
    assert round(frame["weight"].sum()) == total
    assert (frame["source"].nunique(), frame["target"].nunique()) == (40, offices)
    roles = bundle.firms.frame[["kind", "role"]].value_counts().to_dict()
    assert roles == {("firm", "supplier"): 40, ("institution", "government"): offices}
    assert bundle.links.year == int(file[6:10])


def test_payments_by_hand(tmp_path: Path) -> None:
    text = "supplier,category,office A,office B\nAcme,paper,5,\nAcme,chairs,7,1\nBolt,, ,-2\n"
    bundle = open_long(write(tmp_path / "p.csv", text))
    assert bundle.links is not None
    assert bundle.firms is not None
    assert plain(bundle.links) == [
        ["Acme", "office A", 5.0, "supply"],
        ["Acme", "office A", 7.0, "supply"],
        ["Acme", "office B", 1.0, "supply"],
        ["Bolt", "office B", -2.0, "supply"],
    ]
    industries = bundle.firms.frame.set_index("id")["industry"].to_dict()
    assert industries == {"Acme": "chairs", "Bolt": "", "office A": "", "office B": ""}


def test_word_among_payments(tmp_path: Path) -> None:
    text = "supplier,office A,office B\nAcme,5,\nBolt,secret,2\n"
    with pytest.raises(NetclusterError):
        open_long(write(tmp_path / "p.csv", text), kind="payments")


def test_firms_and_institutions(tmp_path: Path) -> None:
    text = (
        "firm_id,name,role,nace,region,employees,turnover,lat,lon,founded\n"
        "f1,Acme,Manufacturer,C10,N,12,3.5,52.5,13.4,1999\n"
        'u1,"Uni, North",HES,,N,900,,52.4,13.3,1810\n'
        "b1,Bank,bank,K64,S,x1,7,,,\n"
        "z1,Zed,wizard,,S,3,,,,\n"
    )
    table = firms(write(tmp_path / "f.csv", text))
    frame = table.frame.set_index("id")
    assert frame["kind"].to_dict() == {"f1": "firm", "u1": "institution", "b1": "institution", "z1": "firm"}
    assert frame["role"].to_dict() == {"f1": "manufacturer", "u1": "university", "b1": "bank", "z1": ""}
    assert list(frame.loc["f1", ["industry", "region", "size", "revenue", "label", "founded"]]) == [
        *("C10", "N", 12.0, 3.5, "Acme", "1999"),
    ]
    assert {note.code: note.count for note in table.changes} == {"not_numbers": 1, "unknown_roles": 1}


def test_firm_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "id,role,industry\na,supplier,C\nb,bank,K\na,supplier,C\n")
    assert [note.code for note in firms(path, kind="firms").changes] == ["same_rows"]
    with pytest.raises(NetclusterError, match="'a' stands in the list twice"):
        firms(write(tmp_path / "g.csv", "id,role,industry\na,supplier,C\na,bank,K\n"), kind="firms")


@settings(max_examples=15)
@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 10**7)), min_size=3, max_size=20),
    names=st.sampled_from(
        [("from", "to", "value"), ("supplier", "customer", "sales"), ("src", "dst", "w"), ("i", "j", "weight")]
    ),
    delimiter=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8-sig", "utf-16", "cp1252"]),
)
def test_any_names_and_dialects(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, int, int]],
    names: tuple[str, str, str],
    delimiter: str,
    encoding: str,
) -> None:
    lines = [delimiter.join(names), *(f"Käse {a}{delimiter}Käse {b}{delimiter}{c}" for a, b, c in rows)]
    path = write(tmp_path_factory.mktemp("links") / "l.csv", "\n".join(lines) + "\n", encoding)
    assert plain(links(path)) == [[f"Käse {a}", f"Käse {b}", float(c), "supply"] for a, b, c in rows]


def test_a_list_of_marks_is_no_join() -> None:
    # A join on several threads loses the order of rows: links came in another order on one thread than on two.
    marks = ", ".join(f"'m{k}'" for k in range(40))
    with contextlib.closing(Store()()) as connection:
        connection.execute("CREATE TABLE t AS SELECT 'm1' AS c FROM range(10)")
        plan = connection.execute(f"EXPLAIN SELECT *, trim(c) IN ({marks}) AS missing FROM t").fetchall()
    assert "join" not in str(plan).lower()
