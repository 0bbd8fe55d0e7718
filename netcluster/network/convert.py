"""To and from igraph, networkx, SciPy and pandas, with columns handed over whole, not link by link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.network.encode import assemble
from netcluster.network.formats.content import content_of
from netcluster.network.network import MONEY_LAYERS, NODE_COLUMNS, Layer, Network
from netcluster.tables.links import LAYERS

if TYPE_CHECKING:
    import pandas as pd


def to_pandas(network: Network, layer: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return nodes and links as frames; links have source, target (ids), weight, and layer where `layer` is "all".

    An undirected layer gives each link once.
    """
    import pandas as pd

    content = content_of(network, layer)
    ids = network.nodes["id"]
    links = pd.DataFrame(
        {
            "source": ids.take(content.source).to_numpy(),
            "target": ids.take(content.target).to_numpy(),
            "weight": content.weight,
        }
    ).astype({"source": "str", "target": "str"})
    if content.several:
        links["layer"] = pd.Series(np.asarray(content.layers)[content.layer], dtype="str")
    return network.nodes.copy(), links


def from_pandas(
    links: pd.DataFrame, nodes: pd.DataFrame | None = None, *, layer: str = "supply", unit: str = "", name: str = ""
) -> Network:
    """Return the network of a frame with source, target and optionally weight and layer, cleaned as by `build`.

    `nodes`, where given, has id and any of kind, role, label, industry, region, size and more; its order holds.
    """
    from netcluster.network.build import build
    from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
    from netcluster.tables.links import LinkTable

    missing = [column for column in ("source", "target") if column not in links]
    if missing:
        raise NetclusterError(f"The links need the column {missing[0]!r}.", "Rename yours to source and target.")
    frame = links.copy()
    frame["weight"] = frame["weight"].astype("float64") if "weight" in frame else 1.0
    if "layer" not in frame:
        frame["layer"] = layer
    table = LinkTable(frame, unit=unit)
    if nodes is None:
        return build(table, name=name)
    listed = nodes.copy()
    for column in FIRM_COLUMNS:
        if column not in listed:
            listed[column] = np.nan if column in ("size", "revenue", "costs", "lat", "lon") else ""
    made = build(FirmTable(listed), table, name=name)
    extras = [column for column in ("revenue", "costs", "lat", "lon") if column not in nodes]
    return made.replace(nodes=made.nodes.drop(columns=extras))


def to_scipy(network: Network, layer: str = "supply") -> tuple[Any, tuple[str, ...]]:
    """Return a layer's (n, n) matrix as a copy, W[i, j] what i sells to j, and the ids of its rows."""
    return network.layer(layer).matrix.copy(), network.ids


def from_scipy(
    matrix: Any,
    ids: Sequence[str] | None = None,
    *,
    layer: str = "supply",
    directed: bool = True,
    kind: str = "firm",
    unit: str = "",
    name: str = "",
) -> Network:
    """Return the network of a square sparse (or dense) matrix; ids are numbers from 1 where not given.

    Weights that are negative, zero or no number are set aside and counted, as by `build`.
    """
    import scipy.sparse as sp

    coo = sp.coo_array(matrix)
    if coo.shape[0] != coo.shape[1]:
        raise NetclusterError(f"A network's matrix is square; this one is {coo.shape}.")
    n = coo.shape[0]
    names = list(map(str, range(1, n + 1))) if ids is None else list(map(str, ids))
    if len(names) != n:
        raise NetclusterError(f"There are {len(names)} ids for {n} rows.")
    source, target = (np.asarray(ends, dtype=np.int32) for ends in coo.coords)
    keep = slice(None) if directed else source <= target
    weight = np.asarray(coo.data, dtype=np.float64)
    made = assemble(source[keep], target[keep], weight[keep], n, directed=directed, what=f"Layer {layer}")
    nodes = _nodes({"id": names}, n, kind)
    layers = {_known(layer): Layer(made.matrix, unit, directed, layer in MONEY_LAYERS)}
    return Network(nodes, layers, name=name, changes=made.notes)


def to_igraph(network: Network, layer: str = "supply") -> Any:
    """Return an `igraph.Graph` with the nodes' columns (the id as `name`) and the edge attribute `weight`."""
    from netcluster.network import graph

    one = network.layer(layer)
    made = graph.to_igraph(one.matrix, directed=one.directed)
    for column in network.nodes.columns:
        made.vs["name" if column == "id" else str(column)] = network.nodes[column].tolist()
    return made


