from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.economy.rebalance import balance, gras, ras
from netcluster.tables.iotable import IOTable
from tests.economy.textbook import beutel, random_table


def test_ras_keeps_the_cross_ratio() -> None:
    result = ras([[1, 2], [3, 4]], [5, 5], [4, 6])
    # Solved by hand: x = r̂Mŝ keeps x11 x22 / (x12 x21) = 4/6.
    np.testing.assert_allclose(result.values, [[1.757651, 3.242349], [2.242349, 2.757651]], atol=5e-7)
    cell = result.values
    assert cell[0, 0] * cell[1, 1] / (cell[0, 1] * cell[1, 0]) == pytest.approx(2 / 3)
    assert result.converged


def test_gras_on_the_example_of_junius_and_oosterhaven() -> None:
    start = [[7, 3, 5, -3], [2, 9, 8, 1], [-2, 0, 2, 1]]
    result = gras(start, [15, 26, -1], [9, 16, 17, -2])
    # Published example (Junius and Oosterhaven 2003; Temurshoev, Miller and Bouwmeester 2013).
    expected = [
        [8.97644, 3.74316, 5.721728, -3.441329],
        [2.799335, 12.25684, 9.992314, 0.951511],
        [-2.775776, 0, 1.285958, 0.489818],
    ]
    np.testing.assert_allclose(result.values, expected, atol=6e-6)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_the_sums_are_met_and_signs_and_zeros_stay(seed: int) -> None:
    rng = np.random.default_rng(seed)
    start = rng.random((5, 4)) * (rng.random((5, 4)) < 0.8) + np.eye(5, 4)
    start[0, 1] = -0.3
    wanted = start * rng.uniform(0.5, 2, (5, 4))
    result = gras(start, wanted.sum(axis=1), wanted.sum(axis=0))
    assert result.converged
    np.testing.assert_allclose(result.values.sum(axis=1), wanted.sum(axis=1), atol=1e-8)
    np.testing.assert_allclose(result.values.sum(axis=0), wanted.sum(axis=0), atol=1e-8)
    assert (np.sign(result.values) == np.sign(start)).all()


def test_a_table_already_balanced_stays_as_it_is() -> None:
    io = random_table(4, 6)
    table = balance(io)
    np.testing.assert_allclose(table.Z, io.Z, rtol=1e-8)
    assert table.changes[-1].code == "balanced"


def test_a_table_that_misses_its_output_is_brought_to_it() -> None:
    io = beutel()
    table = balance(io.replace(Z=io.Z * np.random.default_rng(0).uniform(0.9, 1.1, io.Z.shape)), method="gras")
    np.testing.assert_allclose(table.Z.sum(axis=1) + table.Y.sum(axis=1), io.x, rtol=1e-8)
    np.testing.assert_allclose(table.Z.sum(axis=0) + table.V.sum(axis=0), io.x, rtol=1e-8)
    np.testing.assert_allclose(table.x, io.x)


def test_what_cannot_be_met_is_refused_or_said() -> None:
    with pytest.raises(NetclusterError, match="negative"):
        ras([[1, -2], [3, 4]], [5, 5], [4, 6])
    with pytest.raises(NetclusterError, match="agree"):
        ras([[1, 2], [3, 4]], [5, 5], [4, 5])
    with pytest.raises(NetclusterError, match="only zeros"):
        ras([[0, 0], [3, 4]], [5, 5], [4, 6])
    stuck = gras([[1, 0], [0, 1]], [1, 2], [2, 1], most=50)
    assert not stuck.converged
    assert stuck.miss > 0.1


def test_a_row_that_cannot_be_met_is_named_and_the_search_ends() -> None:
    # a sells to final users alone, 10; GDP from both sides is (10 + 14)/2 = 12, which they can't all buy from it.
    io = IOTable.from_arrays([[0, 0], [1, 0]], x=[10, 5], Y=[[10], [0]], V=[[9, 5]], sectors=["a", "b"])
    note = balance(io, most=5000).changes[-1]
    assert note.code == "not_converged"
    assert note.count < 1000
    assert "The row of a can't be met" in note.text
