"""Institutions inside a table: industries that stand for universities, research, associations, authorities, banks.

A table has no university, but an industry Education. It is tagged as a proxy: its role, and what else it holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.network.encode import examples
from netcluster.network.network import Network
from netcluster.tables.firms import INSTITUTION_ROLES

#: Divisions of ISIC Rev. 4 (NACE Rev. 2) by the role they stand for.
DIVISIONS: Mapping[str, frozenset[int]] = {
    "university": frozenset({85}),
    "research": frozenset({72}),
    "association": frozenset({94}),
    "government": frozenset({84}),
    "bank": frozenset({64, 65, 66}),
    "service_provider": frozenset({62, 63, 69, 70, 71, 73, 74, 75, *range(77, 83)}),
}
#: The divisions of each section that matters here, first and last.
_SECTIONS = {"J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82), "O": (84, 84), "P": (85, 85)}
_SECTIONS |= {"Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99)}
#: Codes of tables that go by other classifications: ISIC Rev. 3 sections, WIOD's 2013 numbers, and beginnings of BEA's.
_ISIC3 = {"J": "bank", "L": "government", "M": "university"}
_WIOD13 = {"c28": "bank", "c31": "government", "c32": "university"}
_BEA = {"61": "university", "5417": "research", "813": "association", "GFG": "government"}
_BEA |= {"GSLG": "government", "S00500": "government", "S00600": "government"}
_BEA |= {"521": "bank", "522": "bank", "523": "bank", "524": "bank", "525": "bank", "52A": "bank"}
_BEA |= dict.fromkeys(("514", "518", "519", "5411", "5412", "5415", "5416", "55", "561"), "service_provider")
#: What names say where codes don't: English, German, French, Spanish and Portuguese, without accents.
_WORDS = {
    "university": r"\beducation|\berziehung|\bunterricht|\bbildung|\benseignement|\beducacion|\bensino|\beducacao",
    "research": r"\bresearch (?:and|&) (?:\w+ )?dev|scientific research|\bforschung|\brecherche|\binvestigacion",
    "association": r"membership org|\bassociations?\b|interessenvert|organisations associatives|\basociaciones",
    "government": r"public admin|\bgovernment\b|offentliche verw|administration publique|administracion publica|"
    r"administracao",
    "bank": r"\bfinanc|\binsuranc|\bbank|\bversicher|\bassurance|\bseguros",
    "service_provider": r"\bcomputer (?:prog|serv|and rel)|\bsoftware|information serv|\bdatenverarb|business serv|"
    r"technical serv|consult",
}
#: What a name must not be of: goods for schools, studies of markets, state enterprises, and what holds too much.
_NOT = re.compile(r"manufactur|market research|government enterprise|real estate|education.*health|health.*education")


class Proxy(NamedTuple):
    """What an industry stands for: its role, empty where it is none, and what it holds."""

    role: str = ""
    holds: str = ""


def tag_proxies(network: Network) -> Network:
    """Return the network with its industries tagged that stand for institutions and service providers.

    Their `role` is filled where it is empty, `proxy` is true, and `proxy_note` says what the industry holds besides.
    They are told by codes of ISIC Rev. 4 and NACE Rev. 2 (also WIOD 2016, OECD ICIO, CPA), ISIC Rev. 3, WIOD 2013 or
    BEA, whichever the table is of, and else by their names; an industry that holds several institutions at once
    (public administration, education and health in one) is left untagged. A note lists what was tagged.

    Raises NetclusterError where the network holds no industries.
    """
    nodes = network.nodes
    industry = (nodes["kind"] == "industry").to_numpy(dtype=np.bool_)
    if not industry.any():
        raise NetclusterError("The network holds no industries.", "Tag the network of an input–output table.")
    codes, names = nodes["industry"].where(industry, "").tolist(), nodes["label"].where(industry, "").tolist()
    found = recognised(codes, names)
    tagged = np.array([bool(proxy.role) for proxy in found]) & industry & (nodes["role"] == "").to_numpy()
    roles = np.array([proxy.role for proxy in found], dtype=object)
    frame = nodes.assign(
        role=nodes["role"].where(~tagged, roles).astype("str"),
        proxy=tagged,
        proxy_note=np.where(tagged, [proxy.holds for proxy in found], ""),
    )
    frame["proxy_note"] = frame["proxy_note"].astype("str")
    text = f"{int(tagged.sum()):,} industries stand for institutions and service providers (proxies): "
    listed = examples(f"{node} {role}" for node, role in zip(frame["id"][tagged], frame["role"][tagged], strict=True))
    said = (
        text + listed + "." if tagged.any() else "No industry of the table could be told to stand for an institution."
    )
    return network.replace(nodes=frame, changes=(*network.changes, Note("proxies", said, int(tagged.sum()))))


def recognised(codes: Sequence[str], names: Sequence[str]) -> list[Proxy]:
    """Return what each industry of one table stands for, by its classification, and by names where codes tell nothing.

    >>> recognised(["C10", "K64", "P85", "R_S"], ["Food", "Finance", "Education", "Other services"])[2:]
    [Proxy(role='university', holds='ISIC 85'), Proxy(role='association', holds='ISIC 90-96, of which 94')]
    >>> recognised(["1", "2"], ["Education", "Public administration, education and health"])
    [Proxy(role='university', holds='by its name'), Proxy(role='', holds='')]
    """
    bare = [_bare(code) for code in codes]
    by_code = _classification(set(bare))
    return [by_code(code) if by_code is not None else _by_name(name) for code, name in zip(bare, names, strict=True)]


def _bare(code: str) -> str:
    """Return a code without what publishers put before it."""
    return re.sub(r"^(?:CPA_|NACE_|ISIC_|TTL_|DOM_|IMP_)", "", code.strip())


def _classification(codes: set[str]) -> Callable[[str], Proxy] | None:
    """Return what tells a code's role in the classification that these codes are of, or None."""
    if sum(code in codes for code in ("AtB", "15t16", "71t74", "F", "J", "L")) >= 4:
        return lambda code: _named(_ISIC3, code, "ISIC Rev. 3 section")
    if sum(f"c{number}" in codes for number in range(1, 36)) >= 30:
        return lambda code: _named(_WIOD13, code, "WIOD 2013")
    if len(codes & {"GFGD", "GFGN", "GSLG", "GSLE", "521CI", "5412OP", "GFE", "S00500", "S00600"}) >= 2:
        return lambda code: next(
            (Proxy(role, f"BEA {code}") for start, role in _BEA.items() if code.startswith(start)), Proxy()
        )
    divisions = [code for code in codes if re.fullmatch(r"[A-U]\d\d(?:\D.*)?", code)]
    ranges = [code for code in codes if re.fullmatch(r"D?\d\d?T\d\d", code)]
    if len(divisions) >= 3 or len(ranges) >= 2:
        return lambda code: _of_divisions(divisions_of(code))
    return None


