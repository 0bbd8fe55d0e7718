"""Supply and use of many regions in one pair: FIGARO's matrices and flat files, and EXIOBASE's folders.

The pair is closed by hand; what each model gives is worked out here from the Eurostat manual's formulas, region by
region and cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.iotable import IOTable
from netcluster.tables.read import read, read_table
from tests.io_texts import written

REGIONS = ("AT", "BE")
#: Output of each product (down) by each industry: nobody makes a product of another country.
SUPPLY = np.array([[90, 10, 0, 0], [5, 45, 0, 0], [0, 0, 60, 0], [0, 0, 10, 80]], dtype=float)
USE = np.array([[4, 4, 6, 7], [1, 2, 6, 7], [2, 4, 8, 3], [2, 6, 2, 3]], dtype=float)
#: Consumption of government and households and investment in AT, then in BE; rows add up to 100, 50, 60, 90.
DEMAND = np.array([[6, 56, 1, 1, 7, 8], [7, 8, 7, 3, 4, 5], [1, 3, 1, 4, 32, 2], [4, 4, 8, 2, 56, 3]], dtype=float)
#: Columns add up to 95, 55, 70, 80 with these: product taxes, pay, other taxes, surplus.
ADDED = {
    "D21X31": ([1, 2, 1, 1], [2, 9, 1, 2, 8, 1]),
    "OP_RES": ([0, 0, 0, 0], [0, 3, 0, 0, 2, 0]),
    "OP_NRES": ([0, 0, 0, 0], [0, -2, 0, 0, -1, 0]),
    "D1": ([40, 18, 25, 30], [0] * 6),
    "D29X39": ([0, 1, 0, -1], [0] * 6),
    "B2A3G": ([45, 18, 22, 30], [0] * 6),
}
PRODUCTS, INDUSTRIES = ("CPA_A01", "CPA_T"), ("A01", "T")
CATEGORIES = ("P3_S13", "P3_S14", "P51G")
Cells = list[tuple[tuple[str, str], list[float]]]


def _of(codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(region, code) for region in REGIONS for code in codes]


def _rows_of_use() -> Cells:
    goods = [(key, [*USE[i], *DEMAND[i]]) for i, key in enumerate(_of(PRODUCTS))]
    return [*goods, *((("W2", code), [*mine, *final]) for code, (mine, final) in ADDED.items())]


def _matrix(rows: Cells, columns: list[tuple[str, str]]) -> str:
    lines = [",".join(["rowLabels", *(f"{r}_{c}" for r, c in columns)])]
    return "\n".join(lines + [",".join([f"{r}_{c}", *(f"{v:g}" for v in values)]) for (r, c), values in rows]) + "\n"


def _flat(head: str) -> Callable[[Cells, list[tuple[str, str]]], str]:
    def text(rows: Cells, columns: list[tuple[str, str]]) -> str:
        lines = [f"{head}Row,{head}Col,refArea,rowPi,counterpartArea,colPi,obsValue"]
        for (r, i), values in rows:
            lines += [f"{r}_{i},{s}_{j},{r},{i},{s},{j},{v:g}" for (s, j), v in zip(columns, values, strict=True)]
        return "\n".join(lines) + "\n"

    return text


def _pair(folder: Path, form: str) -> list[Path]:
    supply = [(key, list(SUPPLY[i])) for i, key in enumerate(_of(PRODUCTS))]
    texts = (_matrix, _matrix) if form == "matrix" else (_flat("icsup"), _flat("icuse"))
    users = [*_of(INDUSTRIES), *_of(CATEGORIES)]
    return [
        written(folder, f"{form}_eu-ic-supply_24ed_2022.csv", texts[0](supply, _of(INDUSTRIES))),
        written(folder, f"{form}_eu-ic-use_24ed_2022.csv", texts[1](_rows_of_use(), users)),
    ]


def _closed(io: IOTable) -> None:
    assert io.Z.sum(axis=1) + io.Y.sum(axis=1) == pytest.approx(io.x)
    assert io.Z.sum(axis=0) + io.V.sum(axis=0) == pytest.approx(io.x)


@pytest.mark.parametrize("form", ["matrix", "flatfile"])
def test_figaro(tmp_path: Path, form: str) -> None:
    """Each product's sales are shared out among its makers, in proportion to what they make of it (model D)."""
    bundle = read(_pair(tmp_path, form))
    io = bundle.io
    assert io is not None
    assert bundle.supply_use is not None
    assert bundle.supply_use.supply.tolist() == SUPPLY.tolist()
    assert io.ids == ("AT:A01", "AT:T", "BE:A01", "BE:T")
    assert io.regions == REGIONS
    assert io.x.tolist() == [95, 55, 70, 80]
    expected = np.zeros((4, 10))
    for product in range(4):
        for maker in range(4):
            share = SUPPLY[product, maker] / SUPPLY[product].sum()
            expected[maker] += share * np.array([*USE[product], *DEMAND[product]])
    assert np.column_stack([io.Z, io.Y]) == pytest.approx(expected)
    assert list(io.demand["region"]) == ["AT"] * 3 + ["BE"] * 3
    for region in REGIONS:
        mine = (io.demand["region"] == region).to_numpy()
        assert io.Y[:, mine].sum() == DEMAND[:, [0, 1, 2] if region == "AT" else [3, 4, 5]].sum()
    assert list(io.inputs["id"]) == ["D21X31", "D1", "D29X39", "B2A3G"]
    assert io.V.tolist() == [ADDED[code][0] for code in io.inputs["id"]]
    assert io.year == 2022
    _closed(io)


