"""The answer of a cluster search: who stands where, how surely, and how far from chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from netcluster.core.result import Result

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def _no_labels() -> Labels:
    return np.zeros(0, dtype=np.int64)


def _no_values() -> Array:
    return np.zeros(0)


def _no_summary() -> Mapping[str, object]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False, repr=False)
class Partition(Result):
    """Clusters of a network's nodes.

    Attributes
    ----------
    labels : (n,) int64 array
        The cluster of each node, from 1, the largest by output (then by members); 0 is never used.
    summary : mapping
        modularity, null_mean, null_sd, z, p_value, significant, resolution, clusters, members (of the ensemble),
        agreement and the like: what `--format json` gives as `partition`. None where it was not worked out.
    cluster_z, cluster_p : (k,) arrays
        Each cluster beside the null model; empty where none was drawn.
    """

    labels: Labels = field(default_factory=_no_labels)
    summary: Mapping[str, object] = field(default_factory=_no_summary)
    cluster_z: Array = field(default_factory=_no_values)
    cluster_p: Array = field(default_factory=_no_values)


def numbered(labels: npt.ArrayLike, sizes: npt.ArrayLike) -> Labels:
    """Return the labels renumbered from 1: by the sum of sizes, then by members, then by the first node.

    A missing size counts as 0.

    >>> numbered([7, 7, 4, 9], [1.0, 1.0, 5.0, 2.0])
    array([2, 2, 1, 3])
    """
    _, first, codes = np.unique(np.asarray(labels), return_index=True, return_inverse=True)
    output = np.bincount(codes, weights=np.nan_to_num(np.asarray(sizes, dtype=np.float64)), minlength=first.size)
    members = np.bincount(codes, minlength=first.size)
    order = np.lexsort((first, -members, -output))
    rank = np.empty(first.size, dtype=np.int64)
    rank[order] = np.arange(1, first.size + 1)
    return np.asarray(rank[codes])


def carried(partition: Partition, ids: Sequence[str]) -> Labels:
    """Return the labels of other nodes by a partition that knows some of them, from 1; each unknown one apart.

    It is where a search of the next year starts from.
    """
    known = dict(zip(partition.frame["node"], partition.labels.tolist(), strict=True))
    most = int(partition.labels.max(initial=0))
    return np.array([known.get(node, most + 1 + at) for at, node in enumerate(ids)], dtype=np.int64)
