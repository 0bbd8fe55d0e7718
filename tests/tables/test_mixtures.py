"""Mixtures of ways to write a table, made up here, so that the truth is known: expected values are what was put in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.cells import number
from netcluster.tables.iotable import IOTable
from netcluster.tables.options import Dialect, ReadOptions
from netcluster.tables.read import read, read_table
from tests.io_texts import written

Rows = list[list[float | str]]
SECTORS = ("Crops", "Fish", "Ores", "Cars")
Z = np.array([[10.5, 20, 1305, 4], [5, 60, 7, 8], [9.5, 10, 11, 1200], [13, 14, 15, 16]])
Y = np.array([[1000.5, 1200], [1300, 1400], [1500.25, 1600], [1700, 1800]])
IMPORTS = np.array([200.5, 100, 300, 150])


def rows(*, subtotal: bool = False, imports: str = "", totals: tuple[str, str] = ("All uses", "All inputs")) -> Rows:
    """Return a table whose columns close with wages; `imports` names a column of imports behind total use."""
    deducted = IMPORTS if imports else np.zeros(4)
    x = Z.sum(axis=1) + Y.sum(axis=1) - deducted
    wages = x - Z.sum(axis=0)
    columns = [*Z.T, *Y.T, *([Z.sum(axis=1) + Y.sum(axis=1), IMPORTS] if imports else []), x]
    heads = [*SECTORS, "Household consumption", "Exports", *(["Total use", imports] if imports else []), "Output"]
    if subtotal:
        columns.insert(2, Z[:, :2].sum(axis=1))
        heads.insert(2, "Farms and boats")
    body = np.column_stack(columns)
    lines: Rows = [["", *heads], *([name, *values.tolist()] for name, values in zip(SECTORS, body, strict=True))]
    if subtotal:
        lines.insert(3, ["Farms and boats", *body[:2].sum(axis=0).tolist()])
    empty = [""] * (len(heads) - 4 - subtotal)
    for name, values in (("Wages", wages), ("Output", x)):
        inner = values.tolist()
        lines.append([name, *inner[:2], *([sum(inner[:2])] if subtotal else []), *inner[2:], *empty])
    return lines


def written_as(lines: Rows, cell: Callable[[float], str], mark: str = ";") -> str:
    return "\n".join(mark.join(v if isinstance(v, str) else cell(v) for v in line) for line in lines) + "\n"


def german(value: float) -> str:
    return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def assert_is_the_table(io: IOTable, deducted: np.ndarray | float = 0.0) -> None:
    assert tuple(io.sectors["name"]) == SECTORS
    assert np.allclose(io.Z, Z)
    assert np.allclose(io.Y.sum(axis=1), Y.sum(axis=1) - deducted)
    assert np.allclose(io.x, Z.sum(axis=1) + Y.sum(axis=1) - deducted)


@pytest.mark.parametrize(
    "cell",
    [
        lambda v: f"€ {german(v)}",
        lambda v: f"R$ {german(v)}",
        lambda v: f"{german(v)} EUR",
        lambda v: f"CHF {v:,.2f}".replace(",", "'"),
        lambda v: f"${v:,.2f}",
    ],
    ids=["euro", "real", "behind", "francs", "dollar"],
)
def test_amounts_with_their_currency(tmp_path: Path, cell: Callable[[float], str]) -> None:
    assert_is_the_table(read_table(written(tmp_path, "t.csv", written_as(rows(), cell))))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("($1,234.5)", -1234.5),
        ("-$5", -5),
        ("$-5", -5),
        ("US$ 12.5", 12.5),
        ("5 CZK", 5),
        ("EUR28", None),
        ("50%", None),
    ],
)
def test_a_currency_is_no_part_of_a_number_and_a_code_is_no_currency(text: str, value: float | None) -> None:
    assert number(text, Dialect(decimal=".", thousands=",")) == value


def test_long_amounts_with_their_currency(tmp_path: Path) -> None:
    text = 'supplier,buyer,amount\nA,B,"$1,250.50"\nA,C,($310.25)\nD,B,"9,000 USD"\n'
    links = read(written(tmp_path, "links.csv", text.replace("($310.25)", "$310.25").replace("9,000 USD", "$9,000")))
    assert links.links is not None
    assert links.links.frame["weight"].tolist() == [1250.5, 310.25, 9000]


def test_amounts_in_several_currencies_are_not_added_up(tmp_path: Path) -> None:
    text = "supplier,buyer,amount\nA,B,$12.5\nA,C,€ 10.5\nD,B,$9.5\n"
    with pytest.raises(NetclusterError, match="several currencies"):
        read(written(tmp_path, "links.csv", text))


@pytest.mark.parametrize("cell", [german, lambda v: f"{v:,.2f}", lambda v: f"€ {german(v)}"])
def test_numbers_stored_as_text_in_a_workbook(tmp_path: Path, cell: Callable[[float], str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    # Codes with a point stand beside the names: they say nothing on how amounts are written.
    for code, line in zip(["", "1.1", "1.2", "2.1", "3.1", "", ""], rows(), strict=True):
        sheet.append([code, *(v if isinstance(v, str) else cell(v) for v in line)])
    book.save(tmp_path / "t.xlsx")
    assert_is_the_table(read_table(tmp_path / "t.xlsx"))


def test_a_sector_that_sums_up_its_neighbours_is_none(tmp_path: Path) -> None:
    io = read_table(written(tmp_path, "t.csv", written_as(rows(subtotal=True), german)))
    assert_is_the_table(io)
    assert any("Farms and boats" in note.text for note in io.changes)


def test_sums_of_neighbours_are_found_where_parts_are_rounded(tmp_path: Path) -> None:
    # To whole millions 10.5 + 5 and 20 + 60 round apart from their sum.
    lines = rows(subtotal=True)
    lines = [line[:1] + [round(v * 3.3) if isinstance(v, float) else v for v in line[1:]] for line in lines]
    io = read_table(written(tmp_path, "t.csv", written_as(lines, lambda v: f"{v:.0f}")))
    assert io.ids == SECTORS


@pytest.mark.parametrize("name", ["Importe", "Importação", "Imported goods", "Goods brought in"])
def test_what_is_deducted_behind_total_use(tmp_path: Path, name: str) -> None:
    # Total use closes without it, output only with minus it.
    io = read_table(written(tmp_path, "t.csv", written_as(rows(imports=name), german)))
    assert_is_the_table(io, IMPORTS)


def test_sections_i_and_j_are_no_ends_of_links(tmp_path: Path) -> None:
    letters = "ABCDEFGHIJKL"
    head = ";;" + ";".join(letters) + ";;\n;;" + ";".join(f"Branch {c}" for c in letters) + ";Exports;Output\n"
    body = "".join(f"{c};Branch {c};" + "1;" * 12 + "8;20\n" for c in letters)
    text = head + body + ";Wages;" + "8;" * 12 + ";\n;Output;" + "20;" * 12 + ";\n"
    bundle = read(written(tmp_path, "t.csv", text))
    assert bundle.links is None
    assert bundle.table().ids == tuple(letters)


def test_two_totals_of_one_name(tmp_path: Path) -> None:
    lines = rows()
    lines[0][5:5] = ["Sub-total"]
    lines[0][8:8] = ["Sub-total"]
    for line in lines[1:5]:
        line[5:5] = [sum(v for v in line[1:5] if isinstance(v, float))]
        line[8:8] = [sum(v for v in line[6:8] if isinstance(v, float))]
    for line in lines[5:]:
        line += ["", ""]
    lines.insert(5, ["Sub-total", *Z.sum(axis=0).tolist(), *[""] * 5])
    assert_is_the_table(read_table(written(tmp_path, "t.csv", written_as(lines, german))))


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        ("unit,nace_r2,geo,OBS_VALUE", "THS_PER"),
        ("UNIT_MULT,industry,region,employment", "3"),
        ("indicator,classif1,ref_area,obs_value", "Employment by economic activity (thousands)"),
    ],
)
def test_jobs_in_thousands_as_a_column_beside_them_says(tmp_path: Path, head: str, unit: str) -> None:
    rows = "".join(f"{unit},{i},{r},{v}\n" for i, r, v in (("A", "N", 1), ("F", "N", 2), ("A", "S", 3), ("F", "S", 4)))
    jobs = read(written(tmp_path, "jobs.csv", f"{head}\n{rows}")).employment
    assert jobs is not None
    assert jobs.unit == "thousand persons"
    assert jobs.frame["employment"].tolist() == [1, 2, 3, 4]


def test_a_count_of_1000_is_no_unit(tmp_path: Path) -> None:
    text = "region,industry,employment,sample\nN,A,1,1000\nN,F,2,1000\nS,A,3,1000\nS,F,4,1000\n"
    jobs = read(written(tmp_path, "jobs.csv", text)).employment
    assert jobs is not None
    assert jobs.unit == "persons"


PAID = {
    ("Alpha", "Office A"): 1250.5,
    ("Beta", "Office A"): 310.25,
    ("Beta", "Office B"): 9000,
    ("Gamma", "Office B"): 5,
}


def weights(path: Path, **options: str) -> dict[tuple[str, str], float]:
    links = read(path, ReadOptions(**options)).links  # type: ignore[arg-type]
    assert links is not None
    return dict(zip(zip(links.frame["source"], links.frame["target"], strict=True), links.frame["weight"], strict=True))


@pytest.mark.parametrize("column", ["Total", "Insgesamt", "Tous les offices"])
def test_totals_of_payments_are_no_office_and_no_supplier(tmp_path: Path, column: str) -> None:
    text = f"""Fournisseur;Catégorie;Office A;Office B;{column}
