"""Pairs a person would see at once, and pairs a person would not make."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.network.match import _key, _vectors, merge, near_duplicates, normalised
from netcluster.tables.links import LinkTable

NAMES = [
    "Müller AG",
    "MULLER A.G.",
    "Novartis Pharma Schweiz",
    "Novartis Pharma Schweitz",
    "Swisscom (Schweiz) AG",
    "Swisscom",
    "Swissport",
    "SBB",
    "UBS",
]


def pairs(threshold: float) -> list[tuple[str, str]]:
    frame = near_duplicates(NAMES, threshold).frame
    return list(zip(frame["name"], frame["other"], strict=True))


def test_what_differs_in_writing_only_has_similarity_1() -> None:
    frame = near_duplicates(NAMES, 1.0).frame
    (row,) = frame.to_dict("records")
    reason = "case, accents or marks"
    assert row == {"name": "MULLER A.G.", "other": "Müller AG", "similarity": 1.0, "reason": reason}


@pytest.mark.parametrize(
    ("one", "two", "reason"),
    [
        ("ACME Ltd.", "Acme LTD", "case, accents or marks"),
        ("Société Générale S.A.", "SOCIETE GENERALE", "legal form"),
        ("Weber GmbH & Co. KG", "Weber AG", "legal form"),
        ("Škoda a.s.", "Skoda s. r. o.", "legal form"),
        ("Carlsberg A/S", "CARLSBERG AS", "case, accents or marks"),
        ("Polski Las Sp. z o.o.", "Polski Las S.A.", "legal form"),
        ("Müller Bäckerei", "Mueller Baeckerei GmbH", "umlauts"),
        ("Robert Bosch GmbH", "Bosch Robert", "order of words"),
        ("Novartis Pharma Schweitz", "Novartis Pharma Schweiz", "spelling"),
    ],
)
def test_why_two_names_may_be_one(one: str, two: str, reason: str) -> None:
    (row,) = near_duplicates([one, two, "Nestlé", "Roche", "Lonza"], 0.6).frame.to_dict("records")
    assert {row["name"], row["other"]} == {one, two}
    assert row["reason"] == reason
    assert (row["similarity"] == 1.0) == (reason not in ("order of words", "spelling"))


@settings(max_examples=25)
@given(
    st.lists(st.text("abcé AG", min_size=1, max_size=9), min_size=2, max_size=25), st.sampled_from([0.3, 0.6, 0.85, 1])
)
def test_no_pair_is_missed_by_brute_force(names: list[str], threshold: float) -> None:
    distinct = sorted(set(names))
    keys = [_key(name) for name in distinct]
    # Each key counts once for how rare a piece is, as each of its spellings says no more than one.
    vectors = _vectors(sorted(set(keys))).toarray()
    at = {key: i for i, key in enumerate(sorted(set(keys)))}
    expected = set()
    for i, j in combinations(range(len(distinct)), 2):
        cosine = vectors[at[keys[i]]] @ vectors[at[keys[j]]]
        if keys[i] == keys[j] or cosine >= threshold - 1e-12:
            expected.add((distinct[i], distinct[j]))
    frame = near_duplicates(names, threshold).frame
    assert set(zip(frame["name"], frame["other"], strict=True)) == expected


def test_near_names_are_offered_best_first_and_far_ones_are_not() -> None:
    found = pairs(0.8)
    assert found == [("MULLER A.G.", "Müller AG"), ("Novartis Pharma Schweitz", "Novartis Pharma Schweiz")]
    assert ("SBB", "UBS") not in pairs(0.3)


def test_a_firm_called_only_by_its_legal_form_keeps_its_name() -> None:
    assert normalised("AG") == "ag"
    assert normalised("S.A. Inc.") == "sa inc"


def test_merge_renames_and_counts() -> None:
    frame = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [1.0, 2.0], "layer": ["supply"] * 2})
    merged = merge(LinkTable(frame), {"b": "a"})
    assert merged.frame["source"].tolist() == ["a", "a"]
    assert merged.frame["target"].tolist() == ["a", "c"]
    assert merged.changes[-1].count == 2
    assert frame["source"].tolist() == ["a", "b"]


def test_no_names_no_pairs_and_a_wrong_threshold_is_an_error() -> None:
    assert len(near_duplicates([])) == 0
    assert len(near_duplicates(["one"])) == 0
    assert len(near_duplicates(["", "é"])) == 0
    with pytest.raises(NetclusterError, match="between 0 and 1"):
        near_duplicates(["a"], 2.0)
