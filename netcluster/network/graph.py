"""igraph behind plain functions: sparse matrix in, arrays out, always the same answer for the same seed.

This is the only module that imports igraph. Every function takes a `Graph` or an (n, n) sparse matrix with
W[i, j] what i sells to j; hand a `Graph` to several calls and the graph is built once. igraph draws from one
generator for the whole process, so each call that draws holds a lock and brings its own `random.Random`.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from netcluster.network.transform import checked, undirected, upper_half

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Mode = Literal["in", "out", "all"]

_lock = threading.RLock()

#: Leiden iterates so often at the most, while quality grows by this much; from so many nodes, by this (ours).
_ROUNDS, _GAIN, _LARGE, _LARGE_GAIN = 50, 1e-10, 50_000, 1e-3


@dataclass(frozen=True, eq=False)
class Graph:
    """A graph igraph holds, with its weights beside it (as attributes they would be Python objects).

    `handle` is the `igraph.Graph` without attributes; `weights` (m,) are positive, in the order of its edges, `loops`
    the edges that are loops.
    """

    handle: Any
    weights: Array
    directed: bool
    loops: Labels
    _strengths: dict[Mode, Array] = field(init=False, repr=False, default_factory=dict)

    @property
    def n(self) -> int:
        """The number of nodes."""
        return int(self.handle.vcount())

    @cached_property
    def total(self) -> float:
        """The sum of all weights."""
        return float(self.weights.sum())

    @cached_property
    def lengths(self) -> Array:
        """The length of each link, in proportion to 1/weight and at least 1: strong links are short.

        igraph takes paths that differ by less than 1e-10 for equal, which 1/weight does for flows in single dollars.
        """
        return np.asarray(self.weights.max(initial=0.0) / self.weights)

    def matrix(self) -> Any:
        """Return the weights as an (n, n) sparse matrix; of an undirected graph the upper triangle."""
        import scipy.sparse as sp

        ends = np.asarray(self.handle.get_edgelist(), dtype=np.int64).reshape(-1, 2)
        return sp.csr_array((self.weights, (ends[:, 0], ends[:, 1])), shape=(self.n, self.n))

    def strength(self, mode: Mode) -> Array:
        """Return the sum of the weights at each node, (n,); a loop counts in both directions, twice if undirected."""
        if mode not in self._strengths:
            self._strengths[mode] = _floats(self.handle.strength(mode=mode, loops=True, weights=_view(self.weights)))
        return self._strengths[mode]


def graph_of(matrix: Any, directed: bool = True) -> Graph:
    """Return the graph of a sparse matrix, built from a memoryview of int64 pairs.

    Parameters
    ----------
    matrix : (n, n) sparse array or Graph
        Weights, positive and finite; a zero stored is no link. A `Graph` comes back as it is.
    directed : bool
        False for the matrix of an undirected layer, which holds both directions and is symmetric.

    Raises
    ------
    NetclusterError
        Where a weight is negative or not a finite number, the matrix is not square, or it is said to be
        undirected and is not symmetric.
    """
    import igraph
    import scipy.sparse as sp

    if isinstance(matrix, Graph):
        return matrix
    csr = checked(sp.csr_array(matrix))
    if not directed:
        csr = upper_half(csr)
    pairs = np.empty((csr.nnz, 2), dtype=np.int64)
    pairs[:, 0] = np.repeat(np.arange(csr.shape[0]), np.diff(csr.indptr))
    pairs[:, 1] = csr.indices
    graph = igraph.Graph(n=csr.shape[0], edges=_view(pairs), directed=directed)
    weights = np.ascontiguousarray(csr.data, dtype=np.float64)
    return Graph(graph, weights, directed, np.flatnonzero(pairs[:, 0] == pairs[:, 1]))


def to_igraph(matrix: Any, directed: bool = True) -> Any:
    """Return an `igraph.Graph` with the edge attribute `weight`; see `graph_of`.

    >>> import scipy.sparse as sp
    >>> graph = to_igraph(sp.csr_array([[0.0, 2.0], [0.5, 0.0]]))
    >>> graph.get_edgelist(), graph.es["weight"]
    ([(0, 1), (1, 0)], [2.0, 0.5])
    """
    built = graph_of(matrix, directed)
    graph = built.handle.copy()
    graph.es["weight"] = built.weights.tolist()
    return graph


def leiden(
    graph: Any,
    *,
    resolution: float = 1.0,
    directed: bool = True,
    seed: int = 0,
    iterations: int = -1,
    initial: Sequence[int] | Labels | None = None,
) -> Labels:
    """Return the communities of greatest modularity, by the Leiden algorithm (Traag, Waltman and van Eck 2019).

    The objective is Σ (W_ij − γ s_i^out s_j^in / W) over pairs in one community (Leicht and Newman 2008), with
    loops where they belong. igraph's own "modularity" compares with out × out and leaves loops out of the
    strengths; node weights in the constant Potts form give the exact one.

    `resolution` is γ: above 1 more and smaller communities. `iterations` of −1 go on until nothing gets better (from
    50,000 nodes, by 0.001); `initial` (n,) is the start. Returns (n,) integers from 0, in the order of first nodes.
    """
    one = graph_of(graph, directed)
    if not one.total:
        return np.arange(one.n)
    # The same seven digits in any unit of money: the steps of the search hang on the size of a gain, and on ties.
    weights = (one.weights * (1000 / one.weights.mean())).astype(np.float32).astype(np.float64)
    one = Graph(one.handle, weights, one.directed, one.loops)
    nodes = {"node_weights": _view(one.strength("out" if one.directed else "all"))}
    if one.directed:
        nodes["node_in_weights"] = _view(one.strength("in"))
    return _leiden(one, resolution / one.total / (1 if one.directed else 2), seed, iterations, initial, nodes)


def leiden_cpm(
    graph: Any,
    *,
    resolution: float,
    directed: bool = True,
    seed: int = 0,
    iterations: int = -1,
    initial: Sequence[int] | Labels | None = None,
    sizes: Array | None = None,
) -> Labels:
    """Return communities under the constant Potts model (Traag, Van Dooren and Nesterov 2011), (n,) from 0.

    Pairs in one community gain W_ij − γ, with `sizes` (n,) W_ij − γ size_i size_j. Free of the resolution limit;
    meant for similarities and shares, not for money flows, where it peels off the large nodes.
    """
    nodes: dict[str, Any] = {}
    if sizes is not None:
        nodes["node_weights"] = _view(np.ascontiguousarray(sizes, dtype=np.float64))
        if directed:
            nodes["node_in_weights"] = nodes["node_weights"]
    return _leiden(graph_of(graph, directed), resolution, seed, iterations, initial, nodes)


def _leiden(
    graph: Graph,
    resolution: float,
    seed: int,
    iterations: int,
    initial: Sequence[int] | Labels | None,
    nodes: dict[str, Any],
) -> Labels:
    # Left to itself (−1) igraph can swing for ever between partitions of one quality, so the end is found here.
    start: Any = None if initial is None else np.asarray(initial).tolist()
    best, least = -np.inf, _LARGE_GAIN if graph.n >= _LARGE else _GAIN
    with _drawing(seed):
        for _ in range(_ROUNDS if iterations < 0 else 1):
            found = graph.handle.community_leiden(
                "CPM",
                weights=_view(graph.weights),
                resolution=resolution,
                n_iterations=iterations if iterations >= 0 else 1,
                initial_membership=start,
                **nodes,
            )
            start = found.membership
            if not found.quality > best + least:
                break
            best = found.quality
    return _numbered(start)


def louvain(graph: Any, *, resolution: float = 1.0, directed: bool = True, seed: int = 0) -> Labels:
    """Return communities by the Louvain method (Blondel et al. 2008), (n,) from 0.

    Of a directed network the two directions of a pair are added first.
    """
    one = _undirected(graph, directed)
    with _drawing(seed):
        return _numbered(one.handle.community_multilevel(weights=_view(one.weights), resolution=resolution).membership)


def infomap(graph: Any, *, directed: bool = True, seed: int = 0, trials: int = 10) -> Labels:
    """Return communities that keep a random walker inside (the map equation, Rosvall and Bergstrom 2008)."""
    one = graph_of(graph, directed)
    if not one.total:
        return np.arange(one.n)
    with _drawing(seed):
        found = one.handle.community_infomap(edge_weights=_view(one.weights), trials=trials)
    return _numbered(found.membership)


def label_propagation(graph: Any, *, directed: bool = True, seed: int = 0) -> Labels:
    """Return communities by label propagation (Raghavan, Albert and Kumara 2007), (n,) from 0."""
    one = graph_of(graph, directed)
    with _drawing(seed):
        return _numbered(one.handle.community_label_propagation(weights=_view(one.weights)).membership)


def modularity(graph: Any, labels: Sequence[int] | Labels, *, resolution: float = 1.0, directed: bool = True) -> float:
    """Return the modularity of given communities, loops and direction included; NaN without links."""
    one = graph_of(graph, directed)
    if not one.total:
        return float("nan")
    membership = np.asarray(labels).tolist()
    return float(
        one.handle.modularity(membership, weights=_view(one.weights), resolution=resolution, directed=one.directed)
    )


def compare(
    one: Sequence[int] | Labels,
    other: Sequence[int] | Labels,
    method: Literal["vi", "nmi", "rand", "adjusted_rand", "split-join"] = "adjusted_rand",
) -> float:
    """Return how alike two sets of communities are; "vi" and "split-join" are distances, the rest likeness."""
    import igraph

    return float(igraph.compare_communities(np.asarray(one).tolist(), np.asarray(other).tolist(), method=method))


def pagerank(graph: Any, *, damping: float = 0.85, directed: bool = True, reset: npt.ArrayLike | None = None) -> Array:
    """Return PageRank (Brin and Page 1998), (n,), summing to 1: where a walker along sales ends up.

    `reset` (n,) says where the walker starts anew; left out, anywhere alike.
    """
    one = graph_of(graph, directed)
    start = None if reset is None else np.asarray(reset, dtype=np.float64).tolist()
    # igraph takes any weights but a list for the name of an attribute here.
    return _floats(
        one.handle.personalized_pagerank(
            directed=one.directed, damping=damping, reset=start, weights=one.weights.tolist(), implementation="prpack"
        )
    )


def betweenness(
    graph: Any,
    *,
    directed: bool = True,
    normalised: bool = True,
    sources: Sequence[int] | Labels | None = None,
    cutoff: float | None = None,
) -> Array:
    """Return on how many shortest paths each node lies, (n,), links 1/weight long (Freeman 1977; Brandes 2001).

    `normalised` divides by the pairs a node can lie between, (n − 1)(n − 2), half as many where undirected.
    `sources` counts the paths from these nodes only, times n over their number: an unbiased estimate where they
    are drawn at random (Brandes and Pich 2007). `cutoff` counts paths up to that length, a sum of 1/weight.
    """
    one = graph_of(graph, directed)
    chosen = None if sources is None else np.asarray(sources).tolist()
    if one.n < 3 or chosen == []:
        return np.zeros(one.n)
    some = {"sources": chosen} if chosen else {}
    reach = None if cutoff is None else cutoff * one.weights.max(initial=0.0)
    counted = _floats(one.handle.betweenness(directed=one.directed, weights=_view(one.lengths), cutoff=reach, **some))
    if chosen:
        counted *= one.n / len(chosen)
    pairs = (one.n - 1) * (one.n - 2) * (1.0 if one.directed else 0.5)
    return counted / pairs if normalised else counted


def closeness(
    graph: Any, *, directed: bool = True, mode: Mode = "out", harmonic: bool = False, cutoff: float | None = None
) -> Array:
    """Return 1 over the mean length of the shortest paths to the nodes reached, (n,); NaN where none is.

    With `harmonic` the mean of 1/length over all other nodes instead, 0 for those out of reach.
    """
    one = graph_of(graph, directed)
    measure = one.handle.harmonic_centrality if harmonic else one.handle.closeness
    # The lengths are those of 1/weight times the largest weight, and closeness is one over them.
    scale = one.weights.max(initial=0.0)
    reach = None if cutoff is None else cutoff * scale
    found = _floats(measure(mode=mode, weights=_view(one.lengths), normalized=True, cutoff=reach))
    return np.asarray(found * scale)


def eigenvector(graph: Any, *, directed: bool = True) -> Array:
    """Return eigenvector centrality (Bonacich 1972), (n,), largest 1: buyers from central sellers are central."""
    one = graph_of(graph, directed)
    with _drawing(0):
        return _clean(one.handle.eigenvector_centrality(directed=one.directed, weights=_view(one.weights)))


def hits(graph: Any) -> tuple[Array, Array]:
    """Return Kleinberg's (1999) hubs and authorities, each (n,), largest 1: sellers to, and buyers from, the core."""
    one = graph_of(graph)
    weights = _view(one.weights)
    with _drawing(0):
        return _clean(one.handle.hub_score(weights=weights)), _clean(one.handle.authority_score(weights=weights))


