"""Nested classifications: by hand, and NAICS, NACE and NUTS as they are published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.tables.nested import choose_level, is_total, span, trimmed

NAICS = {
    "00": 100.0,
    **{"11": 10.0, "31-33": 50.0, "44-45": 40.0},
    **{"111": 6.0, "112": 4.0, "311": 20.0, "332": 30.0, "441": 40.0},
    **{"1111": 6.0, "1121": 4.0, "3111": 20.0, "3321": 28.0, "4411": 40.0},
}


def test_finest_level_without_gaps() -> None:
    # Three digits add up to 100; four to 98, more than the 1 % that counts as no gap.
    chosen = choose_level(NAICS)
    assert chosen.level == "3"
    assert chosen.kept == {"111", "112", "311", "332", "441"}
    assert "4: 2.0%" in chosen.notes[0].text


@pytest.mark.parametrize(("level", "total"), [("2", 100.0), ("3", 100.0), ("4", 98.0)])
def test_level_asked_for(level: str, total: float) -> None:
    chosen = choose_level(NAICS, level=level)
    assert sum(NAICS[code] for code in chosen.kept) == total


def test_ranges_are_sectors_of_two_digits() -> None:
    assert choose_level(NAICS, level="2").kept == {"11", "31-33", "44-45"}


def test_level_not_there() -> None:
    with pytest.raises(NetclusterError, match="level '9'") as error:
        choose_level(NAICS, level="9")
    assert "2, 3, 4" in error.value.hint


def test_fillers_of_county_business_patterns() -> None:
    assert [trimmed(code) for code in ("31----", "311///", "3111//", "311111")] == ["31", "311", "3111", "311111"]
    values = {"------": 30.0, "31----": 30.0, "311///": 30.0, "3111//": 10.0, "3112//": 20.0}
    assert choose_level(values).kept == {"3111//", "3112//"}


def test_sections_and_their_parts() -> None:
    # B-E is 60, of which C is 50: C alone does not make it up, so B-E is kept and C left out.
    values = {"Total": 100.0, "A": 10.0, "B-E": 60.0, "C": 50.0, "F": 30.0}
    assert choose_level(values).kept == {"A", "B-E", "F"}


def test_sections_split_where_their_parts_make_them_up() -> None:
    values = {
        "Industry (B-E)": 60.0,
        "Mining (B)": 5.0,
        "Factories (C)": 50.0,
        "Utilities (D-E)": 5.0,
        "Trade (G)": 9.0,
    }
    assert choose_level(values).kept == {"Mining (B)", "Factories (C)", "Utilities (D-E)", "Trade (G)"}
    assert choose_level(values, level="1").kept == {"Industry (B-E)", "Trade (G)"}


def test_divisions_do_not_stand_beside_sections() -> None:
    # The divisions lack all of A, 10 %: sections are the finest level without gaps.
    values = {"TOTAL": 100.0, "A": 10.0, "C": 90.0, "C10-C12": 40.0, "C13": 50.0}
    assert choose_level(values).kept == {"A", "C"}
    assert choose_level(values, level="3").kept == {"C10-C12", "C13"}


def test_letters_in_labels() -> None:
    values = {
        "Insgesamt": 100.0,
        "Produzierendes Gewerbe (B-E)": 60.0,
        "Verarbeitendes Gewerbe (C)": 50.0,
        "Bau (F)": 40.0,
    }
    assert choose_level(values).kept == {"Produzierendes Gewerbe (B-E)", "Bau (F)"}


def test_regions_of_the_nuts() -> None:
    values = {"DE1": 30.0, "DE11": 10.0, "DE12": 20.0, "DE2": 5.0, "DE21": 5.0}
    assert choose_level(values, what="regions").kept == {"DE11", "DE12", "DE21"}


@pytest.mark.parametrize(
    "codes",
    [
        ("Sachsen", "Sachsen-Anhalt", "Bayern"),
        ("10121", "10129", "101300", "271019"),
        ("0011", "0012", "9710"),
        ("food", "food processing", "steel"),
    ],
)
def test_what_is_not_nested_is_kept_whole(codes: tuple[str, ...]) -> None:
    chosen = choose_level(dict.fromkeys(codes, 1.0))
    assert chosen.kept == set(codes)
    assert chosen.notes == ()


def test_total_labels() -> None:
    assert all(map(is_total, ("Insgesamt", "00", "TOTAL", "Total, all industries", "All industries", "_T")))
    assert not any(map(is_total, ("31-33", "Totes Meer", "001", "A")))


def test_spans_of_nace() -> None:
    assert span("A") == {1, 2, 3}
    assert span("B-E") == set(range(5, 40)) - {4, 34}
    assert span("C10-C12") == {10, 11, 12}
    assert span("Handel, Gastgewerbe, Verkehr (G-I)") == set(range(45, 57)) - {48, 54}
    assert span("steel") == frozenset()


@given(st.lists(st.integers(min_value=0, max_value=999), min_size=1, max_size=30, unique=True))
def test_no_code_is_kept_beside_one_that_holds_it(leaves: list[int]) -> None:
    # Every prefix of three-digit codes is there with the sum of what it holds.
    values: dict[str, float] = {}
    for leaf in leaves:
        for digits in (2, 3):
            code = f"1{leaf:03d}"[: digits + 1]
            values[code] = values.get(code, 0.0) + 1.0
    kept = choose_level(values).kept
    assert not any(a != b and b.startswith(a) for a in kept for b in kept)
    assert sum(values[code] for code in kept) == len(leaves)
