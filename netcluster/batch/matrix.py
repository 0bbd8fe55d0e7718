"""From a plan to its runs: every input, year and region with every combination of the options' values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from netcluster.batch.commands import Commands, File, Job
from netcluster.batch.inputs import Folders, Input, find_inputs
from netcluster.batch.keys import key_of, versions
from netcluster.batch.lines import Place
from netcluster.batch.plan import Plan, Source, Step
from netcluster.core.errors import NetclusterError

#: A plan of more runs is taken for a mistake.
MOST = 1_000_000


@dataclass(frozen=True)
class Run:
    """One line of the table of runs, and the job that a worker does."""

    step: str
    input: str
    #: The values of the options that vary in its step.
    varied: Mapping[str, object]
    #: All options, files by name: what the table of runs shows.
    options: Mapping[str, object]
    line: str
    job: Job


@dataclass(frozen=True)
class Runs:
    """The runs of a plan in order, and what was noted on the way."""

    runs: tuple[Run, ...]
    notes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Choice:
    """One combination of a step's options: as the command takes them, as the plan names them, and their files."""

    given: Mapping[str, object]
    shown: Mapping[str, object]
    identity: Mapping[str, object]
    files: tuple[File, ...]


def expand(plan: Plan, commands: Commands, folders: Sequence[Path] = ()) -> Runs:
    """Return the runs of a plan, after checking every value, file and year.

    Parameters
    ----------
    plan : Plan
        What `read_plan` gave.
    commands : Commands
        Who knows the commands.
    folders : paths
        Folders the plan may read beside its own.

    Raises
    ------
    NetclusterError
        With file and line, where a pattern finds nothing or leads out of the folders, a value is wrong, an
        input has none of the years, or the plan gives more than a million runs.
    """
    places = Folders(plan.source.path, folders)
    inputs = find_inputs(plan, places)
    made_by = versions()
    notes: dict[str, None] = {}
    runs: list[Run] = []
    held: dict[tuple[str, str], tuple[int, ...]] = {}
    for step in plan.steps:
        _bounded(len(runs), step, len(inputs) * max(1, len(plan.regions)), plan.source)
        choices = [_checked(step, choice, commands, plan.source) for choice in _choices(step, plan.source, places)]
        for item in inputs:
            years = _years(plan, step, choices[0], item, commands, held, notes)
            for year, region, choice in itertools.product(years or ("",), plan.regions or ((),), choices):
                runs.append(_run(step, item, choice, year, years, region, made_by, commands))
            _bounded(len(runs), step, 0, plan.source)
    return Runs(tuple(runs), tuple(notes), made_by)


def _bounded(runs: int, step: Step, places: int, source: Source) -> None:
    count = runs + places * math.prod(len(values) for values in step.values.values())
    if count > MOST:
        raise source.error(step.place, f"the plan gives {count} runs or more.", f"At most {MOST}: vary fewer options.")


def _choices(step: Step, source: Source, places: Folders) -> Iterator[_Choice]:
    """Yield the combinations of a step's options, the last option varying fastest."""
    columns = [[_value(step, name, value, source, places) for value in values] for name, values in step.values.items()]
    for combination in itertools.product(*columns):
        found = dict(zip(step.values, combination, strict=True))
        yield _Choice(
            {name: item[0] for name, item in found.items()},
            {name: item[1] for name, item in found.items()},
            {name: item[2] for name, item in found.items() if item[3]},
            tuple(file for item in found.values() for file in item[3]),
        )


def _value(
    step: Step, name: str, value: Any, source: Source, places: Folders
) -> tuple[object, object, object, tuple[File, ...]]:
    """Return a value for the command, for the table of runs, for the key, and the files it names."""
    form = step.forms[name]
    at: Place = (*step.place, name.replace("-", "_")) if form in ("file", "amounts") else step.place
    if form == "file":
        file = _side_file(str(value), name, at, source, places)
        return file.path, file.name, [file.name, file.sha256], (file,)
    if form != "amounts":
        return value, value, value, ()
    files = {item: _side_file(str(item), name, at, source, places) for item in value if "=" not in str(item)}
    given = tuple(files[item].path if item in files else item for item in value)
    shown = tuple(files[item].name if item in files else item for item in value)
    known = [[files[item].name, files[item].sha256] if item in files else item for item in value]
    return given, shown, known, tuple(files.values())


def _side_file(written: str, name: str, place: Place, source: Source, places: Folders) -> File:
    if not written or "\0" in written:
        raise source.error(place, f"{name} = {written!r} is no file.", "Name a file.")
    path = places.at(written)
    places.check(path, written, place, source)
    if not path.is_file():
        raise source.error(place, f"{name} = {written!r}: there is no such file.", f"Paths start from {places.home}.")
    return places.file(path)


def _checked(step: Step, choice: _Choice, commands: Commands, source: Source) -> _Choice:
    """Return the combination with every option settled, after the command has checked the values."""
    try:
        settled = dict(commands.settled(step.command, choice.given))
    except NetclusterError as error:
        name = next((key for key in choice.given if f"--{key}" in error.message), "")
        place: Place = (*step.place, name) if name else step.place
        raise source.error(place, f"{step.command}: {error.message}", error.hint) from error
    return replace(choice, identity={**settled, **choice.identity})


def _years(
    plan: Plan,
    step: Step,
    choice: _Choice,
    item: Input,
    commands: Commands,
    held: dict[tuple[str, str], tuple[int, ...]],
    notes: dict[str, None],
) -> tuple[str, ...]:
    """Return the years of an input the plan asks for; none where it asks for none or the input does not tell."""
    if not plan.years:
        return ()
    asked = (item.name, commands.line(step.command, choice.given, ()))
    if asked not in held:
        try:
            held[asked] = tuple(commands.years(step.command, choice.given, item.paths))
        except NetclusterError as error:
            raise plan.source.error(("inputs",), f"{item.name} has no years: {error.message}", error.hint) from error
    have = held[asked]
    if not have:
        notes[f"{item.name} does not tell its year and is taken as it is."] = None
        return ()
    wanted = set(have) if plan.years == "all" else _wanted(plan.years)
    chosen = [year for year in have if year in wanted]
    span = f"{have[0]}–{have[-1]}" if len(have) > 1 else str(have[0])
    if not chosen:
        raise plan.source.error(
            ("years",), f"{item.name} has {span}, none of {plan.years}.", "Widen the years, or narrow the inputs."
        )
    if plan.years != "all" and (missing := len(wanted - set(have))):
        notes[f"{item.name} has {span}: {missing} of the years of {plan.years} are not in it."] = None
    return tuple(map(str, chosen))


def _wanted(years: str) -> set[int]:
    spans = (span.split("-") for span in years.split(","))
    return {year for span in spans for year in range(int(span[0]), int(span[-1]) + 1)}


def _run(
    step: Step,
    item: Input,
    choice: _Choice,
    year: str,
    years: Sequence[str],
    region: tuple[str, ...],
    made_by: Mapping[str, str],
    commands: Commands,
) -> Run:
    shown = {**choice.shown, **({"year": year} if year else {}), **({"cut-region": region} if region else {})}
    key = key_of(step.command, choice.identity, item.files, year=year, region=region, made_by=made_by)
    return Run(
        step.name,
        item.name,
        {name: choice.shown[name] for name in step.varied},
        choice.shown,
        commands.line(step.command, shown, item.names),
        Job(
            key,
            step.command,
            choice.given,
            item.paths,
            item.files,
            choice.files,
            year,
            tuple(map(int, years)),
            region,
        ),
    )
