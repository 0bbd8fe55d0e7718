"""How good a grouping of nodes is, from the flows alone: modularity, kept flows, conductance, persistence.

Flows come as an (n, n) sparse matrix W, W[i, j] what i sells to j, own use on the diagonal; labels as n whole
numbers, equal where two nodes stand together. An undirected layer enters by `as_flows`, both directions stored and
loops counted at both ends, so that one formula serves both kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from netcluster.core.errors import NetclusterError
from netcluster.network.network import Layer

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

#: Teleportation of the walk where it would else get stuck (Brin and Page 1998 use the same).
TELEPORT = 0.15
_WALK_STEPS = 10_000
_WALK_TOLERANCE = 1e-13


@dataclass(frozen=True)
class Blocks:
    """The flows of k clusters: kept inside, sold by their members, bought by their members, and in all."""

    inside: Array
    sold: Array
    bought: Array
    total: float


def as_flows(layer: Layer) -> Any:
    """Return a layer's matrix in the form the measures here take: an undirected loop counts at both ends."""
    matrix = layer.matrix
    if layer.directed or not matrix.diagonal().any():
        return matrix
    return sp.csr_array(matrix + sp.diags_array(matrix.diagonal(), format="csr"))


def codes_of(labels: npt.ArrayLike, n: int) -> Labels:
    """Return labels as 0…k − 1 in the order of their values; a wrong length is an error."""
    values = np.asarray(labels)
    if values.shape != (n,):
        raise NetclusterError(
            f"The labels are {values.shape} for {n} nodes.", "Give one label a node, in the order of the nodes."
        )
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def summed(index: npt.NDArray[np.integer[Any]], amounts: Array, length: int) -> Array:
    """Return the sums of the amounts by index, (length,)."""
    return np.asarray(np.bincount(index, weights=amounts, minlength=length), dtype=np.float64)


def blocks(flows: Any, labels: npt.ArrayLike) -> Blocks:
    """Return the flows inside, out of and into each cluster, clusters in the order of their labels."""
    n = flows.shape[0]
    codes = codes_of(labels, n)
    k = int(codes.max()) + 1 if n else 0
    rows = np.repeat(codes, np.diff(flows.indptr))
    same = rows == codes[flows.indices]
    inside = summed(rows[same], flows.data[same], k)
    sold = summed(codes, flows.sum(axis=1), k)
    bought = summed(codes, flows.sum(axis=0), k)
    return Blocks(inside, sold, bought, float(flows.data.sum()))


def modularity(flows: Any, labels: npt.ArrayLike, resolution: float = 1.0) -> float:
    """Return the directed, weighted modularity with loops (Leicht and Newman 2008).

    Q = (1/W) Σ_ij (W_ij − γ s_i^out s_j^in / W) δ(c_i, c_j): how much more of all flows stays inside clusters than
    if every seller shared out its sales as the whole economy shares its purchases. 0 where nothing flows.

    >>> two = sp.csr_array(np.array([[10.0, 1.0], [1.0, 10.0]]))
    >>> round(modularity(two, [1, 2]), 6), modularity(two, [1, 1])
    (0.409091, 0.0)
    """
    found = float(contributions(flows, labels, resolution).sum())
    # Of a single cluster only the rounding of its sums is left.
    return found if abs(found) > 1e-12 else 0.0


def contributions(flows: Any, labels: npt.ArrayLike, resolution: float = 1.0) -> Array:
    """Return each cluster's term of the modularity; they add up to Q."""
    part = blocks(flows, labels)
    if part.total <= 0:
        return np.zeros_like(part.inside)
    return np.asarray(part.inside / part.total - resolution * (part.sold / part.total) * (part.bought / part.total))


def internal_share(part: Blocks) -> Array:
    """Return the share of each cluster's sales and purchases that stays inside it, 0 to 1.

    2 · inside / (sold + bought); NaN for a cluster through which nothing flows.
    """
    volume = part.sold + part.bought
    return np.asarray(np.divide(2 * part.inside, volume, out=np.full_like(volume, np.nan), where=volume > 0))


