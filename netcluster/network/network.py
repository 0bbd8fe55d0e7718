"""The network: typed nodes, and layers of weighted links that are never added up across units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("industry", "firm", "institution", "region", "country", "product")
NODE_COLUMNS = ("id", "kind", "role", "label", "industry", "region", "size")
#: Layers whose weights are money.
MONEY_LAYERS = ("supply", "firm_supply", "finance", "ownership")


@dataclass(frozen=True, eq=False)
class Layer:
    """One kind of relation: `matrix` is an (n, n) `scipy.sparse.csr_array` of float64.

    `matrix[i, j]` is what i sells to, pays, or is to j: supplier first, buyer second. Weights are positive
    and finite, indices sorted, no entry twice, no zero stored. An undirected layer holds both directions.
    """

    matrix: Any
    unit: str = ""
    directed: bool = True
    money: bool = False

    def __post_init__(self) -> None:
        data = self.matrix.data
        if data.size and not (np.isfinite(data).all() and (data > 0).all()):
            raise NetclusterError(
                "A layer holds a weight that is zero, negative or not a number.",
                "build() sets such weights aside and counts them; use it instead of Layer().",
            )

    @property
    def links(self) -> int:
        """The number of links; of an undirected layer each counted once."""
        if self.directed:
            return int(self.matrix.nnz)
        loops = int(np.count_nonzero(self.matrix.diagonal()))
        return (int(self.matrix.nnz) - loops) // 2 + loops


def _no_layers() -> Mapping[str, Layer]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes and their layers.

    Attributes
    ----------
    nodes : pandas.DataFrame
        n rows, numbered from 0 as the rows of every layer's matrix: id (unique), kind (one of `KINDS`),
        role, label, industry, region, size (output, jobs or turnover; NaN where unknown), then extras.
    layers : mapping of str to Layer
        supply, membership, project, patent, labour, finance, ownership, colocation; firm_supply where a table of
        industries fills supply and firms sell to each other too. Never summed.
    name, year, source, changes
        What it is, when, from whom, and what building set aside, counted.
    validation : pandas.DataFrame or None
        Of a reconstructed network the report on what it was held to (measure, target, reached …), as long as it is
        that network: what is cut out of it has none.
    """

    nodes: pd.DataFrame
    layers: Mapping[str, Layer] = field(default_factory=_no_layers)
    name: str = ""
    year: int | None = None
    source: str = ""
    changes: tuple[Note, ...] = ()
    validation: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", MappingProxyType(dict(self.layers)))
        missing = [column for column in NODE_COLUMNS if column not in self.nodes]
        if missing:
            raise NetclusterError(f"Nodes need the column {missing[0]!r}.")
        ids = self.nodes["id"]
        if not ids.is_unique:
            raise NetclusterError(f"The node {ids[ids.duplicated()].iloc[0]!r} stands in the network twice.")
        for key, layer in self.layers.items():
            if layer.matrix.shape != (self.n, self.n):
                raise NetclusterError(f"Layer {key} is {layer.matrix.shape} for {self.n} nodes.")

    @property
    def n(self) -> int:
        """The number of nodes."""
        return len(self.nodes)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The nodes' ids, in order."""
        return tuple(self.nodes["id"])

    def layer(self, name: str = "supply") -> Layer:
        """Return a layer by name; an absent one is an error that names those there are."""
        if name in self.layers:
            return self.layers[name]
        if not self.layers:
            raise NetclusterError("This network has no links.", "Give who supplies whom, or a table, beside its nodes.")
        raise NetclusterError(f"This network has no layer {name!r}.", f"Its layers: {', '.join(self.layers)}.")

    def replace(self, **changes: object) -> Network:
        """Return a copy with some attributes changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        layers = ", ".join(f"{key} ({layer.links:,} links)" for key, layer in self.layers.items())
        return f"<Network {self.name or 'unnamed'}: {self.n:,} nodes; layers {layers or 'none'}>"
