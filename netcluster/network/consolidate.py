"""Plants become firms and firms groups, on an ownership tree that is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.network.encode import examples
from netcluster.network.levels import aggregate
from netcluster.network.network import Layer, Network

if TYPE_CHECKING:
    import pandas as pd

Integers = npt.NDArray[np.int64]
#: Columns that add up over the nodes made one.
_SUMS = ("size", "revenue", "costs")


def consolidate(network: Network, owners: Mapping[str, str]) -> Network:
    """Return the network of the topmost owners, each with all that it owns.

    Parameters
    ----------
    network : Network
        Plants, firms and whatever else; industries, countries and institutions that nobody owns stay as they are.
    owners : mapping of str to str
        The owner of each node: plant → firm, firm → group. An owner need not be a node itself.

    Returns
    -------
    Network
        One node for each owner at the top of its tree, in the order of the first of its nodes. Sizes, revenues and
        costs are added up; kind, role, industry, region and label are the owner's own where it is a node, what it
        leaves empty and everything else that of its largest node. Links between two owners are added up layer by
        layer; what moved inside one owner becomes its own delivery (the diagonal) and is counted in a note.

    Raises
    ------
    NetclusterError
        Where owners go in a circle, or none of the owned is in the network.

    Examples
    --------
    The plants p and q belong to the firm F, and p sells 5 to q: F's own delivery.

    >>> import pandas as pd
    >>> from netcluster.network.build import build
    >>> from netcluster.tables.links import LinkTable
    >>> rows = [("p", "q", 5.0, "supply"), ("q", "shop", 2.0, "supply"), ("p", "shop", 1.0, "supply")]
    >>> net = build(LinkTable(pd.DataFrame(rows, columns=["source", "target", "weight", "layer"])))
    >>> whole = consolidate(net, {"p": "F", "q": "F"})
    >>> whole.ids, whole.layer("supply").matrix.toarray().tolist()
    (('F', 'shop'), [[5.0, 3.0], [0.0, 0.0]])
    """
    import pandas as pd

    known = set(network.ids)
    if not known & set(owners):
        raise NetclusterError(
            f"None of the {len(owners):,} owned is in the network (first: {examples(owners)}).",
            "Name nodes by their ids, in the columns child and parent.",
        )
    tops = pd.Series([_top(name, owners) for name in network.ids], dtype="str")
    codes, names = pd.factorize(tops)
    codes = codes.astype(np.int64)
    notes, layers = [], {}
    for name, layer in network.layers.items():
        matrix, inside = _summed(layer, codes, len(names))
        layers[name] = Layer(matrix, layer.unit, layer.directed, layer.money)
        if inside:
            text = f"Layer {name}: {inside:,} links within one owner became own deliveries."
            notes.append(Note("within_owner", text, inside))
    nodes = _nodes(network.nodes, codes, pd.Index(names))
    text = f"{network.n:,} nodes were consolidated to {len(names):,} by {len(owners):,} ties of ownership."
    notes.insert(0, Note("consolidated", text, network.n - len(names)))
    if strange := sorted(set(owners) - known - set(owners.values())):
        text = f"Ties of ownership of what is not in the network: {examples(strange)}."
        notes.append(Note("unknown_owned", text, len(strange)))
    return network.replace(nodes=nodes, layers=layers, changes=(*network.changes, *notes))


def _top(name: str, owners: Mapping[str, str]) -> str:
    """Return the owner at the top of a node's tree; one that owns itself is at the top."""
    seen = {name}
    while owners.get(name, name) != name:
        name = owners[name]
        if name in seen:
            raise NetclusterError(f"Ownership goes in a circle through {name!r}.", "An owner has one owner at most.")
        seen.add(name)
    return name


def _summed(layer: Layer, codes: Integers, count: int) -> tuple[Any, int]:
    """Return a layer between owners, and how many of its links are within one of them."""
    matrix = layer.matrix
    source = np.repeat(np.arange(codes.size), np.diff(matrix.indptr))
    same = (codes[source] == codes[matrix.indices]) & (source != matrix.indices)
    inside = int(same.sum())
    summed = aggregate(matrix, codes, count)
    if not layer.directed and inside:
        # Both directions of a tie fell on the diagonal; a loop counts once.
        twice = np.bincount(codes[source[same]], matrix.data[same], count) / 2
        summed = _less(summed, twice)
        inside //= 2
    summed.sort_indices()
    return summed, inside


def _less(matrix: Any, diagonal: npt.NDArray[np.float64]) -> Any:
    import scipy.sparse as sp

    less = sp.csr_array(matrix - sp.diags_array(diagonal, format="csr"))
    less.eliminate_zeros()
    return less


def _nodes(nodes: pd.DataFrame, codes: Integers, names: pd.Index) -> pd.DataFrame:
    """Return one row an owner: its own cells first, then those of its largest node; sums of what adds up."""
    top = names[codes]
    order = np.lexsort((np.arange(codes.size), -nodes["size"].fillna(-1.0), nodes["id"].to_numpy() != top.to_numpy()))
    ranked = nodes.iloc[order]
    merged = ranked.mask(ranked == "").groupby(codes[order]).first()
    merged["id"] = names.to_numpy()
    for column in nodes:
        if column in _SUMS:
            merged[column] = nodes[column].groupby(codes).sum(min_count=1).astype("float64")
        elif nodes[column].dtype.kind not in "fiub":
            merged[column] = merged[column].astype("object").where(merged[column].notna(), "").astype("str")
    # An owner that is no node itself goes by its own name, not by that of its largest plant.
    own = np.isin(names.to_numpy(), nodes["id"].to_numpy())
    merged["label"] = merged["label"].where(own, merged["id"]).astype("str")
    return merged[list(nodes)].reset_index(drop=True)
