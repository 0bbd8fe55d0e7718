"""The harness of the benchmarks: rounds become one row, and only what is beyond the noise is called worse."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import __main__ as harness
from benchmarks.__main__ import merged, names, table
from benchmarks.compare import gone, report, worse

ROW = {"benchmark": "a", "name": "x", "ours": 1.0, "peer": 2.0, "unit": "s", "ratio": 0.5}


def test_rounds_become_medians_and_their_noise() -> None:
    (row,) = merged([[ROW], [ROW | {"ours": 3.0, "ratio": 0.75}]])
    assert (row["ours"], row["ratio"], row["noise"]) == (2.0, 0.625, 0.5)
    (once,) = merged([[ROW], []])
    assert once["noise"] is None


def test_worse_is_what_is_beyond_the_noise_of_both_runs() -> None:
    def rows(ratio: float, noise: float | None) -> dict[str, object]:
        return {"rows": [ROW | {"ratio": ratio, "noise": noise}]}

    assert worse(rows(1.0, 0.1), rows(1.15, 0.1)) == []
    assert worse(rows(1.0, 0.1), rows(1.25, 0.1)) == ["a, x: 1 → 1.25, worse by 25 % (noise 20 %)"]
    assert worse(rows(1.0, None), rows(1.4, None)) == []
    assert worse(rows(1.0, 0.0), rows(0.5, 0.0)) == []


def test_what_is_gone_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    other = {"rows": [ROW | {"name": "y"}]}
    assert gone({"rows": [ROW]}, other) == ["a, x"]
    assert report({"rows": [ROW]}, other) == 0
    assert "Not taken this time: a, x" in capsys.readouterr().out


def test_every_benchmark_is_found_and_the_page_has_a_row_each() -> None:
    assert {"startup", "network", "economy", "clusters", "places", "risk", "batch"} <= set(names())
    machine = {"system": "Linux", "load": 0.0, "python": "3.11", "versions": {"numpy": "2"}}
    page = table({"machine": machine, "minutes": 1.0, "rows": [ROW | {"noise": 0.1}]})
    assert page.splitlines()[-1] == "| a | x | 1 | 2 | s | 0.5 | 10 % |"


def test_a_benchmark_that_fails_is_named_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    real = harness.apart
    monkeypatch.setattr(harness, "apart", lambda name, each: [ROW] if name == "a" else real(name, each))
    rounds, took = harness.taken(["no_such", "a"], 60, 30)
    assert [(row["benchmark"], row["name"]) for row in rounds[0]] == [
        ("no_such", "failed: ended with 1 and no rows"),
        ("a", "x"),
    ]
    assert [row["benchmark"] for row in rounds[1]] == ["a"]
    assert set(took) == {"no_such", "a"}


def test_no_benchmark_begins_without_time_and_one_that_hangs_is_given_up() -> None:
    assert harness.taken(["a"], 1, 30)[0][0][0]["name"] == "not run: no time was left"
    assert harness.apart("startup", 0.1) == [{"name": "given up after 0 s"}]


def test_what_is_done_is_kept_when_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(name: str, _: float) -> harness.Rows:
        if name == "b":
            raise KeyboardInterrupt
        return [ROW]

    monkeypatch.setattr(harness, "apart", stopped)
    rounds, _ = harness.taken(["a", "b", "c"], 60, 30)
    assert [row["name"] for row in rounds[0]] == ["x", "not run: stopped before", "not run: stopped before"]


def test_rows_taken_again_stand_in_the_place_of_the_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text("\ndef run(): ...\n", encoding="utf-8")
    old = {"seconds": {"a": 60.0, "b": 60.0}, "rows": [ROW, ROW | {"benchmark": "b"}]}
    (tmp_path / "RESULTS.json").write_text(json.dumps(old), encoding="utf-8")
    monkeypatch.setattr(harness, "HERE", tmp_path)
    monkeypatch.setattr(harness, "taken", lambda *_: ([[ROW | {"ours": 9.0}], []], {"a": 120.0}))
    assert harness.main(["a", "--into"]) == 0
    found = json.loads((tmp_path / "RESULTS.json").read_text(encoding="utf-8"))
    assert [(row["benchmark"], row["ours"]) for row in found["rows"]] == [("a", 9.0), ("b", 1.0)]
    assert found["minutes"] == 3.0
