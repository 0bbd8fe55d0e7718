"""National tables as statistical offices lay them out: made up, balanced, in the offices' own heads and languages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from netcluster.tables.codes import Meaning, meaning
from netcluster.tables.read import read_table
from tests.io_texts import written


@dataclass(frozen=True)
class Layout:
    """How an office writes a table: titles, heads, the labels of rows and columns, and the decimal mark."""

    titles: tuple[str, ...]
    corner: str
    sectors: tuple[tuple[str, str], ...]
    demand: tuple[str, str, str, str]
    middle: str
    output_column: str
    rows: tuple[str, str, str, str, str, str, str]
    unit: str
    code_rows: tuple[str, ...] = ("",) * 7


OFFICES = {
    "united kingdom": Layout(
        ("Table 4: Domestic use at basic prices, product by product, 2019", "£ million"),
        "CPA code|Product",
        (
            ("CPA_A01", "Products of agriculture"),
            ("CPA_B05", "Coal and lignite"),
            ("CPA_C101", "Preserved meat"),
            ("CPA_F41, F42 & F43", "Construction"),
        ),
        ("Households", "General government", "Gross fixed capital formation", "Exports of goods and services"),
        "Total intermediate demand",
        "Total demand for products",
        (
            "Total domestic consumption",
            "Use of imported products, cif",
            "Taxes less subsidies on products",
            "Compensation of employees",
            "Gross operating surplus and mixed income",
            "Gross value added",
            "Output at basic prices",
        ),
        "million GBP",
    ),
    "australia": Layout(
        ("TABLE 5. INDUSTRY BY INDUSTRY FLOW TABLE (DIRECT ALLOCATION OF IMPORTS) 2019", "A$ million"),
        "FROM INDUSTRY|USE",
        (("0101", "Sheep"), ("0201", "Aquaculture"), ("1101", "Meat"), ("3001", "Residential Building")),
        (
            "Households Final Consumption Expenditure",
            "General Government Final Consumption Expenditure",
            "Private Gross Fixed Capital Formation",
            "Exports of Goods and Services",
        ),
        "Industry Uses",
        "Total Supply",
        (
            "Total Intermediate Use",
            "Imports (Competing)",
            "Taxes less subsidies on products",
            "Compensation of employees",
            "Gross operating surplus & mixed income",
            "Total value added",
            "Australian Production",
        ),
        "million AUD",
        # P1 is output to Eurostat, wages to the Australian office: the names decide.
        ("T1", "P6", "P3", "P1", "P2", "", "T2"),
    ),
    "mexico": Layout(
        ("INEGI. Matriz de Insumo Producto 2019", "Matriz doméstica. Millones de pesos a precios básicos"),
        "Código|Descripción",
        (("11", "Agricultura"), ("21", "Minería"), ("31-33", "Industrias manufactureras"), ("43", "Comercio")),
        ("Consumo privado", "Consumo de gobierno", "Formación bruta de capital fijo", "Exportaciones"),
        "Demanda intermedia",
        "Utilización total",
        (
            "Total de usos de origen nacional",
            "Importaciones",
            "Impuestos sobre los bienes y servicios netos de subsidios",
            "Remuneraciones de los asalariados",
            "Excedente bruto de operación",
            "Valor agregado bruto",
            "Valor de la producción",
        ),
        "million MXN",
    ),
    "germany": Layout(
        ("Input-Output-Tabelle 2019 zu Herstellungspreisen - Inländische Produktion", "Mill. EUR"),
        "|Aufkommen / Verwendung",
        (("01", "Landwirtschaft"), ("05", "Kohle"), ("08", "Steine und Erden"), ("41-43", "Bauarbeiten")),
        ("Konsumausgaben privater Haushalte", "Konsumausgaben des Staates", "Anlageinvestitionen", "Exporte"),
        "Vorleistungen",
        "Gesamte Verwendung",
        (
            "Vorleistungen der Produktionsbereiche",
            "Importe",
            "Gütersteuern abzüglich Gütersubventionen",
            "Arbeitnehmerentgelt im Inland",
            "Nettobetriebsüberschuss",
            "Bruttowertschöpfung zu Herstellungspreisen",
            "Produktionswert",
        ),
        "million EUR",
    ),
    "france": Layout(
        ("Tableau entrées-sorties symétrique 2019", "en millions d'euros"),
        "Code|Produits",
        (("AZ", "Agriculture"), ("BE", "Énergie"), ("FZ", "Construction"), ("GI", "Services marchands")),
        ("Consommation finale des ménages", "Consommation finale des APU", "FBCF", "Exportations"),
        "Total",
        "Total des emplois",
        (
            "Total",
            "Importations",
            "Impôts moins subventions sur les produits",
            "Rémunération des salariés",
            "Excédent brut d'exploitation",
            "Valeur ajoutée brute",
            "Production",
        ),
        "million EUR",
    ),
    "italy": Layout(
        ("Tavola simmetrica dei flussi interni ai prezzi base, anno 2019", "milioni di euro"),
        "|Branche",
        (("A", "Agricoltura"), ("B-E", "Industria"), ("F", "Costruzioni"), ("G-U", "Servizi")),
        (
            "Spesa per consumi finali delle famiglie",
            "Spesa per consumi finali delle AP",
            "Investimenti fissi lordi",
            "Esportazioni",
        ),
        "Totale impieghi intermedi",
        "Totale impieghi",
        (
            "Totale costi intermedi interni",
            "Importazioni cif",
            "Imposte nette sui prodotti",
            "Redditi da lavoro dipendente",
            "Risultato lordo di gestione",
            "Valore aggiunto ai prezzi base",
            "Produzione ai prezzi base",
        ),
        "million EUR",
    ),
    "netherlands": Layout(
        ("Input-outputtabel 2019, lopende prijzen", "mln euro"),
        "|Bedrijfstakken",
        (
            ("A", "Landbouw"),
            ("B", "Delfstoffenwinning"),
            ("10-12", "Voedingsmiddelenindustrie"),
            ("13-15", "Textielindustrie"),
        ),
        ("Consumptie huishoudens", "Consumptie overheid", "Investeringen in vaste activa", "Uitvoer"),
        "Totaal intermediair verbruik",
        "Totaal",
        (
            "Totaal binnenlandse productie",
            "Invoer",
            "Productgebonden belastingen min subsidies",
            "Beloning van werknemers",
            "Exploitatieoverschot",
            "Bruto toegevoegde waarde",
            "Productie basisprijzen",
        ),
        "million EUR",
    ),
    "spain": Layout(
        ("Tabla simétrica interior a precios básicos 2019", "millones de euros"),
        "|Productos",
        (
            ("1", "Productos agrícolas"),
            ("2", "Producción de carne"),
            ("3", "Producción y distribución de energía"),
            ("4", "Construcción"),
        ),
        (
            "Gasto en consumo final de los hogares",
            "Gasto en consumo final de las AAPP",
            "Formación bruta de capital",
            "Exportaciones",
        ),
        "Total demanda intermedia",
        "Total empleos",
        (
            "Total a precios básicos",
            "Importaciones",
            "Impuestos netos sobre los productos",
            "Remuneración de los asalariados",
            "Excedente de explotación bruto / Renta mixta bruta",
            "Valor añadido bruto",
            "Producción a precios básicos",
        ),
        "million EUR",
    ),
    "portugal": Layout(
        ("Matriz simétrica da produção nacional a preços de base 2019", "milhões de euros"),
        "|Produtos",
        (("A01", "Produtos da agricultura"), ("A02", "Silvicultura"), ("A03", "Pesca"), ("B05", "Carvão")),
        (
            "Consumo final das famílias",
            "Consumo final das administrações públicas",
            "Formação bruta de capital fixo",
            "Exportações",
        ),
        "Total da procura intermédia",
        "Total de empregos",
        (
            "Total do consumo intermédio nacional",
            "Importações",
            "Impostos líquidos de subsídios aos produtos",
            "Remunerações dos empregados",
            "Excedente bruto de exploração",
            "Valor acrescentado bruto",
            "Produção a preços de base",
        ),
        "million EUR",
    ),
    "korea": Layout(
        ("투입산출표(기초가격) 2019", "단위: million won"),
        "|부문명칭",
        (("01", "농림수산품"), ("02", "광산품"), ("03", "음식료품"), ("04", "섬유 및 가죽제품")),
        ("민간소비지출", "정부소비지출", "민간고정자본형성", "수출"),
        "중간수요계",
        "총산출액",
        ("중간투입계", "수입", "순생산물세", "피용자보수", "영업잉여", "부가가치계", "총투입계"),
        "million KRW",
    ),
    "denmark": Layout(
        ("Input-output tabel 2019", "million dkk"),
        "|Brancher",
        (("01000", "Landbrug"), ("02000", "Skovbrug"), ("03000", "Fiskeri"), ("06090", "Råstofindvinding")),
        ("Husholdningernes forbrug", "Offentligt forbrug", "Faste bruttoinvesteringer", "Eksport"),
        "I alt",
        "Endelig anvendelse i alt",
        (
            "I alt",
            "Import",
            "Produktskatter, netto",
            "Aflønning af ansatte",
            "Overskud af produktion og blandet indkomst",
            "Bruttoværditilvækst",
            "Produktion",
        ),
        "million DKK",
    ),
    "indonesia": Layout(
        ("Tabel input-output 2019", "million rupiah"),
        "|Lapangan usaha",
        (("A", "Pertanian"), ("B", "Pertambangan"), ("C", "Industri pengolahan"), ("D", "Listrik dan gas")),
        (
            "Pengeluaran konsumsi rumah tangga",
            "Pengeluaran konsumsi pemerintah",
            "Pembentukan modal tetap bruto",
            "Ekspor barang",
        ),
        "Jumlah permintaan antara",
        "Jumlah permintaan",
        (
            "Jumlah input antara",
            "Impor",
            "Pajak dikurang subsidi atas produk",
            "Kompensasi tenaga kerja",
            "Surplus usaha bruto",
            "Nilai tambah bruto",
            "Jumlah input",
        ),
        "million IDR",
    ),
}


def table(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return flows, final demand, and rows: imports, taxes, wages, surplus; they close the columns."""
    rng = np.random.default_rng(seed)
    Z, Y = rng.integers(10, 500, (4, 4)) / 10, rng.integers(300, 900, (4, 4)) / 10
    x = Z.sum(axis=1) + Y.sum(axis=1)
    imports, taxes = rng.integers(10, 40, 4) / 10, rng.integers(1, 30, 4) / 10
    rest = x - Z.sum(axis=0) - imports - taxes
    wages = np.round(rest * 0.6, 1)
    return Z, Y, np.vstack([imports, taxes, wages, rest - wages])


