"""Who could sell to whom, and how much: firms' sales and purchases by industry, from a table and firms' sizes.

A firm sells the share of its industry's intermediate sales, and buys the share of its industry's intermediate
purchases, that it has in the industry's size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.firms import FirmTable
    from netcluster.tables.iotable import IOTable

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Economy:
    """n firms of a table of k industries.

    Attributes
    ----------
    nodes : pandas.DataFrame
        n rows as a network has them, with industry_node, revenue and costs in the table's unit.
    industry : (n,) int array
        The row of the table; −1 for an institution of no industry, which neither sells nor buys.
    sell, buy : (n,) arrays
        The firm's share of its industry's sales to, and purchases from, other firms; each adds up to 1 an industry.
    cells : (k, k) array
        What industries with firms sell to each other, in the table's unit.
    notes : tuple of Note
        What was dropped, cut off or assumed.
    """

    nodes: pd.DataFrame
    industry: Integers
    sell: Array
    buy: Array
    cells: Array
    ids: tuple[str, ...]
    unit: str
    notes: tuple[Note, ...]

    @property
    def n(self) -> int:
        """The number of firms and institutions."""
        return len(self.industry)

    @property
    def active(self) -> int:
        """The number of those that have an industry."""
        return int(np.count_nonzero(self.industry >= 0))

    @property
    def sales(self) -> Array:
        """What each firm sells to other firms, (n,)."""
        return np.asarray(self.sell * self.cells.sum(axis=1)[self.industry] * (self.industry >= 0))

    @property
    def purchases(self) -> Array:
        """What each firm buys from other firms, (n,)."""
        return np.asarray(self.buy * self.cells.sum(axis=0)[self.industry] * (self.industry >= 0))


def economy(io: IOTable, firms: FirmTable) -> Economy:
    """Return firms' sales and purchases as a table and their sizes give them.

    Sales go by revenue and purchases by costs where each firm tells them, else by size.

    Raises
    ------
    NetclusterError
        Where no firm has an industry of the table, or the industries with firms trade nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
    >>> from netcluster.tables.iotable import IOTable
    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> frame = pd.DataFrame({"id": ["a", "b", "c"], "industry": ["farms", "farms", "factories"], "size": [3, 1, 5]})
    >>> made = economy(io, FirmTable(frame.reindex(columns=FIRM_COLUMNS)))
    >>> made.sales
    array([487.5, 162.5, 300. ])
    """
    from netcluster.network.build import build
    from netcluster.tables.firms import FirmTable

    frame = firms.frame.reset_index(drop=True)
    codes = _industries(frame, io)
    idle = (codes < 0) & frame["kind"].eq("institution").to_numpy() & _blank(frame["industry"])
    keep = (codes >= 0) | idle
    notes = _dropped(frame, keep, codes, io)
    frame, codes, idle = frame[keep].reset_index(drop=True), codes[keep], idle[keep]
    if idle.any():
        text = "Institutions without an industry are nodes that neither sell nor buy."
        notes.append(Note("institution_without_industry", text, int(idle.sum())))
    sell, buy, more = _shares(frame, codes, io.n)
    cells, cut = _cells(io, codes, sell, buy)
    nodes = build(FirmTable(frame)).nodes.copy()
    nodes["industry_node"] = np.where(codes >= 0, np.array(io.ids, dtype=object)[codes], "")
    inputs = io.Z.sum(axis=0) + io.V[(io.inputs["kind"] == "imports").to_numpy()].sum(axis=0)
    nodes["revenue"] = np.where(codes >= 0, sell * io.x[codes], np.nan)
    nodes["costs"] = np.where(codes >= 0, buy * inputs[codes], np.nan)
    return Economy(nodes, codes, sell, buy, cells, io.ids, io.unit, (*notes, *more, *cut))


def _industries(frame: pd.DataFrame, io: IOTable) -> Integers:
    """Return each firm's row of the table: its own region's industry first, then the industry's code alone."""
    import pandas as pd

    place = {name: row for row, name in enumerate(io.ids)}
    # Each distinct code is looked up once, not each firm's.
    industry, industries = pd.factorize(frame["industry"])
    region, regions = pd.factorize(frame["region"])
    pairs, members = np.unique((region + 1) * (len(industries) + 1) + industry + 1, return_inverse=True)
    found = []
    for pair in pairs.tolist():
        where, what = divmod(pair, len(industries) + 1)
        code = str(industries[what - 1]).strip() if what else ""
        joined = f"{regions[where - 1]}:{code}" if where else code
        found.append(place.get(joined, place.get(code, -1)))
    return np.array(found, dtype=np.int64)[members]


