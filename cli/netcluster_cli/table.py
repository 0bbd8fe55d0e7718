"""`netcluster table`: the cleaned table."""

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
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def table(ctx: click.Context, /, **flags: Any) -> None:
    """Write the cleaned table out.

    An input–output table becomes one row a cell: block, row, column, value, with their labels; what reading
    dropped, split off or left unbalanced is said. The file reads back as it was.

    \b
    netcluster table wiot.xlsx --year 2014 -o wiot_2014.csv
    netcluster table baci.csv -o trade.parquet
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.network.frames import cells

        return cells(bundle)

    ctx.exit(runner.rows("table", flags, work))
