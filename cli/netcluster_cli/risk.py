"""`netcluster risk`: who depends on what, one command a kind of risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    from netcluster.core.result import Result
    from netcluster.tables.bundle import Bundle


@click.group()
def risk() -> None:
    """Who depends on what, and what fails when it fails.

    \b
    netcluster risk dependence table.xlsx --sort=-hhi --top 10
    netcluster risk dependence table.xlsx --of region --on industry
    """


@risk.command()
@opt.inputs
@click.option("--of", type=click.Choice(["node", "region", "cluster"]), default=None, help="Who depends.")
@click.option(
    "--on",
    type=click.Choice(["industry", "partner", "country"]),
    default="industry",
    show_default=True,
    help="On what: an industry over all regions, a single partner, or a country.",
)
@click.option("--layer", default="supply", show_default=True, help="The layer of a network.")
@click.option("--hhi", type=float, default=None, help="The threshold of the index for a finding.")
@click.option("--share", type=float, default=None, help="The threshold of the largest share for a finding.")
@opt.reading
@opt.rows
@opt.output
@opt.chance
@opt.effort
@opt.common
@click.pass_context
def dependence(ctx: click.Context, /, **flags: Any) -> None:
    """Dependence of nodes, regions and clusters on single industries and partners.

    \b
    netcluster risk dependence table.xlsx --sort=-hhi --top 10
    netcluster risk dependence table.xlsx --of cluster
    netcluster risk dependence employment.csv --of region
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.network.build import build
        from netcluster.risk import dependence as compute

        source: Any = bundle.employment or bundle.table_or_none() or build(bundle)
        groups = None
        if flags["of"] == "cluster":
            from netcluster.clusters import detect

            groups = detect(build(bundle), layer=flags["layer"], seed=flags["seed"], effort=flags["effort"]).labels
        return compute(
            source,
            of=flags["of"],
            on=flags["on"],
            groups=groups,
            layer=flags["layer"],
            hhi_threshold=flags["hhi"],
            share_threshold=flags["share"],
        )

    ctx.exit(runner.rows("risk dependence", flags, work))
