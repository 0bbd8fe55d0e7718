"""The folder of a batch: its list of runs, and each run's rows and record, landed whole.

    DIR/batch.json          the plan's runs as last given
    DIR/runs/KEY.parquet    a run's rows, or DIR/runs/KEY/ the folder of a run of analyze
    DIR/runs/KEY.json       its record, written after them: the run is done once it is there
    DIR/run.json            the last session: date, duration, host, engine (the one file that may differ)
    DIR/results/            what collect made of them

A run is its key, so that a file is never replaced by anything but the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from netcluster.batch.keys import SCHEMA
from netcluster.batch.matrix import Run, Runs
from netcluster.batch.work import Outcome
from netcluster.core.errors import NetclusterError
from netcluster.core.files import whole_file, whole_folder, write_error, write_text
from netcluster.study.jsonable import dumps

Record = dict[str, Any]


@dataclass(frozen=True)
class Listed:
    """A run as batch.json lists it."""

    key: str
    step: str
    command: str
    input: str
    inputs: tuple[tuple[str, str], ...]
    year: str
    region: tuple[str, ...]
    varied: Mapping[str, Any]
    options: Mapping[str, Any]
    line: str

    @property
    def identity(self) -> str:
        """What the run is of, whatever is in its inputs and whoever made it."""
        return json.dumps([self.command, self.input, self.year, self.region, self.options], sort_keys=True, default=str)


class Folder:
    """The folder of a batch."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.runs = path / "runs"
        self.results = path / "results"

    def create(self) -> None:
        """Make the folder, or raise where it holds something else or can't be written."""
        try:
            strangers = self.path.is_dir() and not self.is_batch() and any(self.path.iterdir())
            if strangers and {item.name for item in self.path.iterdir()} - {".lock", "runs"}:
                raise NetclusterError(f"{self.path} holds something that is no batch.", "Give a folder of its own.")
            self.runs.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_error(self.path, error) from error

    def is_batch(self) -> bool:
        """Return whether a batch has been here."""
        return (self.path / "batch.json").is_file()

    def sweep(self) -> None:
        """Remove what a killed process left half-written; only the holder of the lock may."""
        for folder in (self.path, self.runs):
            for item in folder.glob(".netcluster-*"):
                if item.is_dir():
                    shutil.rmtree(item, ignore_errors=True)
                else:
                    item.unlink(missing_ok=True)

    def list_runs(self, found: Runs) -> None:
        """Write the list of runs."""
        document = {
            "schema": SCHEMA,
            "versions": found.versions,
            "notes": found.notes,
            "runs": [asdict(listed(run)) for run in found.runs],
        }
        write_text(self.path / "batch.json", dumps(document))

    def listed(self) -> tuple[list[Listed], Record]:
        """Return the runs as last given, and what stands beside them."""
        path = self.path / "batch.json"
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            runs = [_listed(item) for item in document["runs"]]
        except FileNotFoundError:
            raise NetclusterError(f"{self.path} is no batch.", "Name the folder given to batch run -o.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NetclusterError(
                f"{path} can't be read: {error}.", "Give batch run again: it is written anew."
            ) from error
        return runs, document

    def land(self, run: Listed, outcome: Outcome) -> None:
        """Write a run's results, then its record: a kill between the two leaves a run to be done again."""
        single = {name: content for name, content in outcome.files.items() if "/" not in name}
        for name, content in single.items():
            with whole_file(self.runs / name) as temporary:
                temporary.write_bytes(content)
        if len(outcome.files) > len(single):
            with whole_folder(self.runs / run.key) as place:
                for name, content in outcome.files.items():
                    if name not in single:
                        target = place / Path(name).relative_to(run.key)
                        target.parent.mkdir(parents=True, exist_ok=True)
                        target.write_bytes(content)
        document = {"schema": SCHEMA, "status": outcome.status, **asdict(run), **outcome.record}
        write_text(self.runs / f"{run.key}.json", dumps(document))

    def record(self, key: str) -> Record | None:
        """Return a run's record, or none where it is to be done: no record, or files that are not what it says."""
        try:
            document: Record = json.loads((self.runs / f"{key}.json").read_text(encoding="utf-8"))
            if document["status"] == "done":
                for name, what in document["files"].items():
                    if (self.runs / name).stat().st_size != what["bytes"]:
                        return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return document

    def rows(self, record: Record, table: str) -> bytes:
        """Return the rows of one of a run's tables after checking that they are what was landed."""
        name: str = record["tables"][table]
        content = (self.runs / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != record["files"][name]["sha256"]:
            raise NetclusterError(
                f"{self.runs / name} is not what was written: its fingerprint differs.",
                "Remove it and give batch run again.",
            )
        return content

    def statuses(self, keys: Iterable[str]) -> dict[str, str]:
        """Return "done", "failed" or "to do" of each key."""
        found = {}
        for key in keys:
            record = self.record(key)
            found[key] = "to do" if record is None else str(record["status"])
        return found

    def others(self, listed_runs: Iterable[Listed]) -> tuple[int, int]:
        """Return how many kept runs are not in the list: of runs that are, with other inputs or versions; others."""
        mine = list(listed_runs)
        keys, identities = {run.key for run in mine}, {run.identity for run in mine}
        changed = other = 0
        for path in sorted(self.runs.glob("*.json")):
            record = None if path.stem in keys else self.record(path.stem)
            if record is None or record.get("status") != "done":
                continue
            try:
                same = _listed(record).identity in identities
            except (KeyError, TypeError):
                continue
            changed, other = changed + same, other + (not same)
        return changed, other


def listed(run: Run) -> Listed:
    """Return a run as batch.json lists it."""
    job = run.job
    return Listed(
        job.key,
        run.step,
        job.command,
        run.input,
        tuple((file.name, file.sha256) for file in job.files),
        job.year,
        job.region,
        {name: _plain(value) for name, value in run.varied.items()},
        {name: _plain(value) for name, value in run.options.items()},
        run.line,
    )


def _listed(item: Mapping[str, Any]) -> Listed:
    return Listed(
        item["key"],
        item["step"],
        item["command"],
        item["input"],
        tuple((name, digest) for name, digest in item["inputs"]),
        item["year"],
        tuple(item["region"]),
        item["varied"],
        item["options"],
        item["line"],
    )


def _plain(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
