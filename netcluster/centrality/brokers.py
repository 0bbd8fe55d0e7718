"""Who stands between groups: brokerage roles, structural holes, and how widely a node's ties spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.centrality.reach import group_codes
from netcluster.core.result import Note, Result

if TYPE_CHECKING:
    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
ROLES = ("coordinator", "gatekeeper", "representative", "consultant", "liaison")
#: A participation below is 0 but for rounding.
ROUNDING = 1e-12
MEASURES = (*ROLES, "brokerage", "constraint", "effective_size", "participation")


def brokers(net: Network, groups: npt.ArrayLike | None = None, *, layer: str = "supply") -> Result:
    """Return each node's brokerage roles, constraint, effective size and participation.

    Parameters
    ----------
    net : Network
        The network; links count as they point, supplier first.
    groups : (n,) array, optional
        A label for each node (clusters, regions, roles); default the nodes' regions. A node without one (None, NaN,
        "") is a group of its own.
    layer : str
        The layer of links.

    Returns
    -------
    Result
        One row a node. The five roles count triples i → b → j without i → j (Gould and Fernandez 1989):
        coordinator (all of one group), gatekeeper (i from outside), representative (j outside), consultant
        (i and j of one group, b not), liaison (three groups); brokerage is their sum. Constraint (Burt 1992:
        high where contacts know each other) and effective size (contacts less their redundancy) look at
        weights both ways; participation is 1 − Σ_g (strength with group g ÷ strength)² (Guimerà and Amaral
        2005). Nodes without ties have empty measures in the last three.

    Examples
    --------
    b takes from the north and gives to the south, of which it is: a gatekeeper.

    >>> import numpy as np
    >>> import scipy.sparse as sp
    >>> roles(sp.csr_array([[0, 1, 0], [0, 0, 1], [0, 0, 0]]), np.array([0, 1, 1]))["gatekeeper"]
    array([0, 1, 0])
    """
    import pandas as pd

    matrix = net.layer(layer).matrix
    codes, names, what = group_codes(net, groups)
    outside = np.flatnonzero(codes < 0)
    codes[outside] = len(names) + np.arange(outside.size)
    counts = roles(matrix, codes)
    both = _both(matrix)
    frame = pd.DataFrame({"node": list(net.ids), **counts})
    frame["brokerage"] = sum(counts[name] for name in ROLES)
    frame["constraint"], frame["effective_size"] = structural_holes(both)
    frame["participation"] = participation(both, codes)
    frame["label"] = net.nodes["label"].to_numpy()
    lone = int(frame["constraint"].isna().sum())
    notes = [Note("no_links", "Nodes without ties to others have no constraint.", lone)] if lone else []
    if outside.size:
        notes.append(Note("no_group", "Nodes in no group count as one each, of their own.", int(outside.size)))
    return Result(
        frame=frame,
        measures=MEASURES,
        parameters={"layer": layer, "groups": what, "count": len(names)},
        notes=tuple(notes),
    )


def roles(matrix: Any, groups: Integers) -> dict[str, Integers]:
    """Return how often each node brokers in each role, (n,) each (Gould and Fernandez 1989).

    `groups` are numbers from 0. Pairs with a direct link i → j are no brokerage; nor are i and j the same. All triples
    are counted from degrees, and the closed ones taken off triangle by triangle: nothing of n × n is made.
    """
    import scipy.sparse as sp

    from netcluster.centrality._triangles import closed_triples, ordered

    pattern = sp.coo_array(matrix)
    off = pattern.row != pattern.col
    row, column = pattern.row[off], pattern.col[off]
    same = groups[row] == groups[column]
    inside, across = (
        sp.csr_array((np.ones(int(part.sum())), (row[part], column[part])), shape=matrix.shape)
        for part in (same, ~same)
    )
    member = sp.csr_array((np.ones(groups.size), (np.arange(groups.size), groups)))
    into_in, into_out = _sums(inside, "from"), _sums(across, "from")
    out_in, out_out = _sums(inside, "to"), _sums(across, "to")
    shared = np.asarray(((across.T @ member) * (across @ member)).sum(axis=1)).ravel()
    pairs = {
        "coordinator": into_in * out_in - _sums(inside * inside.T, "from"),
        "gatekeeper": into_out * out_in,
        "representative": into_in * out_out,
        "consultant": shared - _sums(across * across.T, "from"),
        "liaison": into_out * out_out - shared,
    }
    both, there = _directed(row, column, matrix.shape[0])
    order = ordered(both)
    closed = closed_triples(order.ends, order.mirror, order.first, order.forward, there, groups)
    return {name: np.rint(pairs[name]).astype(np.int64) - closed[:, at] for at, name in enumerate(ROLES)}


def _directed(row: Any, column: Any, n: int) -> tuple[Any, npt.NDArray[np.bool_]]:
    """Return the pattern both ways, and which of its stored links point as the network's do."""
    import scipy.sparse as sp

    ones = np.ones(row.size, dtype=np.int8)
    forward = sp.csr_array((ones, (row, column)), shape=(n, n))
    # A link of the network leaves a 2 or a 3 where it points, its mirror alone a 1.
    both = sp.csr_array(2 * forward + forward.T)
    both.sort_indices()
    return both, both.data >= 2


