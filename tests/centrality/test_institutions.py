"""Institutions and suggestions against brute force: take the node out, put the tie in, and count again."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.centrality import institutions, suggestions
from netcluster.centrality.institutions import without_each
from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.network import Layer, Network

N = 16
ROLES = ["university", "university", "research"]


def case(seed: int, links: int = 18) -> tuple[Network, Any]:
    rng = np.random.default_rng(seed)
    ends = [(int(i), int(j)) for i, j in rng.integers(0, N, (links, 2)) if i != j]
    blank = {"label": "", "industry": ""}
    nodes = pd.DataFrame(
        {
            "id": [f"n{i:02d}" for i in range(N)],
            "kind": ["institution"] * 3 + ["firm"] * (N - 3),
            "role": ROLES + [""] * (N - 3),
            "region": rng.choice(["east", "west"], N),
            "size": rng.integers(1, 9, N).astype(float),
            **blank,
        }
    )
    matrix = sp.csr_array((np.ones(len(ends)), tuple(zip(*ends, strict=True))), shape=(N, N))
    graph = nx.Graph(ends)
    graph.add_nodes_from(range(N))
    return Network(nodes, {"project": Layer(matrix)}), graph


def near(graph: Any, sources: list[int]) -> set[int]:
    """Return the members within two links of a source by way of a member."""
    kept = graph.subgraph([node for node in graph if node > 2 or node in sources])
    far = nx.multi_source_dijkstra_path_length(kept, set(sources), weight=None)
    return {node for node, d in far.items() if d <= 2 and node > 2}


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_removal_is_what_is_lost_without_the_node(seed: int) -> None:
    net, graph = case(seed)
    frame = institutions(net).frame.set_index("node")
    for i in range(3):
        row, ties = frame.loc[f"n{i:02d}"], set(graph[i])
        assert row["reach"] == len({node for node in ties if node > 2})
        assert row["reach_two"] == len(near(graph, [i]))
        others = [j for j in range(3) if j != i]
        without = graph.subgraph([node for node in graph if node != i])
        assert row["sole_reach"] == len({node for node in ties if node > 2 and not set(graph[node]) & set(others)})
        assert row["sole_reach_two"] == len(near(graph, [0, 1, 2]) - near(graph, others))
        before, after = nx.number_connected_components(graph), nx.number_connected_components(without)
        assert row["pieces"] == max(after - before, 0)
        regions = net.nodes["region"].to_numpy()
        assert row["groups_reached"] == len({regions[node] for node in ties if node > 2})


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_pieces_and_pairs_cut_of_every_node(seed: int) -> None:
    net, graph = case(seed, 14)
    matrix = net.layer("project").matrix
    pattern = sp.csr_array((matrix + matrix.T) > 0).astype(np.float32)
    pieces, cut = without_each(pattern)
    for node in range(N):
        rest = graph.subgraph([other for other in graph if other != node])
        pairs = [pair for pair in combinations(rest, 2) if nx.has_path(graph, *pair)]
        lost = [pair for pair in pairs if not nx.has_path(rest, *pair)]
        assert cut[node] == pytest.approx(len(lost) / len(pairs) if pairs else 0)
        more = nx.number_connected_components(rest) - nx.number_connected_components(graph)
        assert pieces[node] == max(more, 0)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_a_suggestion_is_the_tie_of_most_gain_by_putting_in_each(seed: int) -> None:
    net, graph = case(seed)
    frame = suggestions(net, top=3).frame
    for row in frame.itertuples():
        firm, institution = int(str(row.firm)[1:]), int(str(row.institution)[1:])
        gains = []
        for role in ("university", "research"):
            sources = [i for i in range(3) if ROLES[i] == role]
            for f in range(3, N):
                more = graph.copy()
                more.add_edge(f, sources[0])
                gains.append(len(near(more, sources) - near(graph, sources)))
        assert row.gain == max(gains)
        sources = [i for i in range(3) if ROLES[i] == row.role]
        before = near(graph, sources)
        graph.add_edge(firm, institution)
        brought = near(graph, sources) - before
        assert row.gain == len(brought)
        sizes = net.nodes["size"].to_numpy()
        assert row.gain_size == pytest.approx(sum(sizes[node] for node in brought) / sizes[3:].sum())


def test_the_institution_named_knows_the_group_best() -> None:
    # n03 and its partner n04 have no research or university; n00 has two ties in the west, where n03 is, n01 one.
    blank = {"label": "", "industry": "", "size": 1.0}
    nodes = pd.DataFrame(
        {
            "id": [f"n{i}" for i in range(8)],
            "kind": ["institution"] * 2 + ["firm"] * 6,
            "role": ["university"] * 2 + [""] * 6,
            "region": ["east", "west", *["west"] * 6],
            **blank,
        }
    )
    ends = [(3, 4), (0, 5), (0, 6), (1, 7), (2, 5)]
    matrix = sp.csr_array((np.ones(5), tuple(zip(*ends, strict=True))), shape=(8, 8))
    net = Network(nodes, {"project": Layer(matrix)})
    (row,) = suggestions(net).frame.to_dict("records")
    assert (row["firm"], row["institution"], row["gain"], row["group_ties"]) == ("n3", "n0", 2, 2)
    assert row["reason"] == (
        "n3 and 1 of its 1 partners have no university within two links; n0 has 2 ties in “west” already."
    )
    # Within one link each is brought near alone.
    assert suggestions(net, within=1, top=9).frame["gain"].tolist() == [1, 1, 1]


def test_nothing_to_suggest_is_said_and_bad_requests_are_errors() -> None:
    net, _ = case(0, 150)
    result = suggestions(net)
    assert len(result) == 0
    assert "all_near" in {note.code for note in result.notes}
    with pytest.raises(NetclusterError, match="Within 3 links"):
        suggestions(net, within=3)
    with pytest.raises(NetclusterError, match="role 'bank'"):
        suggestions(net, roles=["bank"])
    with pytest.raises(NetclusterError, match="suggestions are none"):
        suggestions(net, top=0)


def test_an_institution_on_which_many_hang_is_found_and_measures_are_explained() -> None:
    net, _ = case(1)
    result = institutions(net)
    assert set(result.measures) | set(suggestions(net).measures) <= set(all_measures())
    expected = set(result.frame.loc[result.frame["sole_share"] >= 0.1, "node"])
    assert {finding.subject for finding in result.findings} == expected
