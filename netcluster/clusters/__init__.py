"""Clusters: communities of a network with their stability, significance, names, and change over the years."""

from netcluster.clusters.agreement import adjusted_mutual_information, adjusted_rand, variation_of_information
from netcluster.clusters.describe import describe
from netcluster.clusters.detect import detect
from netcluster.clusters.partition import Partition
from netcluster.clusters.quality import modularity
from netcluster.clusters.score import score

__all__ = [
    "Partition",
    "adjusted_mutual_information",
    "adjusted_rand",
    "describe",
    "detect",
    "modularity",
    "score",
    "variation_of_information",
]
