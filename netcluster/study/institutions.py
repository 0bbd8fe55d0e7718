"""The part of a study on institutions and brokers: who reaches whom, what is covered, and which ties are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.study.folder import Section
from netcluster.study.groups import groups_of
from netcluster.study.levels import firm_level

if TYPE_CHECKING:
    from netcluster.core.result import Result
    from netcluster.network.network import Network

#: Suggestions a study makes, and brokers it lists.
SUGGESTED, LISTED = 20, 1_000


def institution_sections(network: Network | None, clusters: Mapping[str, object] | None) -> list[Section]:
    """Return what institutions reach, how they cover each cluster (or region), and the ties that are missing.

    Raises NetclusterError where the network holds no institution with a tie.
    """
    from netcluster.centrality import coverage, institutions, suggestions

    level = None if network is None else firm_level(network)
    if level is None or not level.nodes["kind"].eq("institution").any():
        raise NetclusterError("There are no institutions in the input.")
    groups = _groups(level, clusters)
    missing = suggestions(level, groups, top=SUGGESTED)
    return [
        Section("institutions.csv", "Institutions: whom they reach", institutions(level, groups)),
        Section("coverage.csv", "How institutions cover clusters and regions", coverage(level, groups)),
        *([Section("suggestions.csv", "Collaborations that are missing", missing)] if len(missing) else []),
    ]


def broker_sections(network: Network, clusters: Mapping[str, object] | None) -> list[Section]:
    """Return the firms and institutions that stand between clusters (or regions) most often."""
    from netcluster.centrality import brokers

    result = brokers(network, _groups(network, clusters))
    return [Section("brokers.csv", "Brokers between clusters and regions", _first(result))]


def _groups(level: Network, clusters: Mapping[str, object] | None) -> Any:
    """Return each node's cluster, or None (the regions) where there are no clusters or none of them is of a node."""
    if clusters is None:
        return None
    try:
        return groups_of(level, clusters)
    except NetclusterError:
        return None


def _first(result: Result) -> Result:
    """Return the rows of most brokerage, those without any left out."""
    frame = result.frame.sort_values(["brokerage", "node"], ascending=[False, True], kind="stable")
    frame = frame[frame["brokerage"] > 0].head(LISTED).reset_index(drop=True)
    left = len(result.frame) - len(frame)
    note = Note("first_brokers", f"{left:,} nodes that stand between others less often, or never, are left out.", left)
    return replace(result, frame=frame, notes=(*result.notes, *((note,) if left else ())))
