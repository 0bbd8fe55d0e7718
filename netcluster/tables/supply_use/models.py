"""Symmetric tables out of supply and use, by the four models of the Eurostat manual."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.balance import balance_notes
from netcluster.tables.iotable import Array, IOTable
from netcluster.tables.supplyuse import Model, SupplyUse

#: What each model assumes, for provenance and messages.
ASSUMPTIONS: dict[str, str] = {
    "A": "product by product, product technology",
    "B": "product by product, industry technology",
    "C": "industry by industry, fixed industry sales structure",
    "D": "industry by industry, fixed product sales structure",
}


def symmetric(table: SupplyUse, model: Model = "D") -> IOTable:
    """Return the symmetric table that a supply and use pair gives under one of four assumptions.

    With supply S and use U (products by industries), product output q and industry output g:

    * A, Z = U S⁻¹ q̂: each product is made its own way wherever it is made. Needs as many products as
      industries; may give negatives, which are kept and counted.
    * B, Z = U ĝ⁻¹ S': each industry makes all its products the same way.
    * C, Z = ĝ S⁻¹ U: each industry has its own sales structure. Needs square tables; may give negatives.
    * D, Z = S' q̂⁻¹ U: each product has its own sales structure, whoever makes it.

    Parameters
    ----------
    table : SupplyUse
        p products by n industries.
    model : {"A", "B", "C", "D"}
        A and B give p-by-p tables of products, C and D n-by-n tables of industries.

    Raises
    ------
    NetclusterError
        Where A or C meet a table that is not square or whose supply can't be inverted.

    References
    ----------
    Eurostat (2008), Eurostat Manual of Supply, Use and Input-Output Tables, ch. 11.
    """
    if model not in ASSUMPTIONS:
        raise NetclusterError(f"There is no model {model!r}.", "Models are A, B, C and D.")
    by_product = model in ("A", "B")
    transform = _transform(table, model)
    if by_product:
        Z, V, Y = table.use @ transform, table.V @ transform, table.Y
        x, sectors = table.supply.sum(axis=1), table.products
    else:
        Z, V, Y = transform @ table.use, table.V, transform @ table.Y
        x, sectors = table.supply.sum(axis=0), table.industries
    notes = [
        Note("sut_model", f"Made symmetric by model {model} ({ASSUMPTIONS[model]}; Eurostat manual 2008, ch. 11).")
    ]
    negative = int((-1e-9 * max(float(np.abs(Z).max(initial=0)), 1e-300) > Z).sum())
    in_use = int((table.use < 0).sum())
    if negative:
        text = f"{negative} flows are negative ({in_use} in the use table): kept as they are."
        notes.append(Note("negative_flows", text, negative))
    io = IOTable(
        sectors=pd.DataFrame(sectors).reset_index(drop=True),
        Z=Z,
        Y=Y,
        demand=table.demand,
        V=V,
        inputs=table.inputs,
        x=x,
        origin=table.origin,
        accounts={
            name: replace(account, values=account.values @ transform) if by_product else account
            for name, account in table.accounts.items()
        },
        unit=table.unit,
        year=table.year,
        source=table.source,
        changes=(*table.changes, *notes),
    )
    return io.replace(changes=(*io.changes, *balance_notes(io)))


def _transform(table: SupplyUse, model: Model) -> Array:
    """Return the (n, p) matrix that carries industries to products, or products to industries."""
    supply = table.supply
    product, industry = supply.sum(axis=1), supply.sum(axis=0)
    if model == "B":
        return supply.T * _inverse(industry)[:, None]
    if model == "D":
        return supply.T * _inverse(product)[None, :]
    inverse = _inverted(supply, model)
    return np.asarray(inverse * product[None, :] if model == "A" else industry[:, None] * inverse)


def _inverse(values: Array) -> Array:
    return np.asarray(np.divide(1.0, values, out=np.zeros_like(values), where=values != 0))


def _inverted(supply: Array, model: Model) -> Array:
    """Return the inverse of supply; products and industries without output stay without."""
    rows, columns = supply.shape
    if rows != columns:
        raise NetclusterError(
            f"Model {model} needs as many products as industries; there are {rows} products and {columns} industries.",
            f"Take model {'B' if model == 'A' else 'D'}, or aggregate with --map.",
        )
    product, industry = supply.any(axis=1), supply.any(axis=0)
    if product.sum() != industry.sum():
        raise _singular(model)
    inner = supply[np.ix_(product, industry)]
    if np.linalg.cond(inner) > 1e12:
        raise _singular(model)
    inverse = np.zeros((columns, rows))
    inverse[np.ix_(industry, product)] = np.linalg.inv(inner)
    return inverse


def _singular(model: Model) -> NetclusterError:
    return NetclusterError(
        f"Model {model} can't be made: the supply table has no inverse.",
        f"Take model {'B' if model == 'A' else 'D'}, which needs none.",
    )
