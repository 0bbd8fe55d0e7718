"""Risk: who depends on whom, what is dominated by few, and what fails when a piece fails."""

from netcluster.risk.dependence import dependence
from netcluster.risk.disparity import disparity
from netcluster.risk.dominance import dominance

__all__ = ["dependence", "disparity", "dominance"]
