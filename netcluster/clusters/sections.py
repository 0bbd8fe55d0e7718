"""Which broad section an industry's code belongs to, for naming clusters: ISIC 4 / NACE 2, ISIC 3 / NACE 1, NAICS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

#: A classification is taken where at least this share of the codes fits it; ours.
FITTING = 0.8

_ISIC4 = {
    "A": "Farming, forestry and fishing", "B": "Mining", "C": "Manufacturing", "D": "Energy supply",
    "E": "Water and waste", "F": "Construction", "G": "Trade", "H": "Transport", "I": "Hotels and restaurants",
    "J": "Information and communication", "K": "Finance", "L": "Real estate", "M": "Professional services",
    "N": "Business support", "O": "Public administration", "P": "Education", "Q": "Health and social work",
    "R": "Arts and leisure", "S": "Other services", "T": "Households", "U": "Extraterritorial bodies",
}  # fmt: skip
#: The last division of each section of ISIC 4, and the numbers that are no division.
_ISIC4_ENDS = {
    3: "A", 9: "B", 33: "C", 35: "D", 39: "E", 43: "F", 47: "G", 53: "H", 56: "I", 63: "J", 66: "K", 68: "L", 75: "M",
    82: "N", 84: "O", 85: "P", 88: "Q", 93: "R", 96: "S", 98: "T", 99: "U",
}  # fmt: skip
_ISIC4_GAPS = frozenset({0, 4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89})
_ISIC3 = {
    2: "Farming and forestry", 5: "Fishing", 14: "Mining", 37: "Manufacturing", 41: "Energy and water",
    45: "Construction", 52: "Trade", 55: "Hotels and restaurants", 64: "Transport and communication", 67: "Finance",
    74: "Real estate and business services", 75: "Public administration", 80: "Education",
    85: "Health and social work", 93: "Other services", 95: "Households", 99: "Extraterritorial bodies",
}  # fmt: skip
_ISIC3_LETTERS = {
    "A": 2, "B": 5, "C": 14, "D": 37, "E": 41, "F": 45, "G": 52, "H": 55, "I": 64, "J": 67, "K": 74, "L": 75,
    "M": 80, "N": 85, "O": 93, "P": 95, "Q": 99,
}  # fmt: skip
_ISIC3_GAPS = frozenset(
    {0, 3, 4, *range(6, 10), 38, 39, *range(42, 45), *range(46, 50), 53, 54, *range(56, 60), 68, 69, *range(76, 80)}
    | {*range(81, 85), *range(86, 90), 94, 98}
)
_NAICS = {
    "11": "Farming, forestry and fishing", "21": "Mining", "22": "Utilities", "23": "Construction",
    "31": "Manufacturing", "32": "Manufacturing", "33": "Manufacturing", "42": "Wholesale trade",
    "44": "Retail trade", "45": "Retail trade", "48": "Transport", "49": "Transport", "51": "Information",
    "52": "Finance", "53": "Real estate and rental", "54": "Professional services", "55": "Management of companies",
    "56": "Business support and waste", "61": "Education", "62": "Health and social work", "71": "Arts and leisure",
    "72": "Hotels and restaurants", "81": "Other services", "92": "Public administration",
}  # fmt: skip
_PREFIX = re.compile(r"^(CPA|TTL|DOM|NACE|ISIC)_", re.IGNORECASE)
_GOVERNMENT = re.compile(r"^(GF|GSL|S00)")


#: The 35 industries of WIOD 2013 are numbered c1 to c35; these are their first divisions of ISIC 3.
_WIOD = (
    1, 10, 15, 17, 19, 20, 21, 23, 24, 25, 26, 27, 29, 30, 34, 36, 40, 45, 50, 51, 52, 55, 60, 61, 62, 63, 64, 65, 70,
    71, 75, 80, 85, 90, 95,
)  # fmt: skip


def sections(codes: Sequence[str]) -> list[str]:
    """Return the section of each industry code, empty where none can be told; the classification is found itself.

    >>> sections(["A01", "C10-C12", "C29", "K64", "R_S"])[1:]
    ['Manufacturing', 'Manufacturing', 'Finance', 'Arts and leisure']
    >>> sections(["AtB", "15t16", "29", "J", "71t74"])[1:4]
    ['Manufacturing', 'Manufacturing', 'Finance']
    >>> sections(["111CA", "3361MV", "441", "GFGD"])[1:3]
    ['Manufacturing', 'Retail trade']
    >>> sections(["c1", "c15", "c30"])[1:]
    ['Manufacturing', 'Real estate and business services']
    >>> sections(["10T12", "41T43", "45T47", "62T63"])
    ['Manufacturing', 'Construction', 'Trade', 'Information and communication']
    >>> sections(["coal", "steel"]), sections(["1", "2", "3", "4"])
    (['', ''], ['', '', '', ''])
    """
    distinct = dict.fromkeys(codes)
    if _counted(distinct):
        return [""] * len(codes)
    for readers in ((_isic4,), (_naics,), (_wiod13,), (_isic4_divisions, _isic3)):
        each = [{code: reader(_PREFIX.sub("", code.strip())) for code in distinct} for reader in readers]
        found = max(each, key=lambda one: sum(map(bool, one.values())))
        if sum(map(bool, found.values())) >= FITTING * len(found):
            return [found[code] for code in codes]
    return [""] * len(codes)


def _counted(codes: Iterable[str]) -> bool:
    """Return whether codes are but numbers from 1 to n: a table's own numbering, no classification."""
    numbers = [int(code) if re.fullmatch(r"\d{1,3}", code) else 0 for code in codes]
    return sorted(numbers) == list(range(1, len(numbers) + 1))


def _isic4(code: str) -> str:
    fits = re.match(r"^([A-U])(\d{2}|[_-][A-U]|$)", code)
    # Bare letters alone fit ISIC 3 too, whose letters mean other things: numbers decide below.
    return _ISIC4.get(fits[1], "") if fits else ""


def _naics(code: str) -> str:
    if code in ("HS", "ORE"):
        return "Real estate and rental"
    if _GOVERNMENT.match(code):
        return "Public administration" if code.startswith("G") else ""
    fits = re.match(r"^(\d{2})(\d|-|$|[A-Z])", code)
    if not fits or re.match(r"^\d{1,2}[tT]\d", code) or (len(code) == 2 and code not in _NAICS):
        return ""
    return _NAICS.get(fits[1], "")


def _wiod13(code: str) -> str:
    fits = re.fullmatch(r"[cC](\d{1,2})", code)
    number = int(fits[1]) if fits else 0
    return _isic3(str(_WIOD[number - 1])) if 1 <= number <= len(_WIOD) else ""


def _isic3(code: str) -> str:
    letter = re.match(r"^([A-Q])(t[A-Q])?$", code)
    if letter:
        return _ISIC3[_ISIC3_LETTERS[letter[1]]]
    ends = _divisions(code)
    if not ends or _ISIC3_GAPS.intersection(ends):
        return ""
    return next(name for last, name in _ISIC3.items() if ends[0] <= last)


def _isic4_divisions(code: str) -> str:
    ends = _divisions(code)
    if not ends or _ISIC4_GAPS.intersection(ends):
        return ""
    return next(_ISIC4[letter] for last, letter in _ISIC4_ENDS.items() if ends[0] <= last)


def _divisions(code: str) -> list[int]:
    """Return the first and, of a range, the last division a code begins with: 10T12 is 10 and 12, 2410 is 24."""
    fits = re.match(r"^(\d{1,2})(?:[tT_-](\d{1,2})(?!\d))?", code)
    return [int(number) for number in fits.groups() if number] if fits else []
