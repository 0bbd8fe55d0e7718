"""The scorecard: one row a cluster, one column a claim made of clusters, empty where the data can't tell.

What is claimed of industrial clusters (Marshall 1890; Porter 1998) is checked claim by claim with the field's own
measures. A claim that can't be checked says what would fill it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.clusters.describe import describe
from netcluster.clusters.partition import Partition
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result
from netcluster.study.claims.evidence import Evidence, Missing, gather
from netcluster.study.claims.register import CHECKS, NEEDS, TEXTS, units_of

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network
    from netcluster.tables.bundle import Bundle

#: Clusters that have a row in the table of claims, the largest; one of a single node has none.
MOST_CLUSTERS = 40
#: What the search itself says of a claim, before anything else is asked.
_LINKAGE = ("Internal linkage", ("internal_share", "persistence", "z", "p_value"))
#: What is read first, and last.
_FIRST = (
    "cluster", "cluster_name", "members", "output", "internal_share", "significant", "main_region",
    "location_quotient", "export_share", "value_added_per_job", "jobs_growth", "output_multiplier", "industry_share",
)  # fmt: skip
_LAST = ("top_members", "name_reason")


@dataclass(frozen=True, eq=False, repr=False)
class Scorecard(Partition):
    """The clusters with their scores; `claims` has a row a cluster and measure, with what would fill an empty one."""

    claims: Result = field(default_factory=lambda: Result(_no_rows()))


def scorecard(
    bundle: Bundle,
    net: Network,
    partition: Partition,
    *,
    full: Network | None = None,
    before: Bundle | None = None,
    occupations: pd.DataFrame | None = None,
) -> Scorecard:
    """Return the clusters of a partition, found or brought along, checked against every claim made of clusters.

    Parameters
    ----------
    bundle : Bundle
        The input: an input–output table and what came with it (jobs by region, satellites, firms and their links).
    net : Network
        The network the partition is of.
    partition : Partition
        Of `clusters.detect`, `score` or `multilayer`.
    full : Network, optional
        The network with firms and institutions, where `net` holds the industries only.
    before : Bundle, optional
        The same input of an earlier year, for growth.
    occupations : pandas.DataFrame, optional
        Jobs by industry and occupation: industry, occupation, value.

    Returns
    -------
    Scorecard
        The columns of `clusters.describe` and one or more a claim, the most telling first, NaN (or empty) where a claim
        can't be checked; a note for each way to give what is missing names the claims it would fill. `claims` is the
        same the long way: cluster, claim, measure, figure, whole (the figure of all nodes together), unit, detail,
        needs, cluster_name.

    Examples
    --------
    >>> import netcluster as nc
    >>> io = nc.IOTable.from_arrays([[9, 8, 1, 0], [8, 9, 0, 1], [1, 0, 9, 8], [0, 1, 8, 9]], x=[40] * 4)
    >>> net = nc.build(io)
    >>> card = scorecard(nc.Bundle(io=io), net, nc.clusters.score(net, [1, 1, 2, 2], null_draws=0))
    >>> card.frame[["cluster", "internal_share", "value_added", "industry_share"]].round(3).values.tolist()
    [[1.0, 0.944, 44.0, 0.5], [2.0, 0.944, 44.0, 0.5]]
    """
    base = describe(net, partition)
    layer = str(partition.parameters["layer"])
    evidence = gather(bundle, net, partition.labels, layer=layer, full=full, before=before, occupations=occupations)
    columns, whole, missing = _checked(evidence)
    units = units_of(evidence)
    frame = base.frame.assign(**columns)
    rest = [name for name in frame.columns if name not in (*_FIRST, *_LAST)]
    frame = frame[[*_FIRST, *rest, *_LAST]]
    measures = (*base.measures, *(name for name in columns if name not in TEXTS))
    parameters = {**base.parameters, "units": units, "since": None if before is None else evidence.since}
    claims = Result(_claims(frame, whole, missing, units), ("figure", "whole"), parameters)
    notes = (*base.notes, *_places(evidence), *_notes(missing))
    return Scorecard(
        frame, measures, parameters, notes, base.findings,
        labels=base.labels, summary=base.summary, cluster_z=base.cluster_z, cluster_p=base.cluster_p, claims=claims,
    )  # fmt: skip


def _checked(evidence: Evidence) -> tuple[dict[str, Any], dict[str, float], dict[str, str]]:
    """Return the columns, the figures of the whole economy, and for each empty column the key of what is missing."""
    columns: dict[str, Any] = {}
    whole: dict[str, float] = {}
    missing: dict[str, str] = {}
    one = evidence.whole()
    for check in CHECKS:
        try:
            columns |= check.work(evidence)
        except Missing as reason:
            for name in check.columns:
                columns[name] = "" if name in TEXTS else np.nan
                missing[name] = str(reason)
            continue
        if check.beside:
            found: dict[str, Any] = check.work(one)
            whole |= {name: float(values[0]) for name, values in found.items() if name not in TEXTS}
    return columns, whole, missing


def _claims(
    frame: pd.DataFrame, whole: Mapping[str, float], missing: Mapping[str, str], units: Mapping[str, str]
) -> pd.DataFrame:
    """Return the rows of claims: of each cluster of two members or more, every measure of every claim."""
    import pandas as pd

    asked = [_LINKAGE, *((check.claim, check.columns) for check in CHECKS)]
    # Measures of one claim stand together, in the order in which claims first come.
    by_claim: dict[str, list[str]] = {}
    for claim, columns in asked:
        by_claim.setdefault(claim, []).extend(name for name in columns if name not in TEXTS)
    rows = []
    for row in frame[frame["members"] > 1].head(MOST_CLUSTERS).to_dict("records"):
        for claim, names in by_claim.items():
            for name in names:
                value = float(row[name])
                rows.append(
                    {
                        "cluster": row["cluster"],
                        "cluster_name": row["cluster_name"],
                        "claim": claim,
                        "measure": name,
                        "figure": value,
                        "detail": str(row[_DETAILS[name]]) if name in _DETAILS else "",
                        "whole": whole.get(name, np.nan),
                        "unit": units.get(name, ""),
                        "needs": str(NEEDS[missing[name]]) if name in missing else "",
                    }
                )
    return pd.DataFrame(rows, columns=list(_no_rows().columns))


#: The column of names that says of what a figure is.
_DETAILS = {
    "location_quotient": "main_region",
    "occupation_quotient": "main_occupation",
    "industry_share": "largest_industry",
}


def _no_rows() -> pd.DataFrame:
    import pandas as pd

    names = ["cluster", "claim", "measure", "figure", "whole", "unit", "detail", "needs", "cluster_name"]
    return pd.DataFrame({name: [] for name in names})


_ACCOUNT = "an account "


def _notes(missing: Mapping[str, str]) -> list[Note]:
    """Return a note for each way to give what is missing, with the claims it would fill."""
    given = {check.claim for check in CHECKS if any(name not in missing for name in check.columns)}
    found: dict[str, dict[str, list[str]]] = {}
    for check in CHECKS:
        name = next(column for column in check.columns if column not in TEXTS)
        if name in missing:
            need = NEEDS[missing[name]]
            claim = f"{check.claim} ({explain(name).name})" if check.claim in given else check.claim
            group = found.setdefault(need.how or need.what, {"claims": [], "whats": []})
            group["claims"].append(claim)
            group["whats"].append(need.what)
    notes = []
    for how, group in found.items():
        claims, whats = (list(dict.fromkeys(group[key])) for key in ("claims", "whats"))
        # "an account jobs, an account water" is one thing less often said.
        accounts = [what.removeprefix(_ACCOUNT) for what in whats if what.startswith(_ACCOUNT)]
        if len(accounts) > 1:
            whats = [f"accounts of {', '.join(accounts)}", *(what for what in whats if not what.startswith(_ACCOUNT))]
        needs = ", ".join(whats) + (f"; give {how}" if how not in whats else "")
        notes.append(Note("not_scored", f"Not scored: {', '.join(claims)}. Needs {needs}.", len(claims)))
    return notes


def _places(evidence: Evidence) -> list[Note]:
    jobs = evidence.jobs
    if jobs is None or jobs.what == "jobs":
        return []
    return [
        Note("places_by", f"Where clusters are is told by {jobs.what}, as no jobs by region and industry are given.")
    ]
