"""Lists of firms and institutions, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.duck import arrow
from netcluster.tables.firms import FIRM_COLUMNS, INSTITUTION_ROLES, ROLES, FirmTable
from netcluster.tables.long.headers import normal
from netcluster.tables.long.years import choose_year

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.long.source import Source

_NUMBERS = ("size", "revenue", "costs", "lat", "lon")
_TEXTS = ("id", "kind", "role", "industry", "region", "label")
#: Words met for each role, as `normal` writes them.
WORDS: Mapping[str, tuple[str, ...]] = {
    "supplier": ("supplier", "vendor", "lieferant", "fournisseur", "proveedor"),
    "manufacturer": ("manufacturer", "manufacturing", "producer", "maker", "oem", "hersteller", "fabricant"),
    "service_provider": ("service_provider", "service", "services", "consultant", "dienstleister", "logistics"),
    "university": ("university", "hes", "higher_education", "college", "hochschule", "universitaet", "universite"),
    "research": ("research", "rec", "research_institute", "research_organisation", "institute", "lab", "laboratory"),
    "association": ("association", "cluster_organisation", "chamber", "chamber_of_commerce", "verband", "ngo", "oth"),
    "government": ("government", "public", "pub", "public_body", "agency", "authority", "ministry", "office"),
    "bank": ("bank", "finance", "financial_institution", "insurance", "venture_capital", "investor"),
}


def read_firms(source: Source, columns: Mapping[str, str], *, year: int | None = None) -> FirmTable:
    """Return the firms and institutions of files with a column of ids and whatever else they say.

    Roles are brought to the words of `ROLES`; a kind that is not given follows from the role. Rows twice
    the same are one; columns not known are kept under their own names. Raises NetclusterError where an id
    is missing in more than the odd row, or stands twice with different content.
    """
    wanted = {("industry" if ours == "firm_industry" else ours): theirs for ours, theirs in columns.items()}
    extras = {name: name for name in _extras(source, wanted)}
    named = {**wanted, **{f"extra_{i}": name for i, name in enumerate(extras)}}
    connection = source.store()
    try:
        numbers = [name for name in _NUMBERS if name in wanted]
        frame: pd.DataFrame = arrow(connection, source.scan(named, numbers, raw=True), source.name).to_pandas()
    finally:
        connection.close()
    notes: list[Note] = []
    frame = frame.rename(columns={f"extra_{i}": name for i, name in enumerate(extras)})
    frame, chosen = choose_year(frame, year, source.name, notes)
    _count_words(frame, numbers, notes)
    frame = _one_row_each(frame, list(extras), notes, source.name)
    for column in (*FIRM_COLUMNS, "label"):
        if column not in frame:
            frame[column] = "" if column in _TEXTS else float("nan")
    frame[list(_TEXTS)] = frame[list(_TEXTS)].fillna("")
    frame["role"] = _roles(frame["role"], notes)
    frame["kind"] = _kinds(frame)
    order = [*FIRM_COLUMNS, "label", *extras]
    return FirmTable(frame[order].reset_index(drop=True), year=chosen, source=source.name, changes=tuple(notes))


def _extras(source: Source, wanted: Mapping[str, str]) -> list[str]:
    taken = {*wanted.values(), *FIRM_COLUMNS, "label", "year"}
    header = source.parts[0].header
    return [name for name in dict.fromkeys(header) if name and name not in taken and header.count(name) == 1]


def _count_words(frame: pd.DataFrame, numbers: list[str], notes: list[Note]) -> None:
    for name in numbers:
        text = frame.get(f"{name}_text")
        if text is None:
            continue
        unread = text[frame[name].isna() & text.notna()]
        words = int((unread.astype(str).str.strip() != "").sum())
        if words:
            notes.append(Note("not_numbers", f"{words:,} cells of {name} are no numbers; they are left empty.", words))


def _one_row_each(frame: pd.DataFrame, extras: list[str], notes: list[Note], what: str) -> pd.DataFrame:
    frame = frame.drop(columns=[name for name in frame if str(name).endswith("_text") and name not in extras])
    nameless = frame["id"].isna() | (frame["id"] == "")
    if nameless.any():
        count = int(nameless.sum())
        notes.append(Note("nameless_rows", f"{count:,} rows name no firm; they are left out.", count))
        frame = frame[~nameless]
    if frame.empty:
        raise NetclusterError(f"{what} lists no firms.", "Name the column of ids with --columns id=….")
    # To compare whole rows takes long, and ids that differ tell as much.
    if not frame["id"].is_unique and (same := frame.duplicated()).any():
        notes.append(Note("same_rows", f"{int(same.sum()):,} rows stand twice and count once.", int(same.sum())))
        frame = frame[~same]
    return frame.copy()


def _roles(column: pd.Series, notes: list[Note]) -> pd.Series:
    known = {word: role for role, words in WORDS.items() for word in (role, *words)}
    found = {text: known.get(normal(str(text)), "") for text in column.unique()}
    unknown = sorted(text for text, role in found.items() if text and not role)
    if unknown:
        count = int(column.isin(unknown).sum())
        listed = ", ".join(map(repr, unknown[:5]))
        text = f"{count:,} rows have a role not known ({listed}); it is left empty. Roles: {', '.join(ROLES)}."
        notes.append(Note("unknown_roles", text, count))
    return column.map(found)


def _kinds(frame: pd.DataFrame) -> pd.Series:
    told = frame["kind"].map({text: normal(str(text)) for text in frame["kind"].unique()})
    institution = told.isin(["institution", *INSTITUTION_ROLES]) | (
        ~told.isin(["firm", "company"]) & frame["role"].isin(INSTITUTION_ROLES)
    )
    return institution.map({True: "institution", False: "firm"})
