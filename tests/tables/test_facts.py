"""Units as offices write them; the right answers follow from the words themselves."""

from __future__ import annotations

import pytest

from netcluster.tables.facts import find_unit

UNITS = {
    "£ million, current prices": "million GBP",
    "(Rs. in lakh)": "100,000 INR",
    "Rs crore": "10 million INR",
    "Table 3 (R million)": "million ZAR",
    "단위: 백만원": "million KRW",
    "단위: 억원": "100 million KRW",
    "万元": "10,000 CNY",
    "10,000 yuan": "10,000 CNY",
    "亿元": "100 million CNY",
    "百万円": "million JPY",
    "億円": "100 million JPY",
    "10億円": "billion JPY",
    "1,000,000 yen": "million JPY",
    "NZ$ million": "million NZD",
    "M.EUR": "million EUR",
    "THS_EUR": "thousand EUR",
    "kEUR": "thousand EUR",
    "Millionen Euro": "million EUR",
    "milliers d'euros": "thousand EUR",
    "milioni di euro": "million EUR",
    "Mio. Fr.": "million CHF",
    "Valores correntes em 1 000 000 R$": "million BRL",
    "тыс. рублей": "thousand RUB",
    "Värden i Mkr": "million SEK",
    "單位：新臺幣百萬元": "million TWD",
    "mln zł": "million PLN",
    "Bin TL": "thousand TRY",
    "miles de millones de pesos": "billion pesos",
    "[Millions of dollars]": "million USD",
}


@pytest.mark.parametrize("text", UNITS)
def test_units_as_they_are_written(text: str) -> None:
    assert find_unit([text]) == UNITS[text]


def test_dollars_are_of_the_country_that_is_named() -> None:
    assert find_unit(["Statistics Canada, use table by industry", "(thousands of dollars)"]) == "thousand CAD"
    assert find_unit(["Canada, supply", "millions of US dollars"]) == "million USD"
    assert find_unit(["Table 5, millions of dollars"]) == "million USD"
