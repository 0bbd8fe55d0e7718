"""Oracles: clusters.md §5.5 (disparity and noise-corrected on a 4 × 4 matrix), recomputed here entry by entry."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.network.backbone import backbone, disparity, noise_corrected

W = np.array([[0.0, 10, 1, 1], [2, 0, 8, 0], [1, 1, 0, 6], [5, 0, 1, 0]])
CSR = sp.csr_array(W)


def test_disparity_oracle() -> None:
    expected = np.array(
        [[1, 0.027778, 0.81, 0.840278], [0.5625, 1, 0.04, 1], [0.765625, 0.765625, 1, 0.0625], [0.140625, 1, 0.81, 1]]
    )
    found = np.ones((4, 4))
    found[CSR.nonzero()] = disparity(CSR)
    np.testing.assert_allclose(found, expected, atol=5e-7)


def test_disparity_by_hand() -> None:
    # Node 0 sells 10 of 12 in 3 links: (1 − 10/12)² = 1/36; node 1 buys 10 of 11 in 2: 1 − 10/11 is more.
    assert disparity(CSR)[0] == pytest.approx(1 / 36)


def test_noise_corrected_oracle() -> None:
    score, deviation = noise_corrected(CSR)
    by_link = dict(zip(zip(*CSR.nonzero(), strict=True), score, strict=True))
    for link, value in {(0, 1): 0.463415, (1, 2): 0.484536, (2, 3): 0.588235, (3, 0): 0.578947}.items():
        assert by_link[link] == pytest.approx(value, abs=5e-7)
    kept = {link for link, keep in zip(zip(*CSR.nonzero(), strict=True), score > 1.64 * deviation, strict=True) if keep}
    assert kept == {(0, 1), (1, 2), (2, 3), (3, 0)}


def test_the_share_kept_is_said() -> None:
    found = backbone(CSR, alpha=0.05)
    # 0 → 1 and 1 → 2 pass; node 3 would lose all its links and keeps its heaviest, 2 → 3.
    assert sorted(zip(*found.matrix.nonzero(), strict=True)) == [(0, 1), (1, 2), (2, 3)]
    assert found.rescued == 1
    assert found.links_kept == pytest.approx(3 / 10)
    assert found.weight_kept == pytest.approx(24 / 36)
    assert "30.0% of the links and 66.7% of the weight" in found.note.text


def test_loops_are_kept_and_change_no_test() -> None:
    with_loops = sp.csr_array(W + np.diag([5.0, 0, 0, 100]))
    plain, looped = backbone(CSR), backbone(with_loops)
    np.testing.assert_array_equal(looped.matrix.toarray(), plain.matrix.toarray() + np.diag([5.0, 0, 0, 100]))
    assert looped.weight_kept == plain.weight_kept


def test_noise_corrected_depends_on_the_unit_and_says_when_it_can_not_do() -> None:
    matrix = sp.csr_array(np.random.default_rng(0).integers(1, 9, (12, 12)).astype(float) * ~np.eye(12, dtype=bool))
    few, many = backbone(matrix, "noise_corrected"), backbone(matrix, "noise_corrected", count=0.001)
    assert few.matrix.nnz < many.matrix.nnz
    with pytest.raises(NetclusterError, match="as counts"):
        noise_corrected(CSR, count=100)
    with pytest.raises(NetclusterError, match="no backbone 'best'"):
        backbone(CSR, "best")  # type: ignore[arg-type]


def test_strongest_keeps_the_heaviest_out_and_in() -> None:
    found = backbone(CSR, "strongest", most=1).matrix.toarray()
    # Out: 0→1, 1→2, 2→3, 3→0; in: 3→0, 0→1, 1→2, 2→3.
    assert sorted(zip(*found.nonzero(), strict=True)) == [(0, 1), (1, 2), (2, 3), (3, 0)]


@given(st.integers(0, 10_000), st.sampled_from(["disparity", "noise_corrected", "strongest"]), st.booleans())
@settings(max_examples=20)
def test_every_node_stays_attached_and_no_weight_changes(seed: int, method: str, directed: bool) -> None:
    rng = np.random.default_rng(seed)
    matrix = sp.random_array((9, 9), density=0.3, rng=rng, format="csr")
    matrix.data = np.ceil(matrix.data * 20)
    matrix = matrix if directed else sp.csr_array(matrix + matrix.T)
    if matrix.sum() <= 1:
        return
    dense = matrix.toarray()
    found = backbone(matrix, method, directed=directed).matrix.toarray()  # type: ignore[arg-type]
    assert ((found == dense) | (found == 0)).all()
    off = ~np.eye(9, dtype=bool)

    def attached(square: np.ndarray) -> np.ndarray:
        links = (square > 0) & off
        return np.asarray(links.any(axis=0) | links.any(axis=1))

    np.testing.assert_array_equal(attached(found), attached(dense))
    if not directed:
        np.testing.assert_array_equal(found, found.T)


def test_an_empty_network_has_an_empty_backbone() -> None:
    found = backbone(sp.csr_array((3, 3)))
    assert (found.matrix.nnz, found.links_kept) == (0, 1.0)