def _sums(matrix: Any, way: str) -> Array:
    """Return how many links come to each node ("from" others), or leave it ("to" others)."""
    return np.asarray(matrix.sum(axis=0 if way == "from" else 1), dtype=np.float64).ravel()


def _both(matrix: Any) -> Any:
    """Return weights both ways, without loops."""
    import scipy.sparse as sp

    both = sp.csr_array(matrix + matrix.T)
    both = sp.csr_array(both - sp.diags_array(both.diagonal()))
    both.eliminate_zeros()
    return both


def structural_holes(both: Any) -> tuple[Array, Array]:
    """Return Burt's constraint and effective size, (n,) each, of symmetric weights without loops.

    With p_ij = w_ij/Σ_k w_ik and m_jq = w_jq/max_k w_jk: constraint Σ_j (p_ij + Σ_q p_iq p_qj)², effective
    size Σ_j (1 − Σ_q p_iq m_jq), over the contacts j of i.
    """
    from netcluster.centrality._triangles import indirect, ordered

    both.sort_indices()
    degree = np.diff(both.indptr)
    node = np.repeat(np.arange(degree.size), degree)
    strength = np.asarray(both.sum(axis=1), dtype=np.float64).ravel()
    largest = both.max(axis=1).toarray().ravel() if both.nnz else np.zeros(degree.size)
    order = ordered(both)
    through, redundant = indirect(order.ends, order.mirror, order.first, order.forward, both.data, strength, largest)
    total = both.data / strength[node] + through
    constraint = np.bincount(node, total * total, degree.size)
    lone = degree == 0
    return np.where(lone, np.nan, constraint), np.where(lone, np.nan, degree - redundant)


def participation(both: Any, groups: Integers) -> Array:
    """Return 1 − Σ_g (s_ig/s_i)², (n,): 0 where all ties are with one group (Guimerà and Amaral 2005)."""
    import scipy.sparse as sp

    member = sp.csr_array((np.ones(groups.size), (np.arange(groups.size), groups)))
    strength = np.asarray(both.sum(axis=1)).ravel()
    share = sp.diags_array(_inverse(strength)) @ (both @ member)
    spread = np.maximum(1.0 - np.asarray((share * share).sum(axis=1)).ravel(), 0.0)
    return np.where(strength > 0, np.where(spread < ROUNDING, 0.0, spread), np.nan)


def _inverse(amounts: Array) -> Array:
    return np.divide(1.0, amounts, out=np.zeros_like(amounts), where=amounts > 0)
