"""The commands as a batch sees them: which a plan may name, their options, a check, and a run of one.

The options are read off the commands themselves; nothing is listed a second time.
"""

from __future__ import annotations

import shlex
import tempfile
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner
from netcluster_cli.capture import Capture, Checked, capturing

if TYPE_CHECKING:
    from netcluster.batch import Answer, Job
    from netcluster.batch.commands import Form
    from netcluster.tables.bundle import Bundle

#: Commands of one input: the one that writes a folder, and those that print the rows of one table.
COMMANDS = (
    "analyze",
    "sectors",
    "trace",
    "impact",
    "footprint",
    "centrality",
    "clusters",
    "regions",
    "complexity",
    "shock",
)
GROUPS = ("risk",)
#: Options a plan can't set in a step: they say where output goes, or stand at the head of the plan.
NOT_PLANNED = frozenset(
    {
        "form",
        "out",
        "force",
        "fail_on",
        "config",
        "quiet",
        "verbose",
        "debug",
        "threads",
        "jobs",
        "year",
        "cut_region",
        "help",
    }
)
#: Inputs whose years a worker keeps at hand, for the runs that follow; and the size above which none is kept.
KEPT_INPUTS = 2
KEPT_BYTES = 64 * 1024**2

_kept: OrderedDict[tuple[object, ...], dict[int, Bundle]] = OrderedDict()


class CommandLine:
    """netcluster's own commands, for a batch."""

    def names(self) -> Sequence[str]:
        """Return the commands a plan may name."""
        return tuple(_commands())

    def options(self, command: str) -> Mapping[str, Form]:
        """Return the options of a command a plan may set, and how each is given."""
        return {_long(option): _form(option) for option in _planned(command)}

    def settled(self, command: str, options: Mapping[str, object]) -> Mapping[str, object]:
        """Return every option with its value, after the command has checked them."""
        from netcluster.core.errors import NetclusterError
        from netcluster.study.provenance import plain

        try:
            with _context(command, options, ["input"]) as ctx, capturing(Capture(check_only=True)):
                given = {_long(option): plain(ctx.params[str(option.name)]) for option in _planned(command)}
                _commands()[command].invoke(ctx)
        except Checked:
            pass
        except click.UsageError as error:
            hint = f"netcluster {command} --help says what it takes."
            raise NetclusterError(error.format_message(), hint) from None
        return given

    def years(self, command: str, options: Mapping[str, object], paths: Sequence[str]) -> Sequence[int]:
        """Return the years an input holds."""
        from netcluster.network.open import inspect_inputs
        from netcluster.network.store import is_saved

        with _context(command, options, paths) as ctx:
            if any(is_saved(path) for path in paths):
                return ()
            return inspect_inputs(list(paths), runner.reading(ctx.params)).years

    def line(self, command: str, options: Mapping[str, object], paths: Sequence[str]) -> str:
        """Return the command line that gives the same by itself."""
        return shlex.join(["netcluster", *command.split(), *paths, *_arguments(command, options), *_target(command)])

    def answer(self, job: Job) -> Answer:
        """Run one job on one thread, and return its rows."""
        from netcluster.batch import Answer
        from netcluster.core.errors import NetclusterError

        options = dict(job.options)
        if job.year:
            options["year"] = job.year
        if job.region:
            options["cut-region"] = ",".join(job.region)
        capture = Capture(opener=lambda paths, flags: _opened(job, paths, flags))
        with tempfile.TemporaryDirectory(prefix="netcluster-") as name:
            place = Path(name) / "study"
            try:
                with _context(job.command, options, job.paths, place, threads=1) as ctx, capturing(capture):
                    _commands()[job.command].invoke(ctx)
            except click.exceptions.Exit:
                pass
            except click.UsageError as error:
                raise NetclusterError(error.format_message()) from None
            if capture.study is None:
                assert capture.output is not None  # every other command a plan may name ends in runner.emit
                output = capture.output
                return Answer({"": output.frame}, output.notes, output.findings, capture.provenance)
            study = capture.study
            tables = {Path(section.file).stem: section.result.frame for section in study.sections}
            files = {item.relative_to(place).as_posix(): item.read_bytes() for item in _files(place)}
            return Answer(tables, study.notes, tuple(study.findings), capture.provenance, files)


