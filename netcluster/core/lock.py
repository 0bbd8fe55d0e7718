"""One writer to a folder: a lock that the system lets go when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import errno
import os
import platform
from collections.abc import Iterator
from pathlib import Path

from netcluster.core.errors import NetclusterError
from netcluster.core.files import write_error

NAME = ".lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for the block; another holder that is alive is an error that names it.

    The file stays behind and means nothing by itself: the lock is the system's (flock), so that none is ever
    left by a process that was killed.
    """
    try:
        handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise write_error(folder / NAME, error) from error
    try:
        _take(handle, folder)
        with contextlib.suppress(OSError):  # the name of the holder is a courtesy; a full disk must not end the work
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"process {os.getpid()} on {platform.node()}".encode(), 0)
        yield
    finally:
        os.close(handle)


def holder(folder: Path) -> str:
    """Return who holds the folder, "process 4711 on host", or "" where nobody does."""
    try:
        handle = os.open(folder / NAME, os.O_RDWR)
    except OSError:
        return ""
    try:
        _take(handle, folder)
    except NetclusterError:
        return os.pread(handle, 200, 0).decode(errors="replace") or "another process"
    finally:
        os.close(handle)
    return ""


def _take(handle: int, folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        return _take_on_windows(handle, folder)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.ENOLCK, errno.ENOTSUP):
            return None  # a disk without locks: results still land whole, the same bytes from either holder
        raise _held(handle, folder) from None
    return None


def _take_on_windows(handle: int, folder: Path) -> None:
    import msvcrt

    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        raise _held(handle, folder) from None


def _held(handle: int, folder: Path) -> NetclusterError:
    who = os.pread(handle, 200, 0).decode(errors="replace") or "another process"
    return NetclusterError(
        f"{folder} is in use by {who}.", "Wait until it is done (netcluster batch status), or use another folder."
    )
