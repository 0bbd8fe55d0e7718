from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.economy.influence import influence, multiplier_product
from tests.economy.textbook import inverse, miller_blair, random_table


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_fields_agree_with_an_inverse_for_each_coefficient(seed: int) -> None:
    io = random_table(seed, 5)
    L, change = inverse(io), 0.001
    expected = {}
    for i in range(5):
        for j in range(5):
            A = io.A.copy()
            A[i, j] += change
            moved = (np.linalg.inv(np.eye(5) - A) - L) / change
            expected[io.ids[i], io.ids[j]] = (moved**2).sum()
    frame = influence(io, change=change).frame
    assert len(frame) == 25
    for supplier, buyer, value in zip(frame["supplier"], frame["buyer"], frame["field_of_influence"], strict=True):
        assert value == pytest.approx(expected[supplier, buyer], rel=1e-6)
    assert frame["field_of_influence"].is_monotonic_decreasing
    assert frame["influence_over_mean"].mean() == pytest.approx(1)


def test_a_change_too_large_for_the_table_is_refused() -> None:
    with pytest.raises(NetclusterError, match="own demand"):
        influence(miller_blair(), change=0.9)


def test_multiplier_products_have_the_sums_of_the_inverse_as_margins() -> None:
    io = random_table(3, 6)
    L = inverse(io)
    frame = multiplier_product(io).frame
    table = frame.pivot_table(index="supplier", columns="buyer", values="multiplier_product")
    np.testing.assert_allclose(table.sum(axis=1), L.sum(axis=1), rtol=1e-10)
    np.testing.assert_allclose(table.sum(axis=0), L.sum(axis=0), rtol=1e-10)
