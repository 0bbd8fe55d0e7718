"""`netcluster report`: the report of a finished run, made again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), help="The folder of a run of analyze.")
@click.option("--figures", type=click.Path(path_type=Path), default=None, help="Write the figures as PNG, SVG, PDF.")
@click.option("--force", is_flag=True, help="Replace figures that are there.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on standard error.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def report(folder: Path, figures: Path | None, force: bool, quiet: bool, debug: bool) -> None:  # noqa: ARG001
    """Rebuild the HTML report of a finished run.

    \b
    netcluster report run
    netcluster report run --figures figures
    """
    from netcluster.report import write

    page = write.write(folder, force=True)
    if figures is not None:
        write.figures(folder, figures, force=force)
    if not quiet:
        click.echo(f"Wrote {page}" + (f" and the figures in {figures}." if figures else "."), err=True)
