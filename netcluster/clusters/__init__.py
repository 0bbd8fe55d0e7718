"""Clusters: communities of a network with their stability, significance, names, and change over the years."""

from netcluster.clusters.agreement import adjusted_mutual_information, adjusted_rand, variation_of_information
from netcluster.clusters.detect import detect
from netcluster.clusters.partition import Partition
from netcluster.clusters.quality import modularity

__all__ = [
    "Partition",
    "adjusted_mutual_information",
    "adjusted_rand",
    "detect",
    "modularity",
    "variation_of_information",
]
