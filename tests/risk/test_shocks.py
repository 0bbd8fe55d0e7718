"""Shocks at rest, day by day and by chance: by hand, brute force, and a reference written from the equations."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.network import Layer, Network
from netcluster.risk import Behaviour, Event, ario, cascade_scenario, drawn, monte_carlo, shock, sweep
from netcluster.tables.iotable import IOTable
from tests.risk import ario_reference

TEXTBOOK = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
TWO = pd.DataFrame({"region": ["N", "S"], "sector": ["a", "a"]})
LABELS = pd.DataFrame({"region": ["N", "N", "S", "S"], "sector": ["a", "b", "a", "b"]})


def world(seed: int) -> IOTable:
    rng = np.random.default_rng(seed)
    flows = rng.lognormal(size=(4, 4)) * (rng.random((4, 4)) < 0.8)
    return IOTable.from_arrays(flows, x=np.maximum(flows.sum(axis=1), flows.sum(axis=0)) * 1.6 + 1, sectors=LABELS)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_mixed_model_is_that_of_the_textbook(seed: int) -> None:
    # Miller and Blair (2009), chapter 13: the others' output is (I − A_NN)⁻¹ (f_N + A_NK x_K).
    io = world(seed)
    frame = shock(io, {"N:a": 0.3, "S:b": 0.9}).frame
    k, n = [0, 3], [1, 2]
    given_output = io.x[k] * np.array([0.3, 0.9])
    f = io.Y.sum(axis=1)[n]
    others = np.linalg.solve(np.eye(2) - io.A[np.ix_(n, n)], f + io.A[np.ix_(n, k)] @ given_output)
    expected = np.zeros(4)
    expected[k], expected[n] = io.x[k] - given_output, io.x[n] - others
    assert frame["loss_amount"].to_numpy() == pytest.approx(expected)
    assert frame["loss_indirect"].to_numpy()[k] == pytest.approx(0.0, abs=1e-9)


def test_ghosh_pushes_lost_inputs_forward() -> None:
    # Farms lose half of their value added of 650; by G every unit costs 1.2541 of farms and .6601 of factories.
    result = shock(TEXTBOOK, {"farms": 0.5}, model="ghosh")
    ghosh = np.linalg.inv(np.eye(2) - TEXTBOOK.B)
    assert result.frame["loss_amount"].tolist() == pytest.approx((325 * ghosh[0]).tolist())
    assert result.notes[0].code == "ghosh"


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from(["N>S", "N:a>S:b", "*>S", "a>b"]), st.floats(0, 1))
def test_cut_flows_are_partial_extraction(seed: int, name: str, part: float) -> None:
    # Dietzenbacher, van der Linden and Steenge (1993): x − (I − Ā)⁻¹ f̄ with the cut flows taken out; by brute force.
    io = world(seed)
    sellers = {"N>S": [0, 1], "N:a>S:b": [0], "*>S": [0, 1], "a>b": [0, 2]}[name]
    buyers = {"N>S": [2, 3], "N:a>S:b": [3], "*>S": [2, 3], "a>b": [1, 3]}[name]
    z = io.Z.copy()
    for i, j in product(sellers, buyers):
        z[i, j] *= part
    after = np.linalg.solve(np.eye(4) - z / io.x, io.Y.sum(axis=1))
    frame = shock(io, {name: part}).frame
    assert frame["loss_amount"].to_numpy() == pytest.approx(io.x - after)
    assert frame["loss_direct"].to_numpy() == pytest.approx((io.Z - z).sum(axis=1))
    pushed = np.linalg.solve(np.eye(4) - (z / io.x[:, None]).T, io.x - io.Z.sum(axis=0))
    ghosh = shock(io, {name: part}, model="ghosh").frame
    assert ghosh["loss_amount"].to_numpy() == pytest.approx(io.x - pushed, abs=1e-9)


def test_a_closed_border_takes_final_demand_too() -> None:
    demand = pd.DataFrame({"region": ["N", "S"], "category": ["f", "f"]})
    io = IOTable.from_arrays([[0, 3], [0, 0]], Y=[[4, 3], [0, 10]], sectors=TWO, demand=demand)
    # N sells 3 to S's sector and 3 to S's final users of 10 in all; a sale to S's sector alone leaves the users.
    assert shock(io, {"N>S": 0.0}).frame["loss_amount"].tolist() == pytest.approx([6.0, 0.0])
    half = IOTable.from_arrays(np.diag([0, 0]), Y=[[4, 3], [0, 10]], sectors=TWO, demand=demand)
    assert shock(half, {"N>*": 0.5}).frame["loss_amount"].tolist() == pytest.approx([1.5, 0.0])
    assert shock(io, {"N>S": 0.0}).notes[0].code == "replaced_inputs"


def test_a_table_that_does_not_add_up_loses_nothing_by_that() -> None:
    # Rows miss output by up to a tenth; a cut of nothing costs nothing, a cut of a flow its sale and what it took.
    io = world(8)
    torn = io.replace(Y=io.Y * np.linspace(0.9, 1.1, 4)[:, None])
    assert shock(torn, {"N>S": 1.0}).frame["loss_amount"].to_numpy() == pytest.approx(np.zeros(4), abs=1e-9)
    whole, other = (shock(one, {"N:a>S:b": 0.5}).frame["loss_amount"].to_numpy() for one in (io, torn))
    assert other == pytest.approx(whole)


def test_cuts_and_hits_together() -> None:
    # The border takes 6 of N's 10; its capacity of 0.7 is then no limit, that of 0.2 is.
    demand = pd.DataFrame({"region": ["N", "S"], "category": ["f", "f"]})
    io = IOTable.from_arrays([[0, 3], [0, 0]], Y=[[4, 3], [0, 10]], sectors=TWO, demand=demand)
    assert shock(io, {"N>S": 0.0, "N": 0.7}).frame["loss_amount"].tolist() == pytest.approx([6.0, 0.0])
    assert shock(io, {"N>S": 0.0, "N": 0.2}).frame["loss_amount"].tolist() == pytest.approx([8.0, 0.0])


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_a_sweep_is_a_solve_a_scenario(seed: int) -> None:
    # Brute force: one solve of (I − A) Δx = Δf for each scenario.
    io, rng = world(seed), np.random.default_rng(seed)
    rows = [(f"s{k}", io.ids[i], -rng.random()) for k in range(7) for i in rng.permutation(4)[:2]]
    result = sweep(io, pd.DataFrame(rows, columns=["scenario", "node", "amount"]), keep=True)
    for k in range(7):
        f = np.zeros(4)
        for name, node, amount in rows:
            f[io.ids.index(node)] += amount * (name == f"s{k}")
        change = np.linalg.solve(np.eye(4) - io.A, f)
        assert result.values is not None
        assert result.values[:, k] == pytest.approx(change)
        row = result.frame.iloc[k]
        assert row["loss_amount"] == pytest.approx(-change.sum())
        assert row["largest_loss"] == pytest.approx((-change / io.x).max())
        assert row["hardest"] == io.ids[int((-change / io.x).argmax())]


def test_a_region_in_a_sweep_spreads_over_its_demand() -> None:
    io = world(2)
    fall = pd.DataFrame({"scenario": ["N"], "node": ["N"], "amount": [-10.0]})
    f = np.zeros(4)
    f[:2] = -10 * io.Y.sum(axis=1)[:2] / io.Y.sum(axis=1)[:2].sum()
    expected = -np.linalg.solve(np.eye(4) - io.A, f).sum()
    assert sweep(io, fall).frame["loss_amount"].tolist() == pytest.approx([expected])


def test_a_region_is_hit_whole() -> None:
    frame = shock(world(1), {"N": 0.0}).frame
    assert (frame["loss_direct"] > 0).tolist() == [True, True, False, False]
    assert frame["loss"].tolist()[:2] == pytest.approx([1.0, 1.0])


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.floats(0, 0.9), st.sampled_from([(90.0, 60.0), (20.0, 10.0), (5.0, 3.0)]))
def test_days_are_those_of_the_reference(seed: int, remaining: float, stocks: tuple[float, float]) -> None:
    io = world(seed)
    first = seed % 2 == 0
    behaviour = Behaviour(*stocks, keep_surplus=False, rationing="orders_first" if first else "proportional")
    path = ario(io, [Event("N:a", remaining, day=2, until=9, recovery=3)], days=40, behaviour=behaviour)
    capacity = np.ones((41, 4))
    capacity[2:10, 0] = remaining
    for day, part in ((10, 0.25), (11, 0.5), (12, 0.75)):
        capacity[day, 0] = remaining + (1 - remaining) * part
    z, f = io.Z / 365.0, io.Y.sum(axis=1) / 365.0
    expected = ario_reference.follow(z, f, ["a", "b", "a", "b"], capacity, 40, *stocks, 0.8, 1.25, 365.0, first)
    assert path.values == pytest.approx(expected / expected[0], abs=1e-9)


def test_nothing_happens_without_a_loss() -> None:
    path = ario(world(3), [Event("N:a", 1.0)], days=50)
    assert path.values == pytest.approx(np.ones((51, 4)))
    assert path.frame["back_day"].tolist() == [0, 0, 0, 0]


def test_the_first_day_is_the_direct_loss_and_stocks_carry_the_others() -> None:
    path = ario(TEXTBOOK, [Event("farms", 0.5, day=1, until=30)], days=400)
    assert path.values[1].tolist() == pytest.approx([0.5, 1.0])
    assert path.frame["lowest"].tolist()[0] <= 0.5
    assert path.by_day["day"].tolist() == list(range(401))
    assert path.by_day["loss_amount"][1] == pytest.approx(500 / 365)
    deeper = [
        ario(TEXTBOOK, [Event("farms", left, 1, 30)], days=90).parameters["total_loss"] for left in (0.8, 0.5, 0.2)
    ]
    assert all(one < other for one, other in pairwise(deeper))  # type: ignore[operator]


HAZARDS = pd.DataFrame({"node": ["N:a", "S:b"], "probability": [0.5, 0.2], "remaining": [0.5, 0.0]})


def test_draws_are_the_shocks_they_stand_for() -> None:
    io = world(4)
    result = monte_carlo(io, HAZARDS, draws=60, seed=7)
    rest = dict(zip(HAZARDS["node"], HAZARDS["remaining"], strict=True))
    for k in (0, 1, 2, int(result.parameters["worst_draw"])):  # type: ignore[call-overload]
        nodes = drawn(HAZARDS, 7, k)
        lost = shock(io, {node: rest[node] for node in nodes}).parameters["total_loss_share"] if nodes else 0.0
        assert result.values[k] == pytest.approx(lost)


def test_tail_by_hand() -> None:
    result = monte_carlo(world(4), HAZARDS, draws=200, seed=1, level=0.9)
    worst = np.sort(result.values)[::-1][:20]
    assert result.parameters["value_at_risk"] == pytest.approx(worst.min())
    assert result.parameters["expected_shortfall"] == pytest.approx(worst.mean())
    assert result.frame["times_hit"].sum() == sum(len(drawn(HAZARDS, 1, k)) for k in range(200))
    again = monte_carlo(world(4), HAZARDS, draws=300, seed=1)
    assert again.values[:200].tolist() == result.values.tolist()


def test_mean_loss_is_the_expected_one() -> None:
    # Exact expectation over the four outcomes; 4,000 draws, five standard errors: one false alarm in 10⁶.
    io, expected = world(5), 0.0
    for first, second in product((True, False), repeat=2):
        chance = 0.5 * (0.2 if second else 0.8)
        scenario = {**({"N:a": 0.5} if first else {}), **({"S:b": 0.0} if second else {})}
        expected += chance * (shock(io, scenario).parameters["total_loss_share"] if scenario else 0.0)  # type: ignore[operator]
    result = monte_carlo(io, HAZARDS, draws=4000, seed=2)
    error = float(result.values.std()) / 4000**0.5
    assert abs(float(result.values.mean()) - expected) < 5 * error


def test_draws_on_firms_are_cascades() -> None:
    w = np.zeros((5, 5))
    for i, j, amount in [(0, 2, 30), (1, 2, 10), (2, 3, 50), (2, 4, 50), (3, 0, 15), (3, 1, 20), (4, 0, 5)]:
        w[i, j] = amount
    ids = list("pqrst")
    blank = {"kind": "firm", "role": "", "label": "", "region": "", "size": np.nan}
    nodes = pd.DataFrame({"id": ids, "industry": list("aabcc"), **blank})
    net = Network(nodes, {"supply": Layer(sp.csr_array(w), money=True)})
    hazards = pd.DataFrame({"node": ["p", "t"], "probability": [0.6, 0.6], "remaining": [0.2, 0.0]})
    result = monte_carlo(net, hazards, draws=20, production="linear")
    rest = {"p": 0.2, "t": 0.0}
    for k in range(20):
        nodes_hit = drawn(hazards, 0, k)
        lost: Any = 0.0
        if nodes_hit:
            lost = cascade_scenario(net, {n: rest[n] for n in nodes_hit}, production="linear").parameters["esri"]
        assert result.values[k] == pytest.approx(lost)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shock(TEXTBOOK, {}), "names no sector"),
        (lambda: shock(TEXTBOOK, {"farms": 1.2}), "keep 1.2"),
        (lambda: shock(TEXTBOOK, {"farm": 0.5}), "no sector, firm or region 'farm'"),
        (lambda: shock(TEXTBOOK, {"farms": 0.5}, model="magic"), "no model"),  # type: ignore[arg-type]
        (lambda: shock(TEXTBOOK, {"farms>mines": 0.5}), "no sector, firm or region 'mines'"),
        (lambda: shock(TEXTBOOK, {"*>*": 0.5}), "names no flows"),
        (lambda: sweep(TEXTBOOK, pd.DataFrame({"node": ["farms"]})), "no scenario"),
        (lambda: ario(TEXTBOOK, []), "no event"),
        (lambda: ario(TEXTBOOK, [Event("farms", 0.5, day=0)]), "from day 0"),
        (lambda: ario(TEXTBOOK, [Event("farms", 0.5)], days=0), "0 days"),
        (lambda: monte_carlo(TEXTBOOK, pd.DataFrame({"node": ["farms"]})), "no probability"),
        (lambda: monte_carlo(TEXTBOOK, pd.DataFrame({"node": ["farms"], "probability": [2.0]})), "not between"),
        (lambda: monte_carlo(TEXTBOOK, HAZARDS, draws=0), "count from 1"),
    ],
)
def test_bad_requests(call: Any, message: str) -> None:
    with pytest.raises(NetclusterError, match=message):
        call()


def test_every_measure_is_explained() -> None:
    results = (
        shock(TEXTBOOK, {"farms": 0.5}),
        ario(TEXTBOOK, [Event("farms", 0.5)], days=3),
        monte_carlo(world(1), HAZARDS, draws=5),
        sweep(TEXTBOOK, pd.DataFrame({"scenario": ["a"], "node": ["farms"], "amount": [-1.0]})),
    )
    for result in results:
        assert set(result.measures) <= set(all_measures())
        assert set(result.frame.columns) - set(result.measures) <= {"node", "label", "scenario", "hardest"}
        assert result.frame.columns[0] in ("node", "scenario")
