"""What clusters live on is told of clusters that are significant, once each; findings by hand."""

from __future__ import annotations

from netcluster.core.finding import Finding
from netcluster.study.steps import _once_a_sure_cluster


def finding(subject: str, share: float) -> Finding:
    return Finding("single_partner_output", subject, "cluster", "hhi", 0.6, 0.25, "high", share, f"{subject}.")


def test_one_finding_a_significant_cluster_the_worst() -> None:
    given = [finding("1, Cars", 0.2), finding("1, Cars", 0.3), finding("2, Trade", 0.5), finding("12, Food", 0.1)]
    kept = _once_a_sure_cluster(given, frozenset({1, 12}))
    assert [(one.subject, one.share) for one in kept] == [("1, Cars", 0.3), ("12, Food", 0.1)]
