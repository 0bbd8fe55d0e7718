"""Clusters beside those of the null nearest to them, and the test of a few draws, by brute force and by hand."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from scipy import stats

from netcluster.clusters import quality
from netcluster.clusters.communities import search
from netcluster.clusters.null import NullModel
from netcluster.clusters.significance import _p_of_few, _rivals, against_null
from tests.clusters.planted import table


@pytest.mark.parametrize("many", [1, 3, 7])
def test_rivals_are_the_nearest_in_flows_by_brute_force(many: int) -> None:
    flows, _ = table(60, 1, 1.0)
    rival = quality.blocks(sp.csr_array(flows), np.random.default_rng(0).integers(0, 11, 60))
    excess, size = quality.relative_excess(rival), rival.sold + rival.bought
    volume = np.concatenate([size[:4] * 1.01, [0.0, size.max() * 2]])
    found = _rivals(rival, volume, many)
    assert found.shape == (many, volume.size)
    for at, one in enumerate(volume):
        nearest = np.sort(np.abs(size - one))[:many]
        chosen = [int(np.flatnonzero(excess == value)[0]) for value in found[:, at]]
        assert np.abs(size[chosen] - one) == pytest.approx(nearest)


def test_where_rivals_are_fewer_than_asked_for_the_last_stands_again() -> None:
    # By hand: two clusters that keep 10 of 11 each way: excess (10 - 5.5) / (11 - 5.5) = 9 / 11.
    part = quality.blocks(sp.csr_array(np.array([[10.0, 1.0], [1.0, 10.0]])), [0, 1])
    assert _rivals(part, np.array([22.0]), 3) == pytest.approx(np.full((3, 1), 9 / 11))


def test_where_the_null_is_one_cluster_nothing_is_kept_beyond_chance() -> None:
    part = quality.blocks(sp.csr_array(np.array([[1.0, 1.0], [1.0, 1.0]])), [0, 0])
    assert (_rivals(part, np.array([4.0, 1.0]), 2) == 0).all()


def test_few_draws_are_a_t_test_of_one_new_value() -> None:
    # scipy's two-sample test with one sample of a single value is the same test.
    drawn = np.array([0.51, 0.52, 0.50, 0.53, 0.52])
    expected = stats.ttest_ind([0.56], drawn, alternative="greater").pvalue
    assert _p_of_few(0.56, drawn) == pytest.approx(expected)


def test_a_cluster_of_one_is_no_test() -> None:
    flows, _ = table(12, 2, 4.0)
    labels = np.array([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 3])
    tested = against_null(NullModel(sp.csr_array(flows)), labels, None, draws=19, seed=0)
    assert np.isnan(tested.cluster_p).tolist() == [False, False, True]


def test_large_networks_need_five_draws_and_small_ones_nineteen() -> None:
    flows = sp.csr_array(table(20, 2, 8.0)[0])
    tested = against_null(NullModel(flows), np.arange(20) % 2, search("leiden", 1.0), draws=5, seed=0)
    assert tested.fewest == 19
    assert not tested.significant
