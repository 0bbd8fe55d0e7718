"""A batch: the runs of a plan that are not done yet, on an engine, each landed as it comes."""

from __future__ import annotations

import errno
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.batch.commands import Commands, Job
from netcluster.batch.matrix import Runs
from netcluster.batch.store import Folder, Listed, listed
from netcluster.batch.work import Outcome, Worker, failed
from netcluster.core import progress
from netcluster.core.engine import Engine, Lost
from netcluster.core.errors import NetclusterError
from netcluster.core.files import write_text
from netcluster.core.lock import holder, locked
from netcluster.study.jsonable import dumps

if TYPE_CHECKING:
    import pandas as pd

#: Told what goes on, one sentence each; the command line prints them.
Say = Callable[[str], None]


@dataclass(frozen=True)
class Summary:
    """How a batch ended: how many runs were done in this session, were done before, and failed."""

    runs: int
    done: int
    before: int
    failed: int


def run(
    runs: Runs,
    out: Path,
    commands: Commands,
    engine: Engine,
    *,
    retry_failed: bool = False,
    say: Say = lambda _: None,
) -> Summary:
    """Do what is left of a batch and land each result.

    Parameters
    ----------
    runs : Runs
        What `expand` gave.
    out : path
        The folder of the batch: a new one, or one to go on with.
    commands : Commands
        Who answers the jobs.
    engine : Engine
        Where they are worked off.
    retry_failed : bool
        Do runs again that failed before.
    say : callable
        Told what goes on.

    Raises
    ------
    NetclusterError
        Where the folder is in use, can't be written or is full, or the engine is lost. What was done stays done.
    """
    folder = Folder(out)
    folder.create()
    started, clock = time.time(), time.monotonic()
    with locked(out):
        folder.sweep()
        folder.list_runs(runs)
        for note in runs.notes:
            say(note)
        todo, before = _left(runs, folder, retry_failed=retry_failed)
        _say_kept(folder, runs, len(before), say)
        done = gone = 0
        if todo:
            with engine as working:
                say(f"{len(todo)} runs on {working.description}.")
                worker = Worker(commands, runs.versions)
                landed = _landed(todo, folder, working, worker)
                for status in progress.track(landed, "runs", len(todo)):
                    done, gone = done + (status == "done"), gone + (status == "failed")
        earlier = sum(status == "failed" for status in before.values())
        summary = Summary(len(todo) + len(before), done, len(before) - earlier, gone + earlier)
        write_text(out / "run.json", dumps(_session(summary, engine, started, time.monotonic() - clock)))
    return summary


def status(out: Path) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Return a row a step with its counts, a row a failed run with its reason, and who works on it just now."""
    import pandas as pd

    folder = Folder(out)
    runs, _ = folder.listed()
    records = {entry.key: folder.record(entry.key) for entry in runs}
    counts: dict[str, dict[str, int]] = {}
    failures = []
    for entry in runs:
        record = records[entry.key]
        state = "to_do" if record is None else str(record["status"])
        step = counts.setdefault(entry.step, {"runs": 0, "done": 0, "failed": 0, "to_do": 0})
        step["runs"] += 1
        step[state] += 1
        if record is not None and state == "failed":
            failures.append({"run": entry.line, "reason": record["reason"], "hint": record["hint"]})
    frame = pd.DataFrame([{"step": step, **count} for step, count in counts.items()])
    return frame, pd.DataFrame(failures, columns=["run", "reason", "hint"]), holder(out)


def _left(runs: Runs, folder: Folder, *, retry_failed: bool) -> tuple[dict[str, tuple[Listed, Job]], dict[str, str]]:
    """Return the runs to be done, each once, and the status of those that are not."""
    found = {item.job.key: (listed(item), item.job) for item in runs.runs}
    states = folder.statuses(found)
    again = {"to do", "failed"} if retry_failed else {"to do"}
    # By input, so that a worker which has one at hand goes on with it.
    keys = sorted((key for key, state in states.items() if state in again), key=lambda key: found[key][1].paths)
    return {key: found[key] for key in keys}, {key: state for key, state in states.items() if state not in again}


def _landed(todo: Mapping[str, tuple[Listed, Job]], folder: Folder, engine: Engine, worker: Worker) -> Iterator[str]:
    """Yield the status of each run once it has landed."""
    entries: Sequence[tuple[Listed, Job]] = list(todo.values())

    def files(job: Job) -> dict[str, str]:
        return {file.sha256: file.path for file in job.files}

    for number, outcome in engine.completed(worker, (job for _, job in entries), files):
        settled: Outcome = failed(outcome.reason) if isinstance(outcome, Lost) else outcome
        try:
            folder.land(entries[number][0], settled)
        except NetclusterError as error:
            cause = error.__cause__
            full = isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)
            raise NetclusterError(
                f"The batch stopped: {error.message}",
                f"{error.hint} Then give the same command: what is done stays done." if full else error.hint,
            ) from error
        yield settled.status


def _say_kept(folder: Folder, runs: Runs, before: int, say: Say) -> None:
    """Say what is there already."""
    if before:
        say(f"{before} runs were done before and are not done again.")
    changed, other = folder.others(listed(item) for item in runs.runs)
    if changed:
        say(f"{changed} runs were done with other inputs or versions: kept in runs/, and not among the results.")
    if other:
        say(f"{other} runs are of an earlier form of the plan: kept in runs/, and not among the results.")


def _session(summary: Summary, engine: Engine, started: float, seconds: float) -> dict[str, object]:
    return {
        "schema": 1,
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(seconds, 3),
        "host": platform.node(),
        "engine": engine.description,
        "runs": summary.runs,
        "done": summary.done,
        "done_before": summary.before,
        "failed": summary.failed,
    }
