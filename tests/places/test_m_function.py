"""The M function: by hand, by brute force from its formula, and on planted heaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.core.sphere import chord, unit_sphere
from netcluster.places import m_function
from netcluster.places.m_function import _Counter
from netcluster.places.sites import Sites
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable


def table(place: np.ndarray, member: int, size: np.ndarray) -> FirmTable:
    n = len(place)
    frame = pd.DataFrame(columns=list(FIRM_COLUMNS), index=range(n)).assign(
        id=[f"f{k}" for k in range(n)], kind="firm", industry=["T"] * member + ["other"] * (n - member),
        size=size, lat=place[:, 0], lon=place[:, 1],
    )  # fmt: skip
    return FirmTable(frame)


def heap(width: float) -> FirmTable:
    rng = np.random.default_rng(3)
    place = rng.uniform(-1, 1, (300, 2))
    place[:30] *= width
    return table(place + np.array([50, 10]), 30, rng.integers(1, 50, 300).astype(float))


def test_two_towns_by_hand() -> None:
    # Two towns far apart: T, T, o in one, T, o, o in the other. Within a town the firms of T see 1/2, 1/2 and 0/2 of T
    # around them; of all five others two are T, 2/5 each: M = (1/2 + 1/2 + 0) / (6/5) = 5/6.
    lat = np.array([0, 0, 10, 0, 10, 10.0])
    site = Sites(unit_sphere(lat, lat * 0), np.array([True, True, True, False, False, False]), np.ones(6))
    assert _Counter(site, chord(500.0), 1)(np.arange(6))[0] == pytest.approx(5 / 6)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_formula_by_brute_force(weighted: bool) -> None:
    rng = np.random.default_rng(1)
    place, n, own = rng.uniform(0, 3, (40, 2)), 40, 12
    w = rng.integers(1, 9, n).astype(float) if weighted else np.ones(n)
    sphere = unit_sphere(place[:, 0], place[:, 1])
    site = Sites(sphere, np.arange(n) < own, w)
    edge = chord(200.0)
    found = _Counter(site, edge, 5)(np.arange(n))
    for k in range(5):
        top = bottom = 0.0
        for i in range(own):
            near = [j for j in range(n) if j != i and np.linalg.norm(sphere[i] - sphere[j]) < edge * (k + 1) / 5]
            if near:
                top += sum(w[j] for j in near if j < own) / sum(w[j] for j in near)
                bottom += (w[:own].sum() - w[i]) / (w.sum() - w[i])
        assert found[k] == pytest.approx(top / bottom)


@pytest.mark.parametrize("weighted", [False, True])
def test_a_heap_is_concentrated_and_scatter_is_not(weighted: bool) -> None:
    close = m_function(heap(0.2), "T", weighted=weighted, draws=99, points=20)
    assert close.frame["tendency"].head(3).eq("concentrated").all()
    assert close.frame["m_function"].iloc[0] > 2
    scatter = m_function(heap(1.0), "T", weighted=weighted, draws=99, points=20)
    assert scatter.frame["tendency"].eq("").all()
    assert set(close.measures) <= set(all_measures())


def test_one_seed_gives_one_answer_on_any_number_of_threads() -> None:
    one, two = (m_function(heap(0.5), "T", draws=39, points=10, seed=4, jobs=k).frame for k in (1, 3))
    pd.testing.assert_frame_equal(one, two)


def test_what_cannot_be_told_is_an_error() -> None:
    with pytest.raises(NetclusterError, match="of the industry"):
        m_function(heap(1.0), "nothing")
    with pytest.raises(NetclusterError, match="too few"):
        m_function(heap(1.0), "T", draws=10)
