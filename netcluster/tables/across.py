"""Long tables whose years stand side by side, one column each, as Eurostat's bulk files have them, or their importers.

Such a file is written anew with one row a value (TIME_PERIOD or importer, OBS_VALUE), and read as any long table.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from netcluster.core.errors import NetclusterError
from netcluster.tables.archive import stamp, streaming
from netcluster.tables.inputs import scratch
from netcluster.tables.options import ReadOptions

#: What the columns of years and values are called in the file that is written.
YEAR, VALUE = "TIME_PERIOD", "OBS_VALUE"
_YEARS = re.compile(r"([YyFfXx]?|[^\W\d][\w ]*?[ _.-])((?:19|20)\d\d)(?:\s*\[YR(?:19|20)\d\d\])?")
#: Families of column names of which a table with years across has two at least, so that it is no matrix of sectors.
_KEYS = ("exporter", "importer", "reporter", "partner", "product", "region", "industry", "source", "target", "country")
#: A value with Eurostat's flags behind it: `12.5 bp`.
_FLAGGED = re.compile(r"\s*(.*\d)\s*[a-z]{1,3}\s*")


@dataclass(frozen=True)
class _Across:
    """Where the keys and the years stand; `packed` where all keys share the first cell of a row."""

    keys: tuple[str, ...]
    at: tuple[int, ...]
    years: tuple[tuple[int, str], ...]
    skip: int
    packed: bool = False
    what: str = YEAR


def reshaped(path: Path, options: ReadOptions) -> Path:
    """Return the file itself, or where its years stand side by side one with a row a year in its stead.

    Raises NetclusterError where a row has more cells than the header.
    """
    from netcluster.tables.grid import kind_of

    if options.kind in ("io", "supply-use", "multiregion", "adjacency", "payments") or not path.is_file():
        return path
    kind = kind_of(path)
    if kind not in ("text", "workbook"):
        return path
    told = (options.decimal, options.encoding, options.delimiter, options.sheet)
    return _reshaped(path, kind, stamp(path), told) or path


@lru_cache(maxsize=32)
def _reshaped(path: Path, kind: str, _state: tuple[int, int], told: tuple[str, str, str, str]) -> Path | None:
    decimal, encoding, delimiter, sheet = told
    options = ReadOptions(decimal=decimal, encoding=encoding, delimiter=delimiter, sheet=sheet)
    if kind == "workbook":
        try:
            found, rows = _in_sheets(path, options)
        except NetclusterError:
            return None  # what is wrong with the workbook its reader says
    else:
        try:
            found, rows = _in_text(path, options)
        except LookupError:
            return None  # an encoding nobody knows, which the reader says
    return None if found is None else _written(path, found, rows, options)


def _in_text(path: Path, options: ReadOptions) -> tuple[_Across | None, Iterable[list[str]]]:
    from netcluster.tables.samples import sample_of

    with _lines(path, options.encoding or "utf-8-sig") as lines:
        first = next(lines, "")
    packed = _packed(first)
    if packed is not None:
        return packed, _records(path, options.encoding or "utf-8-sig", "\t", 1)
    header, rows, dialect = sample_of(path, options, "text")
    found = across(header, rows) or of_countries(header, rows)
    if found is None or not dialect.delimiter.strip(" "):
        return None, []
    return found, _records(path, dialect.encoding, dialect.delimiter, dialect.skip + dialect.header_rows)


def _packed(first: str) -> _Across | None:
    r"""Return the layout of Eurostat's bulk files: `freq,unit,geo\TIME_PERIOD` and then the years, tabs between."""
    cells = first.rstrip("\r\n").split("\t")
    if len(cells) < 2 or "," not in cells[0] or not re.search(r"\\(TIME|time)", cells[0]):
        return None
    years = tuple((j, cell.strip()[:4]) for j, cell in enumerate(cells) if j and re.match(r"(19|20)\d\d", cell.strip()))
    keys = tuple(key.strip() for key in cells[0].partition("\\")[0].split(","))
    return _Across(keys, (0,), years, 1, packed=True) if years else None


def across(header: Sequence[str], rows: Sequence[Sequence[str]]) -> _Across | None:
    """Return where keys and years stand in a header of years side by side; None for any other header.

    >>> across(["exporter", "importer", "2019", "2020"], [["A", "B", "1", "2"]]).years
    ((2, '2019'), (3, '2020'))
    """
    from netcluster.tables.cells import MISSING, ZERO, looks_numeric
    from netcluster.tables.long.headers import find

    years = _years_in(header)
    if not years:
        return None
    at = tuple(j for j in range(years[0][0]) if header[j].strip())
    keys = tuple(header[j].strip() for j in at)
    known = {name for family in _KEYS if (name := find(keys, family)) is not None}
    cells = [row[j].strip() for row in rows[:200] for j, _ in years if j < len(row)]
    amounts = [cell for cell in cells if cell not in MISSING and cell not in ZERO]
    if len(known) < 2 or not amounts or sum(map(looks_numeric, amounts)) < 0.9 * len(amounts):
        return None
    return _Across(keys, at, years, 0)


