"""The searches of two packages of their own: Infomap as its authors write it, and leidenalg.

Both come as extras of the installation; what is asked of one that is absent says how to install it.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.network.graph import Graph

Labels = npt.NDArray[np.int64]
#: How often Infomap starts anew; the best is kept.
_TRIALS = 10


def mapequation(graph: Graph, seed: int) -> Labels:
    """Return the modules of Infomap (Edler, Holmgren and Rosvall), (n,) from 0, at the bottom of two levels.

    A walker follows sales and jumps at random now and then; unlike igraph's, its jumps are not written down in the
    code that is made shortest.
    """
    package = needed("infomap")
    model = "directed" if graph.directed else "undirected"
    # A line of flags is what its versions 2 and 3 both take.
    found = package.Infomap(
        f"--silent --two-level --num-trials {_TRIALS} --seed {_seed(seed) + 1} --flow-model {model}"
    )
    for node in range(graph.n):
        found.add_node(node)
    links = graph.matrix().tocoo()
    found.add_links(np.column_stack([links.row, links.col, links.data]))
    result = found.run()
    # Up to version 2.15 the modules stand on the search itself.
    modules = dict(result.modules() if hasattr(result, "modules") else found.get_modules())
    return _numbered(np.array([modules.get(node, -node - 1) for node in range(graph.n)], dtype=np.int64))


def leidenalg(graph: Graph, resolution: float, seed: int) -> Labels:
    """Return the communities of leidenalg (Traag), (n,) from 0: directed modularity with a resolution."""
    package = needed("leidenalg")
    kind = package.RBConfigurationVertexPartition
    found = package.find_partition(
        graph.handle, kind, weights=graph.weights.tolist(), resolution_parameter=resolution,
        n_iterations=-1, seed=_seed(seed),
    )  # fmt: skip
    return _numbered(np.asarray(found.membership, dtype=np.int64))


def multiplex(graphs: list[Graph], weights: list[float], resolution: float, seed: int) -> Labels:
    """Return the communities of several layers at once: the weighted sum of their modularities is made greatest.

    The layers' weights are brought to a sum of 1 first, so that a layer counts as it is weighted, not as its unit has
    it (Mucha and others 2010, with the layers tied without limit; Traag's leidenalg).
    """
    package = needed("leidenalg")
    parts = [
        package.RBConfigurationVertexPartition(
            graph.handle, weights=(graph.weights / graph.total).tolist(), resolution_parameter=resolution
        )
        for graph in graphs
    ]
    optimiser = package.Optimiser()
    optimiser.set_rng_seed(_seed(seed))
    optimiser.optimise_partition_multiplex(parts, layer_weights=weights, n_iterations=-1)
    return _numbered(np.asarray(parts[0].membership, dtype=np.int64))


def needed(name: str) -> Any:
    """Return the package of an extra, or raise with the command that installs it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise NetclusterError(
            f"The package {name} is not installed; it is an extra of netcluster.",
            f'Install it with: pip install "netcluster[{name}]"',
        ) from error


def _seed(seed: int) -> int:
    return seed % (2**31 - 1)


def _numbered(labels: Labels) -> Labels:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[inverse], dtype=np.int64)
