"""The options commands share, in groups, each the same flag with the same meaning everywhere."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

#: The options that show a command's help.
HELP = ("-h", "--help")
FORMATS = ("table", "csv", "json", "markdown")


class Pairs(click.ParamType[Any]):
    """`ours=theirs,ours=theirs` as a mapping."""

    name = "ours=theirs,…"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, str]:
        """Split the pairs."""
        if isinstance(value, dict):
            return {str(key): str(item) for key, item in value.items()}
        pairs = dict(part.split("=", 1) for part in str(value).split(",") if "=" in part)
        if not pairs or len(pairs) != len(str(value).split(",")):
            self.fail(f"{value!r} is not of the form importer=REPORTER,exporter=PARTNER.", param, ctx)
        return {key.strip(): item.strip() for key, item in pairs.items()}


class Names(click.ParamType[Any]):
    """`a,b,c` as a tuple."""

    name = "a,b,…"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Split the names."""
        if isinstance(value, (list, tuple)):
            return tuple(map(str, value))
        return tuple(part.strip() for part in str(value).split(",") if part.strip())


class Number(click.FloatRange):
    """A number within bounds, and a finite one: NaN is beyond none."""

    name = "float"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the number."""
        found = float(super().convert(value, param, ctx))
        if not math.isfinite(found):
            self.fail(f"{value!r} is not a finite number.", param, ctx)
        return found


#: A share of a whole, and a number of days.
SHARE = Number(0, 1)
DAYS = Number(0, 36_500)


def group(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Return one decorator out of several."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def _config(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    """Fill a command's defaults from a TOML file: its own table, and what stands above all tables."""
    if value is None:
        return
    import tomllib

    try:
        settings = tomllib.loads(value.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise click.BadParameter(f"{value} can't be read: {error}", ctx, param) from error
    path = ctx.command_path.split()[1:]
    chosen = {key: item for key, item in settings.items() if not isinstance(item, dict)}
    for step in path:
        table = settings.get(step, {})
        settings = table if isinstance(table, dict) else {}
        chosen |= {key: item for key, item in settings.items() if not isinstance(item, dict)}
    known = {option.removeprefix("--"): item.name for item in ctx.command.params for option in item.opts}
    defaults = {}
    for key, item in chosen.items():
        if key.replace("_", "-") not in known:
            raise click.BadParameter(f"{value}: {ctx.command_path} has no option --{key}.", ctx, param)
        defaults[known[key.replace("_", "-")]] = item
    ctx.default_map = {**(ctx.default_map or {}), **defaults}


def jobs(what: str, usual: str = "all cores") -> Callable[[F], F]:
    """Return the option of how many work on one sweep; the answer is the same whatever it is."""
    text = f"{what} The answer is the same; {usual} where left out."
    return click.option("--jobs", type=click.IntRange(min=1), default=None, help=text)


inputs = click.argument(
    "paths", metavar="INPUT…", nargs=-1, required=True, help="A file, several that belong together, a folder, or -."
)

reading = group(
    click.option("--year", metavar="YEAR", default="", help="2014, 2000-2014 or all; the latest where left out."),
    click.option(
        "--origin",
        type=click.Choice(["domestic", "total", "imports"]),
        default="domestic",
        show_default=True,
        help="Whose goods, where a table splits them.",
    ),
    click.option("--sheet", default="", help="The sheet of a workbook."),
    click.option("--kind", default="", help="What the file holds, where inspect can't tell."),
    click.option(
        "--columns",
        type=Pairs(),
        default={},
        help="Our names of columns and yours: importer=REPORTER,…; exporter==Brazil is a country, no column.",
    ),
    click.option("--final-demand", type=Names(), default=(), help="The columns of final demand."),
    click.option("--value-added", type=Names(), default=(), help="The rows of value added."),
    click.option("--labels", type=click.Path(path_type=Path), default=None, help="A file code,name,region of labels."),
    click.option(
        "--satellite", type=click.Path(path_type=Path), default=None, help="Accounts in a file node,account,value,unit."
    ),
    click.option("--level", default="", help="The level of a nested classification; the finest where left out."),
    click.option(
        "--sut-model",
        type=click.Choice(["A", "B", "C", "D"]),
        default="D",
        show_default=True,
        help="How supply and use become symmetric.",
    ),
    click.option("--decimal", default="", help="The decimal mark."),
    click.option("--delimiter", default="", help="The separator of columns."),
    click.option("--encoding", default="", help="The encoding of a text file."),
    click.option("--cut-region", type=Names(), default=(), help="Keep these regions of the table; the rest is trade."),
)

rows = group(
    click.option("--region", type=Names(), default=(), help="Print the rows of these regions."),
    click.option("--select", type=Names(), default=(), help="Print these columns."),
    click.option("--sort", metavar="[-]COLUMN", default="", help="Sort by a column; -COLUMN downwards."),
    click.option("--top", type=click.IntRange(min=1), default=None, help="Print the first rows only."),
)

output = group(
    click.option("--format", "form", type=click.Choice(FORMATS), default=None, help="Table on a terminal, else CSV."),
    click.option(
        "-o", "--output", "out", metavar="FILE", default="", help="Write to a .csv .json .parquet .xlsx .md file."
    ),
    click.option("--force", is_flag=True, help="Replace what is there."),
    click.option("--fail-on", type=click.Choice(["high", "medium"]), default=None, help="Exit 3 on such a finding."),
)

chance = group(
    click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The seed of all chance."),
)

effort = click.option(
    "--effort",
    type=click.Choice(["quick", "standard", "full"]),
    default="standard",
    show_default=True,
    help="How many ensemble members, null draws and samples.",
)

common = group(
    click.option(
        "--config",
        type=click.Path(path_type=Path),
        is_eager=True,
        expose_value=False,
        callback=_config,
        help="A TOML file of options.",
    ),
    click.option("--threads", type=click.IntRange(min=1), default=None, help="Threads; all cores where left out."),
    click.option("-q", "--quiet", is_flag=True, help="Say nothing on standard error."),
    click.option("-v", "--verbose", is_flag=True, help="Say more on standard error."),
    click.option("--debug", is_flag=True, help="Show the traceback of an error."),
)
