"""Figures from tables: who is shown, and the threshold that is drawn."""

from __future__ import annotations

from pathlib import Path

from netcluster.report.charts import centrality_scene, dependence_scenes, key_sector_scene, place_scene
from netcluster.report.view import read_folder
from tests.report.runs import make_run


def test_bars_are_the_most_concentrated_with_the_threshold_of_the_measure(tmp_path: Path) -> None:
    scenes = list(dependence_scenes(read_folder(make_run(tmp_path / "run", 20))))
    assert [scene.key for scene in scenes] == ["dependence-inputs", "dependence-sales"]
    marks = scenes[0].marks
    assert len(marks) == 15
    assert marks["hhi"].is_monotonic_decreasing
    # 0.25: highly concentrated by the Horizontal Merger Guidelines of 2010, §5.3.
    assert scenes[0].extras["limit"] == 0.25
    assert "with at least 1 % of output" in scenes[0].caption


def test_key_sectors_are_named_in_the_text_alternative(tmp_path: Path) -> None:
    scene = key_sector_scene(read_folder(make_run(tmp_path / "run", 9)))
    assert scene is not None
    # By hand: backward runs 0.7 … 1.3 up, forward 1.2 … 0.8 down over nine sectors; both reach 1 at the fifth only.
    assert scene.marks.loc[scene.marks["key_sector"] == "key", "label"].tolist() == ["Industry 4"]
    assert "Key sectors: 1 (Industry 4)" in scene.alternative


def test_the_most_central_stand_first(tmp_path: Path) -> None:
    scene = centrality_scene(read_folder(make_run(tmp_path / "run", 20)))
    assert scene is not None
    assert scene.marks["label"].tolist()[:2] == ["Industry 0", "Industry 1"]


def test_without_coordinates_there_is_no_map(tmp_path: Path) -> None:
    assert place_scene(read_folder(make_run(tmp_path / "run"))) is None


def test_nodes_with_coordinates_are_on_the_map_and_the_others_are_not(tmp_path: Path) -> None:
    scene = place_scene(read_folder(make_run(tmp_path / "run", 9, places=True)))
    assert scene is not None
    assert sorted(scene.marks["label"]) == [f"Industry {k}" for k in range(1, 9)]
    assert scene.marks["lon"].tolist() == [10 + k / 8 for k in range(1, 9)]
