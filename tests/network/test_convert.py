"""A network handed to another library and back is the same network; what the library holds is checked in its own terms."""

from __future__ import annotations

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.network import convert
from netcluster.network.network import Network


def nodes() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ["b", "a", "ü", "alone"],
            "kind": ["firm", "firm", "institution", "firm"],
            "role": ["supplier", "", "university", ""],
            "label": ["B", "A", "Ü", "Alone"],
            "industry": ["x", "y", "", ""],
            "region": ["", "N", "N", ""],
            "size": [1.0, np.nan, 3.0, 4.0],
            "founded": [1990, 1991, 1992, 1993],
        }
    )


def network() -> Network:
    links = pd.DataFrame(
        {
            "source": ["b", "a", "ü", "b", "b"],
            "target": ["a", "b", "ü", "ü", "a"],
            "weight": [1.0, 2.5, 3.0, 4.0, 5.0],
            "layer": ["supply", "supply", "supply", "project", "supply"],
        }
    )
    return convert.from_pandas(links, nodes(), name="test")


def same(one: Network, other: Network, layer: str = "supply") -> None:
    pd.testing.assert_frame_equal(one.nodes, other.nodes)
    assert one.layer(layer).directed == other.layer(layer).directed
    np.testing.assert_array_equal(one.layer(layer).matrix.toarray(), other.layer(layer).matrix.toarray())


def test_from_pandas_keeps_the_nodes_order_and_adds_repeated_links() -> None:
    net = network()
    pd.testing.assert_frame_equal(net.nodes, nodes())
    assert net.layer().matrix.toarray().tolist() == [[0, 6, 0, 0], [2.5, 0, 0, 0], [0, 0, 3, 0], [0, 0, 0, 0]]


def test_pandas_and_back() -> None:
    frame, links = convert.to_pandas(network())
    assert links.to_dict("list") == {"source": ["b", "a", "ü"], "target": ["a", "b", "ü"], "weight": [6.0, 2.5, 3.0]}
    same(convert.from_pandas(links, frame), network())
    _, every = convert.to_pandas(network(), "all")
    again = convert.from_pandas(every, frame)
    assert list(again.layers) == ["supply", "project"]
    _, project = convert.to_pandas(network(), "project")
    assert len(project) == 1
    same(convert.from_pandas(project, frame, layer="project"), network(), "project")


def test_scipy_and_back() -> None:
    matrix, ids = convert.to_scipy(network())
    assert ids == ("b", "a", "ü", "alone")
    again = convert.from_scipy(matrix, ids)
    np.testing.assert_array_equal(again.layer().matrix.toarray(), matrix.toarray())
    matrix.data[:] = 0
    assert network().layer().matrix.sum() > 0
    assert convert.from_scipy(np.array([[0, 1], [-2, 0]])).ids == ("1", "2")
    assert [note.code for note in convert.from_scipy(np.array([[0, 1], [-2, 0]])).changes] == ["negative_weights"]


def test_igraph_and_back() -> None:
    graph = convert.to_igraph(network())
    assert graph.vs.find("ü")["role"] == "university"
    assert graph.es[graph.get_eid("a", "b")]["weight"] == 2.5
    same(convert.from_igraph(graph), network())
    same(convert.from_igraph(convert.to_igraph(network(), "project"), layer="project"), network(), "project")
    plain = convert.from_igraph(igraph.Graph([(0, 1), (0, 1), (1, 2)], directed=True))
    assert plain.ids == ("0", "1", "2")
    assert plain.layer().matrix.toarray().tolist() == [[0, 2, 0], [0, 0, 1], [0, 0, 0]]


def test_networkx_and_back() -> None:
    graph = convert.to_networkx(network())
    assert isinstance(graph, nx.DiGraph)
    assert graph.nodes["ü"]["founded"] == 1992
    assert graph["b"]["a"]["weight"] == 6.0
    same(convert.from_networkx(graph), network())
    project = convert.to_networkx(network(), "project")
    assert not project.is_directed()
    same(convert.from_networkx(project, layer="project"), network(), "project")
    assert convert.from_networkx(nx.DiGraph()).n == 0


def test_what_does_not_fit_is_an_error() -> None:
    with pytest.raises(NetclusterError, match="column 'target'"):
        convert.from_pandas(pd.DataFrame({"source": ["a"]}))
    with pytest.raises(NetclusterError, match="square"):
        convert.from_scipy(np.ones((2, 3)))
    with pytest.raises(NetclusterError, match="1 ids for 2 rows"):
        convert.from_scipy(np.ones((2, 2)), ["a"])
    with pytest.raises(NetclusterError, match="no layer 'friends'"):
        convert.from_scipy(np.ones((2, 2)), layer="friends")
    double = igraph.Graph(2)
    double.vs["name"] = ["a", "a"]
    with pytest.raises(NetclusterError, match="'a' stands in the network twice"):
        convert.from_igraph(double)


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=20)
def test_any_matrix_goes_round(seed: int, directed: bool) -> None:
    rng = np.random.default_rng(seed)
    matrix = sp.random_array((7, 7), density=0.3, rng=rng, format="csr")
    matrix = matrix if directed else sp.csr_array(matrix + matrix.T)
    layer = "supply" if directed else "project"
    net = convert.from_scipy(matrix, layer=layer, directed=directed)
    np.testing.assert_array_equal(net.layer(layer).matrix.toarray(), matrix.toarray())
    for there, back in (
        (convert.to_igraph, convert.from_igraph),
        (convert.to_networkx, convert.from_networkx),
    ):
        again = back(there(net, layer), layer=layer)
        assert again.ids == net.ids
        np.testing.assert_array_equal(again.layer(layer).matrix.toarray(), matrix.toarray())
