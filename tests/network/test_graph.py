"""Expected values: clusters.md §0 oracles (recomputed by hand below), networkx, or brute force; each test says which."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.network import graph as ig
from netcluster.network.transform import undirected


def two_triangles() -> sp.csr_array:
    """Oracle A: two directed 3-cycles of weight 3 and one link 2 → 3 of weight 1; W = 19."""
    dense = np.zeros((6, 6))
    for i, j in [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]:
        dense[i, j] = 3.0
    dense[2, 3] = 1.0
    return sp.csr_array(dense)


def two_loops() -> sp.csr_array:
    """Oracle B: two nodes with loops of 10 and links of 1 both ways."""
    return sp.csr_array(np.array([[10.0, 1.0], [1.0, 10.0]]))


def random_matrix(n: int, seed: int, density: float = 0.4) -> sp.csr_array:
    rng = np.random.default_rng(seed)
    return sp.csr_array(np.where(rng.random((n, n)) < density, rng.integers(1, 9, (n, n)), 0).astype(float))


def modularity_by_hand(dense: np.ndarray, labels: np.ndarray) -> float:
    """Leicht and Newman's directed modularity, straight from its definition."""
    same = labels[:, None] == labels[None, :]
    expected = np.outer(dense.sum(axis=1), dense.sum(axis=0)) / dense.sum()
    return float(((dense - expected) * same).sum() / dense.sum())


def partitions(n: int) -> Iterator[np.ndarray]:
    for labels in itertools.product(range(n), repeat=n):
        if all(label <= max(labels[:k], default=-1) + 1 for k, label in enumerate(labels)):
            yield np.array(labels)


def test_oracle_a_the_directed_modularity_is_exact() -> None:
    # 18/19 − (9·10 + 10·9)/19² = 0.448753; out × out would give 0.445983.
    labels = ig.leiden(two_triangles())
    assert labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert ig.modularity(two_triangles(), labels) == pytest.approx(18 / 19 - 180 / 361, abs=1e-12)


def test_oracle_b_directed_loops_hold_the_two_nodes_apart() -> None:
    # 20/22 − 2 · (11/22)² = 0.409091
    labels = ig.leiden(two_loops())
    assert labels.tolist() == [0, 1]
    assert ig.modularity(two_loops(), labels) == pytest.approx(20 / 22 - 0.5, abs=1e-12)


