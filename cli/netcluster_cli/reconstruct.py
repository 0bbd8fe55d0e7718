"""`netcluster reconstruct`: a firm network that agrees with a table."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    from netcluster.core.result import Note, Result
    from netcluster.network.network import Network
    from netcluster.tables.bundle import Bundle
    from netcluster.tables.firms import FirmTable
    from netcluster.tables.links import LinkTable

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("paths", metavar="TABLE…", nargs=-1, required=True, help="The input–output table.")
@click.option(
    "--firms", type=FILE, required=True, help="Firms: id, industry, size; revenue, costs, region, lat, lon where known."
)
@click.option("--mean-degree", type=opt.Number(0.01), required=True, help="Customers a firm has on average.")
@click.option("-o", "--output", "out", metavar="NET", required=True, help="The folder to save the network in.")
@click.option(
    "--method",
    type=click.Choice(["iogm", "scgm", "dcgm"]),
    default="iogm",
    show_default=True,
    help="Suppliers by the table, by firms' own inputs, or without industries.",
)
@click.option(
    "--plain", is_flag=True, help="The published model as it stands: exponents 1, nothing fitted but density."
)
@click.option("--inputs", type=FILE, default=None, help="What firms buy: a CSV firm,industry,value, for --method scgm.")
@click.option("--known-links", type=FILE, default=None, help="Supply links that stay: a CSV source,target[,weight].")
@click.option(
    "--institutions", type=FILE, default=None, help="Rules: a CSV id,role,firms[,region,industry,reach,size,…]."
)
@click.option(
    "--distance-decay", type=opt.Number(0, 20), default=0.0, show_default=True, help="(1 + km ÷ scale)^−decay."
)
@click.option(
    "--distance-scale",
    type=opt.Number(0.001, 40_000),
    default=10.0,
    show_default=True,
    help="The scale of the decay, in km.",
)
@click.option(
    "--members", type=click.IntRange(min=1), default=1, show_default=True, help="Networks drawn; the first is saved."
)
@opt.reading
@click.option("--format", "form", type=click.Choice(opt.FORMATS), default=None, help="Table on a terminal, else CSV.")
@click.option("--force", is_flag=True, help="Replace what is there.")
@opt.chance
@opt.common
@click.pass_context
def reconstruct(ctx: click.Context, /, **flags: Any) -> None:
    """A firm network that agrees with a table, and how far it does.

    Prints the validation report: what the network was held to, and what it reached. With --members the spread of
    each figure over that many networks stands beside it.

    \b
    netcluster reconstruct table.xlsx --firms firms.csv --mean-degree 20 -o net
    netcluster export net -o links.csv
    netcluster risk cascade net --sort=-esri --top 20
    """
    from netcluster.core import progress
    from netcluster.core.files import refuse_existing

    started = time.time()
    refuse_existing(Path(flags["out"]), force=flags["force"])
    progress.enable(not flags["quiet"])
    bundle = runner.open_one("reconstruct", flags)
    network, report, notes = _made(bundle, flags)
    network = replace(network, name=bundle.name or Path(flags["paths"][0]).stem, validation=report.frame)
    _save(bundle, network, flags, started)
    _print(report, flags)
    runner.say_notes(flags, (*runner.notes_of(bundle), *notes))
    if not flags["quiet"]:
        click.echo(f"Saved {flags['out']}: {network!r}", err=True)
        click.echo(f"Next: netcluster risk cascade {flags['out']} --sort=-esri --top 20", err=True)
    ctx.exit(0)


def _made(bundle: Bundle, flags: dict[str, Any]) -> tuple[Network, Result, tuple[Note, ...]]:
    """Return the network to save, the report to print, and what to say."""
    from netcluster.reconstruction import Exponents, ensemble, read_inputs, reconstruct, with_spread

    table, firms = bundle.table(), _firms(flags["firms"])
    common = {key: flags[key] for key in ("mean_degree", "method", "distance_decay", "distance_scale", "institutions")}
    common |= {"seed": flags["seed"], "jobs": flags["threads"] or os.cpu_count() or 1}
    if flags["inputs"] is not None:
        common["inputs"] = read_inputs(flags["inputs"])
    if flags["known_links"] is not None:
        common["known"] = _links(flags["known_links"])
    if flags["plain"]:
        common["exponents"] = Exponents()
    if flags["members"] == 1:
        one = reconstruct(table, firms, **common)
        return one.network, one, (*firms.changes, *one.notes)
    networks = ensemble(table, firms, members=flags["members"], **common)
    first, report = with_spread(networks)
    return first.network, report, (*firms.changes, *first.notes)


def _firms(path: Path) -> FirmTable:
    from netcluster.core.errors import NetclusterError
    from netcluster.network.open import open_inputs
    from netcluster.tables.options import ReadOptions

    bundle = open_inputs([path], ReadOptions(kind="firms"))
    if bundle.firms is None:
        raise NetclusterError(f"{path} is no list of firms.", "It needs the columns id, industry and size.")
    return bundle.firms


def _links(path: Path) -> LinkTable:
    from netcluster.core.errors import NetclusterError
    from netcluster.network.open import open_inputs
    from netcluster.tables.options import ReadOptions

    bundle = open_inputs([path], ReadOptions(kind="links"))
    if bundle.links is None:
        raise NetclusterError(f"{path} is no list of links.", "It needs the columns source and target.")
    return bundle.links


def _save(bundle: Bundle, network: Network, flags: dict[str, Any], started: float) -> None:
    """Save the network with its table, and the record of the run beside it."""
    from netcluster.core.files import write_text
    from netcluster.network.store import save
    from netcluster.study.jsonable import dumps
    from netcluster.study.provenance import run_record
    from netcluster.tables.bundle import Bundle

    target = Path(flags["out"])
    whole = Bundle(io=bundle.io, supply_use=bundle.supply_use, network=network, name=bundle.name, notes=bundle.notes)
    save(whole, target, force=flags["force"])
    inputs = [flags[key] for key in ("firms", "inputs", "known_links", "institutions") if flags[key] is not None]
    record = run_record(
        runner.provenance_of("reconstruct", flags),
        arguments=sys.argv[1:],
        inputs=[*flags["paths"], *map(str, inputs)],
        outputs=[],
        started=started,
    )
    write_text(target.with_name(target.name + ".run.json"), dumps(record))


def _print(report: Result, flags: dict[str, Any]) -> None:
    from netcluster.report import terminal

    form = flags["form"] or ("table" if sys.stdout.isatty() else "csv")
    record = runner.provenance_of("reconstruct", flags)
    text = terminal.render(
        report.frame, form, provenance=record, findings=(), extra={"parameters": dict(report.parameters)}
    )
    click.echo(text, nl=False)
