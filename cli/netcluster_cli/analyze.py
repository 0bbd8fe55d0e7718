"""`netcluster analyze`: the main job."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import click

from netcluster_cli import capture, runner
from netcluster_cli import options as opt


@click.command()
@opt.inputs
@opt.reading
@click.option("-o", "--output", "out", metavar="DIR", required=True, help="The folder of the run.")
@click.option("--force", is_flag=True, help="Replace a finished run that is there.")
@click.option("--fail-on", type=click.Choice(["high", "medium"]), default=None, help="Exit 3 on such a finding.")
@click.option("--since", metavar="YEAR", type=int, default=None, help="An earlier year of the same input, for growth.")
@click.option("--no-report", is_flag=True, help="Leave report.html out; netcluster report DIR makes it later.")
@opt.chance
@opt.effort
@opt.common
@click.pass_context
def analyze(ctx: click.Context, /, **flags: Any) -> None:
    """Everything the input allows: findings, tables, a network and a report.

    \b
    netcluster analyze table.xlsx -o run
    netcluster analyze io.csv firms.csv links.csv -o run --year 2014
    """
    from netcluster.core import progress
    from netcluster.core.solve import blas_threads
    from netcluster.report.run import analyze as study
    from netcluster.study.folder import refuse
    from netcluster.study.provenance import run_record

    asked = capture.current()
    if asked and asked.check_only:
        raise capture.Checked
    refuse(Path(flags["out"]), force=flags["force"])
    started = time.time()
    progress.enable(not flags["quiet"])
    record = runner.provenance_of("analyze", flags)

    def made(folder: Path) -> dict[str, object]:
        outputs = sorted(folder.glob("*.*"))
        return run_record(record, arguments=sys.argv[1:], inputs=flags["paths"], outputs=outputs, started=started)

    with blas_threads(flags["threads"]):
        bundle = runner.open_one("analyze", flags)
        before = None
        if flags["since"] is not None:
            before = runner.open_bundles(flags["paths"], {**flags, "year": str(flags["since"])})[-1]
        done = study(
            bundle,
            flags["out"],
            before=before,
            seed=flags["seed"],
            effort=flags["effort"],
            force=flags["force"],
            report=not flags["no_report"],
            provenance=record,
            record=None if asked else made,
        )
    if asked:
        asked.study, asked.provenance = done, record
        return
    runner.say_notes(flags, (*runner.notes_of(bundle), *done.notes))
    _sum_up(flags, done)
    ctx.exit(runner.exit_code(done.findings, flags["fail_on"]))


def _sum_up(flags: dict[str, Any], done: Any) -> None:
    """Say the worst five findings, and where the rest is."""
    if flags["quiet"]:
        return
    count = len(done.findings)
    click.echo(f"{done.title}: {count} finding{'s' if count != 1 else ''}" + (", the worst:" if count else "."))
    colours = {"high": "red", "medium": "yellow", "low": "blue"}
    for finding in done.findings[:5]:
        click.secho(f"  [{finding.severity}] ", fg=colours[finding.severity], nl=False)
        click.echo(finding.sentence)
    where = Path(flags["out"])
    click.echo(f"The tables: {where}" if flags["no_report"] else f"The report: {where / 'report.html'}")
