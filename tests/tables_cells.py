"""A table of two sectors as cells, seller, buyer, amount, as long files have them; by hand, and balanced."""

from __future__ import annotations

CELLS = [
    ("CPA_A", "CPA_A", 150),
    ("CPA_A", "CPA_B", 500),
    ("CPA_A", "P3_S14", 350),
    ("CPA_A", "TU", 1000),
    ("CPA_B", "CPA_A", 200),
    ("CPA_B", "CPA_B", 100),
    ("CPA_B", "P3_S14", 1700),
    ("CPA_B", "TU", 2000),
    ("D1", "CPA_A", 650),
    ("D1", "CPA_B", 1400),
    ("P1", "CPA_A", 1000),
    ("P1", "CPA_B", 2000),
]
