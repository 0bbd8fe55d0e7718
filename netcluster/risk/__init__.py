"""Risk: who depends on whom, what is dominated by few, and what fails when a piece fails."""

from netcluster.risk.dependence import dependence

__all__ = ["dependence"]