def _named(table: Mapping[str, str], code: str, what: str) -> Proxy:
    return Proxy(table[code], f"{what} {code}") if code in table else Proxy()


def _of_bea(code: str) -> Proxy:
    return next((Proxy(role, f"BEA {code}") for start, role in _BEA.items() if code.startswith(start)), Proxy())


def divisions_of(code: str) -> frozenset[int]:
    """Return the divisions of ISIC Rev. 4 a code covers, none where it can't be read.

    >>> sorted(divisions_of("J62_J63")), sorted(divisions_of("64T66")), sorted(divisions_of("S"))
    ([62, 63], [64, 65, 66], [94, 95, 96])
    """
    if re.fullmatch(r"[A-U](?:[_-][A-U])*", code):
        spans = [_SECTIONS[letter] for letter in re.findall("[A-U]", code) if letter in _SECTIONS]
        if not spans or code[0] not in _SECTIONS:
            return frozenset()
        # A section alone is one span; R_S and O-T run from the first to the last.
        return frozenset(range(min(first for first, _ in spans), max(last for _, last in spans) + 1))
    numbers = [int(text) for text in re.findall(r"(?<!\d)\d\d(?!\d)", code)]
    if not numbers or re.search(r"\d{3}", code):
        return frozenset()
    return frozenset(range(min(numbers), max(numbers) + 1))


def _of_divisions(covered: frozenset[int]) -> Proxy:
    """Return the role of a set of divisions: the one institution among them, or services where they are most."""
    shared = {role: covered & wanted for role, wanted in DIVISIONS.items() if covered & wanted}
    if not shared or len(covered) > 10:
        return Proxy()
    within = [role for role in shared if role in INSTITUTION_ROLES]
    services = len(shared.get("service_provider", ()))
    if services > len(covered) / 2:
        return Proxy("service_provider", _held(covered, shared["service_provider"]))
    # Membership organisations are never shown by themselves; the other institutions must be most of what is covered.
    if len(within) == 1 and (within[0] == "association" or len(shared[within[0]]) > len(covered) / 2):
        return Proxy(within[0], _held(covered, shared[within[0]]))
    return Proxy()


def _held(covered: frozenset[int], wanted: frozenset[int]) -> str:
    """Return what a code covers, and which of it is meant."""
    span = f"ISIC {min(covered)}" + (f"-{max(covered)}" if len(covered) > 1 else "")
    return span if wanted == covered else f"{span}, of which {', '.join(map(str, sorted(wanted)))}"


def _by_name(name: str) -> Proxy:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    if _NOT.search(plain):
        return Proxy()
    roles = [role for role, words in _WORDS.items() if re.search(words, plain)]
    return Proxy(roles[0], "by its name") if len(roles) == 1 else Proxy()
