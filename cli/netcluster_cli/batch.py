"""`netcluster batch`: many runs from one plan."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt

if TYPE_CHECKING:
    from netcluster.batch import Runs
    from netcluster.core.engine import Engine


class Memory(click.ParamType[Any]):
    """`4GB` as bytes."""

    name = "SIZE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the size."""
        units = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
        text = str(value).strip().upper().removesuffix("B").removesuffix("I")
        number, unit = (text[:-1], text[-1]) if text[-1:] in ("K", "M", "G", "T") else (text, "")
        try:
            size = int(float(number) * units[unit])
        except (ValueError, OverflowError):
            size = 0
        if size < 50_000_000:
            self.fail(f"{value!r} is no size of 50MB or more, such as 4GB.", param, ctx)
        return size


@click.group()
def batch() -> None:
    """Many runs from one plan, in parallel, resumed where they were stopped.

    \b
    netcluster batch run PLAN.toml -o DIR
    """


@batch.command()
@click.argument("plan", type=click.Path(path_type=Path), help="A PLAN.toml: inputs, years, regions, steps.")
@click.option("-o", "--output", "out", metavar="DIR", default=None, type=click.Path(path_type=Path), help="The folder.")
@click.option("--dry-run", is_flag=True, help="Check the plan and print its runs; run nothing.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Worker processes; all cores where left out.")
@click.option(
    "--engine", type=click.Choice(["processes", "dask"]), default="processes", show_default=True, help="Who works."
)
@click.option("--scheduler", metavar="ADDRESS", default="", help="A running Dask scheduler: tcp://host:8786.")
@click.option("--memory", type=Memory(), default=None, help="The most a worker may take: 4GB.")
@click.option(
    "--folder", "folders", multiple=True, type=click.Path(path_type=Path), help="A folder the plan may read too."
)
@click.option("--retry-failed", is_flag=True, help="Do failed runs again.")
@click.option("--resume", is_flag=True, help="Go on where the batch was stopped (always so).")
@click.option("--format", "form", type=click.Choice(opt.FORMATS), default=None, help="Of the lists of runs.")
@opt.common
@click.pass_context
def run(ctx: click.Context, /, **flags: Any) -> None:
    """Do the runs of a plan that are not done yet, and collect them.

    \b
    netcluster batch run PLAN.toml -o DIR --dry-run
    netcluster batch run PLAN.toml -o DIR --jobs 4
    netcluster batch run PLAN.toml -o DIR --engine dask --scheduler tcp://head:8786
    """
    from netcluster.batch import expand, read_plan
    from netcluster.batch import run as work
    from netcluster.core import progress
    from netcluster_cli.planned import CommandLine

    if flags["out"] is None and not flags["dry_run"]:
        raise click.UsageError("Say where results go: -o DIR.")
    progress.enable(not flags["quiet"])
    commands = CommandLine()
    runs = expand(read_plan(flags["plan"], commands), commands, flags["folders"])
    if flags["dry_run"]:
        _print_runs(runs, flags)
        return
    say = _quiet if flags["quiet"] else _say
    summary = work(
        runs, flags["out"], commands, _engine(flags, len(runs.runs)), retry_failed=flags["retry_failed"], say=say
    )
    _collect(flags["out"], say)
    say(f"{summary.done} runs done, {summary.before} done before, {summary.failed} failed.")
    if summary.failed:
        _print_failures(flags["out"], flags)
        ctx.exit(1)


@batch.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path), help="The folder of a batch.")
@click.option("--failed", is_flag=True, help="A row a failed run, with its reason.")
@click.option("--format", "form", type=click.Choice(opt.FORMATS), default=None, help="Table on a terminal, else CSV.")
@opt.common
def status(folder: Path, **flags: Any) -> None:
    """What is done, failed and to do.

    \b
    netcluster batch status DIR
    netcluster batch status DIR --failed
    """
    from netcluster.batch import status as look

    counts, failures, holder = look(folder)
    _print(failures if flags["failed"] else counts, flags)
    if holder and not flags["quiet"]:
        _say(f"Being worked on by {holder}.")


@batch.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path), help="The folder of a batch.")
@opt.common
def collect(folder: Path, **flags: Any) -> None:
    """Make one data set of all results: results/STEP/*.parquet, runs.parquet, findings.parquet.

    \b
    netcluster batch collect DIR
    """
    _collect(folder, _quiet if flags["quiet"] else _say)


def _engine(flags: dict[str, Any], runs: int) -> Engine:
    jobs = min(flags["jobs"] or os.cpu_count() or 1, max(1, runs))
    if flags["engine"] == "dask" or flags["scheduler"]:
        from netcluster.core.dask_engine import Dask

        return Dask(jobs, flags["scheduler"], flags["memory"])
    from netcluster.core.processes import Processes

    return Processes(jobs, flags["memory"])


def _collect(folder: Path, say: Any) -> None:
    from netcluster.batch import collect as gather

    found = gather(folder)
    steps: dict[str, list[int]] = {}
    for name, count in found.rows.items():
        steps.setdefault(name.partition("/")[0], []).append(count)
    rows = ", ".join(
        f"{step} {sum(counts)}" + (f" in {len(counts)} tables" if len(counts) > 1 else "")
        for step, counts in steps.items()
    )
    left = f"; {found.missing} runs are not among them" if found.missing else ""
    say(f"Wrote {found.path} (rows: {rows}{left}).")


def _print_runs(runs: Runs, flags: dict[str, Any]) -> None:
    """Print a row a run: its key, and the command line that gives the same."""
    import pandas as pd

    rows = [{"run": item.job.key[:12], "step": item.step, "command": item.line} for item in runs.runs]
    _print(pd.DataFrame(rows), flags)
    if not flags["quiet"]:
        for note in runs.notes:
            _say(note)
        _say(f"{len(runs.runs)} runs; nothing was run.")


def _print_failures(folder: Path, flags: dict[str, Any]) -> None:
    from netcluster.batch import status as look

    _, failures, _ = look(folder)
    _print(failures, flags)
    if not flags["quiet"]:
        _say("Mend what is wrong and give the same command; with --retry-failed where the inputs stay as they are.")


def _print(frame: Any, flags: dict[str, Any]) -> None:
    from netcluster.report import terminal

    form = flags["form"] or ("table" if sys.stdout.isatty() else "csv")
    click.echo(terminal.render(frame, form), nl=False)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _quiet(text: str) -> None:
    """Say nothing."""
