"""Sections of industry codes, held to the published structures of ISIC Rev. 4 and Rev. 3 (United Nations)."""

from __future__ import annotations

import pytest

from netcluster.clusters.sections import sections

#: The industries of the OECD's tables, by ranges of divisions of ISIC Rev. 4, with the sections they stand for.
OECD = {
    "01T02": "A", "03": "A", "05T06": "B", "09": "B", "10T12": "C", "13T15": "C", "24A": "C", "31T33": "C", "35": "D",
    "36T39": "E", "41T43": "F", "45T47": "G", "49": "H", "53": "H", "55T56": "I", "58T60": "J", "62T63": "J",
    "64T66": "K", "68": "L", "69T75": "M", "77T82": "N", "84": "O", "85": "P", "86T88": "Q", "90T93": "R",
    "94T96": "S", "97T98": "T",
}  # fmt: skip


def test_ranges_of_divisions_are_the_sections_with_their_letters() -> None:
    by_letter = sections([f"{letter}{code[:2]}" for code, letter in OECD.items()])
    assert sections(list(OECD)) == by_letter
    assert all(by_letter)


def test_divisions_of_the_older_revision_are_told_by_those_it_alone_has() -> None:
    # ISIC Rev. 3: 40 electricity, 45 construction, 50 sale of vehicles, 64 post, 67 auxiliary finance.
    found = sections(["01", "10", "15", "34", "40", "45", "50", "64", "67", "75"])
    assert found[4:8] == ["Energy and water", "Construction", "Trade", "Transport and communication"]


@pytest.mark.parametrize("count", [4, 12, 42, 57])
@pytest.mark.parametrize("form", ["{}", "{:02d}"])
def test_a_numbering_is_no_classification(count: int, form: str) -> None:
    codes = [form.format(number) for number in range(count, 0, -1)]
    assert sections(codes) == [""] * count
