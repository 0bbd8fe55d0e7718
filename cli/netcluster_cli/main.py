"""The entry point: the list of commands, loaded one at a time, and what becomes of an error."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from netcluster_cli.options import HELP

#: Every command: its section of the help, its module, and its line there. The modules are loaded only when
#: their command is run, so that the list costs nothing; a test holds the lines to the commands' own.
COMMANDS: dict[str, tuple[str, str]] = {
    "analyze": ("Start here", "Everything the input allows: findings, tables, a network and a report."),
    "inspect": ("Read", "Say what a file holds, and the command that reads it."),
    "table": ("Read", "Write the cleaned table out."),
    "build": ("Read", "Make one network out of tables, firms and links, and save it."),
    "reconstruct": ("Read", "A firm network that agrees with a table, and how far it does."),
    "export": ("Read", "Write a network for other tools: GraphML, GEXF, GML, Pajek, CSV, XLSX …"),
    "sectors": ("Find", "Multipliers, linkages, key sectors and extraction of every sector."),
    "trace": ("Find", "Structural paths from suppliers to final demand, and how long chains are."),
    "impact": ("Find", "What a change in demand or policy does to output, value added and jobs."),
    "footprint": ("Find", "Satellite accounts embodied in final demand; value added in trade."),
    "centrality": ("Find", "Who is central, who stands between groups, and what institutions reach."),
    "clusters": ("Find", "Group industries or firms that trade densely with each other."),
    "regions": ("Find", "What is concentrated where: location quotients and strong clusters of regions."),
    "complexity": ("Find", "Comparative advantage, complexity, and what each exporter is near to."),
    "risk": ("Find", "Who depends on what, and what fails when it fails."),
    "shock": ("Find", "What a loss of supply, capacity, flows or demand costs."),
    "compare": ("Find", "Two years or regions side by side, and why an account changed."),
    "batch": ("Many at once", "Many runs from one plan, in parallel, resumed where they were stopped."),
    "report": ("Hand over", "Rebuild the HTML report of a finished run."),
    "rerun": ("Hand over", "Run a recorded run again and compare."),
    "datasets": ("Look up", "The tables that ship with netcluster: list, copy, path."),
    "explain": ("Look up", "What a measure means, its formula, unit and source."),
    "completion": ("Look up", "The completion script of a shell."),
}


class Commands(click.Group):
    """A group that loads a command when it is asked for, and lists them under headings."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"netcluster_cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of a misspelt one say the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            meant = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their headings, without loading them."""
        width = max(map(len, COMMANDS))
        for section in dict.fromkeys(section for section, _ in COMMANDS.values()):
            with formatter.section(section):
                rows = [(name.ljust(width), line) for name, (place, line) in COMMANDS.items() if place == section]
                formatter.write_dl(rows)


@click.group(cls=Commands, context_settings={"help_option_names": list(HELP), "auto_envvar_prefix": "NETCLUSTER"})
@click.version_option(package_name="netcluster")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Supply-chain networks: clusters, who is central, who depends on what.

    \b
    netcluster analyze table.xlsx -o run     findings, tables, a report
    netcluster inspect table.xlsx            what is in a file
    netcluster COMMAND --help                examples and options of a command
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        ctx.color = False


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code: 0 done, 1 bad input, 2 bad usage, 3 findings, 130 Ctrl-C."""
    debug = "--debug" in arguments
    try:
        if "_NETCLUSTER_COMPLETE" in os.environ:
            cli.main(args=list(arguments), prog_name="netcluster")
        # Not cli.main(): it turns a closed pipe into exit code 1 before it can be seen here.
        with cli.make_context("netcluster", list(arguments)) as ctx:
            cli.invoke(ctx)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # The reader of the pipe has had enough (head, less): that is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        # DuckDB turns a Ctrl-C during a query into an error of its own.
        if isinstance(error, RuntimeError) and str(error) == "Query interrupted":
            click.echo("Stopped.", err=True)
            return 130
        if debug:
            raise
        return _explain(error)
    return 0


def _explain(error: Exception) -> int:
    """Print an error as two lines, what and what to do, and return its exit code."""
    from netcluster.core.errors import NetclusterError

    if isinstance(error, NetclusterError):
        message, hint = error.message, error.hint
    elif isinstance(error, MemoryError):
        message, hint = (
            "There is not enough memory for this.",
            "Cut the table down (--year, --cut-region), or use --map.",
        )
    elif isinstance(error, PermissionError):
        message, hint = f"{error.filename}: permission denied.", "Ask its owner, or choose another place."
    elif isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        message = f"{error.filename or 'The output'} can't be written: {error.strerror}."
        hint = "Free some space, or write to another disk."
        if not error.filename:
            # What could not be printed would be tried once more at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    elif isinstance(error, OSError) and error.filename and error.strerror:
        message = f"{str(error.filename)[:200]} can't be opened: {error.strerror}."
        hint = "Check the name, and whether the disk or the network drive is there."
    else:
        message = f"netcluster failed: {type(error).__name__}: {error}"
        hint = "This is a fault of netcluster: run it again with --debug and report what it prints."
    click.secho("Error: ", fg="red", nl=False, err=True)
    click.echo(message, err=True)
    if hint:
        click.echo(f"Hint: {hint}", err=True)
    return getattr(error, "exit_code", 1)
