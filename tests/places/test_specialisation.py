"""Specialisation of regions: the oracles of methods/clusters.md §1.1, computed there with other programs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.places import (
    concentration,
    gini_of_quotients,
    hachman,
    hoover,
    krugman,
    locational_gini,
    specialisation,
)
from netcluster.tables.employment import EmploymentTable

T1 = np.array([[50, 30, 15, 5], [10, 40, 10, 40], [20, 10, 60, 10], [5, 5, 10, 80]], dtype=float).T
FRAME = pd.DataFrame(
    {
        "region": np.tile(list("ABCD"), 4),
        "industry": np.repeat(list("wxyz"), 4),
        "employment": T1.ravel(),
        "establishments": np.nan,
    }
)


def test_regions_of_the_oracle() -> None:
    frame = specialisation(EmploymentTable(FRAME)).frame.set_index("region").loc[list("ABCD")]
    assert frame["krugman"].tolist() == pytest.approx([0.75, 0.5, 0.725, 0.925])
    assert frame["hoover_specialisation"].tolist() == pytest.approx([0.375, 0.25, 0.3625, 0.4625])
    assert frame["hachman"].tolist() == pytest.approx([0.5875, 0.7598, 0.5616, 0.5097], abs=5e-5)
    assert frame["hhi"].tolist() == pytest.approx([0.365, 0.34, 0.42, 0.655])
    assert frame["hhi_normalised"].tolist() == pytest.approx([0.1533, 0.12, 0.2267, 0.54], abs=5e-5)
    bits = frame["entropy"] / np.log(2)
    assert bits.tolist() == pytest.approx([1.6477, 1.7219, 1.571, 1.0219], abs=5e-5)
    assert frame["most_specialised_in"].tolist() == ["w", "x", "y", "z"]


def test_industries_of_the_oracle() -> None:
    frame = concentration(EmploymentTable(FRAME)).frame.set_index("industry").loc[list("wxyz")]
    assert frame["locational_gini"].tolist() == pytest.approx([0.4265, 0.3676, 0.4079, 0.4722], abs=5e-5)
    hoover_percent = 100 * frame["hoover_concentration"]
    assert hoover_percent.tolist() == pytest.approx([33.8235, 32.3529, 38.1579, 38.8889], abs=5e-5)


def test_krugman_of_sweden_beside_its_neighbours() -> None:
    # Farhauer and Kröll: each neighbour's shares count alike.
    others = [
        [35000, 12000, 30000, 8000, 22000],
        [40000, 10000, 25000, 9000, 18000],
        [30000, 11000, 18000, 3000, 13000],
        [40000, 6000, 11000, 2000, 12000],
    ]
    mean = np.mean([np.array(row) / sum(row) for row in others], axis=0)
    assert krugman([45000, 15000, 32000, 10000, 30000], mean) == pytest.approx(0.1595018, abs=5e-8)


def test_krugman_of_mining_beside_other_industries() -> None:
    others = [
        [20000, 11000, 31000, 8000, 20000],
        [40000, 10000, 25000, 9000, 16000],
        [10000, 11000, 14000, 14000, 13000],
        [7000, 7500, 11000, 1500, 36000],
    ]
    mean = np.mean([np.array(row) / sum(row) for row in others], axis=0)
    assert krugman([4320, 7811, 3900, 2300, 47560], mean) == pytest.approx(0.8619321, abs=5e-8)


def test_the_two_locational_ginis_differ() -> None:
    e, E = [500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]
    assert gini_of_quotients(e, E) == pytest.approx(0.4068966, abs=5e-8)
    assert locational_gini(e, E) == pytest.approx(0.3725)
    e, E = [700, 600, 500, 10000, 40000], [30000, 15000, 10000, 60000, 50000]
    assert gini_of_quotients(e, E) == pytest.approx(0.6222222, abs=5e-8)
    assert locational_gini(e, E) == pytest.approx(0.5228735, abs=5e-8)


AMOUNTS = hnp.arrays(np.float64, 6, elements=st.integers(1, 10_000).map(float))


@settings(deadline=None, derandomize=True, max_examples=50)
@given(AMOUNTS, AMOUNTS)
def test_bounds_order_and_scale(amounts: np.ndarray, reference: np.ndarray) -> None:
    half, gini = hoover(amounts, reference), locational_gini(amounts, reference)
    # The Lorenz curve's largest gap is the Hoover index; twice its area is at least that, and less than 1.
    assert -1e-12 <= half <= gini + 1e-12 < 1
    assert krugman(amounts, reference) == pytest.approx(krugman(reference, amounts))
    assert 0 < hachman(amounts, reference) <= 1 + 1e-12
    assert locational_gini(amounts * 3, reference) == pytest.approx(gini)
    assert locational_gini(reference, reference) == pytest.approx(0, abs=1e-12)


def test_columns_are_measures() -> None:
    for result in (specialisation(EmploymentTable(FRAME)), concentration(EmploymentTable(FRAME))):
        assert set(result.measures) <= set(all_measures())
        assert set(result.measures) <= set(result.frame)


def test_what_cannot_be_compared_is_an_error() -> None:
    with pytest.raises(NetclusterError, match="as many"):
        krugman([1, 2], [1, 2, 3])
    with pytest.raises(NetclusterError, match="add up to 0"):
        hoover([0, 0], [1, 1])
