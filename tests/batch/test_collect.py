"""The data set of a batch opens alike in pandas, DuckDB and Polars, and says what each row is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.batch import collect, expand, read_plan, run
from netcluster.batch.collect import _common, _free
from netcluster.core.engine import Serial
from tests.batch.fake_commands import Fake

PLAN = """
inputs = ["*.txt"]
years = "all"
[parameters]
factor = [1, 0.5]
[[steps]]
command = "count"
letters = [["a"], ["a", "b"]]
[[steps]]
command = "count twice"
name = "twice"
broken = [false, true]
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("years 2000 2001\nabba", encoding="utf-8")
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    runs = expand(read_plan(tmp_path / "plan.toml", Fake()), Fake())
    run(runs, tmp_path / "out", Fake(), Serial())
    found = collect(tmp_path / "out")
    # "years … abba" holds three a and two b; by hand: 2 years × 2 factors × (1 + 2) rows.
    assert found.rows["count"] == 12
    assert found.missing == 4
    return tmp_path / "out"


def test_pandas_duckdb_and_polars_see_the_same(out: Path) -> None:
    import duckdb
    import pandas as pd
    import polars as pl

    folder = out / "results" / "count"
    query = "select input, year, factor, letters, letter, count from data order by all"
    with duckdb.connect() as connection:
        connection.sql(f"create view data as select * from '{folder}/*.parquet'")
        by_duckdb = connection.sql(query).fetchall()
    columns = ["input", "year", "factor", "letters", "letter", "count"]
    by_pandas = sorted(map(tuple, pd.read_parquet(folder)[columns].to_numpy().tolist()))
    by_polars = sorted(pl.read_parquet(folder / "*.parquet").select(columns).rows())
    assert by_duckdb == by_pandas == by_polars
    assert by_duckdb[0] == ("a.txt", 2000, 0.5, "a", "a", 1.5)


def test_the_table_of_runs_joins_every_row(out: Path) -> None:
    import duckdb

    results = out / "results"
    with duckdb.connect() as connection:
        joined = connection.sql(
            f"select count(*) from '{results}/count/*.parquet' join '{results}/runs.parquet' using (run)"
            " where status = 'done' and rows > 0"
        ).fetchall()
        failed = connection.sql(
            f"select step, reason, count(*) from '{results}/runs.parquet' where status = 'failed' group by all"
        ).fetchall()
    assert joined == [(12,)]
    assert failed == [("twice", "The table is empty.", 4)]


def test_collecting_again_gives_the_same_bytes(out: Path) -> None:
    before = {path: path.read_bytes() for path in (out / "results").rglob("*.parquet")}
    collect(out)
    assert {path: path.read_bytes() for path in (out / "results").rglob("*.parquet")} == before
    assert not list(out.glob(".netcluster-*"))


def test_types_meet_and_names_that_are_taken_step_aside() -> None:
    import pyarrow as pa

    assert _common(pa.int64(), pa.float64()) == pa.float64()
    assert _common(pa.int64(), pa.string()) == pa.string()
    assert _free("year", {"year"}) == "run_year"
    assert _free("year", {"letter"}) == "year"
