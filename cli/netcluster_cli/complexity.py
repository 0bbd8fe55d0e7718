"""`netcluster complexity`: comparative advantage, complexity, and what an exporter is near to."""

from __future__ import annotations

from pathlib import Path
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
    "--rca",
    type=opt.Number(0, min_open=True),
    default=1.0,
    show_default=True,
    help="From which advantage an exporter is good at.",
)
@click.option("--own-proximity", is_flag=True, help="Let density count a product as near to itself.")
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path),
    default=None,
    help="Bring products into another classification first by a CSV file: from, to and, if you like, weight.",
)
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def complexity(ctx: click.Context, /, **flags: Any) -> None:
    """Comparative advantage, complexity, and what each exporter is near to.

    \b
    netcluster complexity trade.csv -o complexity.parquet
    netcluster complexity trade.csv --select exporter,product,rca,density --sort=-density
    netcluster complexity hs6.csv --map hs6_to_sitc.csv
    netcluster complexity jobs.csv
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.core.errors import NetclusterError
        from netcluster.places import complexity as compute

        source = bundle.trade if bundle.trade is not None else bundle.employment
        if source is None:
            raise NetclusterError(
                "There are no exports by product (or jobs by industry) in the input.",
                "Give a table exporter,product,value; --kind trade where it is not recognised.",
            )
        year = flags["year"]
        chosen = int(year) if year.isdigit() and bundle.trade is not None else None
        return compute(
            source,
            year=chosen,
            rca_threshold=flags["rca"],
            own_proximity=flags["own_proximity"],
            mapping=flags["mapping"],
        )

    ctx.exit(runner.rows("complexity", flags, work))
