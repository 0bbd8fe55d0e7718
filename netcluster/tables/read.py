"""Read any table people have: find out what a file holds, and hand it to the reader of its kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.across import reshaped
from netcluster.tables.bundle import Bundle
from netcluster.tables.dust import without_dust
from netcluster.tables.halves import NoTableError
from netcluster.tables.inputs import Paths, of_folder, plain_files, without_copies
from netcluster.tables.options import Dialect, ReadOptions
from netcluster.tables.samples import sample_of
from netcluster.tables.satellites import set_aside, with_satellites

if TYPE_CHECKING:
    from netcluster.core.result import Note
    from netcluster.tables.choose import Opened
    from netcluster.tables.iotable import IOTable
    from netcluster.tables.long.recognise import Layout

#: What a file may be said to hold (`--kind`): tables by sector, then long tables and matrices of links.
KINDS = (
    *("io", "io-long", "supply-use", "multiregion"),
    *("trade", "exports", "employment", "firms", "links", "payments", "adjacency"),
    *("projects", "patents", "memberships", "procurement"),
)


def read(paths: Paths, options: ReadOptions | None = None, *, lenient: bool = False) -> Bundle:
    """Return the tables a file, a folder or several files that belong together hold.

    Of a folder what is no table is passed by, and said; `lenient` does so with files named one by one.
    Raises NetclusterError for what is missing, damaged or can't be told; the hint names the option to give.
    """
    options = options or ReadOptions()
    files, copies = without_copies(plain_files(paths))
    bundle = read_files(
        [reshaped(path, options) for path in files], options, lenient=lenient or of_folder(paths, files)
    )
    return bundle.replace(notes=(*bundle.notes, *copies))


def read_table(path: Paths, *, year: int | None = None, **options: Any) -> IOTable:
    """Return the input–output table in a file, or in several that belong together (make and use, Z and Y).

    `options` are those of `ReadOptions` (kind, sheet, decimal, encoding, origin, final_demand …). A supply
    and use pair is made symmetric by `sut_model`. Raises NetclusterError where there is no such table.

    >>> from netcluster_datasets import path
    >>> io = read_table(path("miller-blair"))
    >>> io.x
    array([1000., 2000.])
    """
    choices = ReadOptions(year=year, **options)
    bundle = read(path, choices)
    if bundle.io is not None:
        return bundle.io
    if bundle.supply_use is not None:
        return bundle.supply_use.symmetric(choices.sut_model)
    bundle.need("io")
    raise AssertionError


def read_files(files: list[Path], options: ReadOptions, *, lenient: bool = False) -> Bundle:
    """Return the tables of these files, of one year; `lenient` passes by what is no table."""
    if options.kind and options.kind not in KINDS:
        raise NetclusterError(f"There is no kind {options.kind!r}.", f"Kinds are {', '.join(KINDS)}.")
    _refuse_gloria(files)
    tables, satellites, notes = set_aside(files)
    found = (reader(tables, options) for reader in _together())
    bundle = finished(
        next((one for one in found if one is not None), None) or _apart(tables, options, lenient=lenient), options
    )
    for path in (*satellites, *([options.satellite] if options.satellite else [])):
        io = bundle.io
        if io is None:
            raise NetclusterError(
                f"{path} holds satellites, but there is no table to add them to.", "Name the table too."
            )
        bundle = bundle.replace(io=with_satellites(io, path))
    return bundle.replace(notes=(*bundle.notes, *notes))


def _refuse_gloria(files: Sequence[Path]) -> None:
    """Raise for GLORIA's matrices: supply and use of all countries interleaved, without labels."""
    found = next((path for path in files if re.search(r"_(?:T|V|Y|TQ|YQ)-Results_(?:19|20)\d\d_", path.name)), None)
    if found is not None:
        raise NetclusterError(
            f"{found.name} is one of GLORIA's matrices, which hold supply and use of all countries without labels;"
            " they are not read.",
            "Make an industry-by-industry table of them first, and give its Z.txt, Y.txt and V.txt with labels.",
        )


def finished(bundle: Bundle, options: ReadOptions) -> Bundle:
    """Return the bundle with its sectors named by --labels, the OECD's halves of countries put together, no dust."""
    if bundle.io is None:
        return bundle
    from netcluster.tables.multiregion import fold_parts
    from netcluster.tables.relabel import with_labels

    io = _of_the_year(bundle.io, options.year)
    io = without_dust(fold_parts(io) if len(io.regions) > 2 else io)
    return bundle.replace(io=with_labels(io, options.labels) if options.labels is not None else io)


def _of_the_year(io: IOTable, year: int | None) -> IOTable:
    """Return the table, said to be of the year asked for where it bears none; of another year it is an error."""
    if year is None or io.year == year:
        return io
    if io.year is not None:
        raise NetclusterError(f"The table is of {io.year}, not of {year}.", "Leave out --year, or give another file.")
    text = f"The table bears no year; it was taken for that of {year}, as told."
    return io.replace(year=year, changes=(*io.changes, Note("year_told", text)))


