"""How a cell of a long table becomes a number, in SQL: the same decisions as `cells.number` takes cell by cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netcluster.tables.cells import CURRENCY_BEFORE, CURRENCY_BEHIND, GROUPS
from netcluster.tables.duck import literal, literals
from netcluster.tables.grid import LARGEST

if TYPE_CHECKING:
    from netcluster.tables.options import Dialect


def number_sql(column: str, dialect: Dialect) -> str:
    """Return an expression of type DOUBLE: the number in a text column, 0 for a zero mark, NULL where it is none.

    A text that is missing gives NULL like one that is no number, or none that money can be; `is_missing_sql` tells
    them apart.
    """
    mark = re.escape(dialect.decimal)
    shape = literal(rf"\s*[-+]?(?:\d+{mark}?\d*|{mark}\d+)(?:[eE][-+]?\d+)?\s*")
    plain = column if dialect.decimal == "." else f"replace({column}, {literal(dialect.decimal)}, '.')"
    fast = f"CASE WHEN regexp_full_match({column}, {shape}) THEN TRY_CAST({plain} AS DOUBLE) END"
    zero = f"CASE WHEN trim({column}) IN {literals(dialect.zero)} THEN 0.0 END" if dialect.zero else "NULL"
    found = f"COALESCE({fast}, {_slow(column, dialect)}, {zero})"
    return f"CASE WHEN abs({found}) <= {LARGEST} THEN {found} END"


def is_missing_sql(column: str, dialect: Dialect) -> str:
    """Return a condition: the text column stands empty or holds a mark for a missing value."""
    return f"({column} IS NULL OR trim({column}) IN {literals(sorted({'', *dialect.missing}))})"


def _slow(column: str, dialect: Dialect) -> str:
    """Return the expression for a number with group marks, accounting brackets or a flag behind it."""
    text = f"replace(trim({column}), '−', '-')"
    text = rf"regexp_replace({text}, {literal(CURRENCY_BEFORE)}, '\1\2')"
    text = rf"regexp_replace({text}, {literal(CURRENCY_BEHIND)}, '\1')"
    text = rf"regexp_replace({text}, '^\((.*\d.*)\)$', '-\1')"
    text = rf"regexp_replace({text}, '^(.*\d)\s+(\([a-z]{{1,3}}\)|[a-z]{{1,3}})$', '\1')"
    text = rf"regexp_replace({text}, '^(.*\d)\s*(\*{{1,3}}|\[[a-z]{{1,3}}\])$', '\1')"
    text = rf"regexp_replace({text}, '^[‒–—](\d)', '-\1')"
    text = rf"regexp_replace({text}, '^(\d.*?)\s*-$', '-\1')"
    mark = re.escape(dialect.decimal)
    groups = [f"[{GROUPS}]"]
    if dialect.thousands in (".", ","):
        groups.append(re.escape(dialect.thousands))
    either = "|".join(rf"[-+]?\d{{1,3}}({group}\d{{3}})+({mark}\d*)?" for group in groups)
    pattern = literal(rf"(?:{either}|[-+]?\d+({mark}\d*)?(?:[eE][-+]?\d+)?)")
    marks = GROUPS + (dialect.thousands if dialect.thousands in (".", ",") else "")
    bare = f"regexp_replace({text}, {literal('[' + re.escape(marks) + ']')}, '', 'g')"
    if dialect.decimal != ".":
        bare = f"replace({bare}, {literal(dialect.decimal)}, '.')"
    return f"CASE WHEN regexp_full_match({text}, {pattern}) THEN TRY_CAST({bare} AS DOUBLE) END"
