"""Tables that ship with netcluster: small enough to read, real enough to learn from.

Each set is a folder with a SOURCE.md that says where it comes from, under which terms, in which units, and
what was changed.
"""

from __future__ import annotations

import difflib
from pathlib import Path

__all__ = ["UnknownDatasetError", "describe", "names", "path", "source"]

_ROOT = Path(__file__).parent

#: Each set's file or folder to hand to a reader, below its own folder.
_TABLES = {
    "germany-1995": "germany-1995.csv",
    "miller-blair": "miller-blair.csv",
    "trade": "",
    "valley": "",
}


class UnknownDatasetError(LookupError):
    """There is no set of this name; `message` says so, and `hint` names those there are or the nearest."""

    def __init__(self, name: str) -> None:
        near = difflib.get_close_matches(name, _TABLES, n=3, cutoff=0.5)
        self.message = f"There is no dataset {name!r}."
        self.hint = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(names())}."
        super().__init__(f"{self.message} {self.hint}")


def names() -> list[str]:
    """Return the names of the sets, sorted.

    >>> "germany-1995" in names()
    True
    """
    return sorted(_TABLES)


def path(name: str) -> Path:
    """Return the file of a set, or its folder where it has several, to hand to a reader.

    An unknown name raises `UnknownDatasetError` (a `LookupError`) with the nearest names.

    >>> path("miller-blair").name
    'miller-blair.csv'
    """
    return _folder(name) / _TABLES[name]


def describe(name: str) -> str:
    """Return one line on a set: what, where, when, how large, in which unit.

    >>> describe("miller-blair")
    'Two-sector textbook table, Miller and Blair (2009), in money units'
    """
    return source(name).splitlines()[0].removeprefix("# ")


def source(name: str) -> str:
    """Return a set's SOURCE.md: origin, licence, units and what was changed.

    >>> print(source("miller-blair").splitlines()[0])
    # Two-sector textbook table, Miller and Blair (2009), in money units
    """
    return (_folder(name) / "SOURCE.md").read_text(encoding="utf-8")


def _folder(name: str) -> Path:
    if name not in _TABLES:
        raise UnknownDatasetError(name)
    return _ROOT / name
