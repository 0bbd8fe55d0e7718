"""ESRI against published values, against a dense reference written from the equations, and by its properties."""

from __future__ import annotations

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
from netcluster.risk import cascade, cascade_scenario
from tests.risk import esri_reference
from tests.shared import shared_data


def network(w: Any, sectors: Any, **columns: Any) -> Network:
    ids = [str(i + 1) for i in range(len(w))]
    blank = {"kind": "firm", "role": "", "label": "", "industry": [str(s) for s in sectors], "region": ""}
    nodes = pd.DataFrame({"id": ids, **blank, "size": np.nan, **columns})
    return Network(nodes, {"supply": Layer(sp.csr_array(np.asarray(w, dtype=float)), money=True)})


def from_links(n: int, *links: tuple[int, int, float]) -> Any:
    w = np.zeros((n, n))
    for i, j, amount in links:
        w[i - 1, j - 1] = amount
    return w


# The toy of figure 1 of Diem et al. (2022): unit links; values by the authors' own R and C++ code.
TOY = from_links(
    11,
    *[(2, 1, 1), (2, 3, 1), (3, 7, 1), (6, 7, 1), (7, 4, 1), (7, 11, 1), (8, 11, 1), (9, 5, 1), (9, 10, 1), (10, 7, 1)],
)
TOY_NET = network(TOY, [1, 2, 1, 3, 4, 2, 4, 1, 2, 3, 5])
TOY_VALUES = {
    ("linear", False): [0.1, 0.366667, 0.266667, 0.35, 0.1, 0.166667, 0.7, 0.1, 0.366667, 0.266667, 0.45],
    ("linear", True): [0.1, 0.3, 0.266667, 0.35, 0.1, 0.116667, 0.7, 0.1, 0.311111, 0.266667, 0.45],
    ("leontief", False): [0.1, 0.5, 0.4, 0.35, 0.1, 0.3, 0.7, 0.1, 0.5, 0.4, 0.45],
    ("leontief", True): [0.1, 0.366667, 0.4, 0.35, 0.1, 0.15, 0.7, 0.1, 0.4, 0.4, 0.45],
}

# Five firms with a mixed production function and a leak; values by the same R and C++ code.
FIVE = from_links(5, (1, 3, 30), (2, 3, 10), (3, 4, 50), (3, 5, 50), (4, 1, 15), (4, 2, 20), (5, 1, 5))
REVENUE, COSTS = [40.0, 20, 120, 60, 70], [25.0, 20, 50, 60, 80]
FIVE_NET = network(FIVE, list("aabcc"), revenue=REVENUE, costs=COSTS)
MATRIX = pd.DataFrame([[0, 2, 1], [0, 1, 2], [1, 0, 0]], index=list("abc"), columns=list("abc"))


@pytest.mark.parametrize(("production", "replaceability"), TOY_VALUES)
def test_published_toy(production: Any, replaceability: bool) -> None:
    frame = cascade(TOY_NET, production=production, replaceability=replaceability).frame
    assert frame["esri"].tolist() == pytest.approx(TOY_VALUES[production, replaceability], abs=5e-7)
    assert frame["iterations"].tolist() == [2, 4, 3, 4, 2, 3, 3, 2, 4, 3, 4]
    upstream = [0.1, 0.2, 0.2, 0.35, 0.1, 0.1, 0.7, 0.1, 0.2, 0.2, 0.45]
    assert frame["esri_upstream"].tolist() == pytest.approx(upstream)
    if (production, replaceability) == ("linear", False):
        downstream = [0, 0.366667, 0.166667, 0, 0, 0.166667, 0.2, 0.1, 0.366667, 0.166667, 0]
        assert frame["esri_downstream"].tolist() == pytest.approx(downstream, abs=5e-7)


def test_published_mixed_production() -> None:
    frame = cascade(FIVE_NET, essential=MATRIX).frame
    assert frame["esri"].tolist() == pytest.approx([0.7281057, 0.2314868, 0.90625, 0.705657, 0.4044395], abs=5e-8)
    down = [0.7281057, 0.1315128, 0.8780969, 0.705657, 0.0470124]
    assert frame["esri_downstream"].tolist() == pytest.approx(down, abs=1e-7)
    up = [0.3058516, 0.2301861, 0.7786872, 0.4969205, 0.4044395]
    assert frame["esri_upstream"].tolist() == pytest.approx(up, abs=5e-8)
    assert frame["iterations"].tolist() == [10, 7, 3, 7, 7]


