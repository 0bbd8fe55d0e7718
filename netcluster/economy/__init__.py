"""Input–output economics: multipliers, linkages, extraction, chains, footprints, impact, and making tables.

Every function takes an `IOTable` (or a `Model` of one, to share its factorisation) and returns a `Result`.
"""

from netcluster.economy.aggregate import aggregate
from netcluster.economy.chains import chains, propagation
from netcluster.economy.checks import checks
from netcluster.economy.decomposition import compare, decomposition
from netcluster.economy.exposure import exposure, passthrough
from netcluster.economy.extraction import extraction, extraction_losses
from netcluster.economy.footprint import embodied, footprint
from netcluster.economy.impact import impact
from netcluster.economy.influence import influence, multiplier_product
from netcluster.economy.linkages import dispersion, linkages, pure_linkages
from netcluster.economy.model import Model
from netcluster.economy.multipliers import multipliers
from netcluster.economy.paths import paths
from netcluster.economy.rebalance import balance, gras, ras
from netcluster.economy.regionalise import location_quotients, regional_coefficients, regionalise
from netcluster.economy.sectors import sectors
from netcluster.economy.sparse import SparseTable, sparse_table
from netcluster.economy.transform import deflate, domestic
from netcluster.economy.value_added_trade import value_added_trade
from netcluster.economy.volatility import volatility
from netcluster.economy.walks import walk_centrality

__all__ = [
    "Model",
    "SparseTable",
    "aggregate",
    "balance",
    "chains",
    "checks",
    "compare",
    "decomposition",
    "deflate",
    "dispersion",
    "domestic",
    "embodied",
    "exposure",
    "extraction",
    "extraction_losses",
    "footprint",
    "gras",
    "impact",
    "influence",
    "linkages",
    "location_quotients",
    "multiplier_product",
    "multipliers",
    "passthrough",
    "paths",
    "propagation",
    "pure_linkages",
    "ras",
    "regional_coefficients",
    "regionalise",
    "sectors",
    "sparse_table",
    "value_added_trade",
    "volatility",
    "walk_centrality",
]
