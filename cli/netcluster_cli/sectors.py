"""`netcluster sectors`: multipliers, linkages, key sectors, extraction."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    from netcluster.core.result import Result
    from netcluster.tables.bundle import Bundle
    from netcluster.tables.iotable import IOTable


@click.command()
@opt.inputs
@click.option(
    "--show",
    type=click.Choice(["sectors", "multipliers", "extraction", "dispersion", "influence", "checks"]),
    default="sectors",
    show_default=True,
    help="The table of sectors, or one thing about them whole.",
)
@click.option(
    "--extract",
    type=click.Choice(["complete", "backward", "forward", "ghosh"]),
    default="complete",
    show_default=True,
    help="What goes, with --show extraction.",
)
@click.option("--by-region", is_flag=True, help="Extract whole regions, with --show extraction.")
@opt.jobs("Threads that share the regions of --by-region.")
@click.option(
    "--multipliers", type=opt.Names(), default=(), help="Accounts to give multipliers of: jobs, a satellite …"
)
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def sectors(ctx: click.Context, /, **flags: Any) -> None:
    """Multipliers, linkages, key sectors and extraction of every sector.

    \b
    netcluster sectors table.xlsx --top 10 --sort=-output_multiplier
    netcluster sectors table.xlsx --year 2000-2014 -o sectors.parquet
    netcluster sectors table.xlsx --show multipliers --multipliers jobs
    netcluster sectors world.csv --show extraction --by-region
    """

    def work(bundle: Bundle) -> Result:
        return _VIEWS[flags["show"]](bundle.table(), flags)

    ctx.exit(runner.rows("sectors", flags, work))


def _sectors(io: IOTable, flags: dict[str, Any]) -> Result:
    from netcluster.economy import sectors as compute

    return compute(io, multipliers=flags["multipliers"])


def _multipliers(io: IOTable, flags: dict[str, Any]) -> Result:
    """Type I and type II, of output and value added where nothing is named."""
    from netcluster.economy import multipliers

    return multipliers(io, of=flags["multipliers"] or ("output", "value_added"), kinds=("I", "II"))


def _extraction(io: IOTable, flags: dict[str, Any]) -> Result:
    from netcluster.economy import extraction

    losses = flags["multipliers"] or ("value_added",)
    groups: Any = "region" if flags["by_region"] else None
    jobs = flags["jobs"] or os.cpu_count() or 1
    return extraction(io, kind=flags["extract"], groups=groups, losses=losses, jobs=jobs)


def _dispersion(io: IOTable, _: dict[str, Any]) -> Result:
    from netcluster.economy import dispersion

    return dispersion(io)


def _influence(io: IOTable, _: dict[str, Any]) -> Result:
    from netcluster.economy import influence

    return influence(io)


def _checks(io: IOTable, _: dict[str, Any]) -> Result:
    from netcluster.economy import checks

    return checks(io)


_VIEWS: dict[str, Callable[[IOTable, dict[str, Any]], Result]] = {
    "sectors": _sectors,
    "multipliers": _multipliers,
    "extraction": _extraction,
    "dispersion": _dispersion,
    "influence": _influence,
    "checks": _checks,
}