def test_oracle_b_undirected_loops_hold_the_two_nodes_apart() -> None:
    # Two loops of 10 and one link of 1: 20/21 − 2 · (1/2)² = 0.452381
    labels = ig.leiden(two_loops(), directed=False)
    assert labels.tolist() == [0, 1]
    assert ig.modularity(two_loops(), labels, directed=False) == pytest.approx(20 / 21 - 0.5, abs=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_leiden_finds_the_best_of_all_partitions_of_five_nodes(seed: int) -> None:
    # Brute force over the 52 partitions of 5 nodes; loops and directions count.
    matrix = random_matrix(5, seed)
    best = max(modularity_by_hand(matrix.toarray(), labels) for labels in partitions(5))
    found = max(modularity_by_hand(matrix.toarray(), ig.leiden(matrix, seed=draw)) for draw in range(5))
    assert found == pytest.approx(best, abs=1e-12)


@given(st.integers(0, 10_000), st.integers(2, 9))
def test_modularity_is_that_of_the_definition_and_0_for_one_community(seed: int, n: int) -> None:
    matrix = random_matrix(n, seed)
    labels = np.random.default_rng(seed).integers(0, 3, n)
    if matrix.nnz:
        assert ig.modularity(matrix, labels) == pytest.approx(modularity_by_hand(matrix.toarray(), labels), abs=1e-12)
        assert ig.modularity(matrix, np.zeros(n, dtype=int)) == pytest.approx(0.0, abs=1e-12)


def test_a_higher_resolution_gives_more_communities() -> None:
    counts = [ig.leiden(random_matrix(40, 1), resolution=g).max() + 1 for g in (0.25, 1.0, 4.0)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_the_same_seed_gives_the_same_answer_on_any_number_of_threads() -> None:
    matrix = random_matrix(60, 3)
    graph = ig.graph_of(matrix)
    alone = [ig.leiden(matrix, seed=seed).tolist() for seed in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = [labels.tolist() for labels in pool.map(lambda seed: ig.leiden(graph, seed=seed), range(12))]
    assert alone == together


def test_no_links_leaves_each_node_alone() -> None:
    empty = sp.csr_array((3, 3))
    assert ig.leiden(empty).tolist() == [0, 1, 2]
    assert ig.infomap(empty).tolist() == [0, 1, 2]
    assert np.isnan(ig.modularity(empty, [0, 1, 2]))
    assert ig.pagerank(empty).tolist() == pytest.approx([1 / 3] * 3)
    assert ig.betweenness(empty).tolist() == [0, 0, 0]
    assert ig.components(empty).tolist() == [0, 1, 2]


@pytest.mark.parametrize("method", [ig.leiden, ig.louvain, ig.infomap, ig.label_propagation])
def test_every_method_splits_two_triangles(method: Callable[..., np.ndarray]) -> None:
    assert method(two_triangles()).tolist() == [0, 0, 0, 1, 1, 1]


def test_louvain_adds_the_two_directions() -> None:
    matrix = random_matrix(30, 4)
    assert ig.louvain(matrix, seed=2).tolist() == ig.louvain(undirected(matrix), directed=False, seed=2).tolist()
    assert ig.louvain(matrix, seed=2).tolist() == ig.louvain(ig.graph_of(matrix), seed=2).tolist()


@pytest.mark.parametrize("seed", range(4))
def test_centralities_are_those_of_networkx(seed: int) -> None:
    matrix = random_matrix(12, seed, 0.3)
    peer = nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph)
    for *_, data in peer.edges(data=True):
        data["length"] = 1 / data["weight"]
    pagerank = nx.pagerank(peer, alpha=0.85, tol=1e-13, max_iter=1000)
    assert ig.pagerank(matrix) == pytest.approx([pagerank[k] for k in range(12)], abs=1e-9)
    between = nx.betweenness_centrality(peer, weight="length")
    assert ig.betweenness(matrix) == pytest.approx([between[k] for k in range(12)], abs=1e-9)
    peer.remove_edges_from(nx.selfloop_edges(peer))
    core = nx.core_number(peer)
    assert ig.coreness(matrix).tolist() == [core[k] for k in range(12)]
    strong = {frozenset(part) for part in nx.strongly_connected_components(peer)}
    labels = ig.components(matrix, strong=True)
    assert {frozenset(np.flatnonzero(labels == c).tolist()) for c in set(labels)} == strong
    simple: Any = nx.Graph(peer)
    assert ig.cut_points(matrix).tolist() == sorted(nx.articulation_points(simple))


def test_harmonic_closeness_is_that_of_networkx() -> None:
    matrix = random_matrix(10, 7, 0.3)
    peer = nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph).reverse()
    for *_, data in peer.edges(data=True):
        data["length"] = 1 / data["weight"]
    expected = nx.harmonic_centrality(peer, distance="length")
    assert ig.closeness(matrix, harmonic=True) == pytest.approx([expected[k] / 9 for k in range(10)], abs=1e-9)


def test_betweenness_from_all_sources_is_the_whole_and_scales() -> None:
    matrix = random_matrix(12, 5, 0.3)
    assert ig.betweenness(matrix, sources=range(12)) == pytest.approx(ig.betweenness(matrix), abs=1e-12)
    parts = [ig.betweenness(matrix, sources=[k], normalised=False) / 12 for k in range(12)]
    assert sum(parts) == pytest.approx(ig.betweenness(matrix, normalised=False), abs=1e-9)


def test_hits_and_eigenvector_are_the_leading_vectors() -> None:
    # numpy's eigenvectors of W Wᵀ, WᵀW and Wᵀ, scaled to a largest entry of 1.
    matrix = random_matrix(8, 6, 0.7)
    dense = matrix.toarray()

    def leading(square: np.ndarray) -> np.ndarray:
        values, vectors = np.linalg.eig(square)
        vector = np.abs(vectors[:, np.argmax(values.real)].real)
        return np.asarray(vector / vector.max())

    hubs, authorities = ig.hits(matrix)
    assert hubs == pytest.approx(leading(dense @ dense.T), abs=1e-8)
    assert authorities == pytest.approx(leading(dense.T @ dense), abs=1e-8)
    assert ig.eigenvector(matrix) == pytest.approx(leading(dense.T), abs=1e-8)


def test_to_igraph_carries_the_weights() -> None:
    graph = ig.to_igraph(two_triangles())
    assert graph.vcount() == 6
    assert dict(zip(graph.get_edgelist(), graph.es["weight"], strict=True))[(2, 3)] == 1.0
    again = ig.to_igraph(two_loops(), directed=False)
    assert sorted(zip(again.get_edgelist(), again.es["weight"], strict=True)) == [
        ((0, 0), 10.0),
        ((0, 1), 1.0),
        ((1, 1), 10.0),
    ]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_a_weight_that_is_no_positive_number_never_reaches_igraph(bad: float) -> None:
    matrix = two_triangles()
    matrix.data[0] = bad
    with pytest.raises(NetclusterError, match="weight"):
        ig.leiden(matrix)


def test_a_layer_called_undirected_must_be_symmetric() -> None:
    with pytest.raises(NetclusterError, match="both directions"):
        ig.leiden(two_triangles(), directed=False)


def test_layout_is_the_same_each_time() -> None:
    assert ig.layout(two_triangles(), seed=1).tolist() == ig.layout(two_triangles(), seed=1).tolist()


def test_compare_is_that_of_scikit_style_definitions() -> None:
    # By hand: of the 3 pairs of 3 nodes, one is apart in one and together in the other, two agree: Rand 1/3 … 1.
    assert ig.compare([0, 0, 1], [1, 1, 0], "rand") == 1.0
    assert ig.compare([0, 0, 1], [0, 0, 0], "rand") == pytest.approx(1 / 3)


def test_a_cutoff_is_a_length_of_1_over_weight() -> None:
    # A chain of weights 2, 2, 1: lengths 1/2, 1/2, 1. Up to length 1 only node 1 lies between (0 → 1 → 2).
    chain = sp.csr_array(np.diag([2.0, 2.0, 1.0], k=1))
    assert ig.betweenness(chain, normalised=False).tolist() == [0, 2, 2, 0]
    assert ig.betweenness(chain, normalised=False, cutoff=1.0).tolist() == [0, 1, 0, 0]
    assert ig.closeness(chain, cutoff=0.6).tolist()[:3] == [2.0, 2.0, pytest.approx(np.nan, nan_ok=True)]
