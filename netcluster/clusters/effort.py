"""How many searches: set from the size of the table, never from the clock, so that the same table gives the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from netcluster.core.errors import NetclusterError

Level = Literal["quick", "standard", "full"]
LEVELS: tuple[Level, ...] = get_args(Level)
#: No p of .05 or less can come from fewer draws of a null model.
FEWEST_DRAWS = 19
#: From this many links a null model is drawn only where asked for: each draw is a network built and searched anew.
LINKS_WITHOUT_NULL = 3_000_000


@dataclass(frozen=True)
class Effort:
    """How many seeds, noisy copies and null draws are run."""

    seeds: int
    noisy: int
    draws: int


@dataclass(frozen=True)
class _Range:
    """Between how many of each, and how many links all searches, and all null draws, may go through together."""

    least: Effort
    most: Effort
    searched: float
    drawn: float


_RANGES: dict[Level, _Range] = {
    "quick": _Range(Effort(3, 2, FEWEST_DRAWS), Effort(20, 10, 99), 3e6, 3e5),
    "standard": _Range(Effort(10, 5, FEWEST_DRAWS), Effort(50, 50, 499), 6e6, 1.5e6),
    "full": _Range(Effort(50, 50, 99), Effort(200, 200, 1999), 2e8, 1.5e7),
}


def effort(level: Level, links: int) -> Effort:
    """Return the numbers of a level for a network with that many links.

    >>> effort("standard", 3_136)
    Effort(seeds=50, noisy=50, draws=478)
    >>> effort("standard", 2_059_225)
    Effort(seeds=10, noisy=5, draws=19)
    >>> effort("standard", 10_000_000)
    Effort(seeds=5, noisy=2, draws=0)
    """
    if level not in LEVELS:
        raise NetclusterError(f"There is no effort {level!r}.", f"Efforts are {', '.join(LEVELS)}.")
    span = _RANGES[level]
    least = span.least
    if links >= LINKS_WITHOUT_NULL and level == "standard":
        least = Effort(least.seeds // 2, least.noisy // 2, least.draws)
    affordable = int(span.searched / max(links, 1))
    draws = _between(int(span.drawn / max(links, 1)), span.least.draws, span.most.draws)
    return Effort(
        _between(affordable, least.seeds, span.most.seeds),
        _between(affordable, least.noisy, span.most.noisy),
        0 if links >= LINKS_WITHOUT_NULL and level != "full" else draws,
    )


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))
