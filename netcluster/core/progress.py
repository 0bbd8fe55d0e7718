"""Progress on standard error: only on a terminal, only after a second, never in the library's way.

One line says what is under way, work inside work after it: `Analysing 3/15 Centrality, Betweenness 2/8 (0:41)`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

#: Nothing is shown for work that ends sooner than this, and no line sooner after another, in seconds.
DELAY, PAUSE = 1.0, 0.1

_enabled = False


@dataclass
class _Task:
    label: str
    total: int | None
    started: float
    done: int = 0
    doing: str = ""

    def __str__(self) -> str:
        place = f" {self.done}/{self.total}" if self.total else ""
        return f"{self.label}{place}{' ' + self.doing if self.doing else ''}"


_tasks: list[_Task] = []
_drawn = 0.0


def enable(on: bool) -> None:
    """Say whether progress may be shown; the command line does, a library call stays silent."""
    global _enabled
    _enabled = on


def track(
    items: Iterable[T], label: str, total: int | None = None, *, name: Callable[[T], str] | None = None
) -> Iterator[T]:
    """Yield the items, showing how many are done where progress is enabled and takes a second.

    `name` says what an item is, where that is worth a word.
    """
    if not (_enabled and sys.stderr.isatty()):
        yield from items
        return
    task = _Task(label, total, time.monotonic())
    _tasks.append(task)
    try:
        for item in items:
            task.doing = name(item) if name else ""
            task.done += bool(name)
            _draw()
            yield item
            task.done += not name
            _draw()
    finally:
        del _tasks[_tasks.index(task) :]
        _draw(force=True)


def _draw(*, force: bool = False) -> None:
    """Write the line anew, or wipe it where nothing is under way."""
    global _drawn
    at = time.monotonic()
    if not _tasks:
        if _drawn:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            _drawn = 0.0
        return
    waited = at - _tasks[0].started
    # A step that names itself may take long: it is shown at once, since nothing can be while it works.
    if (waited < DELAY and not any(task.doing for task in _tasks)) or (at - _drawn < PAUSE and not force):
        return
    _drawn = at
    line = ", ".join(map(str, _tasks)) + f" ({int(waited) // 60}:{int(waited) % 60:02d})"
    sys.stderr.write("\r\x1b[2K" + line[: _width() - 1])
    sys.stderr.flush()


def _width() -> int:
    import shutil

    return shutil.get_terminal_size().columns
