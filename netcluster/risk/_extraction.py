"""What a subject loses where its largest partner is gone: extraction of that partner from the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.risk.look_through import Chain

if TYPE_CHECKING:
    from netcluster.risk._source import Flows
    from netcluster.risk._subjects import Partners, Subjects

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def extraction_losses(
    flows: Flows, subjects: Subjects, partners: Partners, chain: Chain, largest: Integers, side: str
) -> Array:
    """Return the share of its output each subject loses where its largest partner is extracted, (subjects,).

    Sales: by Leontief, L_·K (L_KK)⁻¹ x_K, what those who sell to it can no longer sell (Miller and Blair 2009,
    chapter 12). Inputs: by Ghosh, 1'(L_KK)⁻¹ L_K· x, what buyers would lose if its deliveries set their output. K is
    the partner without the subject's own nodes: a region does not lose its own part of the industry it sells to abroad.
    """
    lost = np.full(largest.size, np.nan)
    members = [np.flatnonzero(subjects.codes == k) for k in range(largest.size)] if subjects.kind != "node" else None
    output = np.nan_to_num(flows.output)
    for partner in np.unique(largest[largest >= 0]).tolist():
        rows = np.flatnonzero(partners.codes == partner)
        columns = _columns(chain, rows, output.size, side)
        whole = _lost(columns, rows, output, side)
        for k in np.flatnonzero(largest == partner).tolist():
            own: Any = [k] if members is None else members[k]
            others = ~np.isin(rows, own)
            by_node = whole if others.all() else _lost(columns[:, others], rows[others], output, side)
            total = float(output[own].sum())
            lost[k] = float(by_node[own].sum()) / total if total > 0 else np.nan
    return lost


def _columns(chain: Chain, rows: Integers, n: int, side: str) -> Array:
    """Return L_·K, or (L_K·)', for the nodes in `rows`, (n, rows)."""
    unit = np.zeros((n, rows.size))
    unit[rows, np.arange(rows.size)] = 1.0
    return chain.solve(unit, transpose=side == "inputs")


def _lost(columns: Array, rows: Integers, output: Array, side: str) -> Array:
    """Return the output each node loses without the nodes in `rows`, (n,)."""
    if side == "sales":
        return np.asarray(columns @ np.linalg.solve(columns[rows], output[rows]))
    return np.asarray(columns @ np.linalg.solve(columns[rows], np.ones(rows.size)) * output)
