"""The frame of the command line: help, exit codes, errors in two lines, configuration, and its lists."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from netcluster_cli.main import COMMANDS, cli, run


def test_every_command_is_there_with_the_line_the_list_shows() -> None:
    context = click.Context(cli)
    for name, (_, line) in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help is not None
        assert line == command.help.splitlines()[0]


def commands(group: click.Command = cli, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(group, click.Group):
        return [path]
    context = click.Context(group)
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.extend(commands(command, (*path, name)))
    return found


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_help_shows_an_example_first(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*path, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"Usage: netcluster {' '.join(path)}" in text
    assert "--help" in text


def test_a_misspelt_command_is_met_halfway(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyse", "x.csv"]) == 2
    assert "analyze" in capsys.readouterr().err


def test_a_missing_file_is_two_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sectors", str(tmp_path / "absent.csv")]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Error: ")
    assert "absent.csv" in lines[0]
    assert lines[1].startswith("Hint: ")
    assert len(lines) == 2


def test_an_unknown_measure_is_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "hih"]) == 1
    error, hint = capsys.readouterr().err.splitlines()
    assert error == "Error: There is no measure 'hih'."
    assert hint.startswith("Hint: Did you mean")
    assert "hhi" in hint


def test_an_unknown_dataset_is_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["datasets", "path", "germany-1996"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("Error: ")
    assert "germany-1995" in error


def test_a_fault_of_ours_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("oh")

    monkeypatch.setattr("netcluster.core.measures.all_measures", broken)
    assert run(["explain"]) == 1
    error = capsys.readouterr().err
    assert "RuntimeError: oh" in error
    assert "--debug" in error
    with pytest.raises(RuntimeError):
        run(["explain", "--debug"])


def test_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("netcluster.core.measures.all_measures", interrupted)
    assert run(["explain"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped."


def test_ctrl_c_in_a_query_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise RuntimeError("Query interrupted")  # as DuckDB words it

    monkeypatch.setattr("netcluster.core.measures.all_measures", interrupted)
    assert run(["explain"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped."


def test_a_closed_pipe_is_no_error() -> None:
    line = f"{sys.executable} -m netcluster_cli explain | head -c 10"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def test_completion_scripts_are_given(capsys: pytest.CaptureFixture[str]) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert run(["completion", shell]) == 0
        assert "_NETCLUSTER_COMPLETE" in capsys.readouterr().out


def test_the_version_is_the_projects(capsys: pytest.CaptureFixture[str]) -> None:
    import netcluster

    assert run(["--version"]) == 0
    assert netcluster.__version__ in capsys.readouterr().out
