"""Numbers for people: one number of decimals a column, thousands set off, nothing said twice.

Files for machines keep every digit (`netcluster.report.write`); these are for terminals and pages.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

#: What stands where there is no value.
EMPTY = "–"
#: Columns of whole numbers that name something: no thousands are set off.
NAMES = frozenset({"year", "cluster", "community", "seed", "code", "sector", "line", "row"})
#: Columns whose rows are different measures: each number gets decimals of its own.
MIXED = frozenset({"before", "after", "change", "check_value", "limit", "figure", "whole"})
#: More decimals than this are written with a power of ten.
MOST_DECIMALS = 6


def decimals(values: Iterable[float]) -> int:
    """Return how many decimals a column of numbers needs: about three figures of its middle value.

    0 where all are whole or the middle value is 1,000 or more.

    >>> decimals([1.6203, 2.05]), decimals([0.25, 0.03]), decimals([1247.5, 1841.6]), decimals([3, 4])
    (3, 3, 0, 0)
    """
    numbers = np.asarray([value for value in values if math.isfinite(value) and value != 0], dtype=np.float64)
    if numbers.size == 0 or bool((numbers == np.round(numbers)).all()):
        return 0
    magnitude = math.floor(math.log10(float(np.median(np.abs(numbers)))))
    return max(3 - magnitude, 0) if magnitude >= 0 else 2 - magnitude


def number(value: float, places: int, *, thousands: bool = True) -> str:
    """Return a number with that many decimals and thousands set off by commas; – where there is none.

    >>> number(1247.5, 1), number(-0.0001, 2), number(float("nan"), 1), number(2.4e-9, 10)
    ('1,247.5', '0.00', '–', '2.4e-09')
    """
    if value is None or math.isnan(value):
        return EMPTY
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if places > MOST_DECIMALS:
        return f"{value:.2g}"
    text = f"{value:,.{places}f}" if thousands else f"{value:.{places}f}"
    return text.removeprefix("-") if not any(digit in text for digit in "123456789") else text


def is_number(column: pd.Series) -> bool:
    """Return whether a column holds numbers (truth values are words)."""
    return column.dtype.kind in "iuf" or str(column.dtype) in ("Int64", "Int32", "Float64")


def column_texts(column: pd.Series) -> list[str]:
    """Return a column's cells as people read them.

    >>> import pandas as pd
    >>> column_texts(pd.Series([0.25, None, 0.125], name="hhi"))
    ['0.250', '–', '0.125']
    """
    if not is_number(column):
        return [plain_text(value) for value in column.tolist()]
    values: Sequence[float] = column.astype("float64").tolist()
    if str(column.name) in MIXED:
        return [number(value, decimals([value])) for value in values]
    places = decimals(values)
    thousands = str(column.name) not in NAMES
    return [number(value, places, thousands=thousands) for value in values]


def plain_text(value: object) -> str:
    """Return one cell that is no number of a number column: yes and no for truth values, – for nothing.

    >>> plain_text(True), plain_text(None), plain_text("Steel")
    ('yes', '–', 'Steel')
    """
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in ("<NA>", "NaT"):
        return EMPTY
    if isinstance(value, (int, np.integer)):
        return f"{int(value):,}"
    if isinstance(value, (float, np.floating)):
        return number(float(value), decimals([float(value)]))
    return str(value)


def share(value: float) -> str:
    """Return a share as per cent, two figures at the least.

    >>> share(0.314), share(0.0042), share(0.00001), share(1)
    ('31.4 %', '0.42 %', '< 0.01 %', '100.0 %')
    """
    if math.isnan(value):
        return EMPTY
    if 0 < value < 0.0001:
        return "< 0.01 %"
    return f"{100 * value:.1f} %" if value >= 0.01 or value == 0 else f"{100 * value:.2f} %"
