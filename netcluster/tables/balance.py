"""Whether the accounts of a table close: what each sector sells and what it buys, against its output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.result import Note
from netcluster.tables.iotable import Array, IOTable

if TYPE_CHECKING:
    import pandas as pd

#: A miss above this share of output is told; printed tables round their cells.
TOLD = 1e-4


def sides(io: IOTable, flows: tuple[Array, Array] | None = None) -> tuple[Array, Array]:
    """Return the row and the column total of each sector, (n,) each: all it sells, all it buys and pays.

    `flows` are the row and column sums of Z, (n,) each, where they are known.
    """
    sold, bought = flows or (io.Z.sum(axis=1), io.Z.sum(axis=0))
    return sold + io.Y.sum(axis=1), bought + io.V.sum(axis=0)


def balance(io: IOTable) -> pd.DataFrame:
    """Return for each sector its row total, column total and output, and by how much the totals miss output.

    Columns: id, row_total, column_total, output, row_miss, column_miss (in the table's unit, total less
    output) and their shares of output, NaN where output is zero.

    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["a", "b"])
    >>> balance(io)[["row_miss", "column_miss"]].to_numpy().tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    import pandas as pd

    rows, columns = sides(io)
    return pd.DataFrame(
        {
            "id": list(io.ids),
            "row_total": rows,
            "column_total": columns,
            "output": io.x,
            "row_miss": rows - io.x,
            "column_miss": columns - io.x,
            "row_miss_share": _share(rows - io.x, io.x),
            "column_miss_share": _share(columns - io.x, io.x),
        }
    )


def largest_misses(io: IOTable) -> dict[str, float]:
    """Return the largest misses of rows and columns, in the table's unit and as a share of total output."""
    rows, columns = sides(io)
    total = float(np.abs(io.x).sum()) or 1.0
    found = {}
    for name, side in (("rows", rows), ("columns", columns)):
        miss = np.abs(side - io.x)
        found[f"{name}_miss"] = float(miss.max(initial=0.0))
        found[f"{name}_miss_share"] = float(miss.sum()) / total
    return found


def balance_notes(io: IOTable, flows: tuple[Array, Array] | None = None) -> tuple[Note, ...]:
    """Return a note for each side of the accounts that misses output by more than rounding; `flows` as in `sides`."""
    notes = []
    for word, side in zip(("Rows", "Columns"), sides(io, flows), strict=True):
        miss = np.abs(side - io.x)
        off = miss > TOLD * np.maximum(np.abs(io.x), np.abs(io.x).mean() * 0.01)
        if off.any():
            worst = int(np.argmax(miss))
            share = float(miss.sum()) / (float(np.abs(io.x).sum()) or 1.0)
            text = (
                f"{word} of {int(off.sum())} of {io.n} sectors miss output by more than {TOLD:.2%}: by {share:.2%} of"
                f" all output, at most {miss[worst]:,.6g} ({io.ids[worst]}). They were left as they are."
            )
            notes.append(Note(f"unbalanced_{word.lower()}", text, int(off.sum())))
    return tuple(notes)


def _share(miss: Array, output: Array) -> Array:
    return np.asarray(np.divide(miss, output, out=np.full_like(miss, np.nan), where=output != 0))
