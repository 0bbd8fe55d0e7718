"""Null models: what they keep, and that pure noise does not stand above them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from netcluster.clusters.communities import search
from netcluster.clusters.null import NullModel
from netcluster.clusters.significance import against_null, benjamini_hochberg
from netcluster.network.graph import graph_of
from tests.clusters.planted import links, table


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
