"""Input–output economics: multipliers, linkages, extraction, chains, footprints, impact, and making tables.

Every function takes an `IOTable` (or a `Model` of one, to share its factorisation) and returns a `Result`.
"""

from netcluster.economy.chains import chains, propagation
from netcluster.economy.extraction import extraction, extraction_losses
from netcluster.economy.influence import influence, multiplier_product
from netcluster.economy.linkages import dispersion, linkages, pure_linkages
from netcluster.economy.model import Model
from netcluster.economy.multipliers import multipliers
from netcluster.economy.paths import paths
from netcluster.economy.sectors import sectors
from netcluster.economy.volatility import volatility
from netcluster.economy.walks import walk_centrality

__all__ = [
    "Model",
    "chains",
    "dispersion",
    "extraction",
    "extraction_losses",
    "influence",
    "linkages",
    "multiplier_product",
    "multipliers",
    "paths",
    "propagation",
    "pure_linkages",
    "sectors",
    "volatility",
    "walk_centrality",
]
