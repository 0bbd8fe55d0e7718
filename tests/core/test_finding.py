"""Severity, order and cap of findings, as the design states them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from netcluster.core.finding import Finding, capped, rank, severity


def finding(**changes: object) -> Finding:
    base: dict[str, object] = {
        "code": "c",
        "subject": "a",
        "subject_kind": "node",
        "measure": "hhi",
        "value": 0.3,
        "threshold": 0.25,
        "severity": "medium",
        "share": 0.0,
        "sentence": "A sentence.",
    }
    return Finding(**(base | changes))  # type: ignore[arg-type]


def test_severity_below_a_threshold_that_is_a_floor() -> None:
    # Of a measure where small is bad, 0.10 under a floor of 0.25 is past it; 0.27 is within 10 % above.
    assert severity(0.10, 0.25, share=0.5, above=False) == "high"
    assert severity(0.10, 0.25, share=0.0, above=False) == "medium"
    assert severity(0.27, 0.25, share=0.5, above=False) == "low"
    assert severity(0.30, 0.25, share=0.5, above=False) is None


def test_a_value_on_its_threshold_is_past_it() -> None:
    assert severity(0.25, 0.25, share=0.01) == "high"


def test_order_is_severity_then_share_then_ratio_then_code_and_subject() -> None:
    expected = [
        finding(subject="1", severity="high", share=0.1),
        finding(subject="2", severity="medium", share=0.5),
        finding(subject="3", severity="medium", share=0.2, value=0.9),
        finding(subject="4", severity="medium", share=0.2, value=0.3, code="a"),
        finding(subject="5", severity="medium", share=0.2, value=0.3, code="b"),
        finding(subject="6", severity="medium", share=0.2, value=0.3, code="b"),
        finding(subject="7", severity="low", share=0.9),
    ]
    assert rank(reversed(expected)) == expected


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 5)), max_size=30), st.integers(1, 4))
def test_what_is_left_out_is_counted(items: list[tuple[str, int]], most: int) -> None:
    all_of_them = [finding(code=code, subject=str(number)) for code, number in items]
    kept, left = capped(all_of_them, most)
    assert len(kept) + sum(left.values()) == len(all_of_them)
    assert all(sum(item.code == code for item in kept) <= most for code in "ab")


def test_a_finding_is_plain_values() -> None:
    one = finding(evidence=({"partner": "b", "share": 0.5},))
    assert json.loads(json.dumps(one.to_dict()))["evidence"] == [{"partner": "b", "share": 0.5}]
