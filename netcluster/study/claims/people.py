"""Who works in a cluster: skills it has in common, what its people get of the income, and who they are."""

from __future__ import annotations

import re

import numpy as np

from netcluster.clusters.quality import summed
from netcluster.clusters.validation import relatedness
from netcluster.core.errors import NetclusterError
from netcluster.core.indices import correlation_of_rows
from netcluster.economy.accounts import jobs
from netcluster.economy.households import INCOME
from netcluster.places.quotient import location_quotient, ratio
from netcluster.study.claims.evidence import Evidence, Missing

Columns = dict[str, object]
_WOMEN = re.compile(r"wom[ae]n|female", re.IGNORECASE)
#: An occupation stands for a cluster where it makes at least this share of its jobs; ours.
_LEAST_SHARE = 0.02


def skills(evidence: Evidence) -> Columns:
    """Return how alike the members' occupations are, and the occupation the cluster stands out by."""
    given = evidence.occupations
    if given is None:
        raise Missing("occupations")
    import pandas as pd

    nodes = evidence.net.nodes
    place = dict(zip(nodes["id"], range(evidence.net.n), strict=True))
    codes = nodes["industry"].astype(str)
    if codes.is_unique:
        place = dict(zip(codes, range(evidence.net.n), strict=True)) | place
    rows = given.assign(node=given["industry"].map(place)).dropna(subset=["node"])
    if rows.empty:
        raise NetclusterError(
            f"The occupations name none of the {evidence.net.n} nodes, first {given['industry'].iloc[0]!r}.",
            f"Their column industry takes {', '.join(nodes['id'].head(3))} …",
        )
    kinds, names = pd.factorize(rows["occupation"], sort=True)
    wide = np.zeros((evidence.net.n, len(names)))
    np.add.at(wide, (rows["node"].to_numpy(dtype=np.int64), kinds), rows["value"].to_numpy(dtype=np.float64))
    known = (wide.sum(axis=1) > 0) & (evidence.labels > 0)
    shares = wide[known] / wide[known].sum(axis=1, keepdims=True)
    labels = evidence.labels[known]
    near = np.full(evidence.count, np.nan)
    near[np.unique(labels) - 1] = np.diag(relatedness(correlation_of_rows(shares), labels).cluster)
    by_cluster = np.array([summed(labels, column, evidence.count + 1)[1:] for column in wide[known].T])
    quotient = location_quotient(by_cluster)
    total = by_cluster.sum(axis=0)
    part = np.divide(by_cluster, total, out=np.zeros_like(by_cluster), where=total > 0)
    standing = np.where(part >= _LEAST_SHARE, np.nan_to_num(quotient), -1.0)
    best, all_ = standing.argmax(axis=0), np.arange(evidence.count)
    some = standing[best, all_] > 0
    return {
        "occupation_similarity": near,
        "main_occupation": [str(names[at]) if there else "" for at, there in zip(best, some, strict=True)],
        "occupation_quotient": np.where(some, standing[best, all_], np.nan),
    }


def income(evidence: Evidence) -> Columns:
    """Return the share of value added that is pay, and pay per job over that of the whole economy."""
    io = evidence.table()
    found = [
        io.V[row]
        for row, (ident, name, kind) in enumerate(io.inputs[["id", "name", "kind"]].itertuples(index=False))
        if kind == "value_added" and (INCOME.search(str(ident)) or INCOME.search(str(name)))
    ] or [account.values for key, account in io.accounts.items() if INCOME.search(key)]
    if not found:
        raise Missing("pay")
    pay, added = evidence.sum(found[0]), evidence.sum(io.value_added)
    people = jobs(io)
    relative = np.full(evidence.count, np.nan)
    if people is not None:
        heads = evidence.sum(people.values)
        mean = float(found[0].sum() / people.values.sum()) if people.values.sum() > 0 else np.nan
        relative = ratio(pay, heads) / mean
    return {"labour_share": ratio(pay, added), "relative_pay": relative}


def women(evidence: Evidence) -> Columns:
    """Return the share of jobs that women hold."""
    io, people = evidence.table(), jobs(evidence.table())
    theirs = [account.values for key, account in io.accounts.items() if _WOMEN.search(key)]
    if not theirs or people is None:
        raise Missing("women")
    return {"women_share": ratio(evidence.sum(np.sum(theirs, axis=0)), evidence.sum(people.values))}
