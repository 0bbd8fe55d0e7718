"""What the page says of clusters as a whole: sentences written by hand from a summary."""

from __future__ import annotations

import json
from pathlib import Path

from netcluster.report.verdict import verdict
from netcluster.report.view import read_folder
from tests.report.runs import make_run

SUMMARY = {
    "clusters": 3,
    "modularity": 0.4444,
    "null_mean": 0.25,
    "null_sd": 0.01,
    "p_value": 0.002,
    "significant": True,
    "null_draws": 499,
    "members": 100,
    "agreement": 0.94,
}


def said(folder: Path, **changed: object) -> str:
    make_run(folder)
    document = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    entry = next(table for table in document["tables"] if table["file"] == "clusters.csv")
    entry["summary"] = SUMMARY | changed
    (folder / "findings.json").write_text(json.dumps(document), encoding="utf-8")
    return verdict(read_folder(folder))


def test_significant_clusters_are_called_beyond_chance(tmp_path: Path) -> None:
    assert said(tmp_path / "run") == (
        "3 clusters, modularity 0.444; 499 networks with the same totals but no clusters reach 0.250 ± 0.010:"
        " beyond chance (p = 0.002). 100 searches with other seeds and noise agree by 0.94 (1 is full agreement)."
    )


def test_clusters_that_are_not_significant_are_not_to_be_relied_on(tmp_path: Path) -> None:
    assert "not beyond chance, so not to be relied on (p = 0.4)" in said(
        tmp_path / "run", significant=False, p_value=0.4
    )


def test_a_run_without_a_summary_says_nothing(tmp_path: Path) -> None:
    assert verdict(read_folder(make_run(tmp_path / "run"))) == ""


def test_nodes_that_are_a_cluster_by_themselves_are_told_apart(tmp_path: Path) -> None:
    # Eight nodes in turn in clusters 1 to 7: the first has two, six have one each.
    make_run(tmp_path / "alone", clusters=7)
    alone = json.loads((tmp_path / "alone" / "findings.json").read_text(encoding="utf-8"))
    next(table for table in alone["tables"] if table["file"] == "clusters.csv")["summary"] = SUMMARY | {"clusters": 7}
    (tmp_path / "alone" / "findings.json").write_text(json.dumps(alone), encoding="utf-8")
    assert verdict(read_folder(tmp_path / "alone")).startswith("1 cluster and 6 nodes by themselves, modularity")
