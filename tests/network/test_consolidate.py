"""Plants to firms to groups, added up by hand and, over random trees, by brute force."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.network.build import build
from netcluster.network.consolidate import consolidate
from netcluster.network.network import Network
from netcluster.network.store import load, save
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
from netcluster.tables.links import LinkTable


def network() -> Network:
    rows: list[dict[str, str | float]] = [
        {"id": "p1", "industry": "C10", "region": "north", "size": 5.0, "label": "Plant 1"},
        {"id": "p2", "industry": "C20", "region": "south", "size": 9.0, "revenue": 4.0},
        {"id": "F", "label": "The Firm", "region": "east"},
        {"id": "z", "size": 1.0, "label": "Zed"},
    ]
    texts = ("kind", "role", "industry", "region", "label")
    blank: dict[str, str | float] = {column: "" if column in texts else np.nan for column in (*FIRM_COLUMNS, "label")}
    firms = FirmTable(pd.DataFrame([{**blank, "kind": "firm", **row} for row in rows]))
    links = [("p1", "p2", 5.0, "supply"), ("p2", "z", 2.0, "supply"), ("p1", "z", 1.0, "supply")]
    links += [("p1", "p2", 3.0, "project"), ("p2", "z", 4.0, "project")]
    return build(firms, LinkTable(pd.DataFrame(links, columns=["source", "target", "weight", "layer"])))


def test_plants_firms_and_groups_by_hand(tmp_path: Path) -> None:
    net = consolidate(network(), {"p1": "F", "p2": "F", "F": "Group", "Group": "Group"})
    assert net.ids == ("Group", "z")
    row = net.nodes.iloc[0]
    # The group is no node: its size is what it owns, industry and region those of its largest plant that has one.
    assert (row["size"], row["revenue"], row["label"]) == (14.0, 4.0, "Group")
    assert (row["industry"], row["region"]) == ("C20", "south")
    assert net.layer("supply").matrix.toarray().tolist() == [[5, 3], [0, 0]]
    # A tie without direction within the group is one loop of its weight.
    assert net.layer("project").matrix.toarray().tolist() == [[3, 4], [4, 0]]
    assert net.layer("project").links == 2
    assert [note.count for note in net.changes if note.code == "within_owner"] == [1, 1]
    save(net, tmp_path / "net")
    again = load(tmp_path / "net").network
    assert again is not None
    assert again.nodes.equals(net.nodes)


def test_an_owner_that_is_a_node_keeps_what_it_says_of_itself() -> None:
    net = consolidate(network(), {"p1": "F", "p2": "F"})
    row = net.nodes.set_index("id").loc["F"]
    assert (row["label"], row["region"], row["industry"], row["size"]) == ("The Firm", "east", "C20", 14.0)


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_flows_between_owners_are_sums_over_their_nodes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ids = [f"n{i}" for i in range(8)]
    rows = [(ids[i], ids[j], float(w), "supply") for i, j, w in rng.integers([0, 0, 1], [8, 8, 9], (20, 3))]
    net = build(LinkTable(pd.DataFrame(rows, columns=["source", "target", "weight", "layer"])))
    # Each node may belong to one of a smaller number, so that no circle is possible.
    owners = {ids[i]: ids[int(rng.integers(0, i))] for i in range(1, 8) if rng.random() < 0.6 and ids[i] in net.ids}
    if not owners:
        return
    whole = consolidate(net, owners)

    def top(name: str) -> str:
        while name in owners:
            name = owners[name]
        return name

    expected: dict[tuple[str, str], float] = {}
    for source, target, weight, _ in rows:
        key = (top(source), top(target))
        expected[key] = expected.get(key, 0.0) + weight
    matrix = whole.layer("supply").matrix.tocoo()
    found = {(whole.ids[i], whole.ids[j]): w for i, j, w in zip(*matrix.coords, matrix.data, strict=True)}
    assert found == expected
    assert whole.layer("supply").matrix.sum() == net.layer("supply").matrix.sum()


def test_circles_and_strangers_are_errors() -> None:
    with pytest.raises(NetclusterError, match="goes in a circle"):
        consolidate(network(), {"p1": "p2", "p2": "p1"})
    with pytest.raises(NetclusterError, match="None of the 1 owned is in the network"):
        consolidate(network(), {"x": "y"})
    told = consolidate(network(), {"p1": "F", "p9": "F"}).changes
    assert [(note.text, note.count) for note in told if note.code == "unknown_owned"] == [
        ("Ties of ownership of what is not in the network: p9.", 1)
    ]
