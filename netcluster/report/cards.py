"""The scorecard of each cluster as the page shows it: every claim, its figures as one reads them, and what lacks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netcluster.core.measures import Measure, all_measures
from netcluster.report.names import colour, short
from netcluster.report.numbers import EMPTY, plain_text, share

if TYPE_CHECKING:
    from netcluster.report.view import View

#: Clusters with a card of their own, the largest; the rest is in the table.
MOST_CARDS = 12
#: Measures whose sign says up or down.
_CHANGES = frozenset({"jobs_growth", "output_growth", "regional_shift"})


@dataclass(frozen=True)
class Line:
    """One measure of a claim: what it is called, what that means, its figure, and that of all nodes together."""

    claim: str
    measure: str
    meaning: str
    figure: str
    whole: str
    detail: str


@dataclass(frozen=True)
class Card:
    """One cluster: its number, name and colour, and a line a measure; a claim is named on its first line only."""

    number: int
    name: str
    colour: str
    lines: tuple[Line, ...]


def cards(view: View) -> list[Card]:
    """Return a card for each of the largest clusters of two members or more; none without a table of claims."""
    frame = view.frame("cluster_claims", "cluster", "claim", "measure", "figure", "whole", "detail", "cluster_name")
    if frame is None:
        return []
    known = all_measures()
    groups: list[tuple[Any, Any]] = list(frame.groupby("cluster", sort=True))
    return [
        Card(int(key), short(str(rows["cluster_name"].iloc[0]), 80), colour(int(key)), tuple(_lines(rows, known)))
        for key, rows in groups[:MOST_CARDS]
    ]


def lacking(view: View) -> list[tuple[str, list[str]]]:
    """Return what would fill the empty claims, each with the measures it would give."""
    frame = view.frame("cluster_claims", "cluster", "claim", "measure", "needs")
    if frame is None:
        return []
    empty = frame[(frame["needs"] != "") & (frame["cluster"] == frame["cluster"].min())]
    known = all_measures()
    found: dict[str, list[str]] = {}
    for row in empty.itertuples(index=False):
        measure = str(row.measure)
        name = known[measure].name if measure in known else measure
        found.setdefault(str(row.needs), []).append(f"{row.claim} ({name})")
    return list(found.items())


def _lines(rows: Any, known: dict[str, Measure]) -> Iterator[Line]:
    last = ""
    for row in rows.itertuples(index=False):
        value, whole = _float(row.figure), _float(row.whole)
        if math.isnan(value):
            continue
        measure = known.get(str(row.measure))
        claim = str(row.claim)
        unit = str(getattr(row, "unit", "") or "")
        yield Line(
            "" if claim == last else claim,
            measure.name if measure else str(row.measure),
            measure.meaning if measure else "",
            " ".join(part for part in (_text(value, measure), unit) if part),
            _text(whole, measure),
            short(str(row.detail), 60),
        )
        last = claim


def _text(value: float, measure: Measure | None) -> str:
    """Return a figure: shares as per cent, changes with their sign, the rest with three digits."""
    if math.isnan(value):
        return EMPTY
    if measure is not None and measure.key in _CHANGES:
        return f"{100 * value:+.1f} %".replace("-", "−")
    if measure is not None and measure.unit == "share, 0 to 1":
        return share(value)
    return plain_text(value)


def _float(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else math.nan
