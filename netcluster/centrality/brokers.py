"""Who stands between groups: brokerage roles, structural holes, and how widely a node's ties spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result

if TYPE_CHECKING:
    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
ROLES = ("coordinator", "gatekeeper", "representative", "consultant", "liaison")
MEASURES = (*ROLES, "brokerage", "constraint", "effective_size", "participation")


def brokers(net: Network, groups: npt.ArrayLike | None = None, *, layer: str = "supply") -> Result:
    """Return each node's brokerage roles, constraint, effective size and participation.

    Parameters
    ----------
    net : Network
        The network; links count as they point, supplier first.
    groups : (n,) array, optional
        A label for each node (clusters, regions, roles); default the nodes' regions.
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
    labels = net.nodes["region"].to_numpy(dtype=object) if groups is None else np.asarray(groups)
    if labels.shape != (net.n,):
        raise NetclusterError(f"There are {labels.size} group labels for {net.n} nodes.", "Give one label a node.")
    codes = pd.factorize(np.asarray(labels, dtype=object))[0].astype(np.int64)
    counts = roles(matrix, codes)
    both = _both(matrix)
    frame = pd.DataFrame({"node": list(net.ids), **counts})
    frame["brokerage"] = sum(counts[name] for name in ROLES)
    frame["constraint"], frame["effective_size"] = structural_holes(both)
    frame["participation"] = participation(both, codes)
    frame["label"] = net.nodes["label"].to_numpy()
    lone = int(frame["constraint"].isna().sum())
    notes = (Note("no_links", "Nodes without ties to others have no constraint.", lone),) if lone else ()
    return Result(
        frame=frame,
        measures=MEASURES,
        parameters={"layer": layer, "groups": "region" if groups is None else "labels", "count": int(codes.max()) + 1},
        notes=notes,
    )


def roles(matrix: Any, groups: Integers) -> dict[str, Integers]:
    """Return how often each node brokers in each role, (n,) each, by sparse products (Gould and Fernandez 1989).

    `groups` are numbers from 0. Pairs with a direct link i → j are no brokerage; nor are i and j the same.
    """
    import scipy.sparse as sp

    pattern = sp.coo_array(matrix)
    off = pattern.row != pattern.col
    row, column = pattern.row[off], pattern.col[off]
    same = groups[row] == groups[column]
    links = [
        sp.csr_array((np.ones(int(part.sum())), (row[part], column[part])), shape=matrix.shape)
        for part in (same, ~same)
    ]
    inside, across = links
    member = sp.csr_array((np.ones(groups.size), (np.arange(groups.size), groups)))
    sums = {(way, kind): _sums(part, way) for kind, part in (("in", inside), ("out", across)) for way in ("from", "to")}
    shared = np.asarray(((across.T @ member) * (across @ member)).sum(axis=1)).ravel()
    mutual = [_sums(part * part.T, "from") for part in links]
    pairs = {
        "coordinator": sums["from", "in"] * sums["to", "in"] - mutual[0],
        "gatekeeper": sums["from", "out"] * sums["to", "in"],
        "representative": sums["from", "in"] * sums["to", "out"],
        "consultant": shared - mutual[1],
        "liaison": sums["from", "out"] * sums["to", "out"] - shared,
    }
    # Closed triples by which of i → b, b → j and i → j stay within a group.
    closed = {
        "coordinator": (inside, inside, inside),
        "gatekeeper": (across, inside, across),
        "representative": (inside, across, across),
        "consultant": (across, across, inside),
        "liaison": (across, across, across),
    }
    return {
        name: np.rint(pairs[name] - _sums(leaving * (arriving.T @ direct), "to")).astype(np.int64)
        for name, (arriving, leaving, direct) in closed.items()
    }


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
    import scipy.sparse as sp

    strength = np.asarray(both.sum(axis=1)).ravel()
    largest = both.max(axis=1).toarray().ravel() if both.nnz else np.zeros(both.shape[0])
    p = sp.diags_array(_inverse(strength)) @ both
    m = sp.diags_array(_inverse(largest)) @ both
    contact = (both > 0).astype(np.float64)
    total = p + contact * (p @ p)
    constraint = np.asarray((total * total).sum(axis=1)).ravel()
    redundant = np.asarray((contact * (p @ m.T)).sum(axis=1)).ravel()
    size = np.asarray(contact.sum(axis=1)).ravel() - redundant
    lone = strength <= 0
    return np.where(lone, np.nan, constraint), np.where(lone, np.nan, size)


def participation(both: Any, groups: Integers) -> Array:
    """Return 1 − Σ_g (s_ig/s_i)², (n,): 0 where all ties are with one group (Guimerà and Amaral 2005)."""
    import scipy.sparse as sp

    member = sp.csr_array((np.ones(groups.size), (np.arange(groups.size), groups)))
    strength = np.asarray(both.sum(axis=1)).ravel()
    share = sp.diags_array(_inverse(strength)) @ (both @ member)
    return np.where(strength > 0, 1.0 - np.asarray((share * share).sum(axis=1)).ravel(), np.nan)


def _inverse(amounts: Array) -> Array:
    return np.divide(1.0, amounts, out=np.zeros_like(amounts), where=amounts > 0)
