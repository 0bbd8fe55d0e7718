"""`netcluster trace`: structural paths and average propagation lengths."""

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
    "--from", "source", type=opt.Names(), default=(), help="Sectors where the account arises; all by default."
)
@click.option("--to", "target", type=opt.Names(), default=(), help="Sectors whose final demand calls for it.")
@click.option("--account", default="output", show_default=True, help="output, value_added, jobs, or a satellite.")
@click.option(
    "--cutoff", type=opt.SHARE, default=0.001, show_default=True, help="The least share of the total of a path."
)
@click.option("--lengths", is_flag=True, help="Average propagation lengths instead of paths.")
@click.option(
    "--passes",
    is_flag=True,
    help="How often chains behind a region's final demand (--to) enter each region (--from), instead; of --account.",
)
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def trace(ctx: click.Context, /, **flags: Any) -> None:
    """Structural paths from suppliers to final demand, and how long chains are.

    Every path that carries at least --cutoff of the total is found.

    \b
    netcluster trace table.xlsx --to C29 --top 20
    netcluster trace table.xlsx --from C24 --lengths
    netcluster trace world.csv --passes --account value_added --sort=-passes
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.core.errors import NetclusterError
        from netcluster.economy import passthrough, paths, propagation

        if flags["lengths"]:
            if len(flags["source"]) > 1 or len(flags["target"]) > 1:
                raise NetclusterError("--lengths takes one sector with --from and one with --to.", "Give one of each.")
            source, target = (next(iter(flags[side]), None) for side in ("source", "target"))
            return propagation(bundle.table(), source=source, target=target)
        if flags["passes"]:
            return _between(passthrough(bundle.table(), account=flags["account"]), flags)
        return paths(
            bundle.table(),
            source=flags["source"] or None,
            target=flags["target"] or None,
            of=flags["account"],
            cutoff=flags["cutoff"],
        )

    if flags["passes"] and flags["lengths"]:
        raise click.UsageError("--passes and --lengths are two answers; ask for one.")
    ctx.exit(runner.rows("trace", flags, work))


def _between(result: Result, flags: dict[str, Any]) -> Result:
    """Keep the regions of final demand (--to) and those passed (--from) that were asked for."""
    from dataclasses import replace

    from netcluster.core.errors import NetclusterError

    frame = result.frame
    for column, wanted in (("node", flags["target"]), ("partner", flags["source"])):
        if wanted:
            unknown = sorted(set(wanted) - set(frame[column]))
            if unknown:
                there = ", ".join(frame[column].drop_duplicates().head(8))
                raise NetclusterError(f"There is no region {unknown[0]!r}.", f"--passes takes regions: {there} …")
            frame = frame[frame[column].isin(wanted)]
    return replace(result, frame=frame.reset_index(drop=True))
