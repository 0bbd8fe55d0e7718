"""Expected matrices by hand, or NumPy on the dense matrix."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.network import transform as tf

Z = np.array([[10.0, 40, 5, 5], [30, 5, 45, 2], [2, 6, 10, 50], [4, 3, 40, 8]])
W = sp.csr_array(Z)
HOME = ["N", "N", "S", "S"]


def test_shares_are_those_of_the_dense_matrix() -> None:
    np.testing.assert_allclose(tf.input_shares(W).toarray(), Z / Z.sum(axis=0))
    np.testing.assert_allclose(tf.output_shares(W).toarray(), Z / Z.sum(axis=1)[:, None])
    output = np.array([100.0, 200, 300, 400])
    np.testing.assert_allclose(tf.input_shares(W, output).toarray(), Z / output)


def test_the_strongest_of_four_shares() -> None:
    # Czamanski: for the pair (0, 1) the largest of 40/54, 30/46 (inputs) and 40/60, 30/82 (outputs).
    found = tf.max_shares(W).toarray()
    assert found[0, 1] == found[1, 0] == pytest.approx(40 / 54)
    np.testing.assert_array_equal(found, found.T)


def test_loops_and_borders() -> None:
    np.testing.assert_array_equal(tf.without_loops(W).toarray(), Z - np.diag(np.diag(Z)))
    same = np.equal.outer(HOME, HOME)
    np.testing.assert_array_equal(tf.within(W, HOME).toarray(), Z * same)
    np.testing.assert_array_equal(tf.across(W, HOME).toarray(), Z * ~same)


def test_every_pair_of_countries_weighs_one() -> None:
    found = tf.pair_normalised(W, HOME).toarray()
    for rows in (slice(0, 2), slice(2, 4)):
        for columns in (slice(0, 2), slice(2, 4)):
            assert found[rows, columns].sum() == pytest.approx(1.0)
            np.testing.assert_allclose(found[rows, columns], Z[rows, columns] / Z[rows, columns].sum())


def test_logs_ones_thresholds() -> None:
    np.testing.assert_allclose(tf.log_weights(W).toarray(), np.log1p(Z))
    np.testing.assert_array_equal(tf.unweighted(W).toarray(), np.ones((4, 4)))
    np.testing.assert_array_equal(tf.above(W, 30).toarray(), np.where(Z >= 30, Z, 0))


@given(st.integers(0, 10_000), st.sampled_from(sorted(tf.TRANSFORMS)))
def test_every_transform_leaves_its_input_alone_and_gives_a_clean_matrix(seed: int, name: str) -> None:
    rng = np.random.default_rng(seed)
    matrix = sp.random_array((6, 6), density=0.5, rng=rng, format="csr")
    matrix.data = np.round(matrix.data * 10)  # some links of weight 0
    before = matrix.copy()
    amounts = [np.full(6, 100.0) for _ in tf.AMOUNTS.get(name, ())]
    found = tf.transformed(matrix, name, groups=["a", "a", "b", "b", "c", "c"], amounts=amounts)
    assert (matrix.data == before.data).all()
    assert (matrix.indices == before.indices).all()
    assert found.has_sorted_indices
    assert np.isfinite(found.data).all()
    assert (found.data > 0).all()


def test_total_requirements_and_value_added_flows_add_up() -> None:
    # Miller and Blair (2009), their two-sector table: L has the columns 1.254, 0.264 and 0.330, 1.122.
    flows, output = np.array([[150.0, 500.0], [200.0, 100.0]]), np.array([1000.0, 2000.0])
    found = tf.leontief(flows, output).toarray()
    np.testing.assert_allclose(found + np.eye(2), [[1.254125, 0.330033], [0.264026, 1.122112]], atol=1e-6)
    # All value added of a closed table ends in its final demand, and every row is the value added of one industry,
    # once what each adds itself to its own final sales is put back: 0.65 · 350 and 0.7 · 1700.
    added = tf.value_added_flows(flows, output, [650.0, 1400.0]).toarray() + np.diag([0.65 * 350, 0.7 * 1700])
    np.testing.assert_allclose(added.sum(axis=1), [650.0, 1400.0])
    np.testing.assert_allclose(added.sum(axis=0), [350.0, 1700.0])


def test_undirected_keeps_the_total_and_the_loops() -> None:
    found = tf.undirected(W)
    assert sp.triu(found).sum() == pytest.approx(Z.sum())
    np.testing.assert_array_equal(found.diagonal(), np.diag(Z))


def test_what_is_asked_wrongly_is_an_error() -> None:
    with pytest.raises(NetclusterError, match="no transform 'cube'"):
        tf.transformed(W, "cube")
    with pytest.raises(NetclusterError, match="each node's region"):
        tf.transformed(W, "within")
    with pytest.raises(NetclusterError, match="needs size and value_added"):
        tf.transformed(W, "value_added")
    with pytest.raises(NetclusterError, match="need each node"):
        tf.leontief(W, [np.nan] * 4)
    with pytest.raises(NetclusterError, match="3 group labels for 4 nodes"):
        tf.within(W, ["a", "b", "c"])


def test_a_node_that_sells_or_buys_nothing_has_no_shares_and_no_nan() -> None:
    empty = sp.csr_array(np.array([[0.0, 2.0], [0.0, 0.0]]))
    assert tf.input_shares(empty).toarray().tolist() == [[0, 1], [0, 0]]
    assert tf.output_shares(empty, [0.0, 5.0]).toarray().tolist() == [[0, 0], [0, 0]]
