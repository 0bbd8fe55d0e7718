"""Many searches in place of one: other seeds, and copies of the data with noise, as the figures are never exact."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from netcluster.clusters import agreement
from netcluster.clusters.communities import Search
from netcluster.core.processes import spread
from netcluster.core.progress import track
from netcluster.core.seeds import child, numpy_generator
from netcluster.network.graph import Graph

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

#: Groups of like labels are compared with the consensus up to this many nodes; the index is slow beyond.
_MUTUAL_NODES = 50_000


@dataclass(frozen=True, eq=False)
class Ensemble:
    """`members` (m, n), the labels of each search from 0; `noisy` (m,) says which saw noisy data."""

    members: npt.NDArray[np.int32]
    noisy: npt.NDArray[np.bool_]

    @property
    def size(self) -> int:
        """How many searches there are."""
        return int(self.members.shape[0])


@dataclass(frozen=True, eq=False)
class _Plan:
    """What all searches of an ensemble share."""

    graph: Graph
    search: Search
    warm: Search | None
    seeds: int
    noise: float
    seed: int


def sample(
    graph: Graph,
    search: Search,
    *,
    seeds: int,
    noisy: int,
    noise: float,
    seed: int,
    warm: Search | None = None,
    jobs: int = 1,
) -> Ensemble:
    """Return `seeds` searches of the graph itself and `noisy` searches of copies with noise.

    With `warm`, a search that begins with a known answer, the second half of the seeds is searched by that.

    A copy multiplies each weight by exp(σε), ε standard normal, σ = `noise`: at .1 two thirds of the figures are
    within 10 %. All share one graph; only the weights are drawn anew. `jobs` processes share the searches, whose
    answers do not depend on how many.
    """
    found = np.empty((seeds + noisy, graph.n), dtype=np.int32)
    plan = _Plan(graph, search, warm, seeds, noise, seed)
    searches = spread(_searched, plan, range(seeds + noisy), jobs=min(jobs, seeds + noisy))
    for at, labels in enumerate(track(searches, "clusters", seeds + noisy)):
        found[at] = labels
    return Ensemble(found, np.arange(seeds + noisy) >= seeds)


def _searched(plan: _Plan, number: int) -> Labels:
    """Return the labels of one search: of a seed, or behind those of a noisy copy."""
    if number < plan.seeds:
        find = plan.search if plan.warm is None or number < cold(plan.seeds) else plan.warm
        return find(plan.graph, child(plan.seed, "ensemble", number))
    at = number - plan.seeds
    rng = numpy_generator(plan.seed, "noise", at)
    copy = plan.graph.weights * np.exp(plan.noise * rng.standard_normal(plan.graph.weights.size))
    return plan.search(replace(plan.graph, weights=copy), child(plan.seed, "noisy", at))


def cold(seeds: int) -> int:
    """Return how many of the seeds begin anew where the others begin with a known answer."""
    return seeds - seeds // 2


def stability(ensemble: Ensemble, labels: npt.ArrayLike) -> Array:
    """Return for each node how often it stands with the others of its cluster, 0 to 1, mean over the members.

    The mean of the co-classification p_ij over the other nodes j of i's cluster. For a cluster of one, the share of
    members in which it stands alone.
    """
    codes = np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64)
    size = np.bincount(codes)
    total = np.zeros(codes.size)
    for member in ensemble.members:
        width = int(member.max()) + 1
        key = codes * width + member
        _, where, together = np.unique(key, return_inverse=True, return_counts=True)
        others = size[codes] - 1
        alone = (np.bincount(member, minlength=width)[member] == 1).astype(float)
        total += np.where(others > 0, (together[where] - 1) / np.maximum(others, 1), alone)
    return np.asarray(total / ensemble.size)


def likeness(ensemble: Ensemble, labels: npt.ArrayLike) -> dict[str, float | None]:
    """Return how far the members agree with a partition: ARI and its 5 % quantile, AMI, and VI in nats.

    `agreement_seeds` and `agreement_noisy` are the mean ARI of the two kinds of members. AMI is None above 50,000
    nodes, where it would take longer than the searches.
    """
    codes = np.asarray(labels)
    unlike, times = np.unique(ensemble.members, axis=0, return_inverse=True)
    rand = np.array([agreement.adjusted_rand(codes, member) for member in unlike])[times.ravel()]
    apart = np.array([agreement.variation_of_information(codes, member) for member in unlike])[times.ravel()]
    mutual = None
    if codes.size <= _MUTUAL_NODES:
        each = np.array([agreement.adjusted_mutual_information(codes, member) for member in unlike])
        mutual = float(each[times.ravel()].mean())
    return {
        "agreement": float(rand.mean()),
        "agreement_q05": float(np.quantile(rand, 0.05)),
        "agreement_seeds": _mean(rand[~ensemble.noisy]),
        "agreement_noisy": _mean(rand[ensemble.noisy]),
        "mutual_information": mutual,
        "variation_of_information": float(apart.mean()),
    }


def _mean(values: Array) -> float | None:
    return float(values.mean()) if values.size else None
