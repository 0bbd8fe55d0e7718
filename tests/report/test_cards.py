"""The scorecards on the page: figures as one reads them, empty claims once, and what they need."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from netcluster.report.cards import cards, lacking
from netcluster.report.page import render
from netcluster.report.view import read_folder
from tests.report.runs import make_run

ROWS = [
    (1, "Competitiveness", "export_share", 0.491, 0.365, "", "", "", "Cars <b>"),
    (1, "Geographic concentration", "location_quotient", 3.0817, None, "", "V02", "", "Cars <b>"),
    (1, "Geographic concentration", "ellison_glaeser", None, None, "", "", "establishments: a file", "Cars <b>"),
    (1, "Growth", "jobs_growth", -0.0213, 0.01, "", "", "", "Cars <b>"),
    (1, "Productivity", "value_added_per_job", 116.3, 92.0, "EUR per job", "", "", "Cars <b>"),
    (2, "Competitiveness", "export_share", 0.05, 0.365, "", "", "", "Food"),
]
COLUMNS = ["cluster", "claim", "measure", "figure", "whole", "unit", "detail", "needs", "cluster_name"]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = make_run(tmp_path / "run")
    pd.DataFrame(ROWS, columns=COLUMNS).to_csv(folder / "cluster_claims.csv", index=False)
    document = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    entry = {"file": "cluster_claims.csv", "title": "Claims", "measures": ["figure", "whole"], "rows": len(ROWS)}
    document["tables"].append(entry)
    (folder / "findings.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_figures_are_written_as_one_reads_them(run: Path) -> None:
    first, second = cards(read_folder(run))
    lines = {line.measure: line for line in first.lines}
    assert (first.number, first.name, second.name) == (1, "Cars <b>", "Food")
    assert (lines["Share of output exported"].figure, lines["Share of output exported"].whole) == ("49.1 %", "36.5 %")
    assert (lines["Location quotient"].figure, lines["Location quotient"].detail) == ("3.082", "V02")
    assert lines["Growth of jobs"].figure == "−2.1 %"
    assert lines["Value added per job"].figure == "116.3 EUR per job"
    # What could not be scored is no line, and a claim is named on its first line.
    assert "Ellison–Glaeser index" not in lines
    assert [line.claim for line in first.lines] == [
        "Competitiveness", "Geographic concentration", "Growth", "Productivity",
    ]  # fmt: skip


def test_what_lacks_is_said_once_with_what_it_needs(run: Path) -> None:
    found = lacking(read_folder(run))
    assert found == [("establishments: a file", ["Geographic concentration (Ellison–Glaeser index)"])]


def test_the_page_holds_the_cards_and_names_stay_text(run: Path) -> None:
    page = render(read_folder(run))
    assert 'id="scorecards"' in page
    assert "Cars &lt;b&gt;" in page
    assert "Cars <b>" not in page


def test_a_run_without_claims_has_no_cards(tmp_path: Path) -> None:
    view = read_folder(make_run(tmp_path / "run"))
    assert cards(view) == []
    assert lacking(view) == []
    assert 'id="scorecards"' not in render(view)
