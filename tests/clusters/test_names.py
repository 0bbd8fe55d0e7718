"""Names: the hypergeometric oracle, sections of three classifications, places, and that names differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from netcluster.clusters.names import members_of, name_clusters, over_representation, section_of, short_label
from netcluster.clusters.sections import sections
from tests.clusters.planted import network


def test_over_representation_of_the_oracle() -> None:
    # clusters.md: N = 100, K = 20, n = 15, k = 9 gives p = 2.1785e-4.
    groups = ["x"] * 9 + ["y"] * 6 + ["x"] * 11 + ["y"] * 74
    found = over_representation(groups, [1] * 15 + [2] * 85)
    row = found[(found["cluster"] == 1) & (found["group"] == "x")].iloc[0]
    assert row["p_value"] == pytest.approx(2.1785e-4, rel=1e-4)
    assert row["expected"] == pytest.approx(3.0)
    # That the other cluster has 74 of y is the same event: two of four tests share the lowest p.
    assert row["p_corrected"] == pytest.approx(4 / 2 * 2.1785e-4, rel=1e-4)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["A01", "C10T12", "R_S", "M69_M70"], ["Farming, forestry and fishing", "Manufacturing"]),
        (["CPA_A01", "CPA_C29", "CPA_K64", "CPA_P85"], ["Farming, forestry and fishing", "Manufacturing"]),
        (["AtB", "15t16", "50", "J"], ["Farming and forestry", "Manufacturing"]),
        (["111CA", "3361MV", "42", "GFGD"], ["Farming, forestry and fishing", "Manufacturing"]),
    ],
)
def test_sections_of_the_classifications(codes: Any, expected: Any) -> None:
    assert sections(codes)[:2] == expected
    assert all(sections(codes))


def test_unknown_codes_have_no_section() -> None:
    assert sections(["c1", "c2", "Coal"]) == ["", "", ""]


def named(regions: list[str], labels: list[int], **columns: Any) -> list[str]:
    flows = np.ones((len(labels), len(labels)))
    net = network(flows, region=regions, **columns)
    return [name.name for name in name_clusters(net.nodes, sp.csr_array(flows), np.array(labels))]


def test_a_cluster_that_is_one_country_bears_its_name() -> None:
    assert named(["DEU"] * 3 + ["KOR"] * 3, [1, 1, 1, 2, 2, 2]) == ["DEU", "KOR"]


def test_a_part_of_a_country_is_placed_in_it() -> None:
    names = named(["DEU"] * 4 + ["KOR"] * 4, [1, 1, 2, 2, 3, 3, 4, 4])
    assert names[0] == "DEU: N0 & N1"
    assert len(set(names)) == 4


def test_names_differ_and_give_their_reason() -> None:
    flows = np.kron(np.eye(2), np.ones((6, 6)))
    net = network(flows, industry=["C10", "C11", "C12", "C13", "A01", "A02"] * 2, label=["same"] * 12)
    found = name_clusters(net.nodes, sp.csr_array(flows), np.repeat([1, 2], 6))
    assert len({name.name for name in found}) == 2
    assert all("most inner flows" in name.reason for name in found)


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("Manufacture of motor vehicles, trailers and semi-trailers", "Motor vehicles"),
        (
            "Manufacture of basic pharmaceutical products and pharmaceutical preparations",
            "Basic pharmaceutical products",
        ),
        ("Repair and installation of machinery and equipment", "Repair and installation of machinery"),
        ("Manufacture of computer, electronic and optical products", "Computer, electronic and optical products"),
        ("A01", "A01"),
    ],
)
def test_labels_are_cut_where_they_make_sense(label: Any, short: Any) -> None:
    assert short_label(label) == short


def test_names_of_firms_that_look_like_codes_are_no_codes() -> None:
    # Firms 1 to 20 of no known industry: 15 is no food industry, and nothing is over-represented.
    net = network(np.ones((20, 20)), kind="firm", id=[str(i) for i in range(1, 21)])
    net.nodes["label"] = net.nodes["id"]
    assert section_of(net.nodes) == [""] * 20
    # Nor are industries that a table numbers itself: no classification has a division 4.
    net.nodes["kind"] = "industry"
    assert section_of(net.nodes) == [""] * 20
    net.nodes["id"] = [str(i) for i in range(10, 30)]
    assert section_of(net.nodes)[14] == "Manufacturing"


def test_firms_that_are_numbered_are_told_by_the_names_of_their_industries() -> None:
    nodes = network(np.ones((4, 4)), kind="firm", industry=["1", "1", "2", "2"], label="").nodes
    nodes = nodes.assign(label=nodes["id"], industry_name=["Farms", "Farms", "Shops", "Shops"])
    names = name_clusters(nodes, sp.csr_array(np.kron(np.eye(2), np.ones((2, 2)))), np.array([1, 1, 2, 2]))
    assert [name.name.split()[0] for name in names] == ["Farms", "Shops"]


def test_codes_without_labels_are_named_by_their_section() -> None:
    nodes = network(np.ones((4, 4)), industry=["22", "23", "331", "484"], label=["22", "23", "331", "Trucks"]).nodes
    flows = sp.csr_array(np.kron(np.eye(2), np.ones((2, 2))) + np.diag([0.0, 1, 1, 0]))
    names = name_clusters(nodes, flows, np.array([1, 1, 2, 2]))
    assert [name.name for name in names] == ["Utilities 22 & Construction 23", "Manufacturing 331 & Trucks"]


def test_members_of_each_cluster_by_brute_force() -> None:
    labels = np.random.default_rng(0).integers(1, 9, 200)
    labels[labels == 5] = 6  # a number that no node has, which stands for an empty cluster
    found = members_of(labels, 9)
    assert len(found) == 9
    for cluster, members in enumerate(found, start=1):
        assert members.tolist() == [node for node in range(200) if labels[node] == cluster]
