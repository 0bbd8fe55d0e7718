"""Parquet files that are the same bytes for the same content: fixed schema, fixed chunks, no pandas metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError

if TYPE_CHECKING:
    import pandas as pd

#: Rows in a row group; fixed, so that the bytes don't depend on how the rows came in.
GROUP = 1 << 20


def write_columns(path: Path, columns: dict[str, Any]) -> None:
    """Write named arrays of one length, floats and integers as they are, all else as text."""
    import pyarrow as pa

    arrays = {name: _column(values) for name, values in columns.items()}
    _write(path, pa.table(arrays))


def write_frame(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame without its index."""
    write_columns(path, {str(name): frame[name] for name in frame.columns})


def write_stream(path: Path, schema: Any, batches: Iterator[Any]) -> None:
    """Write record batches of any size in row groups of one size."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(path, schema) as writer:
        waiting: list[Any] = []
        for batch in batches:
            waiting.append(batch)
            if sum(map(len, waiting)) >= GROUP:
                table = pa.Table.from_batches(waiting, schema)
                writer.write_table(table.slice(0, GROUP), row_group_size=GROUP)
                waiting = table.slice(GROUP).to_batches()
        rest = pa.Table.from_batches(waiting, schema)
        while len(rest):
            writer.write_table(rest.slice(0, GROUP), row_group_size=GROUP)
            rest = rest.slice(GROUP)


def read_columns(path: Path) -> Any:
    """Return a file as a `pyarrow.Table`; one that is missing or broken is an error that says so."""
    import pyarrow.parquet as pq

    return _readable(path, lambda: pq.read_table(path))


def read_groups(path: Path) -> tuple[int, Iterator[dict[str, npt.NDArray[Any]]]]:
    """Return how many rows a file of numbers holds, and its columns as arrays, one row group at a time."""
    import pyarrow.parquet as pq

    file = _readable(path, lambda: pq.ParquetFile(path))

    def groups() -> Iterator[dict[str, npt.NDArray[Any]]]:
        for k in range(file.num_row_groups):
            table = _readable(path, partial(file.read_row_group, k))
            yield {name: table[name].to_numpy() for name in table.column_names}

    return file.metadata.num_rows, groups()


def read_frame(path: Path) -> pd.DataFrame:
    """Return a file as a frame."""
    frame: pd.DataFrame = read_columns(path).to_pandas()
    return frame


def read_array(path: Path, name: str = "value") -> npt.NDArray[Any]:
    """Return one column of a file as an array, empty cells as NaN."""
    column = read_columns(path)[name]
    return np.asarray(column.to_numpy(zero_copy_only=False))


def _readable(path: Path, reading: Callable[[], Any]) -> Any:
    import pyarrow as pa

    try:
        return reading()
    except FileNotFoundError:
        raise NetclusterError(f"{path} is missing.", "The folder was cut short: build it again.") from None
    except (pa.ArrowInvalid, OSError) as error:
        raise NetclusterError(f"{path} can't be read: {error}", "The folder is damaged: build it again.") from error


def _column(values: Any) -> Any:
    import pandas as pd
    import pyarrow as pa

    if isinstance(values, np.ndarray) and values.dtype.kind in "if":
        return pa.array(values)
    series = pd.Series(values)
    if pd.api.types.is_bool_dtype(series.dtype) or pd.api.types.is_numeric_dtype(series.dtype):
        return pa.array(series, from_pandas=True)
    array = pa.array(series.where(series.notna(), None).astype("str").where(series.notna(), None), from_pandas=True)
    return array.cast(pa.large_string())


def _write(path: Path, table: Any) -> None:
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    # Trying a dictionary on numbers that hardly repeat takes three times as long and saves nothing.
    dictionary: Any = [field.name for field in table.schema if str(field.type) == "large_string"]
    pq.write_table(table, path, row_group_size=GROUP, use_dictionary=dictionary)
