"""`netcluster impact`: what a change in demand does."""

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
@click.option("--demand", multiple=True, metavar="NODE=AMOUNT", help="A change in final demand; or a CSV node,amount.")
@click.option("--lost", multiple=True, metavar="SECTOR=SHARE", help="The share of its sales a supplier loses.")
@click.option(
    "--productivity", multiple=True, metavar="SECTOR=GROWTH", help="0.1: the same output with 1/1.1 of inputs."
)
@click.option("--accounts", type=opt.Names(), default=(), help="Satellites to give beside value added and jobs.")
@click.option("--by", type=click.Choice(["sector", "region"]), default="sector", show_default=True, help="A row each.")
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def impact(ctx: click.Context, /, **flags: Any) -> None:
    """What a change in demand or policy does to output, value added and jobs.

    Comparative static: prices stay, and there is spare capacity.

    \b
    netcluster impact table.xlsx --demand F=1000
    netcluster impact table.xlsx --demand programme.csv --by region
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.economy import impact as compute

        return compute(
            bundle.table(),
            demand=_amounts(flags["demand"]) or None,
            lost=_amounts(flags["lost"]) or None,
            productivity=_amounts(flags["productivity"]) or None,
            of=flags["accounts"],
            by=flags["by"],
        )

    if not (flags["demand"] or flags["lost"] or flags["productivity"]):
        raise click.UsageError("Say what changes: --demand NODE=AMOUNT, --lost SECTOR=SHARE or --productivity.")
    ctx.exit(runner.rows("impact", flags, work))


def _amounts(given: tuple[str, ...]) -> dict[str, float]:
    """Return node and amount of `NODE=AMOUNT` words and of CSV files node,amount."""
    from netcluster.core.errors import NetclusterError
    from netcluster.tables.side import read_pairs

    found: dict[str, float] = {}
    for word in given:
        node, equals, amount = word.rpartition("=")
        if equals and not Path(word).exists():
            try:
                pairs = {node.strip(): float(amount)}
            except ValueError as error:
                raise click.UsageError(f"{word!r}: {amount!r} is no number.") from error
        elif not Path(word).exists():
            raise NetclusterError(
                f"{word} is not there.", "Give NODE=AMOUNT, as in F=1000, or a CSV file with node, amount."
            )
        else:
            pairs = read_pairs(Path(word), "node", "amount", add=True)
        for key, value in pairs.items():
            found[key] = found.get(key, 0.0) + value
    return found
