"""Economic complexity: what exporters are good at, how sophisticated that is, and what lies near to it.

Matrices are (exporters, products), M[c, p] is 1 where exporter c has a revealed comparative advantage in product p.
Regions and their industries serve as well as countries and their products.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.places.fitness import fitness
from netcluster.places.grid import moved
from netcluster.places.proximity import density, proximity
from netcluster.places.quotient import location_quotient
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.trade import TradeTable

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]
MEASURES = ("value", "rca", "density", "eci", "pci", "diversity", "ubiquity", "fitness", "product_fitness")
#: A second eigenvalue this close to 1 is one: the matrix falls apart.
_CONNECTED = 1 - 1e-9
#: Below this many exporters all eigenvalues are found at once.
_SMALL = 500
#: Above this share of cells that are not zero a matrix is handled as dense.
_FULL = 0.05


@dataclass(frozen=True, eq=False)
class Indices:
    """The complexity of exporters (`eci`) and products (`pci`), NaN outside the largest connected part.

    `parts` is the number of parts that share no product, `second` the second eigenvalue within the largest.
    """

    eci: Array
    pci: Array
    parts: int
    second: float


def advantages(rca: npt.ArrayLike, threshold: float = 1.0) -> Any:
    """Return M, (exporters, products) sparse, 1 where the revealed comparative advantage reaches the threshold.

    >>> advantages([[2.0, 0.5], [float("nan"), 1.0]]).toarray().tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    from scipy.sparse import csr_array

    values = np.nan_to_num(np.asarray(rca, dtype=np.float64), nan=0.0)
    return csr_array((values >= threshold).astype(np.float64))


def complexity_indices(M: npt.ArrayLike | Any) -> Indices:
    """Return the economic and the product complexity index, with one sign (Hidalgo and Hausmann 2009).

    The eigenvector of the second largest eigenvalue of D⁻¹MU⁻¹Mᵀ, found through its symmetric form; PCI is the mean
    over a product's exporters of the same vector, so that both point the same way: ECI rises with diversity. Each has
    mean 0 and standard deviation 1 (ddof 0) over those in the largest connected part.

    Examples
    --------
    Three exporters, nested: by hand λ = 1, 1/4, 1/9 and ECI = (√1.5, 0, −√1.5).

    >>> found = complexity_indices([[1, 1, 1], [1, 1, 0], [1, 0, 0]])
    >>> found.eci.round(4).tolist(), found.pci.round(4).tolist()
    ([1.2247, 0.0, -1.2247], [-1.2247, 0.0, 1.2247])
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    matrix = csr_array(M if hasattr(M, "tocsr") else np.asarray(M, dtype=np.float64))
    n, m = matrix.shape
    rows, columns = matrix.sum(axis=1) > 0, matrix.sum(axis=0) > 0
    eci, pci = np.full(n, np.nan), np.full(m, np.nan)
    joint = csr_array((matrix.data, (matrix.tocoo().row, matrix.tocoo().col + n)), shape=(n + m, n + m))
    _, label = connected_components(joint, directed=False)
    exporters = label[:n][rows]
    if exporters.size == 0:
        return Indices(eci, pci, 0, float("nan"))
    names, sizes = np.unique(exporters, return_counts=True)
    largest = names[sizes.argmax()]
    r, c = np.flatnonzero(rows & (label[:n] == largest)), np.flatnonzero(columns & (label[n:] == largest))
    eci[r], pci[c], second = _connected(matrix[r][:, c])
    return Indices(eci, pci, len(names), second)


def _connected(M: Any) -> tuple[Array, Array, float]:
    """Return ECI, PCI and the second eigenvalue of a matrix in one part."""
    from scipy.sparse import diags_array

    d, u = np.asarray(M.sum(axis=1)), np.asarray(M.sum(axis=0))
    if d.size < 3:
        return np.full(d.size, np.nan), np.full(u.size, np.nan), float("nan")
    root = diags_array(d**-0.5) @ M @ diags_array(u**-0.5)
    values, vectors = _largest(root)
    eci = vectors[:, 0] * d**-0.5
    if values[0] < 1e-12 or values[0] - values[1] < 1e-12:
        # All exporters alike, or two equal eigenvalues: any direction would do, so none is given.
        return np.full(d.size, np.nan), np.full(u.size, np.nan), float(values[0])
    along = float((eci - eci.mean()) @ (d - d.mean()))
    if along < 0 or (along == 0 and eci[np.abs(eci).argmax()] < 0):
        eci = -eci
    pci = (M.T @ eci) / u
    return _standard(eci), _standard(pci), float(values[0])


def _largest(root: Any) -> tuple[Array, Array]:
    """Return the second and third eigenvalue of root·rootᵀ, and the second's vector."""
    from scipy.linalg import eigh
    from scipy.sparse.linalg import eigsh

    n, m = root.shape
    # A product of sparse matrices that are hardly sparse is slower than one of dense ones.
    full = root.toarray() if root.nnz > _FULL * n * m else root
    S = full @ full.T
    if n <= _SMALL:
        whole = S if isinstance(S, np.ndarray) else S.toarray()
        values, vectors = eigh(whole, subset_by_index=[n - 3, n - 2])
        return np.asarray(values[::-1]), np.asarray(vectors[:, ::-1])
    values, vectors = eigsh(S, k=3, v0=np.linspace(1.0, 2.0, n), tol=1e-12)
    order = np.argsort(values)[::-1][1:]
    return np.asarray(values[order]), np.asarray(vectors[:, order])


