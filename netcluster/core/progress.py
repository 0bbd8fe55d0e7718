"""Progress on standard error: only on a terminal, only after a second, never in the library's way."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

#: Nothing is shown for work that ends sooner than this, in seconds.
DELAY = 1.0

_enabled = False


def enable(on: bool) -> None:
    """Say whether progress may be shown; the command line does, a library call stays silent."""
    global _enabled
    _enabled = on


def track(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Yield the items, showing a bar with the time left where progress is enabled and takes a second."""
    if not (_enabled and sys.stderr.isatty()):
        yield from items
        return
    start = time.monotonic()
    pending = iter(items)
    for done, item in enumerate(pending, start=1):
        yield item
        if time.monotonic() - start > DELAY:
            yield from _bar(pending, label, total, done)
            return


def _bar(items: Iterator[T], label: str, total: int | None, done: int) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total, completed=done)
        for item in items:
            yield item
            bar.advance(task)
