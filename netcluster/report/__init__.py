"""What people see: tables on a terminal and in files, and the report of a run folder."""

from __future__ import annotations

from netcluster.report.terminal import render
from netcluster.report.write import save_frame

__all__ = ["render", "save_frame"]
