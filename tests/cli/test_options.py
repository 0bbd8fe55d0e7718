"""Values no option can take: not a number, beyond all bounds, no mark, no column; on all commands alike."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from netcluster_cli.main import cli, run
from netcluster_cli.options import Number
from netcluster_datasets import path

VALLEY = path("valley")


def commands(group: click.Group, ctx: click.Context) -> Iterator[click.Command]:
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        yield from commands(command, ctx) if isinstance(command, click.Group) else [command]


def test_no_number_may_be_none() -> None:
    # click's own types let NaN through: it is beyond no bound.
    found = 0
    for command in commands(cli, click.Context(cli)):
        for option in command.params:
            if option.type is click.FLOAT or isinstance(option.type, click.FloatRange):
                assert isinstance(option.type, Number), (command.name, option.name)
                found += 1
    assert found > 20


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "-0.5", "1.5", "half"])
def test_a_share_is_between_0_and_1(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["risk", "dependence", str(VALLEY / "io_2023.csv"), f"--share={value}"]) == 2
    assert "Invalid value for '--share'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["sectors", "io_2023.csv", "--delimiter", "ab"], 1, "can't be parted by 'ab'"),
        (["sectors", "io_2023.csv", "--delimiter", '"'], 1, "can't be parted by"),
        (["sectors", "io_2023.csv", "--decimal", "point"], 1, "'point' is neither a point nor a comma"),
        (["risk", "dominance", "firms.csv", "--by", ","], 2, "--by names no column"),
        (["impact", "io_2023.csv", "--demand", "x" * 3000], 1, "can't be opened"),
    ],
)
def test_what_is_no_mark_no_column_or_no_file_is_said(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [str(VALLEY / word) if word.endswith(".csv") else word for word in arguments]
    assert run(command) == code
    error = capsys.readouterr().err
    assert said in error
    assert "fault of netcluster" not in error
