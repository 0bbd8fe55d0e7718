"""From what stands on the command line to a bundle: files, folders, files that belong together, saved networks, "-"."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from netcluster.core.errors import NetclusterError
from netcluster.network.store import is_saved, load
from netcluster.tables.bundle import Bundle
from netcluster.tables.options import ReadOptions

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]

#: Endings of files a folder is searched for.
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".gz", ".zip")
#: Beginnings of files by which standard input tells what it is, and the ending that goes with each.
MAGIC = ((b"PAR1", ".parquet"), (b"PK\x03\x04", ".xlsx"), (b"\x1f\x8b", ".gz"), (b"\xd0\xcf\x11\xe0", ".xls"))


def open_inputs(paths: Paths, options: ReadOptions | None = None) -> Bundle:
    """Return the bundle of one or several inputs.

    Parameters
    ----------
    paths : path or several
        A file, several that belong together (make and use, links and firms), a folder of such files, a saved
        network or the folder of a run, or "-" for standard input.
    options : ReadOptions
        What is known of the files; a saved network only heeds `year`.

    Raises
    ------
    NetclusterError
        Where a path is missing, a folder is empty, or what is found does not go together.
    """
    chosen = options or ReadOptions()
    places = _expanded(paths)
    if saved := _saved(places):
        return _of_year(load(saved), chosen.year, saved)
    from netcluster.tables.read import read

    return read(places, chosen)


def open_years(paths: Paths, options: ReadOptions | None = None, years: str = "all") -> list[Bundle]:
    """Return a bundle for each year asked for ("2014", "2000-2014", "all"), ascending; see `open_inputs`."""
    chosen = options or ReadOptions()
    places = _expanded(paths)
    if saved := _saved(places):
        bundle = load(saved)
        if years.strip() in ("", "all"):
            return [bundle]
        first, _, last = years.partition("-")
        if first.strip().isdigit() and (last.strip() or first.strip()).isdigit():
            year = _year(bundle)
            if year is None or int(first) <= year <= int(last or first):
                return [bundle]
            raise _wrong_year(saved, year, years)
        raise NetclusterError(f"{years!r} is no year.", "Write 2014, 2000-2014 or all.")
    from netcluster.tables.read import read_years

    return read_years(places, chosen, years)


def _expanded(paths: Paths) -> list[Path]:
    """Return the files and saved folders that paths stand for; each must be there."""
    listed = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not listed:
        raise NetclusterError("There is no input.", "Name a file, a folder, or - for standard input.")
    found: list[Path] = []
    for path in listed:
        place = _standard_input() if str(path) == "-" else Path(path)
        if not place.exists():
            raise NetclusterError(f"{place} is not there.", _near(place))
        if not place.is_dir() or is_saved(place):
            found.append(place)
        elif is_saved(place / "network"):
            found.append(place / "network")
        else:
            found += _files(place)
    return found


def _files(folder: Path) -> list[Path]:
    files = sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() in ENDINGS and not path.name.startswith((".", "_", "~$"))
    )
    if not files:
        raise NetclusterError(
            f"The folder {folder} holds no table and is no saved network.",
            f"Tables end in {', '.join(ENDINGS)}.",
        )
    return files


def _saved(places: Sequence[Path]) -> Path | None:
    folders = [place for place in places if place.is_dir()]
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
        raise _wrong_year(place, have, str(year))
    return bundle


def _year(bundle: Bundle) -> int | None:
    parts = (getattr(bundle, name) for name in bundle.parts)
    return next((year for part in parts if (year := getattr(part, "year", None)) is not None), None)


def _wrong_year(place: Path, have: int | None, wanted: str) -> NetclusterError:
    return NetclusterError(f"{place} holds {have}, not {wanted}.", "Build it from a table of that year.")


def _near(path: Path) -> str:
    import difflib

    if not path.parent.is_dir():
        return f"There is no folder {path.parent}."
    names = difflib.get_close_matches(path.name, [other.name for other in path.parent.iterdir()], n=3)
    return f"Did you mean {', '.join(names)}?" if names else "Check the name and the folder you are in."


def _standard_input() -> Path:
    """Return a file with what standard input holds; it lasts as long as the program, as tables are read late."""
    data = sys.stdin.buffer.read()
    if not data:
        raise NetclusterError("Standard input is empty.", "Pipe a table in, or name a file.")
    folder = tempfile.mkdtemp(prefix="netcluster-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ending = next((ending for magic, ending in MAGIC if data.startswith(magic)), ".csv")
    place = Path(folder) / f"stdin{ending}"
    place.write_bytes(data)
    return place
