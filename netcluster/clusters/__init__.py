"""Clusters: communities of a network with their stability, significance, names, and change over the years."""

from netcluster.clusters.agreement import adjusted_mutual_information, adjusted_rand, variation_of_information
from netcluster.clusters.change import change, lineage
from netcluster.clusters.describe import describe
from netcluster.clusters.detect import detect
from netcluster.clusters.families import families, locational_correlation
from netcluster.clusters.hierarchy import hierarchy
from netcluster.clusters.multilayer import multilayer
from netcluster.clusters.partition import Partition
from netcluster.clusters.quality import modularity
from netcluster.clusters.resolution import profile
from netcluster.clusters.score import score
from netcluster.clusters.templates import templates
from netcluster.clusters.validation import validation

__all__ = [
    "Partition",
    "adjusted_mutual_information",
    "adjusted_rand",
    "change",
    "describe",
    "detect",
    "families",
    "hierarchy",
    "lineage",
    "locational_correlation",
    "modularity",
    "multilayer",
    "profile",
    "score",
    "templates",
    "validation",
    "variation_of_information",
]
