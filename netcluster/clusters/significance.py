"""How far a partition, and each of its clusters, stands from what the same search finds where there is nothing.

The whole partition is judged by its modularity. A cluster is judged by its relative excess (what it keeps inside
beyond proportional flows, over the most it could keep), beside the cluster nearest to it in flows of each null draw
(the three nearest, or more for many clusters, below 99 draws): found clusters are the best of their network, so they
must be compared with found clusters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from netcluster.clusters import quality
from netcluster.clusters.communities import Search
from netcluster.clusters.effort import FEW_DRAWS, FEWEST_DRAWS, fewest_draws
from netcluster.clusters.null import NullModel
from netcluster.core.processes import spread
from netcluster.core.progress import track
from netcluster.core.seeds import child, numpy_generator
from netcluster.network.graph import graph_of

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
#: A partition or cluster is significant at this p, clusters after Benjamini and Hochberg (1995).
LEVEL = 0.05
#: Rivals a draw gives a cluster: its nearest alone where draws are many, else a few, or p could not get small enough.
_SINGLE_RIVAL, _RIVALS, _MOST_RIVALS = 99, 3, 12


@dataclass(frozen=True, eq=False)
class Significance:
    """Beside `draws` null networks: mean and sd of their modularity, z and p of the partition and of each cluster.

    p = (1 + draws that reach the value) / (1 + draws); of a large network (`effort.LARGE`) with fewer draws than that
    takes, that of a t test of one new value beside them. `clusters_significant` is corrected for their number.
    """

    draws: int
    kind: str
    null_mean: float
    null_sd: float
    z: float
    p_value: float
    cluster_z: Array
    cluster_p: Array
    fewest: int = FEWEST_DRAWS

    @property
    def significant(self) -> bool:
        """Whether the partition is further from chance than 19 draws in 20, of at least `fewest`."""
        return self.draws >= self.fewest and self.p_value <= LEVEL

    @property
    def clusters_significant(self) -> npt.NDArray[np.bool_]:
        """Which clusters are, after Benjamini and Hochberg."""
        return np.asarray(benjamini_hochberg(self.cluster_p) <= LEVEL)


def against_null(
    null: NullModel,
    labels: Labels,
    search: Search | None,
    *,
    draws: int,
    seed: int,
    resolution: float = 1.0,
    searched: float | None = None,
    jobs: int = 1,
) -> Significance:
    """Return how a partition of `null.flows` stands beside `draws` of its null.

    With `search` each draw is searched anew, which a partition that was searched for must be measured by; `searched`
    is then the modularity that one such search finds in the flows themselves, so that like is held against like: a
    consensus lies a little below. Without `search` the same labels are put on each draw: right for a partition that
    was brought along and never saw the flows. `jobs` processes share the draws, which do not depend on how many.
    """
    value = quality.modularity(null.flows, labels, resolution) if searched is None else searched
    part = quality.blocks(null.flows, labels)
    excess, volume = quality.relative_excess(part), part.sold + part.bought
    # A node alone keeps its own use inside, which the null holds: there is nothing to test.
    excess[np.unique(labels, return_counts=True)[1] == 1] = np.nan
    found = np.empty(draws)
    tests = int(np.count_nonzero(~np.isnan(excess)))
    many = 1 if draws >= _SINGLE_RIVAL or search is None else _faced(draws, tests)
    fewest = fewest_draws(labels.size)
    faced = np.empty((draws, many, excess.size))
    null.prepare()
    plan = _Plan(null, labels, search, seed, resolution, volume, many)
    drawn = spread(_drawn, plan, range(draws), jobs=min(jobs, draws))
    for at, (modularity, rivals) in enumerate(track(drawn, "null model", draws)):
        found[at], faced[at] = modularity, rivals
    rivals = faced.reshape(-1, excess.size)
    mean, sd = _moments(found)
    means, sds = np.array([_moments(rivals[:, c]) for c in range(excess.size)]).reshape(-1, 2).T
    p = _p_of_few(value, found) if fewest <= draws < FEWEST_DRAWS else float(_p(value, found))
    return Significance(
        draws, null.kind, mean, sd, float(_z(value, mean, sd)), p, _z(excess, means, sds), _p(excess, rivals), fewest,
    )  # fmt: skip


def _faced(draws: int, tests: int) -> int:
    """Return how many rivals a draw gives: enough that the least p, corrected for that many tests, can be small."""
    enough = max(_RIVALS * FEWEST_DRAWS, 2 * tests)
    return min(max(_RIVALS, -(-enough // draws)), _MOST_RIVALS) if draws >= FEW_DRAWS else _RIVALS


@dataclass(frozen=True, eq=False)
class _Plan:
    """What all draws share."""

    null: NullModel
    labels: Labels
    search: Search | None
    seed: int
    resolution: float
    volume: Array
    many: int


def _drawn(plan: _Plan, at: int) -> tuple[float, Array]:
    """Return the modularity of one draw, and the excess of what each cluster faces in it, (many, k)."""
    drawn = plan.null.draw(numpy_generator(plan.seed, "null", at))
    codes = plan.labels
    if plan.search is not None:
        codes = plan.search(graph_of(drawn, plan.null.directed), child(plan.seed, "null search", at))
    rival = quality.blocks(drawn, codes)
    faced = quality.relative_excess(rival) if plan.search is None else _rivals(rival, plan.volume, plan.many)
    return quality.modularity(drawn, codes, plan.resolution), faced


def benjamini_hochberg(p_values: npt.ArrayLike) -> Array:
    """Return p values corrected for the number of tests, so that a level bounds the share of false discoveries.

    Benjamini and Hochberg (1995); NaN stays NaN and is no test.

    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4)
    array([0.04  , 0.0533, 0.0533, 0.5   ])
    """
    values = np.asarray(p_values, dtype=np.float64)
    corrected = np.full_like(values, np.nan)
    tested = np.flatnonzero(~np.isnan(values))
    order = tested[np.argsort(values[tested])]
    scaled = values[order] * order.size / np.arange(1, order.size + 1)
    corrected[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return corrected


def _rivals(part: quality.Blocks, volume: Array, many: int) -> Array:
    """Return the relative excess of the null clusters nearest in flows to each cluster, (many, k)."""
    excess, size = quality.relative_excess(part), part.sold + part.bought
    known = np.flatnonzero(~np.isnan(excess))
    if not known.size:
        return np.zeros((many, volume.size))
    known = known[np.argsort(size[known], kind="stable")]
    # The nearest of all are among as many below and above in the order of size: no table of all by all.
    window = np.searchsorted(size[known], volume) + np.arange(-many, many)[:, None]
    there = (window >= 0) & (window < known.size)
    window = np.clip(window, 0, known.size - 1)
    apart = np.where(there, np.abs(size[known][window] - volume), np.inf)
    order = np.argsort(apart, axis=0, kind="stable")[np.minimum(np.arange(many), known.size - 1)]
    return np.asarray(excess[known[np.take_along_axis(window, order, axis=0)]])


def _moments(values: Array) -> tuple[float, float]:
    if not values.size:
        return float("nan"), float("nan")
    return float(values.mean()), float(values.std(ddof=1)) if values.size > 1 else float("nan")


def _z(value: Array | float, mean: Array | float, sd: Array | float) -> Array:
    gap, width = np.asarray(value) - mean, np.asarray(sd)
    return np.asarray(np.divide(gap, width, out=np.full(np.shape(gap), np.nan), where=width > 1e-12))


def _p(value: Array | float, drawn: Array) -> Array:
    """Return (1 + draws that reach the value) / (1 + draws), a column each; NaN for a value that is none."""
    reached = (drawn >= np.asarray(value) - 1e-12).sum(axis=0)
    p = (1 + reached) / (1 + drawn.shape[0])
    return np.where(np.isnan(value), np.nan, p) if drawn.shape[0] else np.full(np.shape(value), np.nan)


def _p_of_few(value: float, drawn: Array) -> float:
    """Return the chance that one more draw reaches the value, draws normal with mean and sd unknown (Student 1908)."""
    from scipy.special import stdtr

    mean, sd = _moments(drawn)
    if not sd > 0:
        return float(_p(value, drawn))
    return float(stdtr(drawn.size - 1, (mean - value) / (sd * np.sqrt(1 + 1 / drawn.size))))
