"""`netcluster risk`: who depends on what, one command a kind of risk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner
from netcluster_cli.risk_of_firms import cascade, financial, suppliers

if TYPE_CHECKING:
    from netcluster.core.result import Note, Result
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
@click.option(
    "--of",
    type=click.Choice(["node", "firm", "region", "cluster"]),
    default=None,
    help="Who depends; with a table of industries beside firms, nodes are industries.",
)
@click.option(
    "--on",
    type=click.Choice(["industry", "partner", "country"]),
    default="industry",
    show_default=True,
    help="On what: an industry over all regions, a single partner, or a country.",
)
@click.option("--layer", default="supply", show_default=True, help="The layer of a network.")
@click.option("--hhi", type=opt.SHARE, default=None, help="The threshold of the index for a finding.")
@click.option("--share", type=opt.SHARE, default=None, help="The threshold of the largest share for a finding.")
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
    netcluster risk dependence net --of firm --sort=-hhi --top 10
    netcluster risk dependence employment.csv --of region
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.network.build import build
        from netcluster.risk import dependence as compute
        from netcluster.study.levels import firm_level, table_level

        of, groups = flags["of"], None
        source: Any = firm_level(build(bundle)) if of == "firm" else _flows(bundle, of)
        if of == "cluster":
            from netcluster.clusters import detect

            network = table_level(build(bundle))
            groups = detect(network, layer=flags["layer"], seed=flags["seed"], effort=flags["effort"]).labels
            # A network of firms stands beside the table it is made from: the clusters are of firms.
            source = source if getattr(source, "n", 0) == network.n else network
        return compute(
            source,
            of="node" if of == "firm" else of,
            on=flags["on"],
            groups=groups,
            layer=flags["layer"],
            hhi_threshold=flags["hhi"],
            share_threshold=flags["share"],
        )

    ctx.exit(runner.rows("risk dependence", flags, work))


def _flows(bundle: Bundle, of: str | None) -> Any:
    """Return what dependence is asked of: flows, or for regions what they are made of."""
    from netcluster.network.build import build

    table = bundle.table_or_none()
    if bundle.employment is not None and (of == "region" or (table is None and bundle.links is None)):
        return bundle.employment
    if table is None and bundle.trade is not None and not bundle.trade.bilateral:
        return bundle.trade
    return table or build(bundle)


@risk.command()
@opt.inputs
@click.option("--by", type=opt.Names(), default=("industry",), show_default="industry", help="The columns of groups.")
@click.option("--size", default="size", show_default=True, help="The column of sizes: size, revenue …")
@click.option("--share", type=opt.SHARE, default=None, help="The threshold of CR1 for a finding.")
@click.option("--hhi", type=opt.SHARE, default=None, help="The threshold of the index for a finding.")
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def dominance(ctx: click.Context, /, **flags: Any) -> None:
    """Dominance of a few firms in industries, regions or any group.

    \b
    netcluster risk dominance firms.csv --by industry
    netcluster risk dominance firms.csv --by region,industry --size revenue --top 10
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.network.build import build
        from netcluster.risk import dominance as compute

        if not flags["by"]:
            raise click.UsageError("--by names no column; industry, region or region,industry are usual.")
        sized = bundle.firms is not None and bundle.firms.frame["size"].notna().any()
        return compute(
            bundle.firms if bundle.firms is not None and (sized or bundle.links is None) else build(bundle),
            by=flags["by"],
            size=flags["size"],
            share_threshold=flags["share"],
            hhi_threshold=flags["hhi"],
        )

    ctx.exit(runner.rows("risk dominance", flags, work))


@risk.command()
@opt.inputs
@click.option("--by", default="", help="The column of groups, for within and between.")
@click.option("--value", default="", help="The column of amounts: income, value added.")
@click.option("--weight", default="", help="The column of heads: population, jobs.")
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def disparity(ctx: click.Context, /, **flags: Any) -> None:
    """Disparity between regions, or between the rows of any table, within and between groups.

    A plain CSV with a row a region needs --value, and --weight for amounts per
    head. Several years (a column year in a CSV) give their change too.

    \b
    netcluster risk disparity regions.csv --value value_added --weight population --by land
    netcluster risk disparity employment.csv --year all
    """
    import time

    from netcluster.risk import disparity as compute
    from netcluster.risk import disparity_change

    started = time.time()
    runner.refuse_early(flags)
    sources, notes = _yearly_rows(flags) if _plain(flags) else _yearly_parts(flags)
    chosen = {"by": flags["by"], "value": flags["value"], "weight": flags["weight"]}
    if len(sources) > 1:
        result = disparity_change(sources, **chosen)
    else:
        result = compute(next(iter(sources.values())), **chosen)
    output = runner.Output(runner.kept(result.frame, [], flags), (*notes, *result.notes), result.findings)
    ctx.exit(runner.emit("risk disparity", flags, output, started))


def _plain(flags: dict[str, Any]) -> bool:
    """Return whether the input is a plain table whose columns the flags name."""
    return bool(flags["value"]) and len(flags["paths"]) == 1 and not Path(flags["paths"][0]).is_dir()


