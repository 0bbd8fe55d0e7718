"""On which line of a TOML text each key stands, so that an error in a plan names its place."""

from __future__ import annotations

import re

Place = tuple[str | int, ...]

_HEAD = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_QUOTES = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')


def lines_of_keys(text: str) -> dict[Place, int]:
    r"""Return the line, from 1, of each table and key of a TOML text that parses.

    A table in an array of tables bears its number: the second `[[steps]]` is ("steps", 1).

    >>> lines_of_keys('years = "all"\n[[steps]]\ncommand = "sectors"\ntop = [\n 1,\n]\n')
    {('years',): 1, ('steps', 0): 2, ('steps', 0, 'command'): 3, ('steps', 0, 'top'): 4}
    """
    found: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    depth, inside = 0, ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside and depth == 0:
            if head := _HEAD.match(line):
                table = _table(head[1] == "[[", _parts(head[2]), counts)
                found.setdefault(table, number)
                continue
            if key := _KEY.match(line):
                found.setdefault((*table, *_parts(key[1])), number)
        depth, inside = _state(line, depth, inside)
    return found


def _table(many: bool, name: tuple[str, ...], counts: dict[Place, int]) -> Place:
    if many:
        counts[name] = counts.get(name, -1) + 1
        return (*name, counts[name])
    parent = name[:1]
    return (*parent, counts[parent], *name[1:]) if parent in counts else name


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in name.split("."))


def _state(line: str, depth: int, inside: str) -> tuple[int, str]:
    """Return how deep in brackets, and in which long text, the line ends."""
    if inside:
        _, end, line = line.partition(inside)
        if not end:
            return depth, inside
    bare = ""
    place = 0
    for quote in _QUOTES.finditer(line):
        if quote.start() < place:
            continue
        bare += line[place : quote.start()]
        place = quote.end()
        if quote[0] in ('"""', "'''"):
            after = line[place:]
            return _state(after, depth + _brackets(bare), quote[0])
    bare += line[place:]
    return max(0, depth + _brackets(bare)), ""


def _brackets(text: str) -> int:
    return sum(text.count(sign) for sign in "[{") - sum(text.count(sign) for sign in "]}")
