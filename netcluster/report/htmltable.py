"""A table as the page shows it: the columns people ask for, digits they can read, the exact value behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netcluster.core.measures import Measure, all_measures
from netcluster.report.names import brief
from netcluster.report.numbers import EMPTY, column_texts, is_number, share

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.report.view import Table

#: Rows that go into the page; the rest is in the CSV beside it.
MOST_ROWS = 200
#: Words no longer than this are not wrapped.
BRIEF = 14
#: Columns of a table that has no choice of its own below.
MOST_COLUMNS = 12
#: What is shown of the large tables; everything is in the CSV.
CHOSEN = {
    key: tuple(columns.split())
    for key, columns in {
        "sectors": "region sector name output output_multiplier backward_linkage forward_linkage key_sector"
        " value_added_multiplier jobs extraction_loss upstreamness",
        "clusters": "cluster cluster_name node label stability core attachment",
        "cluster_scorecard": "cluster cluster_name members output output_share internal_share stability z significant"
        " top_members",
        "centrality": "node label strength_in strength_out pagerank pagerank_upstream betweenness",
        "cascade": "firm label esri esri_downstream esri_upstream firms_hit iterations sales_share",
        "dominance": "group firms largest cr1 cr4 hhi gini granularity size_share",
        "suggestions": "firm institution role gain gain_size group reason",
        "suppliers": "buyer input suppliers largest_share largest bridge substitutes input_share buyer_share",
        "institutions": "node label role reach reach_two groups_reached sole_reach_two pieces group",
        "brokers": "node label brokerage coordinator gatekeeper representative consultant liaison constraint"
        " participation",
        "dependence": "node label side hhi largest_share largest_partner total_hhi own_share intensity",
    }.items()
}
#: Columns of codes that are shown with their names.
CODES = frozenset({"group", "input", "buyer", "largest", "industry", "firm", "institution"})
CHOSEN["region_dependence"] = CHOSEN["cluster_dependence"] = CHOSEN["dependence"]


@dataclass(frozen=True)
class Column:
    """A column's heading, the tip that explains it, and how its cells stand: n numbers, brief words, or text."""

    key: str
    name: str
    unit: str
    tip: str
    style: str

    @property
    def numeric(self) -> bool:
        """Whether it holds numbers."""
        return self.style == "n"


@dataclass(frozen=True)
class HtmlTable:
    """A table ready for the page; a cell is its text and, where digits were cut, its exact value."""

    key: str
    title: str
    file: str
    total: int
    columns: Sequence[Column]
    rows: Sequence[Sequence[tuple[str, str]]]
    hidden: Sequence[str]
    said: str = ""

    @property
    def shown(self) -> int:
        """The rows in the page."""
        return len(self.rows)


#: What the rows of a table too long for the page are chosen by.
WEIGHTS = {
    "sectors": "output",
    "centrality": "pagerank",
    "clusters": "stability",
    "dependence": "output_share",
    "region_dependence": "output_share",
    "cascade": "esri",
    "suppliers": "amount",
    "trade": "imports",
    "regions": "location_quotient",
    "complexity": "value",
}
#: Tables whose rows come by the least of a column before that.
FEWEST = {"suppliers": "suppliers"}


def of_table(table: Table, names: Mapping[str, str]) -> HtmlTable:
    """Return a run's table for the page; `names` are what the ids in its columns of partners are called."""
    key = table.file.removesuffix(".csv")
    frame = table.frame
    wanted = [column for column in CHOSEN.get(key, ()) if column in frame] or _first_columns(frame)
    if "label" in wanted and (frame["label"] == frame[frame.columns[0]]).all():
        wanted.remove("label")
    wanted = [column for column in wanted if not _one_value(frame, column)]
    hidden = [str(column) for column in frame.columns if column not in wanted]
    shown, said = _largest(frame, WEIGHTS.get(key, ""), FEWEST.get(key, ""))
    shown = shown[wanted].copy()
    for column in wanted:
        if column.endswith("_partner") or (column in CODES and "label" not in wanted):
            shown[column] = [_named(str(code), names) for code in shown[column]]
        elif column == "measure":
            shown[column] = [heading(str(one)) for one in shown[column]]
        elif column == "top_members":
            shown[column] = [
                "; ".join(brief(names.get(one, one)) for one in str(cell).split("; ")) for cell in shown[column]
            ]
    made = of_frame(shown, key, table.title, table.file, hidden=hidden)
    return replace(made, total=len(frame), said=said)


