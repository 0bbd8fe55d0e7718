"""What the labels of the publishers mean: final demand, primary inputs, totals, accounts."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Meaning:
    """What a label stands for: its role, and a demand category or a kind of primary input where it is one."""

    role: str
    category: str = ""

    @property
    def is_total(self) -> bool:
        """Whether the label names a sum, or output."""
        return self.role in ("total", "output")


@dataclass(frozen=True)
class _Rule:
    meaning: Meaning
    codes: frozenset[str]
    starts: tuple[str, ...]
    names: re.Pattern[str] | None


@cache
def _book() -> dict[str, object]:
    return tomllib.loads((files("netcluster.tables") / "codes.toml").read_text(encoding="utf-8"))


@cache
def _rules(side: str) -> tuple[_Rule, ...]:
    rules = []
    for entry in _book()[side]:  # type: ignore[attr-defined]
        names = entry.get("names", [])
        rules.append(
            _Rule(
                Meaning(entry["role"], entry.get("category", entry.get("kind", ""))),
                frozenset(map(plain, entry.get("codes", []))),
                tuple(entry.get("starts", [])),
                re.compile("|".join(f"(?:{name})" for name in names)) if names else None,
            )
        )
    return tuple(rules)


#: Letters that no accent makes out of others.
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "þ": "th"})


@cache
def plain(text: str) -> str:
    """Return a label for comparing: one line, lower case, without accents.

    >>> plain("Formação  Bruta")
    'formacao bruta'
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
        # Put together again what is no accent: Korean syllables fall into letters.
        text = unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))
    return " ".join(text.casefold().split())


@cache
def stripped(text: str) -> str:
    """Return a label for comparing rows with columns: without the publishers' prefixes (CPA_, TTL_).

    >>> stripped("CPA_C10-12"), stripped("TTL_01T02")
    ('c10-12', '01t02')
    """
    key = plain(text)
    for prefix in _book()["prefixes"]:  # type: ignore[attr-defined]
        if key.startswith(prefix) and len(key) > len(prefix):
            return key[len(prefix) :]
    return key


@cache
def numbered(text: str) -> str:
    """Return a label for comparing, without prefixes and without the letter before a number: D01T02 is 01t02.

    >>> numbered("D01T02") == numbered("TTL_01T02")
    True
    """
    key = stripped(text)
    return key[1:] if re.match(r"[dcip]\d", key) else key


@cache
def spelled(text: str) -> str:
    """Return a label for comparing as R writes it into a header: marks become dots, a number gets an X.

    >>> spelled("X10.12") == spelled("10-12"), spelled("Mining..quarrying") == spelled("Mining, quarrying")
    (True, True)
    """
    key = re.sub(r"[\W_]+", ".", plain(text)).strip(".")
    return key[1:] if re.match(r"x\d", key) else key


@cache
def meaning(side: str, labels: tuple[str, ...]) -> Meaning | None:
    """Return what the labels of one row or column (its code, its name) stand for, or None.

    >>> meaning("column", ("P3_S14", "Household consumption"))
    Meaning(role='demand', category='households')
    >>> meaning("row", ("B2A3G", "")).category
    'value_added'
    >>> meaning("column", ("CPA_A01", "Products of agriculture")) is None
    True
    """
    keys = tuple(plain(label) for label in labels if label)
    for rule in _rules(side):
        if any(key in rule.codes for key in keys):
            return _by_name(side, keys, rule)
    for rule in _rules(side):
        if any(key.startswith(rule.starts) for key in keys) if rule.starts else False:
            return rule.meaning
    keys += tuple([re.sub(r"[._]+", " ", key) for key in keys if re.fullmatch(r"[^\W\d]+([._]+[^\W\d]+)+", key)])
    for rule in _rules(side):
        if rule.names is not None and any(rule.names.search(key) for key in keys):
            return rule.meaning
    return None


def _by_name(side: str, keys: tuple[str, ...], rule: _Rule) -> Meaning:
    """Return what a code means, or what the full name beside it says: P1 is output to some, wages to others."""
    names = [key for key in keys if " " in key and key not in rule.codes]
    if not names:
        return rule.meaning
    said = [r.meaning for r in _rules(side) if r.names is not None and any(r.names.search(name) for name in names)]
    if not said or rule.meaning in said or {said[0].role, rule.meaning.role} != {"input", "output"}:
        return rule.meaning
    return said[0]


def origin_of(text: str) -> str:
    """Return domestic, imports or total for a publisher's word, or nothing."""
    key = plain(text)
    for origin, words in _book()["origins"].items():  # type: ignore[attr-defined]
        if key in words:
            return str(origin)
    return ""


def head_of(text: str) -> str:
    """Return year, origin, unit or region where a label column's head names one, or nothing."""
    key = plain(text)
    for head, words in _book()["heads"].items():  # type: ignore[attr-defined]
        if key in words or any(key == plain(word) for word in words):
            return str(head)
    return ""


def category_of(labels: Sequence[str]) -> str:
    """Return the category of final demand of a column's labels, "other" where none is known."""
    found = meaning("column", tuple(labels))
    return found.category if found and found.role == "demand" else "other"
