"""Named ways to change what a link's weight means: sparse matrix in, sparse matrix out.

Every function takes an (n, n) matrix W of flows, W[i, j] what i sells to j, leaves it as it is and returns a
`scipy.sparse.csr_array` with sorted indices and no zero stored. Nothing dense is built, but by the two that look
through the whole chain, `leontief` and `value_added_flows`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError

Array = npt.NDArray[np.float64]

#: Total requirements are worked out for up to so many nodes.
MOST_DENSE = 15_000


def input_shares(matrix: Any, output: npt.ArrayLike | None = None) -> Any:
    """Return W[i, j] over all that j buys, or over j's output where given (then the coefficients A).

    >>> import scipy.sparse as sp
    >>> input_shares(sp.csr_array([[1.0, 4.0], [3.0, 0.0]])).toarray()
    array([[0.25, 1.  ],
           [0.75, 0.  ]])
    """
    csr = _csr(matrix)
    totals = csr.sum(axis=0) if output is None else np.asarray(output, dtype=np.float64)
    return _with(csr, csr.data * _inverse(totals)[csr.indices])


def output_shares(matrix: Any, output: npt.ArrayLike | None = None) -> Any:
    """Return W[i, j] over all that i sells to others in the table, or over i's output where given (then B)."""
    csr = _csr(matrix)
    totals = csr.sum(axis=1) if output is None else np.asarray(output, dtype=np.float64)
    return _with(csr, csr.data * np.repeat(_inverse(totals), np.diff(csr.indptr)))


def max_shares(matrix: Any, output: npt.ArrayLike | None = None) -> Any:
    """Return the largest of the four shares that bind i and j (Czamanski 1974), symmetric.

    The four are the input and the output share of i → j and of j → i.
    """
    one = input_shares(matrix, output).maximum(output_shares(matrix, output))
    return _csr(one.maximum(one.T))


def leontief(matrix: Any, output: npt.ArrayLike) -> Any:
    """Return the total requirements L − I: what of i a unit of final demand for j calls for over the whole chain.

    `output` is (n,), in the unit of the flows. The unit of j itself is left out, so that the diagonal holds what j
    needs of itself. Dense, as nearly every industry needs some of every other: for tables, not for firms.

    >>> leontief([[150.0, 500.0], [200.0, 100.0]], [1000.0, 2000.0]).toarray().round(4)
    array([[0.2541, 0.33  ],
           [0.264 , 0.1221]])
    """
    return _dense(_total_requirements(matrix, output))


def value_added_flows(matrix: Any, output: npt.ArrayLike, value_added: npt.ArrayLike) -> Any:
    """Return the value added of i that ends in the final demand for j: v̂ (L − I) f̂ with v = value added ÷ output.

    `output` and `value_added` are (n,), in the unit of the flows; final demand f is output less sales to industries.
    A final demand below 0 counts as 0. What j adds itself to what it sells to final users is no flow and left out: it
    would be the greater part, and keep every industry to itself. Dense, as `leontief`.

    >>> value_added_flows([[150.0, 500.0], [200.0, 100.0]], [1000.0, 2000.0], [650.0, 1400.0]).toarray().round(1)
    array([[  57.8,  364.7],
           [  64.7,  145.3]])
    """
    x, added = np.asarray(output, dtype=np.float64), np.asarray(value_added, dtype=np.float64)
    final = np.maximum(x - np.asarray(_csr(matrix).sum(axis=1)).ravel(), 0.0)
    return _dense((added * _inverse(x))[:, None] * _total_requirements(matrix, x) * final)


def log_weights(matrix: Any) -> Any:
    """Return ln(1 + W), which tempers a few very large flows. It depends on the unit of W."""
    csr = _csr(matrix)
    return _with(csr, np.log1p(csr.data))


def unweighted(matrix: Any) -> Any:
    """Return 1 for each link."""
    csr = _csr(matrix)
    return _with(csr, np.ones(csr.nnz))


