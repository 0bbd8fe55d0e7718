"""Findings of the cascade: firms whose closing costs the network most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.finding import Finding, Plain, rank, severity
from netcluster.core.measures import explain

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.risk._firm_network import FirmNetwork

#: At most this many firms are described; the rest stand in the frame.
MOST = 200


def cascade_findings(frame: pd.DataFrame, ready: FirmNetwork, kind: str, limit: float | None) -> list[Finding]:
    """Return the firms (or groups) whose index is past the threshold, ranked."""
    measure = explain("esri")
    bar = limit if limit is not None else float(measure.threshold or 1.0)
    number = {name: i for i, name in enumerate(ready.ids)} if kind == "firm" else {}
    found = []
    rows: list[Any] = list(frame.nlargest(MOST, "esri").itertuples(index=False))
    for row in rows:
        grade = severity(row.esri, bar, row.sales_share)
        if grade is None:
            continue
        way = "mostly among its customers" if row.esri_downstream >= row.esri_upstream else "mostly among its suppliers"
        if row.sales_share >= 0.9 * row.esri:
            way = "nearly all of it its own"
        found.append(
            Finding(
                code="systemic_firm" if kind == "firm" else "systemic_group",
                subject=row.firm,
                subject_kind=kind,
                measure="esri",
                value=float(row.esri),
                threshold=bar,
                severity=grade,
                share=float(row.sales_share),
                sentence=(
                    f"If {row.label} closed, {row.esri:.1%} of all output would be lost, {way};"
                    f" its own share is {row.sales_share:.1%}, and {row.firms_hit:,} firms would lose 1% or more."
                ),
                evidence=_customers(ready, number[row.firm]) if kind == "firm" else (),
                reference=measure.threshold_source,
                lever=_lever(ready, number[row.firm], row) if kind == "firm" else "",
            )
        )
    return rank(found)


def _customers(ready: FirmNetwork, i: int) -> tuple[dict[str, Plain], ...]:
    """Return the customers that lean on it most: by share of the input it counts for, times their weight."""
    start, end = ready.matrix.indptr[i : i + 2]
    customers, share = ready.matrix.indices[start:end], ready.down[start:end]
    order = np.argsort(-share * ready.weight[customers], kind="stable")[:10]
    return tuple(
        {
            "customer": ready.ids[customers[k]],
            "amount": float(ready.matrix.data[start + k]),
            "share_of_its_input": float(share[k]),
            "sales_share": float(ready.weight[customers[k]]),
        }
        for k in order
    )


def _lever(ready: FirmNetwork, i: int, row: Any) -> str:
    if row.esri_upstream > row.esri_downstream:
        return f"Other buyers for what the suppliers of {row.label} sell would lower it most."
    rows = _customers(ready, i)
    if not rows or row.sales_share >= 0.9 * row.esri:
        return f"Little hangs on it but its own sales: {row.label} itself is what is to be kept."
    first = rows[0]
    return (
        f"A second source for {first['customer']}, which has {first['share_of_its_input']:.0%} of that input from"
        f" {row.label}, would lower it most."
    )
