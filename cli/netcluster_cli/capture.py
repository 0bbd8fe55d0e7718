"""Commands run for someone else: their rows are handed over instead of printed, their inputs opened by another.

A batch runs the commands themselves, so that an option means in a plan what it means on the command line.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netcluster.study.folder import Study
    from netcluster.tables.bundle import Bundle
    from netcluster_cli.runner import Output

Opener = Callable[[Sequence[str], Mapping[str, Any]], "list[Bundle]"]


class Checked(Exception):  # noqa: N818  (no error: the command line holds together, and nothing is to be run)
    """Ends a command that was only to check its options."""


@dataclass
class Capture:
    """What a command hands over: its output, or its study, and provenance; `opener` opens its inputs in its stead."""

    opener: Opener | None = None
    check_only: bool = False
    output: Output | None = None
    study: Study | None = None
    provenance: dict[str, object] = field(default_factory=dict)


_current: ContextVar[Capture | None] = ContextVar("capture", default=None)


def current() -> Capture | None:
    """Return who is to have a command's rows; None on the command line."""
    return _current.get()


@contextlib.contextmanager
def capturing(capture: Capture) -> Iterator[Capture]:
    """Hand the rows of the command run in the block to `capture`."""
    token = _current.set(capture)
    try:
        yield capture
    finally:
        _current.reset(token)
