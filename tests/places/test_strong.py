"""Strong clusters and stars: by hand, by brute force, and beside the flags the US Cluster Mapping published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netcluster.places import location_quotient, stars, strong_clusters
from tests.shared import shared_data


def test_the_rule_by_brute_force() -> None:
    rng = np.random.default_rng(1)
    jobs = rng.integers(0, 50, (5, 40)).astype(float)
    plants = np.ceil(jobs / 7)
    lq = location_quotient(jobs)
    strong, strong10 = strong_clusters(lq, jobs, plants)
    for c in range(5):
        here = [r for r in range(40) if jobs[c, r] > 0]
        q3, q9 = (np.quantile([lq[c, r] for r in here], q) for q in (0.75, 0.9))
        few = np.quantile(jobs[c, here], 0.25), np.quantile(plants[c, here], 0.25)
        for r in range(40):
            base = r in here and lq[c, r] >= 1 and jobs[c, r] > few[0] and plants[c, r] > few[1]
            assert strong[c, r] == (base and lq[c, r] >= q3)
            assert strong10[c, r] == (base and lq[c, r] >= q9)


def test_an_empty_cluster_is_nowhere_strong() -> None:
    lq = location_quotient([[0, 0], [1, 2]])
    assert not strong_clusters(lq, [[0, 0], [1, 2]])[0][0].any()
    assert stars(lq, [[0, 0], [1, 2]], [[0, 0], [1, 1]])[0].tolist() == [0, 0]


def published() -> pd.DataFrame:
    frame = pd.read_csv(shared_data("us_states_clusters_2016") / "all_states_clusters.csv")
    return frame[frame["cluster_type"] == "traded"]


def test_flags_of_the_us_cluster_mapping_2016() -> None:
    # Published quotients, jobs and establishments of 51 traded clusters in 50 states give the published flags.
    frame = published()
    wide = {
        name: frame.pivot_table(index="cluster_name_t", columns="region_name_t", values=name)
        .fillna(0)
        .to_numpy(dtype=float)
        for name in ("lq_tf", "emp_tl", "est_tl", "strong_b", "strong10_b")
    }
    strong, strong10 = strong_clusters(wide["lq_tf"], wide["emp_tl"], wide["est_tl"])
    assert (strong == (wide["strong_b"] > 0)).all()
    assert (strong10 == (wide["strong10_b"] > 0)).all()


def test_quotients_of_the_us_cluster_mapping_are_of_traded_jobs() -> None:
    # Their national jobs of a cluster are not the sum over the 50 states (the capital is absent, withheld cells are
    # filled in otherwise), so each cluster's quotients are ours times one factor, on the whole close to 1.
    frame = published()
    jobs = frame.pivot_table(index="cluster_name_t", columns="region_name_t", values="emp_tl").fillna(0)
    theirs = frame.pivot_table(index="cluster_name_t", columns="region_name_t", values="lq_tf").reindex_like(jobs)
    ours = pd.DataFrame(location_quotient(jobs.to_numpy(dtype=float)), index=jobs.index, columns=jobs.columns)
    ratio = (ours / theirs).where((ours > 0) & (theirs > 0))
    factor = ratio.median(axis=1)
    assert factor.median() == pytest.approx(1, abs=0.01)
    assert factor.between(0.9, 1.03).all()
    assert ((ratio.div(factor, axis=0) - 1).abs().max(axis=1) < 1e-4).mean() > 0.95


def test_a_cluster_that_one_region_alone_has_is_strong_there() -> None:
    # By hand: the first row is in the second region only; no quartile of others can leave it out.
    strong, strongest = strong_clusters([[0, 9.0], [0.9, 1.1]], [[0, 50], [60, 70]], [[0, 3], [4, 5]])
    assert strong.tolist() == [[False, True], [False, True]]
    assert strongest[0].tolist() == [False, True]
