"""Risk: who depends on whom, what is dominated by few, and what fails when a piece fails."""

from netcluster.risk._ario_events import Event
from netcluster.risk.ario import Behaviour, Trajectory, ario
from netcluster.risk.cascade import cascade
from netcluster.risk.cutsets import cut_sets
from netcluster.risk.dependence import dependence
from netcluster.risk.disparity import disparity, levels
from netcluster.risk.disparity_change import disparity_change
from netcluster.risk.dominance import dominance
from netcluster.risk.exposure import exposure
from netcluster.risk.financial import financial
from netcluster.risk.montecarlo import Distribution, drawn, monte_carlo
from netcluster.risk.scenario import Scenario, cascade_scenario
from netcluster.risk.shocks import shock
from netcluster.risk.stress import stress
from netcluster.risk.suppliers import suppliers
from netcluster.risk.sweep import Sweep, sweep
from netcluster.risk.trade import trade

__all__ = [
    "Behaviour",
    "Distribution",
    "Event",
    "Scenario",
    "Sweep",
    "Trajectory",
    "ario",
    "cascade",
    "cascade_scenario",
    "cut_sets",
    "dependence",
    "disparity",
    "disparity_change",
    "dominance",
    "drawn",
    "exposure",
    "financial",
    "levels",
    "monte_carlo",
    "shock",
    "stress",
    "suppliers",
    "sweep",
    "trade",
]