def _yearly_rows(flags: dict[str, Any]) -> tuple[dict[int, Any], tuple[Note, ...]]:
    """Return the rows of a plain table, by year where it has a column year and --year asks for several."""
    from netcluster.tables.side import read_numbers

    needed = [column for column in (flags["value"], flags["weight"]) if column]
    frame = read_numbers(Path(flags["paths"][0]), needed, [flags["by"]] if flags["by"] else [], optional=["year"])
    if "year" not in frame or "year" in (flags["value"], flags["weight"], flags["by"]):
        return {0: frame}, ()
    years = tuple(sorted({int(year) for year in frame["year"]}))
    chosen = _years(flags["year"], years) or list(years[-1:])
    return {year: frame[frame["year"] == year].reset_index(drop=True) for year in chosen}, ()


def _yearly_parts(flags: dict[str, Any]) -> tuple[dict[int, Any], tuple[Note, ...]]:
    """Return jobs by region, firms or tables, one a year."""
    found: dict[int, Any] = {}
    notes: tuple[Note, ...] = ()
    for k, bundle in enumerate(runner.open_bundles(flags["paths"], flags)):
        part = _disparate(bundle)
        year = getattr(part, "year", None)
        found[int(year) if year is not None else k] = part
        notes += runner.notes_of(bundle)
    return found, tuple(dict.fromkeys(notes))


def _disparate(bundle: Bundle) -> Any:
    from netcluster.core.errors import NetclusterError

    for part in (bundle.employment, bundle.firms, bundle.table_or_none(), bundle.network):
        if part is not None:
            return part
    raise NetclusterError(
        "Disparity needs a row a region: jobs by region, firms, or a plain table.", "Name the column with --value."
    )


@risk.command()
@opt.inputs
@click.option(
    "--partners", type=click.Path(), default=None, help="A CSV with a column country: exporters taken for safe."
)
@click.option("--products", type=opt.Names(), default=(), help="Only these products.")
@click.option("--cdi", nargs=3, type=opt.Number(0), default=None, help="The thresholds of CDI1, CDI2 and CDI3.")
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def trade(ctx: click.Context, /, **flags: Any) -> None:
    """Products an importer gets from few sources, by the EU's CDI and by GeoDep.

    --region takes codes or names of importers, or a union and a file of its members (EU27=members.csv).

    \b
    netcluster risk trade baci/ --region 276 --sort=-hhi --top 20
    netcluster risk trade baci/ --region EU27=eu.csv --year 2018-2020
    """
    regions = _importers(flags["region"])
    flags["region"] = ()

    def work(bundle: Bundle) -> Result:
        from netcluster.risk import trade as compute

        table: Any = bundle.need("trade")
        return compute(
            table,
            regions=regions,
            trusted=_countries(flags["partners"]) if flags["partners"] else (),
            products=flags["products"] or None,
            years=_years(flags["year"], table.years),
            cdi=flags["cdi"] or None,
        )

    ctx.exit(runner.rows("risk trade", flags, work, one_pass=True))


def _years(text: str, there: tuple[int, ...]) -> list[int] | None:
    """Return the years --year names among those there are; the latest where it is left out, all for "all"."""
    if not there:
        return None
    if not text:
        return [there[-1]]
    if text == "all":
        return list(there)
    first, _, last = text.partition("-")
    if not (first.isdigit() and (last or first).isdigit()):
        raise click.BadParameter(f"{text!r} is no year; give 2014, 2000-2014 or all.", param_hint="--year")
    return [year for year in there if int(first) <= year <= int(last or first)]


def _importers(given: tuple[str, ...]) -> dict[str, list[str]] | None:
    """Return importers by name: a code is itself, `NAME=FILE` the countries of the file."""
    found: dict[str, list[str]] = {}
    for word in given:
        name, equals, path = word.partition("=")
        found[name] = _countries(path) if equals else [name]
    return found or None


def _countries(path: str) -> list[str]:
    from netcluster.tables.side import read_side

    return [str(code) for code in read_side(Path(path), ["country"])["country"]]


@risk.command()
@opt.inputs
@click.option("--of", type=click.Choice(["node", "region", "sector"]), default=None, help="Who is exposed.")
@click.option("--on", type=click.Choice(["node", "region", "sector"]), default=None, help="To whom.")
@click.option(
    "--side", type=click.Choice(["inputs", "sales"]), default="inputs", show_default=True, help="Buying or selling."
)
@click.option("--hidden", type=opt.SHARE, default=None, help="The threshold of hidden exposure for a finding.")
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def exposure(ctx: click.Context, /, **flags: Any) -> None:
    """Exposure at face value, over the whole chain, and what the face value hides.

    \b
    netcluster risk exposure world.csv --sort=-hidden --top 20
    netcluster risk exposure table.xlsx --of sector --on sector
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.risk import exposure as compute

        return compute(
            bundle.table(), of=flags["of"], on=flags["on"], side=flags["side"], hidden_threshold=flags["hidden"]
        )

    ctx.exit(runner.rows("risk exposure", flags, work))


@risk.command()
@opt.inputs
@click.option("--account", default="", help="jobs, value_added, output or a satellite; jobs where there are any.")
@click.option("--loss", type=opt.SHARE, default=None, help="The threshold of a region's loss for a finding.")
@opt.reading
@opt.rows
@opt.output
@opt.common
@click.pass_context
def stress(ctx: click.Context, /, **flags: Any) -> None:
    """The jobs each region loses where one of its industries closes.

    \b
    netcluster risk stress table.xlsx --sort=-stress_loss --top 10
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.risk import stress as compute

        return compute(bundle.table(), account=flags["account"], loss_threshold=flags["loss"])

    ctx.exit(runner.rows("risk stress", flags, work))


risk.add_command(suppliers)
risk.add_command(cascade)
risk.add_command(financial)