def _first_columns(frame: pd.DataFrame) -> list[str]:
    """Return a table's first columns, its label beside what it names."""
    columns = [str(column) for column in frame.columns if column != "label"]
    if "label" in frame:
        columns.insert(1, "label")
    return columns[:MOST_COLUMNS]


def of_frame(frame: pd.DataFrame, key: str, title: str, file: str = "", *, hidden: Sequence[str] = ()) -> HtmlTable:
    """Return any rows for the page, the first `MOST_ROWS` of them."""
    measures = all_measures()
    shown = frame.head(MOST_ROWS)
    columns = [_column(str(name), frame.iloc[:, place], measures) for place, name in enumerate(frame.columns)]
    cells = [_cells(shown.iloc[:, place], column) for place, column in enumerate(columns)]
    return HtmlTable(key, title, file, len(frame), columns, list(zip(*cells, strict=True)), hidden)


def heading(column: str) -> str:
    """Return a column's name for people.

    >>> heading("largest_share"), heading("cluster_name")
    ('Largest share', 'Cluster name')
    """
    known = all_measures().get(column)
    if known:
        return known.name
    return column if " " in column or column[:1].isupper() else column.replace("_", " ").capitalize()


def _column(name: str, values: pd.Series, measures: dict[str, Measure]) -> Column:
    known = measures.get(name)
    if known is None:
        return Column(name, heading(name), "", "", _style(values))
    unit = "%" if _per_cent(name, values) else known.unit
    tip = f"{known.meaning} {known.formula}. {known.source}".strip()
    return Column(name, known.name, unit, tip, _style(values))


def _style(values: pd.Series) -> str:
    if is_number(values):
        return "n"
    return "brief" if all(len(str(value)) <= BRIEF for value in values.head(MOST_ROWS)) else ""


def _per_cent(name: str, values: pd.Series) -> bool:
    known = all_measures().get(name)
    return bool(known and known.unit.startswith("share, 0 to 1") and is_number(values))


def _cells(values: pd.Series, column: Column) -> list[tuple[str, str]]:
    if not column.numeric:
        return [(text, "") for text in column_texts(values)]
    numbers = values.astype("float64").tolist()
    texts = [share(value).removesuffix(" %") for value in numbers] if column.unit == "%" else column_texts(values)
    exact = [EMPTY if value != value else f"{value:.7g}" for value in numbers]
    return [(text, "" if raw in (EMPTY, text) else raw) for text, raw in zip(texts, exact, strict=True)]


def _largest(frame: pd.DataFrame, weight: str, fewest: str = "") -> tuple[pd.DataFrame, str]:
    """Return the rows that go into the page, the largest where not all do, and what they were chosen by.

    Where `fewest` names a column, the smallest of that come first.
    """
    if len(frame) <= MOST_ROWS or weight not in frame or not is_number(frame[weight]):
        return frame.head(MOST_ROWS), ""
    if fewest and fewest in frame:
        ranked = frame.sort_values([fewest, weight], ascending=[True, False], kind="stable", na_position="last")
        return ranked.head(MOST_ROWS), f"those with the fewest {fewest} first, then the largest {weight}"
    ranked = frame.sort_values(weight, ascending=False, kind="stable", na_position="last")
    return ranked.head(MOST_ROWS), f"the largest by {heading(weight).lower()}"


def _named(code: str, names: Mapping[str, str]) -> str:
    name = names.get(code, "")
    return f"{name} ({code})" if name and name != code else code


def _one_value(frame: pd.DataFrame, column: str) -> bool:
    """Return whether a column says nothing: one region all through, or no value at all."""
    if column == "region":
        return bool(frame["region"].nunique() <= 1)
    return bool(is_number(frame[column]) and frame[column].isna().all())
