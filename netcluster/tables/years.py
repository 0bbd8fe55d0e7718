"""A bundle for each of several years of the same files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from netcluster.core.errors import NetclusterError
from netcluster.tables.across import reshaped
from netcluster.tables.bundle import Bundle
from netcluster.tables.inputs import Paths, plain_files
from netcluster.tables.options import ReadOptions
from netcluster.tables.read import bundle_of, finished, read_files, reader_of


def read_years(paths: Paths, options: ReadOptions | None = None, years: str = "all") -> list[Bundle]:
    """Return a bundle for each of several years: `years` is "2014", "2000-2014", "2000,2005" or "all".

    A file is opened and laid out once, however many years it holds.
    """
    options = options or ReadOptions()
    files = [reshaped(path, options) for path in plain_files(paths)]
    readers = [reader_of(path, options) for path in files] if len(files) == 1 else []
    there = readers[0].years() if readers and readers[0] is not None else []
    if not there:
        return _one_by_one(files, options, years)
    chosen = wanted_years(years, there)
    opened = readers[0]
    assert opened is not None
    return [finished(bundle_of(opened, replace(options, year=year)), options) for year in chosen]


def wanted_years(years: str, there: Sequence[int]) -> list[int]:
    """Return the years asked for, ascending; each must be there.

    >>> wanted_years("2000-2002", [1999, 2000, 2001, 2002])
    [2000, 2001, 2002]
    """
    text = years.strip().lower()
    if text in ("", "all"):
        return list(there)
    wanted: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        if not first.strip().isdigit() or (last and not last.strip().isdigit()):
            raise NetclusterError(f"{years!r} is no year.", "Write 2014, 2000-2014, 2000,2005 or all.")
        low, high = int(first), int(last or first)
        found = [year for year in there if low <= year <= high]
        if not found or (not last and low not in there):
            raise NetclusterError(f"There is no year {part.strip()} there.", f"It holds {there[0]} to {there[-1]}.")
        wanted += found
    return sorted(set(wanted))


def _one_by_one(files: list[Path], options: ReadOptions, years: str) -> list[Bundle]:
    if years.strip().lower() in ("", "all"):
        latest = read_files(files, options)
        span = latest.trade.years if latest.trade is not None else _span(latest)
        found = [bundle for year in span if (bundle := _of_year(files, options, year)) is not None]
        return found or [latest]
    wanted: list[int] = []
    for part in years.split(","):
        first, _, last = part.partition("-")
        if not first.strip().isdigit() or (last and not last.strip().isdigit()):
            raise NetclusterError(f"{years!r} is no year.", "Write 2014, 2000-2014, 2000,2005 or all.")
        wanted += range(int(first), int(last or first) + 1)
    bundles = [read_files(files, replace(options, year=year)) for year in sorted(set(wanted))]
    return bundles if _dated(bundles[0]) else bundles[:1]


def _dated(bundle: Bundle) -> bool:
    """Return whether any part says its year: files that don't are the same in every year asked for."""
    parts = [getattr(bundle, part) for part in bundle.parts]
    return any(getattr(part, "year", None) is not None or getattr(part, "years", ()) for part in parts)


def _span(bundle: Bundle) -> range:
    """Return the years a note says the latest was taken of; none where there is no such note."""
    parts = (getattr(bundle, part) for part in bundle.parts)
    notes = [*bundle.notes, *(note for part in parts for note in getattr(part, "changes", ()))]
    told = [
        int(year) for note in notes if note.code == "latest_year" for year in re.findall(r"\b[12]\d{3}\b", note.text)
    ]
    return range(min(told), max(told) + 1) if told else range(0)


def _of_year(files: list[Path], options: ReadOptions, year: int) -> Bundle | None:
    """Return the bundle of a year between the first and the last, None where the table has a gap there."""
    try:
        return read_files(files, replace(options, year=year))
    except NetclusterError as error:
        if str(year) in str(error):
            return None
        raise
