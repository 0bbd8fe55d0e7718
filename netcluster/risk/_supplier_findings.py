"""Findings on suppliers: sole sellers, single sources, and firms that hold the network together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.finding import EVIDENCE_ROWS, Finding, severity
from netcluster.core.measures import explain
from netcluster.risk._source import flows_of

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network
    from netcluster.network.pieces import Pieces

#: Nothing below this part of a threshold is worth a look: `severity` grades what comes near to one.
_NEAR = 0.9


def single_sources(frame: pd.DataFrame, net: Network, limit: float, min_share: float) -> list[Finding]:
    """Return buyers whose input from a single supplier is a large part of what they buy."""
    large = (frame["suppliers"] == 1) & (frame["input_share"] >= _NEAR * limit) & (frame["buyer_share"] >= min_share)
    rows: Any = frame[large]
    names = _names(net, {*rows["buyer"], *rows["largest"]})
    found = []
    for row in rows.itertuples(index=False):
        grade = severity(row.input_share, limit, row.buyer_share)
        if grade is None:
            continue
        others = "nobody else sells it here"
        if row.substitutes:
            near = f", {row.substitutes_near:,} in its region" if row.substitutes_near else ""
            others = f"{row.substitutes:,} more {'sell' if row.substitutes > 1 else 'sells'} it{near}"
        only = "; the link is the only way between two parts of the network" if row.bridge else ""
        found.append(
            Finding(
                code="single_source",
                subject=row.buyer,
                subject_kind="node",
                measure="input_share",
                value=float(row.input_share),
                threshold=limit,
                severity=grade,
                share=float(row.buyer_share),
                sentence=(
                    f"All {_line(row.input)} that {names[row.buyer]} buys comes from {names[row.largest]}:"
                    f" {row.input_share:.0%} of its purchases; {others}{only}."
                ),
                evidence=(
                    {
                        "supplier": row.largest,
                        "amount": float(row.amount),
                        "substitutes": int(row.substitutes),
                        "substitute_sales": float(row.substitute_sales),
                        "days_without": float(row.days_without) if np.isfinite(row.days_without) else None,
                    },
                ),
                reference=explain("input_share").threshold_source,
                lever=_second(row, names[row.largest]),
            )
        )
    return found


def sole_sellers(frame: pd.DataFrame, net: Network, layer: str) -> list[Finding]:
    """Return inputs that a single firm sells to all their buyers, by the output of those buyers."""
    measure = explain("leaning_share")
    limit, flows = float(measure.threshold or 1.0), flows_of(net, layer)
    whole = "output" if np.isfinite(flows.output).all() and flows.output.sum() > 0 else "trade in this network"
    alone = frame[(frame["suppliers"] == 1) & (frame["substitutes"] == 0)]
    names = _names(net, {*alone["largest"]})
    place = _places(net, alone["buyer"].unique())
    output = dict(zip(place, np.nan_to_num(flows.weight)[list(place.values())], strict=True))
    found = []
    for goods, part in alone.groupby("input", sort=True):
        if part["largest"].nunique() > 1:
            continue
        shares = part["buyer"].map(output)
        value, seller = float(shares.sum()), str(part["largest"].iloc[0])
        grade = severity(value, limit, value)
        if grade is None:
            continue
        order = shares.sort_values(ascending=False, kind="stable").index[:EVIDENCE_ROWS]
        found.append(
            Finding(
                code="sole_seller",
                subject=str(goods),
                subject_kind="input",
                measure="leaning_share",
                value=value,
                threshold=limit,
                severity=grade,
                share=value,
                sentence=(
                    f"{names[seller]} is the only seller of {_line(str(goods))}: {_buyers(len(part))} {value:.0%}"
                    f" of all {whole} {'have' if len(part) > 1 else 'has'} no other source here."
                ),
                evidence=tuple(
                    {"buyer": str(b), "amount": float(a), "output_share": float(output[b])}
                    for b, a in zip(part.loc[order, "buyer"], part.loc[order, "amount"], strict=True)
                ),
                reference=measure.threshold_source,
                lever=(
                    f"A second seller of {_line(str(goods))}, from outside or new, with a tenth of it would lower the"
                    " HHI of its sellers from 1.00 to 0.82, and leave nobody without a source."
                ),
            )
        )
    return found


def _names(net: Network, ids: Iterable[str]) -> dict[str, str]:
    """Return what nodes are called, by id: of a million only those that are spoken of."""
    place = _places(net, list(ids))
    labels = net.nodes["label"].iloc[list(place.values())]
    return {node: _line(str(label or node)) for node, label in zip(place, labels, strict=True)}


def _places(net: Network, ids: Any) -> dict[str, int]:
    """Return the rows of some nodes, by id."""
    import pandas as pd

    rows = pd.Index(net.nodes["id"]).get_indexer(pd.Index(ids, dtype=object))
    return dict(zip(ids, rows.tolist(), strict=True))


def _line(text: str) -> str:
    """Return a label on one line: some tables break theirs inside a cell."""
    return " ".join(text.split())


def _buyers(count: int) -> str:
    return f"{count:,} buyers with" if count > 1 else "one buyer with"


def _second(row: Any, supplier: str) -> str:
    """Return what a second supplier with a tenth of the input does to its HHI, and how it could be had."""
    change = "a tenth of it from a second one would lower the HHI of this input from 1.00 to 0.82"
    if not row.substitutes:
        return f"Nobody else sells it here: {change}, and it has to be found outside or built up beside {supplier}."
    far = f", the nearest {row.substitute_distance:,.0f} km away" if np.isfinite(row.substitute_distance) else ""
    return f"Beside {supplier}, {row.substitutes:,} other{'s' if row.substitutes > 1 else ''} sell it{far}: {change}."


def cut_points(net: Network, matrix: Any, found: Pieces) -> list[Finding]:
    """Return the nodes without which a part of the network hangs apart, with that part's share of all nodes."""
    strength = np.asarray(matrix.sum(axis=0)).ravel() + np.asarray(matrix.sum(axis=1)).ravel()
    measure = explain("cut_off")
    limit, linked = float(measure.threshold or 1.0), max(int((strength > 0).sum()), 1)
    made = []
    for point in np.flatnonzero((found.more > 0) & (found.lost >= _NEAR * limit * linked)).tolist():
        lost, share = int(found.lost[point]), float(strength[point] / strength.sum())
        grade = severity(lost / linked, limit, share)
        if grade is None:
            continue
        name = net.nodes["label"].iloc[point] or net.ids[point]
        made.append(
            Finding(
                code="cut_point",
                subject=net.ids[point],
                subject_kind="node",
                measure="cut_off",
                value=lost / linked,
                threshold=limit,
                severity=grade,
                share=share,
                sentence=f"Without {name}, {lost:,} of {linked:,} nodes lose touch with the rest of the network.",
                evidence=({"cut_off": lost, "largest_part": int(found.largest[point])},),
                reference=measure.threshold_source,
                lever="A link past it, between the two parts, would end this.",
            )
        )
    return made