def _together() -> list[Callable[[list[Path], ReadOptions], Bundle | None]]:
    """Return the readers that look at several files at once; each gives None for what is not theirs."""
    from netcluster.tables import multiregion
    from netcluster.tables.supply_use import read as supply_use

    return [multiregion.read_parts, supply_use.read_parts]


def _long_io(path: Path, options: ReadOptions) -> Bundle | None:
    """Return the table in a long file of sellers, buyers and amounts, or None where it is no such file."""
    from netcluster.tables.grid import kind_of
    from netcluster.tables.long.io import read_long_io
    from netcluster.tables.long.io_layout import recognise, refuse_half
    from netcluster.tables.tidy import COLUMNS as TIDY
    from netcluster.tables.tidy import read_tidy

    kind = kind_of(path)
    if options.kind not in ("", "io", "io-long") or kind in ("workbook", "zip"):
        return None
    header, rows, dialect = sample_of(path, options, kind)
    if tuple(header) == TIDY:
        return Bundle(io=read_tidy(path), name=path.stem)
    layout = recognise(header, rows)
    if layout is None:
        refuse_half(path, header, rows)
        return None
    io = read_long_io(path, layout, dialect, options)
    return Bundle(io=io, name=path.stem)


def _apart(files: list[Path], options: ReadOptions, *, lenient: bool) -> Bundle:
    """Read files that each hold a table of their own, long ones of one kind together.

    `lenient` passes by what is no table among the files of a folder, and says so.
    """
    long: dict[str, tuple[Layout, Dialect, list[Path]]] = {}
    files, notes = _of_one_year(files, options)
    bundle = Bundle(name=files[0].stem, notes=tuple(notes))
    lists: list[Path] = []
    passed: list[NetclusterError] = []
    for path in files:
        try:
            cells = _by_sector(path, options)
            found = None if cells is not None else _long(path, options)
            unsure = cells is None and (found is None or bool(found[0].decisions))
            if unsure and len(files) > 1 and _only_names(path, options):
                lists.append(path)
            elif cells is not None:
                bundle = _joined(bundle, cells, path)
            elif found is None:
                bundle = _joined(bundle, _grids_or_jobs(path, options), path)
            else:
                layout, dialect = found
                long.setdefault(layout.kind, (layout, dialect, []))[2].append(path)
        except NoTableError as error:
            if not lenient or len(files) < 2:
                raise
            passed.append(error)
    for layout, dialect, group in long.values():
        from netcluster.tables.long.recognise import read_long

        bundle = _joined(bundle, read_long(group, layout, dialect, options), group[0])
    return _said(bundle, lists, passed)


def _said(bundle: Bundle, lists: list[Path], passed: list[NetclusterError]) -> Bundle:
    """Return the bundle with notes on files nothing was read from; where nothing was read at all raise."""
    if not bundle.parts:
        if passed:
            raise passed[0]
        raise NetclusterError(f"{lists[0]} holds a list of names, no table.", "Give the table it belongs to.")
    notes = [Note("passed_by", f"Not read: {error.message}") for error in passed]
    if lists:
        text = f"{', '.join(path.name for path in lists)}: lists of codes or names, not read as tables."
        notes.append(Note("lists_of_names", text, len(lists)))
    return bundle.replace(notes=(*bundle.notes, *notes))


def _long(path: Path, options: ReadOptions) -> tuple[Layout, Dialect] | None:
    """Return the layout of a long table; where jobs are asked for and no columns named it may be a cross table."""
    try:
        return recognise_long(path, options)
    except NetclusterError:
        if options.kind == "employment" and not options.columns:
            return None
        raise


def _grids_or_jobs(path: Path, options: ReadOptions) -> Bundle:
    """Return the table by sector in a file's grids, or the jobs by region and industry."""
    from netcluster.tables.book import jobs_in

    if options.kind != "employment":
        try:
            return read_grids(path, options)
        except NetclusterError as error:
            if options.kind or (jobs := jobs_in(path, options)) is None:
                raise error from None
            return jobs
    jobs = jobs_in(path, options)
    if jobs is None:
        raise NetclusterError(
            f"{path.name} holds no jobs by region and industry.",
            "Name the columns with --columns region=…,industry=…,employment=….",
        )
    return jobs


def _only_names(path: Path, options: ReadOptions) -> bool:
    """Whether a text file is a list of codes and names beside a table."""
    from netcluster.tables.grid import kind_of
    from netcluster.tables.long.codes import is_list

    return kind_of(path) == "text" and is_list(*sample_of(path, options, "text")[:2])


