"""A run folder, read: what the page and the figures are drawn from, and nothing else is.

Labels are kept as they are (a region `NA` stays `NA`, a sector `01` stays `01`); only measures become numbers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

#: The version of findings.json this reads.
SCHEMA = 1
#: Columns that name something, whatever their cells look like.
LABELS = frozenset(
    {"node", "sector", "name", "label", "region", "side", "key_sector", "cluster_name", "group", "firm", "partner"}
    | {"exporter", "importer", "product", "industry", "subject", "role", "kind"}
)

#: The tables that say what an id or code is called, with the columns of the one and the other.
_NAMED = (
    ("centrality", "node", "label"),
    ("cascade", "firm", "label"),
    ("dependence", "node", "label"),
    ("sectors", "sector", "name"),
)

Codes = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Table:
    """One CSV of the run: its file, title, measures, the settings behind it, its rows, and what holds of all."""

    file: str
    title: str
    measures: tuple[str, ...]
    parameters: Mapping[str, object]
    frame: pd.DataFrame
    summary: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Flows:
    """The supply links: what node `source[k]` sells to node `target[k]`, and the nodes' ids, labels and sizes.

    `above` names the node whose cluster each bears: its industry's where clusters are of industries, else itself.
    """

    ids: Sequence[str]
    labels: Sequence[str]
    regions: Sequence[str]
    sizes: Array
    places: Array
    source: Codes
    target: Codes
    weight: Array
    unit: str
    above: Sequence[str] = ()

    @property
    def n(self) -> int:
        """The number of nodes."""
        return len(self.ids)

    def matrix(self) -> Any:
        """Return the links as an (n, n) sparse matrix, supplier first."""
        import scipy.sparse as sp

        return sp.csr_array((self.weight, (self.source, self.target)), shape=(self.n, self.n))


@dataclass(frozen=True, eq=False)
class View:
    """Everything a run folder holds, as the report shows it."""

    title: str
    summary: Mapping[str, Any]
    findings: Sequence[Mapping[str, Any]]
    findings_left_out: Mapping[str, int]
    tables: Mapping[str, Table]
    left_out: Sequence[Mapping[str, str]]
    notes: Sequence[Mapping[str, Any]]
    provenance: Mapping[str, Any]
    flows: Flows | None
    sites: Flows | None = None

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What ids and sector codes are called, where a table says."""
        known: dict[str, str] = {}
        for name, code, label in _NAMED:
            frame = self.frame(name, code, label)
            if frame is not None:
                known |= dict(zip(frame[code], frame[label], strict=True))
        return known

    def frame(self, name: str, *columns: str) -> pd.DataFrame | None:
        """Return the rows of a table by its file's name without ending, where it is there with those columns."""
        table = self.tables.get(name)
        if table is None or table.frame.empty or any(column not in table.frame for column in columns):
            return None
        return table.frame


def read_folder(folder: str | os.PathLike[str]) -> View:
    """Return the view of a run folder.

    Raises
    ------
    NetclusterError
        Where the folder is not one that `analyze` wrote, or a file of it can't be read.
    """
    place = Path(folder)
    document = _document(place)
    tables = [_table(place, entry) for entry in document.get("tables", [])]
    flows, sites = _flows(place / "network")
    return View(
        title=str(document.get("title") or place.name),
        summary=document.get("summary", {}),
        findings=document.get("findings", []),
        findings_left_out=document.get("findings_left_out", {}),
        tables={Path(table.file).stem: table for table in tables},
        left_out=document.get("left_out", []),
        notes=document.get("notes", []),
        provenance=document.get("provenance", {}),
        flows=flows,
        sites=sites,
    )


def _document(place: Path) -> dict[str, Any]:
    path = place / "findings.json"
    if not path.is_file():
        raise NetclusterError(
            f"{place} is not the folder of a run: it has no findings.json.",
            "Make one with netcluster analyze INPUT -o FOLDER.",
        )
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise NetclusterError(f"{path} can't be read: {error}.", "Run netcluster analyze again.") from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise NetclusterError(
            f"{path} is not of the form this version reads (schema {SCHEMA}).", "Run netcluster analyze again."
        )
    return document


def _table(place: Path, entry: Mapping[str, Any]) -> Table:
    import pandas as pd

    # The names come from a file that anyone may have edited: none leads out of the folder.
    name = Path(str(entry["file"])).name
    try:
        frame = pd.read_csv(place / name, dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise NetclusterError(f"{place / name} can't be read: {error}.", "Run netcluster analyze again.") from error
    measures = tuple(map(str, entry.get("measures", [])))
    known = all_measures()
    for column in frame.columns:
        if len(frame) and frame[column].isin(("True", "False", "")).all() and (frame[column] != "").any():
            frame[column] = frame[column].map({"True": True, "False": False}).astype("object")
            continue
        if column in LABELS or column.endswith(("_partner", "_name")):
            continue
        if column in measures or column in known or column in ("cluster", "year"):
            frame[column] = _numbers(frame[column])
    return Table(
        name, str(entry.get("title") or name), measures, entry.get("parameters", {}), frame, entry.get("summary") or {}
    )


def _numbers(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column as numbers where every cell is one or empty, else as it is."""
    import pandas as pd

    filled = column != ""
    numbers = pd.to_numeric(column.where(filled, None), errors="coerce").astype("float64")
    if int(numbers.notna().sum()) != int(filled.sum()):
        return column
    # An infinite value is no whole number, though it equals itself rounded.
    whole = bool(((numbers.abs() < 2**53) & (numbers == numbers.round())).all())
    return numbers.astype("int64") if whole and not column.str.contains("[.eE]").any() else numbers


def _flows(place: Path) -> tuple[Flows | None, Flows | None]:
    """Return the supply links of the run's network and, of one that holds firms beside industries, its firms.

    Industries and firms are one economy seen from two levels: links are shown of the one, places of the other.
    """
    from netcluster.network.levels import FIRM_SUPPLY, select
    from netcluster.network.store import is_saved, load_network

    network = load_network(place) if is_saved(place) else None
    if network is None or "supply" not in network.layers:
        return None, None
    if FIRM_SUPPLY not in network.layers:
        return _as_flows(network), None
    return _as_flows(select(network, kinds=("industry",))), _as_flows(select(network, kinds=("firm", "institution")))


def _as_flows(network: Network) -> Flows:
    layer, nodes = network.layer("supply"), network.nodes
    links = layer.matrix.tocoo()
    coordinates = [_floats(nodes[key]) if key in nodes else np.full(len(nodes), np.nan) for key in ("lon", "lat")]
    ids, labels = nodes["id"].astype(str), nodes["label"].fillna("").astype(str)
    above = nodes["industry_node"].fillna("").astype(str) if "industry_node" in nodes else ids
    return Flows(
        ids=ids.tolist(),
        labels=labels.where(labels != "", ids).tolist(),
        regions=nodes["region"].fillna("").astype(str).tolist(),
        sizes=_floats(nodes["size"]),
        places=np.column_stack(coordinates),
        source=links.row.astype(np.int64),
        target=links.col.astype(np.int64),
        weight=links.data,
        unit=layer.unit,
        above=above.where(above != "", ids).tolist(),
    )


def _floats(column: pd.Series[Any]) -> Array:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)
