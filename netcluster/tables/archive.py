"""Bytes of a file, plain or compressed, never more than is safe to hold."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

from netcluster.core.errors import NetclusterError

#: What a compressed file may unfold to, in bytes and as a multiple of its size.
LARGEST = 8 * 1024**3
RATIO = 200
#: Below this size the ratio is not looked at: small files of zeros compress well.
SMALL = 64 * 1024**2
_CHUNK = 1024 * 1024


def is_zip(path: Path) -> bool:
    """Whether a file is a zip archive of tables, not a workbook (which is a zip too)."""
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".ods"):
        return False
    with reading(path) as stream:
        return stream.read(4) == b"PK\x03\x04"


@contextmanager
def reading(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading bytes; what stands in the way is said plainly."""
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise NetclusterError(f"{path} is not there.", _nearest(path)) from None
    except IsADirectoryError:
        raise NetclusterError(f"{path} is a folder.", "Give one of its files, or a folder to a command.") from None
    except PermissionError:
        raise NetclusterError(f"{path} can't be read: permission denied.", "Ask its owner, or copy it.") from None
    except OSError as error:
        raise NetclusterError(f"{path} can't be read: {error.strerror}.") from None
    with stream:
        yield stream


def stamp(path: Path) -> tuple[int, int]:
    """Return what changes where a file does: the key under which what was seen of it is remembered.

    A file that is not there has one too; whoever reads it says so.
    """
    try:
        state = path.stat()
    except OSError:
        return 0, 0
    return state.st_mtime_ns, state.st_size


def _nearest(path: Path) -> str:
    import difflib

    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"There is no folder {path.parent}."
    near = difflib.get_close_matches(path.name, names, n=3)
    return f"Did you mean {', '.join(near)}?" if near else "Check the name and the folder."


#: What stands beside the table in a publisher's archive.
_BESIDE = re.compile(r"read.?me|licen[cs]e|copyright|changelog")


def members(path: Path) -> list[str]:
    """Return the names of the tables in a zip archive, sorted; names that lead out of it are refused.

    A read-me or a licence beside a table is no table.
    """
    with open_zip(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
    for name in names:
        if name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts:
            raise NetclusterError(f"{path} holds a name that leads out of the archive: {name!r}.", "Don't trust it.")
    kept = sorted(name for name in names if not name.startswith("__MACOSX/"))
    tables = [name for name in kept if not _BESIDE.match(PurePosixPath(name).stem.lower())]
    return tables or kept


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive; one that is damaged, here or while it is read, is an error said plainly."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise NetclusterError(
            f"{path} is damaged or not a zip archive ({error}).", "Download or copy it again."
        ) from None
    except PermissionError:
        raise NetclusterError(f"{path} can't be read: permission denied.", "Ask its owner, or copy it.") from None


def read_bytes(path: Path, member: str = "") -> bytes:
    """Return the whole content of a file, unfolded where it is compressed, bounded in size and ratio."""
    with streaming(path, member) as stream:
        if isinstance(stream, io.BufferedReader):
            # Past the buffer, which would have all of it copied once more.
            stream.raw.seek(0)
            return bytes(stream.raw.read())
        return stream.read()


@contextmanager
def streaming(path: Path, member: str = "") -> Iterator[IO[bytes]]:
    """Open the content of a file, unfolded where it is .gz or a member of a .zip."""
    if member or is_zip(path):
        with open_zip(path) as archive:
            name = member or _only(path)
            check_declared(path, archive.getinfo(name))
            with archive.open(name) as stream:
                yield bounded(stream, path, archive.getinfo(name).compress_size)
        return
    with reading(path) as raw:
        if raw.read(2) == b"\x1f\x8b":
            raw.seek(0)
            with gzip.open(raw) as unfolded:
                yield bounded(unfolded, path, path.stat().st_size)
        else:
            raw.seek(0)
            yield raw


def _only(path: Path) -> str:
    names = members(path)
    if len(names) != 1:
        raise NetclusterError(f"{path} holds {len(names)} files.", "Unpack it and give the files, or the folder.")
    return names[0]


def check_declared(path: Path, info: zipfile.ZipInfo) -> None:
    """Raise where a member says of itself that it unfolds to far more than it is."""
    large = info.file_size > SMALL and info.file_size > RATIO * max(info.compress_size, 1)
    if large or info.file_size > LARGEST:
        raise _bomb(path)


def check_whole(path: Path, names: Sequence[str]) -> None:
    """Raise where the members of an archive that are wanted unfold together to more than is safe to hold."""
    with open_zip(path) as archive:
        if sum(archive.getinfo(name).file_size for name in names) > LARGEST:
            raise _bomb(path)


def _bomb(path: Path) -> NetclusterError:
    return NetclusterError(
        f"{path} unfolds to far more than a table of its size holds: it looks like a zip bomb.",
        "If you trust it, unpack it yourself and give the file.",
    )


def bounded(stream: object, path: Path, compressed: int) -> IO[bytes]:
    """Return a stream that stops with an error where it has unfolded too much."""
    return cast("IO[bytes]", _Bounded(cast("IO[bytes]", stream), path, compressed))


class _Bounded(io.RawIOBase):
    """A stream that stops where it has unfolded too much, whatever the archive declares."""

    def __init__(self, stream: IO[bytes], path: Path, compressed: int) -> None:
        self._stream, self._path = stream, path
        self._most = min(LARGEST, max(SMALL, RATIO * compressed))
        self._seen = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))
        try:
            data = self._stream.read(size)
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
            raise NetclusterError(
                f"{self._path} is damaged or cut short ({error}).", "Download or copy it again."
            ) from None
        self._seen += len(data)
        if self._seen > self._most:
            raise _bomb(self._path)
        return data

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def head_and_tail(path: Path, head: int, tail: int, longest: int) -> tuple[bytes, bytes, bool]:
    """Return the first and the last bytes of a file's content, and whether the first are all.

    Reads on where the head has no line end, up to `longest` bytes; a longer line is an error.
    """
    with streaming(path) as stream:
        data = stream.read(head)
        while data and b"\n" not in data and b"\r" not in data and len(data) < longest:
            more = stream.read(min(4 * head, longest - len(data)))
            if not more:
                break
            data += more
        if len(data) >= longest and b"\n" not in data and b"\r" not in data:
            raise NetclusterError(
                f"{path}: the first line does not end within {longest // 1024**2} MB.",
                "This is no table, or its line ends were lost; check it in an editor.",
            )
        rest = stream.read(1)
        if not rest:
            return data, b"", True
        if isinstance(stream, _Bounded):
            return data, b"", False
        stream.seek(-min(tail, path.stat().st_size), io.SEEK_END)
        return data, stream.read(), False
