"""Who is whose neighbour, by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.places import middles, neighbours, read_neighbours
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable

PLACES = pd.DataFrame({"region": list("ABC"), "lat": [0.0, 0.0, 0.0], "lon": [0.0, 1.0, 5.0]})


def test_a_border_told_once_holds_for_both(tmp_path: Path) -> None:
    path = tmp_path / "borders.csv"
    path.write_text("region,neighbour,weight\nA,B,2\nB,C,1\nA,A,5\n")
    rows = read_neighbours(path).frame.to_numpy().tolist()
    assert rows == [["A", "B", 2.0], ["B", "A", 2.0], ["B", "C", 1.0], ["C", "B", 1.0]]


def test_a_file_of_places_is_told_by_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    PLACES.to_csv(path, index=False)
    # One degree on the equator is 111.2 km, four are 445.
    assert len(read_neighbours(path, within=112).frame) == 2
    assert len(read_neighbours(path, within=446).frame) == 4
    assert len(read_neighbours(path).frame) == 6


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match="'B' is missing, off the globe"):
        neighbours(PLACES.assign(lat=[0.0, 95.0, 0.0]))
    with pytest.raises(NetclusterError, match="'A'"):
        neighbours(pd.concat([PLACES, PLACES.head(1)]))
    with pytest.raises(NetclusterError, match="nearest few or all within"):
        neighbours(PLACES, nearest=1, within=5.0)
    path = tmp_path / "borders.csv"
    path.write_text("region,neighbour,weight\nA,B,-2\n")
    with pytest.raises(NetclusterError, match="above 0"):
        read_neighbours(path)
    path.write_text("region,neighbour\nA,B\n")
    with pytest.raises(NetclusterError, match="need no distance"):
        read_neighbours(path, nearest=3)


def test_middles_of_firms_on_both_sides_of_the_date_line() -> None:
    frame = pd.DataFrame(columns=list(FIRM_COLUMNS), index=range(3)).assign(
        id=list("abc"),
        kind="firm",
        region=pd.array(["P", "P", None], dtype=object),
        lat=[0.0, 0.0, 1.0],
        lon=[179.0, -179.0, 5.0],
    )
    found = middles(FirmTable(frame))
    assert found["region"].tolist() == ["P"]
    assert abs(found["lon"][0]) == pytest.approx(180)
