"""Small files beside a table, in the ways that spreadsheets of several countries save them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.economy import aggregate
from netcluster.reconstruction.inputs import read_inputs
from netcluster.tables.iotable import IOTable
from netcluster.tables.relabel import with_labels
from netcluster.tables.satellites import with_satellites
from netcluster.tables.side import read_matrix, read_numbers, read_pairs, read_partition, read_side

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


@pytest.mark.parametrize("text", ["node,remaining\nC29,nan\n", "node,remaining\nC29,inf\n", "node,remaining\nC29,-\n"])
def test_what_stands_for_no_amount_is_no_number(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(text)
    with pytest.raises(NetclusterError, match=r"line 2: .* is no number"):
        read_pairs(path, "node", "remaining")


def test_a_price_given_twice_is_refused_and_an_amount_added_up(tmp_path: Path) -> None:
    # Two prices of 1.1 are no price of 2.2; two orders of 1.1 are an order of 2.2.
    path = tmp_path / "prices.csv"
    path.write_text("node,price\nA,1.1\nB,1\nA,1.1\n")
    with pytest.raises(NetclusterError, match="line 4: node 'A' comes twice"):
        read_pairs(path, "node", "price")
    assert read_pairs(path, "node", "price", add=True) == {"A": 2.2, "B": 1.0}


@pytest.mark.parametrize("mark", [".", ","])
def test_weights_and_accounts_are_read_with_the_marks_of_their_file(tmp_path: Path, mark: str) -> None:
    # By hand: A of 100 goes half to X and half to Y, B of 50 to Y; 2.5 kt at A, 1 kt at B.
    io = IOTable.from_arrays([[10, 20], [5, 5]], x=[100, 50], sectors=["A", "B"])
    path = tmp_path / "map.csv"
    path.write_text("from;to;weight\nA;X;0.5\nA;Y;0.5\nB;Y;1\n".replace(".", mark))
    mapping = read_side(path, ["from", "to"], ["weight"], numbers=["weight"])
    np.testing.assert_allclose(aggregate(io, mapping).x, [50, 100])
    path.write_text("node;account;value\nA;co2;2.5\nB;co2;1\n".replace(".", mark))
    np.testing.assert_allclose(with_satellites(io, path).accounts["co2"].values, [2.5, 1.0])
    path.write_text("firm;industry;value\nF1;A;2.5\n".replace(".", mark))
    assert read_inputs(path)["value"].tolist() == [2.5]


def test_a_node_in_two_clusters_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clusters.csv"
    path.write_text("node,cluster\nA,1\nA,1\nB,2\n")
    assert read_partition(path, "node") == {"A": "1", "B": "2"}
    path.write_text("node,cluster\nA,1\nB,2\nA,2\n")
    with pytest.raises(NetclusterError, match="node 'A' stands under '1', '2'"):
        read_partition(path, "node")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,name\n", "no label below its header"),
        ("code,name\n,Farms\nB,Mines\n", "',Farms' has no code"),
        ("code,name\nA,Farms\nA,Woods\n", "the code 'A' stands under 'Farms', 'Woods'"),
    ],
)
def test_labels_that_name_nothing_or_two_things_are_refused(tmp_path: Path, text: str, said: str) -> None:
    io = IOTable.from_arrays([[10, 20], [5, 5]], x=[100, 50], sectors=["A", "B"])
    path = tmp_path / "labels.csv"
    path.write_text(text)
    with pytest.raises(NetclusterError, match=said):
        with_labels(io, path)
