"""Expected links and degrees beside the sum over all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.reconstruction.calibrate import density, fit_exponents, profile, wanted
from netcluster.reconstruction.expected import Sums
from netcluster.reconstruction.model import Exponents, Inputs, fitness, model, noise
from tests.reconstruction.economies import pairs, small

SOME = Exponents(0.6, 0.7, 0.8, 0.5, 0.3)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    method=st.sampled_from(["iogm", "dcgm", "scgm"]),
    exponents=st.sampled_from([Exponents(), SOME]),
    degree=st.floats(0.5, 12.0),
)
def test_links_and_degrees_are_the_sums_over_pairs(seed: int, method: str, exponents: Exponents, degree: float) -> None:
    # Brute force: p of all n² pairs.
    inputs = Inputs(np.array([0, 0, 5]), np.array([1, 2, 3]), np.array([3.0, 1.0, 2.0])) if method == "scgm" else None
    chosen, firms, _ = model(small(40, seed=seed), method, inputs)  # type: ignore[arg-type]
    made = fitness(chosen, exponents, noise(firms.n, seed))
    sums = Sums(chosen, made)
    goal = min(degree * 40, 0.9 * sums.most)
    z = density(sums, goal)
    p, _ = pairs(chosen, made, z)
    assert p.sum() == pytest.approx(goal, rel=1e-8)
    out, into = sums.degrees(z)
    np.testing.assert_allclose(out, p.sum(axis=1), rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(into, p.sum(axis=0), rtol=1e-7, atol=1e-10)


def test_expected_flows_are_the_tables_and_the_firms() -> None:
    # Brute force: E w = p · gravity ÷ p; the sums over industries and firms are the margins, loops counted in.
    chosen, firms, _ = model(small(), "iogm")
    _, gravity = pairs(chosen, fitness(chosen, SOME, noise(firms.n, 0)), 1.0)
    np.testing.assert_allclose(gravity.sum(axis=1), firms.sales, rtol=1e-12)
    np.testing.assert_allclose(gravity.sum(axis=0), firms.purchases, rtol=1e-12)
    cells = np.zeros_like(firms.cells)
    np.add.at(cells, (firms.industry[:, None], firms.industry[None, :]), gravity)
    np.testing.assert_allclose(cells, firms.cells, rtol=1e-12)


def test_known_inputs_keep_the_columns_of_the_others_within_the_cells() -> None:
    inputs = Inputs(np.array([0, 0]), np.array([1, 2]), np.array([3.0, 1.0]))
    chosen, firms, _ = model(small(), "scgm", inputs)
    _, gravity = pairs(chosen, fitness(chosen, Exponents(), noise(firms.n, 0)), 1.0)
    bought = np.bincount(firms.industry, gravity[:, 0], 4)
    # By hand: three quarters from industry 1, a quarter from industry 2.
    np.testing.assert_allclose(bought / bought.sum(), [0.0, 0.75, 0.25, 0.0], atol=1e-12)
    np.testing.assert_allclose(gravity.sum(axis=1), firms.sales, rtol=1e-12)


def test_classes_of_like_fitness_are_exact_to_five_digits() -> None:
    # Beside the sum over single firms, which is exact.
    chosen, firms, _ = model(small(3000), "iogm")
    made = fitness(chosen, SOME, noise(firms.n, 0))
    exact, coarse = Sums(chosen, made, most=10_000), Sums(chosen, made, most=400)
    assert coarse.links(1.0)[0] == pytest.approx(exact.links(1.0)[0], rel=1e-5)
    np.testing.assert_allclose(coarse.degrees(1.0)[0], exact.degrees(1.0)[0], rtol=2e-3)


def test_more_links_than_pairs_is_an_error() -> None:
    chosen, firms, _ = model(small(), "iogm")
    with pytest.raises(NetclusterError, match="there can be"):
        density(Sums(chosen, fitness(chosen, Exponents(), noise(firms.n, 0))), 1e6)


def test_the_fit_reaches_the_published_profile() -> None:
    chosen, firms, _ = model(small(3000, 12), "iogm")
    draws = noise(firms.n, 0)
    found, _ = fit_exponents(chosen, 20.0, draws)
    ones = (np.ones(firms.n), np.ones(chosen.firm.size))
    reached, _ = profile(chosen, found, draws, 20.0 * firms.n, ones)
    np.testing.assert_allclose(reached.values(), wanted(20.0).values(), atol=0.03)


def test_plain_gravity_has_the_slopes_the_literature_finds_too_steep() -> None:
    # Our study of Hungarian sizes found 0.73 and 0.83 where published networks have 0.3 to 0.42.
    chosen, firms, _ = model(small(1000), "iogm")
    ones = (np.ones(firms.n), np.ones(chosen.firm.size))
    reached, _ = profile(chosen, Exponents(), noise(firms.n, 0), 20.0 * firms.n, ones)
    assert reached.slope_out > 0.6
    assert reached.slope_in > 0.6
