"""`netcluster shock`: what a loss of supply, capacity, flows or demand costs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.core.result import Result
    from netcluster.network.network import Network
    from netcluster.risk import Behaviour
    from netcluster.tables.bundle import Bundle
    from netcluster.tables.iotable import IOTable

_FILE = click.Path(path_type=Path)


class Shares(click.ParamType[Any]):
    """`F=0.8,C28=0.2` as a mapping of names to numbers."""

    name = "sector=share,…"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, float]:
        """Split the pairs."""
        pairs = value if isinstance(value, dict) else opt.Pairs().convert(value, param, ctx)
        try:
            return {str(name): float(number) for name, number in pairs.items()}
        except ValueError:
            self.fail(f"{value!r} is not of the form F=0.8,C28=0.2.", param, ctx)


@click.command()
@opt.inputs
@click.option("--scenario", type=_FILE, default=None, help="A CSV node,remaining[,day,until,recovery,rebuild].")
@click.option("--hazards", type=_FILE, default=None, help="A CSV node,probability[,remaining].")
@click.option("--sweep", type=_FILE, default=None, help="A CSV scenario,node,amount: changes of final demand.")
@click.option(
    "--model",
    type=click.Choice(["mixed", "ghosh", "daily"]),
    default="mixed",
    show_default=True,
    help="A year by the mixed model (of firms: the cascade) or by Ghosh's, or day by day with stocks.",
)
@click.option(
    "--show",
    type=click.Choice(["nodes", "days", "hazards", "draws", "distribution"]),
    default=None,
    help="Of --model daily: nodes or days. Of --hazards: hazards, draws or distribution.",
)
@click.option("--days", type=click.IntRange(min=1), default=365, show_default=True, help="How long, daily.")
@click.option("--inventory-days", type=opt.DAYS, default=90.0, show_default=True, help="Stocks of inputs, daily.")
@click.option(
    "--restore-days",
    type=opt.Number(0.01, 36_500),
    default=60.0,
    show_default=True,
    help="To order stocks back, daily.",
)
@click.option(
    "--psi", type=opt.SHARE, default=0.8, show_default=True, help="The part of stocks below which output falls."
)
@click.option(
    "--overproduction",
    type=opt.Number(1, 1000),
    default=1.25,
    show_default=True,
    help="The most capacity can stretch to.",
)
@click.option(
    "--rationing",
    type=click.Choice(["orders_first", "proportional"]),
    default="orders_first",
    show_default=True,
    help="Who gets what is too little: other producers first, or all in proportion.",
)
@click.option("--builders", type=Shares(), default={}, help="Who rebuilds what is destroyed: F=0.8,C28=0.2.")
@click.option("--draws", type=click.IntRange(min=1), default=1000, show_default=True, help="Draws of --hazards.")
@click.option(
    "--tail",
    type=opt.Number(0, 0.9999, min_open=True),
    default=0.95,
    show_default=True,
    help="Of value at risk and expected shortfall.",
)
@opt.jobs("Of firms: threads that share the draws.")
@click.option("--draw", type=click.IntRange(min=0), default=None, help="This draw of --hazards alone, node by node.")
@click.option(
    "--production",
    type=click.Choice(["generalised", "linear", "leontief"]),
    default="generalised",
    show_default=True,
    help="What missing inputs do to a firm's output.",
)
@click.option("--essential", type=_FILE, default=None, help="Of firms: a matrix of 0, 1, 2; suppliers in rows.")
@opt.reading
@opt.rows
@opt.output
@opt.chance
@opt.common
@click.pass_context
def shock(ctx: click.Context, /, **flags: Any) -> None:
    """What a loss of supply, capacity, flows or demand costs.

    In a year, day by day, or by chance. On a table the nodes are sectors,
    regions, or a sector code in all regions; on a network of firms, firms.
    FROM>TO are the flows between two of these, as in CHN>DEU or *>DEU.

    \b
    netcluster shock table.xlsx --scenario flood.csv
    netcluster shock table.xlsx --scenario flood.csv --model daily --days 180
    netcluster shock links.csv firms.csv --hazards hazards.csv --draws 2000
    netcluster shock table.xlsx --sweep programmes.csv
    """
    if sum(flags[name] is not None for name in ("scenario", "hazards", "sweep")) != 1:
        raise click.UsageError("Give --scenario FILE (what fails), --hazards FILE (what may fail) or --sweep FILE.")

    def work(bundle: Bundle) -> Result:
        if flags["sweep"] is not None:
            from netcluster.risk import sweep
            from netcluster.tables.side import read_numbers

            return sweep(bundle.table(), read_numbers(flags["sweep"], ["amount"], ["scenario", "node"]))
        source = _source(bundle)
        return _drawn(source, flags) if flags["hazards"] is not None else _one(source, _scenario(flags), flags)

    ctx.exit(runner.rows("shock", flags, work))


def _source(bundle: Bundle) -> IOTable | Network:
    """Return the table, or the firms where there is none."""
    from netcluster.network.build import build
    from netcluster.study.levels import firm_level

    return bundle.table_or_none() or firm_level(build(bundle))


def _one(source: IOTable | Network, rows: pd.DataFrame, flags: dict[str, Any]) -> Result:
    """Return the outcome of one scenario."""
    from netcluster.risk import Event, ario, cascade_scenario
    from netcluster.risk import shock as yearly
    from netcluster.tables.iotable import IOTable

    options: dict[str, Any] = {"production": flags["production"], "essential": _essential(flags)}
    if flags["model"] == "daily":
        names = ("node", "remaining", "day", "until", "recovery", "rebuild")
        events = [
            Event(str(node), float(left), int(day), int(until), int(recovery), bool(rebuild))
            for node, left, day, until, recovery, rebuild in zip(*(rows[name] for name in names), strict=True)
        ]
        path = ario(source, events, days=flags["days"], behaviour=_behaviour(flags), **options)
        return _shown(path, path.by_day) if flags["show"] == "days" else path
    remaining: dict[str, float] = {}
    for node, left in zip(rows["node"], rows["remaining"], strict=True):
        remaining[str(node)] = min(float(left), remaining.get(str(node), float(left)))
    if isinstance(source, IOTable):
        return yearly(source, remaining, model=flags["model"])
    if flags["model"] == "ghosh":
        raise click.UsageError("--model ghosh is for tables; firms take the cascade (mixed) or daily.")
    return cascade_scenario(source, remaining, **options)


def _drawn(source: IOTable | Network, flags: dict[str, Any]) -> Result:
    """Return what the hazards cost over many draws, or what one of the draws costs."""
    from netcluster.risk import drawn, monte_carlo
    from netcluster.tables.side import read_numbers

    hazards = read_numbers(flags["hazards"], ["probability"], ["node"], optional=["remaining"])
    options: dict[str, Any] = {"production": flags["production"], "essential": _essential(flags)}
    if flags["draw"] is not None:
        hit = hazards[hazards["node"].isin(drawn(hazards, flags["seed"], flags["draw"]))]
        rows = hit.assign(remaining=hit.get("remaining", 0.0), day=1, until=30, recovery=0, rebuild=0)
        return _one(source, rows, flags)
    result = monte_carlo(
        source,
        hazards,
        draws=flags["draws"],
        seed=flags["seed"],
        level=flags["tail"],
        jobs=flags["jobs"] or os.cpu_count() or 1,
        **options,
    )
    frames = {"draws": result.by_draw, "distribution": result.figures}
    return _shown(result, frames[flags["show"]]) if flags["show"] in frames else result


def _shown(result: Result, frame: pd.DataFrame) -> Result:
    from netcluster.core.result import Result

    return Result(frame, parameters=result.parameters, notes=result.notes, findings=result.findings)


def _behaviour(flags: dict[str, Any]) -> Behaviour:
    from netcluster.risk import Behaviour

    names = ("inventory_days", "restore_days", "psi", "overproduction", "rationing", "builders")
    return Behaviour(**{name: flags[name] for name in names})


def _essential(flags: dict[str, Any]) -> pd.DataFrame | None:
    from netcluster.tables.side import read_matrix

    return read_matrix(flags["essential"]) if flags["essential"] else None


def _scenario(flags: dict[str, Any]) -> pd.DataFrame:
    """Return the rows of a scenario file; a shock of a month where it says nothing of days."""
    from netcluster.core.errors import NetclusterError
    from netcluster.tables.side import read_numbers

    usual = {"day": 1, "until": 30, "recovery": 0, "rebuild": 0}
    rows = read_numbers(flags["scenario"], ["remaining"], ["node"], optional=list(usual))
    for name in set(usual) & set(rows):
        wrong = (rows[name] % 1 != 0) | ((name == "rebuild") & ~rows[name].isin([0, 1]))
        if wrong.any():
            row = int(wrong.to_numpy().argmax())
            said = f"{flags['scenario']}, line {row + 2}: {name} is {rows[name].iloc[row]:g}."
            raise NetclusterError(said, "Days are whole numbers; rebuild is 1 where capital is destroyed, else 0.")
    return rows.assign(**{name: rows.get(name, value) for name, value in usual.items()})
