"""Change over years: every kind of event, made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from netcluster.clusters import score
from netcluster.clusters.change import change, lineage
from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.core.result import Result
from tests.clusters.planted import network


def changed(before: list[str], after: list[str]) -> Result:
    one, two = (network(np.ones((len(labels), len(labels)))) for labels in (before, after))
    return change(score(one, before, null_draws=0), score(two, after, null_draws=0), one, two)


def events(result: Result) -> dict[str, str]:
    frame = result.frame
    named = frame["name_before"].where(frame["name_before"] != "", frame["name_after"])
    return dict(zip(named.tolist(), frame["event"].tolist(), strict=True))


def test_the_same_partition_is_kept_whole() -> None:
    result = changed(["a", "a", "b", "b"], ["x", "x", "y", "y"])
    assert events(result) == {"a": "kept", "b": "kept"}
    assert result.frame["overlap"].tolist() == [1, 1]
    assert "0 nodes" in result.notes[0].text
    assert set(result.measures) <= set(all_measures())


def test_a_split_in_unlike_parts() -> None:
    # By hand: "a" keeps 4 of 6 (overlap 4/6) and loses 2 of 6, more than 30 %.
    result = changed(["a"] * 6 + ["b"] * 2, ["x"] * 4 + ["z"] * 2 + ["b"] * 2)
    assert events(result) == {"a": "split", "b": "kept", "z": "split off"}
    assert result.frame.loc[0, "overlap"] == pytest.approx(4 / 6)
    assert result.frame.loc[0, "into"] == "z"


def test_a_merger() -> None:
    result = changed(["a"] * 4 + ["b"] * 3, ["x"] * 7)
    assert events(result) == {"a": "merged", "b": "merged"}
    assert result.frame["cluster_after"].tolist()[0] == 1
    assert result.frame.loc[1, "into"] == "x"


def test_births_and_deaths() -> None:
    # "b" goes in equal parts of a quarter into four others: gone; "new" comes likewise: born.
    others = ["p"] * 6 + ["q"] * 6 + ["r"] * 6 + ["s"] * 6
    result = changed([*others, *["b"] * 4], [*others, "p", "q", "r", "s"])
    assert events(result)["b"] == "gone"
    back = changed([*others, "p", "q", "r", "s"], [*others, *["new"] * 4])
    assert events(back)["new"] == "born"


def test_members_that_leave_or_enter_the_table_count() -> None:
    # By hand: a node has as much output as there are nodes, 20 before and 9 after. Of ten firms five go and two come:
    # common are 5 · 14.5, of 5 · 14.5 + 5 · 20 + 2 · 9; "b" keeps two of ten, too few to be the same.
    before = [f"a{i}" for i in range(10)] + [f"b{i}" for i in range(10)]
    after = [f"a{i}" for i in range(5)] + ["a10", "a11", "b0", "b1"]
    one, two = (network(np.ones((len(ids), len(ids))), id=ids) for ids in (before, after))
    first, second = (score(net, [node[0] for node in net.ids], null_draws=0) for net in (one, two))
    result = change(first, second, one, two)
    assert result.frame["event"].tolist() == ["kept", "gone", "split off"]
    assert result.frame["overlap"].tolist() == pytest.approx([72.5 / 190.5, 0, 0])
    assert lineage(first, second, one, two) == {1: 1, 2: 3}


def test_tables_without_a_common_node_are_refused() -> None:
    one, two = network(np.ones((2, 2))), network(np.ones((2, 2)), id=["x", "y"])
    with pytest.raises(NetclusterError, match="no node in common"):
        change(score(one, [1, 1], null_draws=0), score(two, [1, 1], null_draws=0), one, two)


def test_a_cluster_keeps_its_line_whatever_its_rank() -> None:
    # In the second year b grows past a; in the third a is gone and c comes: it takes a number nobody had.
    years = [["a"] * 4 + ["b"] * 3 + [""] * 6, ["a"] * 4 + ["b"] * 5 + [""] * 4, [""] * 4 + ["b"] * 5 + ["c"] * 4]
    nets = [network(np.ones((13, 13))) for _ in years]
    parts = [score(net, labels, null_draws=0) for net, labels in zip(nets, years, strict=True)]
    names = [dict(zip(part.frame["cluster"], part.frame["cluster_name"], strict=True)) for part in parts]
    first = {int(cluster): int(cluster) for cluster in parts[0].labels}
    second = lineage(parts[0], parts[1], nets[0], nets[1], lines=first)
    line = {names[1][cluster]: number for cluster, number in second.items()}
    assert (line["a"], line["b"]) == (1, 2)
    assert parts[1].frame.loc[4, "cluster"] == 1  # b is now the largest
    used = max(*first.values(), *second.values())
    third = lineage(parts[1], parts[2], nets[1], nets[2], lines=second, used=used)
    line = {names[2][cluster]: number for cluster, number in third.items()}
    assert line["b"] == 2
    assert line["c"] > used
