"""Networks with clusters planted in them, and small ones by hand, for the tests of this room."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from netcluster.network.network import Layer, Network

Array = npt.NDArray[Any]


def network(matrix: object, *, directed: bool = True, **columns: Any) -> Network:
    """Return a network of one supply layer, its nodes n0, n1, … as large as their sales."""
    csr = sp.csr_array(np.asarray(matrix, dtype=float) if not sp.issparse(matrix) else matrix)
    n = csr.shape[0]
    ids = [f"n{i}" for i in range(n)]
    nodes = pd.DataFrame({"id": ids, "kind": "industry", "role": "", "label": ids, "industry": "", "region": ""})
    nodes["size"] = np.asarray(csr.sum(axis=1)).ravel()
    for name, values in columns.items():
        nodes[name] = values
    return Network(nodes, {"supply": Layer(csr, "", directed, True)})


def table(n: int, blocks: int, strength: float, seed: int = 0) -> tuple[Array, Array]:
    """Return a dense table with unequal margins and lognormal noise, flows inside blocks `strength` times as large."""
    rng = np.random.default_rng(seed)
    flows = np.outer(np.exp(rng.normal(size=n)), np.exp(rng.normal(size=n))) * np.exp(rng.normal(size=(n, n)))
    truth = np.arange(n) % blocks
    flows[truth[:, None] == truth[None, :]] *= strength
    return flows, truth


def links(n: int, degree: float, blocks: int, strength: float, seed: int = 0) -> tuple[Any, Array]:
    """Return sparse links, about `degree` a node, inside blocks `strength` times as likely, of lognormal weight."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % blocks
    chance = np.where(truth[:, None] == truth[None, :], strength, 1.0)
    np.fill_diagonal(chance, 0)
    chance *= degree * n / chance.sum()
    return sp.csr_array((rng.random((n, n)) < chance) * np.exp(0.5 * rng.normal(size=(n, n)))), truth


def two_rings() -> Array:
    """Return two directed rings of three, 3 a link, and one link of 1 between them."""
    ring = np.zeros((6, 6))
    for start in (0, 3):
        for i in range(3):
            ring[start + i, start + (i + 1) % 3] = 3
    ring[2, 3] = 1
    return ring


def firms(n: int, degree: float, blocks: int = 1, strength: float = 1.0, seed: int = 0) -> tuple[Any, Array]:
    """Return links of firms with heavy-tailed sizes: numbers of links by their power 0.35, weights by the rest.

    That is the slope between the links and the sales of a firm that Bacilieri and others (2023) report. Inside blocks
    links are `strength` times as likely; a weight is the product of both ends' part, times lognormal noise.
    """
    rng = np.random.default_rng(seed)
    sells = (1 - rng.random(n)) ** (-1 / 1.1)
    buys = sells**0.8 * np.exp(0.5 * rng.normal(size=n))
    truth = np.arange(n) % blocks
    chance = np.outer(sells**0.35, buys**0.35) * np.where(truth[:, None] == truth[None, :], strength, 1.0)
    np.fill_diagonal(chance, 0)
    chance *= degree * n / chance.sum()
    rows, columns = np.nonzero(rng.random((n, n)) < -np.expm1(-chance))
    weights = (sells[rows] * buys[columns]) ** 0.65 * np.exp(0.7 * rng.normal(size=rows.size))
    return sp.csr_array((weights, (rows, columns)), shape=(n, n)), truth
