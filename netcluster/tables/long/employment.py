"""Jobs by region and industry from long files: one year, one level of the classification, no totals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.employment_levels import settled
from netcluster.tables.long.headers import find, find_longer, normal
from netcluster.tables.long.plain import read_judged, read_plain, words_in
from netcluster.tables.long.years import choose_year

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.long.source import Source


def read_employment(
    source: Source, columns: Mapping[str, str], *, level: str = "", year: int | None = None, told: bool = False
) -> EmploymentTable:
    """Return the employment of one year by region and industry, nothing of it counted twice.

    Rows of totals are left out and used to check the parts; of nested codes one level is kept (`level`, or
    the finest without gaps). Raises NetclusterError where industries add up to more than their total and
    nothing tells which are nested.
    """
    notes: list[Note] = []
    frame = _rows(source, columns, notes)
    frame, chosen = choose_year(frame, year, source.name, notes)
    _refuse_periods(frame, source.name)
    if "region_within" in frame:
        # A county's number counts within its state only.
        within = frame["region_within"].astype(str).str.cat(frame["region"].astype(str))
        frame = frame.assign(region=within, region_within=None)
        frame.attrs.update(others=frame.attrs.get("others", {}))
    named = find_longer([columns["employment"]], "employment") or find([columns["employment"]], "employment")
    if named is None:
        notes.append(Note("taken_as_jobs", f"The column {columns['employment']!r} was taken as jobs."))
    return EmploymentTable(
        settled(frame, level, source.name, notes, sure=named is not None or told),
        unit=_unit(columns["employment"], frame),
        year=chosen,
        source=source.name,
        changes=tuple(notes),
    )


def _refuse_periods(frame: pd.DataFrame, what: str) -> None:
    """Raise where the rows of one year are of several quarters or months: jobs at several times are never added up."""
    periods = sorted({str(text).strip() for text in frame["year"].unique()}) if "year" in frame else []
    if len(periods) > 1 and frame.duplicated(["region", "industry"]).any():
        raise NetclusterError(
            f"{what} holds {', '.join(periods[:6])}: jobs of several periods are never added up.", "Keep one."
        )


#: Words for thousands in a name or a unit, and columns that give the power of ten of the amounts beside them.
_THOUSANDS = frozenset({"1000", "ths", "tsd", "thousand", "thousands", "miles", "milliers", "tausend"})
_POWERS = frozenset({"unit_mult", "power_code", "multiplier", "scalar_factor"})


def _unit(name: str, frame: pd.DataFrame) -> str:
    """Return persons or thousand persons, as the column's name says, or a column beside it in every row of jobs."""
    if set(normal(name).split("_")) & (_THOUSANDS | {"k"}):
        return "thousand persons"
    for place, other in frame.attrs.get("others", {}).items():
        if f"other_{place}" not in frame:
            continue
        said = {str(text).strip() for text in frame[f"other_{place}"].dropna().unique()}
        # Shares of the same jobs stand in rows of their own, which are left out.
        said = {text for text in said if not set(normal(text).split("_")) & {"pc", "percent", "percentage", "share"}}
        power = normal(other) in _POWERS and said == {"3"}
        if power or (len(said) == 1 and set(normal(*said).split("_")) & _THOUSANDS and said != {"1000"}):
            return "thousand persons"
    return "persons"


def _rows(source: Source, columns: Mapping[str, str], notes: list[Note]) -> pd.DataFrame:
    taken = {name.strip() for name in columns.values()}
    header = [name.strip() for name in source.parts[0].header]
    others = [name for name in dict.fromkeys(header) if name not in taken and header.count(name) == 1 and name]
    wanted = {**columns, **{f"other_{i}": name for i, name in enumerate(others)}}
    numbers = [name for name in ("employment", "establishments") if name in columns]
    frame = read_plain(source, wanted, numbers)
    frame = read_judged(source, wanted, numbers) if frame is None else frame.assign(missing=frame["employment"].isna())
    frame.attrs["others"] = dict(enumerate(others))
    return _numbers_only(frame, source.name, notes)


def _numbers_only(frame: pd.DataFrame, what: str, notes: list[Note]) -> pd.DataFrame:
    absent = frame["employment"].isna()
    hint = "Name the columns with --columns region=…,industry=…,employment=…."
    words = words_in(frame, "employment", what, "jobs", hint)
    negative = frame["employment"] < 0
    nameless = frame[["region", "industry"]].isna().any(axis=1) | (frame["region"] == "") | (frame["industry"] == "")
    for code, rows, text in (
        ("missing_values", absent & ~words, "rows have no or a withheld number of jobs"),
        ("not_numbers", words, "numbers of jobs are no numbers"),
        ("negative_values", negative, "numbers of jobs are negative"),
        ("nameless_rows", nameless & ~absent, "rows name no region or industry"),
    ):
        if rows.any():
            notes.append(Note(code, f"{int(rows.sum()):,} {text}; they are left out.", int(rows.sum())))
    kept = frame[~(absent | negative | nameless)].copy()
    kept.attrs.update(frame.attrs)
    if "establishments" not in kept:
        kept["establishments"] = float("nan")
    return kept
