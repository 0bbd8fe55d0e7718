"""A finding: one sentence with its number, its threshold, its evidence and its lever.

Severity and order are the contract of every list of findings netcluster prints:

* low: the value is within 10 % of the threshold of its source, not yet past it;
* medium: past it;
* high: past it, and the subject makes at least 1 % of output (or jobs).

A finding that describes a position and no danger (a key sector, a node between others) is low, whatever its
value: its source sets a line, but crossing it harms nobody.

Findings are ordered by severity, share, value over threshold, code and subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")

#: The severity of findings that describe a position and no danger.
DESCRIPTIVE: Severity = "low"
#: A subject whose share is at least this makes a finding past its threshold a high one.
HIGH_SHARE = 0.01
#: A value this close below its threshold (as a share of it) is worth a low finding.
NEAR = 0.10
#: Evidence rows a finding carries at the most.
EVIDENCE_ROWS = 10

Plain = str | int | float | bool | None


@dataclass(frozen=True)
class Finding:
    """One thing found, ready to be read, ranked and checked.

    `share` is the subject's share of output or jobs (0 to 1), `evidence` at most ten rows of plain
    values, `reference` the source of the threshold, `lever` what would change the value most.
    """

    code: str
    subject: str
    subject_kind: str
    measure: str
    value: float
    threshold: float
    severity: Severity
    share: float
    sentence: str
    evidence: tuple[Mapping[str, Plain], ...] = field(default=())
    reference: str = ""
    lever: str = ""

    def __str__(self) -> str:
        return f"[{self.severity}] {self.sentence}"

    def to_dict(self) -> dict[str, object]:
        """Return the finding as plain values, as findings.json holds it."""
        record = asdict(self)
        record["evidence"] = [dict(row) for row in self.evidence]
        return record


def severity(value: float, threshold: float, share: float, *, above: bool = True) -> Severity | None:
    """Return how severe a value is beside its threshold, or None where it is no finding.

    `above` says that larger values are worse. `share` is the subject's share of output or jobs.

    >>> severity(0.30, 0.25, share=0.02)
    'high'
    >>> severity(0.30, 0.25, share=0.001)
    'medium'
    >>> severity(0.24, 0.25, share=0.02)
    'low'
    >>> severity(0.10, 0.25, share=0.02) is None
    True
    """
    past = value >= threshold if above else value <= threshold
    if past:
        return "high" if share >= HIGH_SHARE else "medium"
    near = value >= threshold * (1 - NEAR) if above else value <= threshold * (1 + NEAR)
    return "low" if near else None


def rank(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in the order they are shown: severest and largest first."""
    return sorted(findings, key=_order)


def capped(findings: Iterable[Finding], most: int = 20) -> tuple[list[Finding], dict[str, int]]:
    """Return the ranked findings, at most `most` of each code, and how many of each were left out.

    >>> one = Finding("X", "a", "node", "hhi", 0.3, 0.25, "medium", 0.0, "A.")
    >>> kept, left = capped([one, one, one], most=2)
    >>> len(kept), left
    (2, {'X': 1})
    """
    kept: list[Finding] = []
    seen: dict[str, int] = {}
    for finding in rank(findings):
        seen[finding.code] = seen.get(finding.code, 0) + 1
        if seen[finding.code] <= most:
            kept.append(finding)
    return kept, {code: count - most for code, count in sorted(seen.items()) if count > most}


def _order(finding: Finding) -> tuple[int, float, float, str, str]:
    ratio = finding.value / finding.threshold if finding.threshold else float("inf")
    return (SEVERITIES.index(finding.severity), -finding.share, -ratio, finding.code, finding.subject)
