"""`netcluster compare`: two years or regions side by side."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    from netcluster.core.result import Result
    from netcluster.tables.bundle import Bundle


@click.command()
@click.argument("paths", metavar="A [B]", nargs=-1, required=True, help="Two tables, or one of several years.")
@click.option(
    "--what",
    type=click.Choice(["accounts", "clusters"]),
    default="accounts",
    show_default=True,
    help="Totals and sectors, or what became of each cluster: kept, grown, split, merged, born, gone.",
)
@click.option("--decompose", metavar="ACCOUNT", default="", help="Why an account changed: output, value_added, jobs …")
@opt.reading
@opt.rows
@opt.output
@opt.chance
@opt.effort
@opt.common
@click.pass_context
def compare(ctx: click.Context, /, **flags: Any) -> None:
    """Two years or regions side by side, and why an account changed.

    Of one table with several years, --year 2000-2014 compares the first with the last.

    \b
    netcluster compare DEU_NIOT_nov16.xlsx --year 2000-2014
    netcluster compare deu.csv kor.csv --sort=-change
    netcluster compare DEU_NIOT_nov16.xlsx --year 2000-2014 --what clusters
    """
    from netcluster.core.solve import blas_threads

    started = time.time()
    runner.refuse_early(flags)
    with blas_threads(flags["threads"]):
        before, after = _pair(flags)
        if flags["what"] == "clusters":
            result = _clusters(before, after, flags)
        else:
            result = _compared(before, after, flags["decompose"])
    frame = runner.kept(result.frame, [before, after], flags)
    notes = (*runner.notes_of(before), *runner.notes_of(after), *result.notes)
    ctx.exit(runner.emit("compare", flags, runner.Output(frame, notes, result.findings), started))


def _compared(before: Bundle, after: Bundle, account: str) -> Result:
    from netcluster.economy import compare as tables
    from netcluster.economy import decomposition

    if account:
        return decomposition(before.table(), after.table(), of=account)
    return tables(before.table(), after.table())


def _clusters(before: Bundle, after: Bundle, flags: dict[str, Any]) -> Result:
    """Find the clusters of both, the later ones from the earlier on, and match them."""
    from netcluster.clusters import change, detect
    from netcluster.network.build import build
    from netcluster.study.levels import table_level

    nets = [table_level(build(bundle)) for bundle in (before, after)]
    chosen = {"seed": flags["seed"], "effort": flags["effort"]}
    first = detect(nets[0], **chosen)
    return change(first, detect(nets[1], before=first, **chosen), *nets)


def _pair(flags: dict[str, Any]) -> tuple[Bundle, Bundle]:
    """Return the two bundles to compare: of two inputs, or the first and last year of one."""
    if len(flags["paths"]) == 2:
        first, second = (runner.open_bundles((path,), flags) for path in flags["paths"])
        return first[-1], second[-1]
    if len(flags["paths"]) > 2:
        raise click.UsageError("compare takes two inputs.")
    bundles = runner.open_bundles(flags["paths"], flags)
    if len(bundles) < 2:
        raise click.UsageError("Give two inputs, or --year FIRST-LAST of a table with several years.")
    return bundles[0], bundles[-1]
