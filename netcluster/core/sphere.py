"""Places on the Earth: points on the unit sphere, and distances along great circles."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

#: The mean radius of the Earth in km (IUGG).
EARTH = 6371.0088


def unit_sphere(lat: npt.ArrayLike, lon: npt.ArrayLike) -> Array:
    """Return places in degrees as points on the unit sphere, (n, 3).

    >>> unit_sphere([0, 90], [0, 0]).round(9).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    north, east = (np.radians(np.asarray(angle, dtype=np.float64)) for angle in (lat, lon))
    level = np.cos(north)
    return np.column_stack((level * np.cos(east), level * np.sin(east), np.sin(north)))


def chord(distance: float) -> float:
    """Return the chord on the unit sphere of a great-circle distance in km."""
    return float(2 * np.sin(min(distance / EARTH, np.pi) / 2))


def great_circle(chords: npt.ArrayLike) -> Array:
    """Return the great-circle distance in km of chords on the unit sphere."""
    half = np.asarray(chords, dtype=np.float64) / 2
    return np.asarray(2 * EARTH * np.arcsin(np.minimum(half, 1.0)))


def angular(points: Array, others: Array) -> Array:
    """Return the great-circle distances in km between points on the unit sphere, (n, 3) and (m, 3), as (n, m).

    >>> angular(unit_sphere([0], [0]), unit_sphere([0, 90], [90, 0])).round(1)
    array([[10007.6, 10007.6]])
    """
    return np.asarray(EARTH * np.arccos(np.clip(points @ others.T, -1, 1)))


def kilometres(latitude: Array, longitude: Array, to_latitude: Any, to_longitude: Any) -> Array:
    """Return great-circle distances between places in degrees, pair by pair, by the haversine formula.

    >>> kilometres(np.array([0.0]), np.array([0.0]), 0.0, 90.0).round(1)
    array([10007.6])
    """
    a, b = np.radians(latitude), np.radians(to_latitude)
    east = np.radians(longitude - to_longitude)
    half = np.sin((a - b) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(east / 2) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.minimum(1.0, np.sqrt(half))))
