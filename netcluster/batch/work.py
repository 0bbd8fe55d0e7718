"""What a worker does with a job: check its files, run the command, and give the rows back as Parquet.

The worker writes nothing to the batch's folder: what it gives back is landed by the one process that holds the
folder's lock, so that a worker which dies, or is given the same job twice, leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.batch.commands import Answer, Commands, File, Job
from netcluster.batch.keys import versions
from netcluster.core.engine import Sent
from netcluster.core.errors import NetclusterError
from netcluster.core.files import sha256

if TYPE_CHECKING:
    import pandas as pd

#: What the fingerprint of a file was when last looked at: path → (size, times, inode), fingerprint.
_SEEN: dict[str, tuple[tuple[int, ...], str]] = {}


@dataclass(frozen=True)
class Outcome:
    """What became of a job: "done" with the files of its results, "failed" with a reason.

    `files` are named as they stand in runs/: KEY.parquet, or whatever is in the folder KEY.
    """

    status: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    record: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Worker:
    """The function a worker calls, with what it needs to know; it survives pickling."""

    commands: Commands
    versions: Mapping[str, str]

    def __call__(self, job: Job, sent: Sent) -> Outcome:
        """Return what became of the job; no error of a job is let through."""
        try:
            self._check_versions()
            with tempfile.TemporaryDirectory(prefix="netcluster-") as folder:
                here = _unpacked(job, sent, Path(folder))
                _check(here.files)
                answer = self.commands.answer(here)
                files = _files(job.key, answer)
                _check(here.files)
        except NetclusterError as error:
            return failed(error.message, error.hint)
        except MemoryError:
            return failed("There is not enough memory for this.", "Use fewer --jobs, or cut the table down.")
        except Exception as error:
            place = _place(error)
            return failed(
                f"netcluster failed: {type(error).__name__}: {error} ({place})",
                "This is a fault of netcluster: give the run's own command with --debug and report what it prints.",
            )
        return Outcome("done", files, _record(job.key, answer, files))

    def _check_versions(self) -> None:
        here = versions()
        for name, number in self.versions.items():
            if here.get(name) != number:
                raise NetclusterError(
                    f"The worker has {name} {here.get(name)}, the batch {number}: digits could differ.",
                    "Give all machines the same environment, then --retry-failed.",
                )


def failed(reason: str, hint: str = "") -> Outcome:
    """Return the outcome of a job that gave no rows."""
    return Outcome("failed", {}, {"reason": reason, "hint": hint})


def to_parquet(frame: pd.DataFrame) -> bytes:
    """Return rows as the bytes of a Parquet file: a schema of their own, no metadata of pandas."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    for place, column in enumerate(table.schema):
        if pa.types.is_null(column.type):
            table = table.set_column(place, column.name, table.column(place).cast(pa.string()))
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(None), sink, compression="zstd")
    return sink.getvalue()


def _files(key: str, answer: Answer) -> dict[str, bytes]:
    """Return what is to land: a file of rows, or a folder with its tables as Parquet beside its own files."""
    found = {f"{key}/{name}": content for name, content in answer.folder.items()}
    return found | {_place_of(key, name): to_parquet(frame) for name, frame in answer.tables.items()}


def _place_of(key: str, table: str) -> str:
    return f"{key}/tables/{table}.parquet" if table else f"{key}.parquet"


def _record(key: str, answer: Answer, files: Mapping[str, bytes]) -> dict[str, object]:
    return {
        "rows": sum(len(frame) for frame in answer.tables.values()),
        "tables": {name: _place_of(key, name) for name in answer.tables},
        "files": {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        },
        "notes": [note.to_dict() for note in answer.notes],
        "findings": [finding.to_dict() for finding in answer.findings],
        "provenance": dict(answer.provenance),
    }


def _check(files: tuple[File, ...]) -> None:
    """Raise where a file is not the one the run was keyed by; looked at before and after it is read."""
    for file in files:
        if _fingerprint(file.path) != file.sha256:
            raise NetclusterError(
                f"{file.name} has changed since the batch began.", "Give the batch again: it is a run of its own then."
            )


def _fingerprint(path: str) -> str:
    try:
        state = Path(path).stat()
        mark = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
        known = _SEEN.get(path)
        if known is None or known[0] != mark:
            known = _SEEN[path] = (mark, sha256(path))
    except OSError as error:
        raise NetclusterError(
            f"{path} can't be read: {error.strerror}.",
            "It has gone, or its disk is not there; workers of a cluster need large files on a disk all share.",
        ) from error
    return known[1]


def _unpacked(job: Job, sent: Sent, folder: Path) -> Job:
    """Return the job with the files that were sent written where this machine can read them."""
    if not sent:
        return job
    base = Path(os.path.commonpath([str(Path(file.path).parent) for file in job.files]))
    moved: dict[str, str] = {}
    for file in job.files:
        if file.sha256 in sent:
            target = folder / Path(file.path).relative_to(base)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(sent[file.sha256])
            moved[file.path] = str(target)
    for path in job.paths:
        if Path(path).is_relative_to(base):
            moved.setdefault(path, str(folder / Path(path).relative_to(base)))
    return replace(
        job,
        paths=tuple(moved.get(path, path) for path in job.paths),
        inputs=tuple(replace(file, path=moved.get(file.path, file.path)) for file in job.inputs),
        sides=tuple(replace(file, path=moved.get(file.path, file.path)) for file in job.sides),
        options={name: _moved(value, moved) for name, value in job.options.items()},
    )


def _moved(value: object, moved: Mapping[str, str]) -> object:
    if isinstance(value, tuple):
        return tuple(_moved(item, moved) for item in value)
    return moved.get(value, value) if isinstance(value, str) else value


def _place(error: Exception) -> str:
    """Return the module and line an error came from, without a path of this machine."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}, line {trace.tb_lineno}" if trace is not None else "no place"