def conductance(part: Blocks) -> Array:
    """Return what crosses each cluster's border over the smaller of its flows and the rest's (0 closed, 1 open).

    (sold + bought − 2 · inside) / min(vol, 2W − vol); NaN where either side has no flows.
    """
    volume = part.sold + part.bought
    smaller = np.minimum(volume, 2 * part.total - volume)
    cut = volume - 2 * part.inside
    usable = smaller > 1e-12 * part.total
    return np.asarray(np.divide(cut, smaller, out=np.full_like(cut, np.nan), where=usable))


def relative_excess(part: Blocks) -> Array:
    """Return what each cluster keeps inside beyond proportional flows, over the most that it could.

    (inside − E) / (min(sold, bought) − E), E = sold · bought / W: 0 at chance, 1 where nothing leaves (or nothing
    comes in). It can be compared between clusters of unlike size, which the bare share can't.
    """
    if part.total <= 0:
        return np.full_like(part.inside, np.nan)
    expected = part.sold * part.bought / part.total
    room = np.minimum(part.sold, part.bought) - expected
    usable = room > 1e-12 * part.total
    return np.asarray(np.divide(part.inside - expected, room, out=np.full_like(room, np.nan), where=usable))


def attachment(flows: Any, labels: npt.ArrayLike) -> Array:
    """Return for each node the share of its sales and purchases that it has with its own cluster, (n,).

    Own use is left out: it would stay inside in any grouping. NaN for a node without other flows.
    """
    n = flows.shape[0]
    codes = codes_of(labels, n)
    owner = np.repeat(np.arange(n), np.diff(flows.indptr))
    other = owner != flows.indices
    same = other & (codes[owner] == codes[flows.indices])
    within, whole = (
        np.bincount(owner[which], weights=flows.data[which], minlength=n)
        + np.bincount(flows.indices[which], weights=flows.data[which], minlength=n)
        for which in (same, other)
    )
    return np.asarray(np.divide(within, whole, out=np.full(n, np.nan), where=whole > 0))


def persistence(flows: Any, labels: npt.ArrayLike) -> tuple[Array, bool]:
    """Return each cluster's persistence probability, and whether the walk had to jump (Piccardi 2011).

    u_c = Σ_{i,j ∈ c} π_i p_ij / π_c: the chance that a unit of money (or a walker) in the cluster is still in it one
    step later, π the stationary distribution of p_ij = W_ij / s_i^out. Where some node can't be come back to, the
    walk jumps anywhere with probability 0.15, else π would not exist; p_ij stays that of the flows.

    >>> three = sp.csr_array(np.array([[0.0, 3, 1], [3, 0, 1], [1, 1, 0]]))
    >>> persistence(three, [1, 1, 2])[0].round(6)
    array([0.75, 0.  ])
    """
    n = flows.shape[0]
    codes = codes_of(labels, n)
    sold = np.asarray(flows.sum(axis=1)).ravel()
    steps = sp.diags_array(np.divide(1.0, sold, out=np.zeros(n), where=sold > 0), format="csr") @ flows
    weight, jumps = _stationary(steps, sold)
    rows = np.repeat(np.arange(n), np.diff(steps.indptr))
    same = codes[rows] == codes[steps.indices]
    k = int(codes.max()) + 1 if n else 0
    stay = np.bincount(codes[rows[same]], weights=weight[rows[same]] * steps.data[same], minlength=k)
    mass = np.bincount(codes, weights=np.where(sold > 0, weight, 0.0), minlength=k)
    return np.asarray(np.divide(stay, mass, out=np.full(k, np.nan), where=mass > 0)), jumps


def _stationary(steps: Any, sold: Array) -> tuple[Array, bool]:
    from scipy.sparse.csgraph import connected_components

    n = steps.shape[0]
    parts, _ = connected_components(steps, directed=True, connection="strong")
    jump = 0.0 if parts == 1 else TELEPORT
    stuck = sold <= 0
    weight = np.full(n, 1 / n)
    moves = sp.csr_array(steps.T)
    for _ in range(_WALK_STEPS):
        arrived = moves @ weight + weight[stuck].sum() / n
        arrived = (1 - jump) * arrived + jump / n
        # Staying put every other step leaves π as it is and stops a two-sided network from swinging for ever.
        step = (weight + arrived) / 2
        moved = float(np.abs(step - weight).sum())
        weight = step / step.sum()
        if moved < _WALK_TOLERANCE:
            break
    return weight, jump > 0
