"""Findings of many draws: the hazards that make the worst of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.finding import Finding, rank, severity
from netcluster.core.measures import explain

if TYPE_CHECKING:
    import pandas as pd

#: A hazard is judged where it hits at least so many draws: of fewer its part in the tail is chance.
FEWEST = 10


def tail_drivers(frame: pd.DataFrame, hit: Any, values: Any, level: float) -> list[Finding]:
    """Return hazards that come up in the worst draws much more often than in all.

    The share of a finding is the part of the mean loss that comes with the hazard: p(E[loss | hit] − E[loss | not]),
    what the mean would fall by without it.
    """
    measure = explain("tail_lift")
    bar, found, mean = float(measure.threshold or 2.0), [], float(values.mean())
    rows: list[Any] = list(frame.itertuples(index=False))
    for k, row in enumerate(rows):
        times = int(row.times_hit)
        if times < FEWEST or times == len(values) or not np.isfinite(row.tail_lift):
            continue
        spared = float(values[~hit[:, k]].mean())
        part = float(row.probability) * (float(row.loss_when_hit) - spared)
        grade = severity(float(row.tail_lift), bar, part)
        if grade is None:
            continue
        found.append(
            Finding(
                code="tail_driver",
                subject=str(row.node),
                subject_kind="node",
                measure="tail_lift",
                value=float(row.tail_lift),
                threshold=bar,
                severity=grade,
                share=part,
                sentence=(
                    f"{row.node} is hit in {row.tail_share:.0%} of the worst {1 - level:.0%} of draws,"
                    f" {row.tail_lift:.1f} times as often as in all; draws that hit it lose"
                    f" {row.loss_when_hit:.1%} of output on average, others {spared:.1%}."
                ),
                evidence=({"times_hit": times, "loss_when_hit": float(row.loss_when_hit), "loss_when_not": spared},),
                reference=measure.threshold_source,
                lever=f"Half its probability would lower the mean loss from {mean:.2%} to {mean - part / 2:.2%}.",
            )
        )
    return rank(found)
