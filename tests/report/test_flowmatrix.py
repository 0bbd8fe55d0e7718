"""The flow matrix: clusters in order, shares by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from netcluster.report.flowmatrix import matrix_scene
from netcluster.report.view import read_folder
from tests.report.runs import make_run


def test_rows_stand_in_the_order_of_clusters_and_size(tmp_path: Path) -> None:
    view = read_folder(make_run(tmp_path / "run", 9, clusters=3))
    scene = matrix_scene(view)
    assert scene is not None
    assert view.flows is not None
    order = np.asarray(scene.extras["order"])
    assert (order % 3).tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    sizes = view.flows.sizes[order].reshape(3, 3)
    assert (np.diff(sizes, axis=1) <= 0).all()
    assert scene.extras["blocks"] == [(1, 0, 3), (2, 3, 3), (3, 6, 3)]


def test_shares_add_up_to_one_for_each_buyer_and_each_supplier(tmp_path: Path) -> None:
    scene = matrix_scene(read_folder(make_run(tmp_path / "run", 9)))
    assert scene is not None
    assert np.allclose(scene.marks.groupby("buyer")["of_purchases"].sum(), 1)
    assert np.allclose(scene.marks.groupby("supplier")["of_sales"].sum(), 1)


def test_a_large_matrix_is_that_of_its_clusters(tmp_path: Path) -> None:
    view = read_folder(make_run(tmp_path / "run", 100, links=900, clusters=4))
    scene = matrix_scene(view)
    assert scene is not None
    assert view.flows is not None
    assert len(np.asarray(scene.extras["order"])) == 4
    assert np.isclose(scene.marks["flow"].sum(), view.flows.weight.sum())
    assert scene.extras["blocks"] == []
