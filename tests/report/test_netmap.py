"""The picture of the network: the right links, the right partners, every node in the frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import scipy.sparse as sp

from netcluster.report.netmap import network_scene, partners, strongest
from netcluster.report.view import Flows, read_folder
from tests.report.runs import make_run, random_flows


def _flows(matrix: sp.csr_array) -> Flows:
    links, n = matrix.tocoo(), matrix.shape[0]
    names = [f"n{k}" for k in range(n)]
    empty = np.full(n, np.nan)
    return Flows(
        names, names, [""] * n, empty, np.full((n, 2), np.nan), links.row.astype(np.int64),
        links.col.astype(np.int64), links.data, "",
    )  # fmt: skip


def test_the_backbone_is_that_of_brute_force() -> None:
    matrix = random_flows(30, 200)
    source, target, _ = strongest(_flows(matrix), 3)
    links = [(i, j, matrix[i, j]) for i, j in zip(*matrix.nonzero(), strict=True) if i != j]
    wanted = set()
    for node in range(30):
        its = sorted((link for link in links if node in link[:2]), key=lambda link: (-link[2], link[0], link[1]))
        wanted |= {link[:2] for link in its[:3]}
    assert set(zip(source.tolist(), target.tolist(), strict=True)) == {(int(i), int(j)) for i, j in wanted}


def test_partners_leave_own_deliveries_out() -> None:
    # By hand: of 8 sold to others, 6 go to b and 2 to c.
    matrix = sp.csr_array(np.array([[9.0, 6.0, 2.0], [0, 0, 0], [0, 0, 4.0]]))
    assert partners(matrix, ["a", "b", "c"]) == ["b 75.0 %, c 25.0 %", "", ""]


def test_every_node_is_in_the_frame_and_the_same_each_time(tmp_path: Path) -> None:
    view = read_folder(make_run(tmp_path / "run", 60, links=300))
    first, again = network_scene(view), network_scene(view)
    assert first is not None
    assert again is not None
    assert len(first.marks) == 60
    assert first.marks[["x", "y"]].min().min() >= 0
    assert first.marks[["x", "y"]].max().max() <= 1
    assert first.marks.equals(again.marks)


def test_more_nodes_than_can_be_drawn_become_their_clusters(tmp_path: Path) -> None:
    view = read_folder(make_run(tmp_path / "run", 2_001, links=5_000, clusters=9))
    scene = network_scene(view)
    assert scene is not None
    assert scene.marks["cluster"].tolist() == list(range(1, 10))
    assert "2,001 nodes are too many" in scene.caption
    assert view.flows is not None
    # Grouping moves no money: what the clusters make is what the nodes make.
    assert np.isclose(scene.marks["size"].sum(), view.flows.sizes.sum())


def test_more_nodes_than_can_be_drawn_without_clusters_are_cut_to_the_largest(tmp_path: Path) -> None:
    view = read_folder(make_run(tmp_path / "run", 2_001, links=5_000, clusters=1))
    scene = network_scene(view)
    assert scene is not None
    assert view.flows is not None
    assert len(scene.marks) == 300
    assert scene.marks["size"].min() >= np.sort(view.flows.sizes)[-300]
