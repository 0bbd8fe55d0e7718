"""Centralities against hand counts, and against networkx, an implementation of its own."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from netcluster.centrality import betweenness, closeness, degrees, node_centrality, pagerank, shortest, strengths
from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.graph import betweenness as paths_through
from netcluster.network.network import Layer, Network


def network(matrix: Any) -> Network:
    n = matrix.shape[0]
    ids = [f"n{i}" for i in range(n)]
    blank = {"role": "", "label": ids, "industry": ids, "region": "", "size": np.nan}
    nodes = pd.DataFrame({"id": ids, "kind": "industry", **blank})
    return Network(nodes, {"supply": Layer(sp.csr_array(matrix), money=True)})


def random_matrix(seed: int, n: int = 12) -> Any:
    rng = np.random.default_rng(seed)
    dense = rng.lognormal(size=(n, n)) * (rng.random((n, n)) < 0.3)
    return sp.csr_array(dense)


CHAIN = np.array([[0.0, 4.0, 0.0], [0.0, 7.0, 2.0], [0.0, 0.0, 0.0]])


def test_chain_with_a_loop_by_hand() -> None:
    frame = node_centrality(network(CHAIN)).frame
    assert frame.columns[:5].tolist() == ["node", "strength_in", "strength_out", "pagerank", "betweenness"]
    assert frame["strength_in"].tolist() == [0, 11, 2]
    assert frame["strength_out"].tolist() == [4, 9, 0]
    assert frame["degree_in"].tolist() == [0, 1, 1]
    assert frame["degree_out"].tolist() == [1, 1, 0]
    # One of the (3 − 1)(3 − 2) = 2 ordered pairs of others, 0 → 2, passes 1; the loop changes nothing.
    assert frame["betweenness"].tolist() == [0, 0.5, 0]


def test_strong_links_are_short() -> None:
    # 0 → 2 directly is 1/1 = 1 long, by way of 1 it is 1/4 + 1/4 = 1/2.
    matrix = np.array([[0.0, 4.0, 1.0], [0.0, 0.0, 4.0], [0.0, 0.0, 0.0]])
    assert node_centrality(network(matrix)).frame["betweenness"].tolist() == [0, 0.5, 0]


@given(st.integers(0, 10_000))
def test_pagerank_is_that_of_networkx(seed: int) -> None:
    matrix = random_matrix(seed)
    graph = nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph)
    expected = nx.pagerank(graph, alpha=0.85, tol=1e-13, max_iter=1000)
    assert pagerank(matrix) == pytest.approx([expected[i] for i in range(12)], abs=1e-9)


@given(st.integers(0, 10_000))
def test_betweenness_is_that_of_networkx(seed: int) -> None:
    matrix = random_matrix(seed)
    graph = nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph)
    for _, _, data in graph.edges(data=True):
        data["length"] = 1 / data["weight"]
    expected = nx.betweenness_centrality(graph, weight="length", normalized=True, endpoints=False)
    assert betweenness(matrix).values == pytest.approx([expected[i] for i in range(12)], abs=1e-12)


@given(st.integers(0, 10_000))
def test_ways_from_some_nodes_are_those_igraph_counts(seed: int) -> None:
    # Whole weights give many ways of one length; igraph counts them with another algorithm.
    matrix = random_matrix(seed, 30)
    matrix = sp.csr_array((np.ceil(2 * matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
    some = np.arange(0, 30, 4)
    assert shortest._through(matrix, [some])[0] == pytest.approx(paths_through(matrix, sources=some), abs=1e-12)


@given(st.integers(0, 10_000))
def test_scale_does_not_matter(seed: int) -> None:
    matrix = random_matrix(seed)
    assert pagerank(matrix * 1024.0) == pytest.approx(pagerank(matrix), abs=1e-9)
    assert betweenness(matrix * 1024.0).values == pytest.approx(betweenness(matrix).values)


def test_sample_covers_the_exact_value_within_its_error() -> None:
    rng = np.random.default_rng(3)
    matrix = sp.csr_array(rng.lognormal(size=(200, 200)) * (rng.random((200, 200)) < 0.05))
    exact, sampled = betweenness(matrix).values, betweenness(matrix, starts=80, seed=1)
    assert sampled.starts == 80
    # Seven degrees of freedom: fewer than 1 in 500 lies beyond 5 standard errors; nodes hardly any way
    # passes are left out, where the spread of few parts is no normal law.
    there = exact > 0.005
    assert there.sum() > 40
    beyond = np.abs(sampled.values - exact)[there] > 5 * sampled.error[there]
    assert beyond.mean() < 0.02
    assert np.corrcoef(sampled.values, exact)[0, 1] > 0.95


@given(st.integers(0, 10_000))
def test_closeness_is_that_of_networkx(seed: int) -> None:
    matrix = random_matrix(seed)
    graph = nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph)
    for _, _, data in graph.edges(data=True):
        data["length"] = 1 / data["weight"]
    # networkx measures the ways in; those out are the ways in of the graph turned round.
    expected = nx.closeness_centrality(graph.reverse(), distance="length", wf_improved=False)
    wanted = [expected[i] if expected[i] > 0 else np.nan for i in range(12)]
    assert closeness(matrix).values == pytest.approx(wanted, nan_ok=True)
    # To 11 of 12 nodes, the sampled mean leaves out one way at most.
    some = closeness(matrix, ends=11, seed=seed)
    both = np.isfinite(some.values)
    assert (both <= np.isfinite(closeness(matrix).values)).all()


def test_sampled_closeness_covers_the_exact_value_within_its_error() -> None:
    rng = np.random.default_rng(4)
    matrix = sp.csr_array(rng.lognormal(size=(300, 300)) * (rng.random((300, 300)) < 0.05))
    exact, sampled = closeness(matrix).values, closeness(matrix, ends=60, seed=2)
    assert sampled.ends == 60
    # Ways to the same ends: the errors of nodes go together, so that the bound is on the mean and a wide one on each.
    off = (sampled.values - exact) / sampled.error
    assert np.nanmax(np.abs(off)) < 6
    assert np.corrcoef(sampled.values, exact)[0, 1] > 0.95
    assert closeness(matrix, ends=60, seed=2).values.tobytes() == sampled.values.tobytes()


def test_what_is_sampled_is_said() -> None:
    result = node_centrality(network(random_matrix(2)), sample=5, more=True)
    assert {"betweenness_sampled", "closeness_sampled"} <= {note.code for note in result.notes}


def test_sample_of_every_node_is_exact_and_seeded() -> None:
    matrix = random_matrix(5)
    assert betweenness(matrix, starts=12).values.tolist() == betweenness(matrix).values.tolist()
    one, two = betweenness(matrix, starts=5, seed=4), betweenness(matrix, starts=5, seed=4)
    assert one.values.tobytes() == two.values.tobytes()
    assert betweenness(matrix, starts=5, seed=5).values.tobytes() != one.values.tobytes()


def test_a_node_without_links_is_empty_and_said() -> None:
    result = node_centrality(network(np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])))
    assert result.frame["pagerank"].isna().tolist() == [False, False, True]
    assert result.frame["strength_in"].tolist() == [1, 1, 0]
    assert "no_links" in {note.code for note in result.notes}


def test_a_broker_is_found() -> None:
    # A star whose hub handles all trade: every pair of leaves goes through it.
    star = np.zeros((5, 5))
    star[0, 1:] = star[1:, 0] = 1.0
    (finding,) = node_centrality(network(star)).findings
    assert (finding.code, finding.subject, finding.value, finding.severity) == ("between", "n0", 1.0, "low")
    assert "100%" in finding.sentence


def test_one_node_and_no_links() -> None:
    frame = node_centrality(network(np.array([[3.0]]))).frame
    assert frame["pagerank"].tolist() == [1.0]
    assert node_centrality(network(np.zeros((2, 2)))).frame["pagerank"].isna().all()


def test_unknown_layer_and_damping_are_errors() -> None:
    with pytest.raises(NetclusterError, match="no layer 'patent'"):
        node_centrality(network(CHAIN), layer="patent")
    with pytest.raises(NetclusterError, match="damping"):
        pagerank(sp.csr_array(CHAIN), damping=1.0)


def test_every_measure_is_explained() -> None:
    result = node_centrality(network(CHAIN))
    assert set(result.measures) <= set(all_measures())
    assert set(result.frame.columns) - set(result.measures) == {"node", "label"}


def test_strengths_and_degrees_of_an_empty_matrix() -> None:
    empty = sp.csr_array((2, 2))
    assert strengths(empty)[0].tolist() == [0, 0]
    assert degrees(empty)[1].tolist() == [0, 0]
