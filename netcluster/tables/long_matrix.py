"""A square matrix of links between firms, in rows the suppliers, in columns the buyers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.duck import arrow
from netcluster.tables.links import LinkTable

if TYPE_CHECKING:
    from netcluster.tables.long_source import Source


def read_adjacency(source: Source, *, named: bool) -> LinkTable:
    """Return the links of a matrix file: rows sell to columns, zeros and empty cells are no links.

    `named` says that the first column names the rows; else rows are in the order of the columns. Raises
    NetclusterError where the matrix is not square, its names differ, or a cell is no number.
    """
    import pandas as pd

    header = source.parts[0].header[1 if named else 0 :]
    columns = {f"v{i}": str(i + 1 + named) for i in range(len(header))}
    wanted = {"row": "1", **columns} if named else columns
    connection = source.store()
    try:
        table = arrow(connection, source.scan(_by_number(source, wanted), columns, raw=True), source.name)
    finally:
        connection.close()
    values = np.column_stack([table[name].to_numpy(zero_copy_only=False) for name in columns])
    _check(values, table, columns, header, source.name)
    names = [str(name) for name in table["row"].to_pylist()] if named else list(header)
    if named and names != list(header):
        raise NetclusterError(
            f"{source.name}: the rows are named otherwise than the columns.", "Bring both into the same order."
        )
    i, j = np.nonzero(np.nan_to_num(values))
    labels = np.array(header, dtype=object)
    frame = pd.DataFrame({"source": labels[i], "target": labels[j], "weight": values[i, j], "layer": "supply"})
    text = f"A matrix of {len(header)} by {len(header)} with {len(frame):,} links; rows were taken as suppliers."
    return LinkTable(frame, source=source.name, changes=(Note("matrix", text, len(frame)),))


def _by_number(source: Source, wanted: dict[str, str]) -> dict[str, str]:
    """Name the columns by the header where it is unique and has no numbers, which `Part.column` takes as names."""
    header = source.parts[0].header
    return {ours: header[int(number) - 1] for ours, number in wanted.items()}


def _check(values: np.ndarray, table: object, columns: dict[str, str], header: tuple[str, ...], name: str) -> None:
    if len(set(header)) < len(header):
        raise NetclusterError(f"{name}: two columns bear the same name.", "Give each firm its own.")
    if values.shape[0] != len(header):
        raise NetclusterError(
            f"{name}: {values.shape[0]} rows under {len(header)} columns; a matrix of links is square.",
            "Give links as a list source,target,weight where not every buyer sells.",
        )
    for column, ours in enumerate(columns):
        missing = np.isnan(values[:, column])
        if missing.any():
            texts = table[f"{ours}_text"].to_pylist()  # type: ignore[index]
            words = [text for text, gone in zip(texts, missing, strict=True) if gone and (text or "").strip()]
            if words:
                raise NetclusterError(f"{name}, column {header[column]}: {words[0]!r} is no number.", "Mend the cell.")
