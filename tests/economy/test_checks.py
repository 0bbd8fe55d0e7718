from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netcluster.economy.checks import checks, spectral_radius
from netcluster.economy.model import Model
from netcluster.tables.iotable import IOTable
from tests.economy.textbook import beutel, miller_blair, random_table


def status(io: IOTable) -> dict[str, str]:
    frame: pd.DataFrame = checks(io).frame
    return dict(zip(frame["check"], frame["status"], strict=True))


def test_a_published_table_passes() -> None:
    assert set(status(beutel()).values()) == {"ok"}


def test_the_spectral_radius_is_that_of_the_eigenvalues() -> None:
    # Miller and Blair: λ² − 0.20 λ + (0.15·0.05 − 0.25·0.20) = 0, by the quadratic formula.
    assert spectral_radius(Model(miller_blair())) == pytest.approx((0.2 + np.sqrt(0.04 + 4 * 0.0425)) / 2)
    io = random_table(3, 10)
    assert spectral_radius(Model(io)) == pytest.approx(np.abs(np.linalg.eigvals(io.A)).max())


def test_a_table_on_its_side_is_told() -> None:
    io = beutel()
    assert status(io.replace(Z=io.Z.T))["orientation"] == "wrong"


def test_output_in_another_unit_is_told() -> None:
    io = miller_blair()
    result = status(io.replace(x=io.x * 1000))
    assert result["scale"] == "look"
    assert result["balance_of_rows"] == "wrong"


def test_a_table_that_cannot_meet_demand_is_reported_not_refused() -> None:
    io = IOTable.from_arrays([[5, 60], [60, 5]], x=[50, 50])
    result = status(io)
    assert result["spectral_radius"] == "wrong"
    assert result["column_sums"] == "look"
    assert result["signs_of_value_added"] == "look"


def test_sectors_without_output_are_counted() -> None:
    frame = checks(random_table(1, 5, empty=2)).frame.set_index("check")
    assert frame.loc["zero_output", "check_value"] == 2
