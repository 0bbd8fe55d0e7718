"""On which line a key stands."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from netcluster.batch.lines import lines_of_keys

TEXT = '''# a plan
inputs = [
  "a = 1",   # [not] a table
  """
years = 3
""",
]
years = "2000-2014"
"odd key" = 1

[parameters]
seed = [0, 1]
table = { a = 1, b = [2] }

[[steps]]
command = "clusters"
[[steps]]
  command = 'risk # dependence'
  on = "industry"
'''


def test_lines_by_hand() -> None:
    assert tomllib.loads(TEXT)
    assert lines_of_keys(TEXT) == {
        ("inputs",): 2,
        ("years",): 8,
        ("odd key",): 9,
        ("parameters",): 11,
        ("parameters", "seed"): 12,
        ("parameters", "table"): 13,
        ("steps", 0): 15,
        ("steps", 0, "command"): 16,
        ("steps", 1): 17,
        ("steps", 1, "command"): 18,
        ("steps", 1, "on"): 19,
    }


@given(st.text(alphabet="[]{}\"'#=\\\n a1.,", max_size=60))
def test_any_text_ends_without_an_error(text: str) -> None:
    assert all(1 <= line <= len(text.splitlines()) for line in lines_of_keys(text).values())
