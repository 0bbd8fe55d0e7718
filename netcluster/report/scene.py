"""What a figure shows, apart from who draws it: its marks as rows, its caption, and its text alternative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def _no_extras() -> Mapping[str, object]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Scene:
    """One figure before it is drawn.

    Attributes
    ----------
    key : str
        Its name in file names and anchors.
    kind : str
        network, matrix, quadrants, bars or places: which painter draws it.
    title, caption, alternative : str
        What it is; how to read it and what was left out; what it shows, for who can't see it.
    marks : pandas.DataFrame
        One row a mark.
    table : pandas.DataFrame
        The figures behind the drawing that a reader may want, labels first.
    extras : mapping
        What a painter needs besides: links, thresholds, names of axes.
    """

    key: str
    kind: str
    title: str
    caption: str
    alternative: str
    marks: pd.DataFrame
    table: pd.DataFrame
    extras: Mapping[str, object] = field(default_factory=_no_extras)


def is_past(scene: Scene, value: float) -> bool:
    """Return whether a bar is past the figure's threshold: at or above it, or below where less is worse."""
    limit: Any = scene.extras["limit"]
    return bool(value < limit) if scene.extras.get("below") else bool(value >= limit)
