"""Who is whose neighbour: by a file of borders, by the nearest few, or by a distance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.core.sphere import angular, unit_sphere
from netcluster.tables.firms import FirmTable

if TYPE_CHECKING:
    import pandas as pd

#: Neighbours of a region where neither their number nor a distance is given (ours).
NEAREST = 4


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Links between regions: `frame` has region, neighbour and weight; how they were found is in `parameters`."""

    frame: pd.DataFrame
    parameters: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def neighbours(places: pd.DataFrame, *, nearest: int | None = None, within: float | None = None) -> Neighbours:
    """Return the neighbours of regions by where they are.

    Parameters
    ----------
    places : frame
        A row a region: region, lat, lon (degrees), its middle or its main town.
    nearest : int, optional
        Each region's nearest so many; 4 where neither this nor `within` is given.
    within : float, optional
        All regions within so many km instead.

    Raises
    ------
    NetclusterError
        Where a place is not on the globe or named twice, or both ways are asked for.

    Examples
    --------
    >>> import pandas as pd
    >>> places = pd.DataFrame({"region": list("ABC"), "lat": [0, 0, 0], "lon": [0, 1, 5]})
    >>> neighbours(places, nearest=1).frame[["region", "neighbour"]].values.tolist()
    [['A', 'B'], ['B', 'A'], ['C', 'B']]
    >>> neighbours(places, within=200).frame[["region", "neighbour"]].values.tolist()
    [['A', 'B'], ['B', 'A']]
    """
    import pandas as pd

    if nearest is not None and within is not None:
        raise NetclusterError("Neighbours are the nearest few or all within a distance.", "Give one of the two.")
    names = places["region"].astype(str).tolist()
    degrees = places[["lat", "lon"]].to_numpy(dtype=np.float64)
    off = ~np.isfinite(degrees).all(axis=1) | (np.abs(degrees[:, 0]) > 90) | (np.abs(degrees[:, 1]) > 360)
    if off.any() or len(set(names)) < len(names):
        which = names[int(off.argmax())] if off.any() else next(name for name in names if names.count(name) > 1)
        raise NetclusterError(f"The place of {which!r} is missing, off the globe, or told twice.", "Mend its row.")
    sphere = unit_sphere(degrees[:, 0], degrees[:, 1])
    distance = angular(sphere, sphere)
    np.fill_diagonal(distance, np.inf)
    if within is None:
        k = min(NEAREST if nearest is None else nearest, len(names) - 1)
        order = np.argsort(distance, axis=1, kind="stable")[:, :k]
        row, column = np.repeat(np.arange(len(names)), k), order.ravel()
        parameters: dict[str, object] = {"neighbours": "nearest", "nearest": k}
    else:
        row, column = np.nonzero(distance <= within)
        parameters = {"neighbours": "within", "within": within}
    labels = np.array(names, dtype=object)
    return Neighbours(pd.DataFrame({"region": labels[row], "neighbour": labels[column], "weight": 1.0}), parameters)


def read_neighbours(path: Path, *, nearest: int | None = None, within: float | None = None) -> Neighbours:
    """Return the neighbours a file tells: borders region,neighbour[,weight], or places region,lat,lon.

    A border told from one side holds for both.
    """
    import pandas as pd

    from netcluster.tables.side import read_numbers, read_side

    links = read_side(path, ("region",), ("neighbour", "weight"), numbers=("weight",))
    if "neighbour" not in links:
        return neighbours(read_numbers(path, ("lat", "lon")), nearest=nearest, within=within)
    if nearest is not None or within is not None:
        raise NetclusterError(f"{path} tells borders, which need no distance.", "Leave --nearest and --within out.")
    if "weight" not in links:
        links["weight"] = 1.0
    if not (links["weight"] > 0).all():
        raise NetclusterError(f"{path}: a weight is not above 0.", "Give weights above 0, or none.")
    back = links.rename(columns={"region": "neighbour", "neighbour": "region"})
    both = pd.concat([links, back])[["region", "neighbour", "weight"]].drop_duplicates(["region", "neighbour"])
    both = both[both["region"] != both["neighbour"]].sort_values(["region", "neighbour"], ignore_index=True)
    return Neighbours(both, {"neighbours": path.name})


def middles(firms: FirmTable) -> pd.DataFrame:
    """Return the middle of each region's firms: region, lat, lon; firms without a region or a place are left out."""
    frame = firms.frame[firms.frame["region"].fillna("").astype(str).ne("")]
    frame = frame[frame[["lat", "lon"]].notna().all(axis=1)]
    if frame.empty:
        raise NetclusterError("No firm has both a region and coordinates.", "Give --neighbours FILE: region,lat,lon.")
    sphere = unit_sphere(frame["lat"].to_numpy(dtype=np.float64), frame["lon"].to_numpy(dtype=np.float64))
    mean = frame.assign(x=sphere[:, 0], y=sphere[:, 1], z=sphere[:, 2]).groupby("region")[["x", "y", "z"]].mean()
    lat = np.degrees(np.arctan2(mean["z"], np.hypot(mean["x"], mean["y"])))
    return mean.assign(lat=lat, lon=np.degrees(np.arctan2(mean["y"], mean["x"]))).reset_index()[
        ["region", "lat", "lon"]
    ]
