"""`regions` and `complexity` on the shipped economy: first columns as the design has them, side files, errors."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from netcluster_cli.main import run
from netcluster_datasets import path as shipped

JOBS, FIRMS = (str(shipped("valley") / name) for name in ("employment.csv", "firms.csv"))
YEARS = ["--between", "2021", "2023"]
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


VIEWS = {
    "families": (["--counts", "6"], [JOBS], "industry cluster within_relatedness"),
    "shift-share": (YEARS, [JOBS], "region industry employment_before employment_after change national_share"),
    "change": (YEARS, [JOBS], "region industry quotient_before quotient_after density_before"),
    "entry": (YEARS, [JOBS], "event cases events event_rate density_effect"),
    "distances": (["--draws", "39", "--industry", "C26A"], [FIRMS], "distance k_density lower upper localised"),
}


@pytest.mark.parametrize("show", VIEWS)
def test_first_columns_of_each_view(show: str, capsys: pytest.CaptureFixture[str]) -> None:
    options, inputs, columns = VIEWS[show]
    rows = table(["regions", *inputs, "--show", show, *options], capsys)
    assert list(rows[0])[: len(columns.split())] == columns.split()


def test_families_are_a_definition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "families.csv"
    assert run(["regions", JOBS, "--show", "families", "--counts", "6", "-o", str(file), "-q"]) == 0
    rows = table(["regions", JOBS, "--definition", str(file)], capsys)
    assert {row["industry"] for row in rows} <= set("123456")


@pytest.mark.parametrize("form", ["classical", "esteban-marquillas", "arcelus", "dynamic"])
def test_the_parts_of_every_form_add_up(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = table(["regions", JOBS, "--show", "shift-share", "--form", form, *YEARS], capsys)
    parts = list(rows[0])[5:]
    for row in rows[::25]:
        assert sum(float(row[part]) for part in parts) == pytest.approx(float(row["change"]), abs=1e-9)


def test_two_inputs_stand_for_two_years(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / "old.csv", tmp_path / "new.csv"]
    files[0].write_text("region,industry,employment\nN,a,90\nN,b,10\nS,a,10\nS,b,90\n")
    files[1].write_text("region,industry,employment\nN,a,10\nN,b,90\nS,a,90\nS,b,10\n")
    rows = table(["regions", *map(str, files), "--show", "change"], capsys)
    assert [row["event"] for row in rows] == ["exit", "entry", "entry", "exit"]


def test_occupations_are_a_column_of_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "occupations.csv"
    file.write_text("industry,occupation,value\nC26A,engineer,5\nC26B,engineer,9\nG47,clerk,7\nC26A,clerk,1\n")
    rows = table(["regions", JOBS, "--show", "pairs-of-industries", "--occupations", str(file)], capsys)
    found = {(row["industry"], row["other"]): float(row["occupation_correlation"]) for row in rows}
    assert (found["C26A", "C26B"], found["C26A", "G47"]) == (1.0, -1.0)


def test_neighbours_come_from_firms_or_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("esda")
    by_firms = table(["regions", JOBS, FIRMS, "--show", "autocorrelation", "--nearest", "3"], capsys)
    assert list(by_firms[0])[:3] == ["industry", "employment", "morans_i"]
    file = tmp_path / "ring.csv"
    ring = [f"V{k:02d}" for k in range(1, 13)]
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    file.write_text("region,neighbour\n" + "".join(f"{a},{b}\n" for a, b in pairs))
    spots = table(
        ["regions", JOBS, "--show", "autocorrelation", "--neighbours", str(file), "--industry", "J62"], capsys
    )
    assert len(spots) == 12


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([JOBS, "--show", "change"], 2, "needs --between FIRST LAST"),
        ([JOBS, "--show", "change", "--between", "2023", "2021"], 2, "the first year comes first"),
        ([JOBS, *YEARS], 2, "--between goes with --show"),
        ([JOBS, "--show", "change", "--between", "1999", "2023"], 1, "no year 1999"),
        ([JOBS, "--show", "autocorrelation"], 1, "Nothing tells which regions are neighbours"),
        ([FIRMS, "--show", "distances", "--measure", "m"], 2, "needs --industry"),
        ([JOBS, "--show", "families", "--counts", "six"], 2, "takes numbers"),
    ],
)
def test_what_is_missing_is_said(
    arguments: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["regions", *arguments]) == code
    assert message in capsys.readouterr().err
