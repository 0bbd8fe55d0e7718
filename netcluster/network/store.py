"""A bundle as a folder: network.json, nodes.parquet, layers/*.parquet and tables/, the same bytes each time."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from netcluster.core.csv_text import write_csv
from netcluster.core.errors import NetclusterError
from netcluster.core.files import refuse_existing, write_error
from netcluster.core.result import Note
from netcluster.network import store_tables
from netcluster.network.network import Layer, Network
from netcluster.network.parquet import read_frame, read_groups, write_columns, write_frame
from netcluster.tables.bundle import Bundle

#: The form of the folder; raised when an older netcluster could not read it.
SCHEMA = 1
HEAD = "network.json"
#: The report of a reconstructed network, and its columns that are words.
VALIDATION, WORDS = "validation.csv", ("measure", "target", "source", "remark")


def save(bundle: Bundle | Network, folder: str | os.PathLike[str], force: bool = False) -> None:
    """Write a bundle (or a network) to a folder, whole or not at all.

    Parameters
    ----------
    bundle : Bundle or Network
        What to save; a trade table is written out as its query gives it.
    folder : path
        Written beside and moved into place when complete.
    force : bool
        Replace a folder of this kind that is there. Anything else in its place is never touched.

    Raises
    ------
    NetclusterError
        Where the folder is there already, holds something else, or can't be written.
    """
    whole = Bundle(network=bundle, name=bundle.name) if isinstance(bundle, Network) else bundle
    target = Path(folder)
    refuse_existing(target, force=force)
    if target.exists() and not (is_saved(target) or (target.is_dir() and not any(target.iterdir()))):
        raise NetclusterError(f"{target} is no saved network and is not replaced.", "Choose another folder.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".netcluster-", dir=target.parent) as waiting:
            made = Path(waiting) / "made"
            made.mkdir()
            _write(whole, made)
            _replace(made, target, Path(waiting) / "old")
    except OSError as error:
        raise write_error(target, error) from error


def load(folder: str | os.PathLike[str]) -> Bundle:
    """Return the bundle saved in a folder.

    Raises
    ------
    NetclusterError
        Where the folder is not one that `save` wrote, is damaged, or comes from a later netcluster.
    """
    place = Path(folder)
    head = _head(place)
    with _undamaged(place):
        network = _network_of(place, head)
        parts = {name: store_tables.read(name, place / "tables", about) for name, about in head["tables"].items()}
        return Bundle(network=network, name=head["name"], notes=notes_from(head["notes"]), **parts)


def load_network(folder: str | os.PathLike[str]) -> Network | None:
    """Return the network of a saved bundle without opening its tables; None where it holds none."""
    place = Path(folder)
    head = _head(place)
    with _undamaged(place):
        return _network_of(place, head)


@contextlib.contextmanager
def _undamaged(place: Path) -> Iterator[None]:
    """Say in words that a folder's head is not as `save` wrote it."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise NetclusterError(f"{place / HEAD} is damaged ({reason}).", "Build the network again.") from error


def is_saved(folder: str | os.PathLike[str]) -> bool:
    """Return whether a folder is one that `save` wrote."""
    try:
        return isinstance(json.loads((Path(folder) / HEAD).read_text(encoding="utf-8")).get("schema"), int)
    except (OSError, ValueError, AttributeError):
        return False


def kept_notes(paths: Sequence[str | os.PathLike[str]]) -> set[str]:
    """Return the texts of the notes that saved networks among the paths hold (of a run's folder, the network in it)."""
    found: set[str] = set()
    for path in paths:
        for place in (Path(path), Path(path) / "network"):
            if is_saved(place):
                head = json.loads((place / HEAD).read_text(encoding="utf-8"))
                network, tables = head.get("network") or {}, head.get("tables") or {}
                records = [*head.get("notes", ()), *network.get("changes", ())]
                records += [note for table in tables.values() for note in table.get("changes", ())]
                found.update(record["text"] for record in records)
    return found


def notes_from(records: Iterable[dict[str, Any]]) -> tuple[Note, ...]:
    """Return notes from their plain values."""
    return tuple(Note(**record) for record in records)


def _head(place: Path) -> dict[str, Any]:
    if not is_saved(place):
        raise NetclusterError(f"{place} is no saved network: it has no {HEAD}.", "netcluster build writes one.")
    head: dict[str, Any] = json.loads((place / HEAD).read_text(encoding="utf-8"))
    if head["schema"] > SCHEMA:
        raise NetclusterError(f"{place} was written by a later netcluster.", "Update netcluster, or build it again.")
    return head