def text(office: Layout, decimal: str) -> str:
    Z, Y, V = table()
    x = Z.sum(axis=1) + Y.sum(axis=1)
    names = [name for _, name in office.sectors]
    codes = [code for code, _ in office.sectors]
    mark = ";" if decimal == "," else "\t"

    def line(first: str, second: str, values: list[float | str]) -> str:
        cells = [f"{v:.1f}".replace(".", decimal) if not isinstance(v, str) else v for v in values]
        return mark.join([first, second, *cells])

    heads = [office.middle, *office.demand, office.output_column]
    corner = office.corner.split("|")
    lines = [*office.titles, line("", "", [*names, *heads]), line(corner[0], corner[1], [*codes, *[""] * 6])]
    for k, (code, name) in enumerate(office.sectors):
        lines.append(line(code, name, [*Z[k], Z[k].sum(), *Y[k], x[k]]))
    rows = [Z.sum(axis=0), *V, V[2:].sum(axis=0), x]
    for code, name, values in zip(office.code_rows, office.rows, rows, strict=True):
        lines.append(line(code, name, [*values, *[""] * 6]))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("name", OFFICES)
def test_an_offices_table(tmp_path: Path, name: str, decimal: str) -> None:
    Z, Y, V = table()
    io = read_table(written(tmp_path, "table.csv", text(OFFICES[name], decimal)))
    assert np.allclose(io.Z, Z)
    assert np.allclose(io.Y, Y)
    assert np.allclose(np.sort(io.V, axis=0), np.sort(V, axis=0))
    assert np.allclose(io.x, Z.sum(axis=1) + Y.sum(axis=1))
    assert (io.year, io.unit) == (2019, OFFICES[name].unit)


SECTORS = ("Producción agrícola", "Production animale", "Produção de carne", "Production and supply of gas")
OUTPUTS = ("Producción precio básico", "Production totale", "Produção a preços de base", "Gross output", "Produktion")


@pytest.mark.parametrize("name", SECTORS)
def test_what_a_branch_produces_is_no_total(name: str) -> None:
    assert meaning("row", (name,)) is None
    assert meaning("column", (name,)) is None


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_in_other_languages(name: str) -> None:
    assert meaning("row", (name,)) == meaning("column", (name,)) == Meaning("output")