@pytest.mark.parametrize("model", ["A", "B", "C", "D"])
def test_flat_files_and_matrices_agree(tmp_path: Path, model: str) -> None:
    wide, flat = (read_table(_pair(tmp_path, form), sut_model=model) for form in ("matrix", "flatfile"))
    assert wide.ids == flat.ids
    assert wide.ids[1] == ("AT:CPA_T" if model in "AB" else "AT:T")
    for one, other in ((wide.Z, flat.Z), (wide.Y, flat.Y), (wide.V, flat.V), (wide.x, flat.x)):
        assert one.tolist() == other.tolist()
    _closed(wide)


def test_industry_technology_stays_within_a_country(tmp_path: Path) -> None:
    """Model B by hand: AT's industry A01 makes 90 of CPA_A01 and 5 of CPA_T; its inputs go 90/95 to the first."""
    io = read_table(_pair(tmp_path, "matrix"), sut_model="B")
    assert io.x.tolist() == [100, 50, 60, 90]
    assert io.Z[0, 0] == pytest.approx(4 * 90 / 95 + 4 * 10 / 55)
    assert io.Z[2, 1] == pytest.approx(2 * 5 / 95 + 4 * 45 / 55)


def test_the_buyer_may_stand_first(tmp_path: Path) -> None:
    files = _pair(tmp_path, "flatfile")
    for path in files:
        rows = [line.split(",") for line in path.read_text().splitlines()]
        turned = [",".join([r[4], r[2], r[3], r[5], r[6]]) for r in rows]
        path.write_text("\n".join(["c_dest,c_orig,prd_ava,ind_use,values", *turned[1:]]) + "\n")
    assert read_table(files).Z.tolist() == read_table(_pair(tmp_path, "matrix")).Z.tolist()


def test_supply_may_name_its_region_once(tmp_path: Path) -> None:
    """What each country makes, under geo; who uses what of whom, under c_orig and c_dest."""
    supply, use = _pair(tmp_path, "flatfile")
    rows = [line.split(",") for line in supply.read_text().splitlines()[1:]]
    own = [",".join([r[2], r[3], r[5], r[6]]) for r in rows if r[2] == r[4]]
    supply.write_text("\n".join(["geo,prd_ava,ind_ava,values", *own]) + "\n")
    rows = [line.split(",") for line in use.read_text().splitlines()[1:]]
    use.write_text("\n".join(["c_orig,prd_ava,c_dest,ind_use,values", *(",".join(r[2:]) for r in rows)]) + "\n")
    assert read_table([supply, use]).Z.tolist() == read_table(_pair(tmp_path, "matrix")).Z.tolist()


