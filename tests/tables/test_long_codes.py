"""Lists of codes beside a table: names for its codes, and no tables themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.long.codes import is_list, names_beside, read_codes
from netcluster.tables.read import read
from tests.long_files import write
from tests.shared import shared_data


def test_names_of_baci_countries() -> None:
    # As the file has them: 710 South Africa, 384 Côte d'Ivoire.
    found = read_codes(shared_data("baci_hs17_2020_extract") / "country_codes_V202201.csv")
    assert (found["710"], found["384"]) == ("South Africa", "Côte d'Ivoire")


def test_lists_in_a_folder_are_passed_by_and_said(tmp_path: Path) -> None:
    write(
        tmp_path / "country_codes_V1.csv",
        "country_code,country_name_full,iso3\n4,Afghanistan,AFG\n8,Albanía,ALB\n",
        "cp1252",
    )
    write(tmp_path / "flows_Y2020.csv", "t,i,j,k,v\n2020,4,8,010121,1.5\n2020,8,4,010121,2\n")
    bundle = read(tmp_path)
    assert bundle.trade is not None
    assert dict(bundle.trade.names) == {"4": "Afghanistan", "8": "Albanía"}
    assert [note.code for note in bundle.notes] == ["lists_of_names"]
    with pytest.raises(NetclusterError, match="holds"):
        read(tmp_path / "country_codes_V1.csv")


def test_real_folders_with_lists() -> None:
    for name, parts in (("baci_hs17_2020_extract", ("trade",)), ("scg_fmcg_bangladesh", ("links",))):
        assert read(shared_data(name)).parts == parts
    bundle = read(shared_data("swiss_procurement_a"))
    assert bundle.parts == ("firms", "links")


def test_what_is_no_list() -> None:
    assert not is_list(["a", "b"], [["x", "1.5"], ["y", "2"]])
    assert not is_list(["a", "b"], [["1", "2"]])
    assert is_list(["Node"], [["SOS008"], ["SOS005"]])


def test_folder_without_codes(tmp_path: Path) -> None:
    assert names_beside([tmp_path / "t.csv"]) == ({}, ())
    write(tmp_path / "notcodes.csv", "x,y\n1,2\n")
    assert names_beside([tmp_path / "t.csv"])[0] == {}
