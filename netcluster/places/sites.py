"""Where firms are: points on the globe, which of them an industry has, how far apart they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.core.sphere import angular, unit_sphere
from netcluster.places.grid import Array
from netcluster.tables.firms import FirmTable

#: Rows of a block of distances, and sites from which the median distance of all pairs is estimated.
_BLOCK, SAMPLE = 1024, 1500


@dataclass(frozen=True, eq=False)
class Sites:
    """All firms with a place: `place` (n, 3) on the unit sphere, which are the industry's, and all sizes (n,)."""

    place: Array
    member: npt.NDArray[np.bool_]
    size: Array
    notes: tuple[Note, ...] = ()

    @property
    def axes(self) -> list[Array]:
        """The three coordinates, each contiguous."""
        return [np.ascontiguousarray(column) for column in self.place.T]


def sites_of(firms: FirmTable, industry: str, *, weighted: bool) -> Sites:
    """Return the sites of all firms and the industry's among them; firms without a place are left out, and counted.

    Raises NetclusterError where the industry has fewer than three, or all of them.
    """
    frame = firms.frame[firms.frame["kind"].eq("firm")]
    place = frame[["lat", "lon"]].to_numpy(dtype=np.float64)
    known = np.isfinite(place).all(axis=1)
    if weighted:
        known &= np.nan_to_num(frame["size"].to_numpy(dtype=np.float64)) > 0
    notes: tuple[Note, ...] = ()
    if not known.all():
        text = f"{int((~known).sum()):,} firms without coordinates{' or size' if weighted else ''} are left out."
        notes = (Note("no_place", text, int((~known).sum())),)
    frame, place = frame[known], place[known]
    member = frame["industry"].astype(str).eq(industry).to_numpy(dtype=bool)
    if member.sum() < 3 or member.all():
        raise NetclusterError(
            f"{int(member.sum())} of {len(frame)} firms with coordinates are of the industry {industry!r}.",
            "Three are needed, and other firms to compare them with.",
        )
    size = frame["size"].to_numpy(dtype=np.float64) if weighted else np.ones(len(frame))
    return Sites(unit_sphere(place[:, 0], place[:, 1]), member, size, notes)


def pairs(place: Array) -> Array:
    """Return the distances (km) of all pairs of points."""
    parts = [block[~np.tri(*block.shape, dtype=np.bool_)] for _, block in _blocks(place)]
    return np.concatenate(parts)


def _blocks(place: Array) -> Iterator[tuple[int, Array]]:
    """Yield rows of the matrix of great-circle distances (km), each from its own diagonal on."""
    for start in range(0, len(place), _BLOCK):
        yield start, angular(place[start : start + _BLOCK], place[start:])


def median_distance(place: Array, rng: np.random.Generator) -> float:
    """Return the median distance of all pairs, of a sample of many."""
    some = place if len(place) <= SAMPLE else place[np.sort(rng.choice(len(place), SAMPLE, replace=False))]
    return float(np.median(pairs(some)))
