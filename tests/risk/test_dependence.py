"""Dependence: expected values by hand, or by brute force from the inverse."""

from __future__ import annotations

from pathlib import Path
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
from netcluster.network.open import open_inputs
from netcluster.risk import dependence
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.iotable import Account, IOTable

# Miller and Blair (2009), chapter 2: two sectors.
TEXTBOOK = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["agriculture", "manufacturing"])

# Two regions, two industries; made up, so that the sums below can be done in the head.
LABELS = pd.DataFrame({"region": ["N", "N", "S", "S"], "sector": ["farm", "mill", "farm", "mill"]})
FOUR = IOTable.from_arrays(
    [[0, 40, 0, 10], [10, 30, 10, 0], [0, 20, 0, 60], [30, 0, 10, 20]],
    x=[100, 200, 100, 200],
    sectors=LABELS,
    accounts={"jobs": Account("jobs", np.array([30.0, 10.0, 5.0, 15.0]))},
)


def row(result: object, node: str, side: str) -> pd.Series[Any]:
    frame: pd.DataFrame = result.frame  # type: ignore[attr-defined]
    return frame[(frame["node"] == node) & (frame["side"] == side)].iloc[0]


def random_table(seed: int, n: int = 7) -> IOTable:
    rng = np.random.default_rng(seed)
    flows = rng.lognormal(size=(n, n)) * (rng.random((n, n)) < 0.7)
    output = np.maximum(flows.sum(axis=0), flows.sum(axis=1)) * 1.7 + 1
    return IOTable.from_arrays(flows, x=output)


def test_two_sectors_by_hand() -> None:
    # Each has one other sector: all of what it buys from others comes from there.
    result = dependence(TEXTBOOK)
    buyer = row(result, "agriculture", "inputs")
    assert (buyer["hhi"], buyer["largest_share"], buyer["largest_partner"]) == (1.0, 1.0, "manufacturing")
    assert buyer["own_share"] == 150 / 350
    assert buyer["intensity"] == 200 / 1000
    assert row(result, "agriculture", "sales")["own_share"] == 150 / 650
    assert buyer["total_hhi"] == 1.0


def test_four_sectors_by_hand_on_partners() -> None:
    # N:mill buys 40, 20 and 0 from others and 30 from itself: shares 2/3 and 1/3.
    inputs = row(dependence(FOUR, on="partner"), "N:mill", "inputs")
    assert inputs["hhi"] == pytest.approx(5 / 9)
    assert inputs["largest_partner"] == "N:farm"
    assert inputs["own_share"] == pytest.approx(1 / 3)
    assert inputs["effective_number"] == pytest.approx(9 / 5)
    assert inputs["hhi_normalised"] == pytest.approx((5 / 9 - 1 / 2) / (1 / 2))
    # S:mill sells 30, 0 and 10 to others: 3/4 and 1/4.
    assert row(dependence(FOUR, on="partner"), "S:mill", "sales")["hhi"] == 0.625


def test_four_sectors_by_hand_on_industries_and_countries() -> None:
    # Over regions N:mill buys 60 from farms and 30 from mills, its own industry.
    inputs = row(dependence(FOUR), "N:mill", "inputs")
    assert (inputs["hhi"], inputs["largest_partner"]) == (1.0, "farm")
    assert inputs["own_share"] == pytest.approx(30 / 90)
    # By country: 70 at home (own), 20 from S.
    inputs = row(dependence(FOUR, on="country"), "N:mill", "inputs")
    assert (inputs["hhi"], inputs["largest_partner"]) == (1.0, "S")
    assert inputs["own_share"] == pytest.approx(70 / 90)


