"""The run folder appears whole or not at all, and replaces nothing that is not a run."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import Finding
from netcluster.core.result import Note, Result
from netcluster.network.build import build
from netcluster.study.folder import Section, Study, write
from netcluster.tables.bundle import Bundle
from netcluster.tables.links import LinkTable

LINK = ["source", "target", "weight", "layer"]


def small() -> Study:
    found = Finding("c", "a", "node", "hhi", float("nan"), 0.25, "low", 0.0, "A, “quoted”.")
    result = Result(
        pd.DataFrame({"node": ["a\r", 'b"'], "hhi": [0.1, None]}), ("hhi",), {}, (Note("n", "Said."),) * 2, (found,)
    )
    return Study("Title", Bundle(), sections=(Section("x.csv", "X", result),), left_out=(("Y", "No."),))


def test_the_files_of_a_run(tmp_path: Path) -> None:
    place = write(small(), tmp_path / "run", provenance={"seed": 0}, record=lambda _: {"host": "h"})
    assert sorted(path.name for path in place.iterdir()) == ["findings.csv", "findings.json", "run.json", "x.csv"]
    document = json.loads((place / "findings.json").read_text(encoding="utf-8"))
    assert document["findings"][0]["value"] is None
    assert document["notes"] == [{"code": "n", "text": "Said.", "count": 1}]
    assert document["left_out"] == [{"section": "Y", "reason": "No."}]
    entry = {"file": "x.csv", "title": "X", "measures": ["hhi"], "rows": 2, "parameters": {}, "summary": {}}
    assert document["tables"] == [entry]
    assert (place / "x.csv").read_bytes() == b'node,hhi\n"a\r",0.1\n"b""",\n'


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail(_: Path) -> None:
        raise NetclusterError("no")

    with pytest.raises(NetclusterError):
        write(small(), tmp_path / "run", provenance={}, finish=fail)
    assert list(tmp_path.iterdir()) == []


def test_only_a_run_is_replaced_and_only_with_force(tmp_path: Path) -> None:
    target = tmp_path / "run"
    target.mkdir()
    write(small(), target, provenance={})
    with pytest.raises(NetclusterError, match="finished run"):
        write(small(), target, provenance={})
    (target / "extra").touch()
    write(small(), target, provenance={}, force=True)
    assert not (target / "extra").exists()
    other = tmp_path / "letters"
    other.mkdir()
    (other / "dear.txt").touch()
    with pytest.raises(NetclusterError, match="not a run"):
        write(small(), other, provenance={}, force=True)
    assert (other / "dear.txt").exists()
    (tmp_path / "file").touch()
    with pytest.raises(NetclusterError, match="is a file"):
        write(small(), tmp_path / "file", provenance={}, force=True)


def test_the_same_study_gives_the_same_bytes(tmp_path: Path) -> None:
    one = write(small(), tmp_path / "one", provenance={"seed": 0})
    two = write(small(), tmp_path / "two", provenance={"seed": 0})
    for path in one.iterdir():
        assert path.read_bytes() == (two / path.name).read_bytes()


def test_the_graph_of_a_run_bears_clusters_and_centrality(tmp_path: Path) -> None:
    # By hand: b is in cluster 2 and has rank .75; c is in no cluster, so it has none.
    network = build(LinkTable(pd.DataFrame([("a", "b", 1.0, "supply"), ("b", "c", 2.0, "supply")], columns=LINK)))
    clusters = Result(pd.DataFrame({"node": ["a", "b"], "cluster": [1, 2], "cluster_name": ["x", "y"]}))
    central = Result(pd.DataFrame({"node": ["a", "b", "c"], "pagerank": [0.1, 0.75, 0.15]}))
    sections = (Section("clusters.csv", "C", clusters), Section("centrality.csv", "P", central))
    place = write(Study("T", Bundle(), network=network, sections=sections), tmp_path / "run", provenance={})
    graph = nx.read_graphml(place / "network.graphml")
    assert graph.nodes["b"]["cluster_name"] == "y"
    assert graph.nodes["b"]["pagerank"] == 0.75
    assert "cluster_name" not in graph.nodes["c"] or not graph.nodes["c"]["cluster_name"]
