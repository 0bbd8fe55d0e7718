"""Brokers against brute force over all triples, and against networkx for structural holes."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.centrality import brokers, katz, node_centrality, shells
from netcluster.centrality.brokers import roles, structural_holes
from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.network import Layer, Network


def case(seed: int, n: int = 9) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    w = rng.lognormal(size=(n, n)) * (rng.random((n, n)) < 0.3)
    return w, rng.integers(0, 3, n)


def network(w: Any, region: Any = "") -> Network:
    ids = [f"n{i}" for i in range(len(w))]
    blank = {"kind": "firm", "role": "", "label": "", "industry": "", "size": np.nan}
    return Network(pd.DataFrame({"id": ids, "region": region, **blank}), {"supply": Layer(sp.csr_array(w), money=True)})


def role(i: int, b: int, j: int) -> str:
    if i == b == j:
        return "coordinator"
    if b == j:
        return "gatekeeper"
    if i == b:
        return "representative"
    return "consultant" if i == j else "liaison"


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_roles_are_those_of_all_triples(seed: int) -> None:
    w, groups = case(seed)
    frame = brokers(network(w), groups).frame
    expected = {name: [0] * 9 for name in ("coordinator", "gatekeeper", "representative", "consultant", "liaison")}
    for i, b, j in permutations(range(9), 3):
        if w[i, b] and w[b, j] and not w[i, j]:
            expected[role(groups[i], groups[b], groups[j])][b] += 1
    for name, counts in expected.items():
        assert frame[name].tolist() == counts
    assert frame["brokerage"].tolist() == [sum(one) for one in zip(*expected.values(), strict=True)]


@pytest.mark.parametrize("blank", [None, ""])
def test_nodes_in_no_group_are_one_each(blank: object) -> None:
    # By hand: of a → b → c no two are of one group, so b is a liaison; between two of "x" a consultant.
    w = np.array([[0.0, 1, 0], [0, 0, 1], [0, 0, 0]])
    found = brokers(network(w), np.array([blank, blank, "x"], dtype=object))
    assert found.frame["liaison"].tolist() == [0, 1, 0] == found.frame["brokerage"].tolist()
    assert [(note.code, note.count) for note in found.notes if note.code == "no_group"] == [("no_group", 2)]
    assert brokers(network(w), np.array(["x", blank, "x"], dtype=object)).frame["consultant"].tolist() == [0, 1, 0]


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_structural_holes_are_those_of_networkx(seed: int) -> None:
    w, groups = case(seed)
    np.fill_diagonal(w, 0.0)
    graph = nx.from_numpy_array(w, create_using=nx.DiGraph)
    frame = brokers(network(w), groups).frame
    # Node by node: for all at once networkx 3.6 divides by the largest weight of the wrong end. It gives
    # nothing to nodes that only buy.
    sells = [i for i in range(9) if w[i].any()]
    for name, expected in (
        ("constraint", nx.constraint(graph, nodes=sells, weight="weight")),
        ("effective_size", nx.effective_size(graph, nodes=sells, weight="weight")),
    ):
        assert frame[name].to_numpy()[sells] == pytest.approx([expected[i] for i in sells])


def test_a_hub_of_many_ties_costs_no_square_of_them() -> None:
    # 100,000 leaves sell to one hub: constraint n·(1/n)² = 1/n, of a leaf 1; no triple leads through the hub.
    n = 100_000
    row, column = np.arange(1, n + 1), np.zeros(n, dtype=int)
    w = sp.csr_array((np.ones(n), (row, column)), shape=(n + 1, n + 1))
    constraint, size = structural_holes(sp.csr_array(w + w.T))
    assert constraint[0] == pytest.approx(1 / n)
    assert constraint[1:].tolist() == [1.0] * n
    assert size[0] == n
    # Half the leaves buy from the hub instead: it links all pairs of sellers and buyers, two groups of leaves.
    half = sp.csr_array((np.ones(n), (np.where(row % 2, row, 0), np.where(row % 2, 0, row))), shape=w.shape)
    groups = np.concatenate([[0], row % 2])
    assert roles(half, groups)["gatekeeper"][0] == (n // 2) ** 2


def test_participation_by_hand() -> None:
    # n0 has ties of 3 with group a and 1 with group b: 1 − (9 + 1)/16.
    w = np.zeros((3, 3))
    w[0, 1], w[2, 0] = 3.0, 1.0
    frame = brokers(network(w, ["x", "a", "b"])).frame
    assert frame["participation"].tolist() == pytest.approx([0.375, 0.0, 0.0])
    assert frame["liaison"].tolist() == [1, 0, 0]
    # Ties with one group only are 0 exactly, whatever thirds add up to.
    w[0, 1] = w[2, 0] = 1 / 3
    assert brokers(network(w, ["x", "a", "a"])).frame["participation"].tolist() == [0.0, 0.0, 0.0]


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_katz_is_the_inverse(seed: int) -> None:
    w, _ = case(seed)
    bought = w.sum(axis=0)
    share = np.divide(w, bought, out=np.zeros_like(w), where=bought > 0)
    expected = np.linalg.inv(np.eye(9) - 0.5 * share).sum(axis=1)
    assert katz(sp.csr_array(w)) == pytest.approx(expected / expected.mean())


def test_bow_tie_by_hand() -> None:
    # 0 supplies the core 1 ⇄ 2, which supplies 3; 4 hangs on 0; 5 and 6 stand apart.
    w = np.zeros((7, 7))
    for i, j in [(0, 1), (1, 2), (2, 1), (2, 3), (0, 4), (5, 6)]:
        w[i, j] = 1.0
    assert shells(sp.csr_array(w)).tolist() == ["in", "core", "core", "out", "tendril", "apart", "apart"]


def test_more_centralities_stand_in_one_table() -> None:
    w, _ = case(3)
    result = node_centrality(network(w), more=True)
    assert set(result.measures) <= set(all_measures())
    assert set(result.frame.columns) - set(result.measures) == {"node", "label", "shell"}
    hubs = np.abs(np.linalg.svd(w)[0][:, 0])
    assert result.frame["hub"].to_numpy() == pytest.approx(hubs / hubs.max(), abs=1e-6)


def test_bad_requests_and_measures() -> None:
    w, groups = case(1)
    with pytest.raises(NetclusterError, match="2 group labels"):
        brokers(network(w), [1, 2])
    with pytest.raises(NetclusterError, match="attenuation"):
        katz(sp.csr_array(w), attenuation=1.0)
    result = brokers(network(w), groups)
    assert set(result.measures) <= set(all_measures())
