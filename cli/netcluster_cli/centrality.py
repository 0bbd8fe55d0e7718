"""`netcluster centrality`: who is central."""

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
@click.option("--layer", default="supply", show_default=True, help="The layer of the network.")
@opt.reading
@opt.rows
@opt.output
@opt.chance
@opt.common
@click.pass_context
def centrality(ctx: click.Context, /, **flags: Any) -> None:
    """Who is central: strengths, PageRank, betweenness.

    \b
    netcluster centrality table.xlsx --sort=-pagerank --top 10
    netcluster centrality links.csv -o centrality.csv
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.centrality import node_centrality
        from netcluster.network.build import build

        return node_centrality(build(bundle), layer=flags["layer"], seed=flags["seed"])

    ctx.exit(runner.rows("centrality", flags, work))
