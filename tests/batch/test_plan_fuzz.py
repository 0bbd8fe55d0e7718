"""Plans spoilt at random: a plan runs as it stands or is refused in words, and never reads beyond its folder."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from netcluster.batch import expand, read_plan
from netcluster.core.errors import NetclusterError
from netcluster_cli.planned import CommandLine

PLAN = """# a plan
inputs = ["tables/*.csv", ["tables/a.csv", "tables/b.csv"]]
years = ""
regions = ["A", ["B", "C"]]

[parameters]
seed = [0, 1]

[[steps]]
command = "clusters"
resolution = [0.5, 1.0]

[[steps]]
command = "shock"
name = "floods"
scenario = "flood.csv"
select = ["node", "loss"]
"""
PIECES = (
    '"', "'", "[", "]", "{", "}", "=", "\n", "#", "\\", "\0", '"""', "[[steps]]\n", "..", "/etc/passwd", "**/*", "true", "nan",
    "-1", "1e999", "1979-05-27", "0x", "\u202e", "inputs = 1\n", "command", "x" * 5000, "[" * 2000, "a.b.c = 1\n", ",", "~",
)  # fmt: skip
VALUES = (
    "1", "-1", "1.5", "nan", "inf", "true", '""', '"x"', '"../flood.csv"', '"/etc/passwd"', '"**"', "[]", "[[]]", "{}", "{a = 1}",
    '["flood.csv", 3]', '[["node"], ["loss"]]', "1979-05-27", '"2000-1999"', '"all"', '"clusters"', '"risk dependence"', "0",
    '"--help"', '"flood.csv"', '"tables"', '"\\u0000"', '["*"]', '[["tables/a.csv"]]', "99999999999999999999", '"daily"',
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_plans(tmp_path: Path, seed: int) -> None:
    (tmp_path / "tables").mkdir()
    for name in ("tables/a.csv", "tables/b.csv", "flood.csv"):
        (tmp_path / name).write_text("node,remaining\nA,0.5\n", encoding="utf-8")
    plan = tmp_path / "plan.toml"
    rng = random.Random(seed)
    commands = CommandLine()
    read = refused = 0
    for number in range(80):
        plan.write_text((spoilt, revalued)[number % 2](PLAN, rng), encoding="utf-8")
        try:
            runs = expand(read_plan(plan, commands), commands)
        except NetclusterError as error:
            refused += 1
            assert "plan.toml" in error.message  # noqa: PT017  (a plan may also be fine)
            continue
        read += 1
        assert all(Path(file.path).is_relative_to(tmp_path) for run in runs.runs for file in run.job.files)
    assert refused > 20
    assert read > 0


def spoilt(text: str, rng: random.Random) -> str:
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        place, length = rng.randrange(len(text) + 1), rng.choice((0, 0, 1, 3, 30))
        text = text[:place] + rng.choice(("", *PIECES)) + text[place + length :]
    return text


def revalued(text: str, rng: random.Random) -> str:
    lines = text.splitlines()
    place = rng.choice([number for number, line in enumerate(lines) if " = " in line])
    lines[place] = f"{lines[place].split(' = ')[0]} = {rng.choice(VALUES)}"
    return "\n".join(lines)
