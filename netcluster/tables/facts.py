"""Unit, year and source of a table, from its titles, its file name and its sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from netcluster.tables.codes import plain

_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d)")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}")
#: Years of classifications and standards, and a range: no year of the figures.
_STANDARD = re.compile(
    r"(?<![a-z])(esa|cpa|nace|isic|sna|bpm|cnae|naics|prodcom|hs|cpc|rev)[ ._-]*\d{2,4}"
    r"|(?<=[a-z])(19|20)\d\d(?=[_ -]+(19|20)\d\d)",
    re.IGNORECASE,
)
_SCALES = (
    (r"\b(10 ?000|万)\b|10000", "10,000"),
    (r"\b(milliarden|mrd|billions?|bn|mil(es de)? millones|milliards|miljardi|bilhoes|十亿|兆)\b", "billion"),
    (r"\b(millions?|mill?|mio|mn|mln|millones|milhoes|miljoona[at]?|m|r\$ milhao|1 ?000 ?000|milj|百万)\b", "million"),
    (r"\b(thousands?|tausend|miles|mil|1 ?000|tsd|th|t|000)\b|千", "thousand"),
)
_MONEY = (
    (r"\b(us ?\$|usd|us dollars?|u\.s\. dollars?|dollars?)\b|us\$|\bm?usd\b", "USD"),
    (r"\b(euros?|eur|meur)\b|€", "EUR"),
    (r"\b(forints?|huf|ft)\b", "HUF"),
    (r"\b(kunas?|hrk)\b", "HRK"),
    (r"r\$|\b(brl|reais)\b", "BRL"),
    (r"\b(clp)\b", "CLP"),
    (r"\b(pesos?)\b", "pesos"),
    (r"\b(yuan|cny|rmb|renminbi)\b|元", "CNY"),
    (r"\b(yen|jpy)\b|円", "JPY"),
    (r"\b(pounds?|gbp|sterling)\b|£", "GBP"),
    (r"\b(francs?|chf|sfr)\b", "CHF"),
    (r"\b(zloty|pln)\b", "PLN"),
    (r"\b(kronor|sek)\b", "SEK"),
    (r"\b(kroner|nok)\b", "NOK"),
    (r"\b(dkk)\b", "DKK"),
    (r"\b(korunas?|czk|kc)\b", "CZK"),
    (r"\b(won|krw)\b", "KRW"),
    (r"\b(rupees?|inr|rs\.?)\b", "INR"),
    (r"\b(aud)\b|\ba\$", "AUD"),
    (r"\b(cad)\b|\bc\$", "CAD"),
    (r"\b(rubles?|roubles?|rub)\b", "RUB"),
    (r"\b(mxn)\b", "MXN"),
    (r"\bnac\b|national currency", "national currency"),
)
#: Whose pesos they are, where a text names the country or its statistical office.
_PESOS = (
    (r"chile|bcch", "CLP"),
    (r"mexic|inegi", "MXN"),
    (r"colombia|\bdane\b", "COP"),
    (r"argentin|indec", "ARS"),
    (r"filipin|philippin", "PHP"),
    (r"urugua", "UYU"),
    (r"dominican", "DOP"),
)
_SOURCE = re.compile(r"^\s*(source|quelle|fonte|fuente|lahde)\s*:?\s*", re.IGNORECASE)


def find_unit(texts: Sequence[str]) -> str:
    """Return the money unit named in some texts, in our words, or nothing.

    >>> find_unit(["(Millions of dollars)"]), find_unit(["Werte in Mio. Forint"]), find_unit(["000 kunas"])
    ('million USD', 'million HUF', 'thousand HRK')
    """
    for text in texts:
        key = re.sub(r"[_.]", " ", plain(text))
        money = next((name for pattern, name in _MONEY if re.search(pattern, key)), "")
        if not money:
            continue
        if money == "pesos":
            words = plain(" ".join(texts)).replace("_", " ")
            money = next((name for pattern, name in _PESOS if re.search(pattern, words)), money)
        scale = next((name for pattern, name in _SCALES if re.search(pattern, key)), "")
        return f"{scale} {money}".strip()
    return ""


def find_year(texts: Sequence[str]) -> int | None:
    """Return the one year that titles or names agree on: the first text with a year decides, dates left out.

    >>> find_year(["Stand: 31.12.2023", "Input-Output-Tabelle Ungarn 2020"])
    2020
    """
    for text in texts:
        years = _YEAR.findall(_STANDARD.sub(" ", _DATE.sub(" ", text)))
        if len(set(years)) == 1:
            return int(years[0])
    return None


def find_source(name: str, texts: Sequence[str]) -> str:
    """Return who published a table, where a line says so, and the file it came from."""
    for text in texts:
        found = _SOURCE.match(text)
        if found and len(text) > found.end():
            return f"{text[found.end() :].strip()} ({name})"
    return name


def words_around(path: Path | None, name: str, titles: Sequence[str]) -> list[str]:
    """Return the texts that may hold a year or a unit, the most telling first."""
    sheet = name.partition(", sheet ")[2]
    return [*titles, *([sheet] if sheet else []), *([path.stem] if path else [name])]
