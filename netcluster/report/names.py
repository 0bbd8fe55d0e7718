"""What nodes and clusters are called and coloured in every figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from netcluster.report.view import View

#: One colour for each of the largest clusters; each has a contrast of 3.4 or more on white and on the dark page.
COLOURS = ("#2f74d0", "#d06a13", "#0b9467", "#c24f9a", "#8d7f1f", "#8a66d9", "#d2474c")
#: The colour of all other clusters, and of nodes in none.
OTHER = "#7d8590"

#: How official classifications begin the names of industries, adding nothing in a figure.
_OPENINGS = ("Manufacture of ", "Manufacturing of ", "Activities of ")

Labels = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]
#: Names written beside the marks of one figure.
MOST_NAMES = 16


def short(text: str, most: int = 40) -> str:
    """Return a text of at most that many characters, on one line.

    >>> short("Manufacture of fabricated metal products", 20)
    'Manufacture of fabr…'
    """
    flat = " ".join(text[: 4 * most].split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def brief(label: str, most: int = 26) -> str:
    """Return a label short enough to stand beside a mark: as many of its first parts as there is room for.

    >>> brief("Manufacture of motor vehicles, trailers and semi-trailers")
    'Motor vehicles…'
    >>> brief("Real estate activities"), brief("Electricity, gas, steam and air conditioning")
    ('Real estate activities', 'Electricity, gas…')
    """
    flat = short(label, 400)
    if len(flat) <= most:
        return flat
    for opening in _OPENINGS:
        if flat.startswith(opening):
            rest = flat[len(opening) :]
            flat = rest[:1].upper() + rest[1:]
    if len(flat) <= most:
        return flat
    ends = [place for place, mark in enumerate(flat[:most]) if mark in ",;("]
    return flat[: ends[-1]].rstrip() + "…" if ends else short(flat, most)


def unique(names: list[str]) -> list[str]:
    """Return names told apart: one that came before gets a number.

    >>> unique(["Steel", "Cars", "Steel"])
    ['Steel', 'Cars', 'Steel (2)']
    """
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told


def colour(cluster: int) -> str:
    """Return a cluster's colour: the first seven have one of their own.

    >>> colour(1), colour(8) == colour(0) == OTHER
    ('#2f74d0', True)
    """
    return COLOURS[cluster - 1] if 1 <= cluster <= len(COLOURS) else OTHER


def room_for_names(
    x: Array,
    y: Array,
    worth: Array,
    texts: Sequence[str],
    diameters: Array,
    picture: tuple[float, float],
    letter: float,
) -> list[int]:
    """Return the worthiest marks whose names, written above them, don't cover one another.

    `picture` is width and height, `letter` the width of a letter, all in the unit of `diameters`.
    """
    span = max(float(np.ptp(x)), 1e-9) * 1.2, max(float(np.ptp(y)), 1e-9) * 1.2
    across, up = x / span[0] * picture[0], y / span[1] * picture[1] + diameters / 2
    taken: list[tuple[float, float, float]] = []
    chosen: list[int] = []
    for place in np.lexsort((np.arange(len(worth)), -worth))[: 6 * MOST_NAMES].tolist():
        half, at = letter / 2 * len(texts[place]), (float(across[place]), float(up[place]))
        if all(abs(at[1] - py) > 2.4 * letter or abs(at[0] - px) > half + other for px, py, other in taken):
            taken.append((*at, half))
            chosen.append(place)
        if len(chosen) == MOST_NAMES:
            break
    return chosen


def clusters_of(view: View, ids: Sequence[str]) -> Labels:
    """Return the cluster of each node, 0 where it has none."""
    frame = view.frame("clusters", "node", "cluster")
    if frame is None or frame["cluster"].dtype.kind not in "iu":
        return np.zeros(len(ids), dtype=np.int64)
    known = dict(zip(frame["node"], frame["cluster"].tolist(), strict=True))
    return np.array([known.get(key, 0) for key in ids], dtype=np.int64)


def cluster_counts(view: View) -> tuple[int, int]:
    """Return how many clusters of two nodes or more there are, and how many nodes are a cluster by themselves."""
    frame = view.frame("clusters", "node", "cluster")
    members = np.zeros(0) if frame is None else frame["cluster"].value_counts().to_numpy()
    return int((members > 1).sum()), int((members == 1).sum())


def cluster_names(view: View) -> dict[int, str]:
    """Return each cluster's name by its number."""
    frame = view.frame("clusters", "node", "cluster")
    if frame is None or frame["cluster"].dtype.kind not in "iu":
        return {}
    first = frame.drop_duplicates("cluster")
    names = first["cluster_name"] if "cluster_name" in first else first["cluster"].map("Cluster {}".format)
    return {int(key): str(name) for key, name in sorted(zip(first["cluster"], names, strict=True))}
