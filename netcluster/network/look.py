"""What a saved network holds, for `inspect`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.network.network import Layer, Network
from netcluster.network.store import load
from netcluster.tables.inspect import SHOWN, Inspection

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.bundle import Bundle

#: What kinds of nodes are called where there are several.
_KINDS = {"firm": "firms", "industry": "industries", "institution": "institutions", "country": "countries"}


def inspect_saved(folder: Path) -> Inspection:
    """Return what a saved network holds: nodes by kind, layers, components, validation, and commands to try."""
    bundle = load(folder)
    network = bundle.network
    tables = [part for part in bundle.parts if part != "network"]
    size: dict[str, object] = {}
    labels: dict[str, object] = {}
    notes = [note.text for note in bundle.notes]
    units: list[str] = []
    blocks: list[str] = []
    if network is not None:
        size, labels = _size(network), _first(network)
        notes = [*(note.text for note in network.changes), *notes]
        units = [layer.unit for layer in network.layers.values() if layer.unit]
        blocks = [_layer(name, layer) for name, layer in network.layers.items()]
        blocks += _validation(network.validation)
    if tables:
        blocks.append(f"tables beside it: {', '.join(tables)}")
    years = tuple(dict.fromkeys(year for year in _years(bundle) if year is not None))
    return Inspection(
        files=(str(folder),),
        kind="saved network" if network is not None else "saved tables",
        labels=labels,
        size=size,
        years=years,
        blocks=tuple(blocks),
        units=tuple(dict.fromkeys(units)),
        notes=tuple(dict.fromkeys(notes)),
        command="\n".join(_commands(folder, network)),
    )


def _size(network: Network) -> dict[str, object]:
    """Return counts of nodes by kind, of regions and industries, and of nodes without a link."""
    nodes = network.nodes
    kinds = nodes["kind"].value_counts()
    size: dict[str, object] = {"nodes": network.n}
    size |= {_KINDS.get(str(kind), str(kind)): int(count) for kind, count in kinds.items()}
    for column, word in (("industry", "industries named"), ("region", "regions")):
        if count := int(nodes.loc[nodes[column].fillna("").ne(""), column].nunique()):
            size[word] = count
    return size


def _layer(name: str, layer: Layer) -> str:
    """Return a layer in a line: links, what they weigh, and how they hang together."""
    import scipy.sparse.csgraph as graph

    matrix = layer.matrix
    linked = np.diff(matrix.indptr) > 0
    linked[matrix.indices] = True
    parts = graph.connected_components(matrix, directed=True, connection="weak")[1]
    sizes = np.bincount(parts[linked]) if linked.any() else np.zeros(1, dtype=np.int64)
    said = [f"{layer.links:,} links{'' if layer.directed else ' without direction'}"]
    if layer.money:
        said.append(f"of {matrix.data.sum():,.6g} {layer.unit}".rstrip())
    said.append(f"among {int(linked.sum()):,} nodes, {int(sizes.max()):,} of them in one piece")
    if alone := int((~linked).sum()):
        said.append(f"{alone:,} without a link")
    return f"layer {name}: {', '.join(said)}"


def _validation(report: pd.DataFrame | None) -> Iterator[str]:
    """Yield what a reconstructed network was held to, in lines."""
    if report is None:
        return
    held: Any = report[report["target"].ne("")]
    inside = [_met(row.reached, row.target_low, row.target_high) for row in held.itertuples()]
    yield f"validation: reconstructed; {sum(inside)} of {len(held)} targets met (validation.csv in the folder)"
    for row in held[[not met for met in inside]].itertuples():
        yield f"validation: {row.measure} {row.reached:.3g}, target {row.target}"


def _met(reached: float, low: float, high: float) -> bool:
    """Return whether a figure lies in its range, to 2 % of its ends, or to 0.01 of nothing."""
    room = 0.02 * max(abs(low), abs(high)) or 0.01
    return low - room <= reached <= high + room


def _first(network: Network) -> dict[str, object]:
    more = f" and {network.n - SHOWN:,} more" if network.n > SHOWN else ""
    return {"nodes": ", ".join(network.ids[:SHOWN]) + more}


def _years(bundle: Bundle) -> Iterator[int | None]:
    return (getattr(getattr(bundle, part), "year", None) for part in bundle.parts)


def _commands(folder: Path, network: Network | None) -> Iterator[str]:
    """Yield the commands that say most of such a network."""
    import shlex

    place = shlex.quote(str(folder))
    yield f"netcluster analyze {place} -o run"
    if network is None:
        return
    kinds = set(network.nodes["kind"])
    if {"supply", "firm_supply"} & set(network.layers):
        yield f"netcluster clusters {place}"
        yield f"netcluster centrality {place} --sort=-pagerank --top 20"
        if "firm" in kinds:
            yield f"netcluster risk suppliers {place} --sort=-buyer_share --top 20"
            yield f"netcluster risk cascade {place} --sort=-esri --top 20"
    if "institution" in kinds:
        yield f"netcluster centrality {place} --show institutions"
    if network.layers:
        yield f"netcluster export {place} -o links.csv"
