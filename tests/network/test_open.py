"""Inputs of every form are opened, and what can't be is said with the way out."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.network.build import build
from netcluster.network.levels import aggregate, coverage
from netcluster.network.open import open_inputs, open_years
from netcluster.network.store import save
from netcluster.network.yearly import by_year
from netcluster.tables.bundle import Bundle
from netcluster.tables.iotable import IOTable
from netcluster.tables.options import ReadOptions
from netcluster_datasets import path

LINKS = "source,target,weight,layer\na,b,2.5,supply\nb,c,1,supply\n"


def table(year: int | None = None) -> IOTable:
    return IOTable.from_arrays([[1, 2], [3, 4]], x=[10, 10], sectors=["a", "b"], year=year)


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text(LINKS)
    bundle = open_inputs(tmp_path / "links.csv")
    assert bundle.parts == ("links",)
    assert build(bundle).layer().matrix.sum() == 3.5


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINKS.encode())))
    assert build(open_inputs("-")).ids == ("a", "b", "c")


def test_a_saved_network_and_the_folder_of_a_run(tmp_path: Path) -> None:
    save(Bundle(io=table(2014)), tmp_path / "run" / "network")
    for place in (tmp_path / "run", tmp_path / "run" / "network"):
        assert open_inputs(place).parts == ("io",)
    assert open_inputs(tmp_path / "run", ReadOptions(year=2014)).parts == ("io",)
    with pytest.raises(NetclusterError, match="holds 2014, not 2010"):
        open_inputs(tmp_path / "run", ReadOptions(year=2010))
    assert len(open_years(tmp_path / "run", years="2010-2014")) == 1
    with pytest.raises(NetclusterError, match="no year 2010"):
        open_years(tmp_path / "run", years="2010")


def test_a_saved_network_goes_with_nothing_else(tmp_path: Path) -> None:
    save(Bundle(io=table()), tmp_path / "net")
    (tmp_path / "links.csv").write_text(LINKS)
    with pytest.raises(NetclusterError, match="can't be read together"):
        open_inputs([tmp_path / "net", tmp_path / "links.csv"])


def test_what_is_not_there_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text(LINKS)
    with pytest.raises(NetclusterError, match="is not there") as error:
        open_inputs(tmp_path / "link.csv")
    assert error.value.hint == "Did you mean links.csv?"
    with pytest.raises(NetclusterError, match="is not there") as error:
        open_inputs(tmp_path / "no" / "such")
    assert "no folder" in error.value.hint
    with pytest.raises(NetclusterError, match="no input"):
        open_inputs([])
    (tmp_path / "empty").mkdir()
    with pytest.raises(NetclusterError, match="no table"):
        open_inputs(tmp_path / "empty")


def test_a_folder_with_a_file_for_each_year(tmp_path: Path) -> None:
    rows = "code,a,b,final_demand,output\na,1,2,7,10\nb,3,{},3,10\n"
    for year, cell in ((2020, 4), (2021, 5)):
        (tmp_path / f"io_{year}.csv").write_text(rows.format(cell))
    latest = open_inputs(tmp_path)
    assert latest.io is not None
    assert (latest.io.year, latest.io.Z[1, 1]) == (2021, 5)
    assert "latest_year" in {note.code for note in latest.notes}
    earlier = open_inputs(tmp_path, ReadOptions(year=2020))
    assert earlier.io is not None
    assert (earlier.io.year, earlier.io.Z[1, 1]) == (2020, 4)
    assert [bundle.io.year for bundle in open_years(tmp_path, years="all") if bundle.io] == [2020, 2021]
    assert [bundle.io.year for bundle in open_years(tmp_path, years="2021") if bundle.io] == [2021]
    with pytest.raises(NetclusterError, match="no file of 1999"):
        open_inputs(tmp_path, ReadOptions(year=1999))


def test_files_of_one_name_and_several_years_are_told_apart() -> None:
    def names(*given: str) -> dict[int, list[str]]:
        return {year: [p.name for p in files] for year, files in by_year([Path(n) for n in given]).items()}

    assert names("make_2002.csv", "use_2002.csv") == {}
    assert names("BEL2020ttl.csv") == {}
    assert names("a2001.csv", "a2002.csv", "b.csv") == {2001: ["a2001.csv", "b.csv"], 2002: ["a2002.csv", "b.csv"]}
    assert names("use_2001.csv", "use_2002.csv", "make_2001.csv", "make_2002.csv") == {
        2001: ["make_2001.csv", "use_2001.csv"],
        2002: ["make_2002.csv", "use_2002.csv"],
    }
    assert names("a - 2011.csv", "a - 2012.csv", "b - 2011.csv", "nace2008.csv") == {
        2011: ["a - 2011.csv", "b - 2011.csv", "nace2008.csv"],
        2012: ["a - 2012.csv", "nace2008.csv"],
    }
    assert names("12345678.csv", "x_20201.csv") == {}


def test_the_demo_economy_adds_up() -> None:
    bundle = open_inputs(path("valley"))
    network = build(bundle)
    assert {"supply", "firm_supply", "membership", "project", "labour", "finance"} <= set(network.layers)
    assert not [note for note in network.changes if note.code in ("unlisted_ends", "industry_not_in_table")]
    # As its SOURCE.md says: revenue adds up to output, and supply links between firms to the table's cells.
    assert coverage(network)["share"].to_numpy() == pytest.approx(1.0, abs=1e-12)
    place = {node: k for k, node in enumerate(network.ids)}
    codes = np.array([place.get(node, -1) for node in network.nodes["industry_node"]])
    flows = aggregate(network.layer("firm_supply").matrix, codes, network.n)
    assert abs(flows - network.layer("supply").matrix).max() == 0


@pytest.mark.parametrize("name", ["germany-1995", "miller-blair"])
def test_the_shipped_tables_become_networks(name: str) -> None:
    bundle = open_inputs(path(name))
    network = build(bundle)
    assert bundle.io is not None
    assert network.layer().matrix.sum() == pytest.approx(bundle.io.Z.sum())
