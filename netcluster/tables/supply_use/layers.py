"""Supply and use in one matrix, whose labels say what is a commodity, an activity, a factor or an account."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from netcluster.tables.codes import plain
from netcluster.tables.iotable import Account, demand_labels, input_labels, sector_labels
from netcluster.tables.layout import Wide
from netcluster.tables.supplyuse import SupplyUse

_PRODUCTS = {"commodity", "product", "commodities", "products"}
_INDUSTRIES = {"activity", "industry", "activities", "industries"}


def layers(table: Wide) -> tuple[int, int] | None:
    """Return the levels of rows and columns that say Commodity or Activity, or None where none do."""
    found = []
    for labels in (table.rows, table.columns):
        level = None
        for k in range(len(labels[0]) if labels else 0):
            words = set(map(plain, {label[k] for label in labels}))
            products, industries = words & _PRODUCTS, words & _INDUSTRIES
            if products and industries:
                level = k
        found.append(level)
    return (found[0], found[1]) if found[0] is not None and found[1] is not None else None


def from_layers(table: Wide) -> SupplyUse:
    """Return the supply and use table in one matrix whose labels say what is a commodity, an activity, a factor."""
    level = layers(table)
    assert level is not None
    rows, columns = _layer_lines(table.rows, level[0]), _layer_lines(table.columns, level[1])
    values = np.nan_to_num(table.values)
    U = values[np.ix_(rows["product"], columns["industry"])]
    S = values[np.ix_(rows["industry"], columns["product"])].T
    Y = values[np.ix_(rows["product"], columns["demand"])]
    V = values[np.ix_(rows["input"], columns["industry"])]
    accounts = {
        table.rows[i][-1]: Account(table.rows[i][-1], values[i, columns["industry"]], "") for i in rows["account"]
    }
    return SupplyUse(
        products=sector_labels(_layer_frame(table.rows, rows["product"], level[0], "sector")),
        industries=sector_labels(_layer_frame(table.columns, columns["industry"], level[1], "sector")),
        supply=S,
        use=U,
        Y=Y,
        demand=demand_labels(_layer_frame(table.columns, columns["demand"], level[1], "category")),
        V=V,
        inputs=input_labels(_layer_frame(table.rows, rows["input"], level[0], "id")),
        accounts=accounts,
    )


def _layer_lines(labels: Sequence[tuple[str, ...]], level: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"product": [], "industry": [], "demand": [], "input": [], "account": []}
    for k, label in enumerate(labels):
        word = plain(label[level])
        if word.startswith(("commodit", "product")):
            found["product"].append(k)
        elif word.startswith(("activit", "industr")):
            found["industry"].append(k)
        elif "satellite" in word or "extension" in word:
            found["account"].append(k)
        elif "factor" in word or "input" in word:
            found["input"].append(k)
        else:
            found["demand"].append(k)
    return found


def _layer_frame(labels: Sequence[tuple[str, ...]], lines: Sequence[int], level: int, code: str) -> pd.DataFrame:
    region = next((k for k in range(len(labels[0])) if k != level), 0)
    last = len(labels[0]) - 1
    records = [{"region": labels[k][region], code: labels[k][last], "name": labels[k][last]} for k in lines]
    return pd.DataFrame(records).drop(columns="region") if code == "id" else pd.DataFrame(records)
