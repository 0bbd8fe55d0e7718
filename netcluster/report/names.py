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

Labels = npt.NDArray[np.int64]


def short(text: str, most: int = 40) -> str:
    """Return a text of at most that many characters, on one line.

    >>> short("Manufacture of fabricated metal products", 20)
    'Manufacture of fabr…'
    """
    flat = " ".join(text[: 4 * most].split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


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


def clusters_of(view: View, ids: Sequence[str]) -> Labels:
    """Return the cluster of each node, 0 where it has none."""
    frame = view.frame("clusters", "node", "cluster")
    if frame is None or frame["cluster"].dtype.kind not in "iu":
        return np.zeros(len(ids), dtype=np.int64)
    known = dict(zip(frame["node"], frame["cluster"].tolist(), strict=True))
    return np.array([known.get(key, 0) for key in ids], dtype=np.int64)


def cluster_names(view: View) -> dict[int, str]:
    """Return each cluster's name by its number."""
    frame = view.frame("clusters", "node", "cluster")
    if frame is None or frame["cluster"].dtype.kind not in "iu":
        return {}
    first = frame.drop_duplicates("cluster")
    names = first["cluster_name"] if "cluster_name" in first else first["cluster"].map("Cluster {}".format)
    return {int(key): str(name) for key, name in sorted(zip(first["cluster"], names, strict=True))}
