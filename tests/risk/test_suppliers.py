"""Suppliers: small networks counted by hand, and brute force."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.network import Layer, Network
from netcluster.risk import suppliers


def network(w: Any, industry: list[str], region: list[str] | str = "") -> Network:
    ids = [f"n{i}" for i in range(len(w))]
    blank = {"kind": "firm", "role": "", "label": "", "size": np.nan}
    nodes = pd.DataFrame({"id": ids, "industry": industry, "region": region, **blank})
    return Network(nodes, {"supply": Layer(sp.csr_array(np.asarray(w, dtype=float)), money=True)})


# n0 and n1 grow grain, n2 mills it (from n0 only), n3 mills too (from both), n4 bakes with flour of n2, 3 and 1.
MILLS = np.zeros((5, 5))
for i, j, amount in [(0, 2, 8), (0, 3, 6), (1, 3, 2), (2, 4, 3), (3, 4, 1), (1, 4, 4)]:
    MILLS[i, j] = amount
ONES = sp.csr_array(np.ones((4, 4)))
NET = network(MILLS, ["grain", "grain", "flour", "flour", "bread"], ["N", "S", "S", "S", "S"])


def test_counts_by_hand() -> None:
    frame = suppliers(NET).frame
    columns = ["suppliers", "largest_share", "largest", "substitutes", "substitutes_near", "input_share"]

    def row(buyer: str, goods: str) -> list[object]:
        return list(frame[(frame["buyer"] == buyer) & (frame["input"] == goods)][columns].iloc[0])

    assert row("n2", "grain") == [1, 1.0, "n0", 1, 1, 1.0]
    assert row("n3", "grain") == [2, 0.75, "n0", 0, 0, 1.0]
    assert row("n4", "flour") == [2, 0.75, "n2", 0, 0, 0.5]
    assert row("n4", "grain") == [1, 1.0, "n1", 1, 0, 0.5]
    assert not frame["bridge"].any()


def test_how_near_and_how_soon_by_hand() -> None:
    # n2 buys 8 of grain from n0; the other grower n1 sells 6 in all: 0.75 of it. n4 buys 4 of grain from n1, n0
    # sells 14. n4 has two millers and n3 both growers: another is at hand at once.
    frame = suppliers(NET, switch_days=40, stock_days=10).frame.set_index(["buyer", "input"])
    assert frame.loc[("n2", "grain"), "substitute_sales"] == pytest.approx(6 / 8)
    assert frame.loc[("n4", "grain"), "substitute_sales"] == pytest.approx(14 / 4)
    assert frame["days_without"].to_dict() == {
        ("n2", "grain"): 30.0,
        ("n3", "grain"): 0.0,
        ("n4", "grain"): 30.0,
        ("n4", "flour"): 0.0,
    }
    assert frame["substitute_distance"].isna().all()


def test_distance_to_the_nearest_other_seller() -> None:
    # Along the equator a degree is 111.195 km: n2 at 0 is supplied by n0 at 1; the other grower is at 3 degrees.
    placed = Network(NET.nodes.assign(lat=0.0, lon=[1.0, 3.0, 0.0, np.nan, 2.0]), {"supply": NET.layer("supply")})
    frame = suppliers(placed).frame.set_index(["buyer", "input"])
    assert frame.loc[("n2", "grain"), "substitute_distance"] == pytest.approx(3 * 111.195, rel=1e-4)
    assert frame.loc[("n4", "grain"), "substitute_distance"] == pytest.approx(111.195, rel=1e-4)
    assert frame["substitute_distance"].isna()[("n3", "grain")]


def test_time_without_an_only_seller_has_no_end() -> None:
    w = np.zeros((2, 2))
    w[0, 1] = 1.0
    assert suppliers(network(w, ["gas", "x"])).frame["days_without"].tolist() == [np.inf]
    with pytest.raises(NetclusterError, match="below zero"):
        suppliers(NET, switch_days=-1)


def test_small_buyers_are_counted_not_told() -> None:
    result = suppliers(NET, min_share=0.9)
    assert not [finding for finding in result.findings if finding.code == "single_source"]
    assert {note.code: note.count for note in result.notes}["small_buyers"] == 2


def test_single_source_is_told() -> None:
    found = {finding.subject: finding for finding in suppliers(NET).findings if finding.code == "single_source"}
    assert sorted(found) == ["n2", "n4"]
    assert found["n2"].sentence == (
        "All grain that n2 buys comes from n0: 100% of its purchases; 1 more sells it, 1 in its region."
    )


def test_the_only_seller_of_an_input_is_told() -> None:
    # n0 alone sells gas, to all the others.
    w = np.zeros((4, 4))
    w[0, 1], w[0, 2], w[0, 3], w[1, 2] = 1.0, 2.0, 3.0, 4.0
    findings = suppliers(network(w, ["gas", "x", "x", "y"])).findings
    (found,) = [one for one in findings if one.code == "sole_seller" and one.subject == "gas"]
    # Larger of sales and purchases: n0 6, n1 4, n2 6, n3 3 of 19; the buyers make 13.
    assert found.value == pytest.approx(13 / 19)
    assert found.sentence.startswith("n0 is the only seller of gas: 3 buyers with 68% of all trade")


def test_bridge_and_cut_point() -> None:
    # Two triangles held together by 2 → 3.
    w = np.zeros((6, 6))
    for i, j in [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3)]:
        w[i, j] = 1.0
    result = suppliers(network(w, list("abcdef")))
    rows = result.frame[result.frame["bridge"]]
    assert rows[["buyer", "largest"]].to_numpy().tolist() == [["n3", "n2"]]
    cuts = {finding.subject: finding.value for finding in result.findings if finding.code == "cut_point"}
    # Without n2, two of six nodes fall off the other three; without n3 likewise.
    assert cuts == {"n2": 2 / 6, "n3": 2 / 6}


def test_nobody_stands_in_for_itself() -> None:
    # n1 buys grain and sells grain too: it is no substitute for its own supplier.
    w = np.zeros((3, 3))
    w[0, 1] = w[1, 2] = 1.0
    frame = suppliers(network(w, ["grain", "grain", "bread"])).frame
    assert frame["substitutes"].tolist() == [0, 1]


@given(st.integers(0, 10_000))
def test_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 9
    w = rng.lognormal(size=(n, n)) * (rng.random((n, n)) < 0.2)
    w[0, 1] = 1.0
    industry = [str(k) for k in rng.integers(0, 3, n)]
    frame = suppliers(network(w, industry)).frame
    graph = nx.Graph([(i, j) for i in range(n) for j in range(n) if w[i, j] and i != j])
    bridges: set[Any] = {frozenset(edge) for edge in list[Any](nx.bridges(graph))}
    np.fill_diagonal(w, 0.0)
    sellers = {i for i in range(n) if w[i].any()}
    rows = iter(frame.itertuples(index=False))
    for j in range(n):
        for k in [key for key in dict.fromkeys(industry) if w[[g == key for g in industry], j].any()]:
            row: Any = next(rows)
            mine = [i for i in range(n) if industry[i] == k and w[i, j]]
            largest = max(mine, key=lambda i: w[i, j])
            others = [i for i in sellers if industry[i] == k and i not in mine and i != j]
            assert (row.buyer, row.input, row.suppliers) == (f"n{j}", k, len(mine))
            assert row.largest_share == pytest.approx(w[largest, j] / w[mine, j].sum())
            assert row.substitutes == len(others)
            assert row.bridge == (frozenset((largest, j)) in bridges)
    assert next(rows, None) is None


def test_no_industries_is_said_and_no_links_refused() -> None:
    assert suppliers(network(MILLS, [""] * 5)).notes[0].code == "no_industry"
    with pytest.raises(NetclusterError, match="no links"):
        suppliers(network(np.zeros((2, 2)), ["a", "b"]))


def test_industries_of_one_economy_are_no_suppliers_but_those_of_several_are() -> None:
    goods = ["grain", "flour", "grain", "flour"]
    two = Network(network(np.ones((4, 4)), goods).nodes.assign(kind="industry"), {"supply": Layer(ONES)})
    assert suppliers(two).frame["suppliers"].tolist() == [1, 2, 2, 1, 1, 2, 2, 1]
    one = Network(two.nodes.assign(industry=list("abcd")), two.layers)
    with pytest.raises(NetclusterError, match="industries of one economy"):
        suppliers(one)


def test_without_substitutes_nothing_is_left_over_by_rounding() -> None:
    # Tenths do not add up to themselves: 0.1 + 0.2 + 0.3 is 0.6 and a rounding.
    matrix = np.zeros((4, 4))
    matrix[:3, 3] = 0.1, 0.2, 0.3
    assert suppliers(network(matrix, ["grain", "grain", "grain", "flour"])).frame["substitute_sales"].tolist() == [0.0]


def test_every_measure_is_explained() -> None:
    result = suppliers(NET)
    assert set(result.measures) <= set(all_measures())
    assert set(result.frame.columns) - set(result.measures) == {"buyer", "input", "largest"}
    first = ["buyer", "input", "suppliers", "largest_share", "bridge", "substitutes"]
    assert result.frame.columns[:6].tolist() == first
