"""`netcluster clusters` and `compare --what clusters`: what each option gives, on the made-up economy and by hand."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from netcluster_cli.main import run
from netcluster_datasets import path as shipped

VALLEY = Path(shipped("valley"))
TABLE = str(VALLEY / "io_2023.csv")
QUICK = ("--effort", "quick", "--quiet")


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    assert run(["clusters", *arguments, *QUICK]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_the_scorecard_of_the_whole_economy_is_of_its_industries(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, str(VALLEY), "--show", "clusters", "--since", "2021")
    assert [row["main_region"] for row in found][:1] == ["V02"]  # where the technology valley was planted
    assert len(found) == 7
    assert all(row[column] for row in found for column in ("location_quotient", "covered", "jobs_growth", "cr4"))
    assert all(row["occupation_similarity"] == "" for row in found)


def test_claims_the_long_way_and_what_they_need(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, TABLE, "--show", "claims")
    assert list(found[0])[:5] == ["cluster", "claim", "measure", "figure", "whole"]
    assert {row["needs"] for row in found if row["measure"] == "jobs_growth"} == {
        "an earlier year of the same input: --since YEAR"
    }
    assert run(["clusters", TABLE, "--show", "claims", "--effort", "quick"]) == 0
    said = capsys.readouterr().err
    assert "Not scored: Labour pooling and skills. Needs jobs by occupation; give --occupations FILE" in said


def test_occupations_fill_their_claim(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "occupations.csv"
    file.write_text(
        "industry,occupation,value\nC26A,engineer,60\nC26A,clerk,40\nC26B,engineer,60\nC26B,clerk,40\nA01,farmer,9\n"
    )
    found = rows(capsys, TABLE, "--show", "clusters", "--occupations", str(file))
    first = next(row for row in found if "Electronic" in row["cluster_name"])
    # Two industries alike in all: a correlation of 1.
    assert float(first["occupation_similarity"]) == pytest.approx(1)
    assert first["main_occupation"] in ("clerk", "engineer")


def test_firms_are_searched_by_their_own_layers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    links = tmp_path / "links.csv"
    pairs = [(one, other) for group in ("abcd", "efgh") for one in group for other in group if one < other]
    lines = [f"{one},{other},1,{layer}" for layer in ("labour", "project") for one, other in pairs]
    links.write_text("\n".join(["source,target,weight,layer", *lines, "a,e,0.1,labour"]) + "\n")
    for layer in ("labour", "labour=2,project=1", "labour,project"):
        found = rows(capsys, str(links), "--layer", layer)
        assert {row["node"]: row["cluster"] for row in found}["a"] == next(
            r["cluster"] for r in found if r["node"] == "d"
        )
        assert len({row["cluster"] for row in found}) == 2


def test_supply_beside_layers_of_firms_is_that_between_firms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A table, and firms of its two industries in two planted groups that trade and work together.
    flows = "industry,i,j,demand,output\ni,1,2,97,100\nj,3,1,96,100\nvalue_added,96,97,,\n"
    (tmp_path / "io.csv").write_text(flows)
    groups = ("abcd", "efgh")
    pairs = [(one, other) for group in groups for one in group for other in group if one != other]
    lines = [f"{one},{other},1,{layer}" for layer in ("supply", "project") for one, other in pairs]
    (tmp_path / "links.csv").write_text("\n".join(["source,target,weight,layer", *lines]) + "\n")
    (tmp_path / "firms.csv").write_text("id,industry\n" + "".join(f"{firm},i\n" for firm in "abcdefgh"))
    inputs = [str(tmp_path / name) for name in ("io.csv", "firms.csv", "links.csv")]
    for layers in ("supply,project", "firm_supply=2,project"):
        found = {row["node"]: row["cluster"] for row in rows(capsys, *inputs, "--layer", layers)}
        assert len({found[firm] for firm in "abcd"}) == len({found[firm] for firm in "efgh"}) == 1
        assert found["a"] != found["e"]
    assert {row["node"] for row in rows(capsys, *inputs, "--layer", "supply")} == {"i", "j"}


@pytest.mark.parametrize("head", ["node", "industry"])
def test_given_clusters_by_node_and_by_industry(head: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "clusters.csv"
    file.write_text(f"{head},cluster\nA01,food\nC10A,food\nC24,metal\nC25,metal\n")
    found = rows(capsys, TABLE, "--partition", str(file))
    cluster = {row["node"]: row["cluster_name"] for row in found}
    assert (cluster["A01"], cluster["C10A"], cluster["C25"]) == ("food", "food", "metal")


def test_a_column_is_a_partition_too_and_another_word_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, TABLE, "--partition", "industry", "--top", "2")
    assert {row["cluster_name"] for row in found} == {"A01", "A02"}
    assert run(["clusters", TABLE, "--partition", "nonsense", *QUICK]) == 1
    assert "neither a file nor a column" in capsys.readouterr().err


def test_clusters_keep_their_line_through_the_years(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, str(VALLEY), "--year", "2022-2023")
    assert next(iter(found[0])) == "year"
    lines = {(row["year"], row["node"]): row["lineage"] for row in found}
    # The machines are one cluster in both years.
    assert lines["2022", "C28"] == lines["2023", "C28"] == lines["2023", "C25"]


def test_nested_clusters(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, TABLE, "--show", "levels")
    assert {"cluster_2", "cluster_5", "name_5"} <= set(found[0])


def test_compare_says_what_became_of_each_cluster(capsys: pytest.CaptureFixture[str]) -> None:
    two = [str(VALLEY / "io_2021.csv"), TABLE]
    assert run(["compare", *two, "--what", "clusters", *QUICK]) == 0
    found = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["event"] for row in found} <= {"kept", "split", "merged", "born", "gone", "split off"}
    assert found[0]["event"] == "kept"


def test_json_holds_the_partition(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clusters", TABLE, "--show", "clusters", "--format", "json", *QUICK]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {"modularity", "null_mean", "null_sd", "z", "p_value", "significant", "members"} <= set(
        document["partition"]
    )


def test_weights_of_layers_that_are_none_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clusters", TABLE, "--layer", "supply=much,project", *QUICK]) == 2
    assert "supply=2,project=1" in capsys.readouterr().err
