"""What a reader is told and what it found of a file's dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError

if TYPE_CHECKING:
    from netcluster.tables.iotable import Origin
    from netcluster.tables.supplyuse import Model


#: Separators that are hard to type, by name.
_SPELLED = ("tab", "\\t", "space")


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True)
class ReadOptions:
    """What the user says about an input; everything left out is found in the file, or asked for.

    Attributes
    ----------
    year : int or None
        The year to read; None takes the latest and says so.
    kind : str
        What the file holds, where that can't be told: see `netcluster.tables.read.KINDS`.
    sheet, decimal, encoding, delimiter : str
        The workbook's sheet; the decimal mark; the encoding; the separator.
    columns : mapping
        Our name of a column to the file's (`{"importer": "REPORTER"}`).
    origin : {"domestic", "total", "imports"}
        Whose goods, where a table splits them.
    final_demand, value_added : tuple of str
        Labels of the final-demand columns and the primary-input rows, where they can't be told.
    level : str
        The level of a nested classification, "" for the finest without gaps.
    sut_model : {"A", "B", "C", "D"}
        How a supply–use pair is made symmetric.
    labels : Path or None
        A file code,name,region that names the sectors of a table without labels.
    satellite : Path or None
        A file node,account,value,unit of satellite accounts.
    """

    year: int | None = None
    kind: str = ""
    sheet: str = ""
    decimal: str = ""
    encoding: str = ""
    delimiter: str = ""
    columns: Mapping[str, str] = field(default_factory=_nothing)
    origin: Origin = "domestic"
    final_demand: tuple[str, ...] = ()
    value_added: tuple[str, ...] = ()
    level: str = ""
    sut_model: Model = "D"
    labels: Path | None = None
    satellite: Path | None = None

    def __post_init__(self) -> None:
        """Raise where a mark can't be one."""
        if self.decimal not in ("", ".", ","):
            raise NetclusterError(
                f"The decimal mark {self.decimal[:20]!r} is neither a point nor a comma.", "Give one."
            )
        long = len(self.delimiter) > 1 and self.delimiter not in _SPELLED
        if long or self.delimiter in ('"', "\n", "\r"):
            raise NetclusterError(
                f"Columns can't be parted by {self.delimiter[:20]!r}.", "Give one character, or tab or space."
            )


@dataclass(frozen=True)
class Dialect:
    """How a text file is written, as found (or told).

    `skip` counts the title lines before the header, `header_rows` the rows of column labels, `footer` the
    lines after the table; `missing` holds the marks that stand for a missing value, `zero` those for zero.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    quote: str = '"'
    skip: int = 0
    header_rows: int = 1
    footer: int = 0
    missing: tuple[str, ...] = ("", "NA", "n.a.", ":", ".", "..", "...")
    zero: tuple[str, ...] = ("-",)
