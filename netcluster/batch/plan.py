"""A plan: which inputs, which years and regions, which commands with which options. Data, never code.

The whole plan is checked before anything runs; an error names the file and the line, and what to do.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netcluster.batch.commands import Commands, Form
from netcluster.batch.lines import Place, lines_of_keys
from netcluster.core.errors import NetclusterError

#: A plan larger than this is none, in bytes.
LARGEST = 4 * 1024**2
KEYS = ("inputs", "years", "regions", "parameters", "steps")
_YEARS = re.compile(r"all|\d{4}(-\d{4})?(,\d{4}(-\d{4})?)*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]*")
_PLAIN = (str, int, float, bool)


@dataclass(frozen=True)
class Source:
    """Where a plan stands and on which lines its keys are, to say where an error is."""

    path: Path
    lines: Mapping[Place, int]

    def error(self, place: Place, message: str, hint: str = "") -> NetclusterError:
        """Return the error that names file and line."""
        line = next((self.lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in self.lines), 1)
        return NetclusterError(f"{self.path}, line {line}: {message}", hint)


@dataclass(frozen=True)
class Step:
    """One command of a plan: its name in the results, and for each option the values to run it with."""

    name: str
    command: str
    values: Mapping[str, tuple[Any, ...]]
    forms: Mapping[str, Form]
    #: Options given as a list of values, or of several: their values stand beside the results.
    varied: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Plan:
    """A plan as written, each key of the right form and each command and option known."""

    source: Source
    inputs: tuple[tuple[str, ...], ...]
    years: str
    regions: tuple[tuple[str, ...], ...]
    steps: tuple[Step, ...]


def read_plan(path: Path, commands: Commands) -> Plan:
    """Read a plan and check all that can be checked without its inputs.

    Raises
    ------
    NetclusterError
        Where the file can't be read or a key, a command, an option or the form of a value is wrong.
    """
    document, source = _parsed(path)
    for key in document:
        if key not in KEYS:
            raise source.error((key,), f"a plan has no {key!r}.{_near(key, KEYS)}", f"Its keys are {', '.join(KEYS)}.")
    shared = document.get("parameters", {})
    if not isinstance(shared, dict):
        raise source.error(("parameters",), "parameters is no table.", "Write [parameters], then option = values.")
    steps = _steps(document, shared, source, commands)
    for key in shared:
        if not any(_dashed(key) in step.values for step in steps):
            raise source.error(("parameters", key), f"no step has an option {key!r}.", "Remove it, or add the step.")
    return Plan(source, _inputs(document, source), _years(document, source), _regions(document, source), steps)


def _parsed(path: Path) -> tuple[dict[str, Any], Source]:
    try:
        if path.stat().st_size > LARGEST:
            raise NetclusterError(f"{path} is too large for a plan.", "Give a PLAN.toml, not a table.")
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        document = tomllib.loads(text)
    except OSError as error:
        raise NetclusterError(f"{path} can't be read: {error.strerror}.", "Name a PLAN.toml.") from error
    except UnicodeDecodeError as error:
        raise NetclusterError(f"{path} is not UTF-8 text (byte {error.start}).", "Save the plan as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is nested too deeply"
        raise NetclusterError(f"{path} is no TOML: {reason}.", "See docs/how-to/batch.md for a plan.") from error
    return document, Source(path, lines_of_keys(text))


def _inputs(document: Mapping[str, Any], source: Source) -> tuple[tuple[str, ...], ...]:
    given = document.get("inputs")
    items = [given] if isinstance(given, str) else given
    if not isinstance(items, list) or not items:
        raise source.error(("inputs",), "there are no inputs.", 'Write inputs = ["tables/*.xlsx"]')
    found = []
    for item in items:
        group = [item] if isinstance(item, str) else item
        if not isinstance(group, list) or not group or not all(isinstance(part, str) and part for part in group):
            raise source.error(
                ("inputs",),
                f"{item!r} is no input.",
                'Give a pattern "tables/*.xlsx", or a list of files that belong together ["links.csv", "firms.csv"].',
            )
        found.append(tuple(group))
    return tuple(found)


def _years(document: Mapping[str, Any], source: Source) -> str:
    given = document.get("years", "")
    parts = given if isinstance(given, list) else [given]
    text = ",".join(str(part).replace(" ", "") for part in parts)
    wrong = any(isinstance(part, bool) or not isinstance(part, (int, str)) for part in parts)
    spans = [span.split("-") for span in text.split(",") if "-" in span]
    if wrong or (text and not _YEARS.fullmatch(text)) or any(len(s) == 2 and s[0] > s[1] for s in spans):
        raise source.error(("years",), f"{given!r} are no years.", 'Write years = "2000-2014", "all", 2014 or a list.')
    return text


def _regions(document: Mapping[str, Any], source: Source) -> tuple[tuple[str, ...], ...]:
    given = document.get("regions", [])
    items = [given] if isinstance(given, str) else given
    groups = [[item] if isinstance(item, str) else item for item in items] if isinstance(items, list) else [None]
    for group in groups:
        if not isinstance(group, list) or not group or not all(isinstance(name, str) and name for name in group):
            raise source.error(
                ("regions",), f"{given!r} are no regions.", 'Write regions = ["DEU", "KOR"]: a run for each.'
            )
    return tuple(tuple(group) for group in groups if group)


def _steps(
    document: Mapping[str, Any], shared: Mapping[str, Any], source: Source, commands: Commands
) -> tuple[Step, ...]:
    given = document.get("steps")
    if not isinstance(given, list) or not given or not all(isinstance(item, dict) for item in given):
        raise source.error(("steps",), "there are no steps.", 'Write [[steps]], then command = "sectors".')
    steps: list[Step] = []
    for number, item in enumerate(given):
        steps.append(_step(item, ("steps", number), shared, source, commands, {step.name for step in steps}))
    return tuple(steps)


def _step(
    item: Mapping[str, Any],
    place: Place,
    shared: Mapping[str, Any],
    source: Source,
    commands: Commands,
    taken: set[str],
) -> Step:
    command = item.get("command")
    known = tuple(commands.names())
    if not isinstance(command, str) or command not in known:
        said = "the step names no command." if command is None else f"there is no command {command!r} for a plan."
        hint = f"A plan may name {', '.join(known)}."
        raise source.error((*place, "command"), said + _near(str(command), known), hint)
    forms = commands.options(command)
    own = {_dashed(key): value for key, value in item.items() if key not in ("command", "name")}
    for key in item:
        if key not in ("command", "name") and _dashed(key) not in forms:
            raise _unknown(command, key, forms, (*place, key), source)
    merged = {_dashed(key): value for key, value in shared.items() if _dashed(key) in forms} | own
    values: dict[str, tuple[Any, ...]] = {}
    varied = []
    for key, value in merged.items():
        at: Place = (*place, key) if key in own else ("parameters", key)
        written = next((name for name in (*item, *shared) if _dashed(name) == key), key)
        values[key], several = _values(written, value, forms[key], (*at[:-1], written), source)
        if several:
            varied.append(key)
    name = _named(item, command, (*place, "name"), source, taken)
    return Step(name, command, values, forms, tuple(varied), place)


def _values(key: str, value: Any, form: Form, place: Place, source: Source) -> tuple[tuple[Any, ...], bool]:
    """Return the values to run an option with, and whether they vary."""
    if form in ("list", "amounts"):
        several = isinstance(value, list) and any(isinstance(item, list) for item in value)
        groups = value if several else [value]
        found = tuple(tuple(group) if isinstance(group, list) else (group,) for group in groups)
        plain = [item for group in found for item in group]
    else:
        several = isinstance(value, list)
        found = tuple(value) if several else (value,)
        plain = list(found)
    if not found or not all(isinstance(item, _PLAIN) for item in plain):
        raise source.error(
            place, f"{key} = {value!r} is no value.", "Give a text or number, or a list of values to try."
        )
    if form == "flag" and not all(isinstance(item, bool) for item in plain):
        raise source.error(place, f"{key} = {value!r}: the option is on or off.", f"Write {key} = true")
    if form != "flag" and any(isinstance(item, bool) for item in plain):
        raise source.error(place, f"{key} = {value!r}: the option takes a value.", "Write a text or a number.")
    if len(set(map(repr, found))) < len(found):
        raise source.error(place, f"{key} = {value!r} names a value twice.", "Name each value once.")
    return found, several


def _named(item: Mapping[str, Any], command: str, place: Place, source: Source, taken: set[str]) -> str:
    """Return what the step's results are called: its name, or its command with a number where that is taken."""
    given = item.get("name")
    if given is None:
        plain = command.replace(" ", "-")
        return next(
            name
            for count in range(1, len(taken) + 2)
            if (name := f"{plain}-{count}" if count > 1 else plain) not in taken
        )
    if not isinstance(given, str) or not _NAME.fullmatch(given) or given in ("runs", "findings"):
        raise source.error(place, f"{given!r} is no name for a step.", "Use letters, digits, - and _.")
    if given in taken:
        raise source.error(place, f"two steps are called {given!r}.", "Give them different names.")
    return given


def _unknown(command: str, key: str, forms: Iterable[str], place: Place, source: Source) -> NetclusterError:
    elsewhere = {"year": "years", "years": "years", "cut-region": "regions", "inputs": "inputs", "regions": "regions"}
    if _dashed(key) in elsewhere:
        top = elsewhere[_dashed(key)]
        return source.error(place, f"{key} does not belong into a step.", f"Write {top} = … above all steps.")
    known = tuple(forms)
    hint = f"Options are {', '.join(known)}."
    return source.error(place, f"{command} has no option {key!r}.{_near(_dashed(key), known)}", hint)


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _dashed(key: str) -> str:
    return key.replace("_", "-")
