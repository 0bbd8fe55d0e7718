"""Several layers: what they agree on, who is heard, and how much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from netcluster.clusters.ensemble import Ensemble
from netcluster.clusters.multilayer import _stability, _voted, multilayer
from netcluster.core.errors import NetclusterError
from netcluster.network.network import Layer, Network
from tests.clusters.planted import network


def blocks(labels: list[int]) -> sp.csr_array:
    """Links of 5 between nodes with the same label from 0, none for −1."""
    one = np.array(labels)
    flows = 5.0 * ((one[:, None] == one[None, :]) & (one >= 0)[:, None])
    np.fill_diagonal(flows, 0)
    return sp.csr_array(flows)


def two_layers(supply: list[int], project: list[int]) -> Network:
    net = network(blocks(supply))
    layers = {**net.layers, "project": Layer(blocks(project), directed=False)}
    return replace(net, layers=layers)


def test_layers_that_agree_give_their_clusters() -> None:
    part = multilayer(two_layers([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1]), members=3)
    assert part.labels.tolist() == [1, 1, 1, 2, 2, 2]
    assert (part.frame["stability"] == 1).all()


def test_the_heavier_layer_decides_where_they_differ() -> None:
    net = two_layers([0, 0, 1, 1, 2, 2], [0, 1, 1, 2, 2, 0])
    assert multilayer(net, {"supply": 2, "project": 1}, members=3).labels.tolist() == [1, 1, 2, 2, 3, 3]
    heavy = multilayer(net, {"supply": 1, "project": 2}, members=3)
    assert heavy.labels[1] == heavy.labels[2]
    assert heavy.labels[3] == heavy.labels[4]
    assert heavy.summary["layers"]["project"]["agreement"] == pytest.approx(1)  # type: ignore[index]


def test_a_node_unknown_to_a_layer_follows_the_other() -> None:
    # Node 6 is in projects only, node 5 in supply only: each stands with those it is linked to.
    part = multilayer(two_layers([0, 0, 0, 1, 1, 1, -1], [0, 0, 0, 1, 1, -1, 1]), members=3)
    assert part.labels[3] == part.labels[4] == part.labels[5] == part.labels[6]
    assert part.labels[0] != part.labels[3]


def test_a_node_no_layer_links_stands_alone() -> None:
    part = multilayer(two_layers([0, 0, 1, 1, -1], [0, 0, 1, 1, -1]), members=3)
    assert np.bincount(part.labels)[part.labels[4]] == 1


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        ({"supply": 1.0}, "need two"),
        ({"supply": 1.0, "labour": 1.0}, "no layer"),
        ({"supply": 1.0, "project": 0.0}, "weight of layer"),
    ],
)
def test_wrong_layers_are_refused(weights: dict[str, float], text: str) -> None:
    with pytest.raises(NetclusterError, match=text):
        multilayer(two_layers([0, 0, 1], [0, 0, 1]), weights)


def test_what_layers_agree_on_is_the_weighted_mean_over_those_that_link_both() -> None:
    # By brute force over all pairs and members, with nodes that layers do not know.
    rng = np.random.default_rng(3)
    runs = {
        name: Ensemble(rng.integers(0, 4, (5, 30), dtype=np.int32), np.zeros(5, dtype=bool))
        for name in ("supply", "project")
    }
    linked = {"supply": rng.random(30) < 0.7, "project": rng.random(30) < 0.5}
    weights = {"supply": 2.0, "project": 1.0}
    agreed, heard = _voted(runs, weights, linked)
    assert (heard == (linked["supply"] | linked["project"])).all()
    found = agreed.toarray()
    for i in range(30):
        for j in range(30):
            voters = [name for name in weights if linked[name][i] and linked[name][j]]
            if i == j or not (heard[i] and heard[j]):
                continue
            shares = [np.mean(runs[name].members[:, i] == runs[name].members[:, j]) for name in voters]
            expected = np.average(shares, weights=[weights[name] for name in voters]) if voters else 0.5
            assert found[i, j] == pytest.approx(expected)
    labels = rng.integers(1, 4, 30)
    mates = (labels[:, None] == labels[None, :]) & ~np.eye(30, dtype=bool)
    assert _stability(agreed, labels) == pytest.approx((found * mates).sum(axis=1) / mates.sum(axis=1))
