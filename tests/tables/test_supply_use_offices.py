"""Supply and use in one workbook, in the words of several offices; made up, closed by construction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from netcluster.tables.read import read

CODES, INDUSTRIES = ("A", "B", "C", "D", "E"), ("A", "B", "C", "D")


@dataclass(frozen=True)
class Words:
    """Titles of both tables, then the heads right of the industries, then the rows under the products."""

    supply: str
    use: str
    supplied: tuple[str, str, str, str, str]
    used: tuple[str, str, str, str, str]
    rows: tuple[str, str, str, str]


OFFICES = {
    "german": Words(
        "Aufkommenstabelle 2019",
        "Verwendungstabelle 2019",
        ("Produktionswert zusammen", "Importe", "Handelsspannen", "Gütersteuern", "Gesamtes Aufkommen"),
        ("Zusammen", "Konsumausgaben privater Haushalte", "Bruttoanlageinvestitionen", "Exporte", "Gesamte Verwendung"),
        ("Vorleistungen", "Arbeitnehmerentgelt", "Betriebsüberschuss", "Produktionswert"),
    ),
    "spanish": Words(
        "Tabla de origen 2019",
        "Tabla de destino 2019",
        ("Total producción", "Importaciones", "Márgenes comerciales", "Impuestos sobre los productos", "Total oferta"),
        ("Total demanda intermedia", "Consumo de los hogares", "Formación bruta de capital", "Exportaciones", "Total"),
        ("Total consumo intermedio", "Remuneración de los asalariados", "Excedente de explotación", "Producción total"),
    ),
    "french": Words(
        "Tableau des ressources 2019",
        "Tableau des emplois 2019",
        ("Total production", "Importations", "Marges commerciales", "Impôts sur les produits", "Total des ressources"),
        ("Total", "Consommation finale des ménages", "FBCF", "Exportations", "Total des emplois"),
        ("Total", "Rémunération des salariés", "Excédent brut d'exploitation", "Production"),
    ),
    "european codes": Words(
        "cp15",
        "cp16",
        ("TOTAL", "P7", "OTTM", "D21X31", "TS_PP"),
        ("TOTAL", "P3_S14", "P51G", "P6", "TU"),
        ("TOTAL", "D1", "B2A3G", "P1"),
    ),
}


def _book(path: Path, words: Words) -> tuple[np.ndarray, np.ndarray]:
    """Write both tables, and return what industries make and what they use."""
    rng = np.random.default_rng(3)
    made = np.vstack([np.diag(rng.integers(300, 500, 4)), rng.integers(5, 30, (1, 4))])
    used, imports = rng.integers(1, 20, (5, 4)), rng.integers(5, 40, 5)
    margins, taxes = np.array([20, -20, 0, 0, 0]), rng.integers(1, 9, 5)
    total = made.sum(axis=1) + imports + margins + taxes
    rest = total - used.sum(axis=1)
    demand = np.column_stack([rest // 3, rest // 4, rest - rest // 3 - rest // 4])
    wages = (made.sum(axis=0) - used.sum(axis=0)) // 2
    surplus = made.sum(axis=0) - used.sum(axis=0) - wages
    supply = np.column_stack([made, made.sum(axis=1), imports, margins, taxes, total])
    use = np.column_stack([used, used.sum(axis=1), demand, total])
    below = [used.sum(axis=0), wages, surplus, made.sum(axis=0)]
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Contents"])
    for title, heads, values in ((words.supply, words.supplied, supply), (words.use, words.used, use)):
        sheet = book.create_sheet(title)
        sheet.append([title])
        sheet.append(["", *INDUSTRIES, *heads])
        for code, row in zip(CODES, values.tolist(), strict=True):
            sheet.append([code, *row])
    for name, row in zip(words.rows, below, strict=True):
        sheet.append([name, *row.tolist()])
    book.save(path)
    return made, used


@pytest.mark.parametrize("office", OFFICES)
def test_supply_and_use_in_one_workbook(office: str, tmp_path: Path) -> None:
    made, used = _book(tmp_path / "sut.xlsx", OFFICES[office])
    table = read(tmp_path / "sut.xlsx").supply_use
    assert table is not None
    assert np.array_equal(table.supply, made)
    assert np.array_equal(table.use, used)
    assert np.allclose(table.use.sum(axis=1) + table.Y.sum(axis=1), made.sum(axis=1))
    assert np.allclose(table.use.sum(axis=0) + table.V.sum(axis=0), made.sum(axis=0))
    assert len(table.V) == 2
