"""Cut sets: by hand, and by trying all sets of firms."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.network import Layer, Network
from netcluster.risk import cut_sets


def network(w: Any, industry: list[str], region: list[str]) -> Network:
    labels = {"industry": industry, "region": region, "kind": "firm", "role": "", "label": "", "size": np.nan}
    nodes = pd.DataFrame({"id": [f"n{i}" for i in range(len(w))], **labels})
    return Network(nodes, {"supply": Layer(sp.csr_array(np.asarray(w, dtype=float)), money=True)})


def test_two_sellers_behind_one_trader_by_hand() -> None:
    # n0 and n1 sell gas to the trader n2 alone; n3 in S buys gas from n2 and, of another kind, from n4.
    w = np.zeros((5, 5))
    w[0, 2] = w[1, 2] = 5.0
    w[2, 3], w[4, 3] = 9.0, 1.0
    result = cut_sets(network(w, ["gas", "gas", "gas", "glass", "sand"], ["N", "N", "N", "S", "N"]))
    south = result.frame[result.frame["region"] == "S"].set_index("input")
    columns = ["buyers", "home_sellers", "sellers", "cut_set", "firms"]
    assert [south[column]["gas"] for column in columns] == [1, 0, 3, 1, "n2"]
    assert south.loc["gas", "input_share"] == pytest.approx(0.9)
    assert south.loc["sand", "firms"] == "n4"
    first = result.findings[0]
    assert (first.code, first.subject, first.severity) == ("thin_supply", "S gas", "high")
    assert first.sentence.startswith("All gas that reaches region S passes through n2: 1 of its firms buy it, 90.0%")


def test_own_use_is_no_purchase_and_no_sale_by_hand() -> None:
    # S has a firm that makes gas for itself alone: the region still has one trader between it and all gas.
    w = np.zeros((4, 4))
    w[0, 1], w[1, 2], w[3, 3] = 5.0, 9.0, 3.0
    result = cut_sets(network(w, ["gas", "gas", "glass", "gas"], ["N", "N", "S", "S"]))
    row = result.frame[(result.frame["region"] == "S") & (result.frame["input"] == "gas")].iloc[0]
    assert row[["buyers", "home_sellers", "sellers", "cut_set", "firms", "input_share"]].tolist() == [
        1,
        0,
        2,
        1,
        "n1",
        1,
    ]
    assert [finding.code for finding in result.findings] == ["thin_supply"]


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_every_set_tried(seed: int) -> None:
    # Brute force: the smallest set of firms outside the region that leaves no path from any seller to it.
    rng = np.random.default_rng(seed)
    n = 9
    w = (rng.random((n, n)) < 0.25).astype(float)
    np.fill_diagonal(w, 0.0)
    w[0, 8] = 1.0
    industry, region = [str(k) for k in rng.integers(0, 3, n)], ["S" if i > 6 else "N" for i in range(n)]
    frame = cut_sets(network(w, industry, region)).frame
    graph: Any = nx.DiGraph([(i, j) for i in range(n) for j in range(n) if w[i, j]])
    graph.add_nodes_from(range(n))
    rows: list[Any] = list(frame[frame["region"] == "S"].itertuples(index=False))
    for row in rows:
        sellers = [i for i in range(7) if industry[i] == row.input and w[i].any()]
        expected = next(size for size in range(8) if any(cuts(graph, sellers, s) for s in combinations(range(7), size)))
        assert row.cut_set == min(expected, 6)
        if 0 < expected <= 5:
            assert cuts(graph, sellers, tuple(int(name[1:]) for name in str(row.firms).split(" ")))


def cuts(graph: Any, sellers: list[int], lost: tuple[int, ...]) -> bool:
    """Return whether no path leads from a seller to the region over firms outside it once some are lost."""
    left = graph.subgraph([i for i in graph if i not in lost])
    front = [i for i in sellers if i not in lost]
    return not any(nx.has_path(left, i, j) for i in front for j in (7, 8))


def test_labels_are_needed() -> None:
    with pytest.raises(NetclusterError, match="a region and an industry"):
        cut_sets(network(np.eye(2, k=1), ["a", "b"], ["", ""]))


def test_every_measure_is_explained() -> None:
    result = cut_sets(network(np.eye(2, k=1), ["a", "b"], ["N", "S"]))
    assert set(result.measures) <= set(all_measures())
    assert set(result.frame.columns) - set(result.measures) == {"region", "input", "firms"}