def _of_one_year(files: list[Path], options: ReadOptions) -> tuple[list[Path], list[Note]]:
    """Return the files of the year asked for, or of the latest, where tables by sector stand in one file a year."""
    from netcluster.core.result import Note

    groups: dict[str, dict[int, Path]] = {}
    for path in files:
        found = re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", path.stem)
        if len(found) == 1:
            groups.setdefault(path.name.replace(found[0], ""), {})[int(found[0])] = path
    left: set[Path] = set()
    notes = []
    for years in groups.values():
        if len(years) < 2 or any(is_long(path, options) for path in years.values()):
            continue
        year = max(years) if options.year is None else options.year
        if year not in years:
            there = ", ".join(map(str, sorted(years)))
            raise NetclusterError(f"There is no file of {year} among those given.", f"There are {there}.")
        left |= {path for of, path in years.items() if of != year}
        if options.year is None:
            text = f"There are files of {len(years)} years, {min(years)} to {year}; the latest, {year}, was taken."
            notes.append(Note("latest_year", text, len(years)))
    return [path for path in files if path not in left], notes


def _by_sector(path: Path, options: ReadOptions) -> Bundle | None:
    """Return a table by sector that is surely one: long with its codes, or on a sheet of a workbook."""
    from netcluster.tables.grid import kind_of

    if kind_of(path) != "workbook":
        return _long_io(path, options)
    if options.kind not in ("", "io"):
        return None
    try:
        return read_grids(path, options)
    except NetclusterError as error:
        from netcluster.tables.book import other_sheets

        return other_sheets(path, options, error, recognise_long)


def _joined(bundle: Bundle, other: Bundle, path: Path) -> Bundle:
    from netcluster.tables.together import lists_together

    bundle, other = lists_together(bundle, other, str(path))
    double = set(bundle.parts) & set(other.parts)
    if double:
        part = sorted(double)[0]
        raise NetclusterError(
            f"{path} is a second {part.replace('_', ' ')} table among the files given.",
            "Give files that belong together, one table of each kind; compare takes two.",
        )
    parts = {part: getattr(other, part) for part in other.parts}
    return bundle.replace(**parts, notes=(*bundle.notes, *other.notes))


def is_long(path: Path, options: ReadOptions) -> bool:
    """Whether a file is a long table; of a workbook only where its kind is given."""
    from netcluster.tables.grid import kind_of

    return not (kind_of(path) == "workbook" and not options.kind) and recognise_long(path, options) is not None


def recognise_long(path: Path, options: ReadOptions) -> tuple[Layout, Dialect] | None:
    """Return the layout and the dialect of a long table, or None where the file is none."""
    from netcluster.tables.archive import members
    from netcluster.tables.grid import kind_of
    from netcluster.tables.long.recognise import KINDS as LONG
    from netcluster.tables.long.recognise import recognise_file

    if options.kind and options.kind not in LONG:
        return None
    kind = kind_of(path)
    if kind == "workbook":
        from netcluster.tables.long.sheet import recognise_sheet

        return recognise_sheet(path, options)
    if kind == "zip" and len(members(path)) > 1:
        return None
    header, rows, dialect = sample_of(path, options, kind)
    return recognise_file(path, header, rows, dialect, options)


def holds_io(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a header and some rows are those of a table by sector: their labels name totals, demand or inputs."""
    from netcluster.tables.codes import meaning, spelled

    if len(header) < 2:
        return False
    columns = [meaning("column", (label,)) for label in header[1:] if label.strip()]
    known = sum(m is not None and m.role in ("demand", "total", "output") for m in columns)
    firsts = {cell.strip() for row in rows for cell in row[:2] if cell.strip()}
    if {label.strip() for label in header[1:]} <= firsts:
        return False  # what stands across stands down too: a matrix of links or trade
    if not known or set(map(spelled, firsts)).isdisjoint(spelled(label) for label in header if label.strip()):
        return False
    first = Counter(rows[0] if rows else [])
    return len(header) - 1 > 2 * sum(count for cell, count in first.items() if not _number(cell))


def _number(cell: str) -> bool:
    from netcluster.tables.cells import MISSING, ZERO, looks_numeric

    return cell.isdigit() or looks_numeric(cell) or cell.strip() in MISSING or cell.strip() in ZERO


def read_grids(path: Path, options: ReadOptions) -> Bundle:
    """Return the table in a file's grids: sheets, and blocks under each other on a sheet."""
    from netcluster.tables.choose import open_file

    return bundle_of(open_file(path, options), options)


def reader_of(path: Path, options: ReadOptions) -> Opened | None:
    """Return a file opened for its years, or None where it is a long table, whose reader knows its years."""
    from netcluster.tables.choose import open_file

    return open_file(path, options) if not is_long(path, options) else None


def bundle_of(opened: Opened, options: ReadOptions) -> Bundle:
    """Return the table that the options choose of a file laid out already."""
    from netcluster.tables.choose import choose_table

    return Bundle(io=choose_table(opened, options), name=opened.path.stem)