def _standard(values: Array) -> Array:
    spread = values.std()
    return np.asarray((values - values.mean()) / spread) if spread > 1e-12 else np.full(values.shape, np.nan)


def complexity(
    source: TradeTable | EmploymentTable,
    *,
    year: int | None = None,
    rca_threshold: float = 1.0,
    own_proximity: bool = False,
    iterations: int = 1000,
    nearest: int | None = None,
    mapping: Path | None = None,
) -> Result:
    """Return comparative advantage, density and complexity of every exporter and product.

    Parameters
    ----------
    source : TradeTable or EmploymentTable
        Exports by exporter and product; or jobs, then regions stand for exporters and industries for products.
    year : int, optional
        The year of a trade table; the latest where left out, and a note says so.
    rca_threshold : float
        From which advantage an exporter counts as good at a product.
    own_proximity : bool
        Whether density counts a product as near to itself; without, an export does not raise its own density.
    iterations : int
        The cap of the fitness iteration, which need not converge.
    nearest : int, optional
        Keep of each exporter what it is good at, and so many of the other products with the highest density; all where
        left out.
    mapping : Path, optional
        A file from,to[,weight] that brings products (or industries) into another classification first.

    Returns
    -------
    Result
        A row for each exporter and product, exported or not: those with an rca below 1 and a high density are what
        the exporter is near to. Empty ECI and PCI outside the largest part that hangs together.
    """
    import pandas as pd

    exporters, products, X, notes = _matrix(source, year, mapping)
    rca = location_quotient(X.T).T
    M = advantages(rca, rca_threshold)
    found = complexity_indices(M)
    notes += _notes(found, M)
    fit = fitness(M, iterations=iterations)
    if not fit.converged:
        text = f"Fitness had not come to rest after {iterations} rounds; its lowest values still fall."
        notes.append(Note("not_converged", text, iterations))
    near = density(M, proximity(M), own=own_proximity)
    n, m = X.shape
    frame = pd.DataFrame(
        {
            "exporter": np.repeat(np.array(exporters, dtype=object), m),
            "product": np.tile(np.array(products, dtype=object), n),
            "value": X.ravel(),
            "rca": rca.ravel(),
            "density": near.ravel(),
            "eci": np.repeat(found.eci, m),
            "pci": np.tile(found.pci, n),
            "diversity": np.repeat(np.asarray(M.sum(axis=1), dtype=np.int64), m),
            "ubiquity": np.tile(np.asarray(M.sum(axis=0), dtype=np.int64), n),
            "fitness": np.repeat(fit.exporters, m),
            "product_fitness": np.tile(fit.products, n),
        }
    )
    parameters = {
        "year": year, "rca_threshold": rca_threshold, "own_proximity": own_proximity, "iterations": iterations,
        "nearest": nearest, "second_eigenvalue": found.second,
    }  # fmt: skip
    if nearest is not None:
        frame = _nearest(frame, M.toarray().ravel() > 0, nearest)
        notes.append(Note("nearest", f"Of products an exporter is not good at, the {nearest} nearest are kept."))
    return Result(frame, MEASURES, parameters, tuple(notes))


