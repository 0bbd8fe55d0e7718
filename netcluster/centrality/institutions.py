"""What each institution reaches, and what would be lost without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.centrality.reach import (
    Array,
    Integers,
    Mask,
    group_codes,
    institution_mask,
    relation_layers,
    ties,
)
from netcluster.core.finding import DESCRIPTIVE, Finding, rank
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

MEASURES = (
    "reach",
    "reach_two",
    "reach_share",
    "groups_reached",
    "sole_reach",
    "sole_reach_two",
    "sole_share",
    "pieces",
    "pairs_cut",
)
#: Entries of the table of nodes × institutions that are held at a time.
BLOCK = 20_000_000


def institutions(
    network: Network, groups: npt.ArrayLike | None = None, *, layer: str | Sequence[str] | None = None
) -> Result:
    """Return what each institution reaches and what would be lost without it.

    Parameters
    ----------
    network : Network
        Firms and institutions, or industries some of which are tagged as proxies for institutions.
    groups : (n,) array, optional
        A label for each node, such as its cluster; default regions.
    layer : str or several, optional
        As in `coverage`.

    Returns
    -------
    Result
        One row an institution, widest reach first: node, role, reach (members, nodes that are no institutions, with
        a tie to it), reach_two (members within two links of it, by way of a member), reach_share (those of all
        members), groups_reached (groups with a member among its ties), sole_reach (members with a tie to no other
        institution), sole_reach_two (members with no other within two links), sole_share (those of all members),
        pieces (how many more pieces the network falls into without it), pairs_cut (the share of linked-up pairs of
        others that would lose each other), group, label. Finding `sole_institution`: a tenth or more of all members
        have no other within two links.

    Examples
    --------
    Without u the firm c would have no institution at all, and a none of its own; v still reaches a through b.

    >>> import pandas as pd
    >>> from netcluster.network.network import Layer, Network
    >>> import scipy.sparse as sp
    >>> nodes = pd.DataFrame({"id": ["a", "b", "c", "u", "v"], "kind": ["firm"] * 3 + ["institution"] * 2, "role": "",
    ...     "label": "", "industry": "", "region": "", "size": 1.0})
    >>> links = sp.csr_array(([1.0] * 4, ([0, 0, 1, 2], [1, 3, 4, 3])), shape=(5, 5))
    >>> frame = institutions(Network(nodes, {"project": Layer(links)})).frame
    >>> print(frame[["node", "reach", "reach_two", "sole_reach", "sole_reach_two", "pieces"]].to_string(index=False))
    node  reach  reach_two  sole_reach  sole_reach_two  pieces
       u      2          3           2               1       1
       v      1          2           1               0       0
    """
    import pandas as pd

    there = institution_mask(network)
    layers = relation_layers(network, layer)
    codes, names, what = group_codes(network, groups)
    pattern = ties(network, layers)
    places = np.flatnonzero(there)
    members = int((~there).sum())
    reach = _reaches(pattern, there)
    pieces, cut = without_each(pattern)
    frame = pd.DataFrame(
        {
            "node": network.nodes["id"].to_numpy()[places],
            "role": network.nodes["role"].to_numpy()[places],
            **reach,
            "reach_share": reach["reach_two"] / max(members, 1),
            "sole_share": reach["sole_reach_two"] / max(members, 1),
            "groups_reached": _groups_reached(pattern, there, codes, len(names)),
            "pieces": pieces[places],
            "pairs_cut": cut[places],
            "group": [names[code] if code >= 0 else "" for code in codes[places]],
            "label": network.nodes["label"].to_numpy()[places],
        }
    )
    order = ["node", "role", *MEASURES, "group", "label"]
    frame = frame[order].sort_values(["reach_two", "reach", "node"], ascending=[False, False, True], kind="stable")
    frame = frame.reset_index(drop=True)
    return Result(
        frame=frame,
        measures=MEASURES,
        parameters={"layer": ",".join(layers), "groups": what, "members": members},
        notes=_notes(frame, layers, layer is None),
        findings=tuple(_findings(frame, members)),
    )


def without_each(pattern: Any) -> tuple[Integers, Array]:
    """Return, for each node, how many more pieces there are without it, and the share of pairs of others cut, (n,).

    `pattern` is symmetric, without loops. Pairs count where a chain of ties links them; the share is of the pairs of
    other nodes that are linked with the node there, 0 where there are none.
    """
    import scipy.sparse.csgraph as graph

    from netcluster.network.pieces import pieces as held

    found = held(pattern, symmetric=True)
    pieces, cut = found.more, found.pairs
    labels = graph.connected_components(pattern, directed=False)[1]
    sizes = np.bincount(labels).astype(np.float64)
    others = (0.5 * sizes * (sizes - 1)).sum() - (sizes[labels] - 1)
    return pieces, np.divide(cut, others, out=np.zeros_like(cut), where=others > 0)


def _reaches(pattern: Any, there: Mask) -> dict[str, Integers]:
    """Return reach, reach_two, sole_reach and sole_reach_two of each institution, a block of them at a time."""
    places = np.flatnonzero(there)
    member = np.flatnonzero(~there)
    between = pattern[member][:, member]
    direct = pattern[member][:, places].tocsc()
    width = max(1, BLOCK // max(member.size, 1))
    count, last = np.zeros(member.size, dtype=np.int64), np.zeros(member.size, dtype=np.int64)
    reach_two = np.zeros(places.size, dtype=np.int64)
    for start in range(0, places.size, width):
        one = direct[:, start : start + width]
        two = (one + between @ one).tocoo()
        hit = two.data > 0
        row, column = two.coords[0][hit], two.coords[1][hit] + start
        reach_two += np.bincount(column, minlength=places.size)
        count += np.bincount(row, minlength=member.size)
        last[row] = column
    single = np.asarray(direct.sum(axis=1)).ravel() == 1
    alone = direct.tocsr()[np.flatnonzero(single)].indices
    return {
        "reach": np.diff(direct.indptr).astype(np.int64),
        "reach_two": reach_two,
        "sole_reach": np.bincount(alone, minlength=places.size).astype(np.int64),
        "sole_reach_two": np.bincount(last[count == 1], minlength=places.size).astype(np.int64),
    }


def _groups_reached(pattern: Any, there: Mask, codes: Integers, k: int) -> Integers:
    import scipy.sparse as sp

    counted = np.flatnonzero(~there & (codes >= 0))
    belongs = sp.csr_array((np.ones(counted.size), (counted, codes[counted])), shape=(codes.size, k))
    touched = sp.csr_array(pattern[np.flatnonzero(there)] @ belongs)
    return np.asarray(np.diff(touched.indptr), dtype=np.int64)


def _notes(frame: pd.DataFrame, layers: Sequence[str], by_default: bool) -> tuple[Note, ...]:
    notes = []
    if by_default:
        text = f"Ties of {', '.join(layers)} count, laid over one another; name others with layer."
        notes.append(Note("institution_layers", text, len(layers)))
    idle = int((frame["reach"] == 0).sum())
    if idle:
        notes.append(Note("no_ties", f"{idle:,} institutions have no tie to a member in these layers.", idle))
    return tuple(notes)


def _findings(frame: pd.DataFrame, members: int) -> list[Finding]:
    """Return the institutions on which many members hang alone."""
    measure = explain("sole_share")
    limit = measure.threshold or 1.0
    rows: list[Any] = list(frame[frame["sole_share"] >= limit].itertuples(index=False))
    return rank(
        Finding(
            code="sole_institution",
            subject=str(row.node),
            subject_kind="node",
            measure="sole_share",
            value=float(row.sole_share),
            threshold=limit,
            severity=DESCRIPTIVE,
            share=float(row.sole_share),
            sentence=(
                f"Without {row.label or row.node}, {row.sole_reach_two:,} of {members:,} members would have no"
                f" institution within two links; {row.sole_reach:,} work with no other."
            ),
            evidence=({"reach": int(row.reach), "reach_two": int(row.reach_two), "pieces": int(row.pieces)},),
            reference=measure.threshold_source,
            lever="Ties of its members to a second institution would make them depend on it less.",
        )
        for row in rows
    )
