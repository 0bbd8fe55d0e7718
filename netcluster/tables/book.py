"""What a workbook or a cross table holds where it is no table by sector: supply and use, long tables, jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from netcluster.core.errors import NetclusterError
from netcluster.tables.bundle import Bundle
from netcluster.tables.halves import HalfPairError
from netcluster.tables.options import ReadOptions

Recognise = Callable[[Path, ReadOptions], Any]


def other_sheets(path: Path, options: ReadOptions, error: NetclusterError, recognise: Recognise) -> Bundle | None:
    """Return what else than a wide table by sector a workbook holds, None where it is a long table, or raise.

    `error` is why no wide table was read; `recognise` tells long tables.
    """
    from netcluster.tables.supply_use.read import read_parts

    if (long := _long_sheet(path, options)) is not None:
        return long
    try:
        return read_parts([path], replace(options, kind="supply-use"))
    except NetclusterError:
        # Half a pair is no long table: its other sheets need no second look.
        if isinstance(error, HalfPairError):
            raise error from None
        if recognise(path, options) is not None:
            return None
        jobs = jobs_in(path, options) if not options.kind else None
        if jobs is None:
            raise error from None
        return jobs


def _long_sheet(path: Path, options: ReadOptions) -> Bundle | None:
    """Return the table on a sheet that holds it in long form: seller, buyer, amount."""
    from netcluster.tables.long.io import read_long_io
    from netcluster.tables.long.sheet import recognise_long_io

    found = recognise_long_io(path, options)
    return None if found is None else Bundle(io=read_long_io(path, *found, options), name=path.stem)


def jobs_in(path: Path, options: ReadOptions) -> Bundle | None:
    """Return the jobs in a file's cross tables of regions and industries, or None where it has none."""
    from netcluster.tables.choose import open_file
    from netcluster.tables.wide_employment import read_wide_jobs

    opened = open_file(path, options)
    return read_wide_jobs([table for source in opened.sources for table in opened.tables(source)], path, options)
