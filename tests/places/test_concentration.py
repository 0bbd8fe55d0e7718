"""Ellison–Glaeser and Litzenberger–Sternberg: published examples, and darts thrown on the map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.places import concentration, ellison_glaeser, litzenberger_sternberg
from netcluster.tables.employment import EmploymentTable

PLANTS = [[200, 650, 12000, 100, 50], [16000, 13000, 1500, 1500], [25000]]


def test_plants_of_vienna_linz_and_graz() -> None:
    # The example of Farhauer and Kröll, as REAT computes it.
    found = ellison_glaeser(
        list(map(sum, PLANTS)), [500000, 400000, 100000], plants=[z for place in PLANTS for z in place]
    )
    assert found.raw == pytest.approx(0.16816327, abs=5e-9)
    assert found.plant_hhi == pytest.approx(0.24468878, abs=5e-9)
    assert found.gamma == pytest.approx(0.05990628, abs=5e-9)


def test_mean_and_variance_of_darts() -> None:
    # Brute force: 20,000 throws of five plants at three regions; mean and variance of G as by the formulas.
    rng = np.random.default_rng(0)
    x, z = np.array([0.5, 0.3, 0.2]), np.array([5.0, 4.0, 3.0, 2.0, 1.0])
    z /= z.sum()
    where = rng.choice(3, size=(20_000, 5), p=x)
    s = (z[None, :, None] * (where[:, :, None] == np.arange(3))).sum(axis=1)
    G = ((s - x) ** 2).sum(axis=1)
    found = ellison_glaeser([1, 1, 1], x, plants=z)
    assert found.expected == pytest.approx(G.mean(), rel=0.01)
    assert found.variance == pytest.approx(G.var(), rel=0.03)


def test_equal_plants_of_a_table_are_those_plants_one_by_one() -> None:
    jobs = pd.DataFrame({"region": list("NSNS"), "industry": list("aabb"), "employment": [30.0, 10.0, 20.0, 60.0]})
    frame = concentration(EmploymentTable(jobs.assign(establishments=[3.0, 2.0, 1.0, 1.0]))).frame
    row = frame.set_index("industry").loc["a"]
    found = ellison_glaeser([30, 10], [50, 70], plants=[10, 10, 10, 5, 5])
    assert row["ellison_glaeser"] == pytest.approx(found.gamma)
    assert row["ellison_glaeser_z"] == pytest.approx(found.z)


def test_litzenberger_sternberg_of_the_book() -> None:
    # Farhauer and Kröll: the region's own values and those of all regions together.
    rest = [5740 - 1743, 576 - 50, 4621 - 488, 53 - 35]
    both = [np.array(pair) for pair in zip([1743, 50, 488, 35], rest, strict=True)]
    assert litzenberger_sternberg(*both)[0] == pytest.approx(21.874911, abs=5e-7)


def test_without_plants_there_is_no_index() -> None:
    with pytest.raises(NetclusterError, match="needs plants"):
        ellison_glaeser([1, 2], [1, 1])
    frame = pd.DataFrame({"region": ["N"], "industry": ["a"], "employment": [1.0], "establishments": [np.nan]})
    result = concentration(EmploymentTable(frame))
    assert result.frame["ellison_glaeser"].isna().all()
    assert "no_establishments" in [note.code for note in result.notes]
