"""How many searches: set from the size of the table, never from the clock, so that the same table gives the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from netcluster.core.errors import NetclusterError

Level = Literal["quick", "standard", "full"]
LEVELS: tuple[Level, ...] = get_args(Level)
#: No p of .05 or less can come from fewer draws of a null model by counting them.
FEWEST_DRAWS = 19
#: From this many nodes sparse draws differ by so little, and about normally, that a t test of a few will do; ours.
LARGE, FEW_DRAWS = 50_000, 5
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


def fewest_draws(nodes: int) -> int:
    """Return how many draws it takes at least to call something significant in a network of that many nodes."""
    return FEW_DRAWS if nodes >= LARGE else FEWEST_DRAWS


def effort(level: Level, links: int, nodes: int = 0) -> Effort:
    """Return the numbers of a level for a network with that many links and nodes.

    From `LINKS_WITHOUT_NULL` on, what runs at least goes down with the links, to two seeds and a noisy copy.

    >>> effort("standard", 3_136)
    Effort(seeds=50, noisy=50, draws=478)
    >>> effort("standard", 2_059_225)
    Effort(seeds=10, noisy=5, draws=19)
    >>> effort("standard", 10_000_000)
    Effort(seeds=3, noisy=1, draws=0)
    >>> effort("quick", 1_000_000, nodes=100_000)
    Effort(seeds=3, noisy=3, draws=5)
    """
    if level not in LEVELS:
        raise NetclusterError(f"There is no effort {level!r}.", f"Efforts are {', '.join(LEVELS)}.")
    span = _RANGES[level]
    share = 1.0 if level == "full" else min(1.0, LINKS_WITHOUT_NULL / max(links, 1))
    affordable = int(span.searched / max(links, 1))
    fewest = fewest_draws(nodes) if level == "quick" else span.least.draws
    draws = _between(int(span.drawn / max(links, 1)), fewest, span.most.draws)
    return Effort(
        _between(affordable, max(int(span.least.seeds * share), 2), span.most.seeds),
        _between(affordable, max(int(span.least.noisy * share), 1), span.most.noisy),
        0 if links >= LINKS_WITHOUT_NULL and level != "full" else draws,
    )


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))