def test_exiobase(tmp_path: Path) -> None:
    """Supply, use, final demand and value added in files of their own, regions and names in rows of headers."""
    products, industries = ("Paddy rice", "Hard coal"), ("Cultivation of paddy rice", "Mining of coal")
    names = ("Final consumption expenditure by government", "Final consumption expenditure by households", "GFCF")
    folder = tmp_path / "MRSUT_2011"
    folder.mkdir()

    def save(name: str, columns: Sequence[str], values: np.ndarray) -> None:
        keys = _of(columns)
        lines = [["region", "", *(r for r, _ in keys)], ["", "sector", *(c for _, c in keys)]]
        lines.append(["region", "sector", *("" for _ in keys)])
        lines += [[*row, *map(str, cells)] for row, cells in zip(_of(products), values, strict=True)]
        (folder / name).write_text("".join("\t".join(line) + "\n" for line in lines))

    save("supply.csv", industries, SUPPLY)
    save("use.csv", industries, USE)
    save("final_demand.csv", names, DEMAND)
    keys = _of(industries)
    lines = [["region", *(r for r, _ in keys)], ["sector", *(c for _, c in keys)]]
    words = ("Taxes less subsidies on products purchased", "Compensation of employees", "Other net taxes on production")
    rows = [ADDED[code][0] for code in ("D21X31", "D1", "D29X39", "B2A3G")]
    lines += [[name, *map(str, row)] for name, row in zip([*words, "Operating surplus"], rows, strict=True)]
    (folder / "value_added.csv").write_text("".join("\t".join(line) + "\n" for line in lines))
    io = read_table(folder)
    assert io.ids[:2] == ("AT:Cultivation of paddy rice", "AT:Mining of coal")
    expected = read_table(_pair(tmp_path, "matrix"))
    np.testing.assert_allclose(io.Z, expected.Z)
    np.testing.assert_allclose(io.Y, expected.Y)
    np.testing.assert_allclose(io.V, expected.V)
    assert list(io.demand["region"]) == ["AT"] * 3 + ["BE"] * 3


def test_classes_are_no_regions(tmp_path: Path) -> None:
    """Products and industries C10.1, C10.2, C11.1 and C11.2 of one country, with the same numbers."""
    codes = ["C10.1", "C10.2", "C11.1", "C11.2"]
    files = []
    for path in _pair(tmp_path, "matrix"):
        head, *rows = path.read_text().splitlines()
        demand = head.split(",")[5:]
        names = [name.partition("_")[2] + ("" if k < 3 else "X") for k, name in enumerate(demand)]
        table = [",".join(["rowLabels", *codes, *names])]
        table += [",".join([code, *row.split(",")[1:]]) for code, row in zip(codes, rows, strict=False)]
        table += [row.removeprefix("W2_") for row in rows[4:]]
        files.append(written(tmp_path, path.name.replace("eu-ic", "national"), "\n".join(table) + "\n"))
    io = read_table(files)
    assert io.regions == ("",)
    assert io.ids == tuple(codes)


@pytest.mark.parametrize("form", ["matrix", "flatfile"])
@pytest.mark.parametrize("half", [0, 1])
def test_half_a_pair_is_refused(tmp_path: Path, form: str, half: int) -> None:
    """A flat use table by itself has rows that add up: it is no table of flows between industries."""
    with pytest.raises(NetclusterError, match=r"supply or use|use table") as error:
        read(_pair(tmp_path, form)[half])
    assert "with it" in error.value.hint
