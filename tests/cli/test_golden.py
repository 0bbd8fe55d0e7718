"""What people see on a terminal of 80 columns, held word for word.

A file in golden/ begins with the command behind "$ "; the rest is what it prints. What these files hold was read and
judged by people; the figures in them are checked elsewhere against published ones. After a change that is meant, write
them anew with NETCLUSTER_GOLDEN=write, and read the difference before committing it.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from netcluster_cli.main import run
from netcluster_datasets import names
from netcluster_datasets import path as shipped

FILES = sorted((Path(__file__).parent / "golden").glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_golden(file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    home = shipped("miller-blair").parent
    monkeypatch.chdir(home)
    command, _, expected = file.read_text(encoding="utf-8").partition("\n")
    words = shlex.split(command.removeprefix("$ netcluster"))
    told = [os.path.relpath(shipped(word[1:]), home) if word[1:] in names() else word for word in words]
    assert run(told) == 0
    printed = capsys.readouterr().out
    if os.environ.get("NETCLUSTER_GOLDEN") == "write":
        file.write_text(f"{command}\n{printed}", encoding="utf-8")
    assert printed == expected or os.environ.get("NETCLUSTER_GOLDEN") == "write"
