"""The first columns of the commands on firms, jobs and trade, as the design has them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from netcluster_cli.main import run
from netcluster_datasets import path as shipped

VALLEY = Path(shipped("valley"))
FIRMS, LINKS, JOBS = (str(VALLEY / name) for name in ("firms.csv", "links.csv", "employment.csv"))
IO_2021, IO_2023, REGIONS = (str(VALLEY / name) for name in ("io_2021.csv", "io_2023.csv", "regions.csv"))

COLUMNS = {
    ("risk", "dominance", FIRMS): "group firms cr1 cr4 hhi largest",
    ("risk", "disparity", REGIONS, "--value", "value_added", "--weight", "jobs"): "measure total within between",
    ("risk", "suppliers", LINKS, FIRMS): "buyer input suppliers largest_share bridge substitutes",
    ("risk", "cascade", LINKS, "--firms", FIRMS, "--sample", "5"): "firm esri esri_downstream esri_upstream iterations",
    ("regions", JOBS): "region industry employment location_quotient share_of_region strong_cluster",
    ("compare", IO_2021, IO_2023): "kind subject before after",
}


def rows(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    assert run([*arguments, "--quiet"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


@pytest.mark.parametrize("command", COLUMNS, ids=lambda command: " ".join(command[:2]))
def test_first_columns(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    wanted = COLUMNS[command].split()
    assert list(rows(list(command), capsys)[0])[: len(wanted)] == wanted


@pytest.fixture
def trade(tmp_path: Path) -> str:
    table = tmp_path / "trade.csv"
    lines = ["year,exporter,importer,product,value,quantity"]
    for year in (2019, 2020):
        for importer in ("AUT", "BEL", "CZE"):
            for exporter, value in (("DEU", 60), ("FRA", 30), ("USA", 10)):
                lines.append(f"{year},{exporter},{importer},2709,{value},1")
                lines.append(f"{year},{exporter},{importer},0101,{value if exporter == 'DEU' else 1},1")
        lines += [f"{year},AUT,DEU,0101,5,1", f"{year},BEL,FRA,2709,7,1", f"{year},CZE,USA,0101,3,1"]
    table.write_text("\n".join(lines) + "\n")
    return str(table)


def test_trade_by_hand(trade: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(["risk", "trade", trade, "--region", "AUT"], capsys)
    wanted = "importer product year imports hhi largest_share largest_partner cdi1 cdi2 cdi3 dependent years_flagged"
    assert list(found[0])[:12] == wanted.split()
    oil = next(row for row in found if row["product"] == "2709")
    # By hand: 60, 30 and 10 of 100, so HHI = 0.36 + 0.09 + 0.01; the latest year is taken.
    assert (oil["importer"], oil["year"], oil["largest_partner"]) == ("AUT", "2020", "DEU")
    assert float(oil["imports"]) == 100
    assert float(oil["hhi"]) == pytest.approx(0.46)
    both = rows(["risk", "trade", trade, "--region", "AUT", "--year", "2019-2020"], capsys)
    assert {row["year"] for row in both} == {"2019", "2020"}


def test_importers_as_one_by_a_file_of_members(trade: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = tmp_path / "eu.csv"
    members.write_text("country\nAUT\nBEL\nCZE\nDEU\nFRA\n")
    found = rows(["risk", "trade", trade, "--region", f"EU={members}"], capsys)
    oil = next(row for row in found if row["product"] == "2709")
    # Outside the members only the USA delivers oil, 10 to each of three; all imports are 3 · 100 + 7.
    assert oil["importer"] == "EU"
    assert float(oil["hhi"]) == pytest.approx(1.0)
    assert float(oil["imports"]) == pytest.approx(307)
    assert float(oil["cdi2"]) == pytest.approx(30 / 307)


def test_complexity_and_a_network_of_countries(trade: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(["complexity", trade], capsys)
    assert list(found[0])[:7] == ["exporter", "product", "value", "rca", "density", "eci", "pci"]
    assert run(["build", trade, "-o", str(tmp_path / "net"), "--quiet"]) == 0
    strengths = {row["node"]: row for row in rows(["centrality", str(tmp_path / "net")], capsys)}
    # By hand, in the latest year: three buyers of oil for 60 each and of horses for 60 each.
    assert float(strengths["DEU"]["strength_out"]) == 360
