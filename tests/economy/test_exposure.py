from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.economy.exposure import exposure, passthrough
from tests.economy.textbook import inverse, miller_blair, random_table


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_shares_agree_with_the_whole_inverses_and_add_up(seed: int) -> None:
    io = random_table(seed, 6, regions=3, categories=3)
    home = (np.arange(6) // 2)[:, None] == np.arange(3)
    chain = (inverse(io) - np.eye(6)) @ (home * io.Y.sum(axis=1)[:, None])
    expected = home.T @ chain / chain.sum(axis=0)
    direct = home.T @ io.Z @ home
    table = exposure(io).frame.pivot_table(index="partner", columns="node", values=["face_value", "total"])
    np.testing.assert_allclose(table["total"], expected, rtol=1e-9)
    np.testing.assert_allclose(table["face_value"], direct / direct.sum(axis=0), rtol=1e-9)
    G = np.linalg.inv(np.eye(6) - io.B)
    sold = ((home * io.V.sum(axis=0)[:, None]).T @ (G - np.eye(6))) @ home
    sales = exposure(io, side="sales").frame.pivot_table(index="node", columns="partner", values="total")
    np.testing.assert_allclose(sales, sold / sold.sum(axis=1, keepdims=True), rtol=1e-9)


def test_a_supplier_behind_a_supplier_is_hidden_at_face_value() -> None:
    # Worked out in the docstring's example: C buys from B only, B buys from A.
    frame = exposure(miller_blair(), of=np.array(["a", "b"]), on="node").frame
    assert frame.groupby("node")["face_value"].sum().tolist() == pytest.approx([1, 1])
    assert frame.groupby("node")["hidden"].sum().to_numpy() == pytest.approx(0)


def test_passes_agree_with_chains_followed_one_by_one() -> None:
    io = random_table(6, 4, regions=2, categories=2)
    io = io.replace(Z=io.Z * 0.1)  # chains that fade soon, so that few steps hold nearly all
    v = io.value_added / io.x
    region = np.arange(4) // 2
    expected = np.zeros((2, 2, 2))
    for user in range(2):
        carried = 0.0
        for steps in range(6):
            for chain in itertools.product(range(4), repeat=steps + 1):
                weight = v[chain[0]] * io.Y[chain[-1], user]
                for a, b in itertools.pairwise(chain):
                    weight *= io.A[a, b]
                carried += weight
                for r in range(2):
                    inside = [region[i] == r for i in chain]
                    enters = inside[0] + sum(b and not a for a, b in itertools.pairwise(inside))
                    expected[user, r] += weight * enters, weight * sum(inside)
        expected[user] /= carried
    frame = passthrough(io).frame
    np.testing.assert_allclose(frame["passes"], expected[:, :, 0].ravel(), rtol=1e-3)
    np.testing.assert_allclose(frame["stages"], expected[:, :, 1].ravel(), rtol=1e-3)


def test_unknown_levels_are_refused() -> None:
    with pytest.raises(NetclusterError, match="level"):
        exposure(miller_blair(), of="planet")
    with pytest.raises(NetclusterError, match="labels"):
        exposure(miller_blair(), on=["a"])
    with pytest.raises(NetclusterError, match="side"):
        exposure(miller_blair(), side="up")  # type: ignore[arg-type]
