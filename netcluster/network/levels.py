"""Levels of one network: cut to some nodes, add up by group, and see how far firms cover their industries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.network.network import KINDS, Layer, Network

if TYPE_CHECKING:
    import pandas as pd

#: Where firms' supply links stand when the industries' table fills the layer "supply".
FIRM_SUPPLY = "firm_supply"


def select(
    network: Network, *, kinds: Sequence[str] = (), keep: npt.NDArray[np.bool_] | Sequence[bool] | None = None
) -> Network:
    """Return the network of some nodes: those of the given kinds, or where `keep` is true.

    Links with an end outside go, and layers left without a link. Where no industry is left, the firms' supply
    links are the layer "supply" again, as they are in a network of firms alone.
    """
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise NetclusterError(f"There is no kind of node {unknown[0]!r}.", f"Kinds are {', '.join(KINDS)}.")
    mask = np.ones(network.n, dtype=np.bool_) if keep is None else np.asarray(keep, dtype=np.bool_)
    if mask.size != network.n:
        raise NetclusterError(f"`keep` has {mask.size} values for {network.n} nodes.")
    if kinds:
        mask = mask & network.nodes["kind"].isin(list(kinds)).to_numpy()
    layers = {}
    for name, layer in network.layers.items():
        matrix = layer.matrix[mask][:, mask].tocsr()
        if matrix.nnz:
            layers[name] = Layer(matrix, layer.unit, layer.directed, layer.money)
    if "supply" not in layers and FIRM_SUPPLY in layers:
        layers = {"supply" if name == FIRM_SUPPLY else name: layer for name, layer in layers.items()}
    return network.replace(nodes=network.nodes[mask].reset_index(drop=True), layers=layers)


def aggregate(matrix: Any, codes: npt.NDArray[np.integer[Any]], count: int) -> Any:
    """Return the (count, count) matrix of flows between groups; nodes with a code below 0 are left out.

    >>> import scipy.sparse as sp
    >>> aggregate(sp.csr_array([[0, 1, 2], [0, 0, 4], [8, 0, 0]]), np.array([0, 0, 1]), 2).toarray()
    array([[1., 6.],
           [8., 0.]])
    """
    import scipy.sparse as sp

    inside = np.flatnonzero(codes >= 0)
    belongs = sp.csr_array((np.ones(inside.size), (inside, codes[inside])), shape=(codes.size, count))
    return sp.csr_array(belongs.T @ matrix @ belongs)


def coverage(network: Network) -> pd.DataFrame:
    """Return node, size, firms, firms_size and share: what the firms and institutions of each industry add up to.

    `share` is the firms' size (revenue where it is known) over the industry's output, NaN for an industry
    without output; it means something where both are in the same unit. Firms without an industry in the table
    are in no row: `build` lists them in its notes.
    """
    nodes = network.nodes
    industries = nodes[nodes["kind"] == "industry"]
    if "industry_node" not in nodes or industries.empty:
        raise NetclusterError(
            "This network has no industries with firms in them.", "Build it from a table and a list of firms."
        )
    size = nodes["revenue"].fillna(nodes["size"]) if "revenue" in nodes else nodes["size"]
    firms = size[nodes["industry_node"] != ""].groupby(nodes["industry_node"])
    frame = industries[["id", "size"]].rename(columns={"id": "node"}).reset_index(drop=True)
    frame["firms"] = frame["node"].map(firms.size()).fillna(0).astype("int64")
    frame["firms_size"] = frame["node"].map(firms.sum()).fillna(0.0)
    frame["share"] = frame["firms_size"] / frame["size"].where(frame["size"] > 0)
    return frame
