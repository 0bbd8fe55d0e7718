"""`netcluster batch`: a plan of the real commands, checked, run, killed, resumed and collected."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from netcluster_cli.main import run
from netcluster_cli.planned import NOT_PLANNED, CommandLine, _planned
from netcluster_datasets import path
from tests.shared import shared_data

STEPS = """
[[steps]]
command = "clusters"
resolution = [0.5, 1.0]
effort = "quick"
[[steps]]
command = "risk dependence"
top = 5
sort = "-hhi"
select = ["node", "hhi"]
[[steps]]
command = "impact"
demand = [["A=1"], ["demand.csv"]]
[[steps]]
command = "shock"
scenario = ["flood.csv", "strike.csv"]
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    io = Path(path("miller-blair"))
    tables = sorted(io.glob("*.csv")) if io.is_dir() else [io]
    (tmp_path / "tables").mkdir()
    for table in tables:
        (tmp_path / "tables" / table.name).write_bytes(table.read_bytes())
    first: str = pd.read_csv(tables[0], dtype=str).iloc[:, 0].tolist()[0]
    (tmp_path / "demand.csv").write_text(f"node,amount\n{first},2\n", encoding="utf-8")
    (tmp_path / "flood.csv").write_text(f"node,remaining\n{first},0.5\n", encoding="utf-8")
    (tmp_path / "strike.csv").write_text(f"node,remaining\n{first},0.9\n", encoding="utf-8")
    text = f'inputs = ["tables"]\n{STEPS}'.replace("A=1", f"{first}=1")
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    return tmp_path / "plan.toml"


def content(folder: Path) -> dict[str, str]:
    return {
        item.relative_to(folder).as_posix(): hashlib.sha256(item.read_bytes()).hexdigest()
        for item in sorted(folder.rglob("*"))
        if item.is_file() and item.name not in ("run.json", ".lock")
    }


def test_a_run_gives_what_its_command_line_gives(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["batch", "run", "plan.toml", "-o", "out", "--jobs", "1"]) == 0
    assert "7 runs done, 0 done before, 0 failed." in capsys.readouterr().err
    runs = pd.read_parquet("out/results/runs.parquet")
    assert runs["status"].tolist() == ["done"] * 7
    for entry in runs.itertuples():
        words = str(entry.line).split()
        assert run([*words[1:], "--threads", "1", "-o", "alone.parquet", "--force", "--quiet"]) == 0
        alone = pd.read_parquet("alone.parquet")
        pd.testing.assert_frame_equal(pd.read_parquet(f"out/runs/{entry.run}.parquet"), alone)
    rows = pd.read_parquet("out/results/impact")
    assert rows["demand"].unique().tolist()[1] == "demand.csv"
    assert run(["batch", "status", "out"]) == 0
    assert "clusters,2,2,0,0" in capsys.readouterr().out


STUDIES = """
inputs = ["tables"]
[parameters]
effort = "quick"
[[steps]]
command = "analyze"
[[steps]]
command = "analyze"
name = "bare"
no_report = true
seed = [0, 1]
"""


