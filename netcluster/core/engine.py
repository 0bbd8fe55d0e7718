"""An ordered map: the same results in the same order, on one thread or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


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
