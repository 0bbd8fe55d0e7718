"""Expected figures by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.network.build import build
from netcluster.network.levels import aggregate, coverage, select
from netcluster.network.network import Network
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
from netcluster.tables.iotable import IOTable
from netcluster.tables.links import LinkTable


def both_levels() -> Network:
    """Farms (output 10: firms of 4 and 6) sell 3 to mills (output 8: one firm of 6)."""
    io = IOTable.from_arrays([[0, 3], [0, 0]], x=[10, 8], sectors=["farms", "mills"])
    frame = pd.DataFrame(
        {
            "id": ["f1", "f2", "m1", "u"],
            "industry": ["farms", "farms", "mills", ""],
            "revenue": [4.0, 6.0, 6.0, np.nan],
            "kind": ["firm", "firm", "firm", "institution"],
        }
    ).reindex(columns=list(FIRM_COLUMNS))
    text = ["role", "region"]
    frame[text] = frame[text].astype("object").fillna("")
    links = pd.DataFrame(
        {
            "source": ["f1", "f2", "u"],
            "target": ["m1", "m1", "f1"],
            "weight": [1.0, 2.0, 1.0],
            "layer": ["supply", "supply", "project"],
        }
    )
    return build(io, FirmTable(frame), LinkTable(links))


def test_select_cuts_to_kinds_and_the_firms_links_are_supply_again() -> None:
    firms = select(both_levels(), kinds=["firm", "institution"])
    assert firms.ids == ("f1", "f2", "m1", "u")
    assert list(firms.layers) == ["supply", "project"]
    assert firms.layer().matrix.sum() == 3
    industries = select(both_levels(), kinds=["industry"])
    assert industries.ids == ("farms", "mills")
    assert list(industries.layers) == ["supply"]
    some = select(both_levels(), keep=[True, True, True, False, True, False])
    assert some.ids == ("farms", "mills", "f1", "m1")
    assert some.layer("firm_supply").matrix.sum() == 1


def test_select_refuses_what_it_can_not_do() -> None:
    with pytest.raises(NetclusterError, match="no kind of node 'robot'"):
        select(both_levels(), kinds=["robot"])
    with pytest.raises(NetclusterError, match="2 values for 6 nodes"):
        select(both_levels(), keep=[True, False])


def test_coverage_adds_firms_up_to_their_industry() -> None:
    frame = coverage(both_levels())
    assert frame["node"].tolist() == ["farms", "mills"]
    assert frame["firms"].tolist() == [2, 1]
    assert frame["share"].tolist() == [1.0, 0.75]
    with pytest.raises(NetclusterError, match="no industries with firms"):
        coverage(select(both_levels(), kinds=["firm"]))


def test_firm_flows_added_up_are_the_flows_between_industries() -> None:
    network = both_levels()
    place = {node: k for k, node in enumerate(network.ids)}
    codes = np.array([place.get(node, -1) for node in network.nodes["industry_node"]])
    flows = aggregate(network.layer("firm_supply").matrix, codes, network.n)
    np.testing.assert_array_equal(flows.toarray(), network.layer("supply").matrix.toarray())


@given(st.integers(0, 10_000))
def test_aggregate_keeps_the_total_of_the_grouped(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = sp.random_array((8, 8), density=0.4, rng=rng, format="csr")
    codes = rng.integers(-1, 3, 8)
    inside = codes >= 0
    dense = matrix.toarray()
    expected = np.array([[dense[np.ix_(codes == a, codes == b)].sum() for b in range(3)] for a in range(3)])
    np.testing.assert_allclose(aggregate(matrix, codes, 3).toarray(), expected, atol=1e-12)
    assert aggregate(matrix, codes, 3).sum() == pytest.approx(dense[np.ix_(inside, inside)].sum(), abs=1e-12)