Alpha;IT;1 250,50;;1 250,50
Beta;Alim;310,25;9 000,00;9 310,25
Gamma;IT;;5,00;5,00
Total;;1 560,75;9 005,00;10 565,75
"""
    assert weights(written(tmp_path, "paid.csv", text)) == PAID


def test_two_offices_that_pay_alike_are_no_totals_of_each_other(tmp_path: Path) -> None:
    text = "supplier,category,North,South\nA,x,5,5\nB,x,6,6\nC,x,7,7\n"
    assert sum(weights(written(tmp_path, "paid.csv", text)).values()) == 36


def test_a_matrix_of_firms_with_totals_and_rows_in_another_order(tmp_path: Path) -> None:
    text = ",F1,F2,F3,Total\nF2,2,0,0,2\nF1,0,5,1,6\nF3,0,3,0,3\nTotal,2,8,1,11\n"
    found = weights(written(tmp_path, "firms.csv", text), kind="adjacency")
    assert found == {("F1", "F2"): 5, ("F1", "F3"): 1, ("F2", "F1"): 2, ("F3", "F2"): 3}


def test_links_of_years_side_by_side_keep_their_weights(tmp_path: Path) -> None:
    text = "supplier,customer,2018,2019\nA,B,1,2\nA,C,3,4\n"
    assert weights(written(tmp_path, "links.csv", text)) == {("A", "B"): 2, ("A", "C"): 4}


def test_numbers_that_no_weight_was_seen_in_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "links.csv", "customer_id,supplier_id,pct_revenue\n10,20,0.5\n11,20,0.25\n")
    links = read(path).links
    assert links is not None
    assert "pct_revenue" in links.changes[0].text
    assert weights(path, columns={"weight": "pct_revenue"}) == {("20", "10"): 0.5, ("20", "11"): 0.25}  # type: ignore[arg-type]


def test_invoices_of_public_bodies(tmp_path: Path) -> None:
    text = """Organisation Name,Directorate,Date,Supplier Name,Amount exc vat £
Leeds,Adults,2019-01-02,ACME,"£1,250.50"
Leeds,City,2019-01-03,ACME,"(£100.00)"
Leeds,City,2019-01-03,BETA,£50.25
"""
    links = read(written(tmp_path, "spend.csv", text)).links
    assert links is not None
    assert links.frame.groupby(["source", "target"])["weight"].sum().tolist() == [1150.5, 50.25]
