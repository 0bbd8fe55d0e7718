"""Batch: many runs from one plan, on this machine or a cluster, resumed wherever they were stopped."""

from netcluster.batch.collect import Collected, collect
from netcluster.batch.commands import Answer, Commands, File, Job
from netcluster.batch.matrix import Run, Runs, expand
from netcluster.batch.plan import Plan, read_plan
from netcluster.batch.run import Summary, run, status
from netcluster.batch.sweep import cascade_sweep

__all__ = [
    "Answer",
    "Collected",
    "Commands",
    "File",
    "Job",
    "Plan",
    "Run",
    "Runs",
    "Summary",
    "cascade_sweep",
    "collect",
    "expand",
    "read_plan",
    "run",
    "status",
]
