"""Strong clusters: the rules of the US Cluster Mapping and the stars of the European Cluster Observatory."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from netcluster.places.grid import Array

#: The lines of both rules; quantiles are among the regions where the cluster has jobs.
RULES = MappingProxyType(
    {"lq_quantile": 0.75, "lq_quantile_10": 0.90, "size_quantile": 0.25, "star_quantile": 0.90, "star_lq": 2.0}
)


def quantile_over_regions(values: npt.ArrayLike, present: npt.ArrayLike, q: float) -> Array:
    """Return each row's quantile over the columns where it is present, (n, 1); NaN for a row that is nowhere.

    >>> quantile_over_regions([[1, 2, 3, 0]], [[True, True, True, False]], 0.5)
    array([[2.]])
    """
    kept = np.where(np.asarray(present, dtype=bool), np.asarray(values, dtype=np.float64), np.nan)
    ordered = np.sort(kept, axis=1)
    last = np.maximum((~np.isnan(kept)).sum(axis=1, keepdims=True) - 1, 0)
    place = last * q
    low = np.floor(place).astype(np.int64)
    under, over = (np.take_along_axis(ordered, at, axis=1) for at in (low, np.minimum(low + 1, last)))
    return np.asarray(under + (over - under) * (place - low))


def strong_clusters(
    quotients: npt.ArrayLike, jobs: npt.ArrayLike, establishments: npt.ArrayLike | None = None
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return where a cluster is strong, and where it is among the strongest tenth (US Cluster Mapping).

    Parameters
    ----------
    quotients, jobs, establishments : (clusters, regions)
        Without establishments their rule is left out.

    Returns
    -------
    strong, strong10 : (clusters, regions) of bool
        Strong: a quotient of at least 1 and of at least the third quartile of the cluster's quotients over regions,
        with more jobs and more establishments than the first quartile. The quartiles are over regions where the
        cluster has jobs; `strong10` takes the ninth decile of quotients instead. Where one region alone has the
        cluster there is nothing to be larger than: its quotient decides.

    Examples
    --------
    The last region alone reaches the third quartile, 1.75.

    >>> strong_clusters([[0.5, 0.5, 1.5, 2.5]], [[10, 20, 30, 40]])[0]
    array([[False, False, False,  True]])
    """
    lq, E = np.asarray(quotients, dtype=np.float64), np.asarray(jobs, dtype=np.float64)
    here = E > 0
    alone = here.sum(axis=1, keepdims=True) == 1
    enough = here & (lq >= 1) & (alone | (quantile_over_regions(E, here, RULES["size_quantile"]) < E))
    if establishments is not None:
        plants = np.asarray(establishments, dtype=np.float64)
        enough &= alone | (plants > quantile_over_regions(plants, here, RULES["size_quantile"]))
    upper = [lq >= quantile_over_regions(lq, here, RULES[key]) for key in ("lq_quantile", "lq_quantile_10")]
    return enough & upper[0], enough & upper[1]


def stars(quotients: npt.ArrayLike, jobs: npt.ArrayLike, share_of_region: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return 0 to 3 stars for each cluster in each region (European Cluster Observatory).

    One for size (jobs in the top tenth of regions that have the cluster), one for specialisation (a quotient of at
    least 2), one for focus (its share of the region's jobs in the top tenth). All are (clusters, regions).

    >>> stars([[0.5, 0.5, 1.5, 2.5]], [[10, 20, 30, 40]], [[0.1, 0.1, 0.2, 0.2]])
    array([[0, 0, 1, 3]])
    """
    lq, E = np.asarray(quotients, dtype=np.float64), np.asarray(jobs, dtype=np.float64)
    focus, here = np.asarray(share_of_region, dtype=np.float64), E > 0
    size = quantile_over_regions(E, here, RULES["star_quantile"]) <= E
    narrow = focus >= quantile_over_regions(focus, here, RULES["star_quantile"])
    return np.asarray(here * (size.astype(np.int64) + (lq >= RULES["star_lq"]) + narrow))