def _nearest(frame: pd.DataFrame, good: npt.NDArray[np.bool_], most: int) -> pd.DataFrame:
    """Keep the rows an exporter is good at, and of its others those of the highest density."""
    others = frame[~good].sort_values("density", ascending=False, kind="stable")
    near = others[others["density"].notna()].groupby("exporter", sort=False).head(most)
    kept = good.copy()
    kept[near.index.to_numpy()] = True
    return frame[kept].reset_index(drop=True)


def _matrix(
    source: TradeTable | EmploymentTable, year: int | None, mapping: Path | None
) -> tuple[list[str], list[str], Array, list[Note]]:
    notes: list[Note] = []
    if isinstance(source, EmploymentTable):
        rows, row, column, value = source.frame, "region", "industry", "employment"
    else:
        if "product" not in source.columns:
            raise NetclusterError("This trade table has no products, so there is no complexity.", "Read one with them.")
        where: dict[str, list[int]] = {}
        if source.years:
            chosen = max(source.years) if year is None else year
            where = {"year": [chosen]}
            if year is None and len(source.years) > 1:
                notes.append(Note("latest_year", f"Complexity of {chosen}, the latest year; give --year for another."))
        rows, told = source.named(("exporter", "product"), where)
        notes += told
        row, column, value = "exporter", "product", "value"
    if mapping is not None:
        rows, said = moved(rows, column, (value,), mapping)
        notes += said
    return (*_wide(rows, row, column, value), notes)


def _wide(rows: pd.DataFrame, row: str, column: str, value: str) -> tuple[list[str], list[str], Array]:
    import pandas as pd

    if rows.empty or not rows[value].sum() > 0:
        raise NetclusterError("There are no exports in that table and year.", "Look at it with inspect.")
    i, names = pd.factorize(rows[row].astype(str), sort=True)
    j, others = pd.factorize(rows[column].astype(str), sort=True)
    n, m = len(names), len(others)
    weights = rows[value].to_numpy(dtype=np.float64)
    flat = np.asarray(np.bincount(i.astype(np.int64) * m + j, weights=weights, minlength=n * m), dtype=np.float64)
    return [str(name) for name in names], [str(name) for name in others], flat.reshape(n, m)


def _notes(found: Indices, M: Any) -> list[Note]:
    notes = []
    idle = int((np.asarray(M.sum(axis=1)) == 0).sum()), int((np.asarray(M.sum(axis=0)) == 0).sum())
    if any(idle):
        text = f"{idle[0]} exporters and {idle[1]} products have no comparative advantage at all, so no complexity."
        notes.append(Note("no_advantage", text, sum(idle)))
    if found.parts > 1:
        outside = int(np.isnan(found.eci).sum()) - idle[0]
        text = (
            f"The exporters fall into {found.parts} parts that share no product; complexity compares within one part"
            f" only, so exporters outside the largest ({outside}) have none."
        )
        notes.append(Note("disconnected", text, found.parts))
    if np.isnan(found.eci).all():
        text = "Complexity is not determined: too few exporters, or all alike."
        notes.append(Note("not_determined", text))
    elif found.second > _CONNECTED:
        notes.append(Note("nearly_disconnected", "The matrix nearly falls apart: ECI mostly tells its parts."))
    return notes
