"""Plain files read in one pass give what the long way gives; anything that needs judging goes the long way."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from netcluster.tables.long import employment
from tests.long_files import open_long

HEAD = "region,industry,employment,establishments\n"
PLAIN = HEAD + " N ,a,1.5,1\nN,b,2e1,\nS,a,,2\nS,b,0,0\n"


def both(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[pd.DataFrame]:
    """Return the jobs of a file read as it comes, and read the long way."""
    tables = [open_long(path).employment]
    monkeypatch.setattr(employment, "read_plain", lambda *_: None)
    tables.append(open_long(path).employment)
    assert tables[0] is not None
    assert tables[1] is not None
    assert tables[0].changes == tables[1].changes
    return [table.frame for table in tables if table is not None]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        HEAD + 'N,a,"1,500",1\nN,b,20,1\nS,a,30,2\nS,b,40,1\n',
        HEAD + "N,a,:,1\nN,b,20,1\nS,a,30,2\nS,b,40 p,1\n",
        HEAD + "N,a,nan,1\nN,b,20,1\nS,a,30,2\nS,b,inf,1\n",
        HEAD + '"N,\n1",a,1,1\nS,a,2,1\nS,b,3,1\n',
    ],
    ids=["plain", "thousands", "marks", "not finite", "quoted"],
)
def test_both_ways_give_one_table(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text(text)
    first, second = both(path, monkeypatch)
    pd.testing.assert_frame_equal(first, second)


def test_plain_cells_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text(PLAIN)
    table = open_long(path).employment
    assert table is not None
    assert table.frame.fillna(-1).to_numpy().tolist() == [["N", "a", 1.5, 1], ["N", "b", 20, -1], ["S", "b", 0, 0]]
