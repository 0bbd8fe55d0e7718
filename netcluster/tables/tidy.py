"""An input–output table as one tidy frame, a row a cell, and back without loss.

Columns: block, row, row_region, row_name, column, column_region, column_name, value. The block is
"intermediate", "final_demand", "value_added", "imports" or "taxes" (primary inputs, by kind), "output",
"imported_intermediate", "imported_final_demand", or "account" (a satellite: the row is its name, row_name
its unit). Cells that are zero are left out; every sector has its output row, so none is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.tables.iotable import (
    Account,
    Array,
    ImportBlock,
    IOTable,
    demand_labels,
    input_labels,
    sector_labels,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

COLUMNS = ("block", "row", "row_region", "row_name", "column", "column_region", "column_name", "value")
_PRIMARY = ("value_added", "imports", "taxes")


def tidy(io: IOTable) -> pd.DataFrame:
    """Return a table's cells, one row each, in the order of its blocks.

    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> tidy(io)[["block", "row", "column", "value"]].head(3)
              block    row     column  value
    0  intermediate  farms      farms  150.0
    1  intermediate  farms  factories  500.0
    2  intermediate  factories  farms  200.0
    """
    import pandas as pd

    sectors = _labels(io.sectors, "sector")
    demand = _labels(io.demand, "category")
    inputs = _labels(io.inputs.assign(region=""), "id")
    output = _labels(sector_labels(["output"]), "sector")
    pieces = [_cells("intermediate", io.Z, sectors, sectors), _cells("final_demand", io.Y, sectors, demand)]
    for kind in _PRIMARY:
        chosen = (io.inputs["kind"] == kind).to_numpy()
        pieces.append(_cells(kind, io.V[chosen], inputs[chosen], sectors))
    pieces.append(_cells("output", io.x[None, :], output, sectors, zeros=True))
    if io.imports is not None:
        pieces.append(_cells("imported_intermediate", io.imports.Z, sectors, sectors))
        pieces.append(_cells("imported_final_demand", io.imports.Y, sectors, demand))
    for account in io.accounts.values():
        label = output.assign(code=account.name, name=account.unit)
        pieces.append(_cells("account", account.values[None, :], label, sectors))
    return pd.concat(pieces, ignore_index=True)


def from_tidy(frame: pd.DataFrame, **rest: object) -> IOTable:
    """Return the table that a tidy frame holds; `rest` goes to `IOTable` (unit, year, source, origin).

    Raises
    ------
    NetclusterError
        Where a column or the output rows are missing.
    """
    missing = [column for column in COLUMNS if column not in frame]
    if missing or not (frame["block"] == "output").any():
        raise NetclusterError(
            f"A tidy table needs the columns {', '.join(COLUMNS)} and its output rows.",
            "netcluster table writes one.",
        )
    blocks = dict(tuple(frame.fillna({"row_region": "", "column_region": ""}).groupby("block", sort=False)))
    outputs = blocks["output"]
    sectors = sector_labels(_side(outputs, "column").rename(columns={"code": "sector"}))
    demand_cells = [blocks[key] for key in ("final_demand", "imported_final_demand") if key in blocks]
    demand = demand_labels(_distinct(demand_cells, "column").rename(columns={"code": "category"}))
    inputs = _distinct([blocks[key].assign(kind=key) for key in _PRIMARY if key in blocks], "row", "kind")
    at_row, at_column = _keys(sectors, "sector"), _keys(demand, "category")
    at_input = {("", code): i for i, code in enumerate(inputs["code"])}
    imports = None
    if "imported_intermediate" in blocks:
        imports = ImportBlock(
            _fill(blocks["imported_intermediate"], at_row, at_row),
            _fill(blocks.get("imported_final_demand"), at_row, at_column),
        )
    return IOTable(
        sectors=sectors,
        Z=_fill(blocks.get("intermediate"), at_row, at_row),
        Y=_fill(blocks.get("final_demand"), at_row, at_column),
        demand=demand,
        V=_fill(_stack([blocks[key] for key in _PRIMARY if key in blocks]), at_input, at_row),
        inputs=input_labels(inputs.rename(columns={"code": "id"})),
        x=outputs["value"].to_numpy(dtype=np.float64),
        imports=imports,
        accounts=_accounts(blocks.get("account"), at_row),
        **rest,  # type: ignore[arg-type]
    )


def read_tidy(path: Path) -> IOTable:
    """Return the table in a file that `netcluster table` wrote, CSV (or gzipped) or Parquet.

    The file does not say whose flows it holds: a category of final demand that only takes off, imports, means
    total ones.
    """
    import pandas as pd

    text = dict.fromkeys(COLUMNS[:-1], str)
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path).astype(dict.fromkeys(text, object))
    else:
        frame = pd.read_csv(path, dtype={**text, "value": np.float64}, keep_default_na=False)
    table = from_tidy(frame)
    taken_off = (table.Y <= 0).all(axis=0) & (table.Y < 0).any(axis=0)
    return table.replace(origin="total") if taken_off.any() else table


def _labels(frame: pd.DataFrame, code: str) -> pd.DataFrame:
    labels = frame[["region", "name"]].reset_index(drop=True)
    return labels.assign(code=frame[code].to_numpy())


def _cells(
    block: str, values: Array, rows: pd.DataFrame, columns: pd.DataFrame, *, zeros: bool = False
) -> pd.DataFrame:
    import pandas as pd

    i, j = np.nonzero(np.ones_like(values) if zeros else values)
    data: dict[str, object] = {"block": np.full(len(i), block, dtype=object)}
    for side, labels, index in (("row", rows, i), ("column", columns, j)):
        data[side] = labels["code"].to_numpy(dtype=object)[index]
        data[f"{side}_region"] = labels["region"].to_numpy(dtype=object)[index]
        data[f"{side}_name"] = labels["name"].to_numpy(dtype=object)[index]
    return pd.DataFrame({**data, "value": values[i, j]})[list(COLUMNS)]


def _side(cells: pd.DataFrame, side: str) -> pd.DataFrame:
    chosen = cells[[side, f"{side}_region", f"{side}_name"]]
    return chosen.set_axis(["code", "region", "name"], axis=1).reset_index(drop=True)


def _distinct(cells: list[pd.DataFrame], side: str, extra: str = "") -> pd.DataFrame:
    import pandas as pd

    if not cells:
        return pd.DataFrame({"code": [], "region": [], "name": [], **({extra: []} if extra else {})})
    stacked = pd.concat(cells, ignore_index=True)
    labels = _side(stacked, side)
    if extra:
        labels[extra] = stacked[extra]
    return labels.drop_duplicates(["region", "code"]).reset_index(drop=True)


def _keys(labels: pd.DataFrame, code: str) -> dict[tuple[str, str], int]:
    return {pair: i for i, pair in enumerate(zip(labels["region"], labels[code], strict=True))}


def _stack(cells: list[pd.DataFrame]) -> pd.DataFrame | None:
    import pandas as pd

    return pd.concat(cells, ignore_index=True) if cells else None


def _fill(cells: pd.DataFrame | None, rows: dict[tuple[str, str], int], columns: dict[tuple[str, str], int]) -> Array:
    matrix = np.zeros((len(rows), len(columns)))
    if cells is not None:
        i = [rows[pair] for pair in zip(cells["row_region"], cells["row"], strict=True)]
        j = [columns[pair] for pair in zip(cells["column_region"], cells["column"], strict=True)]
        np.add.at(matrix, (i, j), cells["value"].to_numpy(dtype=np.float64))
    return matrix


def _accounts(cells: pd.DataFrame | None, columns: dict[tuple[str, str], int]) -> dict[str, Account]:
    if cells is None:
        return {}
    found = {}
    for name, part in cells.groupby("row", sort=False):
        values = _fill(part, {("", str(name)): 0}, columns)[0]
        found[str(name)] = Account(str(name), values, str(part["row_name"].iloc[0]))
    return found
