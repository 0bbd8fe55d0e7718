"""Figures of a network's shape, beside networkx and by hand."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest

from netcluster.reconstruction.sample import Drawn
from netcluster.reconstruction.structure import shape, tail_exponent


def drawn_of(graph: Any) -> Drawn:
    matrix = nx.to_scipy_sparse_array(graph, format="csr")
    matrix.sort_indices()
    return Drawn(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data.astype(float))


def test_reciprocity_and_degrees_are_networkx() -> None:
    graph = nx.gnp_random_graph(80, 0.1, seed=1, directed=True)
    found = shape(drawn_of(graph))
    assert found.reciprocity == pytest.approx(nx.reciprocity(graph))
    assert found.customers.tolist() == [graph.out_degree(i) for i in range(80)]
    assert found.suppliers.tolist() == [graph.in_degree(i) for i in range(80)]


def test_assortativity_and_clustering_are_networkx_where_no_link_goes_both_ways() -> None:
    # networkx on the undirected graph; clustering is estimated, ± 5 standard errors of its 200,000 draws.
    graph = nx.DiGraph((a, b) for a, b in nx.barabasi_albert_graph(300, 4, seed=2).edges)
    graph.add_nodes_from(range(300))
    found = shape(drawn_of(nx.DiGraph(graph.subgraph(sorted(graph)))))
    both = graph.to_undirected()
    assert found.assortativity == pytest.approx(nx.degree_assortativity_coefficient(both))
    exact = nx.transitivity(both)
    assert abs(found.clustering - exact) < 5 * np.sqrt(exact * (1 - exact) / found.clustering_pairs)


def test_clustering_is_networkx_where_many_links_go_both_ways() -> None:
    # Partners that sell to each other are one pair of partners, not four pairs of links.
    graph: Any = nx.DiGraph(nx.relaxed_caveman_graph(30, 8, 0.3, seed=4).edges)
    graph.add_edges_from([(b, a) for a, b in list(graph.edges)[::2]])
    found = shape(drawn_of(nx.DiGraph(graph.subgraph(sorted(graph)))))
    exact = nx.transitivity(graph.to_undirected())
    assert found.reciprocity > 0.5
    assert abs(found.clustering - exact) < 5 * np.sqrt(exact * (1 - exact) / found.clustering_pairs)


def test_a_pareto_tail_has_its_exponent() -> None:
    # By the definition: P(> x) = x^-1.5 has a density of exponent 2.5; Hill's error is (exponent − 1) ÷ √tail.
    values = 1000 * (1 + np.random.default_rng(0).pareto(1.5, 200_000))
    exponent, count = tail_exponent(np.floor(values), whole=True)
    assert abs(exponent - 2.5) < 5 * 1.5 / np.sqrt(count)


def test_too_few_firms_have_no_tail() -> None:
    assert np.isnan(tail_exponent(np.arange(10))[0])
