"""A square matrix of links between firms, in rows the suppliers, in columns the buyers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.links import LinkTable
from netcluster.tables.long.cells import read_labels, read_numbers

if TYPE_CHECKING:
    from netcluster.tables.long.source import Source


def read_adjacency(source: Source, *, named: bool) -> LinkTable:
    """Return the links of a matrix file: rows sell to columns, zeros and empty cells are no links.

    `named` says that the first column names the rows; else rows are in the order of the columns. Raises
    NetclusterError where the matrix is not square, its names differ, or a cell is no number.
    """
    import pandas as pd

    part = source.parts[0]
    names = list(part.header[1 if named else 0 :])
    values = read_numbers(source, part, 1 if named else 0)
    if values.shape[0] != len(names):
        raise NetclusterError(
            f"{part.name}: {values.shape[0]} rows under {len(names)} columns; a matrix of links is square.",
            "Give links as a list source,target,weight where not every buyer sells.",
        )
    if named and read_labels(source, part, {"row": part.header[0]})["row"].to_pylist() != names:
        raise NetclusterError(
            f"{part.name}: the rows are named otherwise than the columns.", "Bring both into the same order."
        )
    i, j = np.nonzero(np.nan_to_num(values))
    labels = np.array(names, dtype=object)
    frame = pd.DataFrame({"source": labels[i], "target": labels[j], "weight": values[i, j], "layer": "supply"})
    text = f"A matrix of {len(names)} by {len(names)} with {len(frame):,} links; rows were taken as suppliers."
    return LinkTable(frame, source=part.name, changes=(Note("matrix", text, len(frame)),))