def _replace(made: Path, target: Path, aside: Path) -> None:
    """Move a folder onto another; where that fails, the other is put back."""
    if not target.exists():
        made.rename(target)
        return
    target.rename(aside)
    try:
        made.rename(target)
    except BaseException:
        aside.rename(target)
        raise


def _write(bundle: Bundle, folder: Path) -> None:
    tables = {
        name: store_tables.write(name, getattr(bundle, name), folder / "tables")
        for name in bundle.parts
        if name != "network"
    }
    head = {
        "schema": SCHEMA,
        "name": bundle.name,
        "notes": [note.to_dict() for note in bundle.notes],
        "network": _write_network(bundle.network, folder) if bundle.network is not None else None,
        "tables": tables,
    }
    text = json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    (folder / HEAD).write_text(text + "\n", encoding="utf-8", newline="\n")


def _write_network(network: Network, folder: Path) -> dict[str, Any]:
    write_frame(folder / "nodes.parquet", network.nodes)
    if network.validation is not None:
        write_csv(network.validation, folder / VALIDATION)
    layers = {}
    for name, layer in network.layers.items():
        matrix = layer.matrix
        rows = np.repeat(np.arange(network.n, dtype=np.int32), np.diff(matrix.indptr))
        columns = {"source": rows, "target": matrix.indices.astype(np.int32, copy=False), "weight": matrix.data}
        write_columns(folder / "layers" / f"{name}.parquet", columns)
        layers[name] = {"unit": layer.unit, "directed": layer.directed, "money": layer.money}
    return {
        "name": network.name,
        "year": network.year,
        "source": network.source,
        "changes": [note.to_dict() for note in network.changes],
        "order": list(network.layers),
        "layers": layers,
    }


def _network_of(place: Path, head: dict[str, Any]) -> Network | None:
    return _read_network(place, head["network"]) if head["network"] else None


def _read_network(folder: Path, about: dict[str, Any]) -> Network:
    nodes = read_frame(folder / "nodes.parquet")
    layers = {}
    for name in about["order"]:
        if Path(name).name != name:
            raise ValueError(f"the layer {name!r} leads out of the folder")
        matrix = _read_matrix(folder / "layers" / f"{name}.parquet", len(nodes))
        layers[name] = Layer(matrix, **about["layers"][name])
    return Network(
        nodes,
        layers,
        about["name"],
        about["year"],
        about["source"],
        changes=notes_from(about["changes"]),
        validation=_read_validation(folder / VALIDATION),
    )


def _read_validation(path: Path) -> Any:
    """Return the report of a reconstructed network, None where there is none."""
    import pandas as pd

    if not path.exists():
        return None
    try:
        frame = pd.read_csv(path, keep_default_na=False, dtype=str)
        return frame.assign(**{str(name): pd.to_numeric(frame[name]) for name in frame if name not in WORDS})
    except (OSError, ValueError) as error:
        raise NetclusterError(f"{path} can't be read: {error}", "Delete it: the network itself is whole.") from error


def _read_matrix(path: Path, n: int) -> Any:
    """Return a matrix from its links, which stand in the order of its rows."""
    import scipy.sparse as sp

    rows, groups = read_groups(path)
    target, weight = np.empty(rows, dtype=np.int32 if rows < 2**31 else np.int64), np.empty(rows)
    counts = np.zeros(n, dtype=target.dtype)
    at, before = 0, 0
    for links in groups:
        source, ends = links["source"], links["target"]
        if source.size == 0:
            continue
        if source[0] < before or (source[1:] < source[:-1]).any():
            raise NetclusterError(f"{path} holds its links out of order.", "Build the folder again.")
        if source[-1] >= n or ends.min() < 0 or ends.max() >= n:
            raise NetclusterError(f"{path} links nodes that are not in nodes.parquet.", "Build the folder again.")
        found = np.bincount(source - source[0])
        counts[source[0] : source[0] + found.size] += found.astype(counts.dtype, copy=False)
        target[at : at + source.size] = ends
        weight[at : at + source.size] = links["weight"]
        at, before = at + source.size, int(source[-1])
    starts = np.zeros(n + 1, dtype=target.dtype)
    np.cumsum(counts, out=starts[1:])
    return sp.csr_array((weight, target, starts), shape=(n, n))
