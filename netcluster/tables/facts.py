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
    (r"\b(trillions?|billones|triliun)\b|兆", "trillion"),
    (r"1[0十]億|十[億亿]", "billion"),
    (r"\b(100 ?(millions?|mill?|mio|mn|m)|hundred millions?)\b|億|亿|억", "100 million"),
    (r"\b(crores?|10 ?millions?)\b", "10 million"),
    (r"\b(lakhs?|lacs?)\b", "100,000"),
    (r"\b10[ ,']?000\b(?![ ,']000)|\b(ten|10) thousands?\b|(?<!百)[万萬]|(?<!백)만", "10,000"),
    (
        r"\b(milliarden?|mrd|billions?|bn|mil(es de)? millones|milliards?|miljard(i|er)?|miliard[io]?|mld|bilhoes)\b"
        r"|млрд",
        "billion",
    ),
    (
        r"\b(milli?on(s|en|er|es)?|mill?|mio|mn|mln|milhoes|milhao|milion[ie]|miljoe?n(er)?|miljoona[at]?|juta|milyon|m)\b"
        r"|\b(1[ ,']?000[ ,']?000|10\^6|milj|mkr|meur|musd)\b|百[万萬]|백만|млн",
        "million",
    ),
    (
        r"\b(thousands?|ths|tausend|tsd|miles|mil|migliaia|milliers|ribu|bin|1[ ,']?000|000|th|t|k|tkr|teur|keur)\b"
        r"|千|천|тыс",
        "thousand",
    ),
)
_MONEY = (
    (r"\b(us ?\$|usd|us dollars?|u\.s\. dollars?|dollars?)\b|us\$|\bm?usd\b", "USD"),
    (r"\b(euros?|[mkt]?eur)\b|€", "EUR"),
    (r"\b(forints?|huf|ft)\b", "HUF"),
    (r"\b(kunas?|hrk)\b", "HRK"),
    (r"r\$|\b(brl|reais)\b", "BRL"),
    (r"\b(clp)\b", "CLP"),
    (r"\b(pesos?)\b", "pesos"),
    (r"\b(twd|ntd)\b|\bnt\$|新[臺台]幣", "TWD"),
    (r"\b(yuan|cny|rmb|renminbi)\b|元", "CNY"),
    (r"\b(yen|jpy)\b|円", "JPY"),
    (r"\b(pounds?|gbp|sterling)\b|£", "GBP"),
    (r"\b(francs?|franken|chf|sfr|mio fr)\b", "CHF"),
    (r"\b(zloty|zl|pln)\b", "PLN"),
    (r"\b(kronor|sek|mkr|tkr)\b", "SEK"),
    (r"\b(kroner|nok)\b", "NOK"),
    (r"\b(dkk)\b", "DKK"),
    (r"\b(korunas?|czk|kc)\b", "CZK"),
    (r"\b(won|krw)\b|원", "KRW"),
    (r"\b(rupiahs?|idr)\b|\brp\b", "IDR"),
    (r"\b(rand|zar)\b|\br (m|million|billion|bn)\b", "ZAR"),
    (r"\b(lira|try|tl)\b", "TRY"),
    (r"\b(baht|thb)\b", "THB"),
    (r"\b(ringgit|myr)\b|\brm\b", "MYR"),
    (r"\b(nzd)\b|\bnz\$", "NZD"),
    (r"\b(sgd)\b|\bs\$", "SGD"),
    (r"\b(shekels?|ils|nis)\b", "ILS"),
    (r"\b(lei|ron)\b", "RON"),
    (r"\b(leva?|bgn)\b", "BGN"),
    (r"\b(isk)\b", "ISK"),
    (r"\b(nuevos )?soles\b|\bpen\b", "PEN"),
    (r"\b(rupees?|inr|rs\.?)\b", "INR"),
    (r"\b(aud)\b|\ba\$", "AUD"),
    (r"\b(cad)\b|\bc\$", "CAD"),
    (r"\b(rubles?|roubles?|rub)\b|рубл|\bруб", "RUB"),
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
#: Whose dollars they are, where a text that does not say US names the country.
_DOLLARS = (
    (r"canad|statcan", "CAD"),
    (r"australia", "AUD"),
    (r"new zealand", "NZD"),
    (r"singapore", "SGD"),
    (r"hong kong", "HKD"),
    (r"taiwan", "TWD"),
)
_SOURCE = re.compile(r"^\s*(source|quelle|fonte|fuente|lahde)\s*:?\s*", re.IGNORECASE)


def find_unit(texts: Sequence[str]) -> str:
    """Return the money unit named in some texts, in our words, or nothing.

    >>> find_unit(["(Millions of dollars)"]), find_unit(["Werte in Mio. Forint"]), find_unit(["000 kunas"])
    ('million USD', 'million HUF', 'thousand HRK')
    """
    for text in texts:
        key = re.sub(r"[_.\s]+", " ", plain(text))
        money = next((name for pattern, name in _MONEY if re.search(pattern, key)), "")
        if not money:
            continue
        american = re.search(r"\bm?usd\b|us ?\$|\bu ?s\b", key)
        theirs = _PESOS if money == "pesos" else _DOLLARS if money == "USD" and not american else ()
        if theirs:
            words = plain(" ".join(texts)).replace("_", " ")
            money = next((name for pattern, name in theirs if re.search(pattern, words)), money)
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
