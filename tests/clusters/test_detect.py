"""Detection: the oracles of direction and loops, planted clusters above and below the limit, and its promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netcluster as nc
from netcluster.clusters import adjusted_rand, detect
from netcluster.clusters.partition import numbered
from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from tests.clusters.planted import firms, links, network, table, two_rings

BARE: dict[str, Any] = {"members": 3, "noisy": 0, "null_draws": 0}


def test_two_directed_rings() -> None:
    part = detect(network(two_rings()))
    assert part.labels.tolist() == [1, 1, 1, 2, 2, 2]
    assert part.labels.dtype == np.int64
    assert part.summary["modularity"] == pytest.approx(162 / 361)


@pytest.mark.parametrize(("directed", "value"), [(True, 9 / 22), (False, 40 / 42 - 1 / 2)])
def test_two_nodes_with_heavy_loops_stand_apart(directed: bool, value: Any) -> None:
    # By hand, see test_quality; igraph's own modularity search puts them together.
    part = detect(network([[10, 1], [1, 10]], directed=directed), **BARE)
    assert part.labels.tolist() == [1, 2]
    assert part.summary["modularity"] == pytest.approx(value)


def test_zachary_reaches_the_known_optimum() -> None:
    # 0.4197896: Brandes et al. (2008), by integer programming.
    from sknetwork.data import karate_club

    part = detect(network(karate_club().astype(float), directed=False), members=20, noisy=0, null_draws=0)
    assert part.summary["modularity"] == pytest.approx(0.4197896, abs=1e-6)


def test_strong_clusters_in_a_table_are_found_and_significant() -> None:
    flows, truth = table(60, 4, 8.0)
    part = detect(network(flows), members=8, noisy=4, null_draws=19)
    assert adjusted_rand(part.labels, truth) > 0.9
    assert part.summary["significant"] is True
    assert part.summary["p_value"] == pytest.approx(1 / 20)
    assert not [finding for finding in part.findings if finding.code == "no_significant_clusters"]


def test_clusters_too_weak_to_find_are_refused() -> None:
    flows, truth = table(60, 4, 1.3)
    part = detect(network(flows), members=8, noisy=4, null_draws=39)
    assert adjusted_rand(part.labels, truth) < 0.3
    assert part.summary["significant"] is False
    assert [finding.code for finding in part.findings if finding.subject == "partition"] == ["no_significant_clusters"]


def test_searches_that_find_other_clusters_each_time_are_said_where_nothing_else_tells() -> None:
    # Flows without any clusters: what searches find is noise, and in this table they agree on little of it.
    found = detect(network(table(80, 4, 1.0, 2)[0]), members=6, noisy=6, null_draws=0).findings
    assert [finding.code for finding in found] == ["clusters_not_found_again"]
    strong = detect(network(table(60, 4, 8.0)[0]), members=6, noisy=6, null_draws=0).findings
    assert not [finding for finding in strong if finding.subject == "partition"]


def test_clusters_of_sparse_links_above_and_below_the_limit() -> None:
    strong, truth = links(120, 10, 4, 12.0)
    part = detect(network(strong), members=5, noisy=2, null_draws=19)
    assert part.summary["null_model"] == "rewired"
    assert part.summary["significant"] is True
    assert adjusted_rand(part.labels, truth) > 0.8
    weak = detect(network(links(120, 10, 4, 1.0, seed=3)[0]), members=5, noisy=2, null_draws=39)
    assert weak.summary["significant"] is False


def test_same_seed_same_answer() -> None:
    net = network(table(40, 4, 3.0)[0])
    one, two = (detect(net, seed=7, members=5, noisy=5, null_draws=5) for _ in range(2))
    assert one.frame.equals(two.frame)
    assert dict(one.summary) == dict(two.summary)


@settings(max_examples=10)
@given(st.permutations(range(12)), st.sampled_from([1e-6, 1.0, 1e6]))
def test_order_of_nodes_and_unit_do_not_matter(order: list[int], unit: float) -> None:
    flows = np.kron(np.eye(3), np.full((4, 4), 9.0)) + np.random.default_rng(0).random((12, 12))
    plain = detect(network(flows), **BARE)
    moved = detect(network(flows[np.ix_(order, order)] * unit), **BARE)
    assert adjusted_rand(plain.labels[order], moved.labels) == pytest.approx(1)
    assert moved.summary["modularity"] == pytest.approx(plain.summary["modularity"])


def test_the_unit_of_money_leaves_every_figure_as_it_is() -> None:
    # 300 firms of heavy tails and no clusters: where nothing is clear any change in what the search sees would show.
    matrix, _ = firms(300, 6)
    one, other = (detect(network(matrix * unit), members=3, noisy=2, null_draws=3) for unit in (1.0, 1e3))
    assert one.labels.tolist() == other.labels.tolist()
    for name, value in one.summary.items():
        assert other.summary[name] == (pytest.approx(value, rel=1e-12) if isinstance(value, float) else value), name
    np.testing.assert_array_equal(other.cluster_p, one.cluster_p)


def test_the_order_of_rows_leaves_every_figure_as_it_is() -> None:
    matrix, _ = firms(120, 5)
    order = np.random.default_rng(1).permutation(120)
    ids = np.array([f"n{at}" for at in range(120)])
    bare: dict[str, Any] = {"members": 3, "noisy": 2, "null_draws": 3}
    one = detect(network(matrix, id=ids), **bare)
    other = detect(network(matrix[order][:, order], id=ids[order]), **bare)
    assert other.labels.tolist() == one.labels[order].tolist()
    assert other.frame["stability"].tolist() == one.frame["stability"].to_numpy()[order].tolist()
    assert dict(other.summary) == dict(one.summary)


def test_nodes_without_links_stand_alone_and_last() -> None:
    flows = np.zeros((6, 6))
    flows[:2, :2] = flows[2:4, 2:4] = [[0, 5], [5, 0]]
    part = detect(network(flows), **BARE)
    assert part.labels.tolist() == [1, 1, 2, 2, 3, 4]
    assert {note.code: note.count for note in part.notes}["alone"] == 2


def test_cluster_one_is_the_largest_by_output() -> None:
    assert numbered([5, 5, 5, 8], [1, 1, 1, 10]).tolist() == [2, 2, 2, 1]
    assert numbered([5, 5, 8], [np.nan, np.nan, np.nan]).tolist() == [1, 1, 2]


def test_the_diagonal_can_be_left_out() -> None:
    with_loops, without = (detect(network([[10, 1], [1, 10]]), diagonal=kept, **BARE) for kept in (True, False))
    assert with_loops.summary["clusters"] == 2
    assert without.summary["clusters"] == 1
    assert "no_diagonal" in [note.code for note in without.notes]


def test_infomap_needs_the_backbone_on_a_dense_table() -> None:
    # As clusters.md reports: one module of the whole table, nearly all of the truth after a filter.
    flows, truth = table(120, 12, 8.0)
    dense = detect(network(flows), method="infomap", **BARE)
    filtered = detect(network(flows), method="infomap", backbone="noise_corrected", **BARE)
    assert dense.labels.max() == 1
    assert adjusted_rand(filtered.labels, truth) > 0.9
    assert "backbone" in [note.code for note in filtered.notes]


def test_countries_are_called_countries() -> None:
    regions = ["AAA"] * 10 + ["BBB"] * 10
    flows = np.random.default_rng(1).random((20, 20)) + 30 * np.kron(np.eye(2), np.ones((10, 10)))
    part = detect(network(flows, region=regions), members=4, noisy=0, null_draws=19)
    finding = next(finding for finding in part.findings if finding.code == "clusters_are_regions")
    assert finding.value == pytest.approx(1)
    assert "pair_normalised" in finding.lever
    assert set(part.frame["cluster_name"]) == {"AAA", "BBB"}


def test_what_is_not_tested_is_said() -> None:
    part = detect(network(two_rings()), **BARE)
    assert part.summary["significant"] is None
    assert "no_null_model" in [note.code for note in part.notes]


def test_columns_are_documented_and_come_in_order() -> None:
    part = detect(network(two_rings()), **BARE)
    assert part.frame.columns[:4].tolist() == ["node", "cluster", "cluster_name", "stability"]
    assert set(part.measures) <= set(all_measures())


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"layer": "finance"}, "no layer"),
        ({"effort": "huge"}, "no effort"),
        ({"members": -1}, "members is -1"),
        ({"members": 0, "noisy": 0}, "no search"),
        ({"noise": float("nan")}, "noise is nan"),
        ({"transform": "across"}, "no links"),
    ],
)
def test_wrong_requests_are_refused(options: Any, text: Any) -> None:
    with pytest.raises(NetclusterError, match=text):
        detect(network(two_rings()), **options)


def test_a_search_that_begins_with_last_years_clusters_keeps_them_where_nothing_changed() -> None:
    flows, _ = table(60, 4, 6)
    first = detect(network(flows), members=6, noisy=2, null_draws=0)
    again = detect(network(flows), members=6, noisy=2, null_draws=0, before=first)
    assert adjusted_rand(first.labels, again.labels) == pytest.approx(1)
    assert again.parameters["warm"] is True
    # Nodes that were not there before begin apart, and find their block.
    small = detect(network(flows[:50, :50]), members=6, noisy=2, null_draws=0)
    grown = detect(network(flows), members=6, noisy=2, null_draws=0, before=small)
    assert adjusted_rand(first.labels, grown.labels) == pytest.approx(1)


@pytest.mark.parametrize("transform", ["leontief", "value_added"])
def test_clusters_of_the_whole_chain_need_a_table(transform: str) -> None:
    io = nc.IOTable.from_arrays([[9, 8, 1, 0], [8, 9, 0, 1], [1, 0, 9, 8], [0, 1, 8, 9]], x=[40] * 4)
    assert detect(nc.build(io), transform=transform, effort="quick").labels.tolist() == [1, 1, 2, 2]
    net = network(np.ones((4, 4)), size=np.nan)
    with pytest.raises(NetclusterError, match="needs the output"):
        detect(net, transform=transform)
