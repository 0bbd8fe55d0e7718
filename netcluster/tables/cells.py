"""What stands in a cell: a number in somebody's way of writing, a mark for nothing, or a label."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from netcluster.core.errors import NetclusterError
from netcluster.tables.options import Dialect

#: Marks of publishers for a value that is missing, secret or not applicable.
MISSING = (
    *("", "NA", "N/A", "n/a", "n.a.", "n.a", "na", "NaN", "nan", "null", "NULL", "None", "#N/A", "#NV"),
    *(":", ".", "..", "...", "…", "c", "x", "z", "(D)", "(S)", "(NA)", "*", "**", "***", ": c", ":c", ": z", "S"),
    *("s", "D", "d", "(N)", "(X)", "np", "n.p.", "/", "[c]", "[x]", "[z]", "[u]", "[w]", "[..]", "[:]"),
)
_LONGEST_MARK = max(map(len, MISSING))
#: Marks for "nothing there", that is zero.
ZERO = ("-", "–", "—", "−", "(Z)")
SPACES = "\u00a0\u2009\u202f\u2007 "
GROUPS = "'’" + SPACES

_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\Z")
_TOKEN = re.compile(r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?\Z")
_DOTTED = re.compile(r"-?[0-9]+\.[0-9]+\Z")
_SIMPLE = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?\Z")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:([.,])\d{3})+\Z")
#: A flag after the number, as Eurostat and the OECD put it: "12.3 p", "45 (e)".
_FLAG = re.compile(r"^(.*\d)(?:\s+(?:\([a-z]{1,3}\)|[a-z]{1,3})|\s*(?:\*{1,3}|\[[a-z]{1,3}\]))\Z")
_DASHES = "‒–—"
#: The currency of an amount, in regular expressions of Python and of DuckDB alike: a sign ($, R$), or a word apart.
_SIGN = "[A-Z]{0,3}[$€£¥₩₹₽₺]"
_WORD = "(?:EUR|USD|CHF|GBP|JPY|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|INR|CNY|RMB|Fr[.]|kr)"
CURRENCY_BEFORE = rf"^([-+(]*)\s*(?:{_SIGN}\s*|{_WORD}\s+)([-(]?[.,]?\d)"
CURRENCY_BEHIND = rf"^(.*\d[-)]?)(?:\s*{_SIGN}|\s+{_WORD})$"
_MONEY = re.compile(rf"[$€£¥₩₹₽₺]|\b{_WORD}(?![A-Za-z])")
_BEFORE, _BEHIND = re.compile(CURRENCY_BEFORE), re.compile(CURRENCY_BEHIND)


@lru_cache(maxsize=1 << 16)
def clean(text: str) -> str:
    r"""Return a label on one line, without the spaces and line breaks of a header cell.

    >>> clean(' Food,\n beverages ')
    'Food, beverages'
    """
    return " ".join(text.split())


def bare(text: str) -> str:
    """Return a number's text without currency or group marks other than dot and comma, with a plain minus sign.

    Accounting brackets and a minus behind become a minus before: `(1 234)` and `1 234-` are `-1234`.
    """
    text = text.strip().replace("−", "-")
    text = _BEHIND.sub(r"\1", _BEFORE.sub(r"\1\2", text))
    if text[:1] in _DASHES and text[1:2].isdigit():
        text = "-" + text[1:]
    if text.startswith("(") and text.endswith(")") and any(c.isdigit() for c in text):
        text = "-" + text[1:-1]
    flagged = _FLAG.match(text)
    if flagged:
        text = flagged[1]
    if text[-1:] == "-" and text[:1].isdigit():
        text = "-" + text[:-1].rstrip()
    if any(mark in text for mark in GROUPS):
        text = re.sub(f"(?<=\\d)[{GROUPS}](?=\\d{{3}}(?!\\d))", "", text).replace(" ", "")
    return text


def number(text: str, dialect: Dialect) -> float | None:
    """Return the number a cell's text stands for under a dialect, NaN for a missing mark, None for a label.

    >>> german = Dialect(decimal=",", thousands=".")
    >>> number("1.234,5", german), number("-", german), number("Holz", german)
    (1234.5, 0.0, None)
    """
    stripped = text.strip()
    wordy = stripped[:1].isalpha() and not _BEFORE.match(stripped)
    if (
        not wordy
        and dialect.decimal == "."
        and dialect.thousands != "."
        and "," not in stripped
        and _SIMPLE.match(stripped)
    ):
        return float(stripped)
    if stripped in dialect.zero:
        return 0.0
    if (len(stripped) <= _LONGEST_MARK or dialect.missing is not MISSING) and stripped in dialect.missing:
        return math.nan
    if wordy:
        return _special(stripped) if stripped[0] in "iI" else None
    token = bare(stripped)
    if not _TOKEN.match(token):
        return _special(token)
    other = dialect.thousands if dialect.thousands in ".," else ""
    if other and other in token:
        whole = token.split(dialect.decimal)[0] if dialect.decimal in token else token
        if not _grouped_by(whole, other):
            return None
        token = token.replace(other, "")
    if dialect.decimal != ".":
        if "." in token:
            return None
        token = token.replace(dialect.decimal, ".")
    return float(token) if _PLAIN.match(token) else None


def _grouped_by(whole: str, mark: str) -> bool:
    found = _GROUPED.match(whole)
    return bool(found) and mark in whole


def _special(token: str) -> float | None:
    lowered = token.lower().lstrip("+-")
    if lowered in ("inf", "infinity", "#div/0!"):
        return math.inf
    return None


def looks_numeric(text: str) -> bool:
    """Whether a text may be a number under some dialect.

    >>> looks_numeric("1.234,5"), looks_numeric("31.12.2023"), looks_numeric("A01")
    (True, False, False)
    """
    if _SIMPLE.match(text):
        return True
    if text[:1].isalpha() and not _BEFORE.match(text):
        return False
    token = bare(text)
    if not _TOKEN.match(token) or not any(c.isdigit() for c in token):
        return False
    marks = [c for c in token if c in ".,"]
    if len(marks) <= 1:
        return True
    whole = re.split(r"[eE]", token)[0]
    if len(set(marks)) == 1:
        return bool(_GROUPED.match(whole))
    head, _, tail = whole.rpartition(marks[-1])
    return tail.isdigit() and marks.count(marks[-1]) == 1 and bool(_GROUPED.match(head))


@dataclass
class Votes:
    """Evidence for how numbers are written, gathered token by token."""

    decimal_comma: int = 0
    decimal_dot: int = 0
    group_comma: int = 0
    group_dot: int = 0
    maybe_comma: int = 0
    maybe_dot: int = 0
    plain_small: int = 0
    plain_large: int = 0
    spaced: str = ""
    example_comma: str = ""
    example_dot: str = ""
    currencies: set[str] = field(default_factory=set)

    def add(self, text: str, times: int = 1) -> None:
        """Count one cell's text, which stands so many times."""
        simple = text if _SIMPLE.match(text) else bare(text)
        if simple is not text:
            self.currencies.update(_MONEY.findall(text))
            for mark in GROUPS:
                if not self.spaced and re.search(f"\\d{mark}\\d{{3}}(?!\\d)", text):
                    self.spaced = mark
        token = re.split(r"[eE]", simple)[0].lstrip("+-")
        marks = [c for c in token if c in ".,"]
        if not marks:
            self._plain(token, times)
        elif len(set(marks)) == 2:
            self._decimal(marks[-1], text, times)
            self._group(marks[0], times)
        elif len(marks) > 1:
            self._group(marks[0], times)
        else:
            self._single(marks[0], token, text, times)

    def _plain(self, token: str, times: int) -> None:
        if len(token) > 3:
            self.plain_large += times
        else:
            self.plain_small += times

    def _single(self, mark: str, token: str, text: str, times: int) -> None:
        head, _, tail = token.partition(mark)
        if len(tail) == 3 and 1 <= len(head) <= 3 and head != "0":
            if mark == ",":
                self.maybe_comma += times
            else:
                self.maybe_dot += times
        else:
            self._decimal(mark, text, times)

    def _decimal(self, mark: str, text: str, times: int) -> None:
        if mark == ",":
            self.decimal_comma += times
            self.example_comma = self.example_comma or text.strip()
        else:
            self.decimal_dot += times
            self.example_dot = self.example_dot or text.strip()

    def _group(self, mark: str, times: int) -> None:
        if mark == ",":
            self.group_comma += times
        else:
            self.group_dot += times

    @classmethod
    def of(cls, cells: Iterable[str]) -> Votes:
        """Return the evidence of many cells; those that can't be numbers are passed over."""
        votes = cls()
        for cell, times in Counter(cells).items():
            # Nearly all cells of a large file are of these two kinds, which need no closer look.
            if cell.isascii() and cell.isdigit():
                votes._plain(cell, times)
            elif _DOTTED.match(cell):
                votes._single(".", cell.lstrip("-"), cell, times)
            elif looks_numeric(cell):
                votes.add(cell, times)
        return votes


