"""How a cluster has grown since an earlier year, and beyond its industries elsewhere."""

from __future__ import annotations

import numpy as np

from netcluster.economy.accounts import jobs
from netcluster.places.shiftshare import components
from netcluster.study.claims.evidence import Array, Evidence, Jobs, Missing

Columns = dict[str, object]


def growth(evidence: Evidence) -> Columns:
    """Return the growth of each cluster's jobs and output per year, members as they stand in the later year."""
    before = _before(evidence)
    years = (evidence.year or 0) - (before.year or 0) if evidence.year and before.year else 1
    empty = np.full(evidence.count, np.nan)
    heads, early = _heads(evidence), _heads(before)
    output, was = (one.sum(one.net.nodes["size"]) for one in (evidence, before))
    return {
        "jobs_growth": empty if heads is None or early is None else _per_year(early, heads, years),
        "output_growth": _per_year(was, output, years),
    }


def shift(evidence: Evidence) -> Columns:
    """Return what the cluster's jobs in its main region grew beyond its industries everywhere, over those before."""
    before = _before(evidence)
    if evidence.jobs is None or before.jobs is None or evidence.jobs.what != before.jobs.what:
        raise Missing("regions")
    now, then = evidence.jobs, before.jobs
    regions = {name: at for at, name in enumerate(sorted({*now.regions, *then.regions}))}
    kinds = {name: at for at, name in enumerate(sorted({*now.industries, *then.industries}))}
    E, F = (_wide(one, kinds, regions, evidence.count) for one in (then, now))
    shifted = components(E.sum(axis=0), F.sum(axis=0))[0]["competitive_shift"]
    own = np.where(F.sum(axis=0) > 0, F / np.maximum(F.sum(axis=0), 1e-300), 0.0)
    found = np.full(evidence.count, np.nan)
    for at in range(evidence.count):
        main = int(F[at + 1].sum(axis=0).argmax())
        base = float(E[at + 1, :, main].sum())
        if base > 0:
            found[at] = float((shifted[:, main] * own[at + 1, :, main]).sum()) / base
    return {"regional_shift": found}


def _before(evidence: Evidence) -> Evidence:
    if evidence.before is None:
        raise Missing("since")
    return evidence.before


def _heads(evidence: Evidence) -> Array | None:
    if evidence.jobs is not None and evidence.jobs.what == "jobs":
        return np.asarray(evidence.jobs.by_region(evidence.count).sum(axis=1))
    people = None if evidence.io is None else jobs(evidence.io)
    return None if people is None else evidence.sum(people.values)


def _per_year(before: Array, after: Array, years: int) -> Array:
    ratio = np.divide(after, before, out=np.full(before.size, np.nan), where=before > 0)
    return np.asarray(ratio ** (1 / max(years, 1)) - 1)


def _wide(jobs_: Jobs, kinds: dict[str, int], regions: dict[str, int], count: int) -> Array:
    """Return the amounts by cluster (0 for none), industry and region."""
    wide = np.zeros((count + 1, len(kinds), len(regions)))
    row = np.array([kinds[name] for name in jobs_.industries])[jobs_.industry]
    column = np.array([regions[name] for name in jobs_.regions])[jobs_.region]
    np.add.at(wide, (jobs_.label, row, column), jobs_.amount)
    return wide
