"""The head of a file: its header, some rows and its dialect, to tell what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from netcluster.core.errors import NetclusterError
from netcluster.tables.options import Dialect, ReadOptions
from netcluster.tables.sniff import first_rows

#: Rows handed on, titles and header among them.
MOST_ROWS = 600


def sample_of(
    path: Path, options: ReadOptions, kind: Literal["text", "parquet"] | str
) -> tuple[list[str], list[list[str]], Dialect]:
    """Return the header, the first rows and the dialect of a text or Parquet file."""
    if kind == "parquet":
        return *_parquet_sample(path), Dialect()
    dialect, cells = first_rows(path, options)
    start = dialect.skip + dialect.header_rows
    header = cells[start - 1] if dialect.header_rows and len(cells) >= start else []
    return list(header), cells[start:MOST_ROWS], dialect


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
