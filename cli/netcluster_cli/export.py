"""`netcluster export`: a network for other tools."""

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
@click.option("--layer", default="supply", show_default=True, help="The layer to write, or all.")
@click.option(
    "-o",
    "--output",
    "out",
    metavar="FILE",
    required=True,
    help="A .graphml .gexf .gml .net .csv .parquet .xlsx or .json file.",
)
@click.option("--for-excel", is_flag=True, help="Guard labels that a spreadsheet would take for formulas.")
@click.option("--force", is_flag=True, help="Replace what is there.")
@opt.common
def export(**flags: Any) -> None:
    """Write a network for other tools: GraphML, GEXF, GML, Pajek, CSV, XLSX …

    \b
    netcluster export net -o net.graphml
    netcluster export table.xlsx -o links.csv
    """
    from netcluster.core.files import write_text
    from netcluster.network.build import build
    from netcluster.network.export import export as write
    from netcluster.study.jsonable import dumps
    from netcluster.study.provenance import run_record

    started = time.time()
    bundle = runner.open_one("export", flags)
    network = build(bundle)
    target = Path(flags["out"])
    written = write(network, target, layer=flags["layer"], force=flags["force"], for_excel=flags["for_excel"])
    record = run_record(
        runner.provenance_of("export", flags),
        arguments=sys.argv[1:],
        inputs=flags["paths"],
        outputs=[target],
        started=started,
    )
    write_text(target.with_name(target.name + ".run.json"), dumps(record))
    runner.say_notes(flags, (*runner.notes_of(bundle), *network.changes, *written))
    if not flags["quiet"]:
        chosen = network.layers if flags["layer"] == "all" else [flags["layer"]]
        links = sum(network.layer(name).links for name in chosen)
        click.echo(f"Wrote {target}: {network.n:,} nodes, {links:,} links of layer {flags['layer']}.", err=True)