def undirected(matrix: Any) -> Any:
    """Return both directions of a pair added up, symmetric; a loop keeps its weight, so that the total is the same.

    >>> import scipy.sparse as sp
    >>> undirected(sp.csr_array([[5.0, 1.0], [2.0, 0.0]])).toarray()
    array([[5., 3.],
           [3., 0.]])
    """
    import scipy.sparse as sp

    csr = _csr(matrix)
    both = csr + csr.T
    loops = csr.diagonal()
    return _csr(both - sp.diags_array(loops, format="csr")) if loops.any() else _csr(both)


def without_loops(matrix: Any) -> Any:
    """Return the matrix without what nodes sell to themselves."""
    return _where(_csr(matrix), lambda source, target: source != target)


def within(matrix: Any, groups: Sequence[object] | npt.NDArray[Any]) -> Any:
    """Return the links that stay in one group (country, region, cluster); `groups` is (n,) labels."""
    codes = _codes(matrix, groups)
    return _where(_csr(matrix), lambda source, target: codes[source] == codes[target])


def across(matrix: Any, groups: Sequence[object] | npt.NDArray[Any]) -> Any:
    """Return the links that cross from one group to another."""
    codes = _codes(matrix, groups)
    return _where(_csr(matrix), lambda source, target: codes[source] != codes[target])


def pair_normalised(matrix: Any, groups: Sequence[object] | npt.NDArray[Any]) -> Any:
    """Return W[i, j] over the total from i's group to j's, so that every pair of countries weighs 1.

    Large economies and borders then no longer decide the clusters of a table of several countries.
    """
    csr, codes = _csr(matrix), _codes(matrix, groups)
    source, target = codes[_rows(csr)], codes[csr.indices]
    count = int(codes.max(initial=-1)) + 1
    _, pair = np.unique(source * count + target, return_inverse=True)
    totals = np.bincount(pair, weights=csr.data)
    return _with(csr, csr.data / totals[pair] if csr.nnz else csr.data)


def above(matrix: Any, threshold: float) -> Any:
    """Return the links whose weight is at least `threshold`."""
    csr = _csr(matrix)
    return _with(csr, np.where(csr.data >= threshold, csr.data, 0.0))


def checked(csr: Any) -> Any:
    """Return a CSR matrix fit for an algorithm: square, weights positive and finite; a stored zero is no link."""
    if csr.shape[0] != csr.shape[1]:
        raise NetclusterError(f"A network's matrix is square; this one is {csr.shape}.")
    for wrong, word in ((~np.isfinite(csr.data), "missing or infinite"), (csr.data < 0, "negative")):
        if wrong.any():
            raise NetclusterError(f"A link's weight is {word}.", "build() sets such links aside and counts them.")
    return csr if csr.data.all() else _with(csr, csr.data)


def upper_half(csr: Any) -> Any:
    """Return the upper triangle of the symmetric matrix of an undirected layer, loops with it."""
    import scipy.sparse as sp

    if csr.nnz and abs(csr - csr.T).max() > 1e-12 * csr.data.max():
        raise NetclusterError(
            "An undirected layer holds both directions of each link alike; this one does not.",
            "Take it as directed, or add the directions up with transform.undirected().",
        )
    return sp.csr_array(sp.triu(csr, format="csr"))


#: Transforms by name; those in `GROUPED` need the nodes' groups too.
TRANSFORMS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "flows": lambda matrix: _csr(matrix),
        "input_shares": input_shares,
        "output_shares": output_shares,
        "max_shares": max_shares,
        "log": log_weights,
        "unweighted": unweighted,
        "undirected": undirected,
        "without_loops": without_loops,
        "within": within,
        "across": across,
        "pair_normalised": pair_normalised,
        "leontief": leontief,
        "value_added": value_added_flows,
    }
)
GROUPED = ("within", "across", "pair_normalised")
#: Transforms that need amounts of each node: its output, and its value added.
AMOUNTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"leontief": ("size",), "value_added": ("size", "value_added")}
)


