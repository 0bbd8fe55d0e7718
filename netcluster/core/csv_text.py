"""Rows as CSV text, the same characters each time, labels verbatim.

pandas leaves a carriage return inside a label unquoted, and reads such a row back as two.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.files import whole_file

if TYPE_CHECKING:
    import pandas as pd


#: What a cell is quoted for.
_MARKS = re.compile('[,"\r\n]')

#: Rows turned to text at a time: a table of millions never stands in memory as texts.
PIECE = 100_000


def to_csv(frame: pd.DataFrame) -> str:
    r"""Return the rows as CSV: comma, a line feed after each row, every digit, nothing for no value.

    >>> import pandas as pd
    >>> to_csv(pd.DataFrame({"node": ["=a", "b, c"], "hhi": [0.1, None]}))
    'node,hhi\n=a,0.1\n"b, c",\n'
    """
    return "".join(csv_pieces(frame))


def csv_pieces(frame: pd.DataFrame) -> Iterator[str]:
    """Yield the text of `to_csv` in pieces of whole rows."""
    yield ",".join(_quoted(str(name)) for name in frame.columns) + "\n"
    for start in range(0, len(frame), PIECE):
        part = frame.iloc[start : start + PIECE]
        columns = [_cells(part.iloc[:, place]) for place in range(part.shape[1])]
        if len(columns) == 1:
            # A row that is one empty cell would read as no row at all.
            rows = [cell or '""' for cell in columns[0]]
        else:
            rows = list(map(",".join, zip(*columns, strict=True)))
        yield "\n".join([*rows, ""])


def write_csv(frame: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write the rows to a file, whole or not at all."""
    with whole_file(path) as place, place.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_pieces(frame))


def _cells(column: pd.Series) -> list[str]:
    values, missing = column.tolist(), column.isna().tolist()
    # Numbers hold nothing that needs quotes, and are most of the cells of large tables.
    texts = map(str, values) if column.dtype.kind in "biuf" else map(_quoted, map(_text, values))
    return ["" if gone else text for text, gone in zip(texts, missing, strict=True)]


def _text(value: object) -> str:
    return str(value.item() if isinstance(value, np.generic) else value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _MARKS.search(text) else text
