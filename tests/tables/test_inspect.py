"""What inspect says of made-up files: kind, dialect, balance, problems and the command that reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.balance import balance, largest_misses
from netcluster.tables.inspect import inspect
from netcluster.tables.iotable import IOTable
from netcluster.tables.options import ReadOptions
from netcluster.tables.read import read_table
from netcluster.tables.relabel import read_labels
from netcluster.tables.years import wanted_years
from netcluster_datasets import path
from tests.io_texts import EUROSTAT, MAKE, PLAIN, WIOD, written


def test_a_table_by_sector(tmp_path: Path) -> None:
    seen = inspect(written(tmp_path, "eurostat.csv", EUROSTAT))
    assert seen.kind == "io"
    assert seen.dialect["separator"] == ";"
    assert (seen.size["sectors"], seen.size["final demand"], seen.size["primary inputs"]) == (2, 4, 5)
    assert seen.balance == {"rows miss by": 0.0, "columns miss by": 0.0}
    assert seen.negatives == {"inputs": 1}
    assert any("B1G" in total for total in seen.totals)
    assert seen.command.startswith("netcluster analyze ")
    assert json.loads(json.dumps(seen.to_dict()))["kind"] == "io"
    assert any(line.startswith("kind:") for line in seen.lines())


def test_amounts_are_told_with_their_unit() -> None:
    # Eurostat manual (2008), Germany 1995, in million euro: six products, balanced; counts have no unit.
    lines = dict(line.split(":", 1) for line in inspect(path("germany-1995")).lines())
    assert lines["balance"].strip() == "rows miss by 0 million EUR, columns miss by 0 million EUR"
    assert "sectors 6, " in lines["size"]
    assert lines["size"].endswith(",430 million EUR")  # whole, not 3.11043e+06


def test_years_and_what_is_unbalanced(tmp_path: Path) -> None:
    seen = inspect(written(tmp_path, "niot.csv", WIOD.replace("65,140", "95,140")))
    assert seen.years == (2000, 2001)
    assert any("latest, 2001" in note for note in seen.notes)
    assert any("Columns of 1 of 2 sectors" in problem for problem in seen.problems)


def test_what_can_not_be_read_names_the_option(tmp_path: Path) -> None:
    seen = inspect(written(tmp_path, "t.csv", "sector,a,b,foo\na,1,2,3\nb,1,2,3\n"))
    assert seen.kind == "unknown"
    assert any("--final-demand" in problem for problem in seen.problems)
    half = inspect(written(tmp_path, "Make.csv", MAKE))
    assert half.kind == "unknown"


def test_the_command_repeats_the_options(tmp_path: Path) -> None:
    path = written(tmp_path, "t t.csv", PLAIN)
    seen = inspect(path, ReadOptions(origin="total", final_demand=("final_demand",), decimal="."))
    assert "--origin total" in seen.command
    assert "--final-demand final_demand" in seen.command
    assert f"'{path}'" in seen.command


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError):
        inspect(tmp_path / "nope.csv")


def test_balance_by_hand() -> None:
    io = IOTable.from_arrays([[1, 2], [3, 4]], x=[10, 20], Y=[[6], [13]], V=[[6, 14]], sectors=["a", "b"])
    frame = balance(io)
    # Rows: 1 + 2 + 6 = 9, 3 + 4 + 13 = 20; columns: 1 + 3 + 6 = 10, 2 + 4 + 14 = 20.
    assert frame["row_miss"].tolist() == [-1, 0]
    assert frame["column_miss"].tolist() == [0, 0]
    assert largest_misses(io)["rows_miss_share"] == pytest.approx(1 / 30)


@pytest.mark.parametrize(
    ("asked", "found"), [("all", [2000, 2001, 2003]), ("2000-2001", [2000, 2001]), ("2003,2000", [2000, 2003])]
)
def test_years_asked_for(asked: str, found: list[int]) -> None:
    assert wanted_years(asked, [2000, 2001, 2003]) == found


@pytest.mark.parametrize("asked", ["1999", "soon", "2001-x", "2002"])
def test_years_that_are_not_there(asked: str) -> None:
    with pytest.raises(NetclusterError):
        wanted_years(asked, [2000, 2001, 2003])


def test_labels_with_and_without_a_header(tmp_path: Path) -> None:
    named = read_labels(written(tmp_path, "a.csv", "code,name,region\nA,Farms,North\nB,Mines,North\n"))
    bare = read_labels(written(tmp_path, "b.csv", "A;Farms\nB;Mines\n"))
    assert named["region"].tolist() == ["North", "North"]
    assert bare["name"].tolist() == ["Farms", "Mines"]


def test_labels_give_codes_their_names(tmp_path: Path) -> None:
    labels = written(tmp_path, "names.csv", "code,name\na,Farms\nb,Factories\n")
    io = read_table(written(tmp_path, "t.csv", PLAIN), labels=labels)
    assert list(io.sectors["name"]) == ["Farms", "Factories"]
    assert io.ids == ("a", "b")
    other = written(tmp_path, "others.csv", "code,name\nx,X\ny,Y\nz,Z\n")
    with pytest.raises(NetclusterError, match="names none"):
        read_table(written(tmp_path, "t.csv", PLAIN), labels=other)
