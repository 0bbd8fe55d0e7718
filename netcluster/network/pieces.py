"""What falls apart without a node or a link: cut points and bridges, directions and weights left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Pieces:
    """What each of n nodes holds together.

    Attributes
    ----------
    more : (n,) int array
        How many more components there are without the node.
    pairs : (n,) array
        Pairs of others that lose each other.
    lost, largest : (n,) int arrays
        Others that fall out of the largest part of what was the node's component, and that part's size.
    bridges : (b, 2) int array
        The links in no cycle, each once, the lower end first.
    """

    more: Integers
    pairs: Array
    lost: Integers
    largest: Integers
    bridges: Integers


def pieces(pattern: Any, *, symmetric: bool = False) -> Pieces:
    """Return what nodes and links of an (n, n) sparse pattern hold together (Hopcroft and Tarjan 1973).

    A link in either direction counts; loops don't. `symmetric` says that it holds both, and no loop. Takes time in
    proportion to nodes and links.

    Examples
    --------
    In a chain of three the middle one parts the others, and both links are bridges:

    >>> import scipy.sparse as sp
    >>> found = pieces(sp.csr_array([[0, 1, 0], [0, 0, 1], [0, 0, 0]]))
    >>> found.more.tolist(), found.lost.tolist(), found.bridges.tolist()
    ([0, 1, 0], [0, 1, 0], [[0, 1], [1, 2]])
    """
    from netcluster.network._kernels import articulate

    both = pattern if symmetric else _both_ways(pattern)
    more, pairs, lost, largest, bridge = articulate(both.indptr.astype(np.int64), both.indices.astype(np.int64))
    ends = np.flatnonzero(bridge >= 0)
    links = np.sort(np.stack([ends, bridge[ends]], axis=1), axis=1)
    return Pieces(more, pairs, lost, largest, links[np.lexsort((links[:, 1], links[:, 0]))])


def _both_ways(pattern: Any) -> Any:
    """Return a 1 for each pair linked either way, without loops, its rows' starts and ends of one type."""
    import scipy.sparse as sp

    csr = sp.csr_array(pattern)
    rows = np.repeat(np.arange(csr.shape[0], dtype=csr.indices.dtype), np.diff(csr.indptr))
    keep = rows != csr.indices
    ones = sp.csr_array(
        sp.coo_array((np.ones(int(keep.sum()), dtype=bool), (rows[keep], csr.indices[keep])), shape=csr.shape)
    )
    return sp.csr_array(ones + sp.csr_array(ones.T))
