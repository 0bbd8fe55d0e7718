"""`netcluster clusters`: communities of industries or firms, with how far they can be trusted."""

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
    "--show",
    type=click.Choice(["members", "clusters"]),
    default="members",
    show_default=True,
    help="A row a node, or a row a cluster.",
)
@click.option(
    "--resolution", type=float, default=1.0, show_default=True, help="Above 1 smaller clusters, below larger."
)
@click.option("--layer", default="supply", show_default=True, help="The layer of the network.")
@opt.reading
@opt.rows
@opt.output
@opt.chance
@opt.effort
@opt.common
@click.pass_context
def clusters(ctx: click.Context, /, **flags: Any) -> None:
    """Group industries or firms that trade densely with each other.

    \b
    netcluster clusters table.xlsx
    netcluster clusters table.xlsx --show clusters --resolution 1.5
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.clusters import describe, detect
        from netcluster.network.build import build

        network = build(bundle)
        partition = detect(
            network,
            layer=flags["layer"],
            resolution=flags["resolution"],
            seed=flags["seed"],
            effort=flags["effort"],
        )
        return partition if flags["show"] == "members" else describe(network, partition)

    ctx.exit(runner.rows("clusters", flags, work))
