"""`netcluster rerun`: a recorded run again, compared with the first."""

from __future__ import annotations

import os
from pathlib import Path

import click


@click.command()
@click.argument("record", type=click.Path(path_type=Path), help="A run.json, or the .run.json beside an output.")
@click.option("-o", "--output", "out", metavar="PATH", required=True, help="Where the run goes this time.")
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def rerun(ctx: click.Context, record: Path, out: str, force: bool, debug: bool) -> None:  # noqa: ARG001
    """Run a recorded run again and compare.

    \b
    netcluster rerun run/run.json -o again
    """
    from netcluster.study.rerun import arguments_again, compare, read_record
    from netcluster_cli.main import run

    target = Path(out).absolute()
    document = read_record(record)
    arguments = arguments_again(document, target, force=force)
    here = Path.cwd()
    try:
        os.chdir(document["folder"])
        code = run(arguments)
    finally:
        os.chdir(here)
    if code in (0, 3):
        _say(compare(document, target))
    ctx.exit(code)


def _say(differences: list[str]) -> None:
    if not differences:
        click.echo("The same bytes as the recorded run.", err=True)
    for line in differences:
        click.echo(f"Differs: {line}", err=True)
