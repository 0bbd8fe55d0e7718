"""Spatial autocorrelation: by the formulas written out, on boards whose answer is known, and without esda."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.places import Neighbours, autocorrelation, local_autocorrelation
from netcluster.tables.employment import EmploymentTable

SIDE = 6


def board(values: np.ndarray) -> EmploymentTable:
    """Regions on a board; the values are the quotients' order: jobs of T among 100 jobs a region."""
    names = [f"R{k:02d}" for k in range(values.size)]
    rows = [(name, "T", value) for name, value in zip(names, values.ravel(), strict=True)]
    rows += [(name, "rest", 100 - value) for name, value in zip(names, values.ravel(), strict=True)]
    frame = pd.DataFrame(rows, columns=["region", "industry", "employment"])
    return EmploymentTable(frame.assign(establishments=1.0))


def rook(side: int = SIDE) -> Neighbours:
    links = []
    for r in range(side):
        for c in range(side):
            for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                if 0 <= r + dr < side and 0 <= c + dc < side:
                    links.append((f"R{r * side + c:02d}", f"R{(r + dr) * side + c + dc:02d}", 1.0))
    return Neighbours(pd.DataFrame(links, columns=["region", "neighbour", "weight"]))


def test_indices_by_their_formulas() -> None:
    pytest.importorskip("esda")
    rng = np.random.default_rng(0)
    values = rng.integers(1, 60, (SIDE, SIDE)).astype(float)
    found = autocorrelation(board(values), rook(), of="share_of_region").frame.set_index("industry").loc["T"]
    y = values.ravel() / 100
    n, z = y.size, y - y.mean()
    W = np.zeros((n, n))
    for a, b in rook().frame[["region", "neighbour"]].itertuples(index=False):
        W[int(a[1:]), int(b[1:])] = 1
    W /= W.sum(axis=1, keepdims=True)
    assert found["morans_i"] == pytest.approx(z @ W @ z / (z @ z))
    assert found["morans_i_expected"] == pytest.approx(-1 / (n - 1))
    squares = (W * (y[:, None] - y[None, :]) ** 2).sum()
    assert found["gearys_c"] == pytest.approx((n - 1) * squares / (2 * n * (z @ z)))


def test_two_halves_are_alike_and_a_chessboard_is_not() -> None:
    pytest.importorskip("esda")
    halves = np.where(np.arange(SIDE)[None, :] < SIDE / 2, 20.0, 60.0) + np.zeros((SIDE, 1))
    chess = np.where(np.indices((SIDE, SIDE)).sum(axis=0) % 2, 20.0, 60.0)
    rows = [autocorrelation(board(values), rook()).frame.set_index("industry").loc["T"] for values in (halves, chess)]
    # On a chessboard every neighbour is the opposite: I = −1 exactly.
    assert rows[1]["morans_i"] == pytest.approx(-1)
    assert rows[0]["morans_i"] > 0.5
    assert (rows[0]["gearys_c"] < 1 < rows[1]["gearys_c"]) & (rows[0]["morans_i_p"] < 0.001)


def test_a_hot_spot_is_found_with_one_seed_always() -> None:
    pytest.importorskip("esda")
    values = np.full((SIDE, SIDE), 5.0) + np.arange(SIDE) / 10
    values[:2, :2] = 60
    one, two = (local_autocorrelation(board(values), rook(), "T", permutations=199, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.frame, two.frame)
    hot = one.frame[(one.frame["local_moran_p"] < 0.05) & one.frame["quadrant"].eq("high among high")]
    assert set(hot["region"]) <= {"R00", "R01", "R06", "R07"}
    assert "R00" in set(hot["region"])
    assert set(one.measures) <= set(all_measures())


def test_the_same_everywhere_is_empty_and_islands_are_counted() -> None:
    pytest.importorskip("esda")
    links = rook().frame.query("region != 'R35' and neighbour != 'R35'")
    result = autocorrelation(board(np.full((SIDE, SIDE), 7.0)), Neighbours(links))
    assert result.frame["morans_i"].isna().all()
    assert [note.count for note in result.notes if note.code == "islands"] == [1]


def test_without_esda_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "esda", None)
    with pytest.raises(NetclusterError) as error:
        autocorrelation(board(np.arange(36.0).reshape(6, 6)), rook())
    assert 'pip install "netcluster[spatial]"' in error.value.hint


def test_names_that_do_not_meet_are_an_error(tmp_path: Path) -> None:
    pytest.importorskip("esda")
    path = tmp_path / "borders.csv"
    path.write_text("region,neighbour\nX,Y\n")
    from netcluster.places import read_neighbours

    with pytest.raises(NetclusterError, match="0 of 36 regions"):
        autocorrelation(board(np.arange(36.0).reshape(6, 6)), read_neighbours(path))
