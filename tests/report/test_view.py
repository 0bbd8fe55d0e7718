"""A run folder read back: labels as they were, numbers as numbers, and a plain error for anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.report.view import read_folder
from tests.report.runs import HOSTILE, make_run


def test_labels_are_read_verbatim_and_measures_as_numbers(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    path = folder / "sectors.csv"
    path.write_text("region,sector,name,output,hhi\nNA,01,nan,1.5,\nNA,1e5,None,2.5,0.25\n", encoding="utf-8")
    frame = read_folder(folder).tables["sectors"].frame
    # Namibia is a region and 01 a code: neither is a missing value nor a number.
    assert frame["region"].tolist() == ["NA", "NA"]
    assert frame["sector"].tolist() == ["01", "1e5"]
    assert frame["name"].tolist() == ["nan", "None"]
    assert frame["output"].tolist() == [1.5, 2.5]
    assert frame["hhi"].isna().tolist() == [True, False]


def test_hostile_labels_come_back_as_they_were(tmp_path: Path) -> None:
    view = read_folder(make_run(tmp_path / "run", 10, hostile=True))
    assert view.tables["sectors"].frame["name"].tolist()[:8] == list(HOSTILE)
    assert view.flows is not None
    assert list(view.flows.labels[:8]) == list(HOSTILE)


def test_flows_are_those_of_the_network(tmp_path: Path) -> None:
    from netcluster.network.store import load

    folder = make_run(tmp_path / "run")
    flows = read_folder(folder).flows
    network = load(folder / "network").network
    assert flows is not None
    assert network is not None
    assert abs(flows.matrix() - network.layers["supply"].matrix).sum() == 0
    assert flows.unit == "million EUR"


def test_a_folder_that_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match=r"no findings\.json") as caught:
        read_folder(tmp_path)
    assert "analyze" in caught.value.hint


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 99}', '{"title": "x"}'])
def test_a_damaged_findings_file_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "findings.json").write_text(text, encoding="utf-8")
    with pytest.raises(NetclusterError, match=r"findings\.json"):
        read_folder(tmp_path)


def test_a_table_that_is_gone_says_so(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    (folder / "sectors.csv").unlink()
    with pytest.raises(NetclusterError, match=r"sectors\.csv"):
        read_folder(folder)


def test_no_name_in_the_findings_leads_out_of_the_folder(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    document = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    document["tables"][0]["file"] = "../secret.csv"
    (folder / "findings.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(NetclusterError, match=r"secret\.csv"):
        read_folder(folder)


def test_a_run_without_a_network_has_no_flows(tmp_path: Path) -> None:
    import shutil

    folder = make_run(tmp_path / "run")
    shutil.rmtree(folder / "network")
    assert read_folder(folder).flows is None
