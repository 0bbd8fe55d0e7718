"""A batch: nothing lost, nothing doubled, the same bytes whoever works it off."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netcluster.batch import collect, expand, read_plan, run, status
from netcluster.batch.run import Summary
from netcluster.core.engine import Engine, Serial
from netcluster.core.errors import NetclusterError
from netcluster.core.lock import locked
from netcluster.core.processes import Processes
from tests.batch.fake_commands import Fake


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    for name, text in {"a": "abba", "b": "bob", "c": "cucumber"}.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return written(tmp_path, 'inputs = ["*.txt"]\n[[steps]]\ncommand = "count"\nfactor = [1, 2, 3]\n')


def written(folder: Path, text: str) -> Path:
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def done(plan: Path, out: Path, engine: Engine | None = None, *, retry: bool = False) -> tuple[Summary, list[str]]:
    said: list[str] = []
    runs = expand(read_plan(plan, Fake()), Fake())
    return run(runs, out, Fake(), engine or Serial(), retry_failed=retry, say=said.append), said


def content(folder: Path) -> dict[str, str]:
    """The fingerprint of every file of a batch that may not differ."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("run.json", ".lock")
    }


def test_rows_are_those_counted_by_hand(plan: Path, tmp_path: Path) -> None:
    import pandas as pd

    summary, _ = done(plan, tmp_path / "out")
    assert summary == Summary(9, 9, 0, 0)
    collect(tmp_path / "out")
    frame = pd.read_parquet(tmp_path / "out/results/count")
    assert list(frame.columns) == ["run", "input", "factor", "letter", "count"]
    assert frame.query("input == 'a.txt' and factor == 2")[["letter", "count"]].values.tolist() == [["a", 4], ["b", 4]]


def test_the_same_bytes_whoever_works_it_off(plan: Path, tmp_path: Path) -> None:
    found = []
    engines: tuple[Engine, ...] = (Serial(), Processes(2))
    for number, engine in enumerate(engines):
        done(plan, tmp_path / f"out-{number}", engine)
        collect(tmp_path / f"out-{number}")
        found.append(content(tmp_path / f"out-{number}"))
    assert len(found[0]) == 9 * 2 + 1 + 3
    assert all(other == found[0] for other in found[1:])


