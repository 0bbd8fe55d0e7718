"""Random draws and roundings that give the same files on every platform.

Only PCG64's uniform doubles are drawn: their stream is the most stable thing NumPy has, and all other
distributions are made from them here.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Draws:
    """A stream of random numbers of one purpose: same seed and name, same numbers.

    >>> Draws(1, "sizes").uniform(2).tolist() == Draws(1, "sizes").uniform(2).tolist()
    True
    """

    def __init__(self, seed: int, name: str) -> None:
        self._generator = np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode())]))

    def uniform(self, *shape: int) -> Array:
        """Return uniform numbers, above 0 and below 1."""
        return np.asarray(self._generator.random(shape)) * (1 - 2e-16) + 1e-16

    def normal(self, *shape: int) -> Array:
        """Return standard normal numbers, by Box and Muller (1958)."""
        return np.asarray(np.sqrt(-2 * np.log(self.uniform(*shape))) * np.cos(2 * np.pi * self.uniform(*shape)))

    def noise(self, spread: float, *shape: int) -> Array:
        """Return lognormal factors of median 1 whose logarithm has the standard deviation `spread`."""
        return np.asarray(np.exp(spread * self.normal(*shape)))

    def pick(self, weights: Array, count: int) -> Ints:
        """Return up to `count` different positions, drawn one after the other in proportion to `weights`.

        Positions of weight 0 are never drawn. By the largest of ln w + Gumbel noise (Efraimidis and
        Spirakis, 2006), in falling order.
        """
        with np.errstate(divide="ignore"):
            keys = np.log(weights) - np.log(-np.log(self.uniform(len(weights))))
        order = np.argsort(-keys, kind="stable")[:count]
        return np.asarray(order[np.isfinite(keys[order])], dtype=np.int64)


def whole(values: npt.ArrayLike) -> Ints:
    """Return the nearest integers, halves up.

    >>> whole(np.array([0.4, 0.5, 2.5])).tolist()
    [0, 1, 3]
    """
    return np.asarray(np.floor(np.asarray(values) + 0.5), dtype=np.int64)


def shared_out(total: int, weights: Array) -> Ints:
    """Return integers in proportion to `weights` that add up to `total` exactly (largest remainders).

    >>> shared_out(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    exact = total * weights / weights.sum()
    parts: Ints = np.floor(exact).astype(np.int64)
    first = np.argsort(-(exact - parts), kind="stable")[: total - int(parts.sum())]
    parts[first] += 1
    return parts
