"""Files and folders written whole or not at all, and their fingerprints."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from netcluster.core.errors import NetclusterError


def sha256(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def refuse_unwritable(path: str | os.PathLike[str]) -> None:
    """Raise where nothing can be written at `path`, before the work that would be lost."""
    target = Path(path)
    above = next((place for place in target.absolute().parents if place.exists()), target)
    if not above.is_dir():
        raise write_error(target, NotADirectoryError(errno.ENOTDIR, ""))
    if not os.access(above, os.W_OK | os.X_OK):
        raise write_error(target, PermissionError(errno.EACCES, ""))


def refuse_existing(path: str | os.PathLike[str], *, force: bool) -> None:
    """Raise where nothing can be written at `path`, or it is there already and `force` is not given."""
    refuse_unwritable(path)
    if Path(path).exists() and not force:
        raise NetclusterError(f"{path} is there already.", "Give --force to replace it, or another name.")


@contextlib.contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path to write to, and move it onto `path` when the block ends well.

    The temporary file stands in the target's folder, so that the move is one step; it keeps the target's
    ending, so that writers which go by the ending do the right thing. Where the block fails, or the disk is
    full, nothing is left behind and what was at `path` stays as it was.
    """
    target = Path(path)
    parent = target.parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".netcluster-", suffix=target.suffix, dir=parent)
    except OSError as error:
        raise write_error(target, error) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        raise write_error(target, error) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give an empty folder to write to, and put it in the place of `path` when the block ends well.

    What was at `path` is replaced; where the block fails, it stays as it was and nothing is left behind.
    """
    target = Path(path).absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=".netcluster-", dir=target.parent))
    except OSError as error:
        raise write_error(Path(path), error) from error
    old = place.with_name(place.name + "-old")
    try:
        yield place
        for item in place.rglob("*"):
            if item.is_file():
                with item.open("rb+") as stream:
                    os.fsync(stream.fileno())
        place.chmod(0o777 & ~_umask())
        if target.exists():
            target.rename(old)
        place.rename(target)
    except OSError as error:
        if old.exists() and not target.exists():
            old.rename(target)
        raise write_error(Path(path), error) from error
    finally:
        for left in (place, old):
            shutil.rmtree(left, ignore_errors=True)


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write UTF-8 text whole, with the line ends as given."""
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def write_error(path: Path, error: OSError) -> NetclusterError:
    """Return the error that says why a file can't be written, and what to do."""
    hints = {
        errno.ENOSPC: "Free some space, or write to another disk.",
        errno.EACCES: "You may not write there: choose another folder.",
        errno.EPERM: "You may not write there: choose another folder.",
        errno.EROFS: "That disk is read-only: choose another folder.",
        errno.ENOTDIR: "A part of that path is a file: choose another folder.",
        errno.EEXIST: "A part of that path is a file: choose another folder.",
        errno.EISDIR: "That is a folder: give a file name.",
        errno.ENAMETOOLONG: "That name is too long for this disk: choose a shorter one.",
    }
    reason = os.strerror(error.errno) if error.errno else str(error)
    return NetclusterError(f"{path} can't be written: {reason}.", hints.get(error.errno or 0, ""))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
