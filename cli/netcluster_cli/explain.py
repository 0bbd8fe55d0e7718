"""`netcluster explain`: what a measure means."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("measure", required=False, help="The measure's column name; all are listed where it is left out.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="For people or programs.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def explain(measure: str | None, form: str, debug: bool) -> None:  # noqa: ARG001
    """What a measure means, its formula, unit and source.

    \b
    netcluster explain hhi
    netcluster explain
    """
    from dataclasses import asdict

    from netcluster.core.measures import all_measures
    from netcluster.core.measures import explain as look_up

    chosen = [look_up(measure)] if measure else sorted(all_measures().values(), key=lambda item: item.key)
    if form == "json":
        click.echo(json.dumps([asdict(item) for item in chosen], ensure_ascii=False, indent=2))
    elif measure:
        click.echo(_sheet(asdict(chosen[0])))
    else:
        width = max(len(item.key) for item in chosen)
        for item in chosen:
            click.echo(f"{item.key.ljust(width)}  {item.name}")


def _sheet(entry: dict[str, object]) -> str:
    order = ("name", "meaning", "formula", "unit", "source", "threshold", "threshold_source", "caveat")
    told = [key for key in order if entry[key] not in ("", None)]
    return "\n".join([str(entry["key"]), *(f"  {key.replace('_', ' ') + ':':18}{entry[key]}" for key in told)])
