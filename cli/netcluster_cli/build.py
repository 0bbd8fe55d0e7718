"""`netcluster build`: one network out of several tables."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner


@click.command()
@opt.inputs
@opt.reading
@click.option("-o", "--output", "out", metavar="NET", required=True, help="The folder to save the network in.")
@click.option("--force", is_flag=True, help="Replace what is there.")
@opt.common
def build(**flags: Any) -> None:
    """Make one network out of tables, firms and links, and save it.

    \b
    netcluster build io.csv firms.csv links.csv -o net
    netcluster analyze net -o run
    """
    from netcluster.core.files import write_text
    from netcluster.network.build import build as make
    from netcluster.network.store import save
    from netcluster.study.jsonable import dumps
    from netcluster.study.provenance import run_record

    started = time.time()
    (bundle,) = runner.open_bundles(flags["paths"], flags)
    network = make(bundle)
    target = Path(flags["out"])
    save(bundle.replace(network=network), target, force=flags["force"])
    record = run_record(
        runner.provenance_of("build", flags), arguments=sys.argv[1:], inputs=flags["paths"], outputs=[], started=started
    )
    write_text(target.with_name(target.name + ".run.json"), dumps(record))
    runner.say_notes(flags, (*runner.notes_of(bundle), *network.changes))
    if not flags["quiet"]:
        click.echo(f"Saved {target}: {network!r}", err=True)
        click.echo(f"Next: netcluster analyze {target} -o run", err=True)
