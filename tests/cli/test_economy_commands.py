"""What `table` and `trace` do beside their main view: constant prices, imports taken out, chains that pass a region."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from netcluster.tables.read import read_table
from netcluster_cli.main import run
from netcluster_datasets import path as shipped
from tests.shared import shared_data

GERMANY = str(shipped("germany-1995"))
CODES = ("CPA_A", "CPA_B-E", "CPA_F", "CPA_G-I", "CPA_J-N", "CPA_O-T")
THREE = """block,row,row_region,row_name,column,column_region,column_name,value
intermediate,parts,A,parts,work,B,work,1
intermediate,work,B,work,goods,A,goods,1
final_demand,goods,A,goods,final,A,final,1
value_added,pay,,pay,parts,A,parts,1
output,output,,output,parts,A,parts,1
output,output,,output,work,B,work,1
output,output,,output,goods,A,goods,1
"""


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    assert run([*arguments, "--quiet"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_a_table_at_double_prices_is_half(tmp_path: Path) -> None:
    prices, out = tmp_path / "prices.csv", tmp_path / "real.csv"
    prices.write_text("node,price\n" + "".join(f"{code},2\n" for code in CODES))
    assert run(["table", GERMANY, "--deflate", str(prices), "-o", str(out), "-q"]) == 0
    assert read_table(out).x == pytest.approx(read_table(GERMANY).x / 2)


def test_a_price_that_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text("node,price\nCPA_A,1.1\n")
    assert run(["table", GERMANY, "--deflate", str(prices)]) == 1
    assert "5 sectors have no price" in capsys.readouterr().err


def test_imports_taken_out_of_total_flows_come_close_to_the_published_split(tmp_path: Path) -> None:
    # WIOD publishes Germany's domestic flows too: their sum is what is left, within 3 %.
    file, out = shared_data("wiod16_niot_deu") / "DEU_NIOT_nov16.xlsx", tmp_path / "domestic.csv"
    assert run(["table", str(file), "--year", "2014", "--origin", "total", "--domestic", "-o", str(out), "-q"]) == 0
    assert read_table(out).Z.sum() == pytest.approx(read_table(file, year=2014).Z.sum(), rel=0.03)


def test_domestic_flows_have_no_imports_to_take_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["table", str(shipped("miller-blair")), "--domestic"]) == 1
    assert "domestic flows already" in capsys.readouterr().err


def test_paths_that_leave_and_come_back_pass_home_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Parts go from A to B and come back as goods: by hand A is entered twice, B once.
    world = tmp_path / "world.csv"
    world.write_text(THREE)
    rows = printed(["trace", str(world), "--passes", "--account", "output"], capsys)
    found = {row["partner"]: float(row["passes"]) for row in rows if row["node"] == "A"}
    # Output arises at each of the three stages, so that chains of one, two and three stages weigh a third each:
    # A is entered once, once and twice; B never, once and once.
    assert found == pytest.approx({"A": 4 / 3, "B": 2 / 3})
    one = printed(["trace", str(world), "--passes", "--account", "output", "--to", "A", "--from", "B"], capsys)
    assert [(row["node"], row["partner"]) for row in one] == [("A", "B")]


def test_views_that_exclude_each_other_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", GERMANY, "--passes", "--lengths"]) == 2
    assert "ask for one" in capsys.readouterr().err
