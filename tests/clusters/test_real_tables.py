"""What economists expect of real tables, where these are at hand; the planted clusters of the shipped economy."""

from __future__ import annotations

import json

import pytest

import netcluster as nc
from netcluster.clusters import adjusted_rand, describe, detect, hierarchy
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


def _five(folder: str, file: str) -> dict[str, int]:
    net = nc.build(nc.read_table(shared_data(folder) / file, year=2014))
    frame = hierarchy(net, counts=(5,)).frame
    return dict(zip(frame["node"], frame["cluster_5"], strict=True))


@pytest.mark.slow
def test_three_of_mcnerneys_five_groups_stand_in_germany() -> None:
    # McNerney, Fath and Silverberg (2013) find food, chemicals, manufacturing, services and extraction at the top of
    # twenty national tables. In Germany three of them are there; chemicals and mining make no group of their own.
    group = _five("wiod16_niot_deu", "DEU_NIOT_nov16.xlsx")
    food, manufacturing, services = group["C10-C12"], group["C28"], group["K64"]
    assert len({food, manufacturing, services, group["C20"]}) == 4
    assert group["A01"] == food
    assert {group[node] for node in ("C24", "C25", "C29", "C30")} == {manufacturing}
    assert {group[node] for node in ("L68", "M69_M70", "J62_J63", "N")} == {services}
    assert group["C20"] == group["B"] == group["H49"] == group["C13-C15"]


@pytest.mark.slow
def test_two_of_mcnerneys_five_groups_stand_in_korea() -> None:
    group = _five("wiod16_niot_kor", "KOR_NIOT_nov16.xlsx")
    assert group["C24"] == group["C25"] == group["C28"] == group["C29"]
    # Chemicals hold mining, and the fuels made of what is imported.
    assert group["C20"] == group["C19"] == group["B"]
    # Food has not parted from services, while electronics and textiles stand apart.
    assert group["C10-C12"] == group["A01"] == group["K64"]
    assert len({group["C24"], group["C20"], group["C10-C12"], group["C26"], group["C13-C15"]}) == 5
