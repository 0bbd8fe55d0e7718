"""`netcluster build`: one network out of several tables."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    from netcluster.network.network import Network
    from netcluster.tables.bundle import Bundle


class Projection(click.ParamType[Any]):
    """`LAYER`, `LAYER=newman` or `LAYER=count`."""

    name = "LAYER[=newman|count]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Split layer and weights."""
        layer, _, weights = str(value).partition("=")
        if weights not in ("", "newman", "count"):
            self.fail(f"{weights!r} are no weights; give {layer}=newman or {layer}=count.", param, ctx)
        return layer, weights or "newman"


@click.command()
@opt.inputs
@opt.reading
@click.option("-o", "--output", "out", metavar="NET", default="", help="The folder to save the network in.")
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option(
    "--project",
    type=Projection(),
    multiple=True,
    help="Link those who share a group in this layer, as layer co_LAYER; newman weighs a group of k members 1/(k − 1).",
)
@click.option("--largest-group", type=click.IntRange(min=2), default=None, help="Pass over groups with more members.")
@click.option("--suggest-merges", is_flag=True, help="Print pairs of firms that may be one, and save nothing.")
@click.option(
    "--merge",
    type=click.Path(path_type=Path),
    default=None,
    help="Make each a of a CSV file (a, b) one with its b; what --suggest-merges printed, less the wrong pairs.",
)
@click.option(
    "--consolidate",
    type=click.Path(path_type=Path),
    default=None,
    help="Make plants firms and firms groups by a CSV file (child, parent) of who owns whom.",
)
@click.option("--tag-institutions", is_flag=True, help="Tag the industries of a table that stand for institutions.")
@opt.common
def build(**flags: Any) -> None:
    """Make one network out of tables, firms and links, and save it.

    \b
    netcluster build io.csv firms.csv links.csv -o net
    netcluster build organization.csv --largest-group 50 -o projects
    netcluster build firms.csv members.csv --project membership -o net
    netcluster build links.csv --suggest-merges > merges.csv
    netcluster build links.csv --merge merges.csv -o net
    netcluster analyze net -o run
    """
    from netcluster.core.files import refuse_existing

    if not flags["out"] and not flags["suggest_merges"]:
        raise click.UsageError("Name the folder to save the network in with -o NET.")
    started = time.time()
    if flags["out"] and not flags["suggest_merges"]:
        refuse_existing(flags["out"], force=flags["force"])
    bundle = runner.open_one("build", flags)
    if flags["merge"] is not None:
        from netcluster.network.merge import apply_merges

        bundle = apply_merges(bundle, _pairs(flags["merge"], "a", "b", "makes two firms of"))
    if flags["suggest_merges"]:
        _print_merges(bundle, flags)
        return
    network = _network(bundle, flags)
    _save(bundle.replace(network=network), flags, started)
    runner.say_notes(flags, (*runner.notes_of(bundle), *network.changes))
    if not flags["quiet"]:
        click.echo(f"Saved {flags['out']}: {network!r}", err=True)
        click.echo(f"Next: netcluster analyze {flags['out']} -o run", err=True)


def _network(bundle: Bundle, flags: Mapping[str, Any]) -> Network:
    from netcluster.network.build import build as make
    from netcluster.network.proxies import tag_proxies

    wanted: dict[str, Any] = dict(flags["project"])
    network = make(bundle, project=wanted, largest_group=flags["largest_group"])
    if flags["consolidate"] is not None:
        from netcluster.network.consolidate import consolidate

        network = consolidate(network, _pairs(flags["consolidate"], "child", "parent", "gives two parents to"))
    return tag_proxies(network) if flags["tag_institutions"] else network


def _save(bundle: Bundle, flags: Mapping[str, Any], started: float) -> None:
    from netcluster.core.files import write_text
    from netcluster.network.store import save
    from netcluster.study.jsonable import dumps
    from netcluster.study.provenance import run_record

    target = Path(flags["out"])
    save(bundle, target, force=flags["force"])
    record = run_record(
        runner.provenance_of("build", flags), arguments=sys.argv[1:], inputs=flags["paths"], outputs=[], started=started
    )
    write_text(target.with_name(target.name + ".run.json"), dumps(record))


def _pairs(path: Path, one: str, other: str, wrong: str) -> dict[str, str]:
    """Return the pairs of a side file; two different partners of one name are an error."""
    from netcluster.core.errors import NetclusterError
    from netcluster.tables.side import read_side

    given = read_side(path, (one, other))
    blank = (given == "").any(axis=1)
    if blank.any():
        said = f"{path}, line {int(blank.to_numpy().argmax()) + 2}: {one} and {other} must both be named."
        raise NetclusterError(said, "Fill the cell in, or take the row out.")
    double = given.loc[given[one].duplicated() & ~given.duplicated(), one]
    if len(double):
        raise NetclusterError(f"{path} {wrong} {double.iloc[0]!r}.", f"Keep one row of each {one}.")
    return dict(zip(given[one], given[other], strict=True))


def _print_merges(bundle: Bundle, flags: Mapping[str, Any]) -> None:
    from netcluster.network.merge import suggest_merges
    from netcluster.report import terminal

    result = suggest_merges(bundle)
    form = "table" if sys.stdout.isatty() else "csv"
    click.echo(terminal.render(result.frame, form), nl=False)
    runner.say_notes(flags, runner.notes_of(bundle))
    if not flags["quiet"]:
        text = (
            f"{len(result):,} pairs that may be one firm. Strike out those that are two; --merge FILE takes the rest."
        )
        click.echo(text, err=True)