def test_done_work_is_not_done_again(plan: Path, tmp_path: Path) -> None:
    done(plan, tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out/runs").iterdir()}
    summary, said = done(plan, tmp_path / "out")
    assert summary == Summary(9, 0, 9, 0)
    assert said == ["9 runs were done before and are not done again."]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out/runs").iterdir()} == times


def test_a_wider_plan_does_only_what_is_added(plan: Path, tmp_path: Path) -> None:
    done(plan, tmp_path / "out")
    plan.write_text(plan.read_text().replace("[1, 2, 3]", "[2, 3, 4]"), encoding="utf-8")
    summary, said = done(plan, tmp_path / "out")
    assert summary == Summary(9, 3, 6, 0)
    assert "3 runs are of an earlier form of the plan: kept in runs/, and not among the results." in said


def test_an_input_that_changed_is_a_run_of_its_own_and_the_old_one_is_kept(plan: Path, tmp_path: Path) -> None:
    done(plan, tmp_path / "out")
    before = content(tmp_path / "out/runs")
    (plan.parent / "a.txt").write_text("abracadabra", encoding="utf-8")
    summary, said = done(plan, tmp_path / "out")
    assert summary == Summary(9, 3, 6, 0)
    assert "3 runs were done with other inputs or versions: kept in runs/, and not among the results." in said
    after = content(tmp_path / "out/runs")
    assert before.items() <= after.items()
    collect(tmp_path / "out")
    import pandas as pd

    frame = pd.read_parquet(tmp_path / "out/results/count")
    assert frame.query("input == 'a.txt' and factor == 1 and letter == 'a'")["count"].tolist() == [5]


def test_an_input_that_changes_under_way_fails_its_run(plan: Path, tmp_path: Path) -> None:
    runs = expand(read_plan(plan, Fake()), Fake())
    (plan.parent / "b.txt").write_text("Bob", encoding="utf-8")
    summary = run(runs, tmp_path / "out", Fake(), Serial())
    assert summary == Summary(9, 6, 0, 3)
    assert set(status(tmp_path / "out")[1]["reason"]) == {"b.txt has changed since the batch began."}


def test_a_failed_run_is_told_and_the_others_go_on(plan: Path, tmp_path: Path) -> None:
    plan = written(
        plan.parent, 'inputs = ["*.txt"]\n[[steps]]\ncommand = "count"\nbroken = [false, true]\nbug = false\n'
    )
    summary, _ = done(plan, tmp_path / "out", Processes(2))
    assert summary == Summary(6, 3, 0, 3)
    counts, failures, _ = status(tmp_path / "out")
    assert counts.values.tolist() == [["count", 6, 3, 3, 0]]
    assert failures.iloc[0].tolist() == ["count a.txt --broken=True --bug=False", "The table is empty.", "Fill it."]
    assert done(plan, tmp_path / "out")[0] == Summary(6, 0, 3, 3)
    assert done(plan, tmp_path / "out", retry=True)[0] == Summary(6, 0, 3, 3)


def test_a_fault_of_ours_is_recorded_and_no_traceback(plan: Path, tmp_path: Path) -> None:
    plan = written(plan.parent, 'inputs = ["a.txt"]\n[[steps]]\ncommand = "count"\nbug = true\n')
    assert done(plan, tmp_path / "out")[0].failed == 1
    reason = status(tmp_path / "out")[1]["reason"].item()
    assert reason.startswith("netcluster failed: ZeroDivisionError: division by zero (tests.batch.fake_commands, line")


def test_a_worker_killed_once_changes_nothing(plan: Path, tmp_path: Path) -> None:
    text = f'inputs = ["*.txt"]\n[[steps]]\ncommand = "count"\ndie = "{tmp_path / "dead"}"\n'
    plan = written(plan.parent, text)
    summary, _ = done(plan, tmp_path / "out", Processes(2))
    assert summary == Summary(3, 3, 0, 0)
    assert (tmp_path / "dead").exists()
    done(plan, tmp_path / "alone")
    assert content(tmp_path / "out") == content(tmp_path / "alone")


def test_a_run_that_always_kills_its_worker_fails_and_the_others_go_on(plan: Path, tmp_path: Path) -> None:
    plan = written(plan.parent, 'inputs = ["a.txt"]\n[[steps]]\ncommand = "count"\ndie = ["", "always"]\n')
    summary, _ = done(plan, tmp_path / "out", Processes(2))
    assert summary == Summary(2, 1, 0, 1)
    assert set(status(tmp_path / "out")[1]["reason"].str.slice(0, 33)) == {"Its worker process died 3 times: "}


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is watched where /proc tells of it")
def test_a_worker_that_takes_too_much_memory_is_ended(plan: Path, tmp_path: Path) -> None:
    plan = written(plan.parent, 'inputs = ["a.txt"]\n[[steps]]\ncommand = "count"\ngrow = [0, 900_000_000]\n')
    summary, _ = done(plan, tmp_path / "out", Processes(1, memory=500_000_000))
    assert summary == Summary(2, 1, 0, 1)
    assert status(tmp_path / "out")[1]["reason"].item() == "It took more than the 0.5 GB of memory a worker may take."


def test_two_batches_on_one_folder(plan: Path, tmp_path: Path) -> None:
    done(plan, tmp_path / "out")
    with locked(tmp_path / "out"):
        with pytest.raises(NetclusterError, match=f"is in use by process {os.getpid()}"):
            done(plan, tmp_path / "out")
        with pytest.raises(NetclusterError, match="is in use"):
            collect(tmp_path / "out")
        assert str(os.getpid()) in status(tmp_path / "out")[2]
    assert status(tmp_path / "out")[2] == ""
    assert done(plan, tmp_path / "out")[0].before == 9


def test_a_folder_that_holds_something_else_is_left_alone(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(NetclusterError, match="holds something that is no batch"):
        done(plan, tmp_path / "out")


def test_rows_cut_short_are_made_again(plan: Path, tmp_path: Path) -> None:
    done(plan, tmp_path / "out")
    before = content(tmp_path / "out")
    first, second, third = sorted((tmp_path / "out/runs").glob("*.parquet"))[:3]
    first.write_bytes(first.read_bytes()[:10])
    second.unlink()
    third.with_suffix(".json").write_text('{"status": ', encoding="utf-8")
    assert done(plan, tmp_path / "out")[0] == Summary(9, 3, 6, 0)
    assert content(tmp_path / "out") == before


def test_rows_of_other_bytes_are_never_collected(plan: Path, tmp_path: Path) -> None:
    done(plan, tmp_path / "out")
    path = sorted((tmp_path / "out/runs").glob("*.parquet"))[0]
    path.write_bytes(path.read_bytes()[::-1])
    with pytest.raises(NetclusterError, match="is not what was written"):
        collect(tmp_path / "out")


def test_a_clock_that_jumps_back_changes_nothing(plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done(plan, tmp_path / "out")
    before = content(tmp_path / "out")
    monkeypatch.setattr(time, "time", lambda: 0.0)
    for path in (tmp_path / "out/runs").iterdir():
        os.utime(path, (4e9, 4e9))
    assert done(plan, tmp_path / "out")[0].before == 9
    shutil.rmtree(tmp_path / "out")
    done(plan, tmp_path / "out")
    assert content(tmp_path / "out") == before
    assert json.loads((tmp_path / "out/run.json").read_text())["date"] == "1970-01-01T00:00:00Z"


SCRIPT = """
import sys
from pathlib import Path
from netcluster.batch import expand, read_plan, run
from netcluster.core.processes import Processes
from fake_commands import Fake
if __name__ == "__main__":
    plan, out = map(Path, sys.argv[1:])
    run(expand(read_plan(plan, Fake()), Fake()), out, Fake(), Processes(2))
"""


def test_killed_and_resumed(plan: Path, tmp_path: Path) -> None:
    """Kill the batch three times on its way; what has landed stays, and the end is that of one that was left alone."""
    text = 'inputs = ["*.txt"]\n[[steps]]\ncommand = "count"\nfactor = [1, 2, 3, 4, 5]\nseconds = 0.05\n'
    plan = written(plan.parent, text)
    script = tmp_path / "batch.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(script), str(plan), str(tmp_path / "out")]
    for records in (1, 4, 9):
        process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)})
        limit = time.monotonic() + 60
        while len(list((tmp_path / "out/runs").glob("[!.]*.json"))) < records and time.monotonic() < limit:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        landed = content(tmp_path / "out/runs")
    summary, _ = done(plan, tmp_path / "out")
    assert summary.before >= 9
    assert summary.failed == 0
    assert landed.items() - content(tmp_path / "out/runs").items() <= {
        item for item in landed.items() if ".netcluster-" in item[0]
    }
    done(plan, tmp_path / "alone")
    assert content(tmp_path / "out") == content(tmp_path / "alone")
