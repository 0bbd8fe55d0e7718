"""Models A to D against a table worked by hand, and pairs found whichever way round they stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.balance import largest_misses
from netcluster.tables.iotable import IOTable, demand_labels, input_labels, sector_labels
from netcluster.tables.read import read, read_table
from netcluster.tables.supplyuse import Model, SupplyUse
from tests.io_texts import MAKE, USE, written

#: Two products by two industries: industry 2 makes a little of product 1.
S = np.array([[90.0, 10.0], [0.0, 190.0]])
U = np.array([[20.0, 30.0], [40.0, 60.0]])


def table() -> SupplyUse:
    product, industry = S.sum(axis=1), S.sum(axis=0)
    return SupplyUse(
        products=sector_labels(["p1", "p2"]),
        industries=sector_labels(["i1", "i2"]),
        supply=S,
        use=U,
        Y=(product - U.sum(axis=1))[:, None],
        demand=demand_labels(["fd"]),
        V=(industry - U.sum(axis=0))[None, :],
        inputs=input_labels(["va"]),
    )


def test_model_d_by_hand() -> None:
    # Market shares D = S' q̂⁻¹: industry 1 sells .9 of product 1; industry 2 .1 of it and all of product 2.
    io = table().symmetric("D")
    np.testing.assert_allclose(io.Z, [[0.9 * 20, 0.9 * 30], [0.1 * 20 + 40, 0.1 * 30 + 60]])
    np.testing.assert_allclose(io.x, [90, 200])
    np.testing.assert_allclose(io.Y.ravel(), [0.9 * 50, 0.1 * 50 + 90])


def test_model_b_by_hand() -> None:
    # Industry 2 makes 10 of its 200 as product 1, so 5 % of its inputs go to product 1.
    io = table().symmetric("B")
    np.testing.assert_allclose(io.Z, [[20 + 0.05 * 30, 0.95 * 30], [40 + 0.05 * 60, 0.95 * 60]])
    np.testing.assert_allclose(io.x, [100, 190])


def test_model_a_by_hand() -> None:
    # Product 2 is made by industry 2 alone, product 1 as industry 1 makes it: U = A_pp S, solved for A_pp.
    io = table().symmetric("A")
    first = U[:, 0] / 90
    second = (U[:, 1] - 10 * first) / 190
    np.testing.assert_allclose(io.Z, np.column_stack([first * 100, second * 190]))


def test_model_c_by_hand() -> None:
    # Sales structure of industries: of what 2 sells, 5 % is product 1 and 95 % product 2; 1 sells product 1 only.
    io = table().symmetric("C")
    shares = np.array([[1.0, 0.05], [0.0, 0.95]])  # column: what an industry's sales are made of
    np.testing.assert_allclose(shares @ io.Z, U)
    np.testing.assert_allclose(io.x, [90, 200])


@pytest.mark.parametrize("model", ["A", "B", "C", "D"])
def test_accounts_stay_closed_and_the_model_is_named(model: Model) -> None:
    io = table().symmetric(model)
    misses = largest_misses(io)
    assert misses["rows_miss"] == pytest.approx(0, abs=1e-9)
    assert misses["columns_miss"] == pytest.approx(0, abs=1e-9)
    assert any(note.code == "sut_model" and f"model {model}" in note.text for note in io.changes)


def test_a_and_c_need_square_tables() -> None:
    sut = table()
    wide = SupplyUse(
        products=sector_labels(["p1", "p2", "p3"]),
        industries=sut.industries,
        supply=np.vstack([S, [1.0, 1.0]]),
        use=np.vstack([U, [0.0, 0.0]]),
        Y=np.zeros((3, 1)),
        demand=sut.demand,
        V=sut.V,
        inputs=sut.inputs,
    )
    for model in ("A", "C"):
        with pytest.raises(NetclusterError, match="as many products as industries"):
            wide.symmetric(model)
    assert wide.symmetric("D").n == 2


def test_product_technology_may_give_negatives_which_are_kept_and_counted() -> None:
    # Industry 2 uses none of input 1, though it makes product 1, which needs it: by hand −10/90 · 20 in column 2.
    sut = table()
    use = np.array([[20.0, 0.0], [40.0, 60.0]])
    io = SupplyUse(sut.products, sut.industries, S, use, sut.Y, sut.demand, sut.V, sut.inputs).symmetric("A")
    assert io.Z[0, 1] == pytest.approx(-20 / 90 * 10)
    assert any(note.code == "negative_flows" for note in io.changes)


def test_make_and_use_are_found_in_any_order_and_closed(tmp_path: Path) -> None:
    make, use = written(tmp_path, "Make_2022.csv", MAKE), written(tmp_path, "Use_2022.csv", USE)
    for files in ([make, use], [use, make]):
        bundle = read(files)
        assert bundle.supply_use is not None
        # By hand: the make table turned; industry 222 makes 5 of product 111 and the scrap.
        assert bundle.supply_use.supply.tolist() == [[90, 5], [10, 190], [0, 5]]
        assert bundle.supply_use.use.tolist() == [[20, 30], [30, 50], [1, 2]]
        assert list(bundle.supply_use.inputs["id"]) == ["V001", "V003"]
        assert bundle.supply_use.origin == "total"
        assert bundle.io is not None
        assert bundle.io.year == 2022
        assert largest_misses(bundle.io)["rows_miss"] == pytest.approx(0, abs=1e-9)
        assert largest_misses(bundle.io)["columns_miss"] == pytest.approx(0, abs=1e-9)


def test_half_a_pair_says_what_is_missing(tmp_path: Path) -> None:
    big = USE.replace("111,20,30,50,60,5,-20,95", "111,20,30,50,160,5,-20,195")
    for name, text in (("Make.csv", MAKE), ("Use.csv", big)):
        with pytest.raises(NetclusterError) as error:
            read_table(written(tmp_path, name, text))
        assert "use.csv" in error.value.hint or "--final-demand" in error.value.hint


#: Of a and b 30 and 50 are made; industries use 3 + 4 and 5 + 6 of them. Rows close with all three columns of demand.
CHANCE_SUPPLY = "Supply;A;B\na;27;3\nb;5;45\n"
CHANCE_USE = "Use;A;B;{}\na;3;4;{}\nb;5;6;{}\nD1;24;38;;;;\n"


def _chance(folder: Path, heads: str, a: str, b: str) -> IOTable:
    files = [
        written(folder, "supply.csv", CHANCE_SUPPLY),
        written(folder, "use.csv", CHANCE_USE.format(heads, a, b)),
    ]
    return read_table(files)


def test_a_column_that_happens_to_be_the_sum_of_its_neighbours_stays(tmp_path: Path) -> None:
    """By hand: 3 + 4 + (11.5 + 8 + 3.5) is 30 and 5 + 6 + (19.5 + 12 + 7.5) is 50; without investment rows miss."""
    io = _chance(tmp_path, "P51G;P3_S13;P6", "11.5;8;3.5", "19.5;12;7.5")
    assert list(io.demand["category"]) == ["P51G", "P3_S13", "P6"]
    assert (io.Z.sum(axis=1) + io.Y.sum(axis=1)).tolist() == pytest.approx([32, 48])
    assert "demand_sums" not in {note.code for note in io.changes}


@pytest.mark.parametrize(
    ("head", "values"), [("P3", ("16;7", "26;13")), ("Total uses of consumption", ("16;7", "26;13"))]
)
def test_a_column_that_is_a_sum_goes_and_is_named(tmp_path: Path, head: str, values: tuple[str, str]) -> None:
    """By hand: 3 + 4 + 16 + 7 is 30 and 5 + 6 + 26 + 13 is 50, where 16 + 7 and 26 + 13 stand beside as 23 and 39."""
    io = _chance(tmp_path, f"{head};P3_S14;P3_S13", f"23;{values[0]}", f"39;{values[1]}")
    assert list(io.demand["category"]) == ["P3_S14", "P3_S13"]
    if head == "P3":
        (note,) = [note for note in io.changes if note.code == "demand_sums"]
        assert note.count == 1
        assert head in note.text
