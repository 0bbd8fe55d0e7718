"""One search for communities, by any of the methods, on a graph that is built once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from netcluster.clusters import extras
from netcluster.core.errors import NetclusterError
from netcluster.network import graph as graphs

Labels = npt.NDArray[np.int64]
Method = Literal["leiden", "cpm", "louvain", "infomap", "label_propagation", "mapequation", "leidenalg"]
METHODS: tuple[Method, ...] = get_args(Method)
#: A search: a graph and a seed in, labels out.
Search = Callable[[graphs.Graph, int], Labels]


def search(method: Method, resolution: float, start: Labels | None = None) -> Search:
    """Return the search by that method; Infomap and label propagation know no resolution.

    `start` (n,) are communities that "leiden" begins with, those of the year before; other methods begin anew.

    * leiden: greatest directed modularity (Leicht and Newman 2008; Traag, Waltman and van Eck 2019).
    * cpm: constant Potts; `resolution` is in the unit of the weights, so for shares and similarities.
    * louvain: greatest modularity of both directions taken together (Blondel et al. 2008); for comparison.
    * infomap: the map equation (Rosvall and Bergstrom 2008); for sparse or filtered networks.
    * label_propagation: Raghavan, Albert and Kumara (2007); for comparison.
    * mapequation: Infomap by its authors' own package, the extra [infomap].
    * leidenalg: modularity by the package of Leiden's first author, the extra [leidenalg]; for comparison.
    """
    if method not in METHODS:
        raise NetclusterError(f"There is no method {method!r}.", f"Methods are {', '.join(METHODS)}.")
    if not (np.isfinite(resolution) and resolution > 0):
        raise NetclusterError(f"The resolution is {resolution}.", "Give a number above 0; 1 is the usual one.")
    if start is not None and method == "leiden":
        return partial(_leiden, resolution, start=start)
    return partial(_METHODS[method], resolution)


def _leiden(resolution: float, graph: graphs.Graph, seed: int, start: Labels | None = None) -> Labels:
    return graphs.leiden(graph, resolution=resolution, directed=graph.directed, seed=seed, initial=start)


def _cpm(resolution: float, graph: graphs.Graph, seed: int) -> Labels:
    return graphs.leiden_cpm(graph, resolution=resolution, directed=graph.directed, seed=seed)


def _louvain(resolution: float, graph: graphs.Graph, seed: int) -> Labels:
    return graphs.louvain(graph, resolution=resolution, seed=seed)


def _infomap(_resolution: float, graph: graphs.Graph, seed: int) -> Labels:
    return graphs.infomap(graph, directed=graph.directed, seed=seed)


def _label_propagation(_resolution: float, graph: graphs.Graph, seed: int) -> Labels:
    return graphs.label_propagation(graph, directed=graph.directed, seed=seed)


def _mapequation(_resolution: float, graph: graphs.Graph, seed: int) -> Labels:
    return extras.mapequation(graph, seed)


def _leidenalg(resolution: float, graph: graphs.Graph, seed: int) -> Labels:
    return extras.leidenalg(graph, resolution, seed)


_METHODS: dict[Method, Callable[[float, graphs.Graph, int], Labels]] = {
    "leiden": _leiden,
    "cpm": _cpm,
    "louvain": _louvain,
    "infomap": _infomap,
    "label_propagation": _label_propagation,
    "mapequation": _mapequation,
    "leidenalg": _leidenalg,
}
