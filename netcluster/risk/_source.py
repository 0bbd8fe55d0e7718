"""What the standing risks need of a table or a network, under one roof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.economy.accounts import exports
from netcluster.network.network import Network
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.iotable import IOTable
from netcluster.tables.trade import TradeTable

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.object_]

#: How the name of a satellite account that holds jobs begins.
JOBS = ("job", "emp", "person", "worker")
#: Node columns that hold output in the unit of the links, the first one found taken.
OUTPUT_COLUMNS = ("output", "revenue")


@dataclass(frozen=True, eq=False)
class Flows:
    """n nodes with their flows: `matrix` (n, n), dense or CSR, what i sells to j, no entry below zero.

    `output` is NaN where unknown; `outlays` names amounts by node that a region or a cluster is made of
    (output, jobs, value_added, exports), `system` says whether output is in the unit of the flows, so
    that requirements can be looked through; `final` is what leaves to final users, (n,).
    """

    ids: Labels
    names: Labels
    industry: Labels
    region: Labels
    matrix: Any
    output: Array
    outlays: Mapping[str, Array]
    kind: str
    unit: str = ""
    system: bool = False
    final: Array | None = None
    industry_names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def n(self) -> int:
        """The number of nodes."""
        return len(self.ids)

    @property
    def weight(self) -> Array:
        """Each node's share of output, or of the larger of sales and purchases where output is unknown."""
        size = self.output
        if not np.isfinite(size).all() or size.sum() <= 0:
            size = np.maximum(np.asarray(self.matrix.sum(axis=0)), np.asarray(self.matrix.sum(axis=1)))
        total = size.sum()
        return np.asarray(size / total if total > 0 else np.zeros(self.n))


def flows_of(source: IOTable | Network | EmploymentTable | TradeTable, layer: str = "supply") -> Flows:
    """Return the flows of a table or of a network's layer; anything else is an error."""
    if isinstance(source, IOTable):
        return _of_table(source)
    if isinstance(source, Network):
        return _of_network(source, layer)
    if isinstance(source, EmploymentTable):
        return _of_employment(source)
    if isinstance(source, TradeTable):
        return _of_trade(source)
    raise NetclusterError(
        "Dependence needs an input–output table, a network, or a table of employment or trade, not"
        f" {type(source).__name__}.",
        "Open the input with nc.read_table or nc.build.",
    )


def _of_table(io: IOTable) -> Flows:
    sectors = io.sectors
    negative = int((io.Z < 0).sum())
    notes = []
    if negative:
        notes.append(Note("negative_flows", "Negative flows between sectors count as zero in shares.", negative))
    outlays = {"output": np.maximum(io.x, 0.0)}
    for name, account in io.accounts.items():
        if holds_jobs(name):
            outlays["jobs"] = np.maximum(account.values, 0.0)
            break
    if (io.inputs["kind"] == "value_added").any():
        outlays["value_added"] = np.maximum(io.value_added, 0.0)
    outlays["exports"] = np.maximum(exports(io), 0.0)
    return Flows(
        ids=_words(sectors["id"]),
        names=_words(sectors["name"]),
        industry=_words(sectors["sector"]),
        region=_words(sectors["region"]),
        matrix=np.maximum(io.Z, 0.0) if negative else io.Z,
        output=np.asarray(io.x),
        outlays=outlays,
        kind="industry",
        unit=io.unit,
        system=True,
        final=np.maximum(np.asarray(io.Y.sum(axis=1)), 0.0),
        industry_names=dict(zip(sectors["sector"], sectors["name"], strict=True)),
        notes=tuple(notes),
    )


def holds_jobs(name: str) -> bool:
    """Return whether an account of that name holds jobs.

    >>> holds_jobs("EMP"), holds_jobs("Persons engaged"), holds_jobs("emissions")
    (True, True, False)
    """
    return name.casefold().startswith(JOBS)


def _of_network(net: Network, layer: str) -> Flows:
    nodes, part = net.nodes, net.layer(layer)
    output, system = _network_output(nodes)
    outlays = {"output": np.nan_to_num(output)} if np.isfinite(output).any() else {}
    for name in ("jobs", "employment"):
        if name in nodes and "jobs" not in outlays:
            outlays["jobs"] = np.nan_to_num(nodes[name].to_numpy(dtype=np.float64))
    if "value_added" in nodes:
        outlays["value_added"] = np.maximum(np.nan_to_num(nodes["value_added"].to_numpy(dtype=np.float64)), 0.0)
    industry, labels = _words(nodes["industry"]), _words(nodes["label"])
    ids = _words(nodes["id"])
    kinds = nodes["kind"].unique()
    industries = set(kinds) == {"industry"}
    called = labels if industries else _words(nodes["industry_name"]) if "industry_name" in nodes else industry
    return Flows(
        ids=ids,
        names=np.where(labels == "", ids, labels),
        industry=np.where(industry == "", ids, industry) if industries else industry,
        region=_words(nodes["region"]),
        matrix=part.matrix,
        output=output,
        outlays=outlays,
        kind=str(kinds[0]) if len(kinds) == 1 else "node",
        unit=part.unit,
        system=system and part.money,
        industry_names={key: value for key, value in zip(industry, called, strict=True) if value},
    )


def _network_output(nodes: pd.DataFrame) -> tuple[Array, bool]:
    """Return output by node, and whether it is money: industries' size is, a firm's may be jobs."""
    for name in OUTPUT_COLUMNS:
        if name in nodes and nodes[name].notna().any():
            return nodes[name].to_numpy(dtype=np.float64), True
    return nodes["size"].to_numpy(dtype=np.float64), bool((nodes["kind"] == "industry").all())


def _of_employment(table: EmploymentTable) -> Flows:
    frame = table.frame
    jobs = np.nan_to_num(frame["employment"].to_numpy(dtype=np.float64))
    industry, region = _words(frame["industry"]), _words(frame["region"])
    names = _words(frame["industry_name"]) if "industry_name" in frame else industry
    return _made_of(region, industry, names, jobs, "jobs", table.unit)


def _made_of(place: Labels, industry: Labels, names: Labels, amount: Array, side: str, unit: str) -> Flows:
    """Return what places are made of, industry by industry, where nobody sells to anybody."""
    import scipy.sparse as sp

    return Flows(
        ids=np.array([f"{p}:{i}" for p, i in zip(place, industry, strict=True)], dtype=object),
        names=names,
        industry=industry,
        region=place,
        matrix=sp.csr_array((amount.size, amount.size)),
        output=amount,
        outlays={side: amount},
        kind="industry",
        unit=unit,
        industry_names=dict(zip(industry, names, strict=True)),
    )


def _of_trade(table: TradeTable) -> Flows:
    """Return what each exporter's exports are made of, product by product; the latest year's."""
    where = {"year": [table.years[-1]]} if "year" in table.columns and table.years else {}
    frame, notes = table.named(["exporter", "product"], where)
    frame = frame[frame["value"] > 0].reset_index(drop=True)
    value = frame["value"].to_numpy(dtype=np.float64)
    exporter, product = _words(frame["exporter"]), _words(frame["product"])
    names = np.array([table.names.get(code, code) for code in product], dtype=object)
    return replace(_made_of(exporter, product, names, value, "exports", table.unit), notes=tuple(notes))


def _words(column: pd.Series[Any]) -> Labels:
    return column.fillna("").astype(str).to_numpy(dtype=object)
