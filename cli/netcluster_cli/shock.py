"""`netcluster shock`: what a loss of supply or capacity costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.core.result import Result
    from netcluster.tables.bundle import Bundle


@click.command()
@opt.inputs
@click.option("--scenario", type=click.Path(path_type=Path), default=None, help="A CSV node,remaining[,day,until].")
@click.option("--hazards", type=click.Path(path_type=Path), default=None, help="A CSV node,probability[,remaining].")
@click.option(
    "--model",
    type=click.Choice(["mixed", "ghosh", "daily"]),
    default="mixed",
    show_default=True,
    help="A year by the mixed model or by Ghosh's, or day by day with stocks.",
)
@click.option(
    "--days", type=click.IntRange(min=1), default=365, show_default=True, help="How long, with --model daily."
)
@click.option("--draws", type=click.IntRange(min=1), default=1000, show_default=True, help="Draws of --hazards.")
@opt.reading
@opt.rows
@opt.output
@opt.chance
@opt.common
@click.pass_context
def shock(ctx: click.Context, /, **flags: Any) -> None:
    """What a loss of supply or capacity costs, in a year, day by day, or by chance.

    On a table the nodes are sectors or regions; on a network of firms, firms.

    \b
    netcluster shock table.xlsx --scenario flood.csv
    netcluster shock table.xlsx --scenario flood.csv --model daily --days 180
    netcluster shock links.csv firms.csv --hazards hazards.csv --draws 2000
    """
    if (flags["scenario"] is None) == (flags["hazards"] is None):
        raise click.UsageError("Give --scenario FILE, what fails, or --hazards FILE, what may fail.")

    def work(bundle: Bundle) -> Result:
        if flags["hazards"] is not None:
            return _drawn(bundle, flags)
        return _one(bundle, flags)

    ctx.exit(runner.rows("shock", flags, work))


def _one(bundle: Bundle, flags: dict[str, Any]) -> Result:
    """Return the outcome of one scenario."""
    from netcluster.network.build import build
    from netcluster.risk import Event, ario, cascade_scenario
    from netcluster.risk import shock as yearly
    from netcluster.study.levels import firm_level

    rows = _scenario(flags["scenario"])
    remaining = dict(zip(rows["node"], rows["remaining"], strict=True))
    table = bundle.table_or_none()
    if table is None:
        return cascade_scenario(firm_level(build(bundle)), remaining)
    if flags["model"] == "daily":
        days = zip(rows["node"], rows["remaining"], rows["day"], rows["until"], strict=True)
        events = [Event(str(node), float(left), int(day), int(until)) for node, left, day, until in days]
        return ario(table, events, days=flags["days"])
    return yearly(table, remaining, model=flags["model"])


def _drawn(bundle: Bundle, flags: dict[str, Any]) -> Result:
    """Return what the hazards cost over many draws."""
    from netcluster.network.build import build
    from netcluster.risk import monte_carlo
    from netcluster.study.levels import firm_level
    from netcluster.tables.side import read_numbers

    hazards = read_numbers(flags["hazards"], ["probability"], ["node"], optional=["remaining"])
    source = bundle.table_or_none() or firm_level(build(bundle))
    return monte_carlo(source, hazards, draws=flags["draws"], seed=flags["seed"])


def _scenario(path: Path) -> pd.DataFrame:
    """Return node, remaining, day and until of a scenario file; a shock of a month where it says nothing."""
    from netcluster.tables.side import read_numbers

    rows = read_numbers(path, ["remaining"], ["node"], optional=["day", "until"])
    return rows.assign(day=rows.get("day", 1), until=rows.get("until", 30))
