"""The backbone of a dense network: the links that say more than chance, and one for each node that none is left out.

Loops are no links between nodes: they stand outside the tests and are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.network.transform import without_loops

Array = npt.NDArray[np.float64]
Method = Literal["disparity", "noise_corrected", "strongest"]


@dataclass(frozen=True, eq=False)
class Backbone:
    """The links kept, as an (n, n) CSR matrix, and how much of the network they are.

    `links_kept` and `weight_kept` are shares of all links and of all weight, loops aside; `rescued` counts the
    links kept only because a node would have lost its last one.
    """

    matrix: Any
    links_kept: float
    weight_kept: float
    rescued: int
    note: Note


def backbone(
    matrix: Any,
    method: Method = "disparity",
    *,
    alpha: float = 0.05,
    delta: float = 1.64,
    count: float = 1.0,
    most: int = 3,
    directed: bool = True,
) -> Backbone:
    """Return the backbone of a network.

    Parameters
    ----------
    matrix : (n, n) sparse array
        Weights, W[i, j] what i sells to j.
    method : {"disparity", "noise_corrected", "strongest"}
        See `disparity`, `noise_corrected`; "strongest" keeps each node's `most` heaviest links out and in.
    alpha : float
        Disparity: a link is kept where its α is below.
    delta : float
        Noise-corrected: how many standard deviations a link must stand above chance; 1.28, 1.64 and 2.32 are
        one-sided levels of 10, 5 and 1 %.
    count : float
        Noise-corrected: the amount of weight taken for one observation. The method reads weights as counts, so
        dollars and million dollars keep different links.
    directed : bool
        False for a symmetric matrix, which stays symmetric.

    Returns
    -------
    Backbone
        Every node that had a link has one; a node that would lose its last keeps its heaviest.
    """
    import scipy.sparse as sp

    whole = sp.csr_array(matrix)
    loops = whole.diagonal()
    csr = without_loops(whole)
    source = np.repeat(np.arange(csr.shape[0]), np.diff(csr.indptr))
    keep = _tested(csr, source, method, alpha=alpha, delta=delta, count=count, most=most)
    rescued = _rescue(csr, source, keep)
    chosen = keep | rescued
    kept = sp.csr_array((csr.data[chosen], (source[chosen], csr.indices[chosen])), shape=csr.shape)
    if not directed:
        kept = sp.csr_array(kept.maximum(kept.T))
    links = kept.nnz / csr.nnz if csr.nnz else 1.0
    weight = float(kept.sum() / csr.sum()) if csr.nnz else 1.0
    note = Note(
        "backbone",
        f"The {method.replace('_', '-')} backbone keeps {links:.1%} of the links and {weight:.1%} of the weight;"
        f" {int(rescued.sum())} of them so that no node loses its last link.",
        int(kept.nnz),
    )
    with_loops = sp.csr_array(kept + sp.diags_array(loops, format="csr")) if loops.any() else kept
    return Backbone(with_loops, links, weight, int(rescued.sum()), note)


def disparity(matrix: Any) -> Array:
    """Return for each link stored in a CSR matrix the smaller of its two α (Serrano, Boguñá and Vespignani 2009).

    α = (1 − w/s)^(k − 1) is how likely a share as large as w/s is among k links that split a node's strength s at
    random; once with the sales of the seller, once with the purchases of the buyer. A node's only link has α = 1.

    >>> import scipy.sparse as sp
    >>> disparity(sp.csr_array([[0.0, 8, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])).round(2)
    array([0.04, 0.81, 0.81])
    """
    source = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return np.minimum(_alpha(matrix.data, source), _alpha(matrix.data, matrix.indices))


def noise_corrected(matrix: Any, count: float = 1.0) -> tuple[Array, Array]:
    """Return for each stored link how far it stands above chance, −1 to 1, and its standard deviation.

    The score is (κw − 1)/(κw + 1) with κ = N/(s_i s_j): 0 where a link is what the strengths of its ends make it
    (Coscia and Neffke 2017). `count` is the weight of one observation.
    """
    weight = matrix.data / count
    total = weight.sum()
    if total <= 1:
        raise NetclusterError(
            f"The noise-corrected backbone reads weights as counts; these add up to {total:.3g}.",
            "Give a smaller count, or use the disparity backbone.",
        )
    source = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    sold = np.bincount(source, weight, matrix.shape[0])[source]
    bought = np.bincount(matrix.indices, weight, matrix.shape[0])[matrix.indices]
    both = sold * bought
    kappa = total / both
    score = (kappa * weight - 1) / (kappa * weight + 1)
    mean = both / total**2
    spread = both * (total - sold) * (total - bought) / (total**4 * (total - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        # The Beta prior with this mean and variance; where one node does all the trade it is a certainty.
        strength = mean * (1 - mean) / spread - 1
        chance = np.where(spread > 0, (strength * mean + weight) / (strength + total), mean)
    variance = total * chance * (1 - chance)
    slope = 1 / both - total * (sold + bought) / both**2
    deviation = np.sqrt(variance) * np.abs(2 * (kappa + weight * slope) / (kappa * weight + 1) ** 2)
    return score, deviation


def _tested(
    csr: Any, source: npt.NDArray[Any], method: str, *, alpha: float, delta: float, count: float, most: int
) -> npt.NDArray[np.bool_]:
    if method == "disparity":
        return np.asarray(disparity(csr) < alpha)
    if method == "noise_corrected":
        score, deviation = noise_corrected(csr, count)
        return np.asarray(score > delta * deviation)
    if method == "strongest":
        return _heaviest(csr, source, most)
    raise NetclusterError(f"There is no backbone {method!r}.", "Choose disparity, noise_corrected or strongest.")


def _alpha(weight: Array, node: npt.NDArray[Any]) -> Array:
    strength = np.bincount(node, weight)
    degree = np.bincount(node)
    share = np.minimum(weight / strength[node], 1.0)
    return np.asarray((1.0 - share) ** (degree[node] - 1))


def _heaviest(csr: Any, source: npt.NDArray[Any], most: int) -> npt.NDArray[np.bool_]:
    """Return which links are among the `most` heaviest of their seller or buyer, equal ones in stored order."""
    keep = np.zeros(csr.nnz, dtype=np.bool_)
    for node in (source, csr.indices):
        order = np.lexsort((np.arange(csr.nnz), -csr.data, node))
        starts = np.cumsum(np.bincount(node, minlength=csr.shape[0])) - np.bincount(node, minlength=csr.shape[0])
        rank = np.arange(csr.nnz) - starts[node[order]]
        keep[order[rank < most]] = True
    return keep


def _rescue(csr: Any, source: npt.NDArray[Any], keep: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return the heaviest link of each node none of whose links is kept."""
    lost = np.ones(csr.shape[0], dtype=np.bool_)
    lost[source[keep]] = False
    lost[csr.indices[keep]] = False
    rescued = np.zeros(csr.nnz, dtype=np.bool_)
    place = np.flatnonzero(lost[source] | lost[csr.indices])
    # Each such link once for either end; the heaviest of a node comes first, equal ones in stored order.
    node = np.concatenate([source[place], csr.indices[place]])
    link = np.concatenate([place, place])
    order = np.lexsort((link, -csr.data[link], node))
    first = order[np.unique(node[order], return_index=True)[1]]
    rescued[link[first][lost[node[first]]]] = True
    return rescued
