"""`netcluster table`: the cleaned table, balanced, aggregated or brought down to a region where asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
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
    "--map", "mapping", type=click.Path(path_type=Path), default=None, help="Aggregate: a file from,to[,weight]."
)
@click.option("--domestic", is_flag=True, help="Take imports out of total flows, from every use of a product alike.")
@click.option(
    "--deflate",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default=None,
    help="Bring the table to constant prices by a CSV file node,price (1.2: 20 % dearer than the base year).",
)
@click.option("--balance", type=click.Choice(["ras", "gras"]), default=None, help="Make rows and columns add up.")
@click.option(
    "--regionalise",
    type=click.Choice(["slq", "cilq", "flq", "aflq"]),
    default=None,
    help="Bring a national table down to --region by the jobs of --employment.",
)
@click.option("--employment", type=click.Path(), default=None, help="Jobs by region and industry.")
@click.option("--delta", type=opt.SHARE, default=0.25, show_default=True, help="The exponent of FLQ and AFLQ.")
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
    netcluster table wiot.xlsx --map sections.csv --balance gras -o small.csv
    netcluster table wiot.xlsx --origin total --domestic --deflate prices.csv -o real.csv
    netcluster table wiot.xlsx --regionalise flq --employment jobs.csv --region DE1 -o region.csv
    """
    region = flags["region"]
    made = any(flags[step] for step in ("mapping", "domestic", "deflate", "balance", "regionalise"))
    if flags["regionalise"]:
        if len(region) != 1 or not flags["employment"]:
            raise click.UsageError("--regionalise needs --employment FILE and one --region.")
        flags["region"] = ()

    def work(bundle: Bundle) -> Result:
        from netcluster.network.frames import cells

        if not made:
            return cells(bundle)
        table = bundle.table()
        new = _made(table, region, flags)
        result = cells(bundle.replace(io=new))
        # What making the table took for granted has to be said, as what reading it did.
        return replace(result, notes=(*new.changes[len(table.changes) :], *result.notes))

    ctx.exit(runner.rows("table", flags, work))


def _made(io: IOTable, region: tuple[str, ...], flags: dict[str, Any]) -> IOTable:
    """Return the table deflated, without imports, aggregated, regional, balanced, in that order, as asked."""
    from netcluster.economy import aggregate, balance, deflate, domestic, regionalise

    if flags["deflate"]:
        from netcluster.tables.side import read_pairs

        io = deflate(io, read_pairs(flags["deflate"], "node", "price"))
    if flags["domestic"]:
        io = domestic(io)
    if flags["mapping"]:
        from netcluster.tables.side import read_side

        io = aggregate(io, read_side(flags["mapping"], ["from", "to"], ["weight"], numbers=["weight"]))
    if flags["regionalise"]:
        from netcluster.network.open import open_inputs

        jobs: Any = open_inputs(flags["employment"]).need("employment")
        io = regionalise(io, jobs, region=region[0], method=flags["regionalise"], delta=flags["delta"])
    return balance(io, method=flags["balance"]) if flags["balance"] else io
