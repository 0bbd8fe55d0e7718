"""Proximity and density: the oracle T1 of methods/clusters.md §1.8 in both conventions, and brute force."""

from __future__ import annotations

import numpy as np
import pytest

from netcluster.places import advantages, density, location_quotient, proximity

T1 = np.array([[50, 30, 15, 5], [10, 40, 10, 40], [20, 10, 60, 10], [5, 5, 10, 80]], dtype=float)
M = advantages(location_quotient(T1.T).T)


def test_proximity_of_the_oracle() -> None:
    expected = [[1, 0.5, 0, 0], [0.5, 1, 0, 0.5], [0, 0, 1, 0], [0, 0.5, 0, 1]]
    assert proximity(M) == pytest.approx(np.array(expected))


def test_density_of_the_oracle_with_and_without_the_product_itself() -> None:
    phi = proximity(M)
    assert density(M, phi, own=True)[0] == pytest.approx([1, 0.75, 0, 1 / 3])
    without = density(M, phi)[0]
    assert without[[0, 1, 3]] == pytest.approx([1, 0.5, 1])
    assert np.isnan(without[2])


def test_by_brute_force() -> None:
    rng = np.random.default_rng(0)
    A = (rng.random((12, 9)) < 0.4).astype(float)
    A[:, 8] = 0
    phi = proximity(A)
    for p in range(9):
        for q in range(9):
            u = max(A[:, p].sum(), A[:, q].sum())
            assert phi[p, q] == pytest.approx((A[:, p] * A[:, q]).sum() / u if u else 0)
    near = density(A, phi)
    for p in range(8):
        others = [q for q in range(9) if q != p]
        assert near[3, p] == pytest.approx((A[3, others] * phi[p, others]).sum() / phi[p, others].sum())
    assert np.isnan(near[:, 8]).all()
