"""Random walks along the goods flows: random-walk centrality and counting betweenness from one inverse."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.solve import Array
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable


def walk_centrality(io: IOTable | Model) -> Result:
    """Return random-walk centrality and counting betweenness of the sectors.

    A unit of output moves from seller to buyer with the probability of the seller's sales, its own use included.

    Returns
    -------
    Result
        region, sector, name, output, random_walk_centrality (n over the sum of mean first-passage times to the
        sector: how soon a shock anywhere reaches it), counting_betweenness (mean number of visits on a walk
        between two sectors, the start and the arrival counted as half a visit each), stationary_share.

    Notes
    -----
    Blöchl, Theis, Vega-Redondo and Fisher (2011). All passage times come from one fundamental matrix
    Z = (I − M + 1π')⁻¹ (Kemeny and Snell 1960): H_ij = (z_jj − z_ij)/π_j. With every pair of sectors counted alike,
    counting betweenness is π times the sum of all passage times over n(n − 1); where self-loops are counted it ranks
    sectors as π does. Sectors outside the largest set in which each reaches each are left empty, and counted in a note.

    Examples
    --------
    In a ring of three, a walk reaches the next sector in 1 and the one after in 2 steps:

    >>> ring = IOTable.from_arrays([[0, 1, 0], [0, 0, 1], [1, 0, 0]], x=[2, 2, 2])
    >>> walk_centrality(ring).frame["random_walk_centrality"].tolist()
    [1.0, 1.0, 1.0]
    """
    model = as_model(io)
    on = _largest_strong_part(model)
    n = len(on)
    if n < 2:
        raise NetclusterError("No two sectors of the table supply each other, so no walk returns.")
    flows = model.io.Z[np.ix_(on, on)]
    passage, stationary = first_passage(flows / flows.sum(axis=1, keepdims=True))
    frame = model.io.sectors[["region", "sector", "name"]].copy()
    frame["output"] = model.x
    for name, values in (
        ("random_walk_centrality", n / passage.sum(axis=0)),
        ("counting_betweenness", stationary * passage.sum() / (n * (n - 1))),
        ("stationary_share", stationary),
    ):
        full = np.full(model.n, np.nan)
        full[on] = values
        frame[name] = full
    notes = model.notes
    if n < model.n:
        text = "Sectors that a walk can't reach or leave again are left empty."
        notes = (*notes, Note("not_strongly_connected", text, model.n - n))
    return Result(frame=frame, measures=tuple(frame.columns[3:]), parameters={"origin": model.io.origin}, notes=notes)


def first_passage(transition: Array) -> tuple[Array, Array]:
    """Return mean first-passage times H (H[i, j] steps from i to j, 0 on the diagonal) and the stationary shares π.

    `transition` is (n, n), rows summing to 1, each state reaching each.

    >>> first_passage(np.array([[0.0, 1.0], [1.0, 0.0]]))[0]
    array([[0., 1.],
           [1., 0.]])
    """
    n = len(transition)
    system = np.eye(n) - transition
    # One balance equation follows from the others; the shares' sum stands in its place.
    balance = system.T.copy()
    balance[-1] = 1.0
    stationary = np.linalg.solve(balance, np.append(np.zeros(n - 1), 1.0))
    fundamental = np.linalg.inv(system + stationary)
    passage = (fundamental.diagonal() - fundamental) / stationary
    np.fill_diagonal(passage, 0.0)
    return passage, stationary


def _largest_strong_part(model: Model) -> npt.NDArray[np.intp]:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    flows = model.io.Z
    if (flows < 0).any():
        raise NetclusterError("A walk needs flows that are not negative.", "Set negative flows aside first.")
    _, labels = connected_components(csr_array(flows), directed=True, connection="strong")
    sizes = np.bincount(labels)
    return np.flatnonzero(labels == int(sizes.argmax()))
