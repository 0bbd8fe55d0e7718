"""Every example of the documentation runs: Python as doctests, the shell's as commands with their output."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.joinpath("docs").rglob("*.md"), ROOT / "README.md"])
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if ">>>" not in page.read_text(encoding="utf-8"):
        return
    monkeypatch.chdir(tmp_path)
    outcome = doctest.testfile(str(page), module_relative=False, optionflags=FLAGS, encoding="utf-8")
    assert outcome.failed == 0


@pytest.mark.docs
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_shell_examples(page: Path, tmp_path: Path) -> None:
    """Run the `$` lines of a page's console blocks in one empty folder, in order; `...` matches anything."""
    for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
        for command, expected in _steps(block):
            got = _shell(command, tmp_path)
            if expected.strip():
                same = doctest.OutputChecker().check_output(expected, got, FLAGS)
                assert same, f"{page.name}: $ {command}\n--- expected\n{expected}\n--- got\n{got}"


def _steps(block: str) -> list[tuple[str, str]]:
    steps: list[tuple[str, str]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], ""))
        elif steps:
            command, expected = steps[-1]
            steps[-1] = (command, f"{expected}{line}\n")
    return steps


def _shell(command: str, folder: Path) -> str:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode in (0, 3), f"$ {command}\n{done.stderr}"
    return done.stdout
