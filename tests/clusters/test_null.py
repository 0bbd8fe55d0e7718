"""Null models: what they keep, and that pure noise does not stand above them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from netcluster.clusters.communities import search
from netcluster.clusters.null import NullModel
from netcluster.clusters.quality import modularity
from netcluster.clusters.rewiring import sizes
from netcluster.clusters.significance import Significance, against_null, benjamini_hochberg
from netcluster.network.graph import graph_of
from tests.clusters.planted import firms, links, table


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("directed", [True, False])
def test_a_table_keeps_its_margins_and_its_diagonal(directed: bool) -> None:
    flows, _ = table(30, 3, 2.0)
    flows = flows if directed else flows + flows.T
    drawn = NullModel(sp.csr_array(flows), directed).draw(rng()).toarray()
    assert drawn.sum(axis=0) == pytest.approx(flows.sum(axis=0), rel=1e-3)
    assert drawn.sum(axis=1) == pytest.approx(flows.sum(axis=1), rel=1e-3)
    assert np.diag(drawn) == pytest.approx(np.diag(flows))
    assert np.corrcoef(np.log(drawn).ravel(), np.log(flows).ravel())[0, 1] < 0.9
    if not directed:
        assert drawn == pytest.approx(drawn.T)


@pytest.mark.parametrize("directed", [True, False])
def test_links_keep_degrees_and_loops_and_sellers_keep_their_sales(directed: bool) -> None:
    matrix, _ = links(120, 6, 4, 3.0)
    matrix = matrix if directed else sp.csr_array(matrix + matrix.T)
    matrix = sp.csr_array(matrix + sp.diags_array(np.arange(120) % 3 * 1.0, format="csr"))
    matrix.eliminate_zeros()
    null = NullModel(matrix, directed)
    drawn = null.draw(rng())
    assert null.kind == "rewired"
    for axis in (0, 1):
        assert ((drawn > 0).sum(axis=axis) == (matrix > 0).sum(axis=axis)).all()
    assert (drawn.diagonal() == matrix.diagonal()).all()
    assert drawn.sum() == pytest.approx(matrix.sum())
    if directed:
        assert drawn.sum(axis=1) == pytest.approx(matrix.sum(axis=1))
    else:
        assert abs(drawn - drawn.T).max() == 0
    kept = (drawn.astype(bool).multiply(matrix.astype(bool))).nnz / matrix.nnz
    assert kept < 0.3


def test_draws_hang_on_the_generator_only() -> None:
    matrix = sp.csr_array(table(20, 2, 2.0)[0])
    assert (NullModel(matrix).draw(rng(3)) != NullModel(matrix).draw(rng(3))).nnz == 0


def test_pure_noise_is_seldom_significant() -> None:
    # 24 tables without clusters: of a test at 5 % one or two may pass; permuted residuals alone would pass a dozen.
    passed = 0
    for seed in range(24):
        null = NullModel(sp.csr_array(table(40, 1, 1.0, seed)[0]))
        find = search("leiden", 1.0)
        labels = find(graph_of(null.flows), 0)
        passed += against_null(null, labels, find, draws=19, seed=seed).significant
    assert passed <= 3


def test_fewer_than_nineteen_draws_call_nothing_significant() -> None:
    flows, truth = table(40, 4, 20.0)
    tested = against_null(NullModel(sp.csr_array(flows)), truth, search("leiden", 1.0), draws=18, seed=0)
    assert tested.p_value == pytest.approx(1 / 19)
    assert not tested.significant


def test_benjamini_hochberg_of_the_original_paper() -> None:
    # Benjamini and Hochberg (1995), section 3.2: 15 tests, of which at 5 % the first four are discoveries.
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
              0.7590, 1.0]  # fmt: skip
    assert (benjamini_hochberg(values) <= 0.05).tolist() == [True] * 4 + [False] * 11


def test_a_missing_p_is_no_test() -> None:
    corrected = benjamini_hochberg([0.04, np.nan])
    assert corrected[0] == pytest.approx(0.04)
    assert np.isnan(corrected[1])


def of_firms(strength: float, seed: int) -> Significance:
    matrix, _ = firms(300, 6, 6, strength, seed)
    null, find = NullModel(matrix), search("leiden", 1.0)
    graph = graph_of(matrix)
    found = [find(graph, number) for number in range(3)]
    searched = float(np.mean([modularity(matrix, labels) for labels in found]))
    return against_null(null, found[0], find, draws=19, seed=seed, searched=searched)


def test_firms_of_heavy_tails_without_clusters_are_as_their_null() -> None:
    # Each is drawn from a model of sizes alone: of a test at 5 % one of twenty passes, four by chance in one case of 60
    # (binomial), and z is about 0. Links rewired without regard to weights stand far above such networks (z about
    # −25), and so hide clusters that are there.
    tested = [of_firms(1.0, seed) for seed in range(20)]
    assert sum(one.significant for one in tested) <= 3
    assert abs(np.mean([one.z for one in tested])) < 1.0


def test_firms_of_heavy_tails_with_clusters_are_found() -> None:
    # Links inside sixteen times as likely: the search finds most of what was planted (ARI about 0.7).
    assert all(of_firms(16.0, seed).significant for seed in range(4))


def test_links_keep_what_their_ends_buy_to_within_the_width_of_like_weights() -> None:
    matrix, _ = firms(300, 6)
    drawn = NullModel(matrix).draw(rng())
    bought, before = drawn.sum(axis=0), matrix.sum(axis=0)
    assert (bought <= 1.5 * before + 1e-9).all()
    assert (bought >= before / 1.5 - 1e-9).all()


def test_sizes_of_both_ends_are_found_again_from_many_links() -> None:
    # All pairs of 60 nodes, ln w = a + b + e by construction: a and b to within their standard error, s² = 0.25.
    generator = rng(1)
    a, b = generator.normal(size=60), 2 * generator.normal(size=60)
    rows, columns = (index.ravel() for index in np.indices((60, 60)))
    logs = a[rows] + b[columns] + 0.5 * generator.normal(size=rows.size)
    seller, buyer, noise = sizes(rows, columns, logs, 60)
    assert np.corrcoef(seller, a)[0, 1] > 0.99
    assert np.corrcoef(buyer, b)[0, 1] > 0.99
    assert noise == pytest.approx(0.25, rel=0.1)


def test_weights_that_are_all_alike_tell_no_sizes() -> None:
    seller, buyer, noise = sizes(np.array([0, 1]), np.array([1, 2]), np.zeros(2), 3)
    assert (seller == 0).all()
    assert (buyer == 0).all()
    assert noise == 1.0