def test_published_without_replaceability() -> None:
    frame = cascade(FIVE_NET, essential=MATRIX, replaceability=False).frame
    assert frame["esri"].tolist() == pytest.approx([0.7281057, 0.3372771, 0.90625, 0.7074375, 0.4087149], abs=5e-8)
    assert frame["iterations"].tolist() == [10, 11, 3, 7, 14]


def test_published_at_the_fixed_point_with_and_without_leak() -> None:
    leaking = cascade(FIVE_NET, essential=MATRIX, epsilon=1e-10).frame["esri"]
    assert leaking.tolist() == pytest.approx([0.7291667, 0.2328035, 0.90625, 0.7094595, 0.4076714], abs=5e-8)
    closed = cascade(FIVE_NET, essential=MATRIX, epsilon=1e-10, leak=False)
    assert closed.frame["esri"].tolist() == pytest.approx([1.0] * 5)
    assert closed.frame["esri_downstream"].tolist() == pytest.approx([1, 0.2903233, 1, 1, 0.0776668], abs=1e-7)
    assert "closed_network" in {note.code for note in closed.notes}


def random_case(seed: int) -> tuple[Any, Any, Any, Any, Any]:
    """Return W (with loops and firms that only buy), industries, importance, revenue and costs."""
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(3, 13)), int(rng.integers(1, 5))
    w = rng.lognormal(size=(n, n)) * (rng.random((n, n)) < 0.35)
    w[0, 1] = 1.0
    sector, e = rng.integers(0, k, n), rng.integers(0, 3, (k, k))
    revenue = np.maximum(w.sum(axis=1), 0.1) * rng.uniform(1, 2, n)
    costs = np.maximum(w.sum(axis=0), 0.1) * rng.uniform(1, 2, n)
    return w, sector, e, revenue, costs


def numbered(e: Any) -> pd.DataFrame:
    names = [str(i) for i in range(len(e))]
    return pd.DataFrame(e, index=names, columns=names)


@settings(max_examples=40)
@given(st.integers(0, 100_000), st.booleans(), st.sampled_from([0.01, 1e-4]))
def test_is_the_dense_reference(seed: int, replaceability: bool, epsilon: float) -> None:
    w, sector, e, revenue, costs = random_case(seed)
    net = network(w, sector, revenue=revenue, costs=costs)
    matrix = numbered(e)
    frame = cascade(net, essential=matrix, replaceability=replaceability, epsilon=epsilon).frame
    for j in range(len(w)):
        psi = np.ones(len(w))
        psi[j] = 0.0
        expected = esri_reference.esri(
            w, sector, e, psi, replaceability=replaceability, epsilon=epsilon, revenue=revenue, costs=costs
        )
        row = frame.iloc[j]
        assert row[["esri", "esri_downstream", "esri_upstream"]].tolist() == pytest.approx(expected[:3], abs=1e-9)
        assert row["iterations"] == expected[3]


@settings(max_examples=25)
@given(st.integers(0, 100_000))
def test_scenario_is_the_dense_reference(seed: int) -> None:
    w, sector, e, _, _ = random_case(seed)
    rng = np.random.default_rng(seed + 1)
    matrix = numbered(e)
    psi = np.where(rng.random(len(w)) < 0.4, rng.random(len(w)), 1.0)
    psi[0] = 0.25
    remaining = {str(i + 1): float(psi[i]) for i in np.flatnonzero(psi < 1)}
    found = cascade_scenario(network(w, sector), remaining, essential=matrix)
    expected = esri_reference.esri(w, sector, e, psi)
    assert found.parameters["esri"] == pytest.approx(expected[0], abs=1e-9)
    assert found.parameters["iterations"] == expected[3]
    assert found.state[:, 0] == pytest.approx(1.0 - expected[4], abs=1e-9)
    assert found.state[:, 1] == pytest.approx(1.0 - expected[5], abs=1e-9)
    assert found.frame["loss"].to_numpy() == pytest.approx(1.0 - np.minimum(expected[4], expected[5]), abs=1e-9)


