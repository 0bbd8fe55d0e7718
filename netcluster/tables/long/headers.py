"""The names publishers give the columns of long tables, in the languages they are met in.

A name is compared without case, accents, marks and camel-case joints: `Reporter ISO`, `reporterISO` and
`REPORTER_ISO` are one name. Of several that fit, the first in the list is taken.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

#: The names of BACI: year, exporter, importer, product, value, quantity.
BACI = {"t": "year", "i": "exporter", "j": "importer", "k": "product", "v": "value", "q": "quantity"}


#: Units that hang on a name: sales_tsd_eur, value_in_mn_usd.
_UNITS = re.compile(
    r"(?:_(?:in|th|usd|eur|gbp|chf|jpy|us|dollars?|euros?|tsd|thsd|ths|thousands?|1000|mio|mn|millions?|bn|mrd|persons|kg))+$"
)


@cache
def families() -> Mapping[str, tuple[str, ...]]:
    """Return the known names of each of our columns, the likeliest first."""
    text = files("netcluster.tables.long").joinpath("headers.toml").read_text(encoding="utf-8")
    return {family: tuple(names) for family, names in tomllib.loads(text).items()}


@lru_cache(maxsize=8192)
def normal(name: str) -> str:
    """Return a column's name as it is compared.

    >>> normal("reporterISO"), normal("Trade Value (US$)"), normal("Größe"), normal("emp_tl")
    ('reporter_iso', 'trade_value_us', 'groesse', 'emp_tl')
    """
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        name = name.replace(umlaut, letters)
    name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"[\W_]+", "_", name).strip("_").lower()


def find(header: Sequence[str], family: str, taken: Sequence[str] = ()) -> str | None:
    """Return the column of a family, or None; columns in `taken` are passed over."""
    keys = {normal(name): name for name in reversed(header) if name not in taken}
    # Field types of search engines hang on names as suffixes: region_name_t, year_t.
    short = {re.sub(r"_(t|tf|tl|s|i)$", "", key): name for key, name in reversed(keys.items())}
    bare = {re.sub(_UNITS, "", _undated(key, family)): name for key, name in reversed(keys.items())}
    for candidate in families()[family]:
        for names in (keys, short, bare):
            if candidate in names:
                return names[candidate]
    return None


def _undated(key: str, family: str) -> str:
    """Return a name without the year of the figure behind it, which lists of firms have: number_of_employees_2019."""
    if family not in ("size", "revenue", "costs"):
        return key
    return re.sub(r"_(?:(?:19|20)\d\d|last_avail_(?:yr|value)|last_value|last_year)$", "", key)


#: What follows a known name without changing what the column holds is anything but these.
_OTHER = frozenset(
    [
        *("share", "growth", "rate", "flag", "flags", "index", "percent", "pct", "change", "status", "symbol", "note"),
        *("rank", "name", "label", "desc", "description", "type", "per", "ratio", "lq", "quotient", "gdp", "pop", "id"),
        *("unit", "code", "year", "distance", "dist", "nf", "mean", "average", "std", "anteil", "veraenderung", "part"),
    ]
)


def find_longer(header: Sequence[str], family: str, taken: Sequence[str] = ()) -> str | None:
    """Return the column whose name begins with one of a family's and says no other thing of it, or None.

    >>> find_longer(["Emploi salarié", "Emploi part"], "employment"), find_longer(["export share"], "value")
    ('Emploi salarié', None)
    """
    keys = [(name, normal(name)) for name in header if name not in taken]
    for candidate in families()[family]:
        for name, key in keys:
            longer = len(candidate) > 2 and key.startswith(f"{candidate}_")
            if longer and not _OTHER & set(key[len(candidate) :].split("_")):
                return name
    return None


def unit_of(name: str) -> str:
    """Return the unit a column's name tells, or "".

    >>> unit_of("Trade Value (US$)"), unit_of("Wert in Mio. EUR"), unit_of("value")
    ('USD', 'million EUR', '')
    """
    text = normal(name.replace("US$", "USD").replace("€", "EUR").replace("£", "GBP"))
    money = re.search(r"(?:^|_)(usd|eur|euros?|gbp|chf|jpy|cny|huf|us|dollars?)(?:$|_)", text)
    if not money:
        return ""
    scale = re.search(r"(?:^|_)(1000|thousands?|tsd|thsd|k|mio|millions?|mn|bn|billions?|mrd)(?:$|_)", text)
    words = {"1": "thousand ", "t": "thousand ", "k": "thousand ", "m": "million ", "b": "billion "}
    size = scale[1] if scale else ""
    word = "billion " if size == "mrd" else words.get(size[:1], "")
    return word + {"us": "USD", "dol": "USD", "eur": "EUR"}.get(money[1][:3], money[1].upper())
