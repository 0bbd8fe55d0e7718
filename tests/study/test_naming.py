"""Names told beside codes: sentences by hand."""

from __future__ import annotations

from netcluster.study.naming import tell

NAMES = {"C21": "Pharmaceuticals", "F01": "Talrin", "DEU:C21": "Germany, pharmaceuticals", "In": "Indium", "7": "Fish"}


def test_a_code_gets_its_name() -> None:
    assert tell("F01 makes 76% of C21.", NAMES) == "Talrin (F01) makes 76% of Pharmaceuticals (C21)."


def test_a_code_that_is_named_already_or_unknown_stays() -> None:
    assert tell("Pharmaceuticals (C21) and C22 lead.", NAMES) == "Pharmaceuticals (C21) and C22 lead."


def test_a_part_of_a_longer_code_is_no_code() -> None:
    assert tell("DEU:C21 buys.", NAMES) == "Germany, pharmaceuticals (DEU:C21) buys."
    assert tell("AUT:C21 buys.", NAMES) == "AUT:C21 buys."


def test_a_word_without_a_digit_is_never_taken_for_a_code() -> None:
    assert tell("In 2014 it fell.", NAMES) == "In 2014 it fell."


def test_numbers_and_shares_are_not_codes() -> None:
    assert tell("7% is in 7.5 of 0.7 and (7).", NAMES) == "7% is in 7.5 of 0.7 and (7)."
