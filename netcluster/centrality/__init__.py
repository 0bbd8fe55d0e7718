"""Centrality: who handles most, whom flows reach most, and who stands between."""

from netcluster.centrality.brokers import brokers
from netcluster.centrality.coverage import coverage
from netcluster.centrality.institutions import institutions
from netcluster.centrality.overview import node_centrality
from netcluster.centrality.shortest import betweenness, closeness
from netcluster.centrality.spectral import pagerank
from netcluster.centrality.strength import degrees, strengths
from netcluster.centrality.suggestions import suggestions
from netcluster.centrality.synergy import synergy
from netcluster.centrality.walk import katz, shells

__all__ = [
    "betweenness",
    "brokers",
    "closeness",
    "coverage",
    "degrees",
    "institutions",
    "katz",
    "node_centrality",
    "pagerank",
    "shells",
    "strengths",
    "suggestions",
    "synergy",
]
