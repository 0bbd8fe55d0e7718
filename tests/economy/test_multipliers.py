from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.economy.households import Closure
from netcluster.economy.model import Model
from netcluster.economy.multipliers import multipliers
from netcluster.tables.iotable import IOTable
from tests.economy.textbook import beutel, inverse, miller_blair, random_table


def test_value_added_and_jobs_multipliers_of_germany_1995() -> None:
    frame = multipliers(beutel(), of=("GVA", "jobs")).frame
    # Eurostat Manual (2008), chapter 15, printed to four decimals.
    np.testing.assert_allclose(frame["gva_multiplier"], [0.8450, 0.7647, 0.8615, 0.9019, 0.9393, 0.9199], atol=6e-5)
    np.testing.assert_allclose(frame["jobs_multiplier"], [0.0326, 0.0162, 0.0207, 0.0237, 0.0112, 0.0242], atol=6e-5)


def test_the_closed_inverse_of_miller_and_blair() -> None:
    model = Model(miller_blair())
    closed = Closure(np.array([[0.30, 0.25]]), np.array([[0.05], [0.40]]), np.array([[0.05]]))
    # Miller and Blair's table closed to households; its inverse, sectors only, recomputed with NumPy by hand.
    np.testing.assert_allclose(closed.totals(model, np.eye(2)), [[1.3651, 0.4253], [0.5273, 1.3481]], atol=6e-5)


def with_households(seed: int, regions: int) -> IOTable:
    io = random_table(seed, 8, regions=regions, categories=2 * regions)
    wages, rest = 0.6 * io.V[0], 0.4 * io.V[0]
    demand = io.demand.copy()
    demand["category"] = ["household" if k < regions else "other" for k in range(2 * regions)]
    demand["name"] = demand["category"]
    inputs = pd.DataFrame({"id": ["wages", "profits"], "name": ["wages", "profits"], "kind": "value_added"})
    return io.replace(V=np.array([wages, rest]), inputs=inputs, demand=demand)


@pytest.mark.parametrize("regions", [1, 2])
@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_type_two_agrees_with_the_inverse_of_the_enlarged_table(regions: int, seed: int) -> None:
    io = with_households(seed, regions)
    n = io.n
    home = (np.arange(n) // (n // regions))[None, :] == np.arange(regions)[:, None]
    income = home * io.V[0]
    base = np.maximum(income.sum(axis=1), io.Y[:, :regions].sum(axis=0))
    enlarged = np.zeros((n + regions, n + regions))
    enlarged[:n, :n] = io.A
    enlarged[n:, :n] = income / io.x
    enlarged[:n, n:] = io.Y[:, :regions] / base
    closed = np.linalg.inv(np.eye(n + regions) - enlarged)[:n, :n]
    frame = multipliers(io, of=("output", "jobs"), kinds=("I", "II")).frame
    jobs = io.accounts["jobs"].values / io.x
    np.testing.assert_allclose(frame["output_multiplier_ii"], closed.sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(frame["jobs_multiplier_ii"], jobs @ closed, rtol=1e-9)
    np.testing.assert_allclose(frame["jobs_ratio"], jobs @ inverse(io) / jobs, rtol=1e-9)
    assert (frame["output_multiplier_ii"] > frame["output_multiplier"]).all()


def test_what_households_earn_and_spend_has_to_be_known() -> None:
    with pytest.raises(NetclusterError, match="income"):
        multipliers(miller_blair(), kinds=("II",))
    with pytest.raises(NetclusterError, match="final demand"):
        multipliers(miller_blair(), kinds=("II",), income="value_added")


def test_an_unknown_account_is_named_with_what_there_is() -> None:
    with pytest.raises(NetclusterError, match="no account") as caught:
        multipliers(beutel(), of=("job",))
    assert "Did you mean jobs?" in caught.value.hint


def test_a_ratio_is_empty_where_the_sector_has_none_of_it() -> None:
    io = random_table(4, 4)
    jobs = io.accounts["jobs"].values.copy()
    jobs[0] = 0.0
    from netcluster.tables.iotable import Account

    frame = multipliers(io.replace(accounts={"jobs": Account("jobs", jobs)}), of=("jobs",)).frame
    assert np.isnan(frame["jobs_ratio"][0])
    assert frame["jobs_multiplier"][0] > 0
