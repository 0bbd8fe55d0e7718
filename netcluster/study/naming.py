"""Codes in findings, told by name: a list of firms knows that an industry is C21, the table beside it what C21 is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netcluster.core.finding import Finding
    from netcluster.network.network import Network
    from netcluster.study.folder import Section
    from netcluster.tables.bundle import Bundle

#: A word that may be a code: letters and digits. Letters alone may be a word, digits alone a number of the sentence.
_WORD = re.compile(r"(?<![\w(])[A-Za-z0-9_.:-]*\d[A-Za-z0-9_-]*(?![\w)])")


def names_of(bundle: Bundle, network: Network | None) -> dict[str, str]:
    """Return what the codes of industries and the ids of nodes are called, where it differs from the code."""
    known: dict[str, str] = {}
    if network is not None:
        known |= _differing(network.nodes["id"], network.nodes["label"])
    if bundle.io is not None:
        sectors = bundle.io.sectors.drop_duplicates("sector")
        known |= _differing(sectors["sector"], sectors["name"])
    return known


def _differing(codes: object, names: object) -> dict[str, str]:
    pairs = zip(map(str, codes), names, strict=True)  # type: ignore[call-overload]
    return {code: name for code, name in pairs if isinstance(name, str) and name and name != code}


def named(section: Section, names: Mapping[str, str]) -> Section:
    """Return a section whose findings tell codes by name."""
    result = section.result
    if not names or not result.findings:
        return section
    findings = tuple(_named(finding, names) for finding in result.findings)
    return replace(section, result=replace(result, findings=findings))


def _named(finding: Finding, names: Mapping[str, str]) -> Finding:
    return replace(finding, sentence=tell(finding.sentence, names), lever=tell(finding.lever, names))


def tell(sentence: str, names: Mapping[str, str]) -> str:
    """Return a sentence with the name before each code that has one and isn't named there already.

    >>> tell("76% of the jobs of V06 are in B07.", {"B07": "Mining"})
    '76% of the jobs of V06 are in Mining (B07).'
    >>> tell("Mining (B07) leads.", {"B07": "Mining"})
    'Mining (B07) leads.'
    """

    def name(found: re.Match[str]) -> str:
        word = found[0].rstrip(".:")
        called = names.get(word)
        if called is None or called in sentence or not any(letter.isalpha() for letter in word):
            return found[0]
        return f"{called} ({word}){found[0][len(word) :]}"

    return _WORD.sub(name, sentence)
