"""Drawn links beside their probabilities: tests of chance, with seeds fixed and the rate of false alarms said."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from netcluster.reconstruction.calibrate import density
from netcluster.reconstruction.distance import estimated_links
from netcluster.reconstruction.expected import Sums
from netcluster.reconstruction.model import Exponents, fitness, model, noise
from netcluster.reconstruction.sample import Distance, draw_links
from tests.reconstruction.economies import pairs, small

#: Each test of chance here would fail for one seed in 100,000 if the draw is right.
FALSE_ALARM = 1e-5
SOME = Exponents(0.8, 0.9, 1.0, 0.8, 0.5)
DRAWS = 3000


@pytest.mark.parametrize("method", ["iogm", "dcgm"])
@pytest.mark.parametrize("exponents", [Exponents(), SOME], ids=["plain", "spread"])
def test_pairs_are_linked_as_often_as_their_probabilities_say(method: str, exponents: Exponents) -> None:
    chosen, firms, _ = model(small(30), method)  # type: ignore[arg-type]
    made = fitness(chosen, exponents, noise(firms.n, 0))
    z = density(Sums(chosen, made), 6.0 * 30)
    p, gravity = pairs(chosen, made, z)
    hits, flows, links = np.zeros_like(p), np.zeros_like(p), []
    for seed in range(DRAWS):
        drawn = draw_links(chosen, made, z, seed=seed)
        rows = np.repeat(np.arange(30), np.diff(drawn.starts))
        hits[rows, drawn.buyers] += 1
        flows[rows, drawn.buyers] += drawn.weights
        links.append(drawn.links)
    assert not hits[p == 0].any()
    often = (p > 0.005) & (p < 0.995)
    score = (hits - DRAWS * p)[often] ** 2 / (DRAWS * p * (1 - p))[often]
    assert stats.chi2.sf(score.sum(), often.sum()) > FALSE_ALARM
    # Independent pairs: the number of links varies as Σ p (1 − p).
    ratio = np.var(links) / (p * (1 - p)).sum()
    assert stats.chi2.sf(DRAWS * ratio, DRAWS) > FALSE_ALARM
    assert stats.chi2.cdf(DRAWS * ratio, DRAWS) > FALSE_ALARM
    # A flow is gravity ÷ p in a share p of the draws.
    expected, spread = gravity[often] * DRAWS, gravity[often] ** 2 * DRAWS * (1 - p[often]) / p[often]
    total = (flows[often].sum() - expected.sum()) / np.sqrt(spread.sum())
    assert 2 * stats.norm.sf(abs(total)) > FALSE_ALARM


def test_links_are_the_same_on_one_thread_and_four_and_differ_by_seed() -> None:
    chosen, firms, _ = model(small(40_000, 6), "iogm")
    made = fitness(chosen, SOME, noise(firms.n, 0))
    z = density(Sums(chosen, made), 5.0 * firms.n)
    one, four = (draw_links(chosen, made, z, seed=3, jobs=jobs) for jobs in (1, 4))
    assert one.starts.tobytes() == four.starts.tobytes()
    assert one.buyers.tobytes() == four.buyers.tobytes()
    assert one.weights.tobytes() == four.weights.tobytes()
    assert draw_links(chosen, made, z, seed=4).buyers.tobytes() != one.buyers.tobytes()
    # Five standard deviations: one false alarm in 1.7 million.
    assert abs(one.links - 5.0 * firms.n) < 5 * np.sqrt(5.0 * firms.n)


def test_rows_are_sorted_without_loops_or_doubles() -> None:
    chosen, firms, _ = model(small(200), "iogm")
    made = fitness(chosen, Exponents(), noise(firms.n, 0))
    z = density(Sums(chosen, made), 0.5 * 200 * 150)
    drawn = draw_links(chosen, made, z)
    rows = np.repeat(np.arange(200), np.diff(drawn.starts))
    assert not (rows == drawn.buyers).any()
    assert (np.diff(rows * 200 + drawn.buyers) > 0).all()


def test_distance_thins_links_as_its_formula_says() -> None:
    # Brute force: λ · (1 + km ÷ scale)^−decay, the great circle by the law of cosines.
    chosen, firms, _ = model(small(30), "iogm")
    made = fitness(chosen, Exponents(), noise(firms.n, 0))
    rng = np.random.default_rng(0)
    where = Distance(50 + rng.random(30), 10 + rng.random(30), 1.5, 20.0)
    links, error = estimated_links(chosen, made, where, 0)
    z = 2.0
    p, _ = pairs(chosen, made, z)
    a, b = np.radians(where.latitude), np.radians(where.longitude)
    cosine = np.sin(a)[:, None] * np.sin(a) + np.cos(a)[:, None] * np.cos(a) * np.cos(b[:, None] - b)
    lam = p / (1 - p) * (1 + 6371.0088 * np.arccos(np.clip(cosine, -1, 1)) / 20.0) ** -1.5
    thin = lam / (1 + lam)
    np.fill_diagonal(thin, 0)
    assert abs(links(z)[0] - thin.sum()) < 4.5 * error(z)
    hits = np.zeros_like(p)
    for seed in range(DRAWS):
        drawn = draw_links(chosen, made, z, seed=seed, distance=where)
        hits[np.repeat(np.arange(30), np.diff(drawn.starts)), drawn.buyers] += 1
    often = (thin > 0.005) & (thin < 0.995)
    score = (hits - DRAWS * thin)[often] ** 2 / (DRAWS * thin * (1 - thin))[often]
    assert stats.chi2.sf(score.sum(), often.sum()) > FALSE_ALARM
