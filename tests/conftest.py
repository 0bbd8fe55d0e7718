"""Hypothesis runs the same examples each time, and no test is judged by the clock."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

# tests/ is no package: with importlib import mode its helper module is found through the project's root.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

settings.register_profile(
    "netcluster", derandomize=True, deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("netcluster")
