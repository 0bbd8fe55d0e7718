"""What is written, whatever the format: nodes with their attributes, and the links of one layer or of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.network.network import Network

if TYPE_CHECKING:
    import pandas as pd

Type = Literal["string", "double", "long", "boolean"]

#: Links taken into memory as Python values at a time.
CHUNK = 1 << 16


@dataclass(frozen=True, eq=False)
class Attribute:
    """A column of the nodes: its name, type and values, missing ones None."""

    name: str
    type: Type
    values: list[Any]


@dataclass(frozen=True, eq=False)
class Content:
    """Nodes and links ready to be written; `layer` is each link's layer, or empty where only one is written."""

    name: str
    ids: list[str]
    attributes: list[Attribute]
    source: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    weight: npt.NDArray[np.float64]
    layer: npt.NDArray[np.int8]
    layers: tuple[str, ...]
    directed: bool
    notes: list[Note] = field(default_factory=list)

    @property
    def several(self) -> bool:
        """Whether links of more than one layer stand side by side, and two nodes may have two."""
        return self.layer.size > 0

    def links(self) -> Iterator[list[tuple[int, int, float, str]]]:
        """Yield chunks of (source, target, weight, layer), in the order of layers and rows."""
        for start in range(0, self.weight.size, CHUNK):
            part = slice(start, start + CHUNK)
            names = [self.layers[code] for code in self.layer[part]] if self.several else None
            rows = self.source[part].tolist(), self.target[part].tolist(), self.weight[part].tolist()
            yield list(zip(*rows, names or [""] * len(rows[0]), strict=True))

    def cleaned(self, clean: Callable[[str], str], what: str) -> Content:
        """Return the content with its texts made fit for a format; ids stay unique, and a note counts the changes.

        `clean` maps a text to one the format can hold and leaves fit ones as they are.
        """
        from dataclasses import replace

        ids, changed = _unique([clean(text) for text in self.ids], self.ids)
        attributes = []
        for attribute in self.attributes:
            if attribute.type == "string":
                values = [None if value is None else clean(value) for value in attribute.values]
                changed += sum(a != b for a, b in zip(values, attribute.values, strict=True))
                attributes.append(Attribute(attribute.name, "string", values))
            else:
                attributes.append(attribute)
        if changed:
            self.notes.append(Note("texts_changed", f"{changed:,} texts hold {what}, written otherwise", changed))
        return replace(self, ids=ids, attributes=attributes)


def content_of(network: Network, layer: str = "") -> Content:
    """Return what to write of a network: one layer, "all" of them, or by default supply, else the first."""
    chosen = list(network.layers) if layer == "all" else [layer or _default(network)]
    picked = [network.layer(name) for name in chosen]
    directed = any(one.directed for one in picked)
    ends = [_ends(one.matrix, upper=not directed) for one in picked]
    sizes = [weight.size for _, _, weight in ends]
    several = len(chosen) > 1
    return Content(
        name=network.name,
        ids=network.nodes["id"].tolist(),
        attributes=[_attribute(network.nodes[name]) for name in network.nodes.columns if name != "id"],
        source=np.concatenate([end[0] for end in ends]),
        target=np.concatenate([end[1] for end in ends]),
        weight=np.concatenate([end[2] for end in ends]),
        layer=np.repeat(np.arange(len(chosen), dtype=np.int8), sizes) if several else np.empty(0, np.int8),
        layers=tuple(chosen),
        directed=directed,
    )


def _default(network: Network) -> str:
    if not network.layers:
        raise NetclusterError("This network has no links to export.", "Build it from a table or a list of links.")
    return "supply" if "supply" in network.layers else next(iter(network.layers))


def _ends(matrix: Any, *, upper: bool) -> tuple[Any, Any, Any]:
    import scipy.sparse as sp

    csr = sp.csr_array(sp.triu(matrix, format="csr")) if upper else matrix
    rows = np.repeat(np.arange(csr.shape[0], dtype=np.int32), np.diff(csr.indptr))
    return rows, csr.indices.astype(np.int32, copy=False), csr.data


def _attribute(values: pd.Series[Any]) -> Attribute:
    import pandas as pd

    name = str(values.name)
    kind: Type = "string"
    if pd.api.types.is_bool_dtype(values.dtype):
        kind = "boolean"
    elif pd.api.types.is_integer_dtype(values.dtype):
        kind = "long"
    elif pd.api.types.is_numeric_dtype(values.dtype):
        kind = "double"
    present = values.notna().tolist()
    return Attribute(name, kind, [v if there else None for v, there in zip(values.tolist(), present, strict=True)])


def _unique(texts: list[str], before: list[str]) -> tuple[list[str], int]:
    """Return the ids, those that became alike told apart by a number, and how many differ from before."""
    changed = sum(a != b for a, b in zip(texts, before, strict=True))
    if not changed:
        return texts, 0
    taken = {text for text, old in zip(texts, before, strict=True) if text == old}
    out = []
    for text, old in zip(texts, before, strict=True):
        candidate, number = text, 2
        while text != old and candidate in taken:
            candidate, number = f"{text} ({number})", number + 1
        taken.add(candidate)
        out.append(candidate)
    return out, changed
