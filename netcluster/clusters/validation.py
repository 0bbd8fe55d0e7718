"""Is a set of clusters good? The validation scores of Delgado, Porter and Stern (2016), for any partition.

A cluster passes where its industries are, on average, more related to each other than to those of other clusters;
an industry where it is more related to its own cluster than to the others. Relatedness is any similarity: of where
jobs are, of who buys from whom, of which occupations are employed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Result

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
#: Means that differ by less are equal, whatever the last digit says.
_TIE = 1e-12
MEASURES = ("vs_cluster", "vs_cluster_95", "vs_industry", "vs_industry_95", "vs")


@dataclass(frozen=True, eq=False)
class Relatedness:
    """Mean similarities of a partition: of each industry with each cluster, itself left out, and of clusters.

    `industry` is (n, k), `cluster` (k, k), `own` (n,) the entry of each industry's own cluster; NaN for a cluster of
    one with itself.
    """

    industry: Array
    cluster: Array
    own: Array
    labels: Labels


def relatedness(similarity: npt.ArrayLike, labels: npt.ArrayLike) -> Relatedness:
    """Return within- and between-cluster relatedness (WCR, BCR) under an (n, n) similarity.

    >>> M = [[1, .8, .6, .1, .2], [.8, 1, .5, 0, .1], [.6, .5, 1, .3, .4], [.1, 0, .3, 1, .7], [.2, .1, .4, .7, 1]]
    >>> relatedness(M, [0, 0, 0, 1, 1]).own
    array([0.7 , 0.65, 0.55, 0.7 , 0.7 ])
    """
    M = np.array(similarity, dtype=np.float64)
    codes = np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64)
    if M.shape != (codes.size, codes.size):
        raise NetclusterError(f"The similarity is {M.shape} for {codes.size} labels.")
    np.fill_diagonal(M, 0.0)
    member = np.eye(int(codes.max()) + 1)[codes]
    size = member.sum(axis=0)
    others = size[None, :] - member
    industry = np.divide(M @ member, others, out=np.full_like(member, np.nan), where=others > 0)
    pairs = np.outer(size, size) - np.diag(size)
    sums = member.T @ M @ member
    cluster = np.divide(sums, pairs, out=np.full_like(sums, np.nan), where=pairs > 0)
    return Relatedness(industry, cluster, industry[np.arange(codes.size), codes], codes)


def validation(labels: npt.ArrayLike, matrices: Mapping[str, npt.ArrayLike]) -> Result:
    """Return the validation scores of a partition under each similarity, and their mean.

    Parameters
    ----------
    labels : (n,)
        The cluster of each industry.
    matrices : mapping of str to (n, n) array
        Similarities, such as LC-Emp, LC-Est, COI, IO, Occ; the diagonal is not looked at.

    Returns
    -------
    Result
        matrix, vs_cluster (share of clusters related within more than to the mean other cluster), vs_cluster_95 (more
        than to 95 % of the others), vs_industry and vs_industry_95 (likewise of industries), vs (mean of the four); the
        last row is the mean of all. Clusters of one have no relatedness within and are left out.
    """
    import pandas as pd

    if not matrices:
        raise NetclusterError("Validation needs at least one similarity.", "Give one, such as {'IO': matrix}.")
    rows = []
    for name, matrix in matrices.items():
        found = relatedness(matrix, labels)
        k = found.cluster.shape[0]
        rest = np.where(np.eye(k, dtype=bool), np.nan, found.cluster)
        own = np.eye(k, dtype=bool)[found.labels]
        one, strict = _passing(np.diag(found.cluster), rest)
        each, each_strict = _passing(found.own, np.where(own, np.nan, found.industry))
        rows.append((name, one, strict, each, each_strict, (one + strict + each + each_strict) / 4))
    frame = pd.DataFrame(rows, columns=["matrix", *MEASURES])
    frame.loc[len(frame)] = ["mean", *frame[list(MEASURES)].mean()]
    return Result(frame, MEASURES, MappingProxyType({"matrices": tuple(matrices)}))


def _passing(within: Array, between: Array) -> tuple[float, float]:
    """Return the shares of rows whose `within` is above the mean, and the 95th percentile, of `between`."""
    tested = ~np.isnan(within) & ~np.isnan(between).all(axis=1)
    if not tested.any():
        return float("nan"), float("nan")
    rest = between[tested]
    mean, high = np.nanmean(rest, axis=1), np.nanpercentile(rest, 95, axis=1)
    return float((within[tested] > mean + _TIE).mean()), float((within[tested] > high + _TIE).mean())
