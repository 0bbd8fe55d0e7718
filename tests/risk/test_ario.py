"""The daily model: BoARIO as oracle, a table against the same economy as a network, closed borders, rebuilding."""

from __future__ import annotations

import warnings
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.network.network import Layer, Network
from netcluster.risk import Behaviour, Event, ario
from netcluster.tables.iotable import IOTable

REGIONS, GOODS = ("A", "B", "C"), ("p", "q", "r", "s")
LABELS = pd.DataFrame([(r, s) for r in REGIONS for s in GOODS], columns=["region", "sector"])


def economy(seed: int, scale: float = 1e6) -> IOTable:
    rng = np.random.default_rng(seed)
    n = len(LABELS)
    flows = rng.lognormal(size=(n, n)) * scale
    x = np.maximum(flows.sum(axis=0), flows.sum(axis=1)) * 1.5
    return IOTable.from_arrays(flows, x=x, sectors=LABELS)


def boario_path(io: IOTable, capacity: Any, days: int, behaviour: Behaviour, *, mended: bool) -> Any:
    """Return production by day of BoARIO's model, driven day by day with a given capacity.

    With `mended`, two of its rules are put right: stocks move every day (its `allclose` leaves them where a
    day's change is below 1e-5 of the use), and capacity is stretched by what the day's demand lacked (it sets
    tomorrow's orders against today's production, and relaxes only where the two are equal to the last digit).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        boario = pytest.importorskip("boario.extended_models")
        pymrio = pytest.importorskip("pymrio")
        index = pd.MultiIndex.from_frame(LABELS)
        demand = pd.MultiIndex.from_product([REGIONS, ["Final"]], names=["region", "category"])
        final = np.zeros((io.n, len(REGIONS)))
        final[:, 0] = io.Y.sum(axis=1)
        system = pymrio.IOSystem(
            Z=pd.DataFrame(io.Z, index=index, columns=index), Y=pd.DataFrame(final, index=index, columns=demand)
        ).calc_all()
        model = boario.ARIOPsiModel(
            system,
            order_type="noalt",
            psi_param=behaviour.psi,
            inventory_restoration_tau=int(behaviour.restore_days),
            main_inv_dur=int(behaviour.inventory_days),
            alpha_max=behaviour.overproduction,
            alpha_tau=int(behaviour.stretch_days),
        )
    close = (lambda a, b, **_: bool((a == b).all())) if mended else np.allclose
    path, short = [model.production.copy()], np.zeros(io.n)
    with mock.patch.object(np, "allclose", close):
        for day in range(1, days + 1):
            if mended:
                goal = np.where(short > 1e-12, (model.overprod_max - model.overprod) * short, 1.0 - model.overprod)
                model.overprod = np.maximum(model.overprod + goal * model.overprod_tau, 1.0)
            elif day > 1:
                model.calc_overproduction()
            model.prod_cap_delta_arbitrary = 1.0 - capacity[day]
            model.calc_production(day)
            asked = model.entire_demand_tot
            short = np.where(asked > 0, 1.0 - model.production / asked, 0.0)
            model.distribute_production()
            model.calc_orders()
            path.append(model.production.copy())
    return np.array(path)


@pytest.mark.parametrize(("stock", "restore", "remaining"), [(90, 60, 0.5), (20, 10, 0.1), (12, 8, 0.0)])
def test_trajectory_is_that_of_boario(stock: int, restore: int, remaining: float) -> None:
    # BoARIO 0.7, an independent implementation of the same papers; see boario_path for what is put right.
    io, days = economy(3), 120
    rules = Behaviour(float(stock), float(restore), keep_surplus=True, rationing="proportional")
    path = ario(io, [Event("B:q", remaining, day=5, until=35)], days=days, behaviour=rules)
    capacity = np.ones((days + 1, io.n))
    capacity[5:36, io.position("B:q")] = remaining
    expected = boario_path(io, capacity, days, rules, mended=True)
    np.testing.assert_allclose(path.values, expected / expected[0], rtol=0, atol=1e-9)
    assert path.values.min() < 0.95


def test_boario_as_it_is_stays_close() -> None:
    # As published its figures differ from ours by the two rules only: by less than 1 % of a day's production.
    io, days = economy(3), 120
    rules = Behaviour(keep_surplus=True, rationing="proportional")
    path = ario(io, [Event("B:q", 0.5, day=5, until=35)], days=days, behaviour=rules)
    capacity = np.ones((days + 1, io.n))
    capacity[5:36, io.position("B:q")] = 0.5
    expected = boario_path(io, capacity, days, rules, mended=False)
    assert np.abs(path.values - expected / expected[0]).max() < 0.01


def as_network(io: IOTable) -> Network:
    nodes = pd.DataFrame({"id": list(io.ids), "industry": io.sectors["sector"], "region": io.sectors["region"]})
    nodes = nodes.assign(kind="firm", role="", label="", size=np.nan, revenue=io.x)
    return Network(nodes, {"supply": Layer(sp.csr_array(io.Z), money=True)})


@settings(max_examples=8)
@given(st.integers(0, 1000), st.sampled_from(["A:p", "B", "q", "A>B", "*>C:r"]))
def test_a_network_of_the_same_flows_moves_alike(seed: int, node: str) -> None:
    # The sparse engine beside the dense one: every firm is a sector, every input essential. Where final demand
    # of a region is cut too, a table says who buys; of firms it is not known.
    io = economy(seed)
    rules = Behaviour(25.0, 10.0)
    events = [Event(node, 0.3, day=3, until=20)]
    one = ario(io, events, days=60, behaviour=rules)
    two = ario(as_network(io), events, days=60, behaviour=rules, production="leontief")
    np.testing.assert_allclose(one.values, two.values, rtol=0, atol=1e-9)
    assert one.values.min() < 0.999


def test_inputs_that_are_not_essential_stop_no_firm() -> None:
    # s sells a third of t's inputs; where nothing is essential t goes on without it.
    w = np.zeros((3, 3))
    w[0, 1], w[2, 1], w[1, 0] = 50.0, 100.0, 10.0
    nodes = pd.DataFrame({"id": list("stu"), "industry": ["x", "y", "z"], "region": "", "revenue": [60.0, 300, 100]})
    net = Network(
        nodes.assign(kind="firm", role="", label="", size=np.nan), {"supply": Layer(sp.csr_array(w), money=True)}
    )
    events, short = [Event("s", 0.0, day=1, until=100)], Behaviour(5.0, 5.0)
    needed = pd.DataFrame(2, index=list("xyz"), columns=list("xyz"))
    hit = ario(net, events, days=60, behaviour=short, essential=needed).values
    spared = ario(net, events, days=60, behaviour=short, essential=needed - 1).values
    assert hit[:, 1].min() == pytest.approx(0.0, abs=1e-3)
    assert spared[:, 1].min() > 0.8


TWO = pd.DataFrame({"region": ["N", "S"], "sector": ["a", "a"]})


def test_a_closed_border_by_hand() -> None:
    # N sells 365 a year to S and 365 to its own final users; on a day it makes 2. The border closes on day 1:
    # S's orders for 1 are not placed, so that N makes 1; S lives on its stock.
    final = np.array([[365.0, 0.0], [0.0, 730.0]])
    demand = pd.DataFrame({"region": ["N", "S"], "category": ["f", "f"]})
    io = IOTable.from_arrays([[0, 365], [0, 0]], Y=final, x=[730, 730], sectors=TWO, demand=demand)
    path = ario(io, [Event("N>S", 0.0, day=1, until=30)], days=80)
    assert path.values[1].tolist() == pytest.approx([0.5, 1.0])
    # The stock of 90 days is cut at ψ = 0.8: from the day on which it has fallen below 72 of 90, day 20.
    assert path.values[19, 1] == pytest.approx(1.0)
    assert path.values[20:31, 1].max() < 1.0
    assert path.values[31, 0] > 0.9


def test_rebuilding_by_hand() -> None:
    # Farms lose half of a capital of 4 × 365 on day 1; builders are asked for 730/10 a day beside their usual 100
    # and make no more than these: what they deliver to the rebuilding is its share of all their orders.
    labels = pd.DataFrame({"region": ["N", "N"], "sector": ["farms", "build"]})
    io = IOTable.from_arrays(np.zeros((2, 2)), x=[365.0, 36500.0], sectors=labels)
    rules = Behaviour(builders={"build": 2.0}, rebuild_days=10.0, overproduction=1.0, rationing="proportional")
    path = ario(io, [Event("farms", 0.5, day=1, until=1, rebuild=True)], days=3, behaviour=rules)
    left = path.by_day["rebuilding"].tolist()
    assert path.values[1].tolist() == pytest.approx([0.5, 1.0])
    first = 73.0 * 100 / 173
    assert left[:3] == pytest.approx([0.0, 730.0, 730.0 - first])
    assert path.values[2, 0] == pytest.approx(0.5)
    assert path.values[3, 0] == pytest.approx(1 - (730.0 - first) / 1460)


def test_producers_are_served_before_users() -> None:
    # Farms make 2 a day, 1 for the mill and 1 for users; with half of it gone the mill gets its 1 and users none.
    io = IOTable.from_arrays([[0, 365], [0, 0]], x=[730, 1460], sectors=["farms", "mill"])
    event = [Event("farms", 0.5, day=1, until=5)]
    first = ario(io, event, days=5, behaviour=Behaviour(overproduction=1.0)).frame["unmet_demand"].tolist()
    shared = ario(io, event, days=1, behaviour=Behaviour(rationing="proportional")).frame["unmet_demand"].tolist()
    assert first == pytest.approx([5.0, 0.0])
    assert shared == pytest.approx([0.5, 0.0])


def test_goods_held_for_another_time() -> None:
    # What can't be stored is missed at once; with 90 days of stock only orders fall in the first days.
    io = economy(1)
    event = [Event("A:p", 0.0, day=1, until=5)]
    stored = ario(io, event, days=5).values[3]
    flowing = ario(io, event, days=5, behaviour=Behaviour(stocks={"p": 1.0})).values[3]
    assert (flowing[1:] < stored[1:] - 0.05).all()


@pytest.mark.parametrize(
    ("events", "rules", "message"),
    [
        ([Event("A>Z", 0.5)], {}, "no sector, firm or region 'Z'"),
        ([Event("A>B", 0.5, recovery=3)], {}, "can't recover slowly"),
        ([Event("A", 0.5, rebuild=True)], {}, "who rebuilds"),
        ([Event("A", 0.5, rebuild=True)], {"builders": {"zz": 1.0}}, "no sector 'zz'"),
        ([Event("A", 0.5)], {"psi": 1.5}, "psi is 1.5"),
        ([Event("A", 0.5)], {"restore_days": 0.0}, "restore_days is 0"),
        ([Event("A", 0.5)], {"rationing": "luck"}, "no rationing 'luck'"),
    ],
)
def test_bad_requests(events: list[Event], rules: dict[str, Any], message: str) -> None:
    with pytest.raises(NetclusterError, match=message):
        ario(economy(1), events, behaviour=Behaviour(**rules))
