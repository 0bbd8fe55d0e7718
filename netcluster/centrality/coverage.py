"""How well institutions cover a cluster: who has one within one link, within two, and how far the rest is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.centrality.reach import (
    Array,
    Integers,
    Mask,
    distances,
    group_codes,
    institution_mask,
    relation_layers,
    ties,
)
from netcluster.core.errors import NetclusterError
from netcluster.core.finding import DESCRIPTIVE, Finding, rank
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

MEASURES = (
    "members",
    "institutions",
    "covered",
    "covered_two",
    "covered_size",
    "institution_distance",
    "unreached",
    "institution_share",
)


def coverage(
    network: Network,
    groups: npt.ArrayLike | None = None,
    *,
    layer: str | Sequence[str] | None = None,
    roles: Sequence[str] = (),
) -> Result:
    """Return how well institutions cover each group of nodes.

    Parameters
    ----------
    network : Network
        Firms and institutions, or industries some of which are tagged as proxies for institutions.
    groups : (n,) array, optional
        A label for each node, such as its cluster; nodes without one (None, NaN) are in no group. Default regions.
    layer : str or several, optional
        The layers whose ties count, laid over one another and taken both ways; default membership, project, patent
        and labour where institutions have such ties, else every layer they have.
    roles : sequence of str
        Count institutions of these roles only (university, research, …); default all.

    Returns
    -------
    Result
        One row a group: group, members (its nodes that are no institutions), institutions (those in the group),
        covered and covered_two (the share of members within one and two links of an institution, wherever it is),
        covered_size (the members' size within one link over their size), institution_distance (mean links to
        the nearest, of the members that reach one), unreached (members that reach none), institution_share (what
        members trade with institutions over all they trade, of one layer only: layers are never added up).
        Finding `uncovered`: less than half of a group's members within two links.

    Examples
    --------
    The university u works with a; a with b; c is alone.

    >>> import pandas as pd
    >>> from netcluster.network.network import Layer, Network
    >>> import scipy.sparse as sp
    >>> nodes = pd.DataFrame({"id": ["a", "b", "c", "u"], "kind": ["firm"] * 3 + ["institution"], "role": "",
    ...     "label": "", "industry": "", "region": "", "size": [6.0, 3.0, 1.0, 5.0]})
    >>> links = sp.csr_array(([1.0, 1.0], ([0, 0], [1, 3])), shape=(4, 4))
    >>> frame = coverage(Network(nodes, {"project": Layer(links)})).frame
    >>> frame[["members", "covered", "covered_two", "covered_size", "institution_distance", "unreached"]].round(3)
       members  covered  covered_two  covered_size  institution_distance  unreached
    0        3    0.333        0.667           0.6                   1.5          1
    """
    there = institution_mask(network)
    layers = relation_layers(network, layer)
    chosen = _of_roles(network, there, roles)
    codes, names, what = group_codes(network, groups)
    far = distances(ties(network, layers), chosen)
    frame = _frame(network, codes, names, there, chosen, far)
    only = network.layer(layers[0]).matrix if len(layers) == 1 else None
    frame["institution_share"] = _traded(only, codes, len(names), there, chosen)
    return Result(
        frame=frame,
        measures=MEASURES,
        parameters={"layer": ",".join(layers), "groups": what, "roles": ",".join(roles), "count": len(names)},
        notes=_notes(layers, layer is None, codes),
        findings=tuple(_findings(frame)),
    )


def _of_roles(network: Network, there: Mask, roles: Sequence[str]) -> Mask:
    if not roles:
        return there
    known = sorted(set(network.nodes["role"][there]) - {""})
    chosen = np.asarray(there & network.nodes["role"].isin(list(roles)).to_numpy(dtype=np.bool_))
    if not chosen.any():
        raise NetclusterError(
            f"No institution has the role {', '.join(roles)}.", f"Roles here: {', '.join(known) or 'none'}."
        )
    return chosen


def _frame(
    network: Network, codes: Integers, names: list[object], there: Mask, chosen: Mask, far: Array
) -> pd.DataFrame:
    import pandas as pd

    k = len(names)
    member = (codes >= 0) & ~there
    size = network.nodes["size"].to_numpy(dtype=np.float64)
    sized = np.where(np.isfinite(size), size, 0.0)

    def counted(mask: Mask, weights: Array | None = None) -> Array:
        return np.bincount(codes[mask], None if weights is None else weights[mask], k).astype(np.float64)

    members = counted(member)
    reached = member & np.isfinite(far)
    return pd.DataFrame(
        {
            "group": names,
            "members": members.astype(np.int64),
            "institutions": counted((codes >= 0) & chosen).astype(np.int64),
            "covered": _ratio(counted(member & (far <= 1)), members),
            "covered_two": _ratio(counted(member & (far <= 2)), members),
            "covered_size": _ratio(counted(member & (far <= 1), sized), counted(member, sized)),
            "institution_distance": _ratio(counted(reached, far), counted(reached)),
            "unreached": counted(member & ~np.isfinite(far)).astype(np.int64),
        }
    )


def _traded(matrix: Any, codes: Integers, k: int, there: Mask, chosen: Mask) -> Array:
    """Return the share of members' links, by weight and without loops, that go to or come from an institution."""
    if matrix is None:
        return np.full(k, np.nan)
    total, shared = np.zeros(k), np.zeros(k)
    rows = np.repeat(np.arange(codes.size), np.diff(matrix.indptr))
    for one, other in ((rows, matrix.indices), (matrix.indices, rows)):
        mine = (codes[one] >= 0) & ~there[one] & (one != other)
        total += np.bincount(codes[one[mine]], matrix.data[mine], k)
        mine &= chosen[other]
        shared += np.bincount(codes[one[mine]], matrix.data[mine], k)
    return _ratio(shared, total)


def _ratio(part: Array, whole: Array) -> Array:
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0))


def _notes(layers: Sequence[str], by_default: bool, codes: Integers) -> tuple[Note, ...]:
    notes = []
    if by_default:
        text = f"Ties of {', '.join(layers)} count, laid over one another; name others with layer."
        notes.append(Note("institution_layers", text, len(layers)))
    if len(layers) > 1:
        notes.append(Note("no_share", "The share traded with institutions needs a single layer; it is left empty."))
    outside = int((codes < 0).sum())
    if outside:
        notes.append(Note("no_group", f"{outside:,} nodes are in no group and in no row.", outside))
    return tuple(notes)


def _findings(frame: pd.DataFrame) -> list[Finding]:
    """Return the groups most of whose members are far from any institution."""
    measure = explain("covered_two")
    limit = measure.threshold or 0.0
    total = frame["members"].sum()
    rows: list[Any] = list(frame[frame["covered_two"] < limit].itertuples(index=False))
    return rank(
        Finding(
            code="uncovered",
            subject=str(row.group),
            subject_kind="group",
            measure="covered_two",
            value=float(row.covered_two),
            threshold=limit,
            severity=DESCRIPTIVE,
            share=float(row.members / total),
            sentence=(
                f"Of the {row.members:,} members of {row.group}, {row.covered_two:.0%} have an institution within"
                f" two links and {row.covered:.0%} work with one directly."
            ),
            evidence=({"institutions": int(row.institutions), "unreached": int(row.unreached)},),
            reference=measure.threshold_source,
            lever="netcluster centrality --show suggestions names the links that would reach most of them.",
        )
        for row in rows
    )
