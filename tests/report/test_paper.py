"""Figures for papers: each in three forms, the same bytes each time, whatever the labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.report.page import scenes
from netcluster.report.paper import save
from netcluster.report.view import read_folder
from netcluster.report.write import figures
from tests.report.runs import make_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("paper") / "run", 9, hostile=True)


@pytest.mark.slow
def test_every_figure_is_written_in_three_forms(run: Path, tmp_path: Path) -> None:
    paths = figures(run, tmp_path)
    keys = [scene.key for scene in scenes(read_folder(run))]
    assert [path.name for path in paths] == [f"{key}.{form}" for key in keys for form in ("png", "svg", "pdf")]
    assert not any(b"CreationDate" in path.read_bytes() for path in paths if path.suffix == ".pdf")
    assert not any(b"<dc:date>" in path.read_bytes() for path in paths if path.suffix == ".svg")
    with pytest.raises(NetclusterError, match="there already"):
        figures(run, tmp_path)


def test_a_figure_is_the_same_each_time(run: Path, tmp_path: Path) -> None:
    scene = scenes(read_folder(run))[0]
    first, again = save(scene, tmp_path / "a"), save(scene, tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


def test_a_run_without_figures_says_so(tmp_path: Path) -> None:
    (tmp_path / "findings.json").write_text('{"schema": 1, "title": "Empty"}', encoding="utf-8")
    with pytest.raises(NetclusterError, match="allows no figure"):
        figures(tmp_path, tmp_path / "out")
