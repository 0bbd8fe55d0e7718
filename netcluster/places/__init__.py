"""Places: what is concentrated where, how strongly, with what relatives, and what a region is near to."""

from netcluster.places.coagglomeration import (
    coagglomeration,
    group_coagglomeration,
    location_correlation,
    occupation_correlation,
    pairwise_coagglomeration,
    similarities,
)
from netcluster.places.complexity import advantages, complexity, complexity_indices
from netcluster.places.concentration import concentration, ellison_glaeser, litzenberger_sternberg
from netcluster.places.distance import duranton_overman, kernel_density, localisation
from netcluster.places.evolution import evolution, relatedness_fit
from netcluster.places.fitness import fitness
from netcluster.places.grid import Definition, mapped, read_definition
from netcluster.places.m_function import m_function
from netcluster.places.neighbours import Neighbours, middles, neighbours, read_neighbours
from netcluster.places.proximity import density, proximity
from netcluster.places.quotient import location_quotient, quotient_interval, quotients
from netcluster.places.shiftshare import shift_share
from netcluster.places.spatial import autocorrelation, local_autocorrelation
from netcluster.places.specialisation import (
    gini_of_quotients,
    hachman,
    hoover,
    krugman,
    locational_gini,
    specialisation,
)
from netcluster.places.strong import stars, strong_clusters

__all__ = [
    "Definition",
    "Neighbours",
    "advantages",
    "autocorrelation",
    "coagglomeration",
    "complexity",
    "complexity_indices",
    "concentration",
    "density",
    "duranton_overman",
    "ellison_glaeser",
    "evolution",
    "fitness",
    "gini_of_quotients",
    "group_coagglomeration",
    "hachman",
    "hoover",
    "kernel_density",
    "krugman",
    "litzenberger_sternberg",
    "local_autocorrelation",
    "localisation",
    "location_correlation",
    "location_quotient",
    "locational_gini",
    "m_function",
    "mapped",
    "middles",
    "neighbours",
    "occupation_correlation",
    "pairwise_coagglomeration",
    "proximity",
    "quotient_interval",
    "quotients",
    "read_definition",
    "read_neighbours",
    "relatedness_fit",
    "shift_share",
    "similarities",
    "specialisation",
    "stars",
    "strong_clusters",
]
