"""What a batch asks of whoever knows the commands: their options, a check of the values given, and an answer.

The commands and their options are defined once, by the command line; a batch is handed that knowledge as an
object of this form and so need not know them. The object must survive pickling, for it goes to every worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.core.finding import Finding
    from netcluster.core.result import Note

#: How an option is given in a plan: one value, a list of values that belong together, a file, amounts or a file
#: of them, true or false.
Form = Literal["value", "list", "file", "amounts", "flag"]


@dataclass(frozen=True)
class File:
    """A file a run reads: its name as the plan sees it, where it is, and what is in it."""

    name: str
    path: str
    sha256: str


@dataclass(frozen=True)
class Job:
    """One run, as a worker needs it.

    `inputs` are the files under `paths`, `sides` those that options name. `years` are the years of this input the
    whole plan asks for, so that a worker may read them in one pass; `year` is this run's, "" where the input is
    taken as it is.
    """

    key: str
    command: str
    options: Mapping[str, object]
    paths: tuple[str, ...]
    inputs: tuple[File, ...]
    sides: tuple[File, ...] = ()
    year: str = ""
    years: tuple[int, ...] = ()
    region: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[File, ...]:
        """All files the run reads."""
        return (*self.inputs, *self.sides)


@dataclass(frozen=True)
class Answer:
    """What a run computed: its tables, what was assumed on the way, what stands out, and its provenance.

    `tables` are frames by name, "" where a command prints the one. `folder` holds the files of a command that
    writes a folder, by their path in it.
    """

    tables: Mapping[str, pd.DataFrame]
    notes: tuple[Note, ...] = ()
    findings: tuple[Finding, ...] = ()
    provenance: Mapping[str, object] = field(default_factory=dict)
    folder: Mapping[str, bytes] = field(default_factory=dict)


class Commands(Protocol):
    """The commands a plan may name."""

    def names(self) -> Sequence[str]:
        """Return the commands, "risk dependence" for one in a group."""
        ...

    def options(self, command: str) -> Mapping[str, Form]:
        """Return the options a plan may set for a command, and how each is given."""
        ...

    def settled(self, command: str, options: Mapping[str, object]) -> Mapping[str, object]:
        """Return all options of the command with their values, defaults too, as JSON can hold them.

        Raises
        ------
        NetclusterError
            Where a value is of the wrong kind, or the options don't go together.
        """
        ...

    def years(self, command: str, options: Mapping[str, object], paths: Sequence[str]) -> Sequence[int]:
        """Return the years an input holds, ascending; none where it does not tell."""
        ...

    def line(self, command: str, options: Mapping[str, object], paths: Sequence[str]) -> str:
        """Return the command line that gives the same by itself."""
        ...

    def answer(self, job: Job) -> Answer:
        """Run one job, on one thread."""
        ...
