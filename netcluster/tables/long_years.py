"""One year out of a long table of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd


def choose_year(frame: pd.DataFrame, year: int | None, what: str, notes: list[Note]) -> tuple[pd.DataFrame, int | None]:
    """Return the rows of a year and the year: the one asked for, else the latest, which a note says.

    The frame's column `year` holds texts or numbers such as 2008, "2008.0" or "2008-01"; without it every
    row is of one, unknown year. Raises NetclusterError where the year asked for is not there.
    """
    import pandas as pd

    if "year" not in frame:
        return frame, year
    years = pd.to_numeric(frame["year"].astype(str).str.strip().str[:4], errors="coerce")
    there = sorted({int(y) for y in years.dropna().unique()})
    if not there:
        return frame, year
    if year is not None and year not in there:
        raise NetclusterError(f"{what} has no year {year}.", f"Its years: {', '.join(map(str, there))}.")
    chosen = there[-1] if year is None else year
    if year is None and len(there) > 1:
        text = f"Of the years {there[0]} to {there[-1]} the latest was taken; give --year for another."
        notes.append(Note("latest_year", text, len(there)))
    return frame[(years == chosen).to_numpy()], chosen
