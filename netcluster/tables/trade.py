"""Trade tables: a handle on files that need not fit in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd

#: The columns a trade table answers for; importer, year and quantity where the files have them.
TRADE_COLUMNS = ("year", "exporter", "importer", "product", "value", "quantity")


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class TradeTable:
    """Trade flows in files, summed by DuckDB when asked, never loaded whole.

    Attributes
    ----------
    query : str
        A DuckDB SELECT over the files that yields `columns`, with the decisions applied as WHERE clauses
        (one of several mirror flows, no World totals, no re-exports counted twice).
    columns : tuple of str
        Which of `TRADE_COLUMNS` the query yields.
    years : tuple of int
        The years in the files, ascending; empty where they don't say.
    names : mapping
        Country or product code to its name, where a file gives it.
    unit, quantity_unit, source, changes
        "thousand USD"; "tonnes"; who published it; what was decided or dropped, counted.
    connect : callable
        Gives a DuckDB connection on which `query` runs.
    sums : pyarrow.Table or None
        Exact sums over products made while reading (year, exporter, importer, value), so that a network of
        countries needs no second look at the files.
    """

    query: str
    columns: tuple[str, ...]
    connect: Callable[[], object]
    years: tuple[int, ...] = ()
    names: Mapping[str, str] = field(default_factory=_nothing)
    unit: str = ""
    quantity_unit: str = ""
    source: str = ""
    changes: tuple[Note, ...] = ()
    sums: object = None

    @property
    def bilateral(self) -> bool:
        """Whether the table says who imports; without, it is exporter by product only."""
        return "importer" in self.columns

    def frame(
        self,
        by: Sequence[str] = (),
        where: Mapping[str, Sequence[str | int]] | None = None,
        *,
        quantity: bool = False,
    ) -> pd.DataFrame:
        """Return value (and quantity, where asked) summed by some columns, those in order, sorted by them.

        `where` keeps rows whose column is one of the given values. The sums are exact to the last digit
        and the same on any number of threads.
        """
        from netcluster.tables.trade_query import summed

        return summed(self, tuple(by), where or {}, quantity=quantity)

    def named(
        self,
        by: Sequence[str],
        where: Mapping[str, Sequence[str | int]] | None = None,
        *,
        quantity: bool = False,
    ) -> tuple[pd.DataFrame, list[Note]]:
        """Return `frame` without the rows that name no product, and a note on those."""
        frame = self.frame(by, where, quantity=quantity)
        if "product" not in frame or not (blank := frame["product"].isna() | (frame["product"] == "")).any():
            return frame, []
        share = float(frame.loc[blank, "value"].sum() / frame["value"].sum())
        text = f"Flows that name no product, {share:.2%} of value, are left out."
        return frame[~blank].reset_index(drop=True), [Note("no_product", text, int(blank.sum()))]
