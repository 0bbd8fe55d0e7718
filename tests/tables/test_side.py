"""Small files beside a table, in the ways that spreadsheets of several countries save them."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.side import read_matrix, read_numbers, read_pairs

FORMS = {
    "english.csv": "node,remaining\nC29,0.8\nC30,1\n",
    "german.csv": "node;remaining\r\nC29;0,8\r\nC30;1\r\n",
    "tab.tsv": "remaining\tnode\n0.8\tC29\n1\tC30\n",
    "quoted.csv": '\ufeffnode,remaining\n"C29","0.8"\n"C30", 1\n',
}


@pytest.mark.parametrize("name", FORMS)
def test_numbers_are_the_same_however_they_are_saved(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(FORMS[name], encoding="utf-8", newline="")
    rows = read_numbers(path, ["remaining"], ["node"])
    assert rows[["node", "remaining"]].to_numpy().tolist() == [["C29", 0.8], ["C30", 1.0]]
    assert read_pairs(path, "node", "remaining") == {"C29": 0.8, "C30": 1.0}


def test_thousands_are_no_decimals(tmp_path: Path) -> None:
    path = tmp_path / "amounts.csv"
    path.write_text("node;amount\nF;1.000,5\nG;2.500,25\n")
    assert read_pairs(path, "node", "amount") == {"F": 1000.5, "G": 2500.25}


def test_a_matrix_with_decimal_commas(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text(";a;b\na;0,5;0,25\nb;0;1\n")
    assert read_matrix(path).to_numpy().tolist() == [[0.5, 0.25], [0.0, 1.0]]


@pytest.mark.parametrize("text", ["node,remaining\nC29,some\n", "node,remaining\nC29,\n"])
def test_what_is_no_number_is_said_with_its_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(text)
    with pytest.raises(NetclusterError, match=r"line 2: .* is no number"):
        read_numbers(path, ["remaining"], ["node"])
