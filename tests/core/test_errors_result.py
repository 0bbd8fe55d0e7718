"""The error travels with its hint; a result shows itself without running what is in it."""

from __future__ import annotations

import pickle

import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import Finding
from netcluster.core.result import Result


def test_an_error_keeps_its_hint_through_a_worker() -> None:
    again = pickle.loads(pickle.dumps(NetclusterError("what", "what to do")))
    assert (again.message, again.hint, again.exit_code) == ("what", "what to do", 1)


def test_a_result_in_a_notebook_escapes_its_labels() -> None:
    bad = "<script>alert(1)</script>"
    found = Finding("c", bad, "node", "hhi", 1.0, 0.25, "high", 1.0, f"{bad} depends on one.")
    page = Result(pd.DataFrame({"node": [bad]}), findings=(found,))._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_result_says_its_size() -> None:
    assert repr(Result(pd.DataFrame({"node": ["a"]}))) == "<Result: 1 rows, columns node; 0 findings, 0 notes>"
