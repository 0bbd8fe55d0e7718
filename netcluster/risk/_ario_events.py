"""What happens to whose capacity, and when: the events of the daily model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.risk._where import Where

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Event:
    """`node` keeps `remaining` of its capacity from `day` to `until`, then recovers.

    A node is a sector or firm, a region, or a sector in all regions; `FROM>TO` are the flows between two of
    these (a closed border, a lost contract), of which `remaining` still get through. Capacity comes back in a
    straight line over `recovery` days, at once where that is 0. With `rebuild` that part of the node's capital
    is destroyed, and capacity comes back as the builders of `Behaviour` deliver.
    """

    node: str
    remaining: float
    day: int = 1
    until: int = 30
    recovery: int = 0
    rebuild: bool = False


def checked(events: Sequence[Event], days: int) -> None:
    """Raise where an event or the days can't be followed."""
    if not events:
        raise NetclusterError("There is no event to follow.", "Give a scenario: node,remaining,day,until.")
    if days < 1:
        raise NetclusterError(f"{days} days can't be followed.", "Give at least one.")
    for event in events:
        if not 0 <= event.remaining <= 1 or event.day < 1 or event.until < event.day or event.recovery < 0:
            raise NetclusterError(
                f"The event at {event.node} keeps {event.remaining:g} from day {event.day} to {event.until}.",
                "remaining is between 0 and 1, day at least 1, until not before day, recovery at least 0.",
            )


def capacity_of(events: Sequence[Event], where: Where, days: int, n: int) -> Array:
    """Return the capacity of each producer on each day, (days + 1, n), 1 as usual; the worst event counts."""
    capacity = np.ones((days + 1, n))
    for event in events:
        if where.is_flow(event.node):
            if event.recovery or event.rebuild:
                raise NetclusterError(
                    f"The flows {event.node} can't recover slowly or be rebuilt.", "Give them day and until alone."
                )
            where.ends(event.node)
            continue
        rows = where.rows(event.node)
        last = event.until if event.rebuild else event.until + event.recovery
        for day in range(event.day, min(days, last) + 1):
            back = (day - event.until) / (event.recovery + 1) if day > event.until else 0.0
            left = event.remaining + (1.0 - event.remaining) * back
            capacity[day, rows] = np.minimum(capacity[day, rows], left)
    return capacity


def damage_of(events: Sequence[Event], where: Where) -> list[tuple[int, float, int]]:
    """Return row, share destroyed and the last day before rebuilding of every event that destroys capital."""
    return [
        (row, 1.0 - event.remaining, event.until)
        for event in events
        if event.rebuild and not where.is_flow(event.node)
        for row in where.rows(event.node).tolist()
    ]
