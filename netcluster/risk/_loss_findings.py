"""Findings of a failure: who loses much of its output though the scenario does not name it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from netcluster.core.finding import Finding, Plain, rank, severity
from netcluster.core.measures import explain

#: At most this many losers are described; the rest stand in the frame.
MOST = 200


def loss_findings(
    ids: Sequence[str],
    loss: Any,
    share: Any,
    hit: Any,
    limit: float | None,
    sentence: Callable[[int], str],
    evidence: Callable[[int], tuple[dict[str, Plain], ...]],
    lever: str,
) -> list[Finding]:
    """Return a finding for each node past the threshold of loss that is not among those `hit`, ranked."""
    measure = explain("loss")
    bar = float(measure.threshold or 1.0) if limit is None else limit
    lost = np.where(hit, 0.0, np.nan_to_num(loss))
    order = np.lexsort((np.arange(lost.size), -lost * np.asarray(share)))
    found = []
    for i in order[lost[order] >= 0.9 * bar][:MOST].tolist():
        grade = severity(float(lost[i]), bar, float(share[i]))
        if grade is None:
            continue
        found.append(
            Finding(
                code="shock_loss",
                subject=str(ids[i]),
                subject_kind="node",
                measure="loss",
                value=float(lost[i]),
                threshold=bar,
                severity=grade,
                share=float(share[i]),
                sentence=sentence(i),
                evidence=evidence(i),
                reference=measure.threshold_source,
                lever=lever,
            )
        )
    return rank(found)


def called(label: str, node: str) -> str:
    """Return a node's name, with its id where the name alone does not say which region's.

    >>> called("Mining", "DEU:B"), called("Mining", "B")
    ('Mining (DEU:B)', 'Mining')
    """
    return label if label == node or ":" not in node else f"{label} ({node})"
