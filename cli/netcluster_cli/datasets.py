"""`netcluster datasets`: the tables that ship with netcluster."""

from __future__ import annotations

import shutil
from pathlib import Path

import click


@click.group()
def datasets() -> None:
    """The tables that ship with netcluster: list, copy, path.

    \b
    netcluster datasets list
    netcluster analyze "$(netcluster datasets path germany-1995)" -o run
    """


@datasets.command("list")
def list_() -> None:
    """List the tables."""
    import netcluster_datasets as shipped

    width = max(map(len, shipped.names()))
    for name in shipped.names():
        click.echo(f"{name.ljust(width)}  {shipped.describe(name)}")


@datasets.command()
@click.argument("name", help="A name of datasets list.")
def path(name: str) -> None:
    """Print where a table lies."""
    click.echo(_path(name))


@datasets.command()
@click.argument("name", help="A name of datasets list.")
@click.argument("target", type=click.Path(path_type=Path), default=Path(), help="The folder to copy to.")
@click.option("--force", is_flag=True, help="Replace what is there.")
def copy(name: str, target: Path, force: bool) -> None:
    """Copy a table, to look at or to change."""
    from netcluster.core.files import refuse_existing

    source = _path(name)
    place = target / source.name
    refuse_existing(place, force=force)
    target.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    else:
        shutil.copyfile(source, place)
    click.echo(place)


def _path(name: str) -> Path:
    import netcluster_datasets as shipped
    from netcluster.core.errors import NetclusterError

    try:
        return Path(shipped.path(name))
    except LookupError as error:
        raise NetclusterError(str(error.args[0]), "netcluster datasets list names them.") from error
