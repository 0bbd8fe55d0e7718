"""Compiled kernels over pairs of sites: how far apart they are, counted in bins of the chord between them.

Sites are points on the unit sphere. A chord needs one root a pair and no sine; what distance a bin stands for is worked
out once a bin.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from netcluster.core.jit import kernel


@kernel
def pairs_by_chord(x: Any, y: Any, z: Any, size: Any, edge: float, bins: int) -> Any:
    """Return the sum of size × size over pairs in each bin of chords up to `edge`."""
    counts = np.zeros(bins + 1)
    scale = bins / edge
    last = float(bins)
    place = np.empty(len(x), np.int32)
    for i in range(len(x)):
        # Two loops, as the first one then runs on whole vectors; what is too far apart goes to a bin of its own.
        for j in range(i + 1, len(x)):
            a = x[i] - x[j]
            b = y[i] - y[j]
            c = z[i] - z[j]
            place[j] = np.int32(min(np.sqrt(a * a + b * b + c * c) * scale, last))
        for j in range(i + 1, len(x)):
            counts[place[j]] += size[i] * size[j]
    return counts[:bins]


@kernel
def around(x: Any, y: Any, z: Any, size: Any, centres: Any, others: Any, edge: float, bins: int) -> Any:
    """Return the size of the other sites in each bin of chords around each centre, (centres, bins)."""
    found = np.zeros((len(centres), bins))
    scale = bins / edge
    nearest = edge * edge
    for k in range(len(centres)):
        i = centres[k]
        for j in others:
            if i == j:
                continue
            a = x[i] - x[j]
            b = y[i] - y[j]
            c = z[i] - z[j]
            square = a * a + b * b + c * c
            if square < nearest:
                found[k, min(int(np.sqrt(square) * scale), bins - 1)] += size[j]
    return found