def coreness(graph: Any, *, directed: bool = True, mode: Mode = "all") -> Labels:
    """Return each node's k-core number (Seidman 1983), (n,), weights and loops left out."""
    one = graph_of(graph, directed)
    handle = one.handle.copy() if one.loops.size else one.handle
    if one.loops.size:
        handle.delete_edges(one.loops.tolist())
    return np.asarray(handle.coreness(mode=mode), dtype=np.int64)


def components(graph: Any, *, directed: bool = True, strong: bool = False) -> Labels:
    """Return the weak or strong component of each node, (n,) from 0, numbered in the order of their first node."""
    one = graph_of(graph, directed)
    return _numbered(one.handle.connected_components(mode="strong" if strong else "weak").membership)


def cut_points(graph: Any, *, directed: bool = True) -> Labels:
    """Return the nodes without which the network falls into more pieces, directions left out, ascending."""
    return np.sort(np.asarray(graph_of(graph, directed).handle.articulation_points(), dtype=np.int64))


def layout(graph: Any, *, directed: bool = True, seed: int = 0, iterations: int = 500) -> Array:
    """Return positions (n, 2) that draw linked nodes together (Fruchterman and Reingold 1991)."""
    one = graph_of(graph, directed)
    start = np.random.default_rng(seed).normal(size=(one.n, 2)).tolist()
    logs = np.log1p(one.weights / one.weights.mean()) if one.weights.size else one.weights
    with _drawing(seed):
        found = one.handle.layout_fruchterman_reingold(weights=_view(logs), niter=iterations, seed=start, grid="auto")
    return np.asarray(found.coords, dtype=np.float64).reshape(one.n, 2)


@contextmanager
def _drawing(seed: int) -> Iterator[None]:
    import igraph

    with _lock:
        igraph.set_random_number_generator(random.Random(seed))
        try:
            yield
        finally:
            igraph.set_random_number_generator(random)


def _undirected(graph: Any, directed: bool) -> Graph:
    """Return the graph without directions: the weights of a pair added, a loop once."""
    if isinstance(graph, Graph):
        if not graph.directed:
            return graph
        graph, directed = graph.matrix(), True
    return graph_of(undirected(graph) if directed else graph, directed=False)


def _numbered(membership: Sequence[int]) -> Labels:
    labels = np.asarray(membership, dtype=np.int64)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    return np.asarray(rank[inverse])


def _floats(values: Sequence[float]) -> Array:
    return np.array(values, dtype=np.float64)


def _clean(values: Sequence[float]) -> Array:
    """Return the entries of an eigenvector, those that are rounding noise set to 0."""
    return np.where(np.less(values, 1e-12), 0.0, _floats(values))


#: igraph reads a buffer without making a Python object of each entry first.
_view: Any = memoryview
