"""The shipped tables can be listed, found and copied."""

from __future__ import annotations

from pathlib import Path

import pytest

import netcluster_datasets as shipped
from netcluster_cli.main import run


def test_list_names_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["datasets", "list"]) == 0
    text = capsys.readouterr().out
    assert [line.split()[0] for line in text.splitlines()] == shipped.names()


@pytest.mark.parametrize("name", shipped.names())
def test_copy_gives_the_same_bytes_and_replaces_nothing(name: str, tmp_path: Path) -> None:
    assert run(["datasets", "copy", name, str(tmp_path)]) == 0
    source = Path(shipped.path(name))
    copied = tmp_path / source.name
    for file in [source] if source.is_file() else sorted(source.glob("*.csv")):
        twin = copied if source.is_file() else copied / file.name
        assert twin.read_bytes() == file.read_bytes()
    assert run(["datasets", "copy", name, str(tmp_path)]) == 1
    assert run(["datasets", "copy", name, str(tmp_path), "--force"]) == 0
