"""`netcluster risk suppliers` and `risk cascade`: what firms depend on, and what fails when one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    from netcluster.core.result import Result
    from netcluster.network.network import Network
    from netcluster.tables.bundle import Bundle


@click.command()
@opt.inputs
@click.option("--layer", default="supply", show_default=True, help="The layer of a network.")
@click.option(
    "--min-input",
    type=opt.SHARE,
    default=None,
    help="The share of a buyer's inputs from which one supplier is a finding.",
)
@click.option(
    "--show",
    type=click.Choice(["inputs", "cuts"]),
    default="inputs",
    show_default=True,
    help="Buyers and inputs, or the smallest cut sets between regions and inputs.",
)
@click.option("--min-share", type=opt.SHARE, default=0.001, show_default=True, help="Smaller buyers make no finding.")
@click.option("--switch-days", type=opt.DAYS, default=90.0, show_default=True, help="Days to be supplied by another.")
@click.option("--stock-days", type=opt.DAYS, default=15.0, show_default=True, help="Days that stocks of inputs last.")
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def suppliers(ctx: click.Context, /, **flags: Any) -> None:
    """Inputs with a single supplier, who could stand in, and how few firms stand between a region and an input.

    \b
    netcluster risk suppliers links.csv firms.csv --sort=suppliers --top 20
    netcluster risk suppliers links.csv firms.csv --show cuts --sort=cut_set
    netcluster risk suppliers net --region V02
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.network.build import build
        from netcluster.risk import cut_sets
        from netcluster.risk import suppliers as compute
        from netcluster.study.levels import firm_level

        network = firm_level(build(bundle))
        if flags["show"] == "cuts":
            return cut_sets(network, layer=flags["layer"])
        return compute(
            network,
            layer=flags["layer"],
            input_threshold=flags["min_input"],
            min_share=flags["min_share"],
            switch_days=flags["switch_days"],
            stock_days=flags["stock_days"],
        )

    ctx.exit(runner.rows("risk suppliers", flags, work))


@click.command()
@opt.inputs
@click.option("--firms", default="", metavar="FILE", help="The firms: id, industry, and where known revenue and costs.")
@click.option("--essential", type=click.Path(), default=None, help="A matrix of 0, 1, 2: supplier industries in rows.")
@click.option(
    "--production",
    type=click.Choice(["generalised", "linear", "leontief"]),
    default="generalised",
    show_default=True,
    help="What missing inputs do to output.",
)
@click.option("--replaceability/--no-replaceability", default=True, show_default=True, help="Whether rivals stand in.")
@click.option(
    "--epsilon", type=opt.SHARE, default=0.01, show_default=True, help="Where the cascade stops; 0 the fixed point."
)
@click.option("--layer", default="supply", show_default=True, help="The layer of a network.")
@click.option("--sample", type=click.IntRange(min=1), default=None, help="Only so many firms, drawn with --seed.")
@click.option("--only", type=opt.Names(), default=(), help="Only these firms close, each by itself.")
@click.option("--exact/--fast", default=None, help="Follow small losses or sum them; fast above 50,000 firms.")
@click.option("--scenario", type=click.Path(), default=None, help="One scenario instead: a CSV node,remaining.")
@opt.jobs("Threads of the sweep.")
@opt.reading
@opt.rows
@opt.output
@opt.chance
@opt.common
@click.pass_context
def cascade(ctx: click.Context, /, **flags: Any) -> None:
    """The systemic-risk index: what is lost when a firm fails, for every firm.

    \b
    netcluster risk cascade links.csv --firms firms.csv --sort=-esri --top 20
    netcluster risk cascade net --production linear --no-replaceability --epsilon 0
    """
    flags["paths"] = (*flags["paths"], *([flags["firms"]] if flags["firms"] else []))

    def work(bundle: Bundle) -> Result:
        from netcluster.core.errors import NetclusterError
        from netcluster.network.build import build
        from netcluster.study.levels import firm_level

        if flags["firms"] and bundle.firms is None:
            raise NetclusterError(f"{flags['firms']} holds no list of firms.", "It needs the columns id and industry.")
        return _cascade(firm_level(build(bundle)), flags)

    ctx.exit(runner.rows("risk cascade", flags, work))


def _cascade(network: Network, flags: dict[str, Any]) -> Result:
    import os
    from pathlib import Path

    from netcluster.risk import cascade as compute
    from netcluster.risk import cascade_scenario
    from netcluster.tables.side import read_matrix, read_pairs

    essential = read_matrix(Path(flags["essential"])) if flags["essential"] else None
    chosen: dict[str, Any] = {
        "layer": flags["layer"],
        "production": flags["production"],
        "replaceability": flags["replaceability"],
        "epsilon": flags["epsilon"],
        "essential": essential,
    }
    if flags["scenario"]:
        return cascade_scenario(network, read_pairs(Path(flags["scenario"]), "node", "remaining"), **chosen)
    jobs = flags["jobs"] or os.cpu_count() or 1
    chosen |= {"sample": flags["sample"], "firms": list(flags["only"]) or None}
    fast = None if flags["exact"] is None else not flags["exact"]
    return compute(network, **chosen, fast=fast, seed=flags["seed"], jobs=jobs)


@click.command()
@opt.inputs
@click.option("--layer", default="supply", show_default=True, help="The layer of supply.")
@click.option("--lending", default="finance", show_default=True, help="The layer of loans, lender first.")
@click.option("--only", type=opt.Names(), default=(), help="Only these firms close, each by itself.")
@click.option(
    "--firm-equity",
    type=opt.Number(0, 100, min_open=True),
    default=0.3,
    show_default=True,
    help="Of revenue, where not known.",
)
@click.option(
    "--bank-equity",
    type=opt.Number(0, 100, min_open=True),
    default=0.08,
    show_default=True,
    help="Of loans, where not known.",
)
@click.option(
    "--eta", type=opt.Number(0), default=0.0, show_default=True, help="How little distress counts before default."
)
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def financial(ctx: click.Context, /, **flags: Any) -> None:
    """What banks lose where a firm closes, contagion among banks included.

    The firms may bear a column equity; the links hold who lent to whom.

    \b
    netcluster risk financial links.csv firms.csv --sort=-fsri --top 20
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.network.build import build
        from netcluster.risk import financial as compute
        from netcluster.study.levels import firm_level

        chosen = {name: flags[name] for name in ("layer", "lending", "firm_equity", "bank_equity", "eta")}
        return compute(firm_level(build(bundle)), firms=list(flags["only"]) or None, **chosen)

    ctx.exit(runner.rows("risk financial", flags, work))
