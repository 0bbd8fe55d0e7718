"""Tables brought into another classification, by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.places import mapped
from netcluster.tables.employment import EmploymentTable

JOBS = EmploymentTable(
    pd.DataFrame({"region": ["N", "N", "S"], "industry": list("aba"), "employment": [4.0, 6.0, 8.0]}).assign(
        establishments=1.0
    )
)


def file(folder: Path, text: str) -> Path:
    path = folder / "map.csv"
    path.write_text(text)
    return path


def test_weights_split_jobs_and_keep_their_sum(tmp_path: Path) -> None:
    new = mapped(JOBS, file(tmp_path, "from,to,weight\na,x,0.25\na,y,0.75\nb,y,1\n"))
    # By hand: N has 4/4 in x and 3 + 6 in y; S has 2 and 6.
    rows = new.frame[["region", "industry", "employment"]].to_numpy().tolist()
    assert rows == [["N", "x", 1.0], ["N", "y", 9.0], ["S", "x", 2.0], ["S", "y", 6.0]]


def test_without_weights_codes_are_split_evenly_and_the_rest_is_counted(tmp_path: Path) -> None:
    new = mapped(JOBS, file(tmp_path, "from,to\na,x\na,y\n"))
    assert new.frame["employment"].tolist() == [2, 2, 4, 4]
    assert [note.code for note in new.changes] == ["split_evenly", "not_mapped"]


@pytest.mark.parametrize(
    ("text", "message"), [("from,to,weight\na,x,0.5\n", "do not add up"), ("from,to\nc,x\n", "names none of")]
)
def test_maps_that_lose_jobs_unseen_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(NetclusterError, match=message):
        mapped(JOBS, file(tmp_path, text))
