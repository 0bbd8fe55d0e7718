"""From what stands on the command line to a bundle: files, folders, files that belong together, saved networks, "-"."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.network.store import is_saved, load
from netcluster.network.yearly import by_year
from netcluster.tables.bundle import Bundle
from netcluster.tables.options import ReadOptions

if TYPE_CHECKING:
    from netcluster.tables.inspect import Inspection

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def open_inputs(paths: Paths, options: ReadOptions | None = None) -> Bundle:
    """Return the bundle of one or several inputs.

    Parameters
    ----------
    paths : path or several
        A file, several that belong together (make and use, links and firms), a folder of such files, a saved
        network or the folder of a run, or "-" for standard input. Of files that differ by a year in their name
        only, one year is read.
    options : ReadOptions
        What is known of the files; a saved network heeds `year` only.

    Raises
    ------
    NetclusterError
        Where a path is missing, a folder is empty, or what is found does not go together.
    """
    chosen = options or ReadOptions()
    places = _listed(paths)
    if saved := _saved(places):
        return _of_year(load(saved), chosen.year, saved)
    from netcluster.tables.inputs import files_of, of_folder
    from netcluster.tables.read import read

    files = files_of(places)
    years = by_year(files)
    if not years:
        return _named(read(places, chosen), places)
    year = max(years) if chosen.year is None else chosen.year
    if year not in years:
        raise NetclusterError(f"There is no file of {year}.", f"There are files of {', '.join(map(str, years))}.")
    bundle = _read_year(years, year, chosen, lenient=of_folder(places, files))
    if chosen.year is None:
        text = f"Of the files of {len(years)} years the latest were read, {year}; --year takes another."
        bundle = bundle.replace(notes=(*bundle.notes, Note("latest_year", text)))
    return _named(bundle, places)


def open_years(paths: Paths, options: ReadOptions | None = None, years: str = "all") -> list[Bundle]:
    """Return a bundle for each year asked for ("2014", "2000-2014", "all"), ascending; see `open_inputs`."""
    from netcluster.tables.inputs import files_of, of_folder
    from netcluster.tables.years import read_years, wanted_years

    chosen = options or ReadOptions()
    places = _listed(paths)
    if saved := _saved(places):
        bundle = load(saved)
        year = _year(bundle)
        if year is not None:
            wanted_years(years, [year])
        return [bundle]
    files = files_of(places)
    found = by_year(files)
    if not found:
        return read_years(places, chosen, years)
    lenient = of_folder(places, files)
    return [
        _named(_read_year(found, year, chosen, lenient=lenient), places) for year in wanted_years(years, sorted(found))
    ]


def _named(bundle: Bundle, places: Sequence[str | Path]) -> Bundle:
    """Return the bundle of a folder under the folder's name; files that belong together keep the first one's."""
    folder = places[0] if len(places) == 1 else ""
    return bundle.replace(name=folder.resolve().name) if isinstance(folder, Path) and folder.is_dir() else bundle


def inspect_inputs(paths: Paths, options: ReadOptions | None = None) -> Inspection:
    """Return what inputs hold, as `tables.inspect` does for files; of a folder of years one year's files.

    Of a saved network: its nodes by kind, its layers, its validation report where it is reconstructed.
    """
    from netcluster.tables.inputs import files_of
    from netcluster.tables.inspect import inspect

    chosen = options or ReadOptions()
    places = _listed(paths)
    if saved := _saved(places):
        from netcluster.network.look import inspect_saved

        return inspect_saved(saved)
    files = files_of(places)
    years = by_year(files)
    if not years:
        return inspect(list(places), chosen)
    seen = inspect(years[chosen.year if chosen.year in years else max(years)], chosen)
    return replace(seen, years=tuple(sorted(years)), command=f"netcluster analyze {' '.join(map(str, places))} -o out")


def _read_year(years: dict[int, list[Path]], year: int, options: ReadOptions, *, lenient: bool) -> Bundle:
    """Return one year of a folder; lists of firms and links that bear no year are those of the latest."""
    from netcluster.tables.read import read

    bundle = read(years[year], replace(options, year=year), lenient=lenient)
    changes: dict[str, Any] = {}
    left = []
    for name in bundle.parts:
        part = getattr(bundle, name)
        if name == "trade" or getattr(part, "year", None) is not None:
            continue
        if year == max(years) or name not in ("firms", "links"):
            changes[name] = replace(part, year=year)
        else:
            changes[name] = None
            left.append(name)
    if left:
        text = f"The {' and '.join(left)} bear no year and were taken for those of {max(years)}, not of {year}."
        changes["notes"] = (*bundle.notes, Note("no_year", text, len(left)))
    return bundle.replace(**changes)


def _listed(paths: Paths) -> list[str | Path]:
    """Return what was named, a run's folder replaced by the network in it; each but "-" must be there."""
    named = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not named:
        raise NetclusterError("There is no input.", "Name a file, a folder, or - for standard input.")
    listed: list[str | Path] = []
    for name in named:
        place = Path(name)
        if str(name) == "-":
            listed.append("-")
        elif not place.exists():
            raise NetclusterError(f"{place} is not there.", _near(place))
        else:
            listed.append(place / "network" if not is_saved(place) and is_saved(place / "network") else place)
    return listed


def _saved(places: Sequence[str | Path]) -> Path | None:
    folders = [place for place in places if isinstance(place, Path) and is_saved(place)]
    if not folders:
        return None
    if len(places) > 1:
        raise NetclusterError(
            f"{folders[0]} is a saved network and can't be read together with other inputs.",
            "Name it alone, or build anew from the tables and lists.",
        )
    return folders[0]


def _of_year(bundle: Bundle, year: int | None, place: Path) -> Bundle:
    have = _year(bundle)
    if year is not None and have is not None and have != year:
        raise NetclusterError(f"{place} holds {have}, not {year}.", "Build it from a table of that year.")
    return bundle


def _year(bundle: Bundle) -> int | None:
    parts = (getattr(bundle, name) for name in bundle.parts)
    return next((year for part in parts if (year := getattr(part, "year", None)) is not None), None)


def _near(path: Path) -> str:
    import difflib

    if not path.parent.is_dir():
        return f"There is no folder {path.parent}."
    names = difflib.get_close_matches(path.name, sorted(other.name for other in path.parent.iterdir()), n=3)
    return f"Did you mean {', '.join(names)}?" if names else "Check the name and the folder you are in."
