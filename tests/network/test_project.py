"""Projections against brute force over all pairs and groups, and networkx's weighted projection."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.network.build import build
from netcluster.network.network import Network
from netcluster.network.project import co_links, project, projected
from netcluster.network.store import load, save
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
from netcluster.tables.links import LinkTable

ROWS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5)), min_size=6, max_size=30)


def links(rows: list[tuple[str, str]], layer: str, **more: Any) -> LinkTable:
    frame = pd.DataFrame(rows, columns=["source", "target"]).assign(weight=5.0, layer=layer)
    return LinkTable(frame, **more)


def club() -> Network:
    rows = [(f, g) for g, fs in {"P": "abc", "Q": "ab", "R": "d"}.items() for f in fs]
    return build(links(rows, "membership"))


@settings(max_examples=40)
@given(ROWS)
def test_weights_are_those_of_all_pairs_and_of_networkx(rows: list[tuple[int, int]]) -> None:
    members: dict[int, set[int]] = {}
    for member, group in rows:
        members.setdefault(group, set()).add(member)
    expected = np.zeros((8, 8))
    for inside in members.values():
        for i, j in combinations(sorted(inside), 2):
            expected[i, j] += 1 / (len(inside) - 1)
    if not expected.any():
        return
    ends = np.array(rows)
    made = co_links(ends[:, 0], ends[:, 1], 8, np.arange(6)).matrix.toarray()
    assert made == pytest.approx(expected)
    graph = nx.Graph([(f"m{i}", f"g{j}") for i, j in rows])
    peer = nx.bipartite.collaboration_weighted_projected_graph(graph, [n for n in graph if n[0] == "m"])
    for one, other, data in peer.edges(data=True):
        i, j = sorted((int(one[1:]), int(other[1:])))
        assert made[i, j] == pytest.approx(data["weight"])
    # Newman: a member's strength is the number of its groups that others are in too.
    strength = made.sum(axis=0) + made.sum(axis=1)
    assert strength == pytest.approx([sum(i in one and len(one) > 1 for one in members.values()) for i in range(8)])
    counted = co_links(ends[:, 0], ends[:, 1], 8, np.arange(6), weights="count").matrix.toarray()
    shared = [[sum({i, j} <= one for one in members.values()) if i < j else 0 for j in range(8)] for i in range(8)]
    assert counted.tolist() == shared


def test_layers_stay_and_the_projection_is_one_more() -> None:
    net = project(club(), "membership")
    assert list(net.layers) == ["membership", "co_membership"]
    layer = net.layer("co_membership")
    assert (layer.directed, layer.money, layer.links) == (False, False, 3)
    assert net.layer("membership").matrix.sum() == 30.0
    (note,) = [note for note in net.changes if note.code == "projected"]
    assert "2 groups of two or more make 3 links" in note.text
    assert "the largest, P with 3 members, makes 3 of them" in note.text
    assert [note.count for note in net.changes if note.code == "lone_members"] == [1]


def test_large_groups_are_passed_over_and_counted() -> None:
    net = project(club(), "membership", largest=2, keep=False)
    assert net.ids == ("a", "b", "c", "d")
    assert net.layer("co_membership").matrix.toarray()[0].tolist() == [0, 1, 0, 0]
    assert [note.count for note in net.changes if note.code == "large_groups"] == [1]


def test_a_layer_without_directions_takes_institutions_for_groups(tmp_path: Path) -> None:
    texts = ("role", "industry", "region")
    frame = pd.DataFrame({"id": ["a", "b", "u"], "kind": ["firm", "firm", "institution"]})
    firms = FirmTable(frame.assign(**{c: "" if c in texts else np.nan for c in FIRM_COLUMNS if c not in frame}))
    net = project(build(firms, links([("a", "u"), ("u", "b"), ("a", "b")], "project")), "project")
    assert net.layer("co_project").matrix.toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert [note.count for note in net.changes if note.code == "not_between"] == [1]
    save(net, tmp_path / "net")
    again = load(tmp_path / "net").network
    assert again is not None
    assert (again.layer("co_project").matrix != net.layer("co_project").matrix).nnz == 0
    assert not again.layer("co_project").directed


def test_groups_that_are_no_nodes_vanish_and_other_layers_stay() -> None:
    rows = links([("a", "1"), ("b", "1"), ("c", "2")], "project", groups=("project",))
    other = pd.DataFrame({"source": ["c"], "target": ["a"], "weight": [3.0], "layer": ["supply"]})
    table = LinkTable(pd.concat([rows.frame, other], ignore_index=True), groups=("project",))
    net = build(table)
    assert net.ids == ("a", "b", "c")
    assert net.layer("supply").matrix.toarray()[2].tolist() == [3, 0, 0]
    assert net.layer("project").matrix.toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert projected(rows, {}).groups == ()


def test_what_can_not_be_projected_is_said() -> None:
    chain = build(links([("a", "b"), ("b", "c")], "membership"))
    with pytest.raises(NetclusterError, match="1 nodes are member and group at once"):
        project(chain, "membership")
    with pytest.raises(NetclusterError, match="no two members share a group"):
        project(build(links([("a", "P"), ("b", "Q")], "membership")), "membership")
    with pytest.raises(NetclusterError, match="no layer 'patent'"):
        project(club(), "patent")
    with pytest.raises(NetclusterError, match="no weights 'square'"):
        project(club(), "membership", weights="square")  # type: ignore[arg-type]
    with pytest.raises(NetclusterError, match="link nobody"):
        project(club(), "membership", largest=1)
    n = 30_000
    with pytest.raises(NetclusterError, match="449,985,000 pairs"):
        co_links(np.arange(n), np.zeros(n, dtype=int), n, ["hub"])
