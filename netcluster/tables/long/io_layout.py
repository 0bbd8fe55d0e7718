"""Which columns of a long file are the seller, the buyer and the amount of an input–output table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from netcluster.tables.cells import MISSING, looks_numeric
from netcluster.tables.codes import head_of, meaning, numbered, plain, stripped

#: Heads of the columns that hold the seller (a row of the table) and the buyer (a column).
ROW_HEADS = (
    *(
        "prod_na",
        "t_rows2",
        "t_rows",
        "com",
        "row",
        "prd_ava",
        "ind_ava",
        "row_code",
        "rowcode",
        "from",
        "product",
        "seller",
    ),
    *("commodity", "rowind", "row_item", "row_sector", "fila", "rowid", "cpa", "rowii", "rowpp"),
)
COLUMN_HEADS = (
    *(
        "induse",
        "ind_use",
        "t_cols2",
        "t_cols",
        "ind",
        "col",
        "column",
        "prd_use",
        "col_code",
        "colcode",
        "to",
        "buyer",
    ),
    *("industry", "colind", "col_item", "col_sector", "columna", "colid", "use", "colii", "colpp"),
)
VALUE_HEADS = (
    "value",
    "values",
    "obs_value",
    "obsvalue",
    "amount",
    "valor",
    "wert",
    "arvo",
    "data",
    "flow",
    "observation",
)


@dataclass(frozen=True)
class LongLayout:
    """Which columns of a long table hold what; `wide` marks cells named R1C1 across the header."""

    row: str = ""
    column: str = ""
    value: str = ""
    wide: bool = False
    sheet: str = ""
    others: tuple[str, ...] = field(default=())


def recognise(header: Sequence[str], rows: Sequence[Sequence[str]]) -> LongLayout | None:
    """Return the layout of a long input–output table, or None where the sample is of none.

    Two columns of labels share their names, and some of the rest are codes of final demand, primary inputs
    or totals; links between firms have no such codes.
    """
    if sum(bool(CELL.fullmatch(name.strip())) for name in header) >= 4:
        return LongLayout(wide=True, row=header[0])
    if not 3 <= len(header) <= 40 or len(rows) < 4:
        return None
    if {"source", "target"} <= {plain(name) for name in header}:
        return None  # a list of links says so by its header
    columns = {name: [row[k].strip() for row in rows if len(row) > k] for k, name in enumerate(header)}
    value = _value_column(columns)
    if value is None:
        return None
    texts = {name: set(cells) - {""} for name, cells in columns.items() if _is_text(cells) and name != value}
    found = _sides(texts)
    if found is None:
        return None
    row, column = found
    rest = tuple(name for name in header if name not in (row, column, value))
    return LongLayout(row, column, value, others=rest)


CELL = re.compile(r"R(\d+)C(\d+)", re.IGNORECASE)


#: Heads of the columns that hold industries, and products, of a make or use table.
INDUSTRIES = (
    *("industry", "industrycode", "industry code", "ind", "industries", "activity"),
    *("ind_impv", "induse", "ind_use", "ind_ava", "colpi", "rowip"),
)
PRODUCTS = (
    *("commodity", "commoditycode", "commodity code", "com", "product", "prod", "cpa"),
    *("prod_na", "prd_ava", "prd_use", "rowpi", "colip"),
)


def recognise_make(header: Sequence[str], rows: Sequence[Sequence[str]]) -> LongLayout | None:
    """Return the layout of a long make or use table (industry, commodity, amount), or None where it is none."""
    if not 3 <= len(header) <= 12 or len(rows) < 4:
        return None
    columns = {name: [row[k].strip() for row in rows if len(row) > k] for k, name in enumerate(header)}
    industry = next((name for name in header if plain(name) in INDUSTRIES), None)
    product = next((name for name in header if plain(name) in PRODUCTS), None)
    numeric = [name for name, cells in columns.items() if _is_numeric(cells) and not head_of(name)]
    values = [name for name in numeric if name not in (industry, product)]
    if industry is None or product is None or not values:
        return None
    sides = sorted((industry, product), key=list(header).index)
    rest = tuple(name for name in header if name not in (*sides, values[0]))
    return LongLayout(sides[0], sides[1], values[0], others=rest)


def refuse_half(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Raise where a file is a long make or use table by itself."""
    from netcluster.tables.halves import HalfPairError

    layout = recognise_make(header, rows)
    if layout is not None:
        make = plain(layout.row).startswith("ind")
        here, other = ("make", "use") if make else ("supply or use", "other")
        raise HalfPairError(
            f"{path.name} is a {here} table ({layout.row}, {layout.column}, {layout.value}); half a pair by itself.",
            f"Give the {other} table with it: netcluster analyze make.csv use.csv -o out.",
        )


def _value_column(columns: Mapping[str, Sequence[str]]) -> str | None:
    numeric = [name for name, cells in columns.items() if _is_numeric(cells)]
    for name, cells in columns.items():
        if plain(name) in VALUE_HEADS and _is_numeric(cells, 0.5):
            return name
    rest = [name for name in numeric if not head_of(name) and len(set(columns[name])) > 3]
    return rest[-1] if len(rest) == 1 else None


def _is_numeric(cells: Sequence[str], share: float = 0.95) -> bool:
    filled = [cell for cell in cells if cell not in MISSING]
    return bool(filled) and sum(map(looks_numeric, filled)) > share * len(filled)


def _is_text(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(not looks_numeric(cell) for cell in filled) > 0.2 * len(filled)


def _sides(texts: Mapping[str, set[str]]) -> tuple[str, str] | None:
    best: tuple[int, str, str] | None = None
    for row, sellers in texts.items():
        for column, buyers in texts.items():
            if row == column:
                continue
            score = _score(row, sellers, column, buyers)
            if score and (best is None or score > best[0]):
                best = (score, row, column)
    return (best[1], best[2]) if best else None


def _score(row: str, sellers: set[str], column: str, buyers: set[str]) -> int:
    """Return how sure it is that two columns are sellers and buyers of a table by sector; 0 where they are not."""
    # OECD's rows are TTL_01T02 and its columns D01T02.
    key = max((stripped, numbered), key=lambda of: len({of(s) for s in sellers} & {of(b) for b in buyers}))
    rows, columns = {key(s) for s in sellers}, {key(b) for b in buyers}
    shared = len(rows & columns)
    inputs = sum(_has_role("row", s, ("input", "output", "account")) for s in sellers if key(s) not in columns)
    demand = sum(_has_role("column", b, ("demand", "output")) for b in buyers if key(b) not in rows)
    heads = 20 * (plain(row) in ROW_HEADS) + 20 * (plain(column) in COLUMN_HEADS)
    if shared < 1 or inputs + demand < 2:
        return 0
    if (shared < 2 and not heads) or (len(sellers) == 1 and plain(row) not in ROW_HEADS) or len(buyers) == 1:
        return 0  # a column that says the same all over (freq: A) is no side of a table
    codes = 5 * all(" " not in label for label in [*sellers, *buyers])
    return inputs + demand + heads + codes + min(shared, 10)


def _has_role(side: str, label: str, roles: tuple[str, ...]) -> bool:
    found = meaning(side, (label,))
    return found is not None and found.role in roles
