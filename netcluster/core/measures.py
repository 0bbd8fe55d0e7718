"""The measures netcluster computes: name, formula, unit, source, caveat and threshold, from measures.toml.

`explain`, the report, the docs and the findings all read this one list.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from netcluster.core.errors import NetclusterError


@dataclass(frozen=True)
class Measure:
    """One measure: what it is called, what it means, how it is computed, and where that stands.

    `threshold` is the value past which a finding is made, `threshold_source` who set it ("ours" where we
    did); both are empty for measures that make no finding.
    """

    key: str
    name: str
    meaning: str
    formula: str
    unit: str
    source: str
    room: str
    caveat: str = ""
    threshold: float | None = None
    threshold_source: str = ""


@cache
def all_measures() -> dict[str, Measure]:
    """Return every measure by its key, which is also its column's name."""
    text = files("netcluster.core").joinpath("measures.toml").read_text(encoding="utf-8")
    return {key: Measure(key=key, **entry) for key, entry in tomllib.loads(text).items()}


def explain(key: str) -> Measure:
    """Return the measure of that key; an unknown one is an error that names the nearest.

    >>> explain("hhi").unit
    'share squared, 0 to 1'
    """
    known = all_measures()
    if key in known:
        return known[key]
    near = difflib.get_close_matches(key, known, n=3)
    hint = f"Did you mean {', '.join(near)}?" if near else "netcluster explain lists them all."
    raise NetclusterError(f"There is no measure {key!r}.", hint)


def threshold(key: str) -> float:
    """Return the threshold of a measure that has one."""
    value = explain(key).threshold
    if value is None:
        raise NetclusterError(f"The measure {key!r} has no threshold.")
    return value
