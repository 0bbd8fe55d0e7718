"""Which coefficients matter most: the field of influence and the multiplier product matrix."""

from __future__ import annotations

import numpy as np
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Result
from netcluster.core.solve import Array
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable


def influence(io: IOTable | Model, *, change: float = 0.001, top: int = 100) -> Result:
    """Return the coefficients whose change would shift the whole economy most.

    Parameters
    ----------
    change : float
        The change ε of the coefficient a_ij.
    top : int
        How many coefficients to return, the most influential first.

    Returns
    -------
    Result
        supplier, buyer, coefficient (a_ij), field_of_influence (sum of squares of the change of L per unit of ε),
        influence_over_mean.

    Notes
    -----
    Sonis and Hewings (1992). A change of one coefficient changes L by ε L e_i e_j' L / (1 − ε L_ji), so the n²
    fields are one outer product of column and row norms of L: no inverse a coefficient is taken.

    Examples
    --------
    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> influence(table, top=1).frame[["supplier", "buyer"]].values.tolist()
    [['1', '1']]
    """
    model = as_model(io)
    inverse = model.L
    columns, rows = (inverse**2).sum(axis=0), (inverse**2).sum(axis=1)
    gain = 1 - change * inverse.T
    if (gain <= 0).any():
        raise NetclusterError(
            f"A change of {change:g} makes the table unable to meet its own demand.", "Take a smaller change."
        )
    field = np.outer(columns, rows) / gain**2
    return _top_pairs(model, field, top, "field_of_influence", "influence_over_mean", {"change": change, "top": top})


def multiplier_product(io: IOTable | Model, *, top: int = 100) -> Result:
    """Return the cells of the multiplier product matrix, the largest first.

    Columns: supplier, buyer, coefficient, multiplier_product (row sum of L for the supplier times column sum for the
    buyer, over the sum of L) and product_over_mean. Sorted by rows and columns it is Sonis and Hewings' economic
    landscape (1999); it needs two sums of L, not L.

    >>> table = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000])
    >>> multiplier_product(table, top=1).frame["multiplier_product"].round(4).tolist()
    [0.8097]
    """
    model = as_model(io)
    columns = model.output_multipliers
    rows = model.factor.row_sums()
    product = np.outer(rows, columns) / columns.sum()
    return _top_pairs(model, product, top, "multiplier_product", "product_over_mean", {"top": top})


def _top_pairs(
    model: Model, values: Array, top: int, name: str, relative: str, parameters: dict[str, object]
) -> Result:
    active = np.outer(model.active, model.active)
    flat = np.where(active, values, -np.inf).ravel()
    count = min(top, int(active.sum()))
    order = np.argsort(-flat, kind="stable")[:count]
    suppliers, buyers = np.divmod(order, model.n)
    ids = np.asarray(model.io.ids)
    frame = pd.DataFrame(
        {
            "supplier": ids[suppliers],
            "buyer": ids[buyers],
            "coefficient": model.io.Z[suppliers, buyers] * model.per_output[buyers],
            name: flat[order],
            relative: flat[order] / values[active].mean(),
        }
    )
    return Result(
        frame=frame,
        measures=("coefficient", name, relative),
        parameters={**parameters, "origin": model.io.origin},
        notes=model.notes,
    )
