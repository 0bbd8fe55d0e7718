"""The analysis finds what was planted in the demo economy, and puts it first of its kind.

Expected subjects come from truth.json, which the generator counts from the economy it made and
tests/datasets/test_valley.py recounts from the files.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from netcluster.core.finding import Finding, rank
from netcluster.network.open import open_inputs
from netcluster.study.analyze import study
from netcluster.study.folder import Study
from netcluster_datasets import path

TRUTH: dict[str, Any] = json.loads((path("valley") / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def valley() -> Study:
    return study(open_inputs(path("valley")), effort="quick")


def findings(valley: Study) -> list[Finding]:
    return rank(finding for section in valley.sections for finding in section.result.findings)


def first(valley: Study, code: str) -> Finding:
    return next(finding for finding in findings(valley) if finding.code == code)


def frame(valley: Study, file: str) -> Any:
    return next(section.result.frame for section in valley.sections if section.file == file)


def test_the_study_is_of_the_whole_economy(valley: Study) -> None:
    assert valley.title.startswith("valley, 2023")
    assert valley.bundle.io is not None
    assert valley.bundle.io.x.sum() == TRUTH["totals"]["output"]
    assert valley.network is not None
    assert valley.network.layers["firm_supply"].links == TRUTH["totals"]["supply_links"]


def test_each_planted_cluster_is_found_whole_and_apart(valley: Study) -> None:
    clusters = frame(valley, "clusters.csv").set_index("node")["cluster"]
    found = {name: set(clusters[members]) for name, members in TRUTH["clusters"].items()}
    assert all(len(numbers) == 1 for numbers in found.values()), found
    assert len(set.union(*found.values())) == len(found)


def test_the_technology_cluster_is_the_largest_and_heads_the_clusters(valley: Study) -> None:
    clusters = frame(valley, "clusters.csv").set_index("node")["cluster"]
    assert set(clusters[TRUTH["clusters"]["technology"]]) == {1}
    assert "Electronic components" in first(valley, "closed_cluster").subject


def test_the_single_supplier_comes_first_of_all(valley: Study) -> None:
    head = findings(valley)[0]
    assert head.code == "sole_seller"
    assert head.subject == TRUTH["single_supplier_input"]["input"]
    assert head.severity == "high"


def test_the_region_that_lives_on_one_industry_comes_first_of_regions(valley: Study) -> None:
    planted = TRUTH["one_industry_region"]
    head = next(finding for finding in findings(valley) if finding.subject_kind == "region")
    assert (head.subject, head.severity) == (planted["region"], "high")
    assert head.evidence[0]["partner"] == planted["industry"]
    assert head.evidence[0]["share"] == pytest.approx(planted["share_of_jobs"], abs=1e-6)
    regions = frame(valley, "region_dependence.csv").set_index("node")["hhi"]
    assert regions.idxmax() == planted["region"]
    assert regions.max() == pytest.approx(planted["hhi"], abs=1e-6)


def test_the_dominated_industry_comes_first_of_those(valley: Study) -> None:
    head = first(valley, "dominant_firm")
    assert (head.subject, head.severity) == (TRUTH["dominated_industry"]["industry"], "high")
    assert head.evidence[0]["firm"] == TRUTH["dominated_industry"]["firm"]


def test_the_region_left_behind_comes_first_of_those(valley: Study) -> None:
    planted = TRUTH["region_left_behind"]
    head = first(valley, "left_behind")
    assert (head.subject, head.severity) == (planted["region"], "high")
    relative = planted["value_added_per_job"] / planted["value_added_per_job_of_country"]
    assert head.value == pytest.approx(relative, abs=1e-5)


def test_what_was_planted_heads_the_findings_and_nothing_else_comes_between(valley: Study) -> None:
    planted = [
        ("sole_seller", TRUTH["single_supplier_input"]["input"]),
        ("single_partner_jobs", TRUTH["one_industry_region"]["region"]),
        ("left_behind", TRUTH["region_left_behind"]["region"]),
        ("dominant_firm", TRUTH["dominated_industry"]["industry"]),
    ]
    head = findings(valley)[: len(planted)]
    assert [(finding.code, finding.subject) for finding in head] == planted
    # That a cluster holds together is a position and no danger.
    closed = [finding for finding in findings(valley) if finding.code == "closed_cluster"]
    assert len(closed) == len(TRUTH["clusters"])
    assert {finding.severity for finding in closed} == {"low"}
