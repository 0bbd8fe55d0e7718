"""Scales: a planted hierarchy is found at its two levels, and the profile stands still there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from netcluster.clusters import adjusted_rand
from netcluster.clusters.hierarchy import hierarchy
from netcluster.clusters.resolution import plateaus, profile
from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.network import Network
from tests.clusters.planted import network, two_rings

OUTER, INNER = np.repeat([0, 1], 12), np.repeat([0, 1, 2, 3], 6)


def nested() -> Network:
    """Two groups of two groups of six: 40 inside the inner, 8 inside the outer, 1 across."""
    flows = np.ones((24, 24)) + np.random.default_rng(0).random((24, 24)) / 10
    flows += 7 * (OUTER[:, None] == OUTER[None, :]) + 32 * (INNER[:, None] == INNER[None, :])
    return network(flows)


def test_both_levels_of_a_planted_hierarchy_are_plateaus() -> None:
    result = profile(nested(), steps=15, members=3)
    counts = result.frame.loc[result.frame["plateau"] > 0].groupby("plateau")["clusters"].first().tolist()
    assert counts[:2] == [2, 4]
    assert set(result.measures) <= set(all_measures())


def test_all_in_one_is_no_plateau() -> None:
    result = profile(network(two_rings()), low=0.01, high=0.05, steps=3, members=2)
    assert (result.frame["clusters"] == 1).all()
    assert (result.frame["plateau"] == 0).all()
    assert result.notes[-1].code == "no_plateau"


def test_levels_nest_and_are_the_planted_ones() -> None:
    result = hierarchy(nested(), counts=(2, 4), members=20)
    assert adjusted_rand(result.frame["cluster_2"], OUTER) == pytest.approx(1)
    assert adjusted_rand(result.frame["cluster_4"], INNER) == pytest.approx(1)
    assert (result.frame.groupby("cluster_4")["cluster_2"].nunique() == 1).all()


def test_plateaus_by_hand() -> None:
    assert plateaus([0.5, 0.0, 0.0, 0.5], 0.1) == [0, 1, 1, 1, 0]


@pytest.mark.parametrize("grid", [{"low": 0.0}, {"low": 3.0, "high": 2.0}, {"steps": 1}])
def test_a_grid_that_is_none_is_refused(grid: Any) -> None:
    with pytest.raises(NetclusterError, match="grid"):
        profile(network(two_rings()), **grid)
