"""Ensembles: the same for the same seed, and stability by its definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from netcluster.clusters.communities import search
from netcluster.clusters.consensus import coclassification
from netcluster.clusters.ensemble import Ensemble, likeness, sample, stability
from netcluster.core.errors import NetclusterError
from netcluster.network.graph import graph_of


def ensemble(members: object) -> Ensemble:
    found = np.asarray(members, dtype=np.int32)
    return Ensemble(found, np.zeros(len(found), dtype=bool))


def test_stability_is_the_mean_coclassification_with_the_own_cluster() -> None:
    members = np.random.default_rng(1).integers(0, 3, (7, 12))
    labels = np.arange(12) % 3
    shared = coclassification(members)
    expected = [np.mean([shared[i, j] for j in range(12) if j != i and labels[j] == labels[i]]) for i in range(12)]
    assert stability(ensemble(members), labels) == pytest.approx(expected)


def test_a_cluster_of_one_is_stable_where_it_stands_alone() -> None:
    # By hand: node 2 is alone in one member of two.
    assert stability(ensemble([[0, 0, 1], [0, 0, 0]]), [1, 1, 2]).tolist() == [1, 1, 0.5]


def test_same_seed_same_members_and_noise_alters_the_graph_of_no_one() -> None:
    graph = graph_of(sp.csr_array(np.random.default_rng(2).random((30, 30))))
    before = graph.weights.copy()
    one, two = (sample(graph, search("leiden", 1.0), seeds=3, noisy=3, noise=0.2, seed=5) for _ in range(2))
    assert (one.members == two.members).all()
    assert one.noisy.tolist() == [False] * 3 + [True] * 3
    assert (graph.weights == before).all()


def test_more_members_leave_the_first_as_they_are() -> None:
    graph = graph_of(sp.csr_array(np.random.default_rng(2).random((30, 30))))
    few = sample(graph, search("leiden", 1.0), seeds=2, noisy=0, noise=0.1, seed=5)
    more = sample(graph, search("leiden", 1.0), seeds=4, noisy=0, noise=0.1, seed=5)
    assert (more.members[:2] == few.members).all()


def test_likeness_of_members_that_are_all_alike() -> None:
    found = likeness(ensemble([[0, 0, 1, 1]] * 3), [5, 5, 2, 2])
    assert found["agreement"] == found["agreement_q05"] == found["mutual_information"] == pytest.approx(1)
    assert found["variation_of_information"] == pytest.approx(0)
    assert found["agreement_noisy"] is None


@pytest.mark.parametrize("method", ["leiden", "louvain", "infomap", "label_propagation"])
def test_every_method_finds_two_cliques(method: Any) -> None:
    flows = np.kron(np.eye(2), np.ones((5, 5))) * 20 + 0.1
    np.fill_diagonal(flows, 0)
    labels = search(method, 1.0)(graph_of(sp.csr_array(flows)), 0)
    assert labels.tolist() == [0] * 5 + [1] * 5


def test_constant_potts_takes_its_resolution_in_the_unit_of_the_weights() -> None:
    # By hand: pairs inside have 5, pairs across 1; at 3 the two cliques pay, at 0.5 all together does.
    flows = np.kron(np.eye(2), np.full((4, 4), 4.0)) + 1
    graph = graph_of(sp.csr_array(flows))
    assert search("cpm", 3.0)(graph, 0).tolist() == [0] * 4 + [1] * 4
    assert search("cpm", 0.5)(graph, 0).tolist() == [0] * 8


@pytest.mark.parametrize(("method", "resolution", "text"), [("best", 1.0, "no method"), ("leiden", 0.0, "resolution")])
def test_wrong_searches_are_refused(method: Any, resolution: Any, text: Any) -> None:
    with pytest.raises(NetclusterError, match=text):
        search(method, resolution)