def test_a_study_a_run_lands_as_the_folder_analyze_writes_and_its_tables_are_gathered(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    plan.write_text(STUDIES, encoding="utf-8")
    assert run(["batch", "run", "plan.toml", "-o", "out", "--jobs", "1"]) == 0
    whole = content(tmp_path / "out")
    runs = pd.read_parquet("out/results/runs.parquet")
    for entry in runs.itertuples():
        words = str(entry.line).removesuffix("study").split()
        assert run([*words[1:-1], f"{words[-1]}alone", "--threads", "1", "--force", "--quiet"]) == 0
        landed = content(tmp_path / "out" / str(entry.folder))
        assert content(tmp_path / "alone") == {k: mark for k, mark in landed.items() if not k.startswith("tables/")}
        assert ("report.html" in landed) == (entry.step == "analyze")
    sectors = pd.read_parquet("out/results/bare/sectors")
    assert sectors["seed"].tolist() == [0] * 2 + [1] * 2
    from_csv = pd.read_csv("alone/sectors.csv", dtype={"sector": str})[["sector", "output", "output_multiplier"]]
    pd.testing.assert_frame_equal(sectors[from_csv.columns][:2], from_csv, check_dtype=False)
    findings = pd.read_parquet("out/results/findings.parquet").merge(runs, on="run")
    assert findings.groupby("step").size()["bare"] == 2 * findings.groupby("step").size()["analyze"] > 0
    # Cut short, it is made again, by another worker, to the same bytes.
    (tmp_path / "out" / runs["folder"][0] / "sectors.csv").unlink()
    assert run(["batch", "run", "plan.toml", "-o", "out", "--jobs", "2"]) == 0
    assert "1 runs done, 2 done before, 0 failed." in capsys.readouterr().err
    assert content(tmp_path / "out") == whole


def test_the_runs_of_a_plan_are_printed_and_nothing_is_run(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", "run", str(plan), "--dry-run"]) == 0
    done = capsys.readouterr()
    assert done.out.count("\n") == 8
    assert "netcluster clusters tables --resolution=0.5 --effort=quick" in done.out
    assert "7 runs; nothing was run." in done.err
    assert not (plan.parent / "out").exists()


#: A change to the plan, and what is said.
WRONG = {
    "a misspelt option": ("top = 5", "tpo = 5", "line 9: risk dependence has no option 'tpo'. Did you mean 'top'?"),
    "a wrong choice": ('"quick"', '"quik"', "line 6: clusters: Invalid value for '--effort': 'quik' is not one of"),
    "a wrong number": ("[0.5, 1.0]", '["high"]', "line 5: clusters: Invalid value for '--resolution': 'high' is not"),
    "a number out of range": ("top = 5", "top = 0", "line 9: risk dependence: Invalid value for '--top': 0 is not in"),
    "a value that reads like an option": ('"-hhi"', '"--help"', "there is no column"),
    "options that don't go together": ('scenario = ["flood.csv", "strike.csv"]', "draws = 5", "Give --scenario FILE"),
    "a command that is no analysis": ('"clusters"', '"datasets"', "there is no command 'datasets' for a plan."),
    "where output goes": ("top = 5", 'output = "x"', "risk dependence has no option 'output'"),
}


@pytest.mark.parametrize(("before", "after", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_plan_is_two_lines(
    plan: Path, before: str, after: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(plan.read_text().replace(before, after), encoding="utf-8")
    code = run(["batch", "run", str(plan), "-o", str(plan.parent / "out"), "--jobs", "1", "--format", "csv"])
    printed = capsys.readouterr()
    assert code == 1
    assert said.lower() in (printed.err + printed.out).lower()
    assert "Traceback" not in printed.err


def test_failed_runs_are_a_table_and_exit_code_1(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (plan.parent / "flood.csv").write_text("node,remaining\nATLANTIS,0.5\n", encoding="utf-8")
    out = plan.parent / "out"
    assert run(["batch", "run", str(plan), "-o", str(out), "--jobs", "1"]) == 1
    done = capsys.readouterr()
    assert "6 runs done, 0 done before, 1 failed." in done.err
    assert "ATLANTIS" in done.out
    assert run(["batch", "run", str(plan), "-o", str(out), "--jobs", "1", "--retry-failed"]) == 1
    assert "0 runs done, 6 done before, 1 failed." in capsys.readouterr().err
    (plan.parent / "flood.csv").write_text((plan.parent / "strike.csv").read_text(), encoding="utf-8")
    assert run(["batch", "run", str(plan), "-o", str(out), "--jobs", "1"]) == 0
    assert run(["batch", "collect", str(out)]) == 0


def test_status_of_what_is_no_batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", "status", str(tmp_path)]) == 1
    assert "is no batch" in capsys.readouterr().err


def test_sizes_of_memory(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", "run", str(plan), "--dry-run", "--memory", "4GB"]) == 0
    assert run(["batch", "run", str(plan), "--dry-run", "--memory", "much"]) == 2
    assert "'much' is no size" in capsys.readouterr().err


def test_every_option_of_every_command_is_planned_or_left_out_on_purpose() -> None:
    commands = CommandLine()
    for name in commands.names():
        forms = commands.options(name)
        assert len(forms) == len(_planned(name))
        assert not {key.replace("-", "_") for key in forms} & (NOT_PLANNED - {"form", "out"}), name
    assert commands.options("shock")["scenario"] == "file"
    assert commands.options("impact")["demand"] == "amounts"
    assert commands.options("sectors")["by-region"] == "flag"
    assert commands.options("sectors")["multipliers"] == "list"


WIOD = """
inputs = ["{deu}/*.xlsx", "{kor}/*.xlsx"]
years = "{years}"
[[steps]]
command = "shock"
scenario = ["flood.csv", "strike.csv", "energy.csv"]
[[steps]]
command = "sectors"
"""


def wiod(folder: Path, years: str) -> list[str]:
    deu, kor = shared_data("wiod16_niot_deu"), shared_data("wiod16_niot_kor")
    for name, node, left in (("flood", "C29", 0.5), ("strike", "H49", 0.8), ("energy", "D35", 0.9)):
        (folder / f"{name}.csv").write_text(f"node,remaining\n{node},{left}\n", encoding="utf-8")
    (folder / "wiod.toml").write_text(WIOD.format(deu=deu, kor=kor, years=years), encoding="utf-8")
    return ["batch", "run", "wiod.toml", f"--folder={deu.parent}"]


def started(words: list[str], folder: Path, **environment: str) -> subprocess.Popen[bytes]:
    where: Mapping[str, str] = os.environ | environment
    command = [sys.executable, "-m", "netcluster_cli", *words]
    return subprocess.Popen(command, cwd=folder, env=where, stderr=subprocess.DEVNULL)


def killed(words: list[str], folder: Path, out: str, records: int) -> None:
    """Kill a batch with -9 once so many runs have landed."""
    process = started([*words, "-o", out], folder)
    limit = time.monotonic() + 120
    while time.monotonic() < limit and process.poll() is None:
        if len(list((folder / out / "runs").glob("[!.]*.json"))) >= records:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.slow
def test_all_years_of_germany_and_korea_killed_resumed_and_equal_on_dask(tmp_path: Path) -> None:
    """120 runs: processes, killed twice; a Dask cluster, killed once; one process under another hash seed."""
    pytest.importorskip("distributed")
    words = wiod(tmp_path, "2000-2014")
    for records in (10, 60):
        killed([*words, "--jobs", "2"], tmp_path, "processes", records)
    killed([*words, "--engine", "dask", "--jobs", "2"], tmp_path, "dask", 30)
    assert started([*words, "-o", "processes", "--jobs", "4"], tmp_path).wait() == 0
    assert started([*words, "-o", "dask", "--engine", "dask", "--jobs", "2"], tmp_path).wait() == 0
    assert started([*words, "-o", "one", "--jobs", "1"], tmp_path, PYTHONHASHSEED="4711").wait() == 0
    found = content(tmp_path / "processes")
    assert len([name for name in found if name.startswith("runs/")]) == 240
    assert found == content(tmp_path / "dask") == content(tmp_path / "one")
    shocks = pd.read_parquet(tmp_path / "processes/results/shock")
    assert shocks.groupby(["input", "year", "scenario"]).ngroups == 90


def test_years_read_in_one_pass_are_those_read_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = wiod(tmp_path, "2013-2014")
    monkeypatch.chdir(tmp_path)
    assert run([*words, "-o", "out", "--jobs", "1", "--quiet"]) == 0
    runs = pd.read_parquet("out/results/runs.parquet")
    assert len(runs) == 16
    entry = runs[runs["step"] == "sectors"].iloc[0]
    assert run([*str(entry["line"]).split()[1:], "--threads", "1", "--quiet", "-o", "alone.parquet"]) == 0
    pd.testing.assert_frame_equal(pd.read_parquet(f"out/runs/{entry['run']}.parquet"), pd.read_parquet("alone.parquet"))
