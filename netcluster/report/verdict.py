"""Whether the clusters of a run can be relied on, in two sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netcluster.report.names import cluster_counts

if TYPE_CHECKING:
    from netcluster.report.view import View


def verdict(view: View) -> str:
    """Return what the null model and the ensemble say of the clusters; empty where a run has none."""
    table = view.tables.get("clusters")
    if table is None or not table.summary:
        return ""
    told = table.summary
    count, q, mean, sd, p = (told.get(key) for key in ("clusters", "modularity", "null_mean", "null_sd", "p_value"))
    if not isinstance(count, int) or not isinstance(q, float):
        return ""
    alone = min(cluster_counts(view)[1], count)
    noun = "cluster" if count - alone == 1 else "clusters"
    besides = f" and {alone:,} {'node' if alone == 1 else 'nodes'} by themselves" if alone else ""
    said = f"{count - alone:,} {noun}{besides}, modularity {q:.3f}"
    if isinstance(mean, float) and isinstance(sd, float) and isinstance(p, float):
        sure = "beyond chance" if told.get("significant") else "not beyond chance, so not to be relied on"
        draws = told.get("null_draws")
        said += (
            f"; {draws:,} networks with the same totals but no clusters reach {mean:.3f} ± {sd:.3f}:"
            f" {sure} (p = {p:.2g})"
        )
    agreement, members = told.get("agreement"), told.get("members")
    if isinstance(agreement, float) and isinstance(members, int) and members > 1:
        said += f". {members:,} searches with other seeds and noise agree by {agreement:.2f} (1 is full agreement)"
    return said + "."