@settings(max_examples=25)
@given(st.integers(0, 100_000))
def test_properties(seed: int) -> None:
    w, sector, e, revenue, costs = random_case(seed)
    matrix = numbered(e)
    net = network(w, sector, revenue=revenue, costs=costs)
    base = cascade(net, essential=matrix).frame
    # Own share to 1; a smaller ε and no replaceability never lower it; units don't matter, also below 1.
    assert (base["esri"] >= base["sales_share"] - 1e-12).all()
    assert (base["esri"] <= 1 + 1e-12).all()
    assert (cascade(net, essential=matrix, epsilon=1e-6).frame["esri"] >= base["esri"] - 1e-12).all()
    small = network(w * 2.0**-20, sector, revenue=revenue * 2.0**-20, costs=costs * 2.0**-20)
    pd.testing.assert_frame_equal(cascade(small, essential=matrix).frame, base)
    # The same firms in another order.
    order = np.random.default_rng(seed).permutation(len(w))
    turned = network(w[np.ix_(order, order)], sector[order], revenue=revenue[order], costs=costs[order])
    moved = cascade(turned, essential=matrix).frame["esri"].to_numpy()
    assert moved == pytest.approx(base["esri"].to_numpy()[order], abs=1e-12)
    # A matrix of ones is the linear function.
    linear = cascade(net, production="linear").frame
    pd.testing.assert_frame_equal(cascade(net, essential=matrix * 0 + 1).frame, linear)


def test_where_all_is_lost_the_index_is_one_and_no_more() -> None:
    # A ring: without any one node all lose everything; their shares add up to 1 and a rounding.
    amounts = [0.1, 0.2, 0.4, 0.7, 0.1, 0.3, 0.3, 0.6, 1.7, 0.1]
    ring = from_links(10, *((i, (i + 1) % 10, amount) for i, amount in enumerate(amounts)))
    frame = cascade(network(ring, list("abcdefghij")), production="leontief", epsilon=1e-9).frame
    assert frame["esri_downstream"].tolist() == pytest.approx([1.0] * 10)
    assert (frame[["esri", "esri_downstream", "esri_upstream"]] <= 1.0).all(axis=None)


def test_industries_are_said_to_be_no_firms() -> None:
    chain = network(from_links(2, (0, 1, 1.0)), ["a", "b"], kind="industry")
    assert cascade(chain).notes[0].code == "industries_for_firms"


def test_more_left_is_less_lost() -> None:
    losses = [cascade_scenario(FIVE_NET, {"3": psi}, essential=MATRIX).parameters["esri"] for psi in (0, 0.3, 0.6, 1)]
    assert losses == sorted(losses, reverse=True)  # type: ignore[type-var]
    assert losses[-1] == 0.0


@settings(max_examples=25)
@given(st.integers(0, 100_000))
def test_closed_form_is_the_limit(seed: int) -> None:
    w, sector, _, revenue, costs = random_case(seed)
    # A leak of a tenth at the least, so that the iteration comes near its limit.
    net = network(w, sector, revenue=revenue * 1.1, costs=costs * 1.1)
    exact = cascade(net, production="linear", replaceability=False, epsilon=0.0).frame
    near = cascade(net, production="linear", replaceability=False, epsilon=1e-12).frame
    columns = ["esri", "esri_downstream", "esri_upstream"]
    assert exact[columns].to_numpy() == pytest.approx(near[columns].to_numpy(), abs=1e-8)


def test_threads_groups_and_samples_change_nothing() -> None:
    rng = np.random.default_rng(2)
    w = rng.lognormal(size=(600, 600)) * (rng.random((600, 600)) < 0.01)
    net = network(w, rng.integers(0, 9, 600))
    one, two = cascade(net).frame, cascade(net, jobs=2).frame
    pd.testing.assert_frame_equal(one, two)
    alone = cascade(net, groups=np.arange(600)).frame
    assert alone["esri"].to_numpy().tolist() == one["esri"].to_numpy().tolist()
    some = cascade(net, sample=50, seed=3).frame
    pd.testing.assert_frame_equal(some, one.set_index("firm").loc[some["firm"]].reset_index()[some.columns])
    both = cascade(net, groups=np.repeat([1, 2], 300)).frame
    assert both["esri"].max() <= 1 + 1e-12
    assert both["sales_share"].sum() == pytest.approx(1)


def test_essential_inputs_are_derived_and_said() -> None:
    result = cascade(FIVE_NET)
    assert result.parameters["essential"] == "derived"
    assert "derived_essential" in {note.code for note in result.notes}


