"""Nested classifications: codes that hold other codes (NAICS 2 to 6 digits, HS 2 to 6, NACE letters, NUTS).

A code and its parts are never summed together. One level is kept: the one asked for, or the finest without gaps,
that is the finest whose codes add up to the total but for `GAP`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

#: The share of the total a level may lack and still count as one without gaps (ours).
GAP = 0.01
#: The share of shorter codes that must begin a longer one for codes to count as nested (ours).
NESTED = 0.5
#: Codes and labels that stand for all industries, products or regions together.
TOTALS = frozenset(
    {
        "00",
        "000",
        "0000",
        "00000",
        "000000",
        "------",
        "10-",
        "total",
        "totals",
        "tot",
        "all",
        "insgesamt",
        "gesamt",
        "summe",
        "ensemble",
        "totale",
        "alle_bereiche",
        "all_industries",
        "all_sectors",
        "all_products",
        "all_commodities",
        "total_all_industries",
        "total_employment",
        "all_nace",
        "a-s",
        "a-u",
        "a_to_s",
        "a_to_u",
        "b-s_x_k642",
        "total_economy",
        "economy_total",
        "total_covered",
        "deutschland",
        "united_states",
        "us",
        "us000",
        "usa",
        "total_industry",
        "total_economy_total",
    }
)
#: The divisions of each section of NACE rev. 2 and ISIC rev. 4.
SECTIONS = {
    **{"A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47)},
    **{"H": (49, 53), "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82)},
    **{"O": (84, 84), "P": (85, 85), "Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99)},
}
_CODE = re.compile(r"[A-Z]{0,3}[\d.]*(?:[-_/][A-Z]{0,2}\d*)*\Z")
_TOTAL = re.compile(
    r"d?total|(total|all|alle|toutes|todas?|tutte)_(.*_)?(industries|sectors|activities|branches|employment|employed|jobs"
    r"|products|commodities|sectores|secteurs|actividades|activites|wirtschaftszweige|bereiche)"
    r"|(insgesamt|ensemble|column_total|row_total|grand_total|all_establishments|all_firms|all_enterprises)"
    r"|(eco|sex|age)_(\w+_)?(total|t|ythadult|ythadult_ge15|yge15)"
    # All of business, as Eurostat names it: B-N_S95_X_K, B-S_X_O_S94.
    r"|[a-c]-[l-u](_[a-z]\d*)*_x(_[a-z]\d*)+"
)
_IN_LABEL = re.compile(r"\(([A-Z](?:\s?[-–]\s?[A-Z])?)\)\s*\Z")


@dataclass(frozen=True)
class Chosen:
    """The codes kept, their level ("" where nothing is nested), and what was decided."""

    kept: frozenset[str]
    level: str = ""
    notes: tuple[Note, ...] = ()


def is_total(code: str, more: Collection[str] = ()) -> bool:
    """Whether a code or label stands for everything together.

    >>> is_total("Insgesamt"), is_total("00"), is_total("Total, all industries"), is_total("31-33")
    (True, True, True, False)
    """
    bare = code.strip()
    # Thousands of plain codes come by here, and none of them needs its separators made alike.
    named = bare if bare.isdigit() else re.sub(r"(?<=\w)\s*[\[(][\w-]{1,12}[\])]\Z", "", bare)
    text = named if named.isdigit() else re.sub(r"[\s,:]+", "_", named.casefold()).strip("_")
    # A bare T is households as employers beside other sections.
    return text in TOTALS or bare in ("_T", "_t") or code in more or _TOTAL.fullmatch(text) is not None


def choose_level(
    values: Mapping[str, float], *, level: str = "", totals: Collection[str] = (), what: str = "industries"
) -> Chosen:
    """Return which codes to keep so that nothing is counted twice.

    `values` has each code's sum over everything else. Where no level is asked for the finest is taken whose
    codes lack at most `GAP` of the total; a note says how much each level lacks.

    >>> jobs = {"00": 100.0, "11": 40.0, "31-33": 60.0, "111": 39.8, "311": 30.0, "332": 29.9}
    >>> chosen = choose_level(jobs)
    >>> chosen.level, sorted(chosen.kept)
    ('3', ['111', '311', '332'])

    Raises
    ------
    NetclusterError
        Where the level asked for is not there.
    """
    whole = {code for code in values if is_total(code, totals)}
    codes = {code: trimmed(code) for code in values if code not in whole}
    found = _by_length(values, codes, whole, level, what)
    if found is None or (not level and _overlapping(found.kept)):
        found = _by_sections(values, codes, whole, level, what) or found
    if found is not None:
        return found
    if level and level != "all":
        raise NetclusterError(f"The {what} are on one level; there is no level {level!r}.", "Leave --level out.")
    notes = (_left_out(whole, values, what),) if whole else ()
    return Chosen(frozenset(codes), "", notes)


def _overlapping(codes: Iterable[str]) -> bool:
    """Whether ranges stand beside their divisions (C16-C18, C16): lengths of codes do not tell those apart."""
    spans = [span(code) for code in codes if code[:1].isalpha()]
    return any(one < other for one in spans if one for other in spans)


def trimmed(code: str) -> str:
    """Return a code without the fillers of fixed width: `31----` and `3111//` are 31 and 3111."""
    return code.strip().rstrip("/").rstrip("-")


def _left_out(whole: Iterable[str], values: Mapping[str, float], what: str) -> Note:
    names = sorted(whole)
    total = max(values[name] for name in names)
    return Note("totals_left_out", f"{', '.join(names)} ({total:,.0f}): total of all {what}, left out.", len(names))


def _by_length(
    values: Mapping[str, float], codes: Mapping[str, str], whole: set[str], level: str, what: str
) -> Chosen | None:
    """Choose among lengths of codes where shorter ones begin longer ones; None where they don't."""
    if not codes or sum(bool(_CODE.match(code)) for code in codes.values()) < 0.9 * len(codes):
        return None
    depth = {code: len(_first(bare)) for code, bare in codes.items()}
    lengths = sorted(set(depth.values()))
    if len(lengths) < 2 or not _are_nested(codes, depth):
        return None
    sums = {n: sum(v for code, v in values.items() if depth.get(code) == n) for n in lengths}
    total = max((values[code] for code in whole), default=max(sums.values()))
    total = total if total > 0 else max(sums.values())
    lacks = {n: 1 - sums[n] / total if total else 0.0 for n in lengths}
    if level:
        if not level.isdigit() or int(level) not in lengths:
            raise NetclusterError(
                f"There are no {what} of level {level!r}.", f"Levels (digits of the code): {_list(lengths)}."
            )
        kept = int(level)
    else:
        kept = max((n for n in lengths if lacks[n] <= GAP), default=lengths[0])
    shares = ", ".join(f"{n}: {lacks[n]:.1%}" for n in lengths)
    text = (
        f"The {what} are nested; level {kept} was taken{'' if level else ', the finest without gaps'}, which lacks"
        f" {lacks[kept]:.1%} of the total {total:,.0f} (each level lacks {shares}). Give --level for another."
    )
    chosen = frozenset(code for code, n in depth.items() if n == kept)
    return Chosen(chosen, str(kept), (Note("nested_level", text, len(values) - len(chosen)),))


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _first(code: str) -> str:
    """Return the first code of a range (31-33, C10-C12), the code itself otherwise."""
    if code.isalnum() and "T" not in code:
        return code
    return re.split(r"[-_](?=[A-Z]{0,2}\d)|(?<=\d)T(?=\d)", code)[0].replace(".", "")


