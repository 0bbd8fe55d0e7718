"""The rooms' findings in one list, the worst first, each code capped and the rest counted."""

from __future__ import annotations

from collections.abc import Iterable

from netcluster.core.finding import Finding, capped
from netcluster.core.result import Result


def ranked(results: Iterable[Result], most: int = 20) -> tuple[list[Finding], dict[str, int]]:
    """Return the findings of several results in the order of `core.finding`, and how many were left out by code.

    >>> import pandas as pd
    >>> finding = Finding("HHI", "a", "node", "hhi", 0.3, 0.25, "medium", 0.0, "A buys from one supplier.")
    >>> found, left = ranked([Result(pd.DataFrame(), findings=(finding,))])
    >>> print(*found)
    [medium] A buys from one supplier.
    """
    return capped((finding for result in results for finding in result.findings), most)
