"""The searches of infomap and leidenalg, beside igraph's and figures by hand; skipped where they are not installed."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from netcluster.clusters import adjusted_rand, detect, modularity, multilayer
from netcluster.clusters.communities import search
from netcluster.clusters.extras import leidenalg, mapequation, multiplex
from netcluster.core.errors import NetclusterError
from netcluster.network.graph import graph_of
from netcluster.network.network import Layer
from tests.clusters.planted import links, network, table, two_rings


def two_triangles() -> Any:
    edges = np.zeros((6, 6))
    for i, j in ((0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)):
        edges[i, j] = edges[j, i] = 1
    return edges


def test_infomap_reaches_the_code_length_of_two_triangles() -> None:
    # By hand and in the map-equation literature: two triangles and a bridge are coded in 2.3207303568 bits.
    package = pytest.importorskip("infomap")
    labels = mapequation(graph_of(sp.csr_array(two_triangles()), directed=False), 0)
    assert labels.tolist() == [0, 0, 0, 1, 1, 1]
    judge = package.Infomap("--silent --two-level")
    for i, j in zip(*np.nonzero(np.triu(two_triangles())), strict=True):
        judge.add_link(int(i), int(j))
    result = judge.run()
    assert (result or judge).codelength == pytest.approx(2.3207303568, abs=1e-9)


def test_infomap_and_igraphs_infomap_find_the_same_planted_blocks() -> None:
    pytest.importorskip("infomap")
    matrix, truth = links(200, 12, 5, 40)
    graph = graph_of(matrix)
    theirs, ours = mapequation(graph, 0), search("infomap", 1.0)(graph, 0)
    assert adjusted_rand(theirs, truth) > 0.95
    assert adjusted_rand(theirs, ours) > 0.95


@pytest.mark.parametrize(
    ("flows", "quality"),
    # Oracles A and B of directed modularity with loops, by hand: two rings, and two nodes with large loops.
    [(two_rings(), 0.448753), (np.array([[10.0, 1.0], [1.0, 10.0]]), 0.409091)],
    ids=["rings", "loops"],
)
def test_leidenalg_agrees_on_directed_modularity_with_loops(flows: Any, quality: float) -> None:
    pytest.importorskip("leidenalg")
    matrix = sp.csr_array(flows)
    labels = leidenalg(graph_of(matrix), 1.0, 0)
    assert modularity(matrix, labels) == pytest.approx(quality, abs=1e-6)


def test_our_leiden_is_as_good_as_leidenalg_on_a_dense_table() -> None:
    pytest.importorskip("leidenalg")
    flows, _ = table(120, 6, 6)
    matrix = sp.csr_array(flows)
    graph = graph_of(matrix)
    theirs = max(modularity(matrix, leidenalg(graph, 1.0, seed)) for seed in range(5))
    ours = max(modularity(matrix, search("leiden", 1.0)(graph, seed)) for seed in range(5))
    assert ours >= theirs - 1e-3


def test_they_serve_detect_by_name() -> None:
    pytest.importorskip("infomap")
    pytest.importorskip("leidenalg")
    matrix, truth = links(120, 10, 4, 40)
    for method in ("mapequation", "leidenalg"):
        part = detect(network(matrix), method=method, members=2, noisy=1, null_draws=0)
        assert adjusted_rand(part.labels, truth) > 0.95


@pytest.mark.parametrize(("weights", "kept"), [((3.0, 1.0), 0), ((1.0, 3.0), 1)])
def test_the_heavier_layer_decides_a_multiplex_search(weights: tuple[float, float], kept: int) -> None:
    # One layer ties the halves of the nodes, the other odd to odd and even to even. By hand, own use left in: cutting
    # by a layer's groups has modularity ½ in it and 0 in the other, cutting by both ¼ in each; 3 · ½ is the most.
    pytest.importorskip("leidenalg")
    node = np.arange(24)
    groups = [node // 12, node % 2]
    layers = [sp.csr_array((group[:, None] == group[None, :]).astype(float)) for group in groups]
    found = multiplex([graph_of(layer) for layer in layers], list(weights), 1.0, 0)
    assert adjusted_rand(found, groups[kept]) == pytest.approx(1)
    net = network(layers[0]).replace(layers={"supply": Layer(layers[0]), "labour": Layer(layers[1])})
    part = multilayer(net, dict(zip(("supply", "labour"), weights, strict=True)), search="leidenalg", members=3)
    assert adjusted_rand(part.labels, groups[kept]) == pytest.approx(1)
    assert part.parameters["search"] == "leidenalg"


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str, *rest: Any) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    for method in ("mapequation", "leidenalg"):
        with pytest.raises(NetclusterError, match="not installed") as caught:
            search(method, 1.0)(graph_of(sp.csr_array(two_rings())), 0)
        assert "pip install" in str(caught.value.hint)
