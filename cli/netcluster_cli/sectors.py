"""`netcluster sectors`: multipliers, linkages, key sectors, extraction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    from netcluster.core.result import Result
    from netcluster.tables.bundle import Bundle


@click.command()
@opt.inputs
@click.option("--multipliers", type=opt.Names(), default=(), help="Add NAME_multiplier columns: jobs, a satellite …")
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
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.economy import sectors as compute

        return compute(bundle.table(), multipliers=flags["multipliers"])

    ctx.exit(runner.rows("sectors", flags, work))
