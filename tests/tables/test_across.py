"""Years and importers that stand side by side, made up by hand in Eurostat's and others' layouts."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.options import ReadOptions
from netcluster.tables.read import read, read_table
from tests.io_texts import FLOWS, written
from tests.tables_cells import CELLS

HEAD = "freq,unit,stk_flow,prd_use,prd_ava,geo\\TIME_PERIOD"


def bulk(years: str = "2014 \t2015 ", geo: str = "AT", flag: str = "") -> str:
    """Return a national table as Eurostat's bulk download has it: nothing of the first year but `:`."""
    rows = [f"A,MIO_EUR,DOM,{column},{row},{geo}\t: \t{value} {flag}" for row, column, value in CELLS]
    return f"{HEAD}\t{years}\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize("flag", ["", "p", "bp"])
def test_eurostat_bulk_files_with_packed_keys_and_flags(tmp_path: Path, flag: str) -> None:
    io = read_table(written(tmp_path, "naio_10_cp1750.tsv", bulk(flag=flag)))
    assert io.Z.tolist() == FLOWS
    assert (io.year, io.unit, list(io.inputs["id"])) == (2015, "million EUR", ["D1"])


def test_packed_keys_in_gzip(tmp_path: Path) -> None:
    path = tmp_path / "naio.tsv.gz"
    path.write_bytes(gzip.compress(bulk().encode()))
    assert read_table(path).Z.tolist() == FLOWS


def test_a_row_with_keys_missing_is_named(tmp_path: Path) -> None:
    text = bulk().replace("A,MIO_EUR,DOM,CPA_B,CPA_A,AT", "A,MIO_EUR,CPA_B,CPA_A,AT")
    with pytest.raises(NetclusterError, match="line 3: 5 keys"):
        read(written(tmp_path, "naio.tsv", text))


def test_jobs_with_years_across(tmp_path: Path) -> None:
    text = "region,industry,2018,2019\nN,steel,1,2\nN,food,3,4\nS,steel,5,6\nS,food,7,:\n"
    jobs = read(written(tmp_path, "jobs.csv", text)).employment
    assert jobs is not None
    assert jobs.year == 2019
    assert dict(zip(jobs.frame["region"] + jobs.frame["industry"], jobs.frame["employment"], strict=True)) == {
        "Nsteel": 2.0,
        "Nfood": 4.0,
        "Ssteel": 6.0,
    }
    earlier = read(tmp_path / "jobs.csv", ReadOptions(year=2018)).employment
    assert earlier is not None
    assert earlier.frame["employment"].sum() == 16.0


def test_a_matrix_of_trade_is_exporters_by_importers(tmp_path: Path) -> None:
    text = "exporter;FRA;DEU;USA\nFRA;0;1,5;2,25\nDEU;4;0;8\nUSA;16;32;0\n"
    trade = read(written(tmp_path, "matrix.csv", text)).trade
    assert trade is not None
    flows = trade.frame(by=["exporter", "importer"]).set_index(["exporter", "importer"])["value"].to_dict()
    assert flows["FRA", "DEU"] == 1.5
    assert flows["USA", "DEU"] == 32.0
    assert sum(flows.values()) == 63.75


def test_years_are_no_columns_of_a_matrix_of_sectors(tmp_path: Path) -> None:
    # Rows of one key only: a series, no long table.
    with pytest.raises(NetclusterError):
        read(written(tmp_path, "series.csv", "industry,2018,2019\nsteel,1,2\nfood,3,4\n"))
