"""Delgado–Porter–Stern scores and repair, Feser–Bergman templates: oracles of clusters.md, recomputed by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from netcluster.clusters import adjusted_rand
from netcluster.clusters.families import families, locational_correlation, repair, standardised
from netcluster.clusters.templates import likeness, templates, varimax
from netcluster.clusters.validation import relatedness, validation
from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.iotable import IOTable

ORACLE = np.array(
    [
        [1, 0.8, 0.6, 0.1, 0.2],
        [0.8, 1, 0.5, 0, 0.1],
        [0.6, 0.5, 1, 0.3, 0.4],
        [0.1, 0, 0.3, 1, 0.7],
        [0.2, 0.1, 0.4, 0.7, 1],
    ]
)


def planted(n: int, k: int, seed: int = 0) -> tuple[Any, Any]:
    """A similarity of correlations with k groups."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % k
    patterns = rng.normal(size=(k, 60))[truth] + 0.7 * rng.normal(size=(n, 60))
    return np.corrcoef(patterns), truth


def test_relatedness_of_the_oracle() -> None:
    found = relatedness(ORACLE, [0, 0, 0, 1, 1])
    assert found.own == pytest.approx([0.7, 0.65, 0.55, 0.7, 0.7])
    assert found.industry[[0, 1, 2], 1] == pytest.approx([0.15, 0.05, 0.35])
    assert found.industry[[3, 4], 0] == pytest.approx([0.4 / 3, 0.7 / 3])
    assert np.diag(found.cluster) == pytest.approx([1.9 / 3, 0.7])
    assert found.cluster[0, 1] == pytest.approx(1.1 / 6)


def test_scores_of_the_oracle_are_all_one() -> None:
    frame = validation([0, 0, 0, 1, 1], {"M": ORACLE}).frame
    assert frame.iloc[-1, 1:].tolist() == [1.0] * 5
    assert frame["matrix"].tolist() == ["M", "mean"]


def test_scores_of_a_wrong_partition_by_hand() -> None:
    # {0, 3} has 0.1 within and (0.8+0.6+0.2+0+0.3+0.7)/6 across: fails; {1, 2, 4} has (0.5+0.1+0.4)/3 within: fails.
    frame = validation([0, 1, 1, 0, 1], {"M": ORACLE}).frame
    assert frame.loc[0, "vs_cluster"] == 0
    # By hand: industry 2 is the only one as related to its own, (0.5+0.4)/2, and to the other, (0.6+0.3)/2: no pass.
    assert frame.loc[0, "vs_industry"] == pytest.approx(0)


def test_repair_moves_the_planted_outlier_back() -> None:
    similarity, truth = planted(30, 3)
    wrong = truth.copy()
    wrong[4] = 0
    labels, moves, settled = repair(wrong, similarity)
    assert settled
    assert moves == [(4, 0, 1)]
    assert (labels == truth).all()


def test_families_find_the_planted_groups_and_count_them() -> None:
    one, truth = planted(40, 4, 1)
    two, _ = planted(40, 4, 2)
    part = families({"LC": one, "IO": two}, [f"i{i}" for i in range(40)], counts=(2, 4, 6))
    assert adjusted_rand(part.labels, truth) == pytest.approx(1)
    assert part.summary["clusters"] == 4
    # 3 groups of matrices, 2 methods, 3 counts.
    assert part.summary["candidates"] == 18
    assert part.summary["vs"] == 1
    assert set(part.measures) <= set(all_measures())


def test_families_are_the_same_twice() -> None:
    one, _ = planted(24, 3, 5)
    first, second = (families({"M": one}, list(map(str, range(24))), counts=(3, 5), seed=3) for _ in range(2))
    assert first.frame.equals(second.frame)


def test_standardised_pairs_have_mean_0_and_sd_1() -> None:
    M = standardised(ORACLE)
    pairs = M[~np.eye(5, dtype=bool)]
    assert pairs.mean() == pytest.approx(0)
    assert pairs.std() == pytest.approx(1)


def test_locational_correlation_is_the_correlation_over_regions() -> None:
    jobs = np.array([[60.0, 30, 10], [50, 40, 10], [10, 20, 70]])
    rows = [(f"r{r}", f"i{i}", jobs[i, r], 1.0) for i in range(3) for r in range(3)]
    frame = pd.DataFrame(rows, columns=["region", "industry", "employment", "establishments"])
    industries, found = locational_correlation(EmploymentTable(frame))
    assert industries == ["i0", "i1", "i2"]
    assert found == pytest.approx(np.corrcoef(jobs))


def test_feser_bergman_likeness_of_the_oracle() -> None:
    # clusters.md, entries (1,2) (1,3) (1,4) (2,3) (2,4) (3,4).
    Z = [[10, 40, 5, 5], [30, 5, 45, 2], [2, 6, 10, 50], [4, 3, 40, 8]]
    expected = [-0.069145, 0.582086, -0.477306, -0.506045, 0.781813, -0.092646]
    assert likeness(Z)[np.triu_indices(4, 1)] == pytest.approx(expected, abs=1e-6)


def test_templates_are_the_planted_chains() -> None:
    # Four chains of four span three dimensions, as patterns that add up to 1 leave one less.
    Z = np.kron(np.eye(4), np.ones((4, 4))) * 20 + np.random.default_rng(0).random((16, 16))
    io = IOTable.from_arrays(Z, x=np.full(16, 500.0))
    result = templates(io, count=3)
    primary = result.frame[result.frame["membership"] == "primary"]
    chains = [set(io.ids[at : at + 4]) for at in range(0, 16, 4)]
    assert len(primary)
    for _, members in primary.groupby("template")["sector"]:
        assert set(members) in chains


def test_varimax_turns_back_a_simple_structure() -> None:
    simple = np.kron(np.eye(2), np.ones((4, 1))) * 0.8
    angle = 0.6
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found = np.abs(varimax(simple @ turn))
    assert np.sort(found, axis=1) == pytest.approx(np.sort(simple, axis=1), abs=1e-6)


@pytest.mark.parametrize(
    ("matrices", "counts", "text"),
    [
        ({}, (2,), "at least one"),
        ({"M": np.ones((2, 2))}, (2,), "finite numbers"),
        ({"M": np.triu(ORACLE)}, (2,), "not symmetric"),
        ({"M": ORACLE}, (5,), "Between 2 and 4"),
    ],
)
def test_wrong_similarities_are_refused(matrices: Any, counts: Any, text: str) -> None:
    with pytest.raises(NetclusterError, match=text):
        families(matrices, list("abcde"), counts=counts)
