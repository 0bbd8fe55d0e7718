"""Expected networks are worked out by hand from a few rows; properties hold for any list of links."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.network.build import build
from netcluster.network.network import Network
from netcluster.tables.bundle import Bundle
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
from netcluster.tables.iotable import IOTable
from netcluster.tables.links import LinkTable
from netcluster.tables.trade import TradeTable


def links(*rows: tuple[object, ...], unit: str = "EUR") -> LinkTable:
    frame = pd.DataFrame(list(rows), columns=["source", "target", "weight", "layer"])
    return LinkTable(frame.astype({"weight": "float64"}), unit=unit)


def firms(**given: dict[str, object]) -> FirmTable:
    frame = pd.DataFrame([{"id": key, **values} for key, values in given.items()], columns=list(FIRM_COLUMNS))
    text = ["id", "kind", "role", "industry", "region"]
    for column in text:
        frame[column] = [value if isinstance(value, str) else "" for value in frame[column]]
    return FirmTable(frame.astype({"size": "float64", "revenue": "float64"}))


def two_regions() -> IOTable:
    sectors = pd.DataFrame({"region": ["N", "N", "S", "S"], "sector": ["a", "b", "a", "b"]})
    Z = np.array([[0.0, 2, 0, -1], [3, 4, 0, 0], [0, 0, 0, 0], [0, 5, 0, 0]])
    return IOTable.from_arrays(Z, x=[10, 20, 0, 40], sectors=sectors, unit="million EUR", year=2020, source="test")


def notes(network: Network) -> dict[str, int]:
    return {note.code: note.count for note in network.changes}


def test_a_table_becomes_industries_and_the_layer_supply() -> None:
    network = build(two_regions())
    assert network.ids == ("N:a", "N:b", "S:a", "S:b")
    assert network.nodes["size"].tolist() == [10, 20, 0, 40]
    assert set(network.nodes["kind"]) == {"industry"}
    layer = network.layer("supply")
    assert (layer.unit, layer.directed, layer.money, network.year, network.source) == (
        "million EUR",
        True,
        True,
        2020,
        "test",
    )
    # The diagonal stays, the negative flow is set aside and counted, the sector without flows stays.
    assert layer.matrix.toarray().tolist() == [[0, 2, 0, 0], [3, 4, 0, 0], [0, 0, 0, 0], [0, 5, 0, 0]]
    assert notes(network) == {"negative_weights": 1}
    assert "-1 in all" in network.changes[0].text


def test_links_are_cleaned_and_every_step_counted() -> None:
    table = links(
        ("b", "a", 1.0, "supply"),
        ("b", "a", 2.0, "supply"),
        ("a", "b", 0.0, "supply"),
        ("a", "c", -4.0, "supply"),
        ("a", "c", np.nan, "supply"),
        ("a", "c", np.inf, "supply"),
        ("", "c", 1.0, "supply"),
        (None, "c", 1.0, "supply"),
        ("c", "c", 7.0, "supply"),
    )
    network = build(table)
    assert network.ids == ("a", "b", "c")
    assert network.layer().matrix.toarray().tolist() == [[0, 0, 0], [3, 0, 0], [0, 0, 7]]
    assert notes(network) == {
        "blank_ends": 2,
        "unusable_weights": 2,
        "negative_weights": 1,
        "zero_weights": 1,
        "repeated_links": 1,
    }


def test_a_negative_payment_corrects_the_others_of_its_link() -> None:
    # 0.1 + 0.2 − 0.3 leaves 5.6e-17 in floating point, which is no link.
    rows = [("a", "b", 5.0), ("a", "b", -2.0), ("a", "c", 0.1), ("a", "c", 0.2), ("a", "c", -0.3), ("b", "c", -1.0)]
    network = build(links(*[(*row, "supply") for row in rows]))
    assert network.layer().matrix.toarray().tolist() == [[0, 3, 0], [0, 0, 0], [0, 0, 0]]
    assert notes(network) == {"repeated_links": 3, "negative_weights": 1, "zero_weights": 1}


def test_layers_stay_apart_and_undirected_ones_hold_both_directions() -> None:
    network = build(
        links(("a", "b", 1, "supply"), ("a", "b", 2, "project"), ("b", "a", 3, "project"), ("b", "u", 1, "membership"))
    )
    assert list(network.layers) == ["supply", "membership", "project"]
    project = network.layer("project")
    assert not project.directed
    assert project.links == 1
    assert project.matrix.toarray().tolist() == [[0, 5, 0], [5, 0, 0], [0, 0, 0]]
    assert [layer.money for layer in network.layers.values()] == [True, False, False]


def test_firms_carry_roles_and_what_is_not_listed_is_named() -> None:
    people = firms(
        f2={"role": "supplier", "industry": "a", "region": "N", "revenue": 6.0},
        u={"kind": "institution", "role": "university", "region": "N", "size": 900.0},
    )
    network = build(people, links(("f2", "x", 1, "supply"), ("x", "w", 1, "supply"), ("f2", "u", 1, "membership")))
    assert network.ids == ("f2", "u", "w", "x")
    assert network.nodes["kind"].tolist() == ["firm", "institution", "firm", "firm"]
    assert network.nodes["role"].tolist() == ["supplier", "university", "", ""]
    assert network.nodes["size"].tolist()[:2] == [6.0, 900.0]
    note = next(note for note in network.changes if note.code == "unlisted_ends")
    assert note.count == 2
    assert "w, x" in note.text


def test_firms_and_industries_stand_in_one_network_and_their_money_in_two_layers() -> None:
    people = firms(
        f1={"industry": "a", "region": "N", "revenue": 4.0},
        f2={"industry": "N:a", "revenue": 6.0},
        f3={"industry": "b", "region": "S", "revenue": 40.0},
        f4={"industry": "b", "revenue": 1.0},
        f5={"industry": "mining", "region": "S"},
    )
    network = build(Bundle(io=two_regions(), firms=people, links=links(("f1", "f3", 2, "supply"))))
    assert network.n == 9
    assert list(network.layers) == ["supply", "firm_supply"]
    assert network.layer("supply").matrix.sum() == 14
    assert network.layer("firm_supply").matrix.sum() == 2
    # f4 says no region and the table has b twice: it is listed, not guessed.
    assert network.nodes["industry_node"].tolist()[4:] == ["N:a", "N:a", "S:b", "", ""]
    note = next(note for note in network.changes if note.code == "industry_not_in_table")
    assert note.count == 2
    assert "b, mining in S" in note.text


def test_an_id_that_is_a_firm_and_an_industry_is_an_error() -> None:
    with pytest.raises(NetclusterError, match=r"two nodes at once \(first: N:a\)"):
        build(two_regions(), firms(**{"N:a": {}}))


def test_links_may_name_industries() -> None:
    network = build(two_regions(), links(("uni", "S:b", 1, "project")))
    assert network.ids[-1] == "uni"
    assert network.layer("project").matrix[4, 3] == 1


def test_trade_becomes_countries() -> None:
    rows = (
        "VALUES (2019,'FR','DE','1',9.0), (2020,'DE','FR','1',3.0), (2020,'DE','FR','2',4.0), (2020,'FR','US','1',5.0)"
    )
    columns = ("year", "exporter", "importer", "product", "value")
    query = f"SELECT {', '.join(f'col{k} AS {name}' for k, name in enumerate(columns))} FROM ({rows}) t"
    table = TradeTable(query, columns, duckdb.connect, years=(2019, 2020), names={"DE": "Germany"}, unit="USD")
    network = build(table)
    assert network.ids == ("DE", "FR", "US")
    assert network.nodes["label"].tolist() == ["Germany", "FR", "US"]
    assert network.nodes["size"].tolist() == [7, 5, 0]
    assert network.layer().matrix.toarray().tolist() == [[0, 7, 0], [0, 0, 5], [0, 0, 0]]
    assert network.year == 2020
    assert "latest_year" in notes(network)
    with pytest.raises(NetclusterError, match="no importers"):
        build(TradeTable(query, ("exporter", "product", "value"), duckdb.connect))


def test_what_can_not_be_built_is_an_error() -> None:
    with pytest.raises(NetclusterError, match="nothing to build"):
        build()
    with pytest.raises(NetclusterError, match="nothing to build"):
        build(Bundle())
    with pytest.raises(NetclusterError, match="one table, not 2"):
        build(two_regions(), two_regions())
    with pytest.raises(NetclusterError, match="into another"):
        build(build(two_regions()), links(("a", "b", 1, "supply")))
    with pytest.raises(NetclusterError, match="can't be built from a int"):
        build(3)  # type: ignore[arg-type]
    with pytest.raises(NetclusterError, match="come in EUR, USD"):
        build(links(("a", "b", 1, "supply")), links(("a", "b", 1, "supply"), unit="USD"))


def test_a_network_comes_back_as_it_is() -> None:
    network = build(two_regions())
    assert build(network) is network
    assert build(Bundle(io=two_regions(), network=network)) is network


weights = st.one_of(st.integers(-20, 20).map(lambda k: k / 4), st.sampled_from([0.0, np.nan, np.inf, -np.inf]))
rows = st.lists(st.tuples(st.sampled_from(["a", "b", "ç", "", "a b", "=x"]), st.sampled_from(["a", "b", "d"]), weights))


@given(rows)
@settings(max_examples=20)
def test_the_matrix_is_the_sum_of_the_usable_rows(given_rows: list[tuple[str, str, float]]) -> None:
    # Brute force with a dictionary.
    network = build(links(*[(s, t, w, "supply") for s, t, w in given_rows]))
    expected: dict[tuple[str, str], float] = {}
    for source, target, weight in given_rows:
        if source and np.isfinite(weight):
            expected[source, target] = expected.get((source, target), 0.0) + weight
    expected = {link: weight for link, weight in expected.items() if weight > 1e-9}
    if "supply" in network.layers:
        coo = network.layer().matrix.tocoo()
        found = {(network.ids[i], network.ids[j]): w for i, j, w in zip(*coo.coords, coo.data, strict=True)}
        assert found == pytest.approx(expected)
    counted = sum(note.count for note in network.changes)
    assert counted + len(expected) == len(given_rows)


@given(rows, st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_order_of_rows_does_not_matter(given_rows: list[tuple[str, str, float]], random: object) -> None:
    whole = [(s, t, round(w * 4) / 4 if np.isfinite(w) else w, "project") for s, t, w in given_rows]
    mixed = list(whole)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = build(links(*whole)), build(links(*mixed))
    assert one.ids == other.ids
    if whole:
        assert (one.layer("project").matrix != other.layer("project").matrix).nnz == 0
