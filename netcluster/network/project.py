"""Who takes part in the same things: lists of members and groups become links between members.

A firm and a project, an applicant and a patent, a supplier and an office: in a list of two kinds the links run between
kinds. Projected, two members are linked where they share a group; a large group then links everybody with everybody,
so that each link of it should weigh less (Newman 2001).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.network.encode import encode
from netcluster.network.levels import select
from netcluster.network.network import Layer, Network
from netcluster.tables.links import LinkTable

Integers = npt.NDArray[np.int64]
Weights = Literal["newman", "count"]
WEIGHTS: tuple[Weights, ...] = ("newman", "count")
#: Pairs of members beyond which a projection is refused instead of filling the memory.
MOST_PAIRS = 200_000_000


@dataclass(frozen=True, eq=False)
class Shared:
    """Links between members: an (n, n) CSR matrix of the upper triangle, and notes on the groups behind it."""

    matrix: Any
    notes: tuple[Note, ...]


def project(
    network: Network,
    layer: str,
    *,
    weights: Weights = "newman",
    largest: int | None = None,
    groups: npt.ArrayLike | None = None,
    keep: bool = True,
) -> Network:
    """Return the network with links between those who share a group in one layer, as the layer `co_<layer>`.

    Parameters
    ----------
    network : Network
        With a layer whose links run from members to groups: firm → association, supplier → office.
    layer : str
        That layer. Its own weights don't count: a member is in a group or not.
    weights : {"newman", "count"}
        A group of k members gives each pair 1/(k − 1), so that a member's strength is the number of its groups with
        others in them (Newman 2001); or 1.
    largest : int, optional
        Groups with more members are passed over, and counted.
    groups : (n,) bool array, optional
        Which nodes are groups; default those links lead to, in a layer without directions the institutions. The
        members are the nodes linked with them; links among members, or among groups, don't count.
    keep : bool
        False leaves the groups and their layer out of the network that comes back.

    Raises
    ------
    NetclusterError
        Where a node is a member and a group at once, no two members share a group, or there would be more than
        200 million pairs.

    Examples
    --------
    a, b and c are in p, a and b also in q: 1/2 for each pair of p, 1 for that of q.

    >>> import pandas as pd
    >>> from netcluster.network.build import build
    >>> rows = [(firm, group, 1.0, "membership") for firm, group in ["ap", "bp", "cp", "aq", "bq"]]
    >>> net = build(LinkTable(pd.DataFrame(rows, columns=["source", "target", "weight", "layer"])))
    >>> project(net, "membership", keep=False).layer("co_membership").matrix.toarray()
    array([[0. , 1.5, 0.5],
           [1.5, 0. , 0.5],
           [0.5, 0.5, 0. ]])
    """
    import scipy.sparse as sp

    given = network.layer(layer)
    matrix = given.matrix.tocoo()
    member, group = matrix.coords
    if groups is None and not given.directed:
        groups = (network.nodes["kind"] == "institution").to_numpy()
    chosen = _groups(network, layer, groups, member, group)
    turned = chosen[member] & ~chosen[group]
    member, group = np.where(turned, group, member), np.where(turned, member, group)
    between = chosen[group] & ~chosen[member]
    aside = int((~between).sum()) // (1 if given.directed else 2)
    member, group = member[between], group[between]
    name = f"co_{layer}"
    labels = network.nodes["id"].to_numpy()
    shared = co_links(member, group, network.n, labels, weights=weights, largest=largest, what=name)
    both = sp.csr_array(shared.matrix + shared.matrix.T)
    both.sort_indices()
    layers = {**network.layers, name: Layer(both, "", False, False)}
    text = f"{name}: {aside:,} links of layer {layer} are among members or among groups and don't count."
    left = (Note("not_between", text, aside),) if aside else ()
    wider = network.replace(layers=layers, changes=(*network.changes, *left, *shared.notes))
    return wider if keep else select(wider, keep=~chosen)


def _groups(network: Network, layer: str, told: npt.ArrayLike | None, member: Any, group: Any) -> Any:
    """Return which nodes are groups, (n,); a node on both sides is an error."""
    if told is not None:
        chosen = np.asarray(told, dtype=np.bool_)
        if chosen.shape != (network.n,):
            raise NetclusterError(f"`groups` has {chosen.size} values for {network.n} nodes.", "Give one a node.")
        return chosen
    chosen = np.zeros(network.n, dtype=np.bool_)
    chosen[group] = True
    both = np.unique(member[chosen[member]])
    if both.size:
        first = network.ids[int(both[0])]
        raise NetclusterError(
            f"In layer {layer} {both.size:,} nodes are member and group at once (first: {first}).",
            "Only a list of two kinds is projected, such as firms and associations; name its groups with groups.",
        )
    return chosen


def co_links(
    member: Any,
    group: Any,
    n: int,
    names: Any,
    *,
    weights: Weights = "newman",
    largest: int | None = None,
    what: str = "Links",
) -> Shared:
    """Return the links between members who share a group, and what was passed over.

    `member` and `group` are codes, one a row of the list, repeated rows counting once; `n` the number of members, and
    `names[g]` what group g is called.
    """
    import scipy.sparse as sp

    if weights not in WEIGHTS:
        raise NetclusterError(f"There are no weights {weights!r}.", f"Weights are {', '.join(WEIGHTS)}.")
    if largest is not None and largest < 2:
        raise NetclusterError(f"Groups of at most {largest} link nobody.", "Give 2 or more.")
    width = int(np.max(group, initial=-1)) + 1
    belongs = sp.csr_array((np.ones(len(member)), (member, group)), shape=(n, width))
    belongs.data[:] = 1.0
    size = np.bincount(belongs.indices, minlength=width)
    over = size > largest if largest is not None else np.zeros(width, dtype=np.bool_)
    used = (size > 1) & ~over
    pairs = int((size[used].astype(object) * (size[used] - 1) // 2).sum())
    if pairs > MOST_PAIRS:
        raise NetclusterError(
            f"{what}: the groups make {pairs:,} pairs; the largest, {names[int(np.argmax(np.where(used, size, 0)))]},"
            f" has {int(size[used].max()):,} members.",
            "Pass over large groups with largest=…, on the command line --largest-group N.",
        )
    if not used.any():
        raise NetclusterError(f"{what}: no two members share a group.", "Look at the list: netcluster inspect.")
    worth = np.where(used, 1.0 / np.maximum(size - 1, 1) if weights == "newman" else 1.0, 0.0)
    matrix = sp.csr_array(sp.triu(belongs @ sp.diags_array(worth) @ belongs.T, k=1, format="csr"))
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return Shared(matrix, _notes(size, used, over, names, weights, largest, what, int(matrix.nnz)))


def _notes(
    size: Integers, used: Any, over: Any, names: Any, weights: str, largest: int | None, what: str, links: int
) -> tuple[Note, ...]:
    top = int(np.argmax(np.where(used, size, 0)))
    most = int(size[top])
    how = (
        "weighing 1/(members − 1) for each group shared" if weights == "newman" else "weighing 1 for each group shared"
    )
    text = (
        f"{what}: {int(used.sum()):,} groups of two or more make {links:,} links between their members, {how}; the"
        f" largest, {names[top]} with {most:,} members, makes {most * (most - 1) // 2:,} of them."
    )
    notes = [Note("projected", text, links)]
    alone = int((size == 1).sum())
    if alone:
        notes.append(Note("lone_members", f"{what}: {alone:,} groups have a single member and link nobody.", alone))
    skipped = int(over.sum())
    if skipped:
        text = f"{what}: {skipped:,} groups of more than {largest:,} members were passed over."
        notes.append(Note("large_groups", text, skipped))
    return tuple(notes)


def projected(links: LinkTable, weights: Mapping[str, Weights], largest: int | None = None) -> LinkTable:
    """Return a list whose layers of groups (`LinkTable.groups`) are links between members; others stay as they are.

    Such groups are no nodes: a project or a patent is what its members share. They weigh as `weights` says for their
    layer, default Newman's.
    """
    import pandas as pd

    if not links.groups:
        return links
    frame = links.frame
    pieces, notes = [frame[~frame["layer"].isin(links.groups)]], list(links.changes)
    for layer in links.groups:
        rows = frame[frame["layer"] == layer]
        if rows.empty:
            continue
        members, groups = (encode(rows[side], rows[side][:0]) for side in ("source", "target"))
        member, group = members.source.astype(np.int64), groups.source.astype(np.int64)
        whole = (member >= 0) & (group >= 0)
        ids = members.ids.to_pandas()
        made = co_links(
            member[whole],
            group[whole],
            len(ids),
            groups.ids.to_pandas(),
            weights=weights.get(layer, "newman"),
            largest=largest,
            what=f"Layer {layer}",
        )
        found = made.matrix.tocoo()
        ends = {side: ids.take(at).to_numpy() for side, at in zip(("source", "target"), found.coords, strict=True)}
        pieces.append(pd.DataFrame({**ends, "weight": found.data, "layer": layer}))
        notes += made.notes
    whole_frame = pd.concat([piece for piece in pieces if len(piece)], ignore_index=True)
    return replace(links, frame=whole_frame[["source", "target", "weight", "layer"]], changes=tuple(notes), groups=())
