"""One year out of a long table of several."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.duck import arrow, literal

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.long.source import Source

#: Whole years: 2021, 2021.0, and Comext's 202152.
_WHOLE = r"\d{4}(?:\.0*)?|\d{4}52"


def refuse_parts_beside_years(source: Source, connection: Any, column: str, some: Iterable[str]) -> None:
    """Raise where rows of months or quarters stand beside rows of the whole of their year.

    `some` are cells of the column from all over the files: plain years alone need no look at all of them.
    """
    if all(re.fullmatch(r"\s*\d{4}\s*", cell) for cell in set(some)):
        return
    scan = source.scan({"period": column})
    whole = f"regexp_full_match(period, {literal(_WHOLE)})"
    query = (
        f"SELECT left(period, 4) AS year, min(period) FILTER ({whole}) AS one, min(period) FILTER (NOT {whole}) AS part"
        f" FROM ({scan}) WHERE period <> '' GROUP BY 1 HAVING one IS NOT NULL AND part IS NOT NULL ORDER BY 1"
    )
    found = arrow(connection, query, source.name).to_pylist()
    if found:
        part, one = found[0]["part"], found[0]["one"]
        raise NetclusterError(
            f"{source.name}: in {column} parts of a year ({part}) stand beside the whole ({one}).",
            "Keep the rows of one kind: both together would count each flow twice.",
        )


def choose_year(frame: pd.DataFrame, year: int | None, what: str, notes: list[Note]) -> tuple[pd.DataFrame, int | None]:
    """Return the rows of a year and the year: the one asked for, else the latest, which a note says.

    The frame's column `year` holds texts or numbers such as 2008, "2008.0" or "2008-01"; without it every
    row is of one, unknown year. Raises NetclusterError where the year asked for is not there.
    """
    import pandas as pd

    if "year" not in frame:
        return frame, year
    text = frame["year"].astype(str).str.strip()
    # Of a date such as 31/12/2020 the year stands last.
    text = text.str.extract(r"^\d{1,2}[./-]\d{1,2}[./-](\d{4})", expand=False).fillna(text)
    years = pd.to_numeric(text.str.extract(r"^(\d{4})", expand=False), errors="coerce")
    there = sorted({int(y) for y in years.dropna().unique()})
    if not there:
        return frame, year
    if year is not None and year not in there:
        raise NetclusterError(f"{what} has no year {year}.", f"Its years: {', '.join(map(str, there))}.")
    chosen = there[-1] if year is None else year
    if lost := int(years.isna().sum()):
        notes.append(Note("no_year", f"{lost:,} rows tell no year; they are left out.", lost))
    if year is None and len(there) > 1:
        said = f"Of the years {there[0]} to {there[-1]} the latest was taken; give --year for another."
        notes.append(Note("latest_year", said, len(there)))
    return frame[(years == chosen).to_numpy()], chosen
