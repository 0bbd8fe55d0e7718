"""Partitions brought along, and the row of each cluster."""

from __future__ import annotations

import numpy as np
import pytest

from netcluster.clusters import describe, detect, score
from netcluster.clusters.score import labels_by_industry, labels_of
from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from tests.clusters.planted import network, table, two_rings


def test_names_of_the_groups_are_kept_and_the_modularity_is_theirs() -> None:
    part = score(network(two_rings()), ["b", "b", "b", "a", "a", "a"], null_draws=0)
    assert part.labels.tolist() == [1, 1, 1, 2, 2, 2]
    assert part.frame["cluster_name"].tolist() == ["b"] * 3 + ["a"] * 3
    assert part.summary["modularity"] == pytest.approx(162 / 361)
    assert part.summary["agreement"] is None


def test_the_planted_groups_are_significant_and_shuffled_ones_are_not() -> None:
    flows, truth = table(40, 4, 4.0)
    net = network(flows)
    assert score(net, truth, null_draws=39).summary["significant"] is True
    shuffled = np.random.default_rng(0).permutation(truth)
    assert score(net, shuffled, null_draws=39).summary["significant"] is False


def test_nodes_without_a_label_stand_alone() -> None:
    part = score(network(two_rings()), ["a", "a", "a", None, "", float("nan")], null_draws=0)
    assert len(set(part.labels)) == 4
    assert {note.code: note.count for note in part.notes}["unlabelled"] == 3


def test_a_wrong_number_of_labels_is_refused() -> None:
    with pytest.raises(NetclusterError, match="2 labels for 6 nodes"):
        score(network(two_rings()), [1, 2])


def test_one_row_a_cluster_by_hand() -> None:
    net = network(two_rings())
    frame = describe(net, score(net, [1, 1, 1, 2, 2, 2], null_draws=0)).frame
    assert frame["members"].tolist() == [3, 3]
    assert frame["output"].tolist() == [10, 9]
    # Each ring keeps 9; cluster 1 sells 10 and buys 9, cluster 2 the other way round; 1 crosses of 19.
    assert frame["internal_share"].to_numpy() == pytest.approx([18 / 19, 18 / 19])
    assert frame["conductance"].to_numpy() == pytest.approx([1 / 19, 1 / 19])
    assert frame["significant"].isna().all()


def test_significant_closed_clusters_are_findings() -> None:
    net = network(table(60, 3, 30.0)[0])
    result = describe(net, detect(net, members=5, noisy=0, null_draws=99))
    assert {finding.code for finding in result.findings} == {"closed_cluster"}
    assert len(result.findings) == 3
    assert result.frame["significant"].all()
    assert set(result.measures) <= set(all_measures())


def test_labels_by_id_come_in_the_order_of_the_nodes() -> None:
    net = network(two_rings())
    assert labels_of(net, {"n3": "b", "n0": "a"}) == ["a", None, None, "b", None, None]
    with pytest.raises(NetclusterError, match="1 nodes that are not in the network, first 'x'"):
        labels_of(net, {"x": "a"})


def test_official_clusters_reach_coarser_and_finer_codes() -> None:
    # By hand, of 336111 and 336112 cars, 336411 planes; 325411 drugs, 325180 and 325110 chemicals; 111 farms.
    given = {
        "336111": "Cars", "336112": "Cars", "336411": "Planes", "325411": "Drugs", "325412": "Drugs",
        "325180": "Chemicals", "325110": "Chemicals", "111": "Farms",
    }  # fmt: skip
    codes = ["336112", "3361MV", "336", "325", "111110", "52", "HS"]
    net = network(np.ones((7, 7)), industry=codes)
    labels, notes = labels_by_industry(net, given)
    assert labels == ["Cars", "Cars", "Cars", None, "Farms", None, None]
    assert {note.code: note.count for note in notes} == {"clusters_by_majority": 1, "clusters_divided": 1}


def test_official_clusters_of_another_classification_are_refused() -> None:
    with pytest.raises(NetclusterError, match="other industries"):
        labels_by_industry(network(np.ones((2, 2)), industry=["C10", "K64"]), {"336111": "Cars"})
