"""Rows as CSV text, the same characters each time, labels verbatim.

pandas leaves a carriage return inside a label unquoted, and reads such a row back as two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def to_csv(frame: pd.DataFrame) -> str:
    r"""Return the rows as CSV: comma, a line feed after each row, every digit, nothing for no value.

    >>> import pandas as pd
    >>> to_csv(pd.DataFrame({"node": ["=a", "b, c"], "hhi": [0.1, None]}))
    'node,hhi\n=a,0.1\n"b, c",\n'
    """
    columns = [_cells(frame.iloc[:, place]) for place in range(frame.shape[1])]
    header = ",".join(_quoted(str(name)) for name in frame.columns)
    if len(columns) == 1:
        # A row that is one empty cell would read as no row at all.
        rows = [cell or '""' for cell in columns[0]]
    else:
        rows = list(map(",".join, zip(*columns, strict=True)))
    return "\n".join([header, *rows, ""])


def _cells(column: pd.Series) -> list[str]:
    missing = column.isna().tolist()
    return ["" if gone else _quoted(_text(value)) for value, gone in zip(column.tolist(), missing, strict=True)]


def _text(value: object) -> str:
    return str(value.item() if isinstance(value, np.generic) else value)


def _quoted(text: str) -> str:
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
