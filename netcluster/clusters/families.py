"""Cluster families from similarities of industries, chosen by their validation scores (Delgado, Porter and Stern 2016).

Many candidates are made: each similarity alone, and averages of several, hierarchical (Ward) and k-means, several
numbers of clusters. The candidate with the best mean validation score is taken, of equal ones that whose industries
are on average closest to their own cluster beside the next; industries that are closer to another cluster than to
their own are moved there, each move logged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from netcluster.clusters.partition import Partition, numbered
from netcluster.clusters.validation import Relatedness, relatedness, validation
from netcluster.core.errors import NetclusterError
from netcluster.core.indices import correlation_of_rows
from netcluster.core.result import Note
from netcluster.core.seeds import numpy_generator

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.employment import EmploymentTable

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Of = Literal["employment", "establishments"]
MEASURES = ("within_relatedness", "next_relatedness")
_ROUNDS = 100


def locational_correlation(table: EmploymentTable, of: Of = "employment") -> tuple[list[str], Array]:
    """Return the industries and how alike they are spread over regions: LC-Emp, or LC-Est.

    The correlation over regions of the industries' jobs (or establishments), (n, n); 0 for an industry spread evenly.
    """
    wide = table.frame.pivot_table(index="industry", columns="region", values=of, aggfunc="sum", fill_value=0.0)
    return [str(industry) for industry in wide.index], correlation_of_rows(wide.to_numpy(dtype=float))


def standardised(matrix: npt.ArrayLike) -> Array:
    """Return a similarity with mean 0 and standard deviation 1 over the pairs, 0 on the diagonal.

    >>> standardised([[1, 2, 4], [2, 1, 6], [4, 6, 1]]).round(3)[0]
    array([ 0.   , -1.225,  0.   ])
    """
    M = np.array(matrix, dtype=np.float64)
    pairs = M[~np.eye(M.shape[0], dtype=bool)]
    scale = pairs.std()
    out = (M - pairs.mean()) / (scale if scale > 0 else 1.0)
    np.fill_diagonal(out, 0.0)
    return np.asarray(out)


def families(
    matrices: Mapping[str, npt.ArrayLike],
    industries: Sequence[str],
    *,
    counts: Sequence[int] | None = None,
    seed: int = 0,
    sizes: npt.ArrayLike | None = None,
) -> Partition:
    """Return the cluster family with the best validation score, its outliers moved.

    Parameters
    ----------
    matrices : mapping of str to (n, n) array
        Symmetric similarities, such as LC-Emp, LC-Est, COI, IO, Occ.
    industries : n strings
        What the rows are.
    counts : integers, optional
        Numbers of clusters tried; by default six between n/25 and n/12, as 30 to 60 for their 778 industries.
    sizes : (n,), optional
        Jobs or output, by which clusters are numbered.

    Returns
    -------
    Partition
        industry, cluster, within_relatedness, next_cluster, next_relatedness, moved_from (0 where it was not). The
        relatedness is in the standardised mean of all matrices. `summary` has the scores, the candidate taken, how
        many were tried, and the moves in order.
    """
    given = {name: np.asarray(matrix, dtype=np.float64) for name, matrix in matrices.items()}
    n = len(industries)
    _check(given, n)
    tried = sorted(set(counts)) if counts is not None else _usual(n)
    if not tried or tried[0] < 2 or tried[-1] > n - 1:
        raise NetclusterError(f"Between 2 and {n - 1} clusters can be made of {n} industries.", "Mend the counts.")
    together = standardised(np.mean([standardised(matrix) for matrix in given.values()], axis=0))
    best, score, chosen, number = np.zeros(n, dtype=np.int64), (-1.0, 0.0), "", 0
    for name, labels in _candidates(given, tried, seed):
        number += 1
        reached = round(float(validation(labels, given).frame["vs"].iloc[-1]), 12), _gap(together, labels)
        if reached > score:
            best, score, chosen = labels, reached, name
    repaired, moves, settled = repair(best, together)
    labels = numbered(repaired, np.ones(n) if sizes is None else sizes)
    number_of = dict(zip(repaired.tolist(), labels.tolist(), strict=True))
    scores = validation(labels, given).frame.iloc[-1]
    log = tuple(
        {"industry": industries[i], "from": number_of.get(a, 0), "to": number_of.get(b, 0)} for i, a, b in moves
    )
    summary: dict[str, object] = {
        "candidate": chosen, "candidates": number, "vs_candidate": score[0], "vs": float(scores["vs"]),
        "vs_cluster": float(scores["vs_cluster"]), "vs_industry": float(scores["vs_industry"]),
        "clusters": int(labels.max()), "moves": log,
    }  # fmt: skip
    moved = {i: number_of.get(a, 0) for i, a, _ in reversed(moves)}
    notes = [Note("moved", f"{len(moved)} industries were moved to a cluster they are closer to.", len(moved))]
    if not settled:
        notes.append(Note("not_settled", f"Moves had not come to rest after {len(moves)}.", len(moves)))
    frame = _frame(industries, labels, relatedness(together, labels), moved)
    parameters = {"matrices": tuple(given), "counts": tuple(tried), "seed": seed}
    return Partition(
        frame, MEASURES, MappingProxyType(parameters), tuple(notes), labels=labels, summary=MappingProxyType(summary)
    )


def repair(labels: npt.ArrayLike, similarity: npt.ArrayLike) -> tuple[Labels, list[tuple[int, int, int]], bool]:
    """Move each industry to the cluster it is most related to, where that is not its own, until none wants to.

    Returns the labels, the moves as (industry, from, to), and whether it came to rest.

    >>> repair([0, 0, 1, 1, 1], [[0, 9, 8, 1, 1], [9, 0, 8, 1, 1], [8, 8, 0, 1, 1], [1, 1, 1, 0, 9], [1, 1, 1, 9, 0]])
    (array([0, 0, 0, 1, 1]), [(2, 1, 0)], True)
    """
    current = np.array(labels, dtype=np.int64)
    moves: list[tuple[int, int, int]] = []
    for _ in range(_ROUNDS * current.size):
        found = relatedness(similarity, current)
        names = np.unique(current)
        own = np.where(np.isnan(found.own), -np.inf, found.own)
        rest = np.where(np.eye(names.size, dtype=bool)[found.labels], -np.inf, found.industry)
        gain = rest.max(axis=1) - own
        # The one that gains most moves alone, as each move changes what the others are related to; a cluster of one
        # has no own relatedness, and would dissolve only because of that.
        gain[np.isnan(found.own)] = -np.inf
        mover = int(np.argmax(gain))
        if names.size < 2 or not gain[mover] > 1e-12:
            return current, moves, True
        moves.append((mover, int(current[mover]), int(names[rest[mover].argmax()])))
        current[mover] = names[rest[mover].argmax()]
    return current, moves, False


def _check(matrices: Mapping[str, Array], n: int) -> None:
    if not matrices:
        raise NetclusterError("Families need at least one similarity.", "Give one, such as {'IO': matrix}.")
    for name, matrix in matrices.items():
        if matrix.shape != (n, n) or not np.isfinite(matrix).all():
            raise NetclusterError(f"The similarity {name} must be {n} by {n} finite numbers; it is {matrix.shape}.")
        if not np.allclose(matrix, matrix.T):
            raise NetclusterError(f"The similarity {name} is not symmetric.", "Take the larger or the mean of both.")


def _usual(n: int) -> list[int]:
    low, high = max(2, round(n / 25)), max(3, round(n / 12))
    return sorted({int(count) for count in np.linspace(low, min(high, n - 1), 6).round()})


def _candidates(matrices: Mapping[str, Array], counts: Sequence[int], seed: int) -> Iterator[tuple[str, Labels]]:
    """Yield the name and labels of each candidate: matrix or mean of several, method and number of clusters."""
    from scipy.cluster.hierarchy import cut_tree, linkage
    from scipy.spatial.distance import pdist

    names = list(matrices)
    groups = [group for size in range(1, len(names) + 1) for group in combinations(names, size)]
    for group in groups:
        label = "-".join(group)
        rows = np.mean([standardised(matrices[name]) for name in group], axis=0)
        # An industry is most like itself: without that on the diagonal, rows of the closest pairs would differ most.
        np.fill_diagonal(rows, rows.max())
        tree = linkage(pdist(rows), "ward")
        for count in counts:
            yield f"{label}, Ward, {count}", cut_tree(tree, n_clusters=count).ravel().astype(np.int64)
            yield f"{label}, k-means, {count}", _k_means(rows, count, numpy_generator(seed, "k-means", label, count))


def _k_means(rows: Array, count: int, rng: np.random.Generator) -> Labels:
    """Return k-means labels of rows, started as by k-means++ (Arthur and Vassilvitskii 2007)."""
    centres = rows[[int(rng.integers(rows.shape[0]))]]
    while centres.shape[0] < count:
        apart = ((rows[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2).min(axis=1)
        chance = apart / apart.sum() if apart.sum() > 0 else np.full(rows.shape[0], 1 / rows.shape[0])
        centres = np.vstack([centres, rows[int(rng.choice(rows.shape[0], p=chance))]])
    labels = np.full(rows.shape[0], -1)
    for _ in range(_ROUNDS):
        nearest = ((rows[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
        if (nearest == labels).all():
            break
        labels = nearest
        centres = np.array(
            [rows[labels == c].mean(axis=0) if (labels == c).any() else centres[c] for c in range(count)]
        )
    return labels.astype(np.int64)


def _gap(similarity: Array, labels: Labels) -> float:
    """Return the mean over industries of the relatedness to the own cluster less that to the next."""
    found = relatedness(similarity, labels)
    own = np.eye(found.cluster.shape[0], dtype=bool)[found.labels]
    gaps = found.own - np.where(own, -np.inf, found.industry).max(axis=1)
    return float(np.nanmean(gaps)) if not np.isnan(gaps).all() else -np.inf


def _frame(industries: Sequence[str], labels: Labels, found: Relatedness, moved: Mapping[int, int]) -> pd.DataFrame:
    import pandas as pd

    own = np.eye(found.cluster.shape[0], dtype=bool)[found.labels]
    rest = np.where(own, -np.inf, np.nan_to_num(found.industry, nan=-np.inf))
    clusters = np.unique(labels)
    return pd.DataFrame(
        {
            "industry": list(industries),
            "cluster": labels,
            "within_relatedness": found.own,
            "next_cluster": clusters[rest.argmax(axis=1)],
            "next_relatedness": np.where(np.isinf(rest.max(axis=1)), np.nan, rest.max(axis=1)),
            "moved_from": [moved.get(i, 0) for i in range(len(industries))],
        }
    )
