"""Input–output economics: multipliers, linkages, extraction, chains, footprints, impact, and making tables.

Every function takes an `IOTable` (or a `Model` of one, to share its factorisation) and returns a `Result`.
"""

from netcluster.economy.extraction import extraction, extraction_losses
from netcluster.economy.linkages import dispersion, linkages, pure_linkages
from netcluster.economy.model import Model
from netcluster.economy.multipliers import multipliers
from netcluster.economy.sectors import sectors

__all__ = [
    "Model",
    "dispersion",
    "extraction",
    "extraction_losses",
    "linkages",
    "multipliers",
    "pure_linkages",
    "sectors",
]
