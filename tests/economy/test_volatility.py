from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.economy.volatility import volatility
from netcluster.tables.iotable import IOTable
from tests.economy.textbook import miller_blair, random_table


def test_the_star_of_acemoglu_has_most_of_its_volatility_in_the_hub() -> None:
    # Every sector, the hub too, buys from the hub alone: v_hub = α/n (1 + (1 − α)n/α) = 1 − α + α/n, others α/n.
    n, alpha = 5, 0.5
    flows = np.zeros((n, n))
    flows[0] = 1.0
    frame = volatility(IOTable.from_arrays(flows, x=np.full(n, 8.0)), labour_share=alpha).frame
    expected = np.array([1 - alpha + alpha / n] + [alpha / n] * (n - 1))
    np.testing.assert_allclose(frame["influence_vector"], expected)
    np.testing.assert_allclose(frame["volatility_share"], expected**2 / (expected**2).sum())


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_shares_add_up_and_the_norm_is_at_least_that_of_equal_sectors(seed: int) -> None:
    result = volatility(random_table(seed))
    assert result.frame["influence_vector"].sum() == pytest.approx(1)
    assert result.frame["volatility_share"].sum() == pytest.approx(1)
    assert result.parameters["norm"] >= result.parameters["least_norm"] - 1e-12  # type: ignore[operator]


def test_domar_weights_are_output_over_value_added() -> None:
    np.testing.assert_allclose(volatility(miller_blair()).frame["domar_weight"], [1000 / 2050, 2000 / 2050])


def test_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(NetclusterError, match="primary inputs"):
        volatility(miller_blair(), labour_share=0)
