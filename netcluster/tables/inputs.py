"""The files that are meant by what was named: files, folders, archives of several tables, standard input."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path, PurePosixPath

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.archive import check_whole, members, read_bytes, stamp

#: Files whose ending says they hold no table; a folder's other files are all looked at.
_ASIDE = (".md", ".pdf", ".doc", ".docx", ".html", ".rda", ".rdata", ".json", ".toml", ".py", ".r", ".png", ".log")
_ASIDE_NAMES = ("readme", "license", "licence", "source", "notice", "metadata", "file_parameters")
#: Endings of the tables that are taken out of an archive.
_TABLES = (".csv", ".tsv", ".txt", ".dat", ".tab", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet", ".gz")

Paths = str | Path | Sequence[str | Path]


def files_of(paths: Paths) -> list[Path]:
    """Return the files that are meant: those named, and those in named folders and archives that may hold a table.

    An archive is unfolded and read as a folder; `-` stays what it is.
    """
    named = [paths] if isinstance(paths, (str, Path)) else list(paths)
    if not named:
        raise NetclusterError("No file was given.", "Name a table, a folder, or - for standard input.")
    found: list[Path] = []
    for name in named:
        path = Path(name)
        if str(name) == "-":
            found.append(path)
        elif path.is_dir():
            found.extend(_inside(path, path))
        elif (folder := _unfolded(path)) is not None:
            found.extend(_inside(folder, path))
        else:
            found.append(path)
    return found


def plain_files(paths: Paths) -> list[Path]:
    """Return the files that are meant, standard input copied to one."""
    from netcluster.tables.grid import from_standard_input

    files: list[Path] = []
    for path in files_of(paths):
        files.extend(files_of(from_standard_input()) if str(path) == "-" else [path])
    return files


def of_folder(paths: Paths, files: Sequence[Path]) -> bool:
    """Whether the files were not named one by one, but are what a folder or an archive holds."""
    named = [paths] if isinstance(paths, (str, Path)) else list(paths)
    return len(files) > 1 and any(Path(name) not in files for name in named)


def without_copies(files: Sequence[Path]) -> tuple[list[Path], list[Note]]:
    """Return the files without those that are another in another format (t.csv beside t.parquet), and a note."""
    kept: dict[tuple[Path, str], Path] = {}
    for path in files:
        same = path.suffix.lower() in _TABLES and path.suffix.lower() != ".gz"
        kept.setdefault((path.parent, path.stem if same else path.name), path)
    left = [path.name for path in files if path not in kept.values()]
    text = f"Taken as copies, in another format, of files of the same name: {', '.join(left)}."
    return list(kept.values()), [Note("copies", text, len(left))] if left else []


def _inside(folder: Path, named: Path) -> list[Path]:
    inside = sorted(path for path in folder.iterdir() if path.is_file() and not _aside(path))
    below = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "__")))
    if not inside and len(below) == 1:
        return _inside(below[0], named)
    if not inside:
        raise NetclusterError(f"The folder {named} holds no table.", "Give one with .csv, .txt or .xlsx files.")
    return [*inside, *_extensions(inside, below)]


def _extensions(inside: Sequence[Path], below: Sequence[Path]) -> list[Path]:
    """Return the extensions (F, F_Y) that stand in folders of their own below a multi-regional table."""
    stems = {path.name.partition(".")[0].lower() for path in inside}
    if not below or "y" not in stems or not stems & {"z", "a"}:
        return []
    found = (path for folder in below for path in folder.iterdir() if path.is_file() and not _aside(path))
    return sorted(path for path in found if path.name.partition(".")[0].lower() in ("f", "f_y"))


def _aside(path: Path) -> bool:
    stem = path.stem.lower()
    hidden = path.name.startswith((".", "~$"))
    return hidden or path.suffix.lower() in _ASIDE or any(stem.startswith(name) for name in _ASIDE_NAMES)


def _unfolded(path: Path) -> Path | None:
    """Return a folder with the tables of an archive, None for any other file."""
    try:
        with path.open("rb") as stream:
            if stream.read(4) != b"PK\x03\x04":
                return None
    except OSError:
        return None
    return _unfold(path, stamp(path))


@lru_cache(maxsize=16)
def _unfold(path: Path, _state: tuple[int, int]) -> Path | None:
    from netcluster.tables.grid import kind_of

    if kind_of(path) != "zip":
        return None
    tables = [name for name in members(path) if PurePosixPath(name).suffix.lower() in _TABLES]
    if not tables:
        return None
    check_whole(path, tables)
    with scratch() as folder:
        for name in tables:
            target = folder / path.stem / PurePosixPath(name.replace("\\", "/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(read_bytes(path, name))
    return folder


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a temporary folder that goes when the program ends; a disk that is full is said plainly."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="netcluster-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        yield folder
    except OSError as error:
        raise NetclusterError(
            f"What was unpacked can't be written to {tempfile.gettempdir()}: {error.strerror}.",
            "Set TMPDIR to a folder with more space.",
        ) from None
