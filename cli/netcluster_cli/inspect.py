"""`netcluster inspect`: what a file holds."""

from __future__ import annotations

import json
from typing import Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner


@click.command()
@opt.inputs
@opt.reading
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="For people or programs.")
@opt.common
def inspect(**flags: Any) -> None:
    """Say what a file holds, and the command that reads it.

    \b
    netcluster inspect table.xlsx
    netcluster inspect make.csv use.csv
    """
    from dataclasses import replace

    from netcluster.network.open import inspect_inputs
    from netcluster.study.jsonable import jsonable

    options = runner.reading(flags)
    year = str(flags["year"] or "")
    seen = inspect_inputs(list(flags["paths"]), replace(options, year=int(year) if year.isdigit() else None))
    if flags["form"] == "json":
        click.echo(json.dumps(jsonable(seen.to_dict()), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(seen.lines()))
