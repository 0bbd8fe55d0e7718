"""Wide numeric files (matrices, a column a buyer) as arrays: DuckDB's own numbers, or cell by cell where need be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.tables.cells import number
from netcluster.tables.duck import arrow

if TYPE_CHECKING:
    from netcluster.tables.long.source import Part, Source

Array = npt.NDArray[np.float64]


def read_numbers(source: Source, part: Part, first: int) -> Array:
    """Return the numbers of a file's columns from `first` on, NaN where nothing stands.

    Raises NetclusterError, naming row and column, where a cell is no number.
    """
    import duckdb

    if len(set(part.header)) < len(part.header):
        double = next(name for name in part.header if part.header.count(name) > 1)
        raise NetclusterError(f"{part.name}: two columns bear the name {double!r}.", "Give each its own.")
    columns = {f"v{i}": name for i, name in enumerate(part.header[first:])}
    one = source.only(part)
    connection = source.store()
    try:
        if not source.dialect.thousands:
            try:
                typed = connection.sql(one.scan(columns, types=dict.fromkeys(columns, "DOUBLE"))).to_arrow_table()
                return _array(typed, columns)
            except duckdb.Error:
                pass  # read cell by cell, which says what is wrong and where
        return _by_cell(arrow(connection, one.scan(columns), part.name), source, part, list(columns.values()))
    finally:
        connection.close()


def read_labels(source: Source, part: Part, columns: dict[str, str]) -> Any:
    """Return some columns of a file as text, an Arrow table."""
    connection = source.store()
    try:
        return arrow(connection, source.only(part).scan(columns), part.name)
    finally:
        connection.close()


def _array(table: Any, columns: dict[str, str]) -> Array:
    if not columns:
        return np.zeros((table.num_rows, 0))
    return np.column_stack([table[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in columns])


def _by_cell(table: Any, source: Source, part: Part, names: Sequence[str]) -> Array:
    values = np.full((table.num_rows, len(names)), np.nan)
    for j, name in enumerate(names):
        for i, text in enumerate(table[f"v{j}"].to_pylist()):
            found = number(text or "", source.dialect)
            if found is None or math.isinf(found):
                raise NetclusterError(
                    f"{part.name}, column {name}, row {i + 1} of the table: {text!r} is no number.",
                    "Mend the cell, or say --decimal where its mark was taken wrongly.",
                )
            values[i, j] = found
    return values
