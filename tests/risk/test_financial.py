"""The financial layer: by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.network import Layer, Network
from netcluster.risk.cascade import cascade
from netcluster.risk.financial import contagion, financial


def network(equity: bool = True) -> Network:
    """Return a → b, both borrowing of bank p, which borrowed of bank q."""
    nodes = pd.DataFrame({"id": list("abpq"), "kind": "firm", "role": "", "label": "", "industry": list("xykk")})
    nodes = nodes.assign(region="", size=np.nan, revenue=[100.0, 200.0, 0.0, 0.0], costs=[0.0, 100.0, 0.0, 0.0])
    if equity:
        nodes = nodes.assign(equity=[50.0, 40.0, 20.0, 30.0])
    supply, loans = np.zeros((4, 4)), np.zeros((4, 4))
    supply[0, 1] = 100.0
    loans[2, 0], loans[2, 1], loans[3, 2] = 4.0, 8.0, 15.0
    layers = {name: Layer(sp.csr_array(w), money=True) for name, w in (("supply", supply), ("finance", loans))}
    return Network(nodes, layers)


def test_by_hand() -> None:
    frame = financial(network(), production="leontief", replaceability=False).frame.set_index("firm")
    # a closes: b makes nothing for want of inputs but loses no buyer, so that its profit falls by nothing in this
    # measure (lost sales 0); a's loan of 4 is lost: p loses 4/20, q then 15/30 of that.
    assert [frame[name]["a"] for name in ("fsri_direct", "fsri")] == pytest.approx([0.2 * 0.4, 0.2 * 0.4 + 0.1 * 0.6])
    # b closes: a loses its one buyer, 100 of revenue and no costs, more than its equity of 50; both loans are lost.
    assert frame.loc["b", "defaults"] == 2
    assert [frame[name]["b"] for name in ("fsri_direct", "fsri")] == pytest.approx([0.6 * 0.4, 0.6 * 0.4 + 0.3 * 0.6])
    assert frame.loc["b", "banks_hit"] == 2


def test_contagion_against_the_linear_system() -> None:
    # Below the cap, linear DebtRank is the sum of all rounds: (I − W)⁻¹ h₀.
    rng = np.random.default_rng(0)
    owed, first = rng.random((5, 5)) * 0.1, rng.random(5) * 0.1
    assert contagion(owed, first) == pytest.approx(np.linalg.solve(np.eye(5) - owed, first))
    assert contagion(owed * 50, first) == pytest.approx(np.ones(5))
    assert (contagion(owed, first, eta=2.0) <= contagion(owed, first) + 1e-12).all()


def test_equity_is_assumed_and_said() -> None:
    result = financial(network(equity=False), production="linear")
    assert [note.count for note in result.notes if note.code == "assumed_equity"] == [4]
    assert set(result.measures) <= set(all_measures())
    assert result.frame.columns.tolist() == ["firm", *result.measures, "label"]


def test_a_firm_loses_banks_as_much_whoever_closed_before_it() -> None:
    # Each firm by itself is the check, and for the index the cascade, which goes its own way through the firms.
    rng = np.random.default_rng(0)
    flows = np.where(rng.random((15, 15)) < 0.25, rng.lognormal(size=(15, 15)), 0.0) * (1 - np.eye(15))
    supply, loans = np.zeros((17, 17)), np.zeros((17, 17))
    supply[:15, :15], loans[15:, :15] = flows, rng.random((2, 15)) * (rng.random((2, 15)) < 0.5)
    nodes = pd.DataFrame({"id": [f"n{i}" for i in range(17)], "industry": [f"s{i % 3}" for i in range(15)] + ["k"] * 2})
    nodes = nodes.assign(kind="firm", role="", label="", region="", size=np.nan, equity=[1.0] * 15 + [5.0] * 2)
    nodes = nodes.assign(revenue=supply.sum(axis=1) * 1.2 + 0.3, costs=supply.sum(axis=0) * 1.1 + 0.1)
    net = Network(
        nodes, {name: Layer(sp.csr_array(w), money=True) for name, w in (("supply", supply), ("finance", loans))}
    )
    together = financial(net, production="linear").frame
    alone = [financial(net, production="linear", firms=[firm]).frame for firm in together["firm"]]
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True), rtol=1e-12)
    index = cascade(net, production="linear").frame.set_index("firm")["esri"]
    assert together["esri"].tolist() == pytest.approx(index[together["firm"]].tolist(), rel=1e-12)


@pytest.mark.parametrize(
    ("options", "message"), [({"lending": "loans"}, "no layer 'loans'"), ({"firm_equity": 0.0}, "above zero")]
)
def test_bad_requests(options: dict[str, Any], message: str) -> None:
    with pytest.raises(NetclusterError, match=message):
        financial(network(), **options)
