"""Whether a cluster is somewhere: concentration, strong regions, industries that share places, local supply."""

from __future__ import annotations

import numpy as np

from netcluster.clusters.quality import summed
from netcluster.places.coagglomeration import group_coagglomeration
from netcluster.places.concentration import ellison_glaeser
from netcluster.places.quotient import location_quotient
from netcluster.places.strong import strong_clusters
from netcluster.study.claims.evidence import Array, Evidence, Jobs, Missing

Columns = dict[str, object]
#: Firms' sizes are taken for the plants of a cluster where they make its jobs to within this share; ours.
_SAME_JOBS = 0.1


def main_region(evidence: Evidence) -> Columns:
    """Return where most of each cluster's jobs are, the quotient there, and in how many regions it is strong."""
    jobs = evidence.places()
    here = jobs.by_region(evidence.count)
    quotients = location_quotient(here, jobs.totals)
    most, rows = here.argmax(axis=1), np.arange(evidence.count)
    some = here.sum(axis=1) > 0
    strong, _ = strong_clusters(np.nan_to_num(quotients), here, _plants(jobs, evidence.count))
    return {
        "main_region": [jobs.regions[at] if any_ else "" for at, any_ in zip(most, some, strict=True)],
        "location_quotient": np.where(some, quotients[rows, most], np.nan),
        "strong_regions": np.where(some, strong.sum(axis=1), np.nan),
    }


def concentration(evidence: Evidence) -> Columns:
    """Return each cluster's Ellison–Glaeser index, by the sizes of its firms or else by equal establishments."""
    jobs = evidence.places()
    here, sizes = jobs.by_region(evidence.count), _firm_sizes(evidence)
    plants = _plants(jobs, evidence.count)
    found = np.full(evidence.count, np.nan)
    for at, amounts in enumerate(here):
        its = sizes.get(at + 1)
        if not amounts.sum() > 0:
            continue
        if its is not None and abs(its.sum() - amounts.sum()) <= _SAME_JOBS * amounts.sum():
            found[at] = ellison_glaeser(amounts, jobs.totals, plants=its).gamma
        elif plants is not None and (plants[at][amounts > 0] > 0).all():
            each = np.divide(amounts, plants[at], out=np.zeros_like(amounts), where=plants[at] > 0) / amounts.sum()
            H = float((plants[at] * each**2).sum())
            found[at] = ellison_glaeser(amounts, jobs.totals, plant_hhi=H).gamma
    if np.isnan(found).all():
        raise Missing("plants")
    return {"ellison_glaeser": found}


def coagglomeration(evidence: Evidence) -> Columns:
    """Return how far the industries of each cluster share places beyond the concentration of each."""
    jobs = evidence.places()
    found = np.full(evidence.count, np.nan)
    width = len(jobs.regions)
    if (jobs.totals > 0).sum() < 2:
        raise Missing("regions")
    for cluster in range(1, evidence.count + 1):
        its = jobs.label == cluster
        codes, rows = np.unique(jobs.industry[its], return_inverse=True)
        wide = summed(rows * width + jobs.region[its], jobs.amount[its], codes.size * width).reshape(-1, width)
        wide = wide[wide.sum(axis=1) > 0]
        if len(wide) > 1:
            found[cluster - 1] = group_coagglomeration(wide, jobs.totals)
    return {"group_coagglomeration": found}


def local_supply(evidence: Evidence) -> Columns:
    """Return the share of each cluster's inputs that the industries of its main region could supply, by quotients."""
    jobs, nodes = evidence.places(), evidence.net.nodes
    if nodes["region"].nunique() > 1 or evidence.io is None or jobs.what != "jobs":
        raise Missing("regions")
    here = jobs.by_region(evidence.count).argmax(axis=1)
    size = int(jobs.industry.max()) + 1
    width = len(jobs.regions)
    wide = summed(jobs.industry * width + jobs.region, jobs.amount, size * width).reshape(size, width)
    able = np.minimum(np.nan_to_num(location_quotient(wide, jobs.totals)), 1.0)
    code = _codes_of_nodes(evidence, jobs)
    bought = _bought(evidence)
    known = np.where(code >= 0, 1.0, 0.0)
    supplied = np.where(code[:, None] >= 0, able[np.maximum(code, 0)][:, here], 0.0)
    below = known @ bought
    return {
        "local_supply": np.divide(
            (bought * supplied).sum(axis=0), below, out=np.full(below.size, np.nan), where=below > 0
        )
    }


def _codes_of_nodes(evidence: Evidence, jobs: Jobs) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the jobs' industry code of each node, −1 where no jobs of its industry are given."""
    place = {name: at for at, name in enumerate(jobs.industries)}
    nodes = evidence.net.nodes
    return np.array(
        [place.get(ident, place.get(code, -1)) for ident, code in zip(nodes["id"], nodes["industry"], strict=True)],
        dtype=np.int64,
    )


def _bought(evidence: Evidence) -> Array:
    """Return what each cluster buys from each node, (n, count)."""
    member = np.zeros((evidence.net.n, evidence.count + 1))
    member[np.arange(evidence.net.n), evidence.labels] = 1.0
    return np.asarray(evidence.flows @ member)[:, 1:]


def _plants(jobs: Jobs, count: int) -> Array | None:
    if not np.isfinite(jobs.plants).all():
        return None
    width = len(jobs.regions)
    return summed(jobs.label * width + jobs.region, jobs.plants, (count + 1) * width).reshape(count + 1, -1)[1:]


def _firm_sizes(evidence: Evidence) -> dict[int, Array]:
    if evidence.sites is None or evidence.site_labels is None:
        return {}
    nodes = evidence.sites.nodes
    sized = ((nodes["kind"] == "firm") & (nodes["size"] > 0)).to_numpy() & (evidence.site_labels > 0)
    size, label = nodes["size"].to_numpy(dtype=np.float64)[sized], evidence.site_labels[sized]
    return {int(cluster): size[label == cluster] for cluster in np.unique(label)}
