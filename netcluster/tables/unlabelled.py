"""Square tables without labels: flows first, then final demand and output to the right, primary inputs below."""

from __future__ import annotations

import numpy as np
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.balance import balance_notes
from netcluster.tables.grid import Array
from netcluster.tables.halves import refuse_interleaved
from netcluster.tables.iotable import IOTable
from netcluster.tables.layout import Wide
from netcluster.tables.options import ReadOptions
from netcluster.tables.roles import close


def is_unlabelled(table: Wide) -> bool:
    """Whether a table has no row labels, and at most counted columns, and is at least as wide as three sectors."""
    rows, columns = table.values.shape
    bare = all(not any(row) for row in table.rows) and columns >= rows >= 3
    counted = all(all(label == "" or label.isdigit() for label in column) for column in table.columns)
    return bare and counted


def read_unlabelled(table: Wide, options: ReadOptions) -> IOTable:
    """Return a table of numbers alone, its sectors named 1, 2, 3 … (or by --labels).

    Columns to the right of the square are final demand, and output where the last is the sum of all before it.
    A bare square has no output: it is taken only with --labels or --kind io, as the least output that fits.
    """
    values = np.nan_to_num(table.values)
    n = len(values)
    Z, right = values[:, :n], values[:, n:]
    refuse_interleaved(Z, table.name)
    notes = [Note("unlabelled", "The table has no labels: sectors are numbered in its order.", n)]
    if right.shape[1] > 1 and close(Z.sum(axis=1) + right[:, :-1].sum(axis=1), right[:, -1]):
        Y, x = right[:, :-1], right[:, -1]
    elif right.shape[1]:
        raise NetclusterError(
            f"{table.name} has {right.shape[1]} columns beside its {n} unnamed sectors, and no labels.",
            "Write a header line that names final demand and output.",
        )
    else:
        Y, x = _square(table, Z, options, notes)
    demand = ["final_demand"] if Y.shape[1] == 1 else [f"final_demand_{j + 1}" for j in range(Y.shape[1])]
    sectors = pd.DataFrame({"sector": [str(k + 1) for k in range(n)]})
    io = IOTable.from_arrays(Z, x=x, Y=Y, sectors=sectors, demand=demand, source=table.name, changes=tuple(notes))
    return io.replace(changes=(*io.changes, *balance_notes(io)))


def _square(table: Wide, Z: Array, options: ReadOptions, notes: list[Note]) -> tuple[Array, Array]:
    if options.labels is None and options.kind != "io":
        raise NetclusterError(
            f"{table.name} is {len(Z)} rows and columns of numbers without labels, output or final demand.",
            "Name the sectors with --labels FILE (code,name), or take it as links: --kind adjacency.",
        )
    x = np.asarray(np.maximum(Z.sum(axis=1), Z.sum(axis=0)))
    text = (
        "The table gives neither output nor final demand: output is taken as the larger of what a sector sells to"
        " and buys from others, so coefficients and multipliers are upper bounds."
    )
    notes.append(Note("least_output", text))
    return (x - Z.sum(axis=1))[:, None], x
