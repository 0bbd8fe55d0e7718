"""`netcluster footprint`: what is embodied in final demand, and value added in trade."""

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
@click.option(
    "--accounts", type=opt.Names(), default=(), help="Satellites or primary inputs; all satellites by default."
)
@click.option("--trade", is_flag=True, help="Value added in the exports of each region instead.")
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def footprint(ctx: click.Context, /, **flags: Any) -> None:
    """Satellite accounts embodied in final demand; value added in trade.

    \b
    netcluster footprint table.xlsx
    netcluster footprint world.csv --trade --sort=-backward_participation
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.economy import footprint as compute
        from netcluster.economy import value_added_trade

        if flags["trade"]:
            return value_added_trade(bundle.table())
        return compute(bundle.table(), accounts=flags["accounts"])

    ctx.exit(runner.rows("footprint", flags, work))
