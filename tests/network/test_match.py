"""Pairs a person would see at once, and pairs a person would not make."""

from __future__ import annotations

import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.network.match import merge, near_duplicates, normalised
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
    assert frame.to_dict("records") == [{"name": "MULLER A.G.", "other": "Müller AG", "similarity": 1.0}]


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
