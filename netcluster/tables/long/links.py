"""Edge lists: who supplies, belongs to, works with or pays whom, one row a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.cells import looks_numeric
from netcluster.tables.links import LAYERS, LinkTable
from netcluster.tables.long.headers import normal, unit_of
from netcluster.tables.long.plain import read_judged, words_in
from netcluster.tables.long.sample import sample
from netcluster.tables.long.years import choose_year

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.long.source import Source

#: Words met in columns of layers, and in names of columns, for each layer.
WORDS: Mapping[str, tuple[str, ...]] = {
    "supply": ("supply", "supplies", "supplier", "sells", "sales", "delivery", "trade", "purchase", "customer", "buys"),
    "membership": ("membership", "member", "member_of", "belongs_to", "cluster_member", "association"),
    "project": ("project", "joint_project", "collaboration", "cooperation", "partner", "r_d", "consortium"),
    "patent": ("patent", "co_patent", "copatent", "patents", "citation"),
    "labour": ("labour", "labor", "mobility", "jobs", "worker_flow", "labour_mobility", "hires"),
    "finance": ("finance", "loan", "credit", "lends", "lender", "borrower", "payment", "investment", "bank"),
    "ownership": ("ownership", "owner", "owns", "shareholder", "subsidiary", "parent"),
    "colocation": ("colocation", "co_location", "plant", "storage_location", "site", "same_plant", "group_code"),
}
#: Layers where a link has no direction.
_BOTH_WAYS = {"node1", "node_1", "node_a", "firm_1", "company_1", "u"}


def read_links(source: Source, columns: Mapping[str, str], *, year: int | None = None) -> LinkTable:
    """Return the links of files with the columns source and target and perhaps weight, layer and year.

    Rows without a source or target, or whose weight is missing or no number, are left out and counted;
    negative weights stay, for `build` to set aside. Without a column of layers the links are supply, unless
    the names of the columns say otherwise.
    """
    wanted = {name: columns[name] for name in ("source", "target", "weight", "layer", "year") if name in columns}
    notes: list[Note] = []
    frame = read_judged(source, wanted, [name for name in ("weight",) if name in wanted])
    frame, chosen = choose_year(frame, year, source.name, notes)
    frame = _weights(frame, source, columns, notes)
    nameless = (frame["source"].fillna("") == "") | (frame["target"].fillna("") == "")
    if nameless.any():
        notes.append(
            Note("nameless_rows", f"{int(nameless.sum()):,} rows name no source or target.", int(nameless.sum()))
        )
        frame = frame[~nameless]
    if frame.empty:
        raise NetclusterError(f"{source.name} holds no links.", "Check that this is the right file.")
    frame = frame.assign(layer=_layers(frame, columns, source, notes))
    links = frame[["source", "target", "weight", "layer"]].reset_index(drop=True)
    unit = unit_of(columns.get("weight", ""))
    return LinkTable(links, unit=unit, year=chosen, source=source.name, changes=tuple(notes))


def _weights(frame: pd.DataFrame, source: Source, columns: Mapping[str, str], notes: list[Note]) -> pd.DataFrame:
    if "weight" not in frame:
        header = source.parts[0].header if len(source.parts) == 1 else ()
        rest = [name for name in header if name and header.count(name) == 1 and name not in columns.values()]
        cells = sample(source, {name: name for name in rest})
        numbers = [name for name, column in cells.items() if column and all(map(looks_numeric, column))]
        passed = f" Numbers passed over: {', '.join(numbers)}; --columns weight=… takes one." if numbers else ""
        notes.append(Note("weight_one", f"The list gives no weights; every link weighs 1.{passed}"))
        return frame.assign(weight=1.0)
    absent = frame["weight"].isna()
    hint = "Name the columns with --columns source=…,target=…,weight=…."
    words = words_in(frame, "weight", source.name, "weights", hint)
    for code, rows, text in (
        ("not_numbers", words, "weights are no numbers"),
        ("missing_values", absent & ~words, "links have no weight"),
    ):
        if rows.any():
            example = f" (such as {frame.loc[rows, 'weight_text'].iloc[0]!r})" if code == "not_numbers" else ""
            count = int(rows.sum())
            notes.append(Note(code, f"{count:,} {text}{example}; they are left out.", count))
    return frame[~absent]


#: What a column of types says in the edge lists of drawing tools: a direction, no layer.
_DIRECTIONS = frozenset({"directed", "undirected"})


def _layers(frame: pd.DataFrame, columns: Mapping[str, str], source: Source, notes: list[Note]) -> pd.Series | str:
    if "layer" in columns and not set(frame["layer"].dropna().map(lambda text: normal(str(text)))) <= _DIRECTIONS:
        return _named_layers(frame["layer"], source)
    names = {normal(name) for part in source.parts for name in part.header}
    for layer, words in WORDS.items():
        found = sorted(names & set(words))
        if layer != "supply" and found:
            notes.append(Note("layer", f"The links are taken as {layer}, by the column {found[0]!r}."))
            return layer
    if {normal(columns["source"])} & _BOTH_WAYS:
        notes.append(Note("layer", "The links are taken as supply from the first column to the second."))
    return "supply"


def _named_layers(column: pd.Series, source: Source) -> pd.Series:
    known = {word: layer for layer, words in WORDS.items() for word in words}
    found = {text: known.get(normal(str(text)), "") for text in column.fillna("").unique()}
    unknown = sorted(text for text, layer in found.items() if not layer)
    if unknown:
        raise NetclusterError(
            f"{source.name}: there is no layer {unknown[0]!r}.", f"Layers are {', '.join(LAYERS)}; rename yours."
        )
    return column.map(found)
