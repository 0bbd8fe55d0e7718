"""Output that rounding left behind is no output; the rest of the table stays as it was."""

from __future__ import annotations

import numpy as np

from netcluster.tables.dust import without_dust
from netcluster.tables.iotable import IOTable


def test_a_sector_of_rounding_is_emptied_and_counted() -> None:
    # By hand: b makes 1e-9 beside 1e6, all of it for itself, so its coefficient is 1 and nobody could meet demand.
    io = IOTable.from_arrays([[4e5, 0, 1e5], [0, 1e-9, 0], [1e5, 0, 1e5]], x=[1e6, 1e-9, 5e5], sectors=["a", "b", "c"])
    clean = without_dust(io)
    np.testing.assert_array_equal(clean.x, [1e6, 0, 5e5])
    np.testing.assert_array_equal(clean.Z, [[4e5, 0, 1e5], [0, 0, 0], [1e5, 0, 1e5]])
    assert clean.changes[-1].count == 1
    assert "b" in clean.changes[-1].text


def test_small_sectors_and_idle_ones_are_left_alone() -> None:
    io = IOTable.from_arrays([[1, 0], [0, 0]], x=[1e9, 1.0])
    assert without_dust(io) is io
    idle = IOTable.from_arrays([[1, 0], [0, 0]], x=[2, 0])
    assert without_dust(idle) is idle
