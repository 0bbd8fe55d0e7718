"""Centrality: who handles most, whom flows reach most, and who stands between."""

from netcluster.centrality.overview import centrality
from netcluster.centrality.shortest import betweenness
from netcluster.centrality.spectral import pagerank
from netcluster.centrality.strength import degrees, strengths

__all__ = ["betweenness", "centrality", "degrees", "pagerank", "strengths"]