@cache
def _commands() -> dict[str, click.Command]:
    """Return the commands a plan may name, "risk dependence" for one in a group."""
    from netcluster_cli.main import cli

    context = click.Context(cli)
    found = {name: _loaded(cli, context, name) for name in COMMANDS}
    for name in GROUPS:
        group = _loaded(cli, context, name)
        assert isinstance(group, click.Group)
        inner = click.Context(group)
        found |= {f"{name} {child}": _loaded(group, inner, child) for child in group.list_commands(inner)}
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(item for item in folder.rglob("*") if item.is_file())


def _target(command: str, folder: Path = Path("study")) -> list[str]:
    """Return the words that say where a command that must have a folder is to write."""
    wanted = any(item.name == "out" and item.required for item in _commands()[command].params)
    return [f"--output={folder}"] if wanted else []


def _loaded(group: click.Group, context: click.Context, name: str) -> click.Command:
    command = group.get_command(context, name)
    assert command is not None
    return command


def _planned(command: str) -> list[click.Option]:
    """Return the options of a command a plan may set."""
    found = [item for item in _commands()[command].params if isinstance(item, click.Option)]
    return [item for item in found if item.name not in NOT_PLANNED]


def _form(option: click.Option) -> Form:
    if option.is_flag:
        return "flag"
    if isinstance(option.type, click.Path):
        return "file"
    if option.multiple:
        return "amounts" if "=" in (option.metavar or "") else "list"
    return "list" if isinstance(option.type, (opt.Names, opt.Pairs)) else "value"


def _long(option: click.Parameter) -> str:
    return max(option.opts, key=len).removeprefix("--")


def _arguments(command: str, options: Mapping[str, object]) -> list[str]:
    """Return options as words of a command line."""
    known = {_long(item): item for item in _commands()[command].params if isinstance(item, click.Option)}
    words: list[str] = []
    for name, value in options.items():
        option = known[name]
        if option.is_flag:
            words += [f"--{name}"] if value else []
        elif option.multiple:
            words += [f"--{name}={item}" for item in _several(value)]
        else:
            words.append(f"--{name}={','.join(map(str, _several(value)))}")
    return words


def _several(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else (value,)


def _context(
    command: str,
    options: Mapping[str, object],
    paths: Sequence[str],
    folder: Path = Path("study"),
    threads: int | None = None,
) -> click.Context:
    """Return a command's context, its words parsed; no environment and no configuration file has a say."""
    words = [*paths, *_arguments(command, options), *_target(command, folder), "--quiet"]
    known = _commands()[command]
    if threads:
        words += [f"--{name}={threads}" for name in ("threads", "jobs") if any(i.name == name for i in known.params)]
    if not any("--quiet" in item.opts for item in known.params):
        words.remove("--quiet")
    # A command keeps the help option it first shows: that of the whole command line.
    return known.make_context(f"netcluster {command}", words, help_option_names=list(opt.HELP))


def _opened(job: Job, paths: Sequence[str], flags: Mapping[str, Any]) -> list[Bundle]:
    """Open a job's inputs; a file of several years is read once for all the years a plan asks for."""
    from netcluster.network.open import open_years
    from netcluster.tables.cut import cut_bundle

    if len(job.years) < 2 or str(flags.get("year")) != job.year or _size(job) > KEPT_BYTES:
        return runner.opened(paths, flags)
    reading = repr(runner.reading(flags))
    files = (*job.inputs, *(file for file in job.sides if file.path in reading))
    key = (tuple((file.name, file.sha256) for file in files), job.years, _without_paths(reading, job))
    if key not in _kept:
        span = f"{job.years[0]}-{job.years[-1]}"
        bundles = open_years(list(paths), runner.reading(flags), span)
        _kept[key] = {_year(bundle): bundle for bundle in bundles}
        while len(_kept) > KEPT_INPUTS:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    if int(job.year) not in _kept[key]:
        return runner.opened(paths, flags)
    bundle = _kept[key][int(job.year)]
    regions = flags.get("cut_region") or ()
    return [cut_bundle(bundle, regions)] if regions else [bundle]


def _size(job: Job) -> int:
    return sum(Path(file.path).stat().st_size for file in job.inputs)


def _without_paths(reading: str, job: Job) -> str:
    """Return the reading options with a file by its name: where it lies says nothing of what is in it."""
    for file in job.sides:
        reading = reading.replace(file.path, file.name)
    return reading


def _year(bundle: Bundle) -> int:
    years = (getattr(getattr(bundle, part), "year", None) for part in bundle.parts)
    return next((year for year in years if year is not None), 0)
