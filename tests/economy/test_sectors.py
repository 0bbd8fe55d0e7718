from __future__ import annotations

import numpy as np
import pytest

from netcluster.economy.extraction import extraction
from netcluster.economy.model import Model
from netcluster.economy.sectors import sectors
from tests.economy.textbook import beutel, miller_blair, random_table

FIRST = ["region", "sector", "name", "output", "output_multiplier", "backward_linkage", "forward_linkage", "key_sector"]
MORE = [
    "direct_backward_linkage",
    "direct_forward_linkage",
    "net_backward_linkage",
    "upstreamness",
    "downstreamness",
    "extraction_output_loss",
    "extraction_value_added_loss",
]


def test_columns_are_the_contract() -> None:
    result = sectors(beutel(), multipliers=("jobs", "output"))
    assert result.frame.columns.tolist() == [*FIRST, *MORE, "jobs_multiplier"]
    assert "key_sector" not in result.measures


def test_miller_and_blair_in_one_row_a_sector() -> None:
    frame = sectors(miller_blair()).frame
    # The first two by hand: (150 + 200)/1000, (500 + 100)/2000; (150 + 500)/1000, (200 + 100)/2000.
    np.testing.assert_allclose(frame["direct_backward_linkage"], [0.35, 0.30])
    np.testing.assert_allclose(frame["direct_forward_linkage"], [0.65, 0.15])
    np.testing.assert_allclose(frame["upstreamness"], [1.9142, 1.2541], atol=6e-5)
    np.testing.assert_allclose(frame["downstreamness"], [1.5182, 1.4521], atol=6e-5)
    np.testing.assert_allclose(frame["extraction_output_loss"], [1210.526, 2588.235], atol=5e-4)
    np.testing.assert_allclose(frame["extraction_value_added_loss"], [797.368, 1782.353], atol=5e-4)


def test_extraction_columns_agree_with_extraction_itself() -> None:
    io = random_table(11, 30, empty=2)
    frame, alone = sectors(io).frame, extraction(io).frame
    for column in ("extraction_output_loss", "extraction_value_added_loss"):
        np.testing.assert_allclose(frame[column], alone[column], rtol=1e-12)


def test_value_added_over_the_chain_equals_output_times_upstreamness() -> None:
    # Σ VA_i U_i = Σ f_j D_j = Σ x, an identity of both models.
    io = random_table(12, 20)
    frame = sectors(io).frame
    assert io.V[0] @ frame["upstreamness"] != pytest.approx(0)
    assert io.V[0] @ frame["upstreamness"] == pytest.approx(io.x.sum())
    assert io.Y[:, 0] @ frame["downstreamness"] == pytest.approx(io.x.sum())
    assert (frame["upstreamness"] >= 1).all()


def test_the_diagonal_is_found_without_the_inverse_also_where_rows_are_exchanged() -> None:
    # One coefficient above 1 makes LAPACK exchange rows; the diagonal has to follow.
    io = random_table(13, 40)
    flows = io.Z.copy()
    flows[30, 2] = 2.5 * io.x[2]
    flows[2, 30] = 0.0
    model = Model(io.replace(Z=flows))
    expected = np.diag(np.linalg.inv(np.eye(40) - model.A))
    assert (model.factor._factor[1] != np.arange(40)).any()
    np.testing.assert_allclose(model.factor.inverse_diagonal(width=7, whole=0), expected, rtol=1e-10)
    np.testing.assert_allclose(model.factor.inverse_diagonal(), expected, rtol=1e-10)
