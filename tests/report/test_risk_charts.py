"""Bars of risk: who is shown, in which order, and which threshold is drawn; expected values by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from netcluster.report.risk_charts import risk_scenes
from netcluster.report.scene import Scene, is_past
from netcluster.report.view import read_folder
from tests.report.runs import make_run


def scenes(folder: Path, **tables: pd.DataFrame) -> dict[str, Scene]:
    make_run(folder)
    path = folder / "findings.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
        document["tables"].append(
            {
                "file": f"{name}.csv",
                "title": name,
                "measures": list(frame.columns[1:]),
                "rows": len(frame),
                "parameters": {"value": "value_added", "weight": "jobs"},
            }
        )
    path.write_text(json.dumps(document), encoding="utf-8")
    return {scene.key: scene for scene in risk_scenes(read_folder(folder))}


def test_a_run_without_such_tables_draws_none(tmp_path: Path) -> None:
    assert scenes(tmp_path / "run") == {}


def test_industries_with_one_firm_are_not_called_dominated(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"group": ["A", "B", "C"], "firms": [1, 4, 9], "hhi": [1.0, 0.3, 0.6], "largest": ["x", "y", "z"]}
    )
    scene = scenes(tmp_path / "run", dominance=frame)["dominance"]
    assert scene.marks["label"].tolist() == ["C", "B"]
    # 0.25: highly concentrated by the Horizontal Merger Guidelines of 2010, §5.3.
    assert scene.extras["limit"] == 0.25
    assert "2 of 2 reach 0.25" in scene.alternative


def test_regions_below_the_line_are_past_it(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"region": ["r", "s"], "per_head": [50.0, 150.0], "relative_level": [0.5, 1.5], "heads_share": [0.5, 0.5]}
    )
    scene = scenes(tmp_path / "run", region_levels=frame)["region-levels"]
    assert [is_past(scene, value) for value in scene.marks["relative_level"]] == [True, False]
    assert "the least value added per job" in scene.caption


def test_inputs_count_the_output_of_buyers_with_one_supplier(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "buyer": ["p", "q", "p", "r"],
            "input": ["steel", "steel", "oil", "oil"],
            "suppliers": [1, 1, 1, 2],
            "buyer_share": [0.3, 0.2, 0.3, 0.5],
        }
    )
    marks = scenes(tmp_path / "run", suppliers=frame)["suppliers"].marks
    assert marks["input"].tolist() == ["steel", "oil"]
    assert marks["leaning"].tolist() == [0.5, 0.3]


def test_the_costliest_failures_come_first_beside_their_own_share(tmp_path: Path) -> None:
    frame = pd.DataFrame({"firm": ["a", "b"], "esri": [0.01, 0.2], "sales_share": [0.01, 0.02], "label": ["Ay", "Be"]})
    scene = scenes(tmp_path / "run", cascade=frame)["cascade"]
    assert scene.marks["label"].tolist() == ["Be", "Ay"]
    assert scene.extras["dot"] == "sales_share"


def test_dependent_imports_are_shown_and_where_there_are_none_the_largest(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "importer": ["U", "U", "V"],
            "product": ["1", "2", "1"],
            "imports": [10.0, 99.0, 50.0],
            "cdi1": [0.9, 0.1, 0.8],
            "dependent": [True, False, False],
        }
    )
    assert scenes(tmp_path / "run", trade=frame)["trade"].marks["label"].tolist() == ["U: 1"]
    none = scenes(tmp_path / "other", trade=frame.assign(dependent=False))["trade"]
    assert none.marks["imports"].tolist() == [99.0, 50.0, 10.0]
    assert "none passes all three thresholds" in none.caption


def test_strong_clusters_are_named_with_their_place(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "region": ["N", "S", "S"],
            "industry": ["i", "i", "j"],
            "location_quotient": [2.0, 9.0, 30.0],
            "share_of_region": [0.1, 0.2, 0.001],
            "strong_cluster": [True, True, True],
        }
    )
    assert scenes(tmp_path / "run", regions=frame)["strong"].marks["label"].tolist() == ["S: i", "N: i"]
