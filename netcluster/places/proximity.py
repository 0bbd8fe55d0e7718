"""How near products are to each other, and how near an exporter is to a product it does not yet make."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def proximity(M: npt.ArrayLike | Any) -> Array:
    """Return φ_pq, the smaller of the two chances that who is good at one product is at the other, (m, m).

    Σ_c M_cp M_cq / max(u_p, u_q), u the ubiquity (Hidalgo, Klinger, Barabási and Hausmann 2007); 0 for a product
    that nobody is good at.

    >>> proximity([[1, 1], [1, 0]]).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    matrix = _sparse(M)
    together = (matrix.T @ matrix).toarray()
    u = together.diagonal()
    most = np.maximum(u[:, None], u[None, :])
    return np.asarray(np.divide(together, most, out=np.zeros_like(together), where=most > 0))


def density(M: npt.ArrayLike | Any, phi: npt.ArrayLike, *, own: bool = False) -> Array:
    """Return ω_cp = Σ_q M_cq φ_pq / Σ_q φ_pq, how much of what is near to a product the exporter is good at.

    Parameters
    ----------
    M : (n, m) array or sparse array
        1 where exporter c is good at product p.
    phi : (m, m)
        Proximity of products.
    own : bool
        Whether the product itself is among its neighbours (q = p); both are in use, and they differ.

    Returns
    -------
    (n, m) array
        0 to 1; NaN for a product that is near to none.

    Examples
    --------
    The second exporter is good at the first product, the only neighbour of the second.

    >>> density([[1, 1], [1, 0]], [[1, 0.5], [0.5, 1]]).tolist()
    [[1.0, 1.0], [0.0, 1.0]]
    """
    near = np.array(phi, dtype=np.float64)
    if not own:
        np.fill_diagonal(near, 0.0)
    total = near.sum(axis=1)
    reached = np.asarray(_sparse(M) @ near)
    return np.asarray(np.divide(reached, total, out=np.full(reached.shape, np.nan), where=total > 0))


def _sparse(M: npt.ArrayLike | Any) -> Any:
    from scipy.sparse import csr_array

    return csr_array(M if hasattr(M, "tocsr") else np.asarray(M, dtype=np.float64))
