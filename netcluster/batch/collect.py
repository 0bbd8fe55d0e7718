"""All results of a batch as one data set: a folder of Parquet a step, the table of runs, and the findings.

    DIR/results/runs.parquet            a row a run: what it was of, its status, its command line
    DIR/results/findings.parquet        a row a finding
    DIR/results/STEP/part-00000.parquet the rows of a step's runs, in the order of the plan

The same runs give the same bytes, whoever worked them off. pandas, DuckDB and Polars read it alike.
"""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcluster.batch.store import Folder, Listed, Record
from netcluster.core.files import write_error
from netcluster.core.lock import locked

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows after which a step's data set goes on in another file; the same however the runs were worked off.
ROWS_A_FILE = 5_000_000
_TEXT = ("severity", "code", "subject", "subject_kind", "measure", "sentence", "reference", "lever")
_NUMBERS = ("value", "threshold", "share")


@dataclass(frozen=True)
class Collected:
    """What was collected: where, and how many runs and rows of each step; how many runs are not among them."""

    path: Path
    rows: Mapping[str, int]
    missing: int


def collect(out: Path) -> Collected:
    """Write the data set of all runs that are done, in place of an earlier one, and return what is in it.

    Raises
    ------
    NetclusterError
        Where the folder is no batch or is in use, rows are not what was landed, or it can't be written.
    """
    folder = Folder(out)
    folder.listed()
    with locked(out):
        return collected(folder)


def collected(folder: Folder) -> Collected:
    """Collect; for the holder of the folder's lock."""
    runs, _ = folder.listed()
    records = {entry.key: folder.record(entry.key) for entry in runs}
    try:
        with tempfile.TemporaryDirectory(prefix=".netcluster-", dir=folder.path) as name:
            fresh = Path(name) / "results"
            fresh.mkdir()
            counts = {step: _write_step(step, runs, records, folder, fresh) for step in _steps(runs)}
            _write(_run_table(runs, records), fresh / "runs.parquet")
            _write(_finding_table(runs, records), fresh / "findings.parquet")
            fresh.chmod(folder.path.stat().st_mode)
            _swap(fresh, folder.results, Path(name) / "old")
    except OSError as error:
        raise write_error(folder.results, error) from error
    done = sum((records[entry.key] or {}).get("status") == "done" for entry in runs)
    return Collected(folder.results, counts, len(runs) - done)


def _swap(fresh: Path, place: Path, aside: Path) -> None:
    if place.exists():
        place.replace(aside)
    fresh.replace(place)
    shutil.rmtree(aside, ignore_errors=True)


def _steps(runs: Sequence[Listed]) -> list[str]:
    return list(dict.fromkeys(entry.step for entry in runs))


def _write_step(
    step: str, runs: Sequence[Listed], records: Mapping[str, Record | None], folder: Folder, fresh: Path
) -> int:
    """Write a step's rows, a row group a run, and return how many there are."""
    import pyarrow.parquet as pq

    mine = [entry for entry in runs if entry.step == step and _done(records[entry.key])]
    if not mine:
        return 0
    schema = _schema(mine, records, folder)
    target = fresh / step
    target.mkdir()
    count = part = written = 0
    writer = pq.ParquetWriter(target / "part-00000.parquet", schema, compression="zstd")
    try:
        for entry in mine:
            record = records[entry.key]
            assert record is not None  # only runs that are done are here
            table = _led(entry, _read(folder.rows(entry.key, record)), schema)
            if written and written + len(table) > ROWS_A_FILE:
                writer.close()
                part, written = part + 1, 0
                writer = pq.ParquetWriter(target / f"part-{part:05d}.parquet", schema, compression="zstd")
            writer.write_table(table)
            count, written = count + len(table), written + len(table)
    finally:
        writer.close()
    return count


def _read(content: bytes) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.read_table(io.BytesIO(content))


