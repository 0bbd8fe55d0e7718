"""What economists expect of real tables, where these are at hand; the planted clusters of the shipped economy."""

from __future__ import annotations

import json

import pytest

import netcluster as nc
from netcluster.clusters import adjusted_rand, describe, detect
from netcluster_datasets import path
from tests.shared import shared_data


def test_the_clusters_planted_in_the_valley_are_found_and_significant() -> None:
    net = nc.build(nc.read_table(path("valley") / "io_2023.csv"))
    planted = json.loads((path("valley") / "truth.json").read_text(encoding="utf-8"))["clusters"]
    truth = {industry: cluster for cluster, industries in planted.items() for industry in industries}
    part = detect(net, effort="quick")
    frame = part.frame[part.frame["node"].isin(truth)]
    assert adjusted_rand(frame["cluster"], frame["node"].map(truth)) == pytest.approx(1)
    rows = describe(net, part).frame
    found = set(frame["cluster"])
    assert rows.loc[rows["cluster"].isin(found), "significant"].all()
    # Trade was planted in no cluster: it serves all.
    assert not rows.loc[~rows["cluster"].isin(found), "significant"].any()


@pytest.mark.slow
def test_german_cars_stand_with_metals_and_machinery() -> None:
    net = nc.build(nc.read_table(shared_data("wiod16_niot_deu") / "DEU_NIOT_nov16.xlsx", year=2014))
    part = detect(net)
    cluster = dict(zip(part.frame["node"], part.labels, strict=True))
    assert cluster["C29"] == cluster["C28"] == cluster["C24"] == cluster["C25"]
    assert cluster["A01"] == cluster["C10-C12"]
    assert cluster["K64"] == cluster["K65"]
    assert cluster["C29"] != cluster["K64"]
    assert part.summary["significant"] is True


@pytest.mark.slow
def test_the_world_table_falls_into_countries() -> None:
    net = nc.build(nc.read_table(shared_data("wiod13_mrio_2011") / "wiot_2011.parquet"))
    part = detect(net, members=5, noisy=0, null_draws=0)
    assert "clusters_are_regions" in [finding.code for finding in part.findings]
    assert {"USA", "CHN", "JPN"} <= set(part.frame["cluster_name"])
