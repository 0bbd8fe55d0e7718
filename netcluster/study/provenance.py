"""What made a result: command, options, seed, versions and the fingerprints of the inputs.

The provenance holds nothing that differs between two equal runs. Date, duration, host and absolute paths
stand in the run record only, which is the one file allowed to differ.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from netcluster.core.files import sha256

#: The packages whose version can change a digit.
PACKAGES = ("netcluster", "numpy", "scipy", "pandas", "pyarrow", "igraph", "networkx", "duckdb", "numba")


def provenance(
    command: str,
    inputs: Iterable[str | os.PathLike[str]],
    options: Mapping[str, object],
    *,
    seed: int | None = None,
    threads: int | None = None,
) -> dict[str, object]:
    """Return what made a result, as plain values in a fixed order.

    `inputs` are the paths given; a folder stands for the files in it. Paths are named without their folder.
    """
    return {
        "command": command,
        "options": {key: plain(value) for key, value in sorted(options.items())},
        "seed": seed,
        "threads": threads if threads is not None else os.cpu_count(),
        "versions": {name: _version(name) for name in PACKAGES} | {"python": platform.python_version()},
        "inputs": [record for path in inputs for record in fingerprints(path)],
    }


def fingerprints(path: str | os.PathLike[str]) -> list[dict[str, object]]:
    """Return name, size and SHA-256 of a file, or of every file of a folder in order of name."""
    place = Path(path)
    if place.is_dir():
        found = sorted(item for item in place.rglob("*") if item.is_file() and item.name != "run.json")
        return [_fingerprint(item, item.relative_to(place).as_posix()) for item in found]
    return (
        [_fingerprint(place, place.name)] if place.is_file() else [{"name": str(path), "bytes": None, "sha256": None}]
    )


def run_record(
    record: Mapping[str, object],
    *,
    arguments: Sequence[str],
    inputs: Iterable[str | os.PathLike[str]],
    outputs: Iterable[Path],
    started: float,
) -> dict[str, object]:
    """Return the run record: the provenance, and what differs between equal runs.

    `arguments` is the command line that `netcluster rerun` gives again, `started` a `time.time()`.
    """
    return {
        "schema": 1,
        "provenance": dict(record),
        "arguments": list(arguments),
        "folder": str(Path.cwd()),
        "inputs": [str(Path(path).absolute()) if str(path) != "-" else "-" for path in inputs],
        "outputs": [{"name": path.name, "sha256": sha256(path)} for path in outputs if path.is_file()],
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 3),
        "host": platform.node(),
        "system": f"{platform.system()} {platform.machine()}",
        "interpreter": sys.executable,
    }


def plain(value: object) -> object:
    """Return a value as JSON can hold it: paths by name, tuples as lists, the rest as it is or as text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Path):
        return value.name
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return str(value)


def _fingerprint(path: Path, name: str) -> dict[str, object]:
    return {"name": name, "bytes": path.stat().st_size, "sha256": sha256(path)}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
