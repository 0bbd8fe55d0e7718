"""Findings of dependence: what is said, from which number on, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.finding import EVIDENCE_ROWS, NEAR, Finding, Plain, rank, severity
from netcluster.core.measures import explain

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.risk._subjects import Partners, Subjects
    from netcluster.risk.dependence import Side

#: Of the largest partner's share, the part that a lever moves to the others.
MOVED = 0.1

#: An HHI is judged where there are this many times more possible partners than 1/threshold equal ones:
#: among five industries an HHI above 0.25 is arithmetic, not risk.
FEW = 2.0

#: Of a side's subjects past a threshold the largest make findings, so many at the most.
MOST = 1_000

_OTHERS = {"industry": "other industries", "partner": "others", "country": "other countries"}
_MADE = {"output": "output", "jobs": "jobs", "value_added": "value added", "exports": "exports"}


def dependence_findings(
    frame: pd.DataFrame,
    subjects: Subjects,
    partners: Partners,
    sides: Sequence[Side],
    limits: tuple[float, float],
    least: tuple[float, float],
) -> tuple[list[Finding], int]:
    """Return one finding for each subject and side past (or near) a threshold, ranked, and how many make none.

    `least` holds the smallest share of output, and the smallest part of its output that inputs or sales are
    worth, which make a finding. Of more than `MOST` subjects those with the largest shares of output do.
    """
    found: list[Finding] = []
    left = 0
    for number, side in enumerate(sides):
        rows = frame[frame["side_number"] == number]
        worth = max(least[1], _mean_intensity(rows)) if side.name == "exports" else least[1]
        rows = rows[(rows["output_share"] >= least[0]) & ~(rows["intensity"] < worth) & rows["hhi"].notna()]
        past = rows["largest_share"] >= (1 - NEAR) * limits[1]
        for measure in ("hhi", "total_hhi"):
            past |= rows[measure] >= (1 - NEAR) * limits[0]
        large = rows[past].sort_values("output_share", ascending=False, kind="stable").head(MOST)
        left += int(past.sum()) - len(large)
        for row in large.itertuples(index=False):
            found.extend(_of_row(row, subjects, partners, side, limits))
    return rank(found), left


def _mean_intensity(rows: pd.DataFrame) -> float:
    """Return what all subjects' amounts together are of their output; 0 where output is not known."""
    output = (rows["amount"] / rows["intensity"]).sum()
    return float(rows["amount"].sum() / output) if output > 0 else 0.0


def _of_row(
    row: Any, subjects: Subjects, partners: Partners, side: Side, limits: tuple[float, float]
) -> Iterator[Finding]:
    hhi_limit, share_limit = limits
    coarse = side.possible[row.position] * hhi_limit < FEW
    cases = (
        ("single_partner", "largest_share", row.largest_share, share_limit),
        ("concentrated", "hhi", row.hhi, hhi_limit),
        ("hidden_concentration", "total_hhi", row.total_hhi, hhi_limit),
    )
    for kind, measure, value, limit in cases:
        grade = severity(value, limit, row.output_share) if np.isfinite(value) else None
        if grade is None or (coarse and measure != "largest_share"):
            continue
        evidence = _evidence(row.position, partners, side)
        yield Finding(
            code=f"{kind}_{row.side}",
            subject=row.node,
            subject_kind=subjects.kind,
            measure=measure,
            value=float(value),
            threshold=limit,
            severity=grade,
            share=float(row.output_share),
            sentence=_sentence(kind, row, subjects, partners, evidence),
            evidence=evidence,
            reference=_reference(measure),
            lever=_lever(row, evidence),
        )
        return


def _reference(measure: str) -> str:
    return explain("hhi" if measure == "total_hhi" else measure).threshold_source


def _evidence(position: int, partners: Partners, side: Side) -> tuple[dict[str, Plain], ...]:
    """Return the largest partners with their shares, at most ten."""
    start, end = side.rows.indptr[position : position + 2]
    data, columns = side.rows.data[start:end], side.rows.indices[start:end]
    total = data.sum()
    order = np.lexsort((columns, -data))[:EVIDENCE_ROWS]
    return tuple(
        {
            "partner": str(partners.keys[columns[i]]),
            "name": str(partners.names[columns[i]]),
            "amount": float(data[i]),
            "share": float(data[i] / total),
        }
        for i in order
        if data[i] > 0
    )


def _who(row: Any, subjects: Subjects) -> str:
    if subjects.kind == "node":
        return str(row.label) if row.label == row.node or ":" not in row.node else f"{row.label} ({row.node})"
    return f"{subjects.kind} {row.label}" if row.label else f"this {subjects.kind}"


def _sentence(
    kind: str, row: Any, subjects: Subjects, partners: Partners, evidence: tuple[dict[str, Plain], ...]
) -> str:
    who, name, share = _who(row, subjects), evidence[0]["name"], f"{row.largest_share:.0%}"
    if row.side in _MADE:
        return f"Of the {_MADE[row.side]} of {who}, {share} is in {name} (HHI {row.hhi:.2f})."
    others, buys = _OTHERS[partners.on], row.side == "inputs"
    if kind == "hidden_concentration":
        place = dict(zip(partners.keys, partners.names, strict=True)).get(row.total_largest_partner, "")
        chain = f"needed by {who} over the whole chain, {row.total_largest_share:.0%} comes from"
        if not buys:
            chain = f"fed by {who} over the whole chain, {row.total_largest_share:.0%} is"
        return f"Of all output of {others} {chain} {place} (total HHI {row.total_hhi:.2f}, direct {row.hhi:.2f})."
    trade = f"inputs of {who} bought from {others}" if buys else f"sales of {who} to {others}"
    tail = "" if np.isnan(row.intensity) else f"; they are worth {row.intensity:.0%} of its output"
    if np.isfinite(row.extraction_loss) and row.side == "sales":
        tail += f", and without {name} {row.extraction_loss:.0%} of it would be lost"
    if kind == "concentrated":
        role = "supplier" if buys else "buyer"
        return (
            f"The {trade} are as concentrated as on {row.effective_number:.1f} equal {role}s (HHI {row.hhi:.2f});"
            f" the largest {role}, {name}, has {share}{tail}."
        )
    return f"Of the {trade}, {share} {'come from' if buys else 'go to'} {name} (HHI {row.hhi:.2f}{tail})."


def _lever(row: Any, evidence: tuple[dict[str, Plain], ...]) -> str:
    """Return what moving a tenth of the largest partner's share to the others does to HHI."""
    top, name = row.largest_share, evidence[0]["name"]
    moved = MOVED * top
    if row.partners < 2:
        after = (top - moved) ** 2 + moved**2
        return f"A second partner taking a tenth of it would lower the HHI from {row.hhi:.2f} to {after:.2f}."
    rest = row.hhi - top**2
    after = (top - moved) ** 2 + rest * (1 + moved / (1 - top)) ** 2
    second = evidence[1]["name"]
    return (
        f"Moving a tenth of {name}'s part to the others in proportion ({second} first) would change the HHI"
        f" from {row.hhi:.2f} to {after:.2f}."
    )
