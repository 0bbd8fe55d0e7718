"""What makes a run what it is: the bytes of its inputs, its options and the version, and a key of all three."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from netcluster.batch.commands import File
from netcluster.study.provenance import PACKAGES

#: Counted up when the form of what is stored changes.
SCHEMA = 2


def versions() -> dict[str, str]:
    """Return the versions that can change a digit of a result."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def key_of(
    command: str,
    options: Mapping[str, object],
    inputs: Sequence[File],
    *,
    year: str = "",
    region: Sequence[str] = (),
    made_by: Mapping[str, str],
) -> str:
    """Return the key of a run, 32 hexadecimal digits: the same for the same inputs, options and versions.

    `options` hold every option with its value, and a file by name and fingerprint; names of inputs count, for a
    reader may take a year or a label from them.

    >>> same = [key_of("sectors", {"top": 3, "show": "sectors"}, [], made_by={}) for _ in range(2)]
    >>> same[0] == same[1] == key_of("sectors", {"show": "sectors", "top": 3}, [], made_by={})
    True
    >>> same[0] == key_of("sectors", {"top": 4, "show": "sectors"}, [], made_by={})
    False
    """
    document = {
        "schema": SCHEMA,
        "command": command,
        "options": dict(options),
        "inputs": [[item.name, item.sha256] for item in inputs],
        "year": year,
        "region": list(region),
        "versions": dict(made_by),
    }
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
