"""`netcluster shock` on a table and on firms: scenarios, closed borders, days, chance and sweeps, by hand."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from netcluster_cli.main import run
from netcluster_datasets import path


def rows(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    assert run([*arguments, "--quiet"]) == 0, capsys.readouterr().err
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


@pytest.fixture
def firms(tmp_path: Path) -> list[str]:
    (tmp_path / "links.csv").write_text("source,target,weight\na,b,73\nb,c,73\n")
    listed = ["id,industry,revenue,costs", "a,x,73,0", "b,y,146,73", "c,z,365,73"]
    (tmp_path / "firms.csv").write_text("\n".join(listed) + "\n")
    return [str(tmp_path / "links.csv"), str(tmp_path / "firms.csv")]


def scenario(folder: Path, *lines: str) -> list[str]:
    file = folder / "scenario.csv"
    file.write_text("\n".join(lines) + "\n")
    return ["--scenario", str(file)]


def test_firms_day_by_day(firms: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # b needs a: with 10 days of stock it makes less from the third day on (stock below 0.8 of 10 days).
    chosen = ["shock", *firms, *scenario(tmp_path, "node,remaining,day,until", "a,0,1,20"), "--model", "daily"]
    short = ["--inventory-days", "10", "--restore-days", "10"]
    nodes = rows([*chosen, *short, "--days", "60"], capsys)
    assert [row["node"] for row in nodes] == ["a", "b", "c"]
    assert float(nodes[0]["lowest"]) == 0.0
    assert float(nodes[1]["lowest"]) < 0.5
    days = rows([*chosen, *short, "--days", "60", "--show", "days"], capsys)
    assert len(days) == 61
    # Of 584 a year in all a makes 73.
    assert float(days[1]["production"]) == pytest.approx(1 - 73 / 584)
    cascade = rows(["shock", *firms, *scenario(tmp_path, "node,remaining", "a,0")], capsys)
    assert [row["tier"] for row in cascade] == ["0", "1", "2"]
    assert run(["shock", *firms, *scenario(tmp_path, "node,remaining", "a,0"), "--model", "ghosh"]) == 2


def test_chance_and_one_draw_of_it(firms: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hazards = tmp_path / "hazards.csv"
    hazards.write_text("node,probability,remaining\na,0.5,0\nc,0.1,0.5\n")
    chosen = ["shock", *firms, "--hazards", str(hazards), "--draws", "40", "--seed", "3"]
    draws = rows([*chosen, "--show", "draws"], capsys)
    figures = {row["measure"]: float(row["figure"]) for row in rows([*chosen, "--show", "distribution"], capsys)}
    losses = [float(row["loss"]) for row in draws]
    # By hand: the worst 5 % of 40 draws are two.
    worst = sorted(losses)[-2:]
    assert figures["mean_loss"] == pytest.approx(sum(losses) / 40)
    assert (figures["value_at_risk"], figures["expected_shortfall"]) == pytest.approx((worst[0], sum(worst) / 2))
    hit = next(row for row in draws if row["nodes"] == "a")
    again = rows([*chosen, "--draw", hit["draw"]], capsys)
    assert sum(float(row["loss"]) * float(row["sales_share"]) for row in again) == pytest.approx(float(hit["loss"]))


def test_a_table_swept_and_cut(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, sweep = tmp_path / "table.csv", tmp_path / "sweep.csv"
    table.write_text("code,x,y,demand,TOTAL\nx,0,50,50,100\ny,0,0,100,100\n")
    sweep.write_text("scenario,node,amount\none,y,-10\n")
    # y asks x for half of what it makes: 10 less of y is 5 less of x.
    found = rows(["shock", str(table), "--sweep", str(sweep), "--final-demand", "demand"], capsys)
    assert float(found[0]["loss_amount"]) == pytest.approx(15.0)
    cut = rows(["shock", str(table), *scenario(tmp_path, "node,remaining", "x>y,0.2")], capsys)
    assert [float(row["loss_amount"]) for row in cut] == pytest.approx([40.0, 0.0])
    assert run(["shock", str(table)]) == 2


def test_a_percentage_is_not_taken_for_a_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shock", str(path("miller-blair")), *scenario(tmp_path, "node,remaining", "1,80"), "--quiet"]) == 1
    assert "would keep 80" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("node,remaining,day,until", "a,0,1.5,20"), "line 2: day is 1.5"),
        (("node,remaining,day,until,recovery,rebuild", "a,0,1,20,0,100"), "line 2: rebuild is 100"),
    ],
)
def test_days_in_parts_and_a_rebuild_by_amount_are_refused(
    firms: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: tuple[str, ...], said: str
) -> None:
    assert run(["shock", *firms, *scenario(tmp_path, *lines), "--model", "daily"]) == 1
    assert said in capsys.readouterr().err


def test_a_list_of_firms_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "links.csv").write_text("source,target,weight\na,b,73\nb,c,73\n")
    (tmp_path / "list.csv").write_text("code,name\na,A\nb,B\n")
    arguments = ["risk", "cascade", str(tmp_path / "links.csv"), "--firms", str(tmp_path / "list.csv")]
    assert run(arguments) == 1
    assert "list.csv holds no list of firms" in capsys.readouterr().err