def _are_nested(codes: Mapping[str, str], depth: Mapping[str, int]) -> bool:
    firsts = {code: _first(bare) for code, bare in codes.items()}
    longest = max(depth.values())
    begun = {first[:n] for first in firsts.values() for n in range(1, len(first))}
    shorter = [code for code, n in depth.items() if n < longest]
    return sum(firsts[code] in begun for code in shorter) >= NESTED * len(shorter)


def _by_sections(
    values: Mapping[str, float], codes: Mapping[str, str], whole: set[str], level: str, what: str
) -> Chosen | None:
    """Choose among sections (letters), ranges of sections and divisions: parts where they make up the whole."""
    spans = {code: span(bare) for code, bare in codes.items()}
    known = {code: s for code, s in spans.items() if s}
    if len(known) < 2:
        return None
    parents = {code: [other for other in known if other != code and known[other] < known[code]] for code in known}
    if not any(parents.values()):
        return None
    tops = [code for code in codes if code not in known or not any(known[code] < known[o] for o in known)]
    kept: set[str] = set()
    notes: list[Note] = [_left_out(whole, values, what)] if whole else []
    for code in tops:
        _descend(code, parents, known, values, kept, coarse=level == "1")
    dropped = sorted(set(codes) - kept)
    text = (
        f"Nested {what} are counted once: {', '.join(map(repr, dropped))} left out beside what holds or makes them up."
    )
    if dropped:
        notes.append(Note("nested_codes", text, len(dropped)))
    return Chosen(frozenset(kept), "", tuple(notes))


def _descend(
    code: str,
    parents: Mapping[str, list[str]],
    spans: Mapping[str, frozenset[int]],
    values: Mapping[str, float],
    kept: set[str],
    *,
    coarse: bool,
) -> None:
    parts = [p for p in parents.get(code, []) if not any(spans[p] < spans[o] for o in parents[code])]
    made_up = sum(values[part] for part in parts) >= (1 - GAP) * values[code]
    if parts and made_up and not coarse:
        for part in parts:
            _descend(part, parents, spans, values, kept, coarse=coarse)
    else:
        kept.add(code)


def span(code: str) -> frozenset[int]:
    """Return the divisions of NACE a code or label covers: a letter, a range of letters, or divisions.

    >>> sorted(span("B-E"))[:3], sorted(span("Trade (G)")), sorted(span("C10-C12"))
    ([5, 6, 7], [45, 46, 47], [10, 11, 12])
    """
    label = _IN_LABEL.search(code)
    text = re.sub(r"\s", "", label[1] if label else code).replace("–", "-").replace("_TO_", "-")
    letters = re.fullmatch(r"([A-U])(?:[-_]([A-U]))?", text)
    if letters:
        last = letters[2] or letters[1]
        return frozenset(n for key, (a, b) in SECTIONS.items() if letters[1] <= key <= last for n in range(a, b + 1))
    divisions = re.fullmatch(r"([A-U])?(\d\d)(?:[-_T]([A-U])?(\d\d))?", text)
    if divisions:
        return frozenset(range(int(divisions[2]), int(divisions[4] or divisions[2]) + 1))
    return frozenset()
