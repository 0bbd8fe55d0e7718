"""The measures netcluster computes: name, formula, unit, source, caveat and threshold, from measures.toml.

`explain`, the report, the docs and the findings all read this one list.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, replace
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

    A key of the list that holds NAME stands for the measures of any account: NAME_multiplier for
    jobs_multiplier and co2_multiplier.

    >>> explain("hhi").unit
    'share squared, 0 to 1'
    >>> explain("jobs_multiplier").name
    'jobs multiplier'
    """
    known = all_measures()
    if key in known:
        return known[key]
    family = _of_a_family(key, known)
    if family is not None:
        return family
    near = difflib.get_close_matches(key, known, n=3)
    hint = f"Did you mean {', '.join(near)}?" if near else "netcluster explain lists them all."
    raise NetclusterError(f"There is no measure {key!r}.", hint)


def _of_a_family(key: str, known: dict[str, Measure]) -> Measure | None:
    """Return the measure of an account by the longest pattern with NAME that its key fits."""
    for pattern in sorted((k for k in known if "NAME" in k), key=len, reverse=True):
        before, after = pattern.split("NAME")
        name = key.removeprefix(before).removesuffix(after)
        if name and key == before + name + after:
            measure = known[pattern]
            texts = {field: getattr(measure, field).replace("NAME", name) for field in ("name", "meaning", "formula")}
            return replace(measure, key=key, **texts)
    return None


def threshold(key: str) -> float:
    """Return the threshold of a measure that has one."""
    value = explain(key).threshold
    if value is None:
        raise NetclusterError(f"The measure {key!r} has no threshold.")
    return value