def find_marks(
    rows: Sequence[Sequence[str]], decimal: str = "", name: str = "", delimiter: str = ""
) -> tuple[str, str]:
    """Return the decimal and the thousands mark of the numbers in rows.

    Only columns with marks in them tell: years and codes beside them say nothing on how amounts are written.

    Raises NetclusterError where both comma and dot stand for decimals, where every number is of the
    kind "1,234", which may be either, and where amounts bear several currencies.
    """
    # Of a wide table the rows are looked at that hold about 12,000 cells, taken evenly.
    step = max(1, sum(map(len, rows)) // 12_000)
    some = rows[::step]
    marked = {j for row in some for j, cell in enumerate(row) if ("." in cell or "," in cell) and looks_numeric(cell)}
    votes = Votes.of(cell for row in some for j, cell in enumerate(row) if j in marked or not cell.isdigit())
    spaced = votes.spaced
    if len(votes.currencies) > 1:
        raise NetclusterError(
            f"{name or 'The input'} holds amounts in several currencies ({', '.join(sorted(votes.currencies))}).",
            "Convert them to one; amounts in different currencies are never added up.",
        )
    if decimal:
        other = "." if decimal == "," else ","
        grouped = votes.group_dot + votes.maybe_dot if other == "." else votes.group_comma + votes.maybe_comma
        return decimal, other if grouped else spaced
    if votes.decimal_comma and votes.decimal_dot:
        raise NetclusterError(
            f"{name or 'The input'} holds numbers with a decimal comma ({votes.example_comma}) and with a"
            f" decimal point ({votes.example_dot}).",
            "Say which it is with --decimal , or --decimal . after mending the others.",
        )
    if votes.decimal_comma or (votes.group_dot and not votes.decimal_dot):
        return ",", "." if votes.group_dot or votes.maybe_dot else spaced
    if votes.decimal_dot or votes.group_comma:
        return ".", "," if votes.group_comma or votes.maybe_comma else spaced
    return _ambiguous(votes, name, delimiter)


def _ambiguous(votes: Votes, name: str, delimiter: str) -> tuple[str, str]:
    """Decide where each mark has exactly three digits after it: groups, if no longer number goes without.

    Where semicolons part the cells, commas mark decimals as a rule, and a dot may well group thousands.
    """
    grouped = votes.plain_small and not votes.plain_large
    if votes.maybe_comma and votes.maybe_dot:
        return (",", ".") if votes.maybe_dot > votes.maybe_comma else (".", ",")
    if votes.maybe_dot:
        if grouped and (votes.maybe_dot >= 5 or delimiter == ";"):
            return ",", "."
        if delimiter == ";" and not votes.plain_large:
            raise NetclusterError(
                f"In {name or 'the input'} a dot in numbers such as 1.234 may group thousands or mark decimals.",
                "Say which: --decimal , (1.234 is one thousand) or --decimal . (1.234 is about one).",
            )
        return ".", votes.spaced
    if votes.maybe_comma:
        if grouped:
            return ".", ","
        if votes.plain_large:
            return ",", votes.spaced
        raise NetclusterError(
            f"In {name or 'the input'} a comma in numbers such as 1,234 may group thousands or mark decimals.",
            "Say which: --decimal . (1,234 is one thousand) or --decimal , (1,234 is about one).",
        )
    return ".", votes.spaced