def from_igraph(graph: Any, *, layer: str = "supply", unit: str = "", name: str = "") -> Network:
    """Return the network of an `igraph.Graph`: `name` (or the number) is the id, `weight` the weight, else 1."""
    ends = np.asarray(graph.get_edgelist(), dtype=np.int32).reshape(-1, 2)
    weight = np.ones(len(ends))
    if "weight" in graph.es.attributes():
        weight = np.array([np.nan if w is None else w for w in graph.es["weight"]], dtype=np.float64)
    columns = {key: graph.vs[key] for key in graph.vs.attributes() if key != "name"}
    named = "name" in graph.vs.attributes()
    columns["id"] = graph.vs["name"] if named else list(range(graph.vcount()))
    return _from_ends(ends, weight, columns, graph.vcount(), layer, graph.is_directed(), unit, name)


def to_networkx(network: Network, layer: str = "supply") -> Any:
    """Return a `networkx.DiGraph` (a Graph where the layer has no direction): ids, the nodes' columns, `weight`."""
    import networkx as nx

    one = network.layer(layer)
    made: Any = nx.DiGraph(name=network.name) if one.directed else nx.Graph(name=network.name)
    records = network.nodes.drop(columns="id").to_dict("records")
    made.add_nodes_from(zip(network.ids, records, strict=True))
    content = content_of(network, layer)
    ids = np.asarray(network.ids, dtype=object)
    ends = ids[content.source].tolist(), ids[content.target].tolist(), content.weight.tolist()
    made.add_weighted_edges_from(zip(*ends, strict=True))
    return made


def from_networkx(graph: Any, *, layer: str = "supply", unit: str = "", name: str = "") -> Network:
    """Return the network of a networkx graph; the edge attribute `weight` is the weight, else 1.

    Several edges between two nodes of a multigraph are added up. Nodes become their `str()`.
    """
    import networkx as nx
    import scipy.sparse as sp

    n = graph.number_of_nodes()
    directed = bool(graph.is_directed())
    # An empty graph has no matrix in networkx; summed by rows, its loops are not counted from both ends.
    matrix: Any = nx.to_scipy_sparse_array(graph, format="csr") if n else sp.csr_array((0, 0))
    coo = (matrix if directed else sp.triu(matrix)).tocoo()
    ends, weight = np.column_stack(coo.coords).astype(np.int32), np.asarray(coo.data, dtype=np.float64)
    data = [attributes for _, attributes in graph.nodes(data=True)]
    keys = dict.fromkeys(key for attributes in data for key in attributes if key != "id")
    columns: dict[str, Any] = {str(key): [attributes.get(key) for attributes in data] for key in keys}
    columns["id"] = list(graph)
    return _from_ends(ends, weight, columns, n, layer, directed, unit, name or str(graph.name or ""))


def _from_ends(
    ends: Any, weight: Any, columns: dict[str, Any], n: int, layer: str, directed: bool, unit: str, name: str
) -> Network:
    made = assemble(ends[:, 0], ends[:, 1], weight, n, directed=directed, what=f"Layer {layer}")
    layers = {_known(layer): Layer(made.matrix, unit, directed, layer in MONEY_LAYERS)}
    return Network(_nodes(columns, n, "firm"), layers, name=name, changes=made.notes)


def _nodes(columns: dict[str, Any], n: int, kind: str) -> pd.DataFrame:
    """Return a frame of nodes in the order of `NODE_COLUMNS`, what is not given left empty, then the extras."""
    import pandas as pd

    ids = pd.Series([str(text) for text in columns["id"]], dtype="str")
    empty: dict[str, Any] = {"kind": kind, "label": ids, "size": np.nan}
    frame = pd.DataFrame({"id": ids})
    for key in NODE_COLUMNS[1:]:
        values = columns.get(key, empty.get(key, ""))
        frame[key] = pd.Series(values, index=range(n), dtype="float64" if key == "size" else "object")
        if key != "size":
            frame[key] = frame[key].where(frame[key].notna(), "").astype("str")
    for key, values in columns.items():
        if key not in frame:
            frame[key] = pd.Series(values).to_numpy()
    return frame


def _known(layer: str) -> str:
    if layer not in LAYERS:
        raise NetclusterError(f"There is no layer {layer!r}.", f"Layers are {', '.join(LAYERS)}.")
    return layer