def test_finding_names_customers_and_a_lever() -> None:
    finding = cascade(FIVE_NET, essential=MATRIX).findings[0]
    assert finding.subject == "3"
    assert finding.sentence.startswith("If 3 closed, 90.6% of all output would be lost")
    assert finding.evidence[0]["customer"] in ("4", "5")
    assert finding.lever


def test_real_network_runs_through() -> None:
    folder = shared_data("esri_firm_network_sf")
    w = pd.read_csv(folder / "example_net_scale_free_101_4000.csv").to_numpy(dtype=float)
    industries = pd.read_csv(folder / "industry_vector.csv", dtype=str)["industry_id"].str.zfill(2)
    matrix = pd.read_csv(folder / "ess_mat_n2_ihs.csv", index_col=0, dtype={0: str})
    result = cascade(network(w, industries), essential=matrix)
    frame = result.frame
    assert len(frame) == 101
    assert ((frame["esri"] >= frame["sales_share"] - 1e-12) & (frame["esri"] <= 1)).all()
    psi = np.ones(101)
    psi[7] = 0.0
    names, sector = np.unique(industries, return_inverse=True)
    e = matrix.reindex(index=names, columns=names, fill_value=1).to_numpy()
    expected = esri_reference.esri(w, sector, e, psi)
    assert frame["esri"].iloc[7] == pytest.approx(expected[0], abs=1e-9)
    assert frame["iterations"].iloc[7] == expected[3]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epsilon": -1}, "Epsilon"),
        ({"epsilon": 0}, "closed form"),
        ({"production": "magic"}, "no production"),
        ({"essential": MATRIX * 3}, "holds 6"),
        ({"essential": MATRIX.rename(index=str.upper, columns=str.upper)}, "No industry"),
        ({"firms": ["99"]}, "no firm '99'"),
        ({"sample": 0}, "count from 1"),
        ({"groups": [1]}, "1 group labels"),
        ({"layer": "patent"}, "no layer"),
    ],
)
def test_what_cannot_be_asked(options: dict[str, Any], message: str) -> None:
    with pytest.raises(NetclusterError, match=message):
        cascade(FIVE_NET, **options)


def test_scenario_that_cannot_be() -> None:
    with pytest.raises(NetclusterError, match="between 0 and 1"):
        cascade_scenario(FIVE_NET, {"1": 1.5})
    with pytest.raises(NetclusterError, match="at least one"):
        cascade_scenario(FIVE_NET, {})
    with pytest.raises(NetclusterError, match="closed"):
        cascade(TOY_NET, production="linear", replaceability=False, epsilon=0.0)


def test_every_measure_is_explained() -> None:
    result, scenario = cascade(FIVE_NET), cascade_scenario(FIVE_NET, {"1": 0.0})
    assert set(result.measures) | set(scenario.measures) <= set(all_measures())
    assert set(result.frame.columns) - set(result.measures) == {"firm", "label"}
    first = ["firm", "esri", "esri_downstream", "esri_upstream", "iterations"]
    assert result.frame.columns[:5].tolist() == first
    assert scenario.frame["tier"].tolist() == [0, 2, 1, 1, 1]


def test_summing_small_losses_is_near_the_exact_index() -> None:
    rng = np.random.default_rng(4)
    size = rng.pareto(1.3, 3000) + 0.1
    ends = [np.searchsorted(np.cumsum(size**0.5) / (size**0.5).sum(), rng.random(24_000)) for _ in range(2)]
    matrix = sp.csr_array((size[ends[0]] * size[ends[1]], (ends[0], ends[1])), shape=(3000, 3000))
    matrix.sum_duplicates()
    ids = [str(i) for i in range(3000)]
    blank = {"kind": "firm", "role": "", "label": "", "region": "", "size": np.nan}
    nodes = pd.DataFrame({"id": ids, "industry": rng.integers(0, 30, 3000).astype(str), **blank})
    net = Network(nodes, {"supply": Layer(matrix, money=True)})
    exact, fast = cascade(net, fast=False), cascade(net, fast=True)
    one, two = exact.frame["esri"].to_numpy(), fast.frame["esri"].to_numpy()
    largest = np.argsort(-one)[:100]
    assert two[largest].tolist() == one[largest].tolist()
    there = one > 0
    off = np.abs(two - one)[there] / one[there]
    # The bound on what lies hidden is a thousandth; the mean is far below.
    assert off.mean() < 1e-4
    assert off.max() < 2e-3
    assert "fast_cascade" in {note.code for note in fast.notes}
