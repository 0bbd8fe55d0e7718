"""Input–output economics: multipliers, linkages, extraction, chains, footprints, impact, and making tables.

Every function takes an `IOTable` (or a `Model` of one, to share its factorisation) and returns a `Result`.
"""

from netcluster.economy.linkages import dispersion, linkages, pure_linkages
from netcluster.economy.model import Model

__all__ = ["Model", "dispersion", "linkages", "pure_linkages"]
