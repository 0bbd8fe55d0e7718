"""Which universities, associations and the like a cluster works with, and how far its members are from one."""

from __future__ import annotations

import numpy as np

from netcluster.centrality import coverage
from netcluster.centrality.reach import relation_layers, ties
from netcluster.core.errors import NetclusterError
from netcluster.network.network import Network
from netcluster.study.claims.evidence import Array, Evidence, Labels, Missing

Columns = dict[str, object]


def present(evidence: Evidence) -> Columns:
    """Return how many institutions members have ties to, and the shares of members within one and two links of one."""
    sites, labels, there = _sites(evidence)
    links = ties(sites, relation_layers(sites, None)).tocoo()
    kept = (labels[links.row] > 0) & ~there[links.row] & there[links.col]
    pairs = np.unique(np.column_stack([labels[links.row[kept]], links.col[kept]]), axis=0)
    found = _coverage(sites, labels, evidence.count)
    return {
        "institutions_linked": np.bincount(pairs[:, 0], minlength=evidence.count + 1)[1:].astype(np.float64),
        "covered": found["covered"],
        "covered_two": found["covered_two"],
    }


def reach(evidence: Evidence) -> Columns:
    """Return how many links the members that reach an institution are from it on average."""
    sites, labels, _ = _sites(evidence)
    return {"institution_distance": _coverage(sites, labels, evidence.count)["institution_distance"]}


def _sites(evidence: Evidence) -> tuple[Network, Labels, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    sites, labels = evidence.firms()
    there = sites.nodes["kind"].eq("institution").to_numpy()
    if not there.any():
        raise Missing("institutions")
    return sites, labels, there


def _coverage(sites: Network, labels: Labels, count: int) -> dict[str, Array]:
    groups = np.array([int(label) if label else None for label in labels], dtype=object)
    try:
        frame = coverage(sites, groups).frame.set_index("group").reindex(range(1, count + 1))
    except NetclusterError:
        raise Missing("institutions") from None
    return {name: frame[name].to_numpy(dtype=np.float64) for name in ("covered", "covered_two", "institution_distance")}
