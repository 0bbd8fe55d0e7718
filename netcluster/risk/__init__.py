"""Risk: who depends on whom, what is dominated by few, and what fails when a piece fails."""

from netcluster.risk.cascade import Scenario, cascade, cascade_scenario
from netcluster.risk.dependence import dependence
from netcluster.risk.disparity import disparity
from netcluster.risk.dominance import dominance
from netcluster.risk.suppliers import suppliers

__all__ = ["Scenario", "cascade", "cascade_scenario", "dependence", "disparity", "dominance", "suppliers"]
