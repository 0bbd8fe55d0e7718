"""The made-up trade: written anew byte for byte, and what is planted in it is found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import netcluster_datasets as datasets
from netcluster.network.open import open_inputs
from netcluster.risk import trade
from netcluster_datasets.trade.generate import generate

FOLDER = datasets.path("trade")
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))


def members(name: str) -> list[str]:
    return list(pd.read_csv(FOLDER / name)["country"])


def found(**options: Any) -> Any:
    table: Any = open_inputs([str(FOLDER)]).need("trade")
    return trade(table, **options)


def test_files_are_those_of_the_generator(tmp_path: Path) -> None:
    for name, text in generate().items():
        assert (FOLDER / name).read_bytes() == text.encode(), name
    command = [sys.executable, "-m", "netcluster_datasets.trade", str(tmp_path), "--seed", "7"]
    subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "trade.csv").read_text() != (FOLDER / "trade.csv").read_text()
    assert (FOLDER / "trade.csv").stat().st_size < 500_000


def test_every_finding_is_a_planted_one() -> None:
    result = found()
    world, one, brief = TRUTH["world_depends"], TRUTH["country_depends"], TRUTH["one_year_only"]
    planted = {f"{one['importer']} {one['product']}", f"{brief['importer']} {brief['product']}"}
    planted |= {f"{member} {TRUTH['league_depends']['product']}" for member in members("league.csv")}
    others = {row for row in result.frame["importer"] if row != world["exporter"]}
    planted |= {f"{importer} {world['product']}" for importer in others}
    told = {finding.subject for finding in result.findings if finding.severity in ("high", "medium")}
    assert planted <= told
    assert len(told - planted) <= 0.25 * len(told)
    codes = {f.code for f in result.findings if f.subject.endswith(f" {world['product']}")}
    assert codes == {"single_point_of_failure"}


def test_years_tell_lasting_from_passing() -> None:
    frame = found().frame.set_index(["importer", "product", "year"])
    brief, one = TRUTH["one_year_only"], TRUTH["country_depends"]
    assert frame.loc[(brief["importer"], brief["product"], brief["year"]), "years_flagged"] == 1
    assert frame.loc[(one["importer"], one["product"], 2023), "years_flagged"] == 3
    assert frame.loc[(one["importer"], TRUTH["world_depends"]["product"], 2023), "geodep_persistent"]
    assert not frame.loc[(one["importer"], one["product"], 2023), "geodep_persistent"]


def test_the_league_as_one() -> None:
    planted = TRUTH["league_depends"]
    result = found(regions={"League": members("league.csv")})
    row = result.frame.set_index(["product", "year"]).loc[(planted["product"], 2023)]
    assert (row["largest_partner"], bool(row["dependent"]), int(row["years_flagged"])) == (planted["exporter"], True, 3)
    assert {finding.subject for finding in result.findings} >= {"League antibiotics", "League magnets"}


def test_quantities_tell_what_values_hide() -> None:
    planted = TRUTH["by_quantity"]
    frame = found(regions=[planted["importer"]]).frame.set_index(["product", "year"])
    row = frame.loc[(planted["product"], 2023)]
    assert row["hhi"] < 0.25
    assert row["hhi_quantity"] > 0.5


def test_trusted_partners_are_passed_over() -> None:
    # Brevia, whence Aldany's insulin comes, is one of the League's partners; Quarn is not.
    whom = TRUTH["country_depends"]["importer"]
    told = {f.subject: f for f in found(regions=[whom], trusted=members("partners.csv")).findings}
    assert f"{whom} insulin" not in told
    assert "from trusted partners" in told[f"{whom} magnets"].sentence
    with pytest.raises(Exception, match="None of the trusted partners"):
        found(trusted=["Nowhere"])
