"""Payments in a wide table: suppliers in rows, a column for each office or firm that pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
from netcluster.tables.links import LinkTable
from netcluster.tables.long.cells import Array, read_labels, read_numbers
from netcluster.tables.long.years import choose_year
from netcluster.tables.nested import is_total

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.long.source import Part, Source


def read_payments(
    source: Source, columns: Mapping[str, str], buyers: Sequence[str], *, year: int | None = None
) -> tuple[LinkTable, FirmTable]:
    """Return who supplies whom (layer supply, supplier → office) and the suppliers and offices themselves.

    Every column from the first of `buyers` on is an office. Offices are institutions of role government,
    suppliers firms, whose industry is the category they are paid most for. Empty cells are no payment;
    corrections below zero stay, for `build` to net or set aside.
    """
    import pandas as pd

    notes: list[Note] = []
    first = source.parts[0].column(buyers[0])
    pieces = [_piece(source, part, columns, first, notes) for part in source.parts]
    rows = pd.concat(pieces, ignore_index=True)
    rows, chosen = choose_year(rows, year, source.name, notes)
    if rows.empty:
        raise NetclusterError(f"{source.name} holds no payments.", "Name the suppliers with --columns supplier=….")
    negative = int((rows["weight"] < 0).sum())
    if negative:
        text = f"{negative:,} payments are negative (corrections); they are kept."
        notes.append(Note("negative_values", text, negative))
    rows = rows.assign(source=_unique_names(rows), layer="supply")
    text = "Columns of amounts were taken as offices that pay: institutions, government. Rows were taken as suppliers."
    notes.append(Note("payments", text, int(rows["target"].nunique())))
    links = rows[["source", "target", "weight", "layer"]].reset_index(drop=True)
    name = source.name
    return (
        LinkTable(links, year=chosen, source=name, changes=tuple(notes)),
        FirmTable(_firms(rows), year=chosen, source=name),
    )


def _piece(source: Source, part: Part, columns: Mapping[str, str], first: int, notes: list[Note]) -> pd.DataFrame:
    """Return the payments of one file, a row each, in the order of its rows."""
    offices = list(part.header[first:])
    amounts = read_numbers(source, part, first)
    frame: pd.DataFrame = read_labels(source, part, dict(columns)).to_pandas()
    if "year" not in frame and part.year is not None:
        frame["year"] = part.year
    nameless = (frame["supplier"].fillna("") == "").to_numpy()
    if nameless.any():
        count = int(nameless.sum())
        text = f"{count:,} rows of {part.name} name no supplier; they are left out."
        notes.append(Note("nameless_rows", text, count))
    amounts = np.where(nameless[:, None], 0.0, np.nan_to_num(amounts))
    _without_totals(amounts, frame["supplier"].fillna("").tolist(), offices, part.name, notes)
    i, j = np.nonzero(amounts)
    keys = [name for name in ("supplier", "supplier_id", "category", "year") if name in frame]
    paid = frame[keys].iloc[i].reset_index(drop=True)
    return paid.assign(target=np.array(offices, dtype=object)[j], weight=amounts[i, j])


def _without_totals(
    amounts: Array, suppliers: Sequence[str], offices: Sequence[str], what: str, notes: list[Note]
) -> None:
    """Set rows and columns of totals to zero: what all others make up, or what is named so and holds no less."""
    for names, block, kind in ((offices, amounts.T, "columns"), (suppliers, amounts, "rows")):
        whole, count = block.sum(axis=0), np.count_nonzero(block.any(axis=1))
        found = [
            k
            for k, name in enumerate(names)
            if block[k].any() and _sums_up(block[k], whole - block[k], int(count), named=is_total(name))
        ]
        if found:
            shown = ", ".join(names[k] for k in found[:4])
            notes.append(Note("totals_left_out", f"Totals among the {kind} of {what}, left out: {shown}.", len(found)))
            block[found] = 0.0


def _sums_up(mine: Array, others: Array, count: int, *, named: bool) -> bool:
    """Whether amounts are those of all others together; of what is named a total the others may be a part."""
    if named:
        return bool(count > 1 and (mine >= others - 0.01).all())
    return bool(
        count > 2 and np.count_nonzero(mine) > 2 and (np.abs(mine - others) <= 0.005 + 1e-9 * np.abs(mine)).all()
    )


def _unique_names(rows: pd.DataFrame) -> pd.Series:
    """Return suppliers' names, with the id behind names that two ids share."""
    if "supplier_id" not in rows:
        return rows["supplier"]
    ids = rows.groupby("supplier")["supplier_id"].nunique()
    shared = rows["supplier"].isin(ids[ids > 1].index)
    return rows["supplier"].where(~shared, rows["supplier"] + " (" + rows["supplier_id"].fillna("") + ")")


def _firms(rows: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    suppliers = pd.DataFrame({"id": rows["source"].drop_duplicates().tolist()})
    suppliers = suppliers.assign(kind="firm", role="supplier")
    if "category" in rows:
        paid = rows.groupby(["source", "category"])["weight"].sum().reset_index()
        most = paid.sort_values(["source", "weight", "category"], ascending=[True, False, True], kind="stable")
        suppliers["industry"] = suppliers["id"].map(most.drop_duplicates("source").set_index("source")["category"])
    if "supplier_id" in rows:
        numbers = rows.drop_duplicates("source").set_index("source")["supplier_id"]
        suppliers["supplier_id"] = suppliers["id"].map(numbers)
    own = set(suppliers["id"])
    offices = pd.DataFrame({"id": [name for name in rows["target"].drop_duplicates() if name not in own]})
    frame = pd.concat([suppliers, offices.assign(kind="institution", role="government")], ignore_index=True)
    texts = ("industry", "region", "label", *(["supplier_id"] if "supplier_id" in rows else []))
    for column in (*FIRM_COLUMNS, *texts):
        if column not in frame:
            frame[column] = "" if column in texts else float("nan")
    frame[list(texts)] = frame[list(texts)].fillna("")
    return frame[[*FIRM_COLUMNS, *texts[2:]]]
