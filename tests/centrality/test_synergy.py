"""The triple helix indicator against published and brute-force values."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.centrality import synergy
from netcluster.centrality.synergy import transmission
from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.network import Network


def network(rows: list[tuple[str, str, str]]) -> Network:
    frame = pd.DataFrame(rows, columns=["region", "industry", "role"])
    ids = [f"n{i}" for i in range(len(rows))]
    return Network(frame.assign(id=ids, kind="firm", label="", size=np.arange(len(rows), dtype=float)))


BY = ("region", "industry", "role")


def test_published_cubes() -> None:
    # Exclusive or: no two dimensions tell anything, three tell all.
    rows = [(str(a), str(b), str(a ^ b)) for a, b in product((0, 1), repeat=2)]
    assert synergy(network(rows), by=BY).frame["synergy"].tolist() == pytest.approx([-1.0])
    # The program th4.exe of Leydesdorff gives +0.26200 for these cells (arXiv 1211.7230).
    cube = np.array([8, 1, 1, 0, 0, 1, 1, 8], dtype=float).reshape(2, 2, 2)
    assert transmission(cube) == pytest.approx(0.2620088, abs=1e-7)


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_rows_and_cubes_agree_and_groups_add_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, 3, (40, 3))
    cube = np.zeros((3, 3, 3))
    for a, b, c in draws:
        cube[a, b, c] += 1
    rows = [(f"r{a}", f"i{b}", f"k{c}") for a, b, c in draws]
    groups = np.where(draws[:, 0] > 0, "east", "west")
    frame = synergy(network(rows), groups, by=BY).frame
    assert frame.loc[0, "synergy"] == pytest.approx(transmission(cube), abs=1e-12)
    for row in frame.iloc[1:].to_dict("records"):
        part = np.where(np.arange(3)[:, None, None] > 0, cube, 0) if row["group"] == "east" else cube[:1]
        assert row["synergy"] == pytest.approx(transmission(part), abs=1e-12)
        assert row["synergy_share"] == pytest.approx(row["nodes"] / 40 * row["synergy"])


def test_sizes_are_cut_into_fifths_and_blanks_are_counted() -> None:
    rows = [("a", "x", "k")] * 9 + [("", "x", "k")]
    result = synergy(network(rows), by=("region", "industry", "size"))
    assert result.frame["nodes"].tolist() == [9]
    # One region, one industry: size alone varies, and nothing hangs together.
    assert result.frame["synergy"].tolist() == pytest.approx([0.0], abs=1e-12)
    assert result.notes[0].count == 1
    assert set(result.measures) <= set(all_measures())
    with pytest.raises(NetclusterError, match="three columns"):
        synergy(network(rows), by=("region", "colour", "size"))
