"""Workbooks opened by what they are, not by what they are called: .xlsx, .xls, .xlsb, .ods, and markup named .xls."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from netcluster.core.errors import NetclusterError
from netcluster.tables.archive import reading, stamp
from netcluster.tables.markup import HEAD, MarkupBook, is_markup

#: What a workbook's sheets are written in, and the endings calamine opens as such.
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_NAMED = {_OLE: (".xls", ".xla"), _ZIP: (".xlsx", ".xlsm", ".xlsb", ".ods")}


def open_book(path: Path) -> Any:
    """Return an open workbook with `sheet_names` and `get_sheet_by_name(name).to_python(…)`, calamine's or our own.

    Raises NetclusterError for what is damaged or locked.
    """
    from python_calamine import CalamineWorkbook

    with reading(path) as stream:
        head = stream.read(HEAD)
    if is_markup(head):
        return MarkupBook(path)
    named = path.suffix.lower() in _NAMED.get(head[:4], ())
    with plain_errors(path):
        if named:
            return CalamineWorkbook.from_path(str(path))
        return CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))


#: Cells of one workbook that are kept laid out, for the several readers that look at it one after the other.
_KEPT = 4_000_000


def sheet_of(path: Path, name: str) -> Any:
    """Return a sheet of a workbook; while the file stays as it is, it is laid out once."""
    kept = _sheets_of(path, stamp(path))
    if name in kept:
        return kept[name]
    book = open_book(path)
    with plain_errors(path, name):
        sheet = book.get_sheet_by_name(name)
    if sum(_cells(one) for one in (*kept.values(), sheet)) <= _KEPT:
        kept[name] = sheet
    return sheet


def _cells(sheet: Any) -> int:
    return int(sheet.height * sheet.width) if hasattr(sheet, "height") else _KEPT


@lru_cache(maxsize=1)
def _sheets_of(_path: Path, _state: tuple[int, int]) -> dict[str, Any]:
    return {}


@contextmanager
def plain_errors(path: Path, sheet: str = "") -> Iterator[None]:
    """Turn what calamine raises into an error of ours; what it prints on the way is not shown."""
    from python_calamine import CalamineError, PasswordError, WorksheetNotFound, XmlError, ZipError

    name = f"{path}, sheet {sheet}:" if sheet else f"{path}"
    try:
        with _quiet():
            yield
    except PasswordError:
        raise NetclusterError(f"{path} is protected by a password.", "Save it without one.") from None
    except (CalamineError, XmlError, ZipError, WorksheetNotFound, OSError, ValueError) as error:
        raise _damaged(name, str(error)) from None
    except BaseException as error:
        # The parser, written in Rust, panics on some files cut short; that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(name, "") from None


def _damaged(name: str, reason: str) -> NetclusterError:
    kind = "it can't be read" if name.endswith(":") else "can't be read as a workbook"
    return NetclusterError(f"{name} {kind}: {reason or 'it is damaged'}.", "Open and save it again.")


_LOCK = threading.RLock()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what a panic in Rust writes to file descriptor 2 off the screen; one thread at a time."""
    with _LOCK:
        try:
            kept = os.dup(2)
        except OSError:
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)
