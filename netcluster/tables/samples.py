"""The head of a file: its header, some rows and its dialect, to tell what it holds."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from netcluster.core.errors import NetclusterError
from netcluster.tables.options import Dialect, ReadOptions

#: A file of one line with more cells than that has lost its line ends.
_CELLS_ON_A_LINE = 2000


def sample_of(
    path: Path, options: ReadOptions, kind: Literal["text", "parquet"] | str
) -> tuple[list[str], list[list[str]], Dialect]:
    """Return the header, the first rows and the dialect of a text or Parquet file."""
    if kind == "parquet":
        return *_parquet_sample(path), Dialect()
    about = path.stat()
    told = (options.decimal, options.encoding, options.delimiter)
    header, rows, dialect = _first_rows(path, (about.st_size, about.st_mtime_ns), told)
    return list(header), list(rows), dialect


@lru_cache(maxsize=2)
def _first_rows(
    path: Path, stamp: tuple[int, int], told: tuple[str, str, str]
) -> tuple[list[str], list[list[str]], Dialect]:
    """Return the sample, cut into cells once for the several readers that ask one after the other."""
    from netcluster.tables.archive import head_and_tail
    from netcluster.tables.sniff import LONGEST_LINE, SAMPLE, split

    head, _, complete = head_and_tail(path, SAMPLE, 0, LONGEST_LINE)
    if complete:
        _check_line_ends(head, path)
    dialect = _sniffed(path, stamp, told)
    lines = head.decode(dialect.encoding, errors="replace").lstrip("\ufeff").splitlines()
    whole = lines[:-1] if len(lines) > 2 and len(head) >= SAMPLE else lines
    cells = split(whole[:1200], dialect.delimiter)[:600]
    start = dialect.skip + dialect.header_rows
    header = cells[start - 1] if dialect.header_rows and len(cells) >= start else []
    return header, cells[start:], dialect


def _check_line_ends(content: bytes, path: Path) -> None:
    """Raise where all is on one line of thousands of cells: taken for a header, it would keep readers for minutes."""
    marks = max(content.count(mark) for mark in (b",", b";", b"\t", b"|"))
    if marks > _CELLS_ON_A_LINE and len(content.strip().splitlines()) == 1:
        raise NetclusterError(
            f"{path} holds {marks + 1:,} cells on one line, and no others.", "Check that the line ends are there."
        )


@lru_cache(maxsize=16)
def _sniffed(path: Path, _stamp: tuple[int, int], told: tuple[str, str, str]) -> Dialect:
    """Return a file's dialect, found once however many readers ask, while it stays as it is."""
    from netcluster.tables.sniff import sniff

    decimal, encoding, delimiter = told
    return sniff(path, ReadOptions(decimal=decimal, encoding=encoding, delimiter=delimiter))


def _parquet_sample(path: Path) -> tuple[list[str], list[list[str]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        batch = next(file.iter_batches(batch_size=200), None)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise NetclusterError(f"{path} can't be read as Parquet: {reason}", "Write or download it again.") from None
    rows = [["" if v is None else str(v) for v in row.values()] for row in batch.to_pylist()] if batch else []
    return list(file.schema_arrow.names), rows