def _years_in(header: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Return the columns that years name, two or more side by side, each another year; else none.

    What stands before the year is the same in all of them: `emp_2019`, `emp_2020`.
    """
    found = [(j, match) for j, name in enumerate(header) if (match := _YEARS.fullmatch(name.strip()))]
    years = tuple((j, match[2]) for j, match in found)
    if len(years) < 2 or len({year for _, year in years}) < len(years) or years[-1][0] - years[0][0] >= len(years):
        return ()
    return years if len({match[1] for _, match in found}) == 1 else ()


def of_countries(header: Sequence[str], rows: Sequence[Sequence[str]]) -> _Across | None:
    """Return the layout of a matrix of trade, exporters in rows and importers across; None for any other header.

    >>> of_countries(["exporter", "FRA", "DEU"], [["FRA", "0", "1"], ["DEU", "2", "0"]]).what
    'importer'
    """
    from netcluster.tables.cells import MISSING, ZERO, looks_numeric

    bare = len(header) > 2 and not header[0].strip() and bool(_products([name.strip() for name in header[1:]]))
    if not bare and not _names_exporters(header):
        return None
    body = [row for row in rows if len(row) == len(header) and row[0].strip()]
    if bare and not all(re.fullmatch(r"[A-Z]{3}", row[0].strip()) for row in body):
        return None  # rows of regions would make it jobs by industry
    importers = [name.strip() for name in header[1:]]
    shared = {row[0].strip() for row in body} & set(importers)
    cells = [cell.strip() for row in body for cell in row[1:]]
    numeric = all(looks_numeric(cell) or cell in MISSING or cell in ZERO for cell in cells)
    if len(set(importers)) < len(importers) or not numeric or not body:
        return None
    across = tuple(enumerate(importers, start=1))
    products = _products(importers)
    if not shared and len({row[0] for row in body}) == len(body) and products:
        return _Across(("exporter",), (0,), tuple(enumerate(products, start=1)), 0, what="product")
    if len(shared) < max(2, len(importers) / 2) or not _names_exporters(header, "exporter"):
        return None
    return _Across(("exporter",), (0,), across, 0, what="importer")


def _products(names: Sequence[str]) -> list[str]:
    """Return codes of products, digits alone and all of one length, with the zeros a workbook drops before them.

    >>> _products(["10121", "270900"]), _products(["2019", "2020"])
    (['010121', '270900'], [])
    """
    longest = max(map(len, names), default=0)
    years = all(re.fullmatch(r"(?:19|20)\d\d", name) for name in names)
    if longest not in (2, 4, 6) or years or not all(name.isdigit() and len(name) >= longest - 1 for name in names):
        return []
    return [name.zfill(longest) for name in names]


def _names_exporters(header: Sequence[str], *families: str) -> bool:
    from netcluster.tables.long.headers import find

    corner = re.split(r"[\\/]", header[0])[0] if header else ""
    return len(header) > 2 and any(find([corner], family) for family in families or ("exporter", "country"))


def _in_sheets(path: Path, options: ReadOptions) -> tuple[_Across | None, Iterable[list[str]]]:
    from netcluster.tables.long.sheet import SAMPLE, TITLES, as_text, rows_of, values_of
    from netcluster.tables.workbook import sheets

    for source in sheets(path, options):
        head = values_of(path, source.sheet, TITLES + SAMPLE)
        for top in range(min(TITLES, len(head) - 1)):
            if any(isinstance(cell, float) and not cell.is_integer() for cell in head[top]):
                continue  # a row of amounts names nothing
            header = as_text(head[top])
            if not _years_in(header) and not _names_exporters(header):
                continue
            rows = [as_text(row) for row in head[top + 1 :]]
            found = across(header, rows) or of_countries(header, rows)
            if found is not None:
                return found, rows_of(path, source.sheet)[top + 1 :]
    return None, []


@contextmanager
def _lines(path: Path, encoding: str) -> Iterator[Iterator[str]]:
    import io

    with streaming(path) as stream, io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text:
        yield (text.readline(1 << 20) for _ in iter(int, 1))


def _records(path: Path, encoding: str, delimiter: str, skip: int) -> Iterator[list[str]]:
    import io

    with streaming(path) as stream, io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text:
        reader = csv.reader(text, delimiter=delimiter, skipinitialspace=delimiter != "\t")
        for number, row in enumerate(reader):
            if number >= skip and row:
                yield row


def _written(path: Path, found: _Across, rows: Iterable[list[str]], options: ReadOptions) -> Path:
    """Write one row a year, in the encoding and with the separator the user named, for they name them once."""
    mark = options.delimiter if len(options.delimiter.strip(" ")) == 1 else "\t"
    with scratch() as folder:
        target = folder / f"{path.name.partition('.')[0]}.csv"
        _write(target, path, found, rows, options, mark)
    return target


def _write(
    target: Path, path: Path, found: _Across, rows: Iterable[list[str]], options: ReadOptions, mark: str
) -> None:
    with target.open("w", encoding=options.encoding or "utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=mark, lineterminator="\n")
        writer.writerow([*found.keys, found.what, VALUE])
        for line, row in enumerate(rows, start=found.skip + 1):
            keys = _keys(found, row, path, line)
            if keys is None:
                continue
            for j, year in found.years:
                cell = row[j].strip() if j < len(row) else ""
                flagged = _FLAGGED.fullmatch(cell)
                if value := flagged[1] if flagged else cell:
                    writer.writerow([*keys, year, value])


def _keys(found: _Across, row: Sequence[str], path: Path, line: int) -> list[str] | None:
    if not found.packed:
        keys = [row[j].strip() if j < len(row) else "" for j in found.at]
        return keys if any(keys) and len(row) > found.years[0][0] else None
    keys = [key.strip() for key in row[0].split(",")]
    if len(keys) != len(found.keys) or len(row) > len(found.years) + 1:
        raise NetclusterError(
            f"{path.name}, line {line}: {len(keys)} keys and {len(row) - 1} values where {len(found.keys)} and"
            f" {len(found.years)} were expected.",
            "Mend the line.",
        )
    return keys
