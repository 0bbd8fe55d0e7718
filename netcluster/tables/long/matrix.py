"""A square matrix of links between firms, in rows the suppliers, in columns the buyers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.links import LinkTable
from netcluster.tables.long.cells import read_labels, read_numbers
from netcluster.tables.nested import is_total

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
    labels = read_labels(source, part, {"row": part.header[0]})["row"].to_pylist() if named else names
    rows = [str(name).strip() for name in labels]
    if named:
        # Totals are no firms, and rows that stand in another order than the columns are the same firms.
        keep = [k for k, name in enumerate(names) if not (is_total(name) and k == len(names) - 1)]
        at = {name: i for i, name in enumerate(rows) if not (is_total(name) and i == len(rows) - 1)}
        if len(at) == len(keep) == len({names[k] for k in keep} & set(at)):
            values = values[np.ix_([at[names[k]] for k in keep], keep)]
            names = rows = [names[k] for k in keep]
    if values.shape[0] != len(names):
        raise NetclusterError(
            f"{part.name}: {values.shape[0]} rows under {len(names)} columns; a matrix of links is square.",
            "Give links as a list source,target,weight where not every buyer sells.",
        )
    if rows != names:
        raise NetclusterError(
            f"{part.name}: the rows are named otherwise than the columns.", "Bring both into the same order."
        )
    i, j = np.nonzero(np.nan_to_num(values))
    ids = np.array(names, dtype=object)
    frame = pd.DataFrame({"source": ids[i], "target": ids[j], "weight": values[i, j], "layer": "supply"})
    text = f"A matrix of {len(names)} by {len(names)} with {len(frame):,} links; rows were taken as suppliers."
    return LinkTable(frame, source=part.name, changes=(Note("matrix", text, len(frame)),))
