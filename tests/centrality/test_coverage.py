"""Coverage by institutions, by hand and against networkx's shortest paths."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.centrality import coverage
from netcluster.centrality.reach import institution_mask, relation_layers, ties
from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.network import Layer, Network


def network(
    n: int, institutions: dict[int, str], layers: dict[str, list[tuple[int, int, float]]], **more: Any
) -> Network:
    role = [institutions.get(i, "") for i in range(n)]
    kind = ["institution" if i in institutions else "firm" for i in range(n)]
    blank = {"label": "", "industry": "", "region": "", "size": np.nan}
    nodes = pd.DataFrame({"id": [f"n{i}" for i in range(n)], "kind": kind, "role": role, **{**blank, **more}})
    made = {}
    for name, links in layers.items():
        row, column, weight = zip(*links, strict=True)
        made[name] = Layer(sp.csr_array((np.array(weight, float), (row, column)), shape=(n, n)))
    return Network(nodes, made)


def by_hand() -> Network:
    # Members 0 … 4; 5 is a university, 6 a bank. 0 — 5 (project), 0 — 1 (membership), 3 → 6 (finance), 2 and 4 alone.
    return network(
        7,
        {5: "university", 6: "bank"},
        {"project": [(0, 5, 2.0)], "membership": [(1, 0, 1.0)], "finance": [(6, 3, 9.0), (3, 0, 1.0)]},
        size=[4.0, 3.0, 2.0, 1.0, np.nan, 8.0, 8.0],
    )


def test_links_to_the_next_institution_by_hand() -> None:
    groups = np.array(["a", "a", "a", "b", "b", "a", None], dtype=object)
    result = coverage(by_hand(), groups, layer=("project", "membership"))
    a, b = result.frame.to_dict("records")
    assert (a["group"], a["members"], a["institutions"]) == ("a", 3, 1)
    assert (a["covered"], a["covered_two"]) == pytest.approx((1 / 3, 2 / 3))
    assert (a["covered_size"], a["institution_distance"], a["unreached"]) == pytest.approx((4 / 9, 1.5, 1))
    assert (b["covered"], b["unreached"]) == (0, 2)
    assert np.isnan(b["institution_distance"])
    assert {note.code for note in result.notes} == {"no_share", "no_group"}
    assert [finding.subject for finding in result.findings] == ["b"]


def test_one_layer_tells_the_share_traded_with_institutions() -> None:
    # Of finance, a's member 0 trades 1 with 3; b's 3 trades 9 with the bank and 1 with 0.
    frame = coverage(by_hand(), ["a", "a", "a", "b", "b", "a", "a"], layer="finance").frame
    assert frame["institution_share"].tolist() == pytest.approx([0.0, 0.9])


def test_roles_count_only_what_is_asked_for() -> None:
    frame = coverage(by_hand(), layer=("project", "finance"), roles=["bank"]).frame
    assert frame["institutions"].tolist() == [1]
    # 3 has the bank, 0 is two links away, over 3.
    assert frame[["covered", "covered_two"]].to_numpy().ravel() == pytest.approx([1 / 5, 2 / 5])
    with pytest.raises(NetclusterError, match="No institution has the role association"):
        coverage(by_hand(), roles=["association"])


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_distances_are_those_of_networkx(seed: int) -> None:
    rng = np.random.default_rng(seed)
    links = [(int(i), int(j), 1.0) for i, j in rng.integers(0, 14, (12, 2))]
    net = network(14, {0: "university", 1: "bank"}, {"project": links[:6], "membership": links[6:]})
    graph = nx.Graph([(i, j) for i, j, _ in links])
    graph.add_nodes_from(range(14))
    far = nx.multi_source_dijkstra_path_length(graph, {0, 1}, weight=None)
    expected = [far.get(i, np.inf) for i in range(2, 14)]
    (row,) = coverage(net, layer=("project", "membership")).frame.to_dict("records")
    assert row["covered"] == pytest.approx(np.mean([d <= 1 for d in expected]))
    assert row["covered_two"] == pytest.approx(np.mean([d <= 2 for d in expected]))
    assert row["unreached"] == sum(np.isinf(expected))
    finite = [d for d in expected if np.isfinite(d)]
    assert row["institution_distance"] == pytest.approx(np.mean(finite) if finite else np.nan, nan_ok=True)


def test_layers_are_laid_over_one_another_and_never_added() -> None:
    net = network(3, {2: "bank"}, {"project": [(0, 2, 5.0), (1, 1, 3.0)], "labour": [(2, 0, 7.0), (0, 2, 1.0)]})
    assert ties(net, ("project", "labour")).toarray().tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]


def test_without_relations_every_layer_that_touches_an_institution_counts() -> None:
    net = network(3, {2: "government"}, {"supply": [(0, 2, 5.0)], "ownership": [(0, 1, 1.0)]})
    assert relation_layers(net, None) == ("supply",)
    assert relation_layers(by_hand(), None) == ("project",)
    assert coverage(net).frame["covered"].tolist() == [0.5]


def test_proxies_are_institutions_and_their_absence_is_said() -> None:
    role = ["", "university", "service_provider"]
    net = network(3, {}, {"supply": [(0, 1, 5.0)]}, proxy=[False, True, True], role=role)
    assert institution_mask(net).tolist() == [False, True, False]
    with pytest.raises(NetclusterError, match="no institutions"):
        coverage(network(2, {}, {"supply": [(0, 1, 5.0)]}))
    with pytest.raises(NetclusterError, match="No link of the network touches"):
        coverage(network(3, {2: "bank"}, {"supply": [(0, 1, 5.0)]}))
    with pytest.raises(NetclusterError, match="no layer 'patent'"):
        coverage(by_hand(), layer="patent")
    with pytest.raises(NetclusterError, match="2 group labels"):
        coverage(by_hand(), ["a", "b"])


def test_measures_are_explained() -> None:
    assert set(coverage(by_hand()).measures) <= set(all_measures())
