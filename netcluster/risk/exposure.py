"""What stands behind the direct suppliers: exposure to partners at face value, in all, and hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import Finding, rank, severity
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result
from netcluster.economy.exposure import Level, Side
from netcluster.economy.exposure import exposure as look_through
from netcluster.tables.iotable import IOTable

if TYPE_CHECKING:
    import pandas as pd

#: Beside a hidden exposure of this many times the face value, a finding says so.
MANY_TIMES = 2.0
#: A face value below this is called none.
SEEN = 0.005


def exposure(
    io: IOTable,
    *,
    of: Level | npt.ArrayLike | None = None,
    on: Level | npt.ArrayLike | None = None,
    side: Side = "inputs",
    hidden_threshold: float | None = None,
) -> Result:
    """Return each subject's exposure to each partner other than itself, and what the face value hides.

    Parameters
    ----------
    io : IOTable
        Flows, best of several regions.
    of, on : {"region", "sector", "node"} or array of labels, optional
        Who is exposed, to whom. Default regions to regions; of a single-region table sectors to sectors.
    side : {"inputs", "sales"}
        As a buyer, or as a seller.
    hidden_threshold : float, optional
        Hidden exposure from which a finding is made; the default stands in measures.toml.

    Returns
    -------
    Result
        node, partner, face_value (share of its direct purchases), total (share of all its inputs over the
        chain), hidden (total − face_value). Shares are of everything, own deliveries too; rows to itself are
        left out. Findings: `hidden_exposure` (Baldwin, Freeman and Theodorakopoulos 2023).

    Examples
    --------
    C buys from B alone, and B from A: four tenths of what C needs hides behind B.

    >>> table = IOTable.from_arrays([[0, 4, 0], [0, 0, 6], [0, 0, 0]], x=[4, 6, 10], sectors=["A", "B", "C"])
    >>> exposure(table).findings[0].sentence
    'None of what C buys comes from A directly, but 40% of what it needs over the whole chain does.'
    """
    if not isinstance(io, IOTable):
        raise NetclusterError(
            f"Exposure looks through an input–output table, not {type(io).__name__}.", "Give a table: nc.read_table."
        )
    level: Level = "region" if len(io.regions) > 1 else "node"
    subject = level if of is None else of
    partner = level if on is None else on
    base = look_through(io, of=subject, on=partner, side=side)
    frame = base.frame[base.frame["node"] != base.frame["partner"]].reset_index(drop=True)
    limit = explain("hidden").threshold if hidden_threshold is None else hidden_threshold
    alike = isinstance(subject, str) and isinstance(partner, str) and subject == partner
    empty = int(frame["total"].isna().sum())
    notes = (Note("no_flows", "Pairs of a subject that buys (or sells) nothing are empty.", empty),) if empty else ()
    return Result(
        frame=frame,
        measures=base.measures,
        parameters={**base.parameters, "hidden_threshold": limit},
        notes=(*base.notes, *notes),
        findings=tuple(_findings(frame, io, subject, float(limit or 1.0), side, alike)),
    )


def _between(frame: pd.DataFrame, who: str, whom: str) -> tuple[str, float]:
    """Return the direct partner through which most of the hidden exposure comes, and its part of all that does.

    What comes through one is its face value times its own exposure.
    """
    direct = frame[(frame["node"] == who) & (frame["partner"] != whom)].set_index("partner")["face_value"]
    next_one = frame[(frame["partner"] == whom) & (frame["node"] != who)].set_index("node")
    onward = next_one["total"].fillna(next_one["face_value"])
    passed = (direct * onward.reindex(direct.index)).dropna()
    all_passed = float(passed.sum())
    return (str(passed.idxmax()), float(passed.max()) / all_passed) if all_passed > 0 else ("", 0.0)


def _lever(frame: pd.DataFrame, row: Any, names: Any, side: str) -> str:
    """Return what a tenth less bought from (or sold to) the largest go-between does to the total."""
    who, whom = names.get(row.node, row.node), names.get(row.partner, row.partner)
    nearest, verb = ("suppliers", "bought from") if side == "inputs" else ("buyers", "sold to")
    ask = f"Ask the direct {nearest} of {who} where they depend on {whom}"
    between, part = _between(frame, row.node, row.partner)
    if part <= 0:
        return f"{ask}."
    less = (
        f"{ask}, {names.get(between, between)} first: a tenth less {verb} it would lower the total from"
        f" {row.total:.1%} to about {row.total - 0.1 * part * row.hidden:.1%}"
    )
    itself = row.total - 0.1 * min(row.face_value, row.total)
    return f"{less}, a tenth less {verb} {whom} itself to about {itself:.1%}." if row.face_value >= SEEN else f"{less}."


def _findings(frame: pd.DataFrame, io: IOTable, subject: Any, limit: float, side: str, alike: bool) -> list[Finding]:
    """Return the pairs whose hidden exposure is past the threshold, ranked."""
    column = {"region": "region", "sector": "sector", "node": "id"}.get(subject) if isinstance(subject, str) else None
    labels = io.sectors[column] if column else np.asarray(subject, dtype=object)
    totals = io.sectors.assign(x=np.maximum(io.x, 0)).groupby(np.asarray(labels))["x"].sum() / io.x.sum()
    output = dict(totals.items())
    names = dict(zip(io.sectors["id"], io.sectors["name"], strict=True)) if column == "id" else {}
    found = []
    rows: Any = frame[frame["hidden"] >= 0.9 * limit]
    for row in rows.itertuples(index=False):
        share = float(output.get(row.node, 0.0))
        grade = severity(row.hidden, limit, share)
        if grade is None:
            continue
        who, whom = names.get(row.node, row.node), names.get(row.partner, row.partner)
        direct = f"{row.face_value:.0%}" if row.face_value >= SEEN else "None"
        verb, way = ("buys comes from", "needs") if side == "inputs" else ("sells goes to", "feeds")
        times, nearest = "", "suppliers" if side == "inputs" else "buyers"
        if row.face_value >= SEEN and row.total >= MANY_TIMES * row.face_value:
            times = f" ({row.total / row.face_value:.1f} times as much)"
        found.append(
            Finding(
                code="hidden_exposure",
                subject=str(row.node),
                subject_kind="node",
                measure="hidden",
                value=float(row.hidden),
                threshold=limit,
                severity=grade,
                share=share,
                sentence=(
                    f"{direct} of what {who} {verb} {whom} directly, but {row.total:.0%} of what it {way}"
                    f" over the whole chain does{times}."
                ),
                evidence=(
                    {"partner": str(row.partner), "face_value": float(row.face_value), "total": float(row.total)},
                ),
                reference=explain("hidden").threshold_source,
                lever=_lever(frame, row, names, side) if alike else f"Ask the direct {nearest} of {who} about {whom}.",
            )
        )
    return rank(found)
