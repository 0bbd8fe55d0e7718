"""Write the pages that follow from the code: cli.md from the help, measures.md from measures.toml, functions.md.

`python docs/generate.py` writes them; a test holds them to what it would write.
"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import click

from netcluster.core.measures import Measure, all_measures
from netcluster_cli.main import COMMANDS, cli

HERE = Path(__file__).resolve().parent
LIBRARY = ("network", "economy", "centrality", "clusters", "places", "risk", "reconstruction", "report", "batch")
ROOMS = ("network", "economy", "centrality", "clusters", "places", "risk", "reconstruction", "study")


def cli_page() -> str:
    """Return the reference of the command line: the help of every command."""
    parts = [
        "# Command line\n",
        "`netcluster COMMAND INPUT… [OPTIONS]`. Written by `docs/generate.py` from the commands' own help.\n",
        "Options can also stand in the environment (`NETCLUSTER_SECTORS_TOP=5`) and in a TOML file"
        " (`--config run.toml`, the same names, a table a command); flags beat the environment, that beats the file.\n",
    ]
    for path, command in walk(cli):
        context = _context(path)
        title = " ".join(("netcluster", *path))
        parts.append(f"## {title}\n" if len(path) == 1 else f"### {title}\n")
        parts.append(f"```text\n{_help(command, context)}\n```\n")
    return "\n".join(parts)


def walk(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    """Return every command below a group with its path, groups before their commands."""
    found: list[tuple[tuple[str, ...], click.Command]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append(((*path, name), command))
        if isinstance(command, click.Group):
            found.extend(walk(command, (*path, name)))
    return found


def measures_page() -> str:
    """Return the reference of the measures, room by room."""
    parts = [
        "# Measures\n",
        "Every column that is a measure, as `netcluster explain NAME` tells it. Written by `docs/generate.py` from"
        " `netcluster/core/measures.toml`.\n",
    ]
    for room in ROOMS:
        chosen = sorted((item for item in all_measures().values() if item.room == room), key=lambda item: item.key)
        if chosen:
            parts.append(f"## {room}\n")
            parts.extend(_measure(item) for item in chosen)
    return "\n".join(parts)


def _measure(item: Measure) -> str:
    lines = [f"### {item.key}\n", f"**{item.name}.** {item.meaning}\n", f"- Formula: {item.formula}"]
    lines += [f"- Unit: {item.unit}", f"- Source: {item.source}"]
    if item.threshold is not None:
        lines.append(f"- Threshold: {item.threshold:g} ({item.threshold_source})")
    if item.caveat:
        lines.append(f"- Mind: {item.caveat}")
    return "\n".join(lines) + "\n"


def functions_page() -> str:
    """Return the list of what each room has for Python, with its parameters and the first line of its docstring."""
    parts = [
        "# Functions\n",
        "What each room has for [Python](python.md), by its docstring's first line; `help(nc.clusters.detect)` says the"
        " rest. Written by `docs/generate.py`.\n",
    ]
    for room in LIBRARY:
        module = importlib.import_module(f"netcluster.{room}")
        parts.append(f"## nc.{room}\n\n{(module.__doc__ or '').strip().splitlines()[0]}\n")
        rows = [_function(name, getattr(module, name)) for name in module.__all__]
        parts.append("\n".join(["| name | what it is |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _function(name: str, value: object) -> str:
    text = (inspect.getdoc(value) or "").splitlines()[0] if callable(value) else f"`{value!r}`"
    if inspect.isfunction(value):
        given = ", ".join(inspect.signature(value).parameters)
        name = f"{name}({given})"
    return f"| `{name}` | {text.replace('|', chr(92) + '|')} |"


def _context(path: tuple[str, ...]) -> click.Context:
    context = click.Context(cli, info_name="netcluster", **cli.context_settings)
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(context, name)
        assert found is not None
        command = found
        context = click.Context(command, info_name=name, parent=context)
    return context


def _help(command: click.Command, context: click.Context) -> str:
    formatter = click.HelpFormatter(width=100)
    command.format_help(context, formatter)
    return "\n".join(line.rstrip() for line in formatter.getvalue().rstrip().splitlines())


PAGES = {"cli.md": cli_page, "measures.md": measures_page, "functions.md": functions_page}

if __name__ == "__main__":
    assert COMMANDS
    for page, write in PAGES.items():
        HERE.joinpath(page).write_text(write(), encoding="utf-8")
