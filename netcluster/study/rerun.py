"""A recorded run, given again: its arguments with another target, and how the outcome compares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from netcluster.core.errors import NetclusterError
from netcluster.core.files import sha256
from netcluster.study.provenance import fingerprints

Record = dict[str, Any]


def read_record(path: Path) -> Record:
    """Return a run record; a file that is none is an error."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        complete = {"arguments", "folder", "inputs", "outputs", "provenance"} <= set(document)
    except (OSError, UnicodeDecodeError, ValueError, TypeError) as error:
        raise NetclusterError(f"{path} is not a run record: {error}.", "Give a run.json.") from error
    if not complete:
        raise NetclusterError(f"{path} is not a run record of netcluster.", "Give a run.json.")
    if not Path(document["folder"]).is_dir():
        raise NetclusterError(
            f"The run was given in {document['folder']}, which is not there.", "Run its command again by hand."
        )
    return dict(document)


def arguments_again(document: Record, target: Path, *, force: bool) -> list[str]:
    """Return the recorded command line with another target, after checking that the inputs are the same.

    Raises
    ------
    NetclusterError
        Where the run wrote to no file, or read standard input, or an input has changed or gone.
    """
    arguments = [str(item) for item in document["arguments"]]
    place = _output_at(arguments)
    _check_inputs(document)
    arguments[place] = f"--output={target}" if arguments[place].startswith("--output=") else str(target)
    arguments = [item for item in arguments if item != "--force"]
    return [*arguments, "--force"] if force else arguments


def compare(document: Record, target: Path) -> list[str]:
    """Return one line for each recorded output whose bytes are not the same at `target`."""
    differences = []
    for output in document["outputs"]:
        path = target / output["name"] if target.is_dir() else target
        if output["name"] == "run.json":
            continue
        if not path.is_file():
            differences.append(f"{output['name']} was not written.")
        elif sha256(path) != output["sha256"]:
            differences.append(f"{output['name']} has other bytes.")
    if differences:
        differences.extend(_versions(document))
    return differences


def _output_at(arguments: list[str]) -> int:
    for index, item in enumerate(arguments):
        if item in ("-o", "--output") and index + 1 < len(arguments):
            return index + 1
        if item.startswith("--output="):
            return index
    raise NetclusterError("That run wrote to no file, so there is nothing to compare.", "Give its command with -o.")


def _check_inputs(document: Record) -> None:
    if "-" in document["inputs"]:
        raise NetclusterError("That run read standard input, which is gone.", "Save the input to a file first.")
    recorded = {(item["name"], item["sha256"]) for item in document["provenance"]["inputs"]}
    found = {(str(item["name"]), item["sha256"]) for path in document["inputs"] for item in fingerprints(path)}
    changed = sorted(name for name, _ in recorded - found)
    if changed:
        raise NetclusterError(
            f"The input {changed[0]} is not what it was: it has changed or gone.", "Run the command anew."
        )


def _versions(document: Record) -> list[str]:
    from netcluster.study.provenance import provenance

    now = provenance("", [], {})["versions"]
    then = document["provenance"]["versions"]
    assert isinstance(now, dict)  # provenance() makes it one
    return [f"{name} was {then.get(name)}, is {now[name]}." for name in now if then.get(name) != now[name]]
