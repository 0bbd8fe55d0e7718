"""Where work is done: an ordered map on threads for sweeps, and engines for batches of runs of their own.

An engine takes a function and items and gives each item's outcome as it comes, numbered, so that neither the
engine nor the number of workers can change what is made of them. Here stand the one that works in this process;
`processes` and `dask_engine` hold the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: What a function is given beside its item: the bytes of files, by fingerprint, where the engine had to send them.
Sent = Mapping[str, bytes]
#: How often an item is given to another worker after its own died.
ATTEMPTS = 3


@dataclass(frozen=True)
class Lost:
    """The outcome of an item whose worker did not live to give one."""

    reason: str


class Engine(Protocol):
    """Something that works off items: used as a context, so that its workers end with the block."""

    #: What to tell the user: the kind, the number of workers, where they are.
    description: str

    def __enter__(self) -> Engine: ...

    def __exit__(self, *_: object) -> None: ...

    def completed(
        self, function: Callable[[Any, Sent], R], items: Iterable[Any], files: Callable[[Any], Mapping[str, str]]
    ) -> Iterator[tuple[int, R | Lost]]:
        """Yield (number of the item, outcome) as items are done, in any order.

        `function` and the items must survive pickling. `files` names the files an item needs, fingerprint and
        path; an engine on other machines sends their bytes, the others hand on nothing.
        """
        ...


class Serial:
    """One item after the other, in this process."""

    description = "one process"

    def __enter__(self) -> Serial:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def completed(
        self,
        function: Callable[[Any, Sent], R],
        items: Iterable[Any],
        files: Callable[[Any], Mapping[str, str]],  # noqa: ARG002
    ) -> Iterator[tuple[int, R | Lost]]:
        """Yield each item's outcome in turn."""
        for number, item in enumerate(items):
            yield number, function(item, {})


def ordered_map(function: Callable[[T], R], items: Iterable[T], *, jobs: int = 1) -> Iterator[R]:
    """Yield `function(item)` for each item, in the order of the items, on `jobs` threads.

    At most twice as many items as jobs are under way at once, so a long stream stays small in memory.
    An error in one item stops the map and is raised where the result is taken.

    >>> list(ordered_map(abs, [-2, -1, 3], jobs=2))
    [2, 1, 3]
    """
    if jobs <= 1:
        yield from map(function, items)
        return
    queue = iter(items)
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        waiting: list[Future[R]] = [pool.submit(function, item) for item in islice(queue, 2 * jobs)]
        try:
            while waiting:
                result = waiting.pop(0).result()
                waiting.extend(pool.submit(function, item) for item in islice(queue, 1))
                yield result
        finally:
            for future in waiting:
                future.cancel()
