"""How text files are written: made-up samples, one a trap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.tables.cells import find_marks, looks_numeric, number
from netcluster.tables.options import Dialect, ReadOptions
from netcluster.tables.sniff import find_header, sniff


@pytest.mark.parametrize(
    ("text", "encoding", "wanted"),
    [
        ("sector;a;b\na;1.234,5;2,25\nb;-;3.000,0\n", "utf-8", ("utf-8", ";", ",", ".")),
        ("Güter;a;b\na;1,5;2,25\nb;2,5;3,75\n", "cp1252", ("cp1252", ";", ",", "")),
        ("sector\ta\tb\na\t1,5\t2,5\nb\tNA\t3,5\n", "utf-16", ("utf-16", "\t", ",", "")),
        ('"","a","b"\n"a","1,234","21"\n"b","1,234,567","7"\n', "utf-8-sig", ("utf-8-sig", ",", ".", ",")),
        ("sector,a,b\na,1'234.5,2.5\nb,3.5,12'345.25\n", "utf-8", ("utf-8", ",", ".", "'")),
        ("部門,農業,鉱業\n農業,12.5,3.5\n鉱業,4.5,6.5\n" * 30, "shift_jis", ("shift_jis", ",", ".", "")),
        ("sector|a|b\na|1.5|2.5\nb|3.5|4.5\n", "utf-8", ("utf-8", "|", ".", "")),
    ],
)
def test_dialects(text: str, encoding: str, wanted: tuple[str, ...]) -> None:
    found = sniff(text.encode(encoding))
    alike = {"cp932": "shift_jis", "shift_jis_2004": "shift_jis"}
    assert (alike.get(found.encoding, found.encoding), found.delimiter, found.decimal, found.thousands) == wanted


def test_titles_headers_and_footnotes_are_counted() -> None:
    text = "A table of 2020\nin million euro\n\ns;a;b\na;1,5;2,5\nb;3,5;4,5\n____\nSource: us\n"
    found = sniff(text.encode())
    assert (found.skip, found.header_rows, found.footer) == (3, 1, 2)


def test_codes_that_name_the_rows_are_a_header_not_data() -> None:
    assert find_header(
        [["", "111", "113", "211"], ["111", "5", "6", "7"], ["113", "1", "2", "3"], ["211", "1", "1", "1"]]
    ) == (
        0,
        1,
    )


def test_mixed_decimal_marks_are_asked_for() -> None:
    with pytest.raises(NetclusterError) as error:
        find_marks([["150,5", "500.25"]])
    assert "--decimal" in error.value.hint


def test_a_comma_that_may_be_either_is_asked_for_and_the_answer_is_taken() -> None:
    rows = [["1,234", "5,678"]]
    with pytest.raises(NetclusterError):
        find_marks(rows)
    assert find_marks(rows, ",") == (",", "")
    assert find_marks(rows, ".") == (".", ",")


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 500, b"a,b\x00c\n1,2\n", bytes(range(256)) * 20])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(NetclusterError, match="binary"):
        sniff(data)


def test_unknown_encoding_is_an_error() -> None:
    with pytest.raises(NetclusterError, match="no encoding"):
        sniff(b"a,b\n1,2\n", ReadOptions(encoding="klingon"))


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12),
    st.sampled_from(["", ".", " ", "'"]),
)
def test_a_number_written_the_german_way_comes_back(value: float, group: str) -> None:
    # Property: writing with a decimal comma and grouped thousands loses nothing beyond the digits written.
    rounded = round(value, 2)
    text = f"{rounded:,.2f}".replace(",", "G").replace(".", ",").replace("G", group)
    dialect = Dialect(decimal=",", thousands=group)
    assert number(text, dialect) == pytest.approx(rounded, rel=1e-12, abs=1e-9)


@given(st.text(max_size=12))
def test_no_text_breaks_the_number_reader(text: str) -> None:
    looks_numeric(text)
    for dialect in (Dialect(), Dialect(decimal=",", thousands=".")):
        value = number(text, dialect)
        assert value is None or isinstance(value, float)


def test_thousands_in_the_wrong_place_are_no_number() -> None:
    # By hand: 1,5 in an English file is neither 15 nor 1.5.
    assert number("1,5", Dialect(thousands=",")) is None
    assert number("1,500", Dialect(thousands=",")) == 1500.0
    assert number("(1,500)", Dialect(thousands=",")) == -1500.0


def test_dots_between_semicolons_group_thousands_or_are_asked_for() -> None:
    # A small number without a dot tells; codes with leading zeros and years stand in other columns and tell nothing.
    grouped = sniff(b"key;year;jobs\n09162;2019;1.250\n09163;2019;150\n09164;2019;41.000\n")
    assert (grouped.decimal, grouped.thousands) == (",", ".")
    with pytest.raises(NetclusterError, match=r"1\.234 may group thousands"):
        sniff(b"key;jobs\na;1.250\nb;41.000\n")
    told = sniff(b"key;jobs\na;1.250\nb;41.000\n", ReadOptions(decimal=","))
    assert (told.decimal, told.thousands) == (",", ".")
    with_commas = sniff(b"key,share\na,1.250\nb,0.125\n")
    assert with_commas.decimal == "."


def test_a_column_of_years_is_no_header_where_years_stand_below() -> None:
    found = sniff(b"geo\tyear\tvalue\nAT\t2014\t:\nAT\t2015\t:\nAT\t2016\t7\n")
    assert found.header_rows == 1
