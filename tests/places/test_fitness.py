"""Fitness: a fixed point where it converges, a cap and a word where it does not."""

from __future__ import annotations

import numpy as np
import pytest

from netcluster.places import advantages, fitness, location_quotient

T1 = np.array([[50, 30, 15, 5], [10, 40, 10, 40], [20, 10, 60, 10], [5, 5, 10, 80]], dtype=float)


def test_the_answer_is_a_fixed_point() -> None:
    rng = np.random.default_rng(0)
    M = (rng.random((15, 40)) < np.linspace(0.9, 0.35, 15)[:, None]).astype(float)
    found = fitness(M, iterations=5000)
    up = M @ found.products
    down = 1 / (M.T @ (1 / found.exporters))
    assert found.converged
    assert found.exporters == pytest.approx(up / up.mean(), rel=1e-6)
    assert found.products == pytest.approx(down / down.mean(), rel=1e-6)


def test_of_the_oracle_it_does_not_come_to_rest() -> None:
    # The study: on this matrix the last exporter falls to 1e-4 in 200 rounds that use each other's newest values, which
    # are 400 of rounds that use those of the round before, as published; it goes on falling.
    found = fitness(advantages(location_quotient(T1.T).T), iterations=400)
    assert not found.converged
    assert found.exporters[3] == pytest.approx(1e-4, rel=0.02)
    assert found.rounds == 400


def test_nobody_and_nothing() -> None:
    found = fitness(np.zeros((2, 3)))
    assert np.isnan(found.exporters).all()
    one = fitness([[1, 1, 0], [1, 0, 0], [0, 0, 0]], iterations=10)
    assert np.isnan(one.exporters[2])
    assert np.isnan(one.products[2])