def _schema(mine: Sequence[Listed], records: Mapping[str, Record | None], folder: Folder) -> pa.Schema:
    """Return one schema for all runs of a step: what leads each row, then every column any run has."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    found = [pq.read_schema(io.BytesIO(folder.rows(entry.key, records[entry.key] or {}))) for entry in mine]
    columns: dict[str, pa.DataType] = {}
    for schema in dict.fromkeys(found):
        for column in schema:
            known = columns.get(column.name)
            columns[column.name] = column.type if known is None else _common(known, column.type)
    leading = _leading(mine)
    taken = set(columns)
    lead = [pa.field(_free(name, taken), kind) for name, kind in leading.items()]
    return pa.schema([*lead, *(pa.field(name, kind) for name, kind in columns.items())])


def _leading(mine: Sequence[Listed]) -> dict[str, pa.DataType]:
    """Return what leads each row: the run, and what tells the runs of a step apart."""
    import pyarrow as pa

    lead: dict[str, pa.DataType] = {"run": pa.string(), "input": pa.string()}
    if any(entry.year for entry in mine):
        lead["year"] = pa.int64()
    if any(entry.region for entry in mine):
        lead["region"] = pa.string()
    for name in dict.fromkeys(name for entry in mine for name in entry.varied):
        values = [entry.varied.get(name) for entry in mine]
        lead[_column(name)] = _kind(values)
    return lead


def _led(entry: Listed, table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a run's rows under the common schema, led by what the run is."""
    import pyarrow as pa

    values: dict[str, Any] = {
        "run": entry.key,
        "input": entry.input,
        "year": int(entry.year) if entry.year else None,
        "region": "+".join(entry.region),
        **{_column(name): value for name, value in entry.varied.items()},
    }
    columns = []
    own = set(table.column_names)
    for column in schema:
        if column.name in own:
            columns.append(table.column(column.name).cast(column.type))
        else:
            value = values.get(column.name, values.get(column.name.removeprefix("run_")))
            text = value if value is None or not pa.types.is_string(column.type) else str(value)
            columns.append(pa.chunked_array([pa.repeat(pa.scalar(text, column.type), len(table))]))
    return pa.table(columns, schema=schema)


def _run_table(runs: Sequence[Listed], records: Mapping[str, Record | None]) -> pa.Table:
    """Return a row a run of the plan."""
    import pyarrow as pa

    texts = ("run", "step", "command", "input", "year", "region", "options", "inputs", "status", "reason", "hint")
    kinds: dict[str, pa.DataType] = dict.fromkeys(texts, pa.string()) | {
        "rows": pa.int64(),
        "notes": pa.string(),
        "line": pa.string(),
    }
    schema = pa.schema(list(kinds.items()))
    rows = []
    for entry in runs:
        record = records[entry.key] or {}
        rows.append(
            {
                "run": entry.key,
                "step": entry.step,
                "command": entry.command,
                "input": entry.input,
                "year": entry.year or None,
                "region": "+".join(entry.region) or None,
                "options": json.dumps(dict(entry.options), ensure_ascii=False, sort_keys=True),
                "inputs": json.dumps(dict(entry.inputs), ensure_ascii=False),
                "status": record.get("status", "to do"),
                "reason": record.get("reason"),
                "hint": record.get("hint"),
                "rows": record.get("rows"),
                "notes": "\n".join(note["text"] for note in record.get("notes", ())) or None,
                "line": entry.line,
            }
        )
    return pa.Table.from_pylist(rows, schema=schema)


def _finding_table(runs: Sequence[Listed], records: Mapping[str, Record | None]) -> pa.Table:
    """Return a row a finding, of every run."""
    import pyarrow as pa

    kinds: dict[str, pa.DataType] = dict.fromkeys(("run", *_TEXT), pa.string()) | dict.fromkeys(_NUMBERS, pa.float64())
    schema = pa.schema(list(kinds.items()))
    rows = []
    for entry in runs:
        for finding in (records[entry.key] or {}).get("findings", ()):
            row: dict[str, object] = {"run": entry.key}
            row |= {name: _text(finding.get(name)) for name in _TEXT}
            row |= {name: finding.get(name) for name in _NUMBERS}
            rows.append(row)
    return pa.Table.from_pylist(rows, schema=schema)


def _write(table: pa.Table, path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd")


def _done(record: Record | None) -> bool:
    return record is not None and record.get("status") == "done"


def _common(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """Return a type that holds both: numbers as float64, anything else as text."""
    import pyarrow as pa

    if one == other:
        return one
    number = all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in (one, other))
    return pa.float64() if number else pa.string()


def _kind(values: Sequence[object]) -> pa.DataType:
    import pyarrow as pa

    known = [value for value in values if value is not None]
    if known and all(isinstance(value, bool) for value in known):
        return pa.bool_()
    if known and all(isinstance(value, int) and not isinstance(value, bool) for value in known):
        return pa.int64()
    if known and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in known):
        return pa.float64()
    return pa.string()


def _column(name: str) -> str:
    return name.replace("-", "_")


def _free(name: str, taken: set[str]) -> str:
    """Return the name, or run_name where the rows themselves have such a column."""
    return f"run_{name}" if name in taken else name


def _text(value: object) -> str | None:
    return None if value is None else str(value)
