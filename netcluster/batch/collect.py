"""All results of a batch as one data set: a folder of Parquet a step, the table of runs, and the findings.

    DIR/results/runs.parquet            a row a run: what it was of, its status, its command line
    DIR/results/findings.parquet        a row a finding
    DIR/results/STEP/part-00000.parquet the rows of a step's runs, in the order of the plan
    DIR/results/STEP/TABLE/part-…       the same of one table, where a step gives several (analyze)

The same runs give the same bytes, whoever worked them off. pandas, DuckDB and Polars read it alike.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcluster.batch.store import Folder, Listed, Record
from netcluster.core.files import whole_folder
from netcluster.core.lock import locked

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows after which a step's data set goes on in another file; the same however the runs were worked off.
ROWS_A_FILE = 5_000_000
_TEXT = ("severity", "code", "subject", "subject_kind", "measure", "sentence", "reference", "lever")
_NUMBERS = ("value", "threshold", "share")


@dataclass(frozen=True)
class Collected:
    """What was collected: where, the rows of each data set (STEP or STEP/TABLE), and how many runs are missing."""

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

    def done(entry: Listed) -> Record | None:
        record = records[entry.key]
        return record if record and record.get("status") == "done" else None

    counts: dict[str, int] = {}
    with whole_folder(folder.results) as fresh:
        for step in dict.fromkeys(entry.step for entry in runs):
            mine = [_Landed(entry, record) for entry in runs if entry.step == step and (record := done(entry))]
            for table in sorted({name for run in mine for name in run.record["tables"]}):
                having = [run for run in mine if table in run.record["tables"]]
                name = f"{step}/{table}" if table else step
                counts[name] = _write_table(having, table, folder, fresh / name)
        _write(_run_table(runs, records), fresh / "runs.parquet")
        _write(_finding_table(runs, records), fresh / "findings.parquet")
    return Collected(folder.results, counts, sum(done(entry) is None for entry in runs))


@dataclass(frozen=True)
class _Landed:
    """A run that is done, and its record."""

    entry: Listed
    record: Record


def _write_table(mine: Sequence[_Landed], name: str, folder: Folder, target: Path) -> int:
    """Write one table of a step's runs, a row group a run, and return how many rows there are."""
    import pyarrow.parquet as pq

    schema, lead = _schema(mine, name, folder)
    target.mkdir(parents=True)
    count = part = written = 0
    writer = pq.ParquetWriter(target / "part-00000.parquet", schema, compression="zstd")
    try:
        for run in mine:
            table = _led(run.entry, _read(folder.rows(run.record, name)), schema, lead)
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


def _schema(mine: Sequence[_Landed], table: str, folder: Folder) -> tuple[pa.Schema, list[str]]:
    """Return one schema for all runs of a step, what leads each row and then every column any run has; the lead."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    found = [pq.read_schema(io.BytesIO(folder.rows(run.record, table))) for run in mine]
    columns: dict[str, pa.DataType] = {}
    for schema in dict.fromkeys(found):
        for column in schema:
            known = columns.get(column.name)
            columns[column.name] = column.type if known is None else _common(known, column.type)
    leading = _leading([run.entry for run in mine])
    lead = [pa.field(_free(name, set(columns)), kind) for name, kind in leading.items()]
    own = [pa.field(name, kind) for name, kind in columns.items()]
    return pa.schema([*lead, *own]), list(leading)


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


def _led(entry: Listed, table: pa.Table, schema: pa.Schema, lead: Sequence[str]) -> pa.Table:
    """Return a run's rows under the common schema, led by what the run is; a column it lacks is empty."""
    import pyarrow as pa

    values: dict[str, Any] = {
        "run": entry.key,
        "input": entry.input,
        "year": int(entry.year) if entry.year else None,
        "region": "+".join(entry.region),
        **{_column(name): value for name, value in entry.varied.items()},
    }
    columns = []
    for place, column in enumerate(schema):
        if place >= len(lead) and column.name in table.column_names:
            columns.append(table.column(column.name).cast(column.type))
        else:
            value = values.get(lead[place]) if place < len(lead) else None
            text = value if value is None or not pa.types.is_string(column.type) else str(value)
            columns.append(pa.chunked_array([pa.repeat(pa.scalar(text, column.type), len(table))]))
    return pa.table(columns, schema=schema)


def _run_table(runs: Sequence[Listed], records: Mapping[str, Record | None]) -> pa.Table:
    """Return a row a run of the plan."""
    import pyarrow as pa

    texts = ("run", "step", "command", "input", "year", "region", "options", "inputs", "status", "reason", "hint")
    kinds: dict[str, pa.DataType] = dict.fromkeys(texts, pa.string()) | {
        "rows": pa.int64(),
        "folder": pa.string(),
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
                "folder": _folder(entry, record),
                "notes": "\n".join(note["text"] for note in record.get("notes", ())) or None,
                "line": entry.line,
            }
        )
    return pa.Table.from_pylist(rows, schema=schema)


def _folder(entry: Listed, record: Record) -> str | None:
    """Return the folder of a run that has one, from that of the batch."""
    return f"runs/{entry.key}" if any(name.startswith(f"{entry.key}/") for name in record.get("files", ())) else None


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
