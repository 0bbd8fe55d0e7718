"""Plain values for JSON: NumPy scalars as Python's, numbers that are not finite as null."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np


def jsonable(value: object) -> object:
    """Return a value as JSON holds it.

    >>> jsonable({"a": np.float64("nan"), "b": (np.int64(2), "x")})
    {'a': None, 'b': [2, 'x']}
    """
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    if isinstance(value, np.ndarray):
        return [jsonable(item) for item in value.tolist()]
    if isinstance(value, np.generic):
        return jsonable(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Path):
        return value.name
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return str(value)


def dumps(document: object) -> str:
    """Return a document as JSON text: UTF-8, indented, no NaN, one line end at its end."""
    return json.dumps(jsonable(document), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
