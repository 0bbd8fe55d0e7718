"""A plan is checked whole before anything runs, and an error says file, line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.batch.matrix import Runs, expand
from netcluster.batch.plan import read_plan
from netcluster.core.errors import NetclusterError
from tests.batch.fake_commands import Fake


def expanded(folder: Path, text: str, others: tuple[Path, ...] = ()) -> Runs:
    plan = folder / "plan.toml"
    plan.write_text(text, encoding="utf-8")
    return expand(read_plan(plan, Fake()), Fake(), others)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "tables").mkdir(parents=True)
    (home / "tables" / "a.txt").write_text("years 2000 2001 2003\nabba", encoding="utf-8")
    (home / "tables" / "b.txt").write_text("years 2001\nbob", encoding="utf-8")
    (home / "side.csv").write_text("node\n", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return home


STEP = '[[steps]]\ncommand = "count"\n'
HEAD = 'inputs = ["tables/*.txt"]\n'

#: A plan, what its error says, and where.
WRONG = {
    "no inputs": (STEP, "line 1: there are no inputs"),
    "inputs of a number": (f"inputs = 3\n{STEP}", "line 1: there are no inputs"),
    "an input of a number": (f"inputs = [3]\n{STEP}", "line 1: 3 is no input"),
    "nothing found": (f'\ninputs = ["tabels/*.txt"]\n{STEP}', "line 2: 'tabels/*.txt' finds nothing"),
    "a way out": (f'inputs = ["../secret.txt"]\n{STEP}', "outside the folder of the plan"),
    "a way out by a pattern": (f'inputs = ["tables/../../*.txt"]\n{STEP}', "outside the folder of the plan"),
    "the whole disk": (f'inputs = ["/**"]\n{STEP}', "outside the folder of the plan"),
    "a zero byte": (f'inputs = ["a\\u0000b"]\n{STEP}', "a zero byte"),
    "a side file outside": (f'{HEAD}{STEP}side = "../secret.txt"\n', "line 4: '../secret.txt' leads to"),
    "a side file that is absent": (f'{HEAD}{STEP}side = "absent.csv"\n', "line 4: side = 'absent.csv'"),
    "an amount that is a file outside": (f'{HEAD}{STEP}demand = ["../secret.txt"]\n', "line 4: '../secret.txt'"),
    "no steps": (HEAD, "line 1: there are no steps"),
    "a step without a command": (f"{HEAD}[[steps]]\nfactor = 1\n", "line 2: the step names no command"),
    "an unknown command": (f'{HEAD}[[steps]]\ncommand = "coumt"\n', "line 3: there is no command 'coumt' for a plan."),
    "an unknown option": (f"{HEAD}{STEP}faktor = 2\n", "line 4: count has no option 'faktor'. Did you mean 'factor'?"),
    "a value of the wrong kind": (f'{HEAD}{STEP}factor = "much"\n', "line 4: count: Invalid value for '--factor'"),
    "a flag with a value": (f"{HEAD}{STEP}broken = 3\n", "line 4: broken = 3: the option is on or off"),
    "a value that is a flag": (f"{HEAD}{STEP}factor = true\n", "line 4: factor = True: the option takes a value"),
    "a table as a value": (f"{HEAD}{STEP}factor = {{a = 1}}\n", "line 4: factor = {'a': 1} is no value"),
    "no values": (f"{HEAD}{STEP}factor = []\n", "line 4: factor = [] is no value"),
    "a value twice": (f"{HEAD}{STEP}factor = [1, 1]\n", "line 4: factor = [1, 1] names a value twice"),
    "a key that is none": (f"yaers = 2000\n{HEAD}{STEP}", "line 1: a plan has no 'yaers'. Did you mean 'years'?"),
    "years in a step": (f"{HEAD}{STEP}years = 2000\n", "line 4: years does not belong into a step"),
    "years that are none": (f'years = "2000-"\n{HEAD}{STEP}', "line 1: '2000-' are no years"),
    "years backwards": (f'years = "2014-2000"\n{HEAD}{STEP}', "line 1: '2014-2000' are no years"),
    "years of none": (f"years = 1999\n{HEAD}{STEP}", "tables/a.txt has 2000–2003, none of 1999"),
    "regions of numbers": (f"regions = [1]\n{HEAD}{STEP}", "line 1: [1] are no regions"),
    "a shared option of no step": (f"{HEAD}{STEP}[parameters]\nwide = 1\n", "line 5: no step has an option 'wide'"),
    "a name with a slash": (f'{HEAD}{STEP}name = "a/../b"\n', "line 4: 'a/../b' is no name for a step"),
    "a name twice": (f'{HEAD}{STEP}name = "a"\n{STEP}name = "a"\n', "line 7: two steps are called 'a'"),
    "no TOML": ("inputs = [\n", "is no TOML"),
    "brackets without end": ("a = " + "[" * 100_000, "is no TOML"),
    "too many runs": (
        HEAD + STEP + "".join(f"{name} = {list(range(200))}\n" for name in ("factor", "seconds", "grow")),
        "line 2: the plan gives 16000000 runs or more",
    ),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_with_its_line(folder: Path, text: str, said: str) -> None:
    with pytest.raises(NetclusterError) as caught:
        expanded(folder, text)
    assert said in caught.value.message
    assert "plan.toml" in caught.value.message
    assert caught.value.hint


def test_a_link_that_leads_out_is_refused(folder: Path) -> None:
    (folder / "tables" / "link.txt").symlink_to(folder.parent / "secret.txt")
    with pytest.raises(NetclusterError, match="outside the folder"):
        expanded(folder, HEAD + STEP)


def test_a_folder_named_beside_the_plan_may_be_read(folder: Path) -> None:
    runs = expanded(folder, f'inputs = ["../secret.txt"]\n{STEP}', (folder.parent,))
    assert [run.input for run in runs.runs] == ["../secret.txt"]


def test_a_matrix_by_hand(folder: Path) -> None:
    text = f'{HEAD}years = "2001-2003"\n{STEP}factor = [2, 3]\nletters = ["a", "b"]\n[parameters]\ngrow = 0\n'
    runs = expanded(folder, text)
    seen = [(run.input, run.job.year, run.varied["factor"]) for run in runs.runs]
    assert seen == [
        ("tables/a.txt", "2001", 2),
        ("tables/a.txt", "2001", 3),
        ("tables/a.txt", "2003", 2),
        ("tables/a.txt", "2003", 3),
        ("tables/b.txt", "2001", 2),
        ("tables/b.txt", "2001", 3),
    ]
    assert {run.job.options["letters"] for run in runs.runs} == {("a", "b")}
    assert runs.notes == (
        "tables/a.txt has 2000–2003: 1 of the years of 2001-2003 are not in it.",
        "tables/b.txt has 2001: 2 of the years of 2001-2003 are not in it.",
    )
    assert len({run.job.key for run in runs.runs}) == 6


def test_a_key_hangs_on_bytes_options_and_versions_alone(folder: Path) -> None:
    def keys(text: str) -> list[str]:
        return [run.job.key for run in expanded(folder, text).runs]

    plain = keys(HEAD + STEP)
    assert keys(HEAD + STEP + "factor = 1\n") == plain  # the default, written out
    assert keys(f'{HEAD}years = ""\n{STEP}name = "other"\n') == plain
    assert not set(keys(HEAD + STEP + "factor = 2\n")) & set(plain)
    with_side = keys(f'{HEAD}{STEP}side = "side.csv"\n')
    (folder / "side.csv").write_text("node\nx\n", encoding="utf-8")
    assert not set(keys(f'{HEAD}{STEP}side = "side.csv"\n')) & set(with_side)
    (folder / "tables" / "b.txt").write_text("years 2001\nBOB", encoding="utf-8")
    again = keys(HEAD + STEP)
    assert again[0] == plain[0]
    assert again[1] != plain[1]


def test_files_that_belong_together_are_one_input(folder: Path) -> None:
    runs = expanded(folder, f'inputs = [["tables/a.txt", "tables/b.txt"], "tables/a.txt", "tables/*.txt"]\n{STEP}')
    assert [run.input for run in runs.runs] == ["tables/a.txt + tables/b.txt", "tables/a.txt", "tables/b.txt"]
    assert len(runs.runs[0].job.inputs) == 2


def test_a_plan_with_a_byte_order_mark_and_other_line_ends_is_read(folder: Path) -> None:
    plan = folder / "plan.toml"
    plan.write_bytes(b"\xef\xbb\xbf" + (HEAD + STEP).replace("\n", "\r\n").encode())
    assert len(expand(read_plan(plan, Fake()), Fake()).runs) == 2