def transformed(
    matrix: Any,
    name: str,
    groups: Sequence[object] | npt.NDArray[Any] | None = None,
    amounts: Sequence[npt.ArrayLike] | None = None,
) -> Any:
    """Return a matrix transformed by name; an unknown one is an error that lists `TRANSFORMS`.

    `groups` (n,) are for those of `GROUPED`, `amounts` for those of `AMOUNTS`, in their order.
    """
    if name not in TRANSFORMS:
        raise NetclusterError(f"There is no transform {name!r}.", f"Transforms are {', '.join(TRANSFORMS)}.")
    if name in AMOUNTS:
        if amounts is None:
            raise NetclusterError(f"The transform {name!r} needs {' and '.join(AMOUNTS[name])} of each node.")
        return TRANSFORMS[name](matrix, *amounts)
    if name not in GROUPED:
        return TRANSFORMS[name](matrix)
    if groups is None:
        raise NetclusterError(f"The transform {name!r} needs to know each node's region.", "Give groups.")
    return TRANSFORMS[name](matrix, groups)


def _total_requirements(matrix: Any, output: npt.ArrayLike) -> Array:
    """Return L − I, dense."""
    from netcluster.core.solve import Leontief

    csr, x = _csr(matrix), np.asarray(output, dtype=np.float64)
    if csr.shape[0] > MOST_DENSE:
        raise NetclusterError(
            f"Total requirements of {csr.shape[0]:,} nodes would fill the memory.",
            f"Up to {MOST_DENSE:,} will do: take the flows themselves.",
        )
    if not np.isfinite(x).all() or not (x > 0).any():
        raise NetclusterError("Total requirements need each node's output.", "Build the network from a table.")
    found = np.array(Leontief(input_shares(csr, x).toarray(), overwrite=True).inverse)
    np.fill_diagonal(found, np.maximum(found.diagonal() - 1.0, 0.0))
    return found


def _dense(values: Array) -> Any:
    import scipy.sparse as sp

    # What rounding leaves below a millionth of a millionth of the largest entry is no link.
    return sp.csr_array(np.where(values > 1e-12 * values.max(initial=0.0), values, 0.0))


def _csr(matrix: Any) -> Any:
    import scipy.sparse as sp

    csr = sp.csr_array(matrix)
    if csr is matrix or np.shares_memory(csr.data, getattr(matrix, "data", csr.data)):
        csr = csr.copy()
    csr.sum_duplicates()
    csr.eliminate_zeros()
    return csr


def _with(csr: Any, data: Array) -> Any:
    import scipy.sparse as sp

    out = sp.csr_array((data, csr.indices, csr.indptr), shape=csr.shape)
    if data.size and not data.all():
        # eliminate_zeros works in place, on indices that csr shares.
        out = out.copy()
        out.eliminate_zeros()
    return out


def _where(csr: Any, keep: Callable[[npt.NDArray[np.intp], npt.NDArray[np.intp]], npt.NDArray[np.bool_]]) -> Any:
    return _with(csr, np.where(keep(_rows(csr), csr.indices), csr.data, 0.0))


def _rows(csr: Any) -> npt.NDArray[np.intp]:
    return np.repeat(np.arange(csr.shape[0]), np.diff(csr.indptr))


def _codes(matrix: Any, groups: Sequence[object] | npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    import pandas as pd

    codes = np.asarray(pd.factorize(np.asarray(groups, dtype=object))[0])
    if codes.size != matrix.shape[0]:
        raise NetclusterError(f"There are {codes.size} group labels for {matrix.shape[0]} nodes.")
    return codes


def _inverse(totals: Array) -> Array:
    return np.divide(1.0, totals, out=np.zeros_like(totals), where=totals != 0)
