"""`centrality --show …` on the shipped economy and on small files: columns, groups, levels, errors; figures by hand."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from netcluster_cli.main import run
from netcluster_datasets import path as shipped

COLUMNS = {
    "nodes": "node strength_in strength_out pagerank betweenness",
    "brokers": "node coordinator gatekeeper representative consultant liaison brokerage constraint effective_size",
    "institutions": "node role reach reach_two reach_share groups_reached sole_reach sole_reach_two sole_share pieces",
    "coverage": "group members institutions covered covered_two covered_size institution_distance unreached",
    "suggestions": "firm institution role gain gain_size group group_ties reason",
}


def table(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    assert run(["centrality", *arguments, "--quiet"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


@pytest.fixture(scope="module")
def economy(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two firms of A work with the university, one of them supplies the third firm, of B; S stands alone in it."""
    folder = tmp_path_factory.mktemp("economy")
    (folder / "firms.csv").write_text(
        "id,role,industry,region,size\na,manufacturer,A,north,10\nb,supplier,A,north,20\nc,supplier,B,south,30\n"
        "u,university,P85,north,5\n"
    )
    (folder / "links.csv").write_text("source,target,weight,layer\na,u,1,project\nb,u,1,project\nb,c,9,supply\n")
    return [str(folder / "firms.csv"), str(folder / "links.csv")]


@pytest.mark.parametrize("show", COLUMNS)
def test_first_columns(show: str, economy: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    rows = table([*economy, "--show", show], capsys)
    wanted = COLUMNS[show].split()
    assert list(rows[0])[: len(wanted)] == wanted


def test_coverage_by_regions_by_hand(economy: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    north, south = table([*economy, "--show", "coverage"], capsys)
    assert (north["members"], north["covered"], north["institutions"]) == ("2", "1.0", "1")
    assert (south["covered"], south["unreached"]) == ("0.0", "1")
    # Over supply too, c is two links from u by way of b.
    _, south = table([*economy, "--show", "coverage", "--layer", "project,supply"], capsys)
    assert (south["covered_two"], south["institution_distance"]) == ("1.0", "2.0")


def test_a_partition_of_industries_names_their_firms(
    economy: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    partition = tmp_path / "clusters.csv"
    partition.write_text("node,cluster\nA,machines\nB,services\n")
    rows = table([*economy, "--show", "coverage", "--partition", str(partition)], capsys)
    assert [(row["group"], row["members"]) for row in rows] == [("machines", "2"), ("services", "1")]
    partition.write_text("node,cluster\nX,machines\n")
    assert run(["centrality", *economy, "--show", "coverage", "--partition", str(partition)]) == 1
    assert "No node of the network is in a cluster" in capsys.readouterr().err


def test_more_centralities_and_a_sample(economy: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    rows = table([*economy, "--more"], capsys)
    more = ["katz", "eigenvector", "hub", "authority", "closeness", "closeness_error", "core_number"]
    assert list(rows[0])[-9:] == [*more, "label", "shell"]
    assert run(["centrality", *economy, "--sample", "2"]) == 0
    assert "Betweenness stands on 2 of 4 start nodes" in capsys.readouterr().err


def test_the_institutions_inside_a_table_are_proxies_and_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    source = str(shipped("valley") / "io_2023.csv")
    assert run(["centrality", source, "--show", "institutions"]) == 0
    out, err = capsys.readouterr()
    roles = {row["node"]: row["role"] for row in csv.DictReader(io.StringIO(out))}
    banks = dict.fromkeys(["K64", "K65", "K66"], "bank")
    assert roles == {**banks, "M72": "research", "O84": "government", "P85": "university", "S94": "association"}
    assert "stand for institutions and service providers (proxies)" in err


def test_wrong_requests_are_errors(economy: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["centrality", *economy, "--layer", "project,supply"]) == 2
    assert "never added up" in capsys.readouterr().err
    assert run(["centrality", economy[1], "--show", "institutions"]) == 1
    assert "There are no institutions in the network" in capsys.readouterr().err
