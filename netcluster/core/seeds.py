"""Random numbers by name: the same draw whatever the order or the number of workers.

A child seed depends on the root seed and on the child's name only, so that adding a step, a worker or
a draw changes no other draw.
"""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def child(seed: int, *names: str | int) -> int:
    """Return a 63-bit seed for the named part of a run.

    >>> child(0, "ensemble", 3) == child(0, "ensemble", 3)
    True
    >>> child(0, "ensemble", 3) == child(0, "ensemble", 4)
    False
    """
    key = "\x1f".join([str(int(seed)), *map(str, names)]).encode()
    return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "little") >> 1


def numpy_generator(seed: int, *names: str | int) -> np.random.Generator:
    """Return a NumPy generator (PCG64) for the named part of a run."""
    import numpy as np

    return np.random.default_rng(child(seed, *names))


def python_random(seed: int, *names: str | int) -> random.Random:
    """Return a Python generator for the named part of a run; igraph draws from one of these."""
    return random.Random(child(seed, *names))
