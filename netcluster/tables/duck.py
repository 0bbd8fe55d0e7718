"""DuckDB as the long readers use it: bounded memory, its own folder to spill to, errors said plainly."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError

if TYPE_CHECKING:
    import pyarrow as pa

#: The share of the machine's memory a query may take before it spills to disk, and the most in bytes.
MEMORY_SHARE = 0.5
MEMORY_MOST = 4 * 1024**3


class MixedLinesError(NetclusterError):
    """A text whose lines end now this way, now that: DuckDB can't read it, a copy with plain ends it can."""


class Store:
    """A temporary folder and the settings of the connections that work in it.

    Calling it gives a fresh DuckDB connection. The folder holds decoded copies of files and what queries
    spill to disk; it goes when the last table that needs it goes.
    """

    def __init__(self) -> None:
        try:
            self.folder = Path(tempfile.mkdtemp(prefix="netcluster-"))
        except OSError as error:
            raise NetclusterError(
                f"No temporary folder can be made: {error.strerror}.", "Set TMPDIR to a folder with some space."
            ) from None
        self._end = weakref.finalize(self, shutil.rmtree, str(self.folder), ignore_errors=True)

    def __call__(self) -> Any:
        """Return a connection; close it when done."""
        import duckdb

        connection = duckdb.connect()
        connection.execute(f"SET memory_limit = '{memory_limit() // 1024**2}MiB'")
        connection.execute(f"SET temp_directory = {literal(str(self.folder / 'spill'))}")
        connection.execute("SET preserve_insertion_order = true")
        # A long IN becomes a join otherwise, and a join on several threads loses the order of rows.
        connection.execute("SET disabled_optimizers = 'in_clause'")
        connection.execute("SET enable_progress_bar = false")
        return connection

    def __reduce__(self) -> tuple[type[Store], tuple[()]]:
        """Pickle as an empty store: a copy in another process has its own folder to spill to."""
        return (Store, ())


def memory_limit() -> int:
    """Return the memory a query may take, in bytes."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        total = 2 * MEMORY_MOST
    return int(min(MEMORY_MOST, total * MEMORY_SHARE))


def arrow(connection: Any, query: str, what: str) -> pa.Table:
    """Return a query's rows as an Arrow table; `what` names the input in errors."""
    with plainly(what):
        table: pa.Table = connection.sql(query).to_arrow_table()
    return table


@contextmanager
def plainly(what: str) -> Iterator[None]:
    """Turn DuckDB's errors into ours: which file, which line, what to do."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException:
        raise NetclusterError(
            f"{what}: the sums need more memory and temporary disk than there is.",
            "Free disk space where TMPDIR points, or keep fewer columns or years.",
        ) from None
    except duckdb.Error as error:
        raise _plain(what, str(error)) from None


def _plain(what: str, text: str) -> NetclusterError:
    if "state machine reached an invalid state" in text:
        return MixedLinesError(f"{what}: its lines end in several ways.", "Save it again with one kind of line end.")
    line = re.search(r"(?:CSV Error on )?Line: (\d+)", text)
    where = f"{what}, line {line[1]}" if line else what
    found = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    if found:
        return NetclusterError(
            f"{where}: {found[2]} cells where {found[1]} were expected.",
            "Mend the line, or give --delimiter where the separator is another.",
        )
    if "unterminated quote" in text:
        return NetclusterError(f"{where}: a quote is opened and never closed.", "Close it, or double it in a text.")
    if "unicode" in text.lower() or "utf-8" in text.lower():
        return NetclusterError(
            f"{where}: the text is not UTF-8.", "Give --encoding cp1252, latin-1 or the one the file was saved in."
        )
    if "Maximum line size" in text or "max_line_size" in text:
        return NetclusterError(f"{where}: the line does not end within 2 MB.", "Check that the line ends are there.")
    if "Could not convert" in text:
        cell = re.search(r'Could not convert string "(.*?)" to', text)
        return NetclusterError(f"{where}: {cell[1] if cell else 'a cell'!r} is no number.", "Mend the cell.")
    first = text.split("\n")[0].strip()
    return NetclusterError(f"{where} can't be read: {first}", "Check the file with netcluster inspect.")


def literal(text: str) -> str:
    """Return a text as an SQL literal.

    >>> literal("Côte d'Ivoire")
    "'Côte d''Ivoire'"
    """
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a column's name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literals(values: object) -> str:
    """Return texts as an SQL list in brackets."""
    return "(" + ", ".join(literal(str(value)) for value in values) + ")"  # type: ignore[attr-defined]