def _blank(column: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    return np.asarray(_text(column).eq(""))


def _text(column: pd.Series[Any]) -> pd.Series[str]:
    return column.astype("object").where(column.notna(), "").astype("str").str.strip()


def _dropped(frame: pd.DataFrame, keep: npt.NDArray[np.bool_], codes: Integers, io: IOTable) -> list[Note]:
    lost = _text(frame.loc[~keep, "industry"]).replace("", "no industry")
    counts = lost.value_counts(sort=True)
    listed = ", ".join(f"{name} ({count:,})" for name, count in counts.head(5).items())
    if not (codes >= 0).any():
        raise NetclusterError(
            f"No firm has an industry of the table: the firms have {listed},"
            f" the table {', '.join(io.ids[:5])}{' …' if io.n > 5 else ''}.",
            "Bring the codes together: relabel the table with --labels, or give the firms the table's codes.",
        )
    if not len(lost):
        return []
    more = f" and {len(counts) - 5} more industries" if len(counts) > 5 else ""
    text = f"{len(lost):,} firms were dropped, of industries the table does not have: {listed}{more}."
    return [Note("industry_not_in_table", text, len(lost))]


def _shares(frame: pd.DataFrame, codes: Integers, k: int) -> tuple[Array, Array, list[Note]]:
    size, notes = _sizes(frame, codes)
    shares = []
    for column in ("revenue", "costs"):
        given = frame[column].to_numpy(dtype=np.float64)
        known = bool((np.isfinite(given) & (given >= 0))[codes >= 0].all())
        weight = np.where(codes >= 0, given if known else size, 0.0)
        whole = np.bincount(codes[codes >= 0], weight[codes >= 0], k)
        base = whole[codes]
        shares.append(np.divide(weight, base, out=np.zeros_like(weight), where=(base > 0) & (codes >= 0)))
        if known:
            what = "sales" if column == "revenue" else "purchases"
            text = f"Firms' {what} go by their {column}, scaled to their industry's in the table, not by size."
            notes.append(Note(f"by_{column}", text))
    return shares[0], shares[1], notes


def _sizes(frame: pd.DataFrame, codes: Integers) -> tuple[Array, list[Note]]:
    """Return sizes; a missing or negative one is the median of its industry, else of all."""
    size = frame["size"].fillna(frame["revenue"]).astype("float64")
    size = size.where(np.isfinite(size) & (size >= 0))
    lost = int((size.isna() & (codes >= 0)).sum())
    notes = []
    if lost:
        size = size.fillna(size.groupby(codes).transform("median")).fillna(size.median()).fillna(1.0)
        notes.append(
            Note("size_missing", f"{lost:,} firms tell no size and are taken to have their industry's median.", lost)
        )
    if zero := int(((size == 0) & (codes >= 0)).sum()):
        notes.append(Note("size_zero", f"{zero:,} firms of size 0 get no links.", zero))
    return np.asarray(size.to_numpy(dtype=np.float64)), notes


def _cells(io: IOTable, codes: Integers, sell: Array, buy: Array) -> tuple[Array, list[Note]]:
    """Return the flows between industries that have firms, and notes on what is left out."""
    inside = codes >= 0
    sells, buys = (np.bincount(codes[inside], part[inside], io.n) > 0 for part in (sell, buy))
    positive = np.maximum(io.Z, 0.0)
    cells = positive * sells[:, None] * buys[None, :]
    notes = []
    if negative := int(np.count_nonzero(io.Z < 0)):
        notes.append(Note("negative_cells", f"{negative:,} negative cells of the table count as 0.", negative))
    if not cells.sum():
        raise NetclusterError(
            "The industries that have firms sell nothing to each other in this table.",
            "Give firms of more industries, or another --origin.",
        )
    lost = 1 - cells.sum() / positive.sum()
    if lost > 1e-12:
        missing = [name for name, here in zip(io.ids, sells | buys, strict=True) if not here]
        few = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        text = f"{len(missing):,} industries have no firm ({few}): {lost:.1%} of the table's flows stay outside."
        notes.append(Note("industries_without_firms", text, len(missing)))
    return cells, notes


def codes_of(names: pd.Series[Any], ids: Sequence[str] | pd.Series[str]) -> Integers:
    """Return the place of each name in ids, which differ; −1 where it is not there."""
    import pandas as pd

    return np.asarray(pd.Index(pd.Series(ids, dtype="str")).get_indexer(pd.Index(names).astype("str")), dtype=np.int64)
