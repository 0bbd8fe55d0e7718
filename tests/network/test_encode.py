"""Codes and matrices against Python dictionaries."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcluster.network.encode import assemble, encode, examples, positions, unmatched

names = st.lists(st.sampled_from(["a", "b", "", "ü", "a b", None]), min_size=0, max_size=12)


@given(names, st.sampled_from(["object", "str", "category"]))
def test_a_code_leads_back_to_its_id(given_names: list[str | None], dtype: str) -> None:
    source = pd.Series(given_names, dtype="object").astype(dtype)  # type: ignore[call-overload]
    target = pd.Series(given_names[::-1], dtype="object").astype(dtype)  # type: ignore[call-overload]
    ends = encode(source, target)
    listed = ends.ids.to_pylist()
    assert len(listed) == len(set(listed))
    for codes, wanted in ((ends.source, given_names), (ends.target, given_names[::-1])):
        found = [listed[code] if code >= 0 else None for code in codes]
        assert found == [name or None for name in wanted]


def test_numbers_as_ids_become_text() -> None:
    ends = encode(pd.Series([1, 2]), pd.Series([2, 3]))
    assert ends.ids.to_pylist() == ["1", "2", "3"]


def test_positions_and_what_has_none() -> None:
    ends = encode(pd.Series(["b", "x", ""], dtype="str"), pd.Series(["a", "c", "b"], dtype="str"))
    place = positions(ends.ids, ["a", "b"])
    assert dict(zip(ends.ids.to_pylist(), place.tolist(), strict=True)) == {"b": 1, "x": -1, "": -1, "a": 0, "c": -1}
    assert unmatched(ends.ids, place).tolist() == ["c", "x"]


def test_assemble_sums_sets_aside_and_counts() -> None:
    source = np.array([0, 0, 1, -1, 1, 1], dtype=np.int32)
    target = np.array([1, 1, 1, 0, 0, 0], dtype=np.int32)
    weight = np.array([1.0, 2.0, -1.0, 1.0, np.nan, 0.0])
    links = assemble(source, target, weight, 2, directed=True, what="Test")
    assert links.matrix.toarray().tolist() == [[0, 3], [0, 0]]
    assert {note.code: note.count for note in links.notes} == {
        "blank_ends": 1,
        "unusable_weights": 1,
        "negative_weights": 1,
        "zero_weights": 1,
        "repeated_links": 1,
    }


def test_an_undirected_loop_is_counted_once() -> None:
    one = np.array([0, 0, 1], dtype=np.int32)
    other = np.array([0, 1, 0], dtype=np.int32)
    links = assemble(one, other, np.array([5.0, 1.0, 2.0]), 2, directed=False, what="Test")
    assert links.matrix.toarray().tolist() == [[5, 3], [3, 0]]


@pytest.mark.parametrize(("count", "text"), [(2, "n0, n1"), (6, "n0, n1, n2, n3, n4 …")])
def test_examples_are_few(count: int, text: str) -> None:
    assert examples(f"n{k}" for k in range(count)) == text
