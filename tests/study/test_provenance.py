"""What made a run, without anything that differs between equal runs."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.study.provenance import fingerprints, plain, provenance, run_record
from netcluster.study.rerun import arguments_again, compare, read_record


def test_inputs_are_named_without_their_folder(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"x")
    record = provenance("netcluster sectors", [file], {"labels": tmp_path / "labels.csv", "top": 3}, seed=1)
    assert record["inputs"] == [{"name": "a.csv", "bytes": 1, "sha256": hashlib.sha256(b"x").hexdigest()}]
    assert str(tmp_path) not in json.dumps(record)
    assert record["options"] == {"labels": "labels.csv", "top": 3}


def test_a_folder_stands_for_its_files_in_order(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "run.json"):
        (tmp_path / name).touch()
    assert [item["name"] for item in fingerprints(tmp_path)] == ["a.csv", "b.csv"]


def test_standard_input_has_no_fingerprint() -> None:
    assert fingerprints("-") == [{"name": "-", "bytes": None, "sha256": None}]


def test_plain_values() -> None:
    assert plain({"a": (1, Path("x/y.csv"), None), "b": object}) == {"a": [1, "y.csv", None], "b": "<class 'object'>"}


def record_of(tmp_path: Path) -> Path:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("1")
    target.write_text("2")
    made = provenance("netcluster sectors", [source], {})
    run = run_record(
        made,
        arguments=["sectors", "in.csv", "-o", "out.csv", "--force"],
        inputs=[source],
        outputs=[target],
        started=time.time(),
    )
    path = tmp_path / "out.csv.run.json"
    path.write_text(json.dumps(run))
    return path


def test_a_run_is_given_again_elsewhere(tmp_path: Path) -> None:
    document = read_record(record_of(tmp_path))
    again = tmp_path / "again.csv"
    assert arguments_again(document, again, force=False) == ["sectors", "in.csv", "-o", str(again)]
    again.write_text("2")
    assert compare(document, again) == []
    again.write_text("3")
    assert compare(document, again)[0] == "out.csv has other bytes."


def test_a_changed_input_is_said(tmp_path: Path) -> None:
    document = read_record(record_of(tmp_path))
    (tmp_path / "in.csv").write_text("other")
    with pytest.raises(NetclusterError, match=r"in\.csv is not what it was"):
        arguments_again(document, tmp_path / "again.csv", force=False)


@pytest.mark.parametrize("text", ["", "{}", "[1]", "not json", "\udcff"])
def test_what_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(NetclusterError, match="not a run record"):
        read_record(path)