def test_regions_by_hand() -> None:
    result = dependence(FOUR, of="region")
    assert row(result, "N", "jobs")["largest_share"] == 0.75
    assert row(result, "N", "output")["hhi"] == pytest.approx(5 / 9)
    # N sells S 10 (farm → mill) and 10 (mill → farm), and 80 within.
    sales = row(result, "N", "sales")
    assert (sales["hhi"], sales["own_share"]) == (0.5, 0.8)
    # Without final demand by region, exports are the flows over the border: 10 from each.
    assert row(result, "N", "exports")["hhi"] == 0.5
    assert row(dependence(FOUR, of="region", on="country"), "N", "inputs")["largest_partner"] == "S"


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_total_is_that_of_the_inverse(seed: int) -> None:
    io = random_table(seed)
    result = dependence(io, on="partner")
    leontief = np.linalg.inv(np.eye(io.n) - io.A) - np.eye(io.n)
    ghosh = np.linalg.inv(np.eye(io.n) - io.B) - np.eye(io.n)
    for j, node in enumerate(io.ids):
        for side, chain in (("inputs", leontief[:, j]), ("sales", ghosh[j])):
            others = np.delete(chain, j)
            expected = np.nan if others.sum() == 0 else ((others / others.sum()) ** 2).sum()
            assert row(result, node, side)["total_hhi"] == pytest.approx(expected, nan_ok=True)


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_groups_are_that_of_the_inverse(seed: int) -> None:
    io = random_table(seed)
    groups = np.array([1, 1, 2, 2, 2, 3, 3])
    result = dependence(io, of="cluster", on="partner", groups=groups)
    needs = (np.linalg.inv(np.eye(io.n) - io.A) - np.eye(io.n)) @ (io.Y.sum(axis=1)[:, None] * (groups == 2)[:, None])
    others = needs[groups != 2]
    assert row(result, "2", "inputs")["total_hhi"] == pytest.approx(((others / others.sum()) ** 2).sum())
    bought = io.Z[:, groups == 2].sum(axis=1)
    outside = bought[groups != 2]
    assert row(result, "2", "inputs")["hhi"] == pytest.approx(((outside / outside.sum()) ** 2).sum())
    assert row(result, "2", "inputs")["own_share"] == pytest.approx(bought[groups == 2].sum() / bought.sum())


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_table_and_its_network_agree(seed: int) -> None:
    io = random_table(seed)
    nodes = pd.DataFrame(
        {"id": io.ids, "kind": "industry", "role": "", "label": io.ids, "industry": io.ids, "region": "", "size": io.x}
    )
    net = Network(nodes, {"supply": Layer(sp.csr_array(io.Z), money=True)})
    one, two = dependence(io).frame, dependence(net).frame
    pd.testing.assert_frame_equal(one, two)


def test_scale_does_not_matter() -> None:
    io = random_table(1)
    scaled = IOTable.from_arrays(io.Z * 1024.0, x=io.x * 1024.0)
    shares = ["hhi", "largest_share", "total_hhi", "own_share", "intensity"]
    pd.testing.assert_frame_equal(dependence(io).frame[shares], dependence(scaled).frame[shares])


def test_zero_output_sector_is_empty_and_spreads_nothing() -> None:
    flows = np.pad(np.array([[1.0, 2.0, 3.0], [4.0, 1.0, 2.0], [2.0, 2.0, 1.0]]), (0, 1))
    full = dependence(IOTable.from_arrays(flows[:3, :3], x=[20, 20, 20])).frame
    with_empty = dependence(IOTable.from_arrays(flows, x=[20, 20, 20, 0])).frame
    pd.testing.assert_frame_equal(full, with_empty.iloc[:6])
    assert with_empty.iloc[6:][["hhi", "largest_share", "total_hhi", "own_share", "intensity"]].isna().all(axis=None)
    assert with_empty.iloc[6]["largest_partner"] == ""


def test_negative_flows_count_as_none_and_are_said() -> None:
    result = dependence(IOTable.from_arrays([[0, -5, 5], [5, 0, 5], [5, 5, 0]], x=[50, 50, 50]))
    assert row(result, "2", "inputs")["hhi"] == 1.0
    assert result.notes[0].code == "negative_flows"


def test_jobs_of_a_region() -> None:
    frame = pd.DataFrame(
        {"region": ["A", "A", "B"], "industry": ["x", "y", "x"], "employment": [30.0, 10.0, 5.0], "establishments": 1.0}
    )
    result = dependence(EmploymentTable(frame), of="region")
    assert row(result, "A", "jobs")["hhi"] == 0.625
    assert result.frame["side"].unique().tolist() == ["jobs"]


def test_finding_says_who_what_and_how_to_change_it() -> None:
    labels = pd.DataFrame({"sector": ["C29", "C24"], "name": ["Motor vehicles", "Basic metals"]})
    io = IOTable.from_arrays([[10, 5], [60, 10]], x=[200, 300], sectors=labels)
    finding = next(f for f in dependence(io).findings if f.code == "single_partner_inputs" and f.subject == "C29")
    assert finding.sentence == (
        "Of the inputs of Motor vehicles bought from other industries, 100% come from Basic metals"
        " (HHI 1.00; they are worth 30% of its output)."
    )
    # (9/10)² + (1/10)² = 0.82
    assert "from 1.00 to 0.82" in finding.lever
    assert finding.severity == "high"
    assert finding.evidence[0]["partner"] == "C24"
    assert finding.reference


