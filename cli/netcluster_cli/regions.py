"""`netcluster regions`: location quotients, strong clusters, specialisation and concentration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    from netcluster.core.result import Result
    from netcluster.tables.bundle import Bundle

SHOWN = ("quotients", "regions", "industries", "pairs-of-industries")


@click.command()
@opt.inputs
@click.option(
    "--show",
    type=click.Choice(SHOWN),
    default="quotients",
    show_default=True,
    help="A row a region and industry, a region, an industry, or a pair of industries.",
)
@click.option(
    "--definition",
    type=click.Path(path_type=Path),
    default=None,
    help="Sum industries into clusters by a CSV file: industry, cluster and, if you like, type (traded, local).",
)
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path),
    default=None,
    help="Bring industries into another classification first by a CSV file: from, to and, if you like, weight.",
)
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def regions(ctx: click.Context, /, **flags: Any) -> None:
    """What is concentrated where: location quotients and strong clusters of regions.

    \b
    netcluster regions jobs.csv --sort=-location_quotient --top 20
    netcluster regions jobs.csv --definition clusters.csv --region V02
    netcluster regions jobs.csv --show industries
    """

    def work(bundle: Bundle) -> Result:
        from netcluster import places
        from netcluster.core.errors import NetclusterError

        table = bundle.employment
        if table is None:
            raise NetclusterError(
                "There are no jobs by region and industry in the input.",
                "Give a table region,industry,employment; --kind employment where it is not recognised.",
            )
        if flags["mapping"] is not None:
            table = places.mapped(table, flags["mapping"])
        definition = None if flags["definition"] is None else places.read_definition(flags["definition"])
        compute = {
            "quotients": places.quotients,
            "regions": places.specialisation,
            "industries": places.concentration,
            "pairs-of-industries": places.coagglomeration,
        }[flags["show"]]
        return compute(table, definition)

    ctx.exit(runner.rows("regions", flags, work))
