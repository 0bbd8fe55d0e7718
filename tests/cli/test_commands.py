"""Each command on a shipped table: its first columns, its forms, its files, and the same bytes twice."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from netcluster_cli.main import run
from netcluster_datasets import path as shipped

GERMANY = str(shipped("germany-1995"))

#: The contract: the first columns of each command's table, as the design has them.
COLUMNS = {
    ("sectors",): "region sector name output output_multiplier backward_linkage forward_linkage key_sector",
    ("trace", "--to", "CPA_F"): "path length share",
    ("impact", "--demand", "CPA_F=1000"): "region sector output value_added jobs",
    ("footprint",): "account region sector production consumption",
    ("centrality",): "node strength_in strength_out pagerank betweenness",
    ("clusters",): "node cluster cluster_name stability",
    ("risk", "dependence"): "node side hhi largest_share largest_partner total_hhi own_share",
    ("risk", "exposure"): "node partner face_value total hidden",
}


def table(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    assert run([*arguments, "--quiet"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


@pytest.mark.parametrize("command", COLUMNS, ids=" ".join)
def test_first_columns(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    rows = table([*command, GERMANY], capsys)
    wanted = COLUMNS[command].split()
    assert list(rows[0])[: len(wanted)] == wanted


def test_sectors_are_the_manuals(capsys: pytest.CaptureFixture[str]) -> None:
    # Eurostat manual 2008, the tables that follow 15.4: column sums of the Leontief, row sums of the Ghosh inverse.
    rows = table(["sectors", GERMANY], capsys)
    published = [1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782]
    assert [float(row["output_multiplier"]) for row in rows] == pytest.approx(published, abs=5e-5)
    assert [row["key_sector"] for row in rows] == ["key", "key", "backward", "weak", "forward", "weak"]


def test_impact_of_the_textbook(capsys: pytest.CaptureFixture[str]) -> None:
    # Miller and Blair (2009), chapter 2: final demand 600 and 1500 instead of 350 and 1700 gives 1247.5 and 1841.6.
    two = str(shipped("miller-blair"))
    first, second = (row["sector"] for row in table(["sectors", two], capsys))
    rows = table(["impact", two, "--demand", f"{first}=250", "--demand", f"{second}=-200"], capsys)
    assert [float(row["output"]) for row in rows] == pytest.approx([247.5, -158.4], abs=0.05)


def test_demand_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    programme = tmp_path / "programme.csv"
    programme.write_text("node,amount\nCPA_F,600\nCPA_F,400\n")
    by_file = table(["impact", GERMANY, "--demand", str(programme)], capsys)
    assert by_file == table(["impact", GERMANY, "--demand", "CPA_F=1000"], capsys)
    programme.write_text("node,amount\nCPA_F,much\n")
    assert run(["impact", GERMANY, "--demand", str(programme)]) == 1
    assert "line 2: 'much' in column amount is no number" in capsys.readouterr().err
    assert run(["impact", GERMANY, "--demand", "CPA_F"]) == 1
    assert "NODE=AMOUNT" in capsys.readouterr().err


def test_json_has_provenance_records_findings_and_the_partition(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clusters", GERMANY, "--format", "json", "--quiet"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {"provenance", "records", "findings", "partition"} <= set(document)
    wanted = {"modularity", "null_mean", "null_sd", "z", "p_value", "significant", "resolution", "members"}
    assert wanted <= set(document["partition"])
    assert document["provenance"]["inputs"][0]["name"] == "germany-1995.csv"
    assert document["provenance"]["seed"] == 0


@pytest.mark.parametrize("ending", ["csv", "json", "parquet", "xlsx", "md"])
def test_every_form_twice_has_the_same_bytes(ending: str, tmp_path: Path) -> None:
    one, two = tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"
    for path in (one, two):
        assert run(["sectors", GERMANY, "-o", str(path), "--quiet"]) == 0
    assert one.read_bytes() == two.read_bytes()
    record = json.loads((tmp_path / f"one.{ending}.run.json").read_text(encoding="utf-8"))
    assert {"date", "seconds", "host"} <= set(record)


def test_rerun_gives_the_same_bytes_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import sys
    from unittest.mock import patch

    one = tmp_path / "one.csv"
    arguments = ["sectors", GERMANY, "-o", str(one), "--quiet"]
    with patch.object(sys, "argv", ["netcluster", *arguments]):
        assert run(arguments) == 0
    assert run(["rerun", f"{one}.run.json", "-o", str(tmp_path / "two.csv")]) == 0
    assert "The same bytes" in capsys.readouterr().err
    assert (tmp_path / "two.csv").read_bytes() == one.read_bytes()


def test_rows_are_sorted_cut_and_selected(capsys: pytest.CaptureFixture[str]) -> None:
    rows = table(["sectors", GERMANY, "--sort=-output", "--top", "2", "--select", "sector,output"], capsys)
    assert [list(row.values()) for row in rows] == [["CPA_B-E", "1079446.0"], ["CPA_J-N", "692487.0"]]


def test_settings_flags_beat_the_environment_that_beats_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "run.toml"
    config.write_text("top = 5\n[sectors]\ntop = 4\nselect = 'sector'\n")
    assert len(table(["sectors", GERMANY, "--config", str(config)], capsys)) == 4
    monkeypatch.setenv("NETCLUSTER_SECTORS_TOP", "3")
    assert len(table(["sectors", GERMANY, "--config", str(config)], capsys)) == 3
    assert len(table(["sectors", GERMANY, "--config", str(config), "--top", "1"], capsys)) == 1
    config.write_text("tip = 2\n")
    assert run(["sectors", GERMANY, "--config", str(config)]) == 2
    assert "no option --tip" in capsys.readouterr().err


def test_fail_on_is_three(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["risk", "dependence", GERMANY, "--fail-on", "high", "--quiet"]) == 3
    assert run(["sectors", GERMANY, "--fail-on", "high", "--quiet"]) == 0


def test_an_output_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.csv"
    target.write_text("mine")
    assert run(["sectors", GERMANY, "-o", str(target)]) == 1
    assert target.read_text() == "mine"
    assert run(["sectors", GERMANY, "-o", str(target), "--force", "--quiet"]) == 0


def test_a_cleaned_table_reads_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = table(["sectors", GERMANY], capsys)
    assert run(["table", GERMANY, "-o", str(tmp_path / "tidy.csv"), "--quiet"]) == 0
    capsys.readouterr()
    after = table(["sectors", str(tmp_path / "tidy.csv")], capsys)
    assert after == before


def test_analyze_twice_has_the_same_bytes_but_for_run_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        assert run(["analyze", GERMANY, "-o", str(tmp_path / name), "--effort", "quick", "--quiet"]) == 0
    one = {path.relative_to(tmp_path / "one"): path for path in (tmp_path / "one").rglob("*") if path.is_file()}
    two = {path.relative_to(tmp_path / "two") for path in (tmp_path / "two").rglob("*") if path.is_file()}
    assert set(one) == two
    assert {"report.html", "findings.json", "sectors.csv", "network.graphml"} <= {str(path) for path in one}
    different = [str(path) for path in one if one[path].read_bytes() != (tmp_path / "two" / path).read_bytes()]
    assert different == ["run.json"]
    assert run(["analyze", GERMANY, "-o", str(tmp_path / "one"), "--quiet"]) == 1
    assert "finished run" in capsys.readouterr().err


def test_build_saves_a_network_that_every_command_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net = tmp_path / "net"
    assert run(["build", GERMANY, "-o", str(net), "--quiet"]) == 0
    capsys.readouterr()
    assert table(["centrality", str(net)], capsys) == table(["centrality", GERMANY], capsys)
    assert table(["sectors", str(net)], capsys) == table(["sectors", GERMANY], capsys)
    assert run(["export", str(net), "-o", str(tmp_path / "links.csv"), "--quiet"]) == 0
    links = list(csv.DictReader(io.StringIO((tmp_path / "links.csv").read_text(encoding="utf-8"))))
    assert list(links[0])[:3] == ["source", "target", "weight"]
    assert len(links) == 36


def test_a_scenario_of_a_year_and_of_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = tmp_path / "scenario.csv"
    scenario.write_text("node,remaining,day,until\nCPA_B-E,0.8,1,60\n")
    yearly = {row["node"]: row for row in table(["shock", GERMANY, "--scenario", str(scenario)], capsys)}
    # What the scenario takes is given: a fifth of industry's output of 1,079,446.
    assert float(yearly["CPA_B-E"]["loss"]) == pytest.approx(0.2)
    assert float(yearly["CPA_B-E"]["loss_direct"]) == pytest.approx(215_889.2)
    daily = {
        row["node"]: row
        for row in table(["shock", GERMANY, "--scenario", str(scenario), "--model", "daily", "--days", "90"], capsys)
    }
    assert float(daily["CPA_B-E"]["lowest"]) <= 0.8
    assert run(["shock", GERMANY]) == 2


def test_views_of_sectors(capsys: pytest.CaptureFixture[str]) -> None:
    extraction = table(["sectors", GERMANY, "--show", "extraction"], capsys)
    sectors = table(["sectors", GERMANY], capsys)
    for one, two in zip(extraction, sectors, strict=True):
        assert float(one["extraction_output_loss"]) == pytest.approx(float(two["extraction_output_loss"]))
    multipliers = table(["sectors", GERMANY, "--show", "multipliers", "--multipliers", "EMP"], capsys)
    # Eurostat manual 2008: employment multipliers of the six groups, in thousand persons per million euro.
    published = [0.0326, 0.0162, 0.0207, 0.0237, 0.0112, 0.0242]
    assert [float(row["emp_multiplier"]) for row in multipliers] == pytest.approx(published, abs=5e-5)
    assert all(float(row["emp_multiplier_ii"]) > float(row["emp_multiplier"]) for row in multipliers)


@pytest.mark.parametrize("years", ["all", "2021-2023", "2021,2022,2023"])
def test_years_of_trade_are_those_of_each_year_alone(years: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["centrality", str(shipped("trade")), "--region", "Aldany,Caldera"]
    alone = [
        {"year": year, **row} for year in ("2021", "2022", "2023") for row in table([*command, "--year", year], capsys)
    ]
    assert [row["node"] for row in alone] == ["Aldany", "Caldera"] * 3
    assert table([*command, "--year", years], capsys) == alone


@pytest.mark.parametrize("command", ["analyze", "build", "export"])
def test_a_command_of_one_year_says_so(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "out.csv")
    assert run([command, str(shipped("trade")), "--year", "2021-2023", "-o", out]) == 1
    assert f"{command} takes one year; --year 2021-2023 gives 3." in capsys.readouterr().err


def test_a_table_that_says_no_year_stands_once_in_a_span(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "exports.csv").write_text("country,product,value\na,x,3\na,y,1\nb,x,1\nb,y,3\n")
    command = ["complexity", str(tmp_path / "exports.csv")]
    assert table([*command, "--year", "1999-2000"], capsys) == table(command, capsys)