def test_hhi_is_no_finding_among_five_industries() -> None:
    # An even split over three of four others has HHI 1/3: arithmetic in so small a table.
    flows = np.ones((5, 5)) - np.eye(5)
    flows[4] = 0
    result = dependence(IOTable.from_arrays(flows, x=np.full(5, 20.0)))
    assert not [finding for finding in result.findings if finding.code.startswith("concentrated")]


def test_small_subjects_can_be_left_out_of_findings() -> None:
    assert not dependence(TEXTBOOK, min_share=0.9).findings
    assert dependence(TEXTBOOK, share_threshold=0.5).findings


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"of": "cluster"}, "who belongs to which"),
        ({"groups": [1]}, "1 group labels for 2 nodes"),
        ({"on": "country"}, "one region"),
        ({"on": "planet"}, "no kind of partner"),
    ],
)
def test_what_cannot_be_asked(options: dict[str, object], message: str) -> None:
    with pytest.raises(NetclusterError, match=message):
        dependence(TEXTBOOK, **options)  # type: ignore[arg-type]


def test_something_else_is_refused() -> None:
    with pytest.raises(NetclusterError, match="not str"):
        dependence("table.csv")  # type: ignore[arg-type]


def test_every_measure_is_explained() -> None:
    result = dependence(TEXTBOOK)
    assert set(result.measures) <= set(all_measures())
    labels = {"node", "side", "largest_partner", "total_largest_partner", "label"}
    assert set(result.frame.columns) - set(result.measures) == labels
    first = ["node", "side", "hhi", "largest_share", "largest_partner", "total_hhi", "own_share"]
    assert result.frame.columns[:7].tolist() == first


def without(io: IOTable, gone: list[int], *, push: bool) -> Any:
    """Return the share of its output each sector loses once some sectors are taken out, by a smaller system."""
    rest = [i for i in range(io.n) if i not in gone]
    if push:
        primary = io.x - io.Z.sum(axis=0)
        after = np.linalg.solve((np.eye(len(rest)) - io.B[np.ix_(rest, rest)]).T, primary[rest])
    else:
        after = np.linalg.solve(np.eye(len(rest)) - io.A[np.ix_(rest, rest)], io.Y.sum(axis=1)[rest])
    lost = np.ones(io.n)
    lost[rest] = 1 - after / io.x[rest]
    return lost


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_loss_without_the_largest_partner(seed: int) -> None:
    # Hypothetical extraction by brute force: the system without the partner, by Leontief and by Ghosh.
    rng = np.random.default_rng(seed)
    labels = pd.DataFrame([(r, s) for r in "NS" for s in "abc"], columns=["region", "sector"])
    flows = rng.lognormal(size=(6, 6))
    io = IOTable.from_arrays(flows, x=np.maximum(flows.sum(0), flows.sum(1)) * 1.6, sectors=labels)
    rows: list[Any] = list(dependence(io).frame.itertuples(index=False))
    for row in rows:
        gone = [i for i in range(6) if labels["sector"][i] == row.largest_partner]
        expected = without(io, gone, push=row.side == "inputs")
        assert row.extraction_loss == pytest.approx(expected[io.ids.index(row.node)])
    regions: list[Any] = list(dependence(io, of="region", on="country").frame.itertuples(index=False))
    for row in regions:
        gone, own = ([i for i in range(6) if labels["region"][i] == r] for r in (row.largest_partner, row.node))
        expected = without(io, gone, push=row.side == "inputs")
        assert row.extraction_loss == pytest.approx((expected * io.x)[own].sum() / io.x[own].sum())
    # A region that sells to an industry abroad keeps its own part of that industry.
    rows = list(dependence(io, of="region", on="industry").frame.query("side in ('inputs', 'sales')").itertuples())
    for row in rows:
        own = [i for i in range(6) if labels["region"][i] == row.node]
        gone = [i for i in range(6) if labels["sector"][i] == row.largest_partner and i not in own]
        expected = without(io, gone, push=row.side == "inputs")
        assert row.extraction_loss == pytest.approx((expected * io.x)[own].sum() / io.x[own].sum())


def test_exports_by_product_of_a_trade_table(tmp_path: Path) -> None:
    # By hand: A sells 9 of tea and 1 of rice, HHI .82; B only rice.
    file = tmp_path / "exports.csv"
    file.write_text("year,exporter,product,value\n2020,A,tea,9\n2020,A,rice,1\n2020,B,rice,4\n")
    table = open_inputs([str(file)]).trade
    assert table is not None
    frame = dependence(table).frame.set_index("node")
    assert frame["side"].unique().tolist() == ["exports"]
    assert frame["hhi"].to_dict() == pytest.approx({"A": 0.82, "B": 1.0})
    assert frame["largest_partner"].to_dict() == {"A": "tea", "B": "rice"}
