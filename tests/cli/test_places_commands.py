"""`regions` and `complexity` on the shipped economy: first columns as the design has them, side files, errors."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from netcluster_cli.main import run
from netcluster_datasets import path as shipped

JOBS = str(shipped("valley") / "employment.csv")
COLUMNS = {
    ("regions",): "region industry employment location_quotient share_of_region strong_cluster",
    ("regions", "--show", "regions"): "region employment industries krugman",
    ("regions", "--show", "industries"): "industry employment regions locational_gini",
    ("regions", "--show", "pairs-of-industries"): "industry other coagglomeration",
    ("complexity",): "exporter product value rca density eci pci",
}


def table(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    assert run([*arguments, "--quiet"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


@pytest.mark.parametrize("command", COLUMNS, ids=" ".join)
def test_first_columns(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    rows = table([*command, JOBS], capsys)
    wanted = COLUMNS[command].split()
    assert list(rows[0])[: len(wanted)] == wanted


def test_a_definition_and_a_map_lead_to_the_same_planted_cluster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = ("C20B", "C26A", "C26B", "C26C", "C32", "J62", "J63", "M72")
    definition, mapping = tmp_path / "clusters.csv", tmp_path / "map.csv"
    definition.write_text("industry,cluster\n" + "".join(f"{code},technology\n" for code in codes))
    mapping.write_text("from,to,weight\n" + "".join(f"{code},technology,1\n" for code in codes))
    by_definition = table(["regions", JOBS, "--definition", str(definition), "--region", "V02"], capsys)
    assert [row["strong_cluster"] for row in by_definition] == ["True"]
    by_map = table(["regions", JOBS, "--map", str(mapping), "--region", "V02"], capsys)
    assert by_map[0]["employment"] == by_definition[0]["employment"]


@pytest.mark.parametrize("command", ["regions", "complexity"])
def test_a_table_of_another_kind_is_two_lines(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, str(shipped("miller-blair"))]) == 1
    error = capsys.readouterr().err.strip().splitlines()
    assert error[-2].startswith("Error: There are no ")
    assert error[-1].startswith("Hint: ")
