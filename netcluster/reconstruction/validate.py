"""The validation report: what a reconstructed network was held to, beside what it reached."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from netcluster.core.result import Note, Result
from netcluster.reconstruction import targets as t
from netcluster.reconstruction.balance import cells_of, margins, reachable
from netcluster.reconstruction.fitness import Array, Economy
from netcluster.reconstruction.sample import Drawn, row_sums
from netcluster.reconstruction.structure import (
    Shape,
    correlation,
    log_correlation,
    log_slope,
    log_variance,
    shape,
    tail_exponent,
)

ASKED = "what was asked for"
TABLE = "the table and the firms' sizes"
NONE = "no published range known to us"


class _Rows:
    """Rows of the report as they are filled."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []

    def add(self, measure: str, reached: float, target: t.Target | None, remark: str = "") -> None:
        """Add a measure; a target of one value is shown as one."""
        low, high = (target.low, target.high) if target else (np.nan, np.nan)
        shown = "" if target is None else _figure(low) if low == high else f"{low:.3g} to {high:.3g}"
        self.rows.append(
            {
                "measure": measure,
                "target": shown,
                "reached": reached,
                "source": target.source if target else NONE,
                "remark": remark,
                "target_low": low,
                "target_high": high,
            }
        )


def validate(drawn: Drawn, firms: Economy, mean_degree: float, parameters: Mapping[str, object]) -> Result:
    """Return a network's validation report: a row a measure, with its target, what was reached, and who says so.

    Degrees, tails and slopes stand beside published networks, flows beside the table, links beside what was asked.
    Firms are those with an industry; links known beforehand are counted in.
    """
    import pandas as pd

    made = shape(drawn)
    rows = _Rows()
    _density(rows, made, firms, mean_degree)
    _degrees(rows, made, firms, mean_degree)
    _shape(rows, made)
    _flows(rows, drawn, firms, str(parameters.get("method", "iogm")))
    notes = (
        Note("sampled_shape", f"Clustering is estimated from {made.clustering_pairs:,} pairs of partners."),
        Note("sampled_shape", f"Reciprocity is that of {made.reciprocity_links:,} links."),
    )
    frame = pd.DataFrame(rows.rows)
    return Result(frame, ("target_low", "target_high", "reached"), MappingProxyType(dict(parameters)), notes)


def _density(rows: _Rows, made: Shape, firms: Economy, mean_degree: float) -> None:
    inside = firms.industry >= 0
    links, active = int(made.customers.sum()), firms.active
    rows.add("links", float(links), t.Target(mean_degree * active, mean_degree * active, ASKED))
    rows.add("mean_degree", links / active, t.Target(mean_degree, mean_degree, ASKED), f"{active:,} firms")
    alone = (made.customers == 0) & (made.suppliers == 0)
    customers, suppliers = (t.without_links(side, mean_degree) for side in (t.CUSTOMERS, t.SUPPLIERS))
    rows.add(
        "firms_without_customers", float((made.customers[inside] == 0).mean()), customers, "they sell to households"
    )
    rows.add("firms_without_suppliers", float((made.suppliers[inside] == 0).mean()), suppliers)
    rows.add("isolated_firms", float(alone[inside].mean()), None, "neither customers nor suppliers")


def _degrees(rows: _Rows, made: Shape, firms: Economy, mean_degree: float) -> None:
    out, into = made.customers, made.suppliers
    rows.add("degree_strength_slope_out", log_slope(out, firms.sales), t.slope(t.CUSTOMERS, t.SALES))
    rows.add("degree_strength_slope_in", log_slope(into, firms.purchases), t.slope(t.SUPPLIERS, t.PURCHASES))
    rows.add("degree_correlation", log_correlation(out, into), t.correlation(t.CUSTOMERS, t.SUPPLIERS))
    given = "given by the firms' sizes, not fitted"
    strengths = log_correlation(firms.sales, firms.purchases)
    rows.add("strength_correlation", strengths, t.correlation(t.SALES, t.PURCHASES), given)
    rows.add("degree_variance_out", log_variance(out), t.variance(t.CUSTOMERS, mean_degree), "not fitted")
    rows.add("degree_variance_in", log_variance(into), t.variance(t.SUPPLIERS, mean_degree), "not fitted")
    for name, values, target, side in (
        ("degree_tail_out", out, t.TAIL_OUT, t.CUSTOMERS),
        ("degree_tail_in", into, t.TAIL_IN, t.SUPPLIERS),
        ("strength_tail_out", firms.sales, None, None),
        ("strength_tail_in", firms.purchases, None, None),
    ):
        exponent, count = tail_exponent(values, whole=name.startswith("degree"))
        remark = f"the largest {count:,}" if count else "too few firms"
        if side is not None and count:
            lognormal = t.tail(side, count / np.count_nonzero(values))
            remark += f"; log-normals of the published variances have {lognormal.low:.2g} to {lognormal.high:.2g} there"
        rows.add(name, exponent, target, remark if target else f"{remark}; {given}")


def _shape(rows: _Rows, made: Shape) -> None:
    rows.add("assortativity", made.assortativity, t.ASSORTATIVITY, "not fitted")
    rows.add("reciprocity", made.reciprocity, None, f"of {made.reciprocity_links:,} links")
    error = np.sqrt(made.clustering * (1 - made.clustering) / max(made.clustering_pairs, 1))
    rows.add("transitivity", made.clustering, None, f"{made.clustering_pairs:,} pairs, ± {1.96 * error:.4f}")


def _flows(rows: _Rows, drawn: Drawn, firms: Economy, method: str) -> None:
    """Add how far firms' sales and purchases and the table's cells are from what was asked."""
    k = len(firms.cells)
    inside = np.maximum(firms.industry, 0)
    flows = cells_of(drawn, inside, k)
    sold, bought = row_sums(drawn), _sums(drawn.buyers, drawn.weights, firms.n)
    nothing, one = t.Target(0.0, 0.0, TABLE), t.Target(1.0, 1.0, TABLE)
    rows.add("cell_deviation", _off(flows, firms.cells), nothing, f"{np.count_nonzero(firms.cells):,} cells")
    there = firms.cells > 0
    rows.add("cell_correlation", correlation(flows[there], firms.cells[there]), one)
    empty = (flows == 0) & (firms.cells > 0)
    rows.add(
        "cells_without_links", float(firms.cells[empty].sum() / firms.cells.sum()), nothing, f"{empty.sum():,} cells"
    )
    sales, purchases = reachable(drawn, margins(firms, cells=method != "dcgm"))
    rows.add("sales_deviation", _off(sold, sales), nothing, "of firms with customers")
    rows.add("purchases_deviation", _off(bought, purchases), nothing, "of firms with suppliers")
    alone, idle = np.diff(drawn.starts) == 0, np.bincount(drawn.buyers, minlength=firms.n) == 0
    passed = "others of their industry sell it for them", "others of their industry buy it for them"
    rows.add("sales_passed_on", _part(firms.sales, alone), None, f"of firms without customers: {passed[0]}")
    rows.add("purchases_passed_on", _part(firms.purchases, idle), None, f"of firms without suppliers: {passed[1]}")


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def _sums(codes: Any, weights: Array, n: int) -> Array:
    return np.asarray(np.bincount(codes, weights, n), dtype=np.float64)


def _part(values: Array, which: Any) -> float:
    return float(values[which].sum() / values.sum())


def _off(found: Array, asked: Array) -> float:
    return float(np.abs(found - asked).sum() / asked.sum())
