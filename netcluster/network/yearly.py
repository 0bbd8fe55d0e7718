"""Folders with a file for each year: io_2021.csv, io_2022.csv, io_2023.csv beside lists that hold for all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def by_year(files: Sequence[Path]) -> dict[int, list[Path]]:
    """Return the files of each year, ascending, where some differ by a year in their name only; else nothing.

    Files without a year, or of one no series has, go with every year. One named as a series without its year
    (satellites.csv beside satellites_2021.csv) stands for the years the series lacks.

    >>> names = ["io_2021.csv", "io_2022.csv", "jobs_2021.csv", "jobs.csv", "links.csv"]
    >>> for year, found in by_year([Path(name) for name in names]).items():
    ...     print(year, *found)
    2021 io_2021.csv jobs_2021.csv links.csv
    2022 io_2022.csv jobs.csv links.csv
    """
    series: dict[str, dict[int, Path]] = {}
    for path in files:
        if len(found := _YEAR.findall(path.stem)) == 1:
            series.setdefault(_pattern(path), {})[int(found[0])] = path
    plain = {_bare(path.name): path for path in files if _pattern(path) not in series}
    bases = {pattern: plain.get(_bare(pattern.replace("*", ""))) for pattern in series}
    years = sorted({year for members in series.values() if len(members) > 1 for year in members})
    if not years:
        return {}
    # A file alone of its name is of its year too where there are others of that year: sales_2021 beside io_2021.
    series = {key: found for key, found in series.items() if set(found) & set(years)}
    yearly = {path for members in series.values() for path in members.values()}
    standing = {base for key in series if (base := bases[key]) is not None}
    common = [path for path in files if path not in yearly | standing]
    out = {}
    for year in years:
        chosen = [members.get(year, bases[key]) for key, members in series.items()]
        out[year] = sorted([*common, *(path for path in chosen if path is not None)])
    return out


def _pattern(path: Path) -> str:
    return f"{_YEAR.sub('*', path.stem)}{path.suffix}"


def _bare(name: str) -> str:
    return re.sub(r"[-_ .]+", "", name.lower())
